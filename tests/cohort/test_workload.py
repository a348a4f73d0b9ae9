"""Too much within two days: what is told, and the days around it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort.assignments import Assignment, Kind
from cohort.policy import WorkloadPolicy
from cohort.workload import crowds

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 7, 6, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
POLICY = WorkloadPolicy(hours_in_two_days=10, things_in_two_days=2)


def work(number: int, hours: float | None = None) -> Assignment:
    made = Assignment(f"asg_{number}", f"hw{number}", f"Homework {number}", Kind.WRITTEN, MONDAY + 30 * DAY)
    return replace(made, estimated_hours=hours)


@pytest.mark.parametrize(
    ("dues", "found"),
    [
        pytest.param([(0, 5.0), (1, 5.0)], [], id="as much as is allowed"),
        pytest.param([(0, 5.0), (1, 5.5)], [6], id="too many hours"),
        pytest.param([(0, None), (0, None), (1, None)], [6], id="too many things"),
        pytest.param([(0, None), (1, None), (2, None)], [], id="over three days"),
        pytest.param([(0, 11.0)], [6], id="one thing alone"),
        pytest.param([(0, 6.0), (1, 6.0), (2, 6.0), (3, 6.0)], [6, 8], id="a full week"),
    ],
)
def test_two_days_with_more_than_policy_allows(dues: list[tuple[int, float | None]], found: list[int]) -> None:
    given_dues = [(work(number, hours), MONDAY + day * DAY) for number, (day, hours) in enumerate(dues)]
    assert [crowd.first.on.day for crowd in crowds(given_dues, POLICY, LONDON)] == found


def test_the_days_are_those_of_the_reader() -> None:
    late = [(work(n), MONDAY.replace(hour=22) + n * DAY) for n in range(3)]
    assert crowds(late, POLICY, LONDON) == []
    spread = [(work(0), MONDAY), (work(1), MONDAY + DAY), (work(2), MONDAY + DAY + 11 * HOUR)]
    assert len(crowds(spread, POLICY, ZoneInfo("UTC"))) == 1
    assert crowds(spread, POLICY, LONDON) == []


def test_the_days_around_are_told_in_their_order() -> None:
    [crowd] = crowds([(work(n), MONDAY) for n in range(3)] + [(work(3), MONDAY + 2 * DAY)], POLICY, LONDON)
    days = [(load.on.day, len(load.work)) for load in crowd.around]
    assert (crowd.first.on.day, days) == (6, [(4, 0), (5, 0), (6, 3), (7, 0), (8, 1), (9, 0)])
    assert crowd.holds("asg_0")
    assert not crowd.holds("asg_3")


@given(st.lists(st.tuples(st.integers(0, 20), st.sampled_from([None, 2.0, 6.0])), max_size=20))
def test_every_day_with_too_much_is_in_what_is_told_and_none_twice(dues: list[tuple[int, float | None]]) -> None:
    given_dues = [(work(number, hours), MONDAY + day * DAY) for number, (day, hours) in enumerate(dues)]
    found = crowds(given_dues, POLICY, LONDON)
    firsts = [crowd.first.on for crowd in found]
    assert all(later - earlier > DAY for earlier, later in pairwise(firsts))
    for crowd in found:
        assert crowd.hours > 10 or len(crowd.work) > 2
    alone = {due[1].date() for due in given_dues if sum(other[1] == due[1] for other in given_dues) > 2}
    covered = {day.on for crowd in found for day in (crowd.first, crowd.second)}
    near = {on + step * DAY for on in covered for step in (-1, 0, 1)}
    assert alone <= near
