"""What reported hours make of estimates."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort.assignments import Assignment, Kind
from cohort.estimates import Estimate, corrects_from, estimates
from tests.services.nudge_world import policy

END = datetime(2026, 4, 10, tzinfo=UTC)


def work(slug: str, hours: float | None, kind: Kind = Kind.WRITTEN) -> Assignment:
    return Assignment(slug, slug, slug, kind, END, estimated_hours=hours)


SET1, SET2, CODE = work("set1", 4), work("set2", 6), work("code", 10, Kind.PROGRAMMING)
SIX = [5.0, 6.0, 7.0, 6.0, 6.0]


def corrected(reports: dict[str, list[float]], *assignments: Assignment) -> dict[str, float | None]:
    return {each.assignment.slug: each.corrected for each in estimates(assignments or (SET1, SET2, CODE), reports)}


@pytest.mark.parametrize(
    ("reports", "found"),
    [
        pytest.param({}, {"set1": None, "set2": None, "code": None}, id="no reports"),
        pytest.param({"set1": SIX[:4]}, {"set1": None, "set2": None, "code": None}, id="too few"),
        pytest.param({"set1": SIX}, {"set1": 6, "set2": 9, "code": 15}, id="one tells of all"),
        pytest.param({"set1": SIX, "code": [5.0] * 5}, {"set1": 6, "set2": 9, "code": 5}, id="its kind tells more"),
        pytest.param({"set1": [40.0] * 5}, {"set1": 40, "set2": 18, "code": 30}, id="three times at most"),
        pytest.param({"set1": [0.5] * 5}, {"set1": 0.5, "set2": 3, "code": 5}, id="half at least"),
    ],
)
def test_what_reports_make_of_estimates(reports: dict[str, list[float]], found: dict[str, float | None]) -> None:
    assert corrected(reports) == found


def test_work_without_an_estimate_takes_its_own_reports_only() -> None:
    unknown = work("essay", None)
    assert corrected({"set1": SIX}, SET1, unknown)["essay"] is None
    assert corrected({"essay": SIX}, SET1, unknown) == {"set1": None, "essay": 6}


def test_few_reports_are_shown_to_nobody() -> None:
    assert estimates([SET1], {"set1": SIX[:4]}) == [Estimate(SET1, None, 0, None)]
    assert estimates([SET1], {"set1": SIX}) == [Estimate(SET1, 6, 5, 6)]


@given(st.lists(st.floats(0.5, 60), min_size=5, max_size=40))
def test_one_odd_report_moves_nothing_beyond_the_others(reports: list[float]) -> None:
    [each] = estimates([SET1], {"set1": reports})
    assert each.corrected is not None
    assert min(reports) - 0.25 <= each.corrected <= max(reports) + 0.25


def test_reports_count_from_the_second_week_on() -> None:
    programme = policy().programme
    assert programme.starts_on == date(2026, 1, 12)
    assert corrects_from(programme) == datetime(2026, 1, 19, tzinfo=UTC)
