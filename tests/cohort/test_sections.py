"""Which weeks of sections a student has met, missed, is excused from, or can still attend."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cohort.events import Event, EventKind
from cohort.sections import Span, TakingPart, WeekMark, missed, section_weeks

NY = ZoneInfo("America/New_York")
# A Wednesday.
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
DAY, WEEK, HOUR = timedelta(days=1), timedelta(days=7), timedelta(hours=1)
THIS, LAST = date(2026, 6, 29), date(2026, 6, 22)


def section(name: str, starts_at: datetime, **changes: object) -> Event:
    event = Event(name, name, EventKind.SECTION, name, starts_at, starts_at + HOUR, NOW, announced_at=NOW)
    return replace(event, **changes)  # type: ignore[arg-type]  # one table of values of many types


LAST_TUE, LAST_THU = section("a", NOW - 8 * DAY), section("b", NOW - 6 * DAY)
TUE, THU = section("c", NOW - DAY), section("d", NOW + DAY)
EVERY = (LAST_TUE, LAST_THU, TUE, THU)


@pytest.mark.parametrize(
    ("attended", "excused", "needed", "marks"),
    [
        (set(), set(), 1, [WeekMark.MISSED, WeekMark.OPEN]),
        ({"a"}, set(), 1, [WeekMark.MET, WeekMark.OPEN]),
        ({"a", "b", "c"}, set(), 1, [WeekMark.MET, WeekMark.MET]),
        ({"a"}, set(), 2, [WeekMark.MISSED, WeekMark.MISSED]),
        ({"c"}, {LAST}, 2, [WeekMark.EXCUSED, WeekMark.OPEN]),
        (set(), {LAST, THIS}, 1, [WeekMark.EXCUSED, WeekMark.EXCUSED]),
        (set(), set(), 0, []),
        ({"a"}, set(), 5, [WeekMark.MISSED, WeekMark.MISSED]),
        ({"a", "b"}, set(), 5, [WeekMark.MET, WeekMark.MISSED]),
    ],
)
def test_weeks(attended: set[str], excused: set[date], needed: int, marks: list[WeekMark]) -> None:
    found = section_weeks(EVERY, TakingPart(attended, excused), needed, NOW, NY)
    assert [week.mark for week in found] == marks
    assert missed(found) == [week.week_on for week in found if week.mark is WeekMark.MISSED]
    assert all(week.left == ((THU,) if week.mark is WeekMark.OPEN else ()) for week in found)


@pytest.mark.parametrize(
    "events",
    [
        [replace(LAST_TUE, cancelled_at=NOW)],
        [replace(LAST_TUE, announced_at=None)],
        [replace(LAST_TUE, kind=EventKind.TALK)],
        [],
    ],
)
def test_what_was_not_on_asks_nothing(events: Sequence[Event]) -> None:
    assert section_weeks(events, TakingPart(), 1, NOW, NY) == []


@pytest.mark.parametrize(
    ("away", "joined_at", "weeks"),
    [
        ([], NOW - 3 * DAY, [THIS]),
        ([(NOW - 9 * DAY, NOW - 2 * DAY)], None, [THIS]),
        ([(NOW - 9 * DAY, NOW - 7 * DAY)], None, [LAST, THIS]),
        ([(NOW - 9 * DAY, None)], None, []),
        ([(None, NOW)], None, [THIS]),
    ],
)
def test_who_was_not_here_owes_nothing(away: Sequence[Span], joined_at: datetime | None, weeks: list[date]) -> None:
    assert [
        one.week_on for one in section_weeks(EVERY, TakingPart(away=away, joined_at=joined_at), 1, NOW, NY)
    ] == weeks


def test_weeks_are_the_programmes() -> None:
    late = section("e", datetime(2026, 6, 29, 3, tzinfo=UTC))
    assert [one.week_on for one in section_weeks([late], TakingPart(), 1, NOW, NY)] == [LAST]
    assert [one.week_on for one in section_weeks([late], TakingPart(), 1, NOW, ZoneInfo("UTC"))] == [THIS]
