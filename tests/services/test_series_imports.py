"""TAs' weekly hours from a file: added once with all their dates, and never changed by it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from cohort.office_hours import HoursKind
from cohort.roster import Member
from services.desk import Desk
from services.exports import export_series
from services.imports import import_series, table_of
from tests.conftest import NOON

HEADER = "email,weekday,starts,minutes,kind,place,slot_minutes,open_minutes,zone\n"
BOTH = "tara@example.org,Monday,18:00,120,both,https://meet.example.org/tara,30,60,\n"
OPEN = "tom@example.org,friday,09:00,60,open,Room 5,,,America/New_York\n"


def test_hours_are_added_with_their_dates_and_slots(desk: Desk, tara: Member, tom: Member) -> None:
    report = import_series(HEADER + BOTH + OPEN, NOON, desk)
    assert (report.problems, report.counts) == ((), "2 added, 0 changed, 0 unchanged, 0 absent from the file")
    with desk.store.reading() as records:
        [both] = records.office_hours.series_of(tara.id)
        [opened] = records.office_hours.series_of(tom.id)
        sessions = records.office_hours.sessions_of_series(both.id, NOON)
        slots = records.office_hours.slots_of(sessions[0].id)
    assert (both.kind, both.zone, both.first_on, both.last_on) == (
        HoursKind.BOTH,
        "Europe/London",
        date(2026, 6, 1),
        date(2026, 8, 9),
    )
    assert (opened.zone, opened.starts) == ("America/New_York", time(9))
    assert [session.on_day for session in sessions] == [date(2026, 7, 6) + timedelta(weeks=n) for n in range(5)]
    assert [slot.starts_at.hour for slot in slots] == [18, 18]  # 19:00 and 19:30 in London


def test_a_second_time_changes_nothing_and_says_what_is_otherwise(desk: Desk) -> None:
    import_series(HEADER + BOTH + OPEN, NOON, desk)
    again = import_series(HEADER + BOTH.replace("https://meet.example.org/tara", "Room 7"), NOON, desk)
    assert again.counts == "0 added, 0 changed, 1 unchanged, 1 absent from the file"
    assert again.left_out == ("tara@example.org, monday 18:00: is there otherwise, and is changed with /office-hours",)
    assert again.absent_keys == ("tom@example.org, friday 09:00",)
    assert "Room 7" not in export_series(desk, NOON)


def test_a_ta_who_travels_keeps_their_hours(desk: Desk, tara: Member) -> None:
    import_series(HEADER + BOTH, NOON, desk)
    with desk.store.transaction() as records:
        records.roster.save(replace(tara, zone="Asia/Tokyo"))
    again = import_series(HEADER + BOTH, NOON, desk)
    assert (again.unchanged, again.left_out) == (1, ())


def test_importing_an_export_changes_nothing(desk: Desk) -> None:
    import_series(HEADER + BOTH + OPEN, NOON, desk)
    exported = export_series(desk, NOON)
    again = import_series(exported, NOON, desk)
    assert (again.unchanged, again.left_out, again.absent) == (2, (), 0)
    assert export_series(desk, datetime(2027, 1, 1, tzinfo=UTC)).count("\n") == 1


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("ada@example.org,monday,18:00,60,open,Room 5,,,", "email", "is no TA or organizer"),
        (BOTH.replace("Monday", "Mon"), "weekday", "none of monday, tuesday"),
        (BOTH.replace("18:00", "6pm"), "starts", "write it like 18:00"),
        (BOTH.replace("120", "0"), "minutes", "whole number from 1"),
        (BOTH.replace("both", "walk-in"), "kind", "none of open, bookable, both"),
        (BOTH.replace(",30,60", ",,60"), "slot_minutes", "is missing"),
        (BOTH.replace(",30,60", ",90,60"), "slot_minutes", "is longer than the bookable part"),
        (BOTH.replace(",30,60", ",30,"), "open_minutes", "must be more than 0"),
        (BOTH.replace("https://meet.example.org/tara", ""), "place", "is empty"),
        (BOTH.replace("60,", "60,Europe/Londn"), "zone", "did you mean Europe/London?"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(desk: Desk, row: str, column: str, said: str) -> None:
    report = import_series(HEADER + row.strip() + "\n" + OPEN, NOON, desk)
    [problem] = report.problems
    assert (problem.line, problem.column) == (2, column)
    assert said in problem.what
    assert export_series(desk, NOON).count("\n") == 1


def test_overlaps_and_hours_without_a_date_are_refused(desk: Desk) -> None:
    import_series(HEADER + BOTH, NOON, desk)
    over = BOTH.replace("18:00", "19:30")
    [problem] = import_series(HEADER + over, NOON, desk).problems
    assert "overlaps with other hours of theirs on 2026-07-06" in problem.what
    early, late = BOTH.replace("Monday", "Sunday"), over.replace("Monday", "Sunday")
    [problem] = import_series(HEADER + early + late, NOON, desk).problems
    assert (problem.line, problem.what) == (3, "overlaps with line 2")
    [problem] = import_series(HEADER + OPEN, datetime(2026, 8, 8, tzinfo=UTC), desk).problems
    assert problem.what == "leaves no date that is still to come"


def test_the_table_is_known_by_its_columns() -> None:
    assert table_of(HEADER + BOTH) == "series"
