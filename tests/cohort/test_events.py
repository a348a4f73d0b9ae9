"""Events keep the programme's wall time over weeks, and whether one is on follows from its times alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cohort.events import EARLY, Event, EventKind, weekly

STARTS = datetime(2026, 7, 2, 17, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SECTION = Event("evt_1", "section-0702", EventKind.SECTION, "Proofs", STARTS, ENDS, STARTS - timedelta(days=7))
CANCELLED = replace(SECTION, cancelled_at=STARTS - timedelta(days=1))


@pytest.mark.parametrize(
    ("first_on", "zone", "hours"),
    [
        (date(2026, 3, 1), "America/New_York", [23, 22, 22]),
        (date(2026, 10, 18), "Europe/London", [17, 18, 18]),
        (date(2026, 10, 18), "Asia/Kolkata", [12, 12, 12]),
    ],
)
def test_weeks_in_a_row_keep_the_wall_time_across_clock_changes(first_on: date, zone: str, hours: list[int]) -> None:
    starts = weekly(first_on, time(18), 3, ZoneInfo(zone))
    assert [one.astimezone(UTC).hour for one in starts] == hours
    assert [one.astimezone(ZoneInfo(zone)).date() for one in starts] == [
        first_on + timedelta(weeks=number) for number in range(3)
    ]


@pytest.mark.parametrize(
    ("kind", "facilitator_id", "lacks"),
    [
        (EventKind.SECTION, None, True),
        (EventKind.SECTION, "mem_tara", False),
        (EventKind.TALK, None, False),
        (EventKind.SOCIAL, None, False),
        (EventKind.COWORKING, None, False),
    ],
)
def test_only_a_section_has_to_have_someone_who_leads_it(
    kind: EventKind, facilitator_id: str | None, lacks: bool
) -> None:
    assert replace(SECTION, kind=kind, facilitator_id=facilitator_id).lacks_facilitator is lacks


@pytest.mark.parametrize(
    ("at", "is_coming", "is_on"),
    [
        (STARTS - EARLY - MINUTE, True, False),
        (STARTS - EARLY, True, True),
        (ENDS - MINUTE, True, True),
        (ENDS, False, False),
    ],
)
def test_one_can_be_there_from_a_little_before_until_the_end(at: datetime, is_coming: bool, is_on: bool) -> None:
    assert (SECTION.is_coming(at), SECTION.is_on(at)) == (is_coming, is_on)
    assert (CANCELLED.is_coming(at), CANCELLED.is_on(at)) == (False, False)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "overlaps"),
    [
        (STARTS - MINUTE, STARTS, False),
        (STARTS - MINUTE, STARTS + MINUTE, True),
        (STARTS + MINUTE, ENDS - MINUTE, True),
        (ENDS, ENDS + MINUTE, False),
    ],
)
def test_what_only_touches_does_not_overlap(starts_at: datetime, ends_at: datetime, overlaps: bool) -> None:
    assert SECTION.overlaps(starts_at, ends_at) is overlaps
    assert not CANCELLED.overlaps(starts_at, ends_at)
