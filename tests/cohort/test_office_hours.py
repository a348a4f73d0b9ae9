"""Series keep their wall time, slots fill what is not open, and no two sessions of a TA take place at once."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort.office_hours import HoursKind, Series, Session, Slot, dates_of, overlapping, session_on, slot_times

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def a_series(zone: str = "America/New_York", **changes: object) -> Series:
    values = {
        "id": "srs_1",
        "ta_id": "mem_tara",
        "weekday": 3,
        "starts": time(17),
        "zone": zone,
        "minutes": 90,
        "place": "https://meet.example.org/tara",
        "kind": HoursKind.BOOKABLE,
        "first_on": date(2026, 1, 1),
        "last_on": date(2026, 12, 31),
        "created_at": NOON,
        "slot_minutes": 25,
        "buffer_minutes": 5,
    }
    return Series(**(values | changes))  # type: ignore[arg-type]  # one table of values of many types


@pytest.mark.parametrize(
    ("zone", "on", "starts_at"),
    [
        ("America/New_York", date(2026, 3, 5), "22:00"),
        ("America/New_York", date(2026, 3, 12), "21:00"),
        ("America/New_York", date(2026, 10, 29), "21:00"),
        ("America/New_York", date(2026, 11, 5), "22:00"),
        ("Europe/London", date(2026, 3, 26), "17:00"),
        ("Europe/London", date(2026, 4, 2), "16:00"),
        ("Europe/London", date(2026, 10, 29), "17:00"),
        ("Australia/Sydney", date(2026, 4, 2), "06:00"),
        ("Australia/Sydney", date(2026, 4, 9), "07:00"),
        ("Australia/Sydney", date(2026, 10, 1), "07:00"),
        ("Australia/Sydney", date(2026, 10, 8), "06:00"),
        ("Asia/Kolkata", date(2026, 3, 5), "11:30"),
        ("Asia/Kolkata", date(2026, 11, 5), "11:30"),
    ],
)
def test_wall_time_holds_across_the_clock_changes_of_the_zone(zone: str, on: date, starts_at: str) -> None:
    session = session_on(a_series(zone), on, "ses_1")
    assert f"{session.starts_at:%H:%M}" == starts_at
    assert session.starts_at.tzinfo is UTC
    assert session.ends_at - session.starts_at == timedelta(minutes=90)


@pytest.mark.parametrize(
    ("kind", "open_part", "slots"),
    [
        (HoursKind.OPEN, 90, []),
        (HoursKind.BOOKABLE, 0, [(0, 25), (30, 55), (60, 85)]),
        (HoursKind.BOTH, 30, [(30, 55), (60, 85)]),
    ],
)
def test_slots_fill_what_is_not_open(kind: HoursKind, open_part: int, slots: list[tuple[int, int]]) -> None:
    session = session_on(a_series(kind=kind, open_minutes=30), date(2026, 7, 2), "ses_1")
    assert session.open_until_at == session.starts_at + timedelta(minutes=open_part)
    assert session.is_open == (open_part > 0)
    wanted = [
        (session.starts_at + timedelta(minutes=first), session.starts_at + timedelta(minutes=last))
        for first, last in slots
    ]
    times = slot_times(session, 25, 5) if kind is not HoursKind.OPEN else slot_times(session, 0, 0)
    assert times == wanted


@given(minutes=st.integers(1, 600), slot=st.integers(1, 120), buffer=st.integers(0, 60))
def test_slots_never_overlap_and_never_outlast_the_session(minutes: int, slot: int, buffer: int) -> None:
    session = session_on(a_series(minutes=minutes), date(2026, 7, 2), "ses_1")
    times = slot_times(session, slot, buffer)
    assert all(last - first == timedelta(minutes=slot) for first, last in times)
    assert all(later[0] - earlier[1] == timedelta(minutes=buffer) for earlier, later in pairwise(times))
    assert all(session.starts_at <= first and last <= session.ends_at for first, last in times)
    if minutes >= slot:
        left = session.ends_at - times[-1][1]
        assert left < timedelta(minutes=slot + buffer)


@given(first=st.dates(date(2026, 1, 1), date(2026, 6, 1)), days=st.integers(0, 90), weekday=st.integers(0, 6))
def test_dates_are_every_such_weekday_of_the_span(first: date, days: int, weekday: int) -> None:
    series = a_series(weekday=weekday, first_on=first, last_on=first + timedelta(days=days))
    every_day = [first + timedelta(days=n) for n in range(days + 1)]
    assert list(dates_of(series, first)) == [on for on in every_day if on.weekday() == weekday]
    later = first + timedelta(days=days // 2)
    assert list(dates_of(series, later)) == [on for on in every_day if on.weekday() == weekday and on >= later]


def at(session_id: str, start: int, end: int, cancelled_at: datetime | None = None) -> Session:
    starts_at, ends_at = NOON + timedelta(minutes=start), NOON + timedelta(minutes=end)
    return Session(session_id, "mem_tara", date(2026, 7, 1), starts_at, ends_at, ends_at, "", cancelled_at=cancelled_at)


@pytest.mark.parametrize(
    ("other", "collides"),
    [
        (at("b", 60, 120), False),
        (at("b", -60, 0), False),
        (at("b", 59, 120), True),
        (at("b", -60, 1), True),
        (at("b", 10, 20), True),
        (at("b", -10, 200), True),
        (at("b", 10, 20, cancelled_at=NOON), False),
        (at("a", 0, 60), False),
    ],
)
def test_what_takes_place_at_once_overlaps(other: Session, collides: bool) -> None:
    one = at("a", 0, 60)
    assert overlapping([one], [other]) == ((one, other) if collides else None)


@pytest.mark.parametrize(
    ("held_for", "until", "is_held"),
    [(None, None, False), ("mem_ada", 10, False), ("mem_bo", 10, True), ("mem_bo", 0, False), ("mem_bo", -1, False)],
)
def test_a_slot_is_held_from_everyone_but_one_until_an_instant(
    held_for: str | None, until: int | None, is_held: bool
) -> None:
    until_at = None if until is None else NOON + timedelta(minutes=until)
    slot = Slot("slt_1", "ses_1", NOON, NOON + timedelta(minutes=25), held_for, until_at)
    assert slot.is_held_from("mem_ada", NOON) == is_held
