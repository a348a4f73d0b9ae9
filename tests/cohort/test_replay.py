"""What was known of someone at an instant, and limits counted from what was sent alone."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cohort.policy import NudgePolicy
from cohort.replay import Leavers, Limit, Standing, breaches, leavers, standings
from cohort.roster import Member, Role, Status

MONDAY = datetime(2026, 2, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
LONDON = ZoneInfo("Europe/London")
ACTIVE, PAUSED, WITHDRAWN, GRADUATED = Status.ACTIVE, Status.PAUSED, Status.WITHDRAWN, Status.GRADUATED


def ada(**more: Any) -> Member:
    return Member("mem_ada", "ada@example.org", "Ada", Role.STUDENT, "Europe/London", **more)


@pytest.mark.parametrize(
    ("member", "history", "expected"),
    [
        pytest.param(ada(), [], [(None, ACTIVE, None)], id="no history: as it stands"),
        pytest.param(
            ada(status=WITHDRAWN, left_at=MONDAY),
            [(MONDAY, WITHDRAWN)],
            [(None, ACTIVE, None), (MONDAY, WITHDRAWN, MONDAY)],
            id="imported as withdrawn with a date: active until then",
        ),
        pytest.param(
            ada(status=WITHDRAWN, left_at=MONDAY + DAY),
            [(MONDAY, WITHDRAWN)],
            [(None, ACTIVE, None), (MONDAY + DAY, WITHDRAWN, MONDAY + DAY)],
            id="a leaving date written ahead: active until the date",
        ),
        pytest.param(
            ada(status=GRADUATED, left_at=MONDAY),
            [(MONDAY + 9 * DAY, GRADUATED)],
            [(None, ACTIVE, None), (MONDAY, ACTIVE, MONDAY), (MONDAY + 9 * DAY, GRADUATED, MONDAY)],
            id="noted late: gone from the date on all the same",
        ),
        pytest.param(
            ada(status=GRADUATED, left_at=MONDAY),
            [],
            [(None, ACTIVE, None), (MONDAY, GRADUATED, MONDAY)],
            id="gone with a date and no history",
        ),
        pytest.param(ada(status=GRADUATED), [(MONDAY, GRADUATED)], [(None, GRADUATED, None)], id="gone without a date"),
        pytest.param(
            ada(),
            [(MONDAY, ACTIVE), (MONDAY + DAY, PAUSED), (MONDAY + 3 * DAY, ACTIVE)],
            [
                (None, ACTIVE, None),
                (MONDAY, ACTIVE, None),
                (MONDAY + DAY, PAUSED, None),
                (MONDAY + 3 * DAY, ACTIVE, None),
            ],
            id="paused and back",
        ),
        pytest.param(
            ada(),
            [(MONDAY, WITHDRAWN), (MONDAY + DAY, ACTIVE)],
            [(None, ACTIVE, None), (MONDAY, WITHDRAWN, None), (MONDAY + DAY, ACTIVE, None)],
            id="withdrawn and back",
        ),
        pytest.param(
            ada(status=PAUSED),
            [(MONDAY, PAUSED)],
            [(None, ACTIVE, None), (MONDAY, PAUSED, None)],
            id="imported as paused: before the import nobody knew",
        ),
    ],
)
def test_what_someone_was_is_read_as_it_was_known(
    member: Member, history: list[tuple[datetime, Status]], expected: list[tuple[datetime | None, Status, Any]]
) -> None:
    assert standings(member, history) == [Standing(*each) for each in expected]


def limits(*nudged_at: datetime, signs: tuple[datetime, ...] = ()) -> list[tuple[Limit, datetime]]:
    return breaches(nudged_at, signs, LONDON, NudgePolicy())


def test_within_every_limit_nothing_is_found() -> None:
    signs = (MONDAY + DAY, MONDAY + 3 * DAY)
    assert limits(MONDAY, MONDAY + 2 * DAY, MONDAY + 4 * DAY, MONDAY + 7 * DAY, signs=signs) == []


def test_each_limit_is_counted_by_itself() -> None:
    night = MONDAY.replace(hour=22)
    assert limits(night) == [(Limit.QUIET, night)]
    assert limits(MONDAY, MONDAY + timedelta(hours=5)) == [(Limit.DAY, MONDAY + timedelta(hours=5))]
    fourth = MONDAY + 6 * DAY
    signs = tuple(MONDAY + n * DAY for n in range(6))
    assert limits(MONDAY, MONDAY + 2 * DAY, MONDAY + 4 * DAY, fourth, signs=signs) == [(Limit.WEEK, fourth)]
    third = MONDAY + 20 * DAY
    assert limits(MONDAY, MONDAY + 10 * DAY, third) == [(Limit.SILENCE, third)]
    assert limits(MONDAY, MONDAY + 10 * DAY, third, signs=(MONDAY + 10 * DAY,)) == []


def test_those_who_left_are_told_in_quartiles() -> None:
    assert leavers([None, 1, 2, 3, None]) == Leavers(5, 2, (1.5, 2.0, 2.5))
    assert leavers([7]) == Leavers(1, 0, (7.0, 7.0, 7.0))
    assert leavers([None]) == Leavers(1, 1, None)
    assert leavers([]) == Leavers(0, 0, None)
