"""Office hours and bookings as rows: what is kept as it was, and what one statement decides."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from cohort.bookings import Attendance, Booking, BookingState, Held
from cohort.office_hours import FreeSlot, HoursKind, Series, Session, Slot
from cohort.roster import Member
from services.desk import Desk
from storage.records import Records
from tests.conftest import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SERIES = Series(
    "ser_1",
    "mem_tara",
    2,
    time(18, 30),
    "Europe/London",
    90,
    "https://meet.example.org/tara",
    HoursKind.BOTH,
    date(2026, 7, 1),
    date(2026, 8, 5),
    NOON,
    slot_minutes=20,
    buffer_minutes=5,
    open_minutes=30,
    capacity=4,
    topic="proofs",
)
SESSION = Session(
    "ses_1",
    "mem_tara",
    date(2026, 7, 2),
    NOON + DAY,
    NOON + DAY + 2 * HOUR,
    NOON + DAY + HOUR,
    "https://meet.example.org/tara",
    series_id="ser_1",
    capacity=4,
    topic="proofs",
)
SLOTS = [Slot(f"slt_{n}", "ses_1", NOON + DAY + (2 + n) * HOUR / 2, NOON + DAY + (3 + n) * HOUR / 2) for n in range(2)]
BOOKING = Booking(
    "bkg_1", "slt_0", "mem_ada", NOON, "Induction", "asg_hw3", "https://example.org", ("mem_bo", "mem_chen")
)


@pytest.fixture
def records(desk: Desk) -> Records:
    """The records of a desk with one session of two slots, outside of any transaction."""
    with desk.store.transaction() as records:
        records.office_hours.add_series(SERIES)
        records.office_hours.add_session(SESSION, SLOTS)
    return records


def test_hours_are_kept_as_they_were_written(records: Records) -> None:
    assert records.office_hours.series("ser_1") == SERIES
    assert records.office_hours.session("ses_1") == SESSION
    assert records.office_hours.slots_of("ses_1") == SLOTS
    assert [records.office_hours.series(""), records.office_hours.session(""), records.office_hours.slot("")] == [
        None
    ] * 3


def test_hours_are_changed_as_a_whole(records: Records) -> None:
    series = replace(SERIES, ended_at=NOON, capacity=None, zone="Asia/Kolkata")
    session = replace(SESSION, moved_at=NOON, cancelled_at=NOON, cancelled_by="mem_tara", reason="ill", closed_at=NOON)
    records.office_hours.change_series(series)
    records.office_hours.change_session(session)
    assert (records.office_hours.series("ser_1"), records.office_hours.session("ses_1")) == (series, session)
    assert records.office_hours.series_of("mem_tara") == []


@pytest.mark.parametrize(
    ("from_at", "until_at", "is_found"),
    [
        (SESSION.starts_at, SESSION.ends_at, True),
        (SESSION.ends_at, SESSION.ends_at + HOUR, False),
        (SESSION.starts_at - HOUR, SESSION.starts_at, False),
        (SESSION.starts_at + HOUR, SESSION.starts_at + HOUR + HOUR, True),
    ],
)
def test_what_takes_place_in_a_span_touches_more_than_its_edges(
    records: Records, from_at: datetime, until_at: datetime, is_found: bool
) -> None:
    assert records.office_hours.sessions_of("mem_tara", from_at, until_at) == [SESSION] * is_found
    assert records.office_hours.sessions_between(from_at, until_at) == [SESSION] * is_found


def test_a_session_is_started_closed_and_cancelled_once(records: Records) -> None:
    hours = records.office_hours
    assert [hours.start("ses_1", "mem_tara", NOON), hours.start("ses_1", "mem_tom", NOON)] == [True, False]
    assert hours.to_close(SESSION.ends_at) == [replace(SESSION, started_at=NOON, started_by="mem_tara")]
    assert [hours.close("ses_1", NOON), hours.close("ses_1", NOON)] == [True, False]
    assert [hours.cancel("ses_1", None, "", NOON), hours.cancel("ses_1", None, "", NOON)] == [True, False]
    assert hours.to_close(SESSION.ends_at) == []
    assert hours.sessions_between(SESSION.starts_at, SESSION.ends_at) == []


def test_what_is_free_is_neither_booked_nor_kept_nor_cancelled(records: Records) -> None:
    def free(student_id: str = "mem_ada", now: datetime = NOON) -> list[FreeSlot]:
        return records.office_hours.free(NOON, NOON + 3 * DAY, student_id, now)

    assert free() == [FreeSlot(slot, SESSION) for slot in SLOTS]
    records.bookings.add(BOOKING)
    assert [one.slot.id for one in free()] == ["slt_1"]
    records.office_hours.hold("slt_1", "mem_bo", NOON + HOUR)
    assert [len(free()), len(free("mem_bo")), len(free(now=NOON + HOUR))] == [0, 1, 1]
    records.office_hours.let_go("slt_1")
    assert len(free()) == 1
    records.office_hours.cancel("ses_1", None, "", NOON)
    assert free() == []
    assert records.office_hours.free(NOON, SLOTS[0].starts_at - HOUR, "mem_ada", NOON) == []


def test_a_booking_is_kept_as_it_was_written(records: Records) -> None:
    assert records.bookings.add(BOOKING)
    assert records.bookings.get("bkg_1") == records.bookings.of_slot("slt_0") == BOOKING
    assert records.bookings.of_session("ses_1") == [BOOKING]
    for student_id in ("mem_ada", "mem_bo", "mem_chen"):
        assert records.bookings.of_student(student_id) == [BOOKING]
    assert records.bookings.of_student("mem_tara") == []
    assert (records.bookings.get("bkg_2"), records.bookings.of_slot("slt_1")) == (None, None)


def test_a_slot_has_one_booking_that_stands(records: Records) -> None:
    second = replace(BOOKING, id="bkg_2", student_id="mem_bo", with_ids=("mem_chen",))
    assert [records.bookings.add(BOOKING), records.bookings.add(second)] == [True, False]
    assert records.bookings.get("bkg_2") is None
    assert records.bookings.is_taken("slt_0")
    assert not records.bookings.is_taken("slt_1")
    other = replace(second, slot_id="slt_1")
    assert records.bookings.add(other)
    assert not records.bookings.move("bkg_1", "slt_1", NOON)
    assert records.bookings.get("bkg_1") == BOOKING
    assert records.bookings.end("bkg_2", BookingState.CANCELLED, "mem_bo", NOON)
    assert not records.bookings.end("bkg_2", BookingState.CALLED_OFF, None, NOON)
    assert records.bookings.move("bkg_1", "slt_1", NOON)
    assert records.bookings.get("bkg_1") == replace(BOOKING, slot_id="slt_1", sequence=1, moved_at=NOON)
    assert not records.bookings.move("bkg_2", "slt_0", NOON)


def test_a_fellow_student_leaves_once_and_not_what_has_ended(records: Records) -> None:
    records.bookings.add(BOOKING)
    assert [records.bookings.leave("bkg_1", "mem_bo"), records.bookings.leave("bkg_1", "mem_bo")] == [True, False]
    assert records.bookings.get("bkg_1") == replace(BOOKING, with_ids=("mem_chen",), sequence=1)
    records.bookings.end("bkg_1", BookingState.CANCELLED, "mem_ada", NOON)
    assert not records.bookings.leave("bkg_1", "mem_chen")


def test_what_a_student_holds_is_what_they_made_or_come_along_to_and_stands(records: Records) -> None:
    records.bookings.add(BOOKING)
    records.bookings.enter("bkg_1", Attendance.EXCUSED)
    held = Held("bkg_1", "mem_tara", SLOTS[0].starts_at, SLOTS[0].ends_at, is_excused=True)
    along = replace(held, is_along=True)
    assert (records.bookings.held("mem_ada"), records.bookings.held("mem_bo")) == ([held], [along])
    assert records.bookings.had_any(["mem_ada", "mem_bo"]) == {"mem_ada"}
    records.bookings.end("bkg_1", BookingState.CALLED_OFF, None, NOON)
    assert records.bookings.held("mem_ada") == []
    assert records.bookings.had_any(["mem_ada"]) == set()


def test_what_begins_or_ends_in_a_span_is_after_its_first_instant_and_up_to_its_last(records: Records) -> None:
    records.bookings.add(BOOKING)
    starts_at, ends_at = SLOTS[0].starts_at, SLOTS[0].ends_at
    assert records.bookings.starting(starts_at - HOUR, starts_at) == [BOOKING]
    assert records.bookings.starting(starts_at, starts_at + HOUR) == []
    assert records.bookings.over(ends_at - HOUR, ends_at) == [BOOKING]
    assert records.bookings.over(ends_at, ends_at + HOUR) == []


def test_who_has_been_is_who_came_or_was_helped(records: Records, ada: Member, bo: Member, chen: Member) -> None:
    records.bookings.add(replace(BOOKING, with_ids=(bo.id,)))
    after = SLOTS[0].ends_at
    assert not records.bookings.has_been(ada.id, after - HOUR)
    assert [records.bookings.has_been(one.id, after) for one in (ada, bo, chen)] == [True, True, False]
    records.bookings.enter("bkg_1", Attendance.ABSENT)
    assert not records.bookings.has_been(ada.id, after)


def test_answers_are_counted_with_how_many_gave_them(records: Records) -> None:
    assert records.bookings.unstuck() == (0, 0, 0)
    records.bookings.add(BOOKING)
    records.bookings.add(replace(BOOKING, id="bkg_2", slot_id="slt_1", with_ids=()))
    records.bookings.answer("bkg_1", unstuck=True)
    records.bookings.answer("bkg_2", unstuck=False)
    assert records.bookings.unstuck() == (1, 1, 1)


def test_words_are_erased_and_that_someone_came_stays(records: Records) -> None:
    records.bookings.add(BOOKING)
    records.bookings.erase_words("mem_ada")
    assert records.bookings.get("bkg_1") == replace(BOOKING, topic="", link="")
