"""Booking a slot: under all limits when it is taken, another one before the first is given up, and who is told."""

from dataclasses import replace

import pytest

from cohort.assignments import Assignment
from cohort.bookings import Attendance, BookingState, Why
from cohort.errors import BookingOver, NotActive, NotAllowed, NotFound, SlotRefused, TooManyFellows
from cohort.roster import Member, Role, Status
from cohort.waitlist import Wait
from services.appointments import free_for, upcoming
from services.booking_changes import cancel, give_up_gone, reschedule, to_change
from services.booking_letters import BookingCard, BookingEnded
from services.bookings import BookSlot, book, call_off
from services.desk import Desk
from services.erase import erase
from services.letters import Obsolete
from services.roster import change_status
from storage.ids import new_id
from tests.conftest import NOON, a_member
from tests.services.booking_world import DAY, HOUR, booked, cancel_session, hours, standing, stored
from tests.services.grading_world import heard, letters


def free_ids(desk: Desk, student: Member) -> list[str]:
    with desk.store.reading() as records:
        return [free.slot.id for free in free_for(records, student, NOON, desk)]


def files(desk: Desk) -> list[tuple[str, int]]:
    return sorted((letter.data["member"], letter.data["sequence"]) for letter in letters(desk, "bookings.calendar"))


def test_a_booking_holds_what_was_said_and_everyone_who_comes_is_told(
    desk: Desk, ada: Member, bo: Member, tara: Member, hw3: Assignment
) -> None:
    first, second = hours(desk, tara, NOON + DAY)
    made = booked(desk, ada, first, bo, topic="  Induction  ", assignment="hw3", link="https://example.org/a")
    assert (made.student, made.ta, made.fellows, made.assignment) == (ada, tara, (bo,), hw3)
    assert (made.booking.topic, made.booking.link) == ("Induction", "https://example.org/a")
    assert standing(desk, [first, second]) == [ada.id, None]
    assert free_ids(desk, bo) == [second.id]
    cards = letters(desk, "bookings.card")
    assert {letter.recipient for letter in cards} == {f"member:{one.id}" for one in (ada, bo, tara)}
    assert all("Induction" not in str(letter.data) for letter in cards)
    [ours] = [letter for letter in cards if letter.recipient == f"member:{tara.id}"]
    card = heard(desk, ours, NOON)
    assert isinstance(card, BookingCard)
    assert (card.about, card.reader, card.is_moved, card.is_theirs) == (made, tara, False, True)
    assert files(desk) == [(ada.id, 0), (bo.id, 0), (tara.id, 0)]
    with desk.store.reading() as records:
        assert upcoming(records, ada.id, NOON) == upcoming(records, bo.id, NOON) == [made]
        assert upcoming(records, ada.id, first.ends_at) == []


def test_another_slot_holds_no_more_people_than_its_hours_do(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member
) -> None:
    [wide], [narrow] = hours(desk, tara, NOON + DAY, 1), hours(desk, tom, NOON + 2 * DAY, 1, capacity=1)
    made = booked(desk, ada, wide, bo)
    with pytest.raises(TooManyFellows):
        reschedule(made.booking.id, narrow.id, ada, NOON, desk)
    assert standing(desk, [wide, narrow]) == [ada.id, None]


def test_who_comes_too_late_reads_what_is_free_instead(desk: Desk, ada: Member, bo: Member, tara: Member) -> None:
    first, second, third = hours(desk, tara, NOON + DAY, 3)
    booked(desk, ada, first)
    with pytest.raises(SlotRefused) as refused:
        booked(desk, bo, first)
    assert refused.value.why is Why.TAKEN
    assert free_ids(desk, bo) == [second.id, third.id]


def test_a_slot_of_hours_that_are_cancelled_is_gone(desk: Desk, ada: Member, tara: Member) -> None:
    slot, _ = hours(desk, tara, NOON + DAY)
    cancel_session(desk, slot)
    for slot_id in (slot.id, "slt_nothing"):
        with pytest.raises(SlotRefused) as refused:
            book(BookSlot(slot_id), ada, NOON, desk)
        assert (refused.value.why, free_ids(desk, ada)) == (Why.GONE, [])


def test_what_is_free_is_what_the_limits_leave(desk: Desk, ada: Member, tara: Member, tom: Member) -> None:
    soon, _ = hours(desk, tara, NOON + HOUR / 4)
    late, _ = hours(desk, tara, NOON + 15 * DAY)
    mine, _ = hours(desk, tara, NOON + DAY)
    others = hours(desk, tom, NOON + 2 * DAY)
    booked(desk, ada, mine)
    assert free_ids(desk, ada) == [slot.id for slot in others]
    for slot, why in ((soon, Why.TOO_SOON), (late, Why.TOO_FAR), (hours(desk, tara, NOON + 3 * DAY)[0], Why.SAME_TA)):
        with pytest.raises(SlotRefused) as refused:
            booked(desk, ada, slot)
        assert refused.value.why is why


def test_cancelled_and_excused_bookings_do_not_count(desk: Desk, ada: Member, tara: Member, tom: Member) -> None:
    # Thursday to Sunday of one week, further ahead than where the limits of the week end.
    week = [hours(desk, ta, NOON + n * DAY, 1)[0] for n, ta in ((2, tara), (3, tom))]
    more = hours(desk, a_ta(desk, "Kai"), NOON + 4 * DAY, 1)[0]
    first, _ = (booked(desk, ada, slot) for slot in week)
    with pytest.raises(SlotRefused) as refused:
        booked(desk, ada, more)
    assert refused.value.why is Why.WEEK
    with desk.store.transaction() as records:
        records.bookings.enter(first.booking.id, Attendance.EXCUSED)
    made = booked(desk, ada, more)
    cancel(made.booking.id, ada, NOON, desk)
    assert booked(desk, ada, more).stands


def a_ta(desk: Desk, name: str) -> Member:
    ta = a_member(name, Role.TA)
    with desk.store.transaction() as records:
        records.roster.save(ta)
    return ta


def test_how_many_come_along_is_as_the_hours_say(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member
) -> None:
    [pair] = hours(desk, tara, NOON + DAY, 1, capacity=2)
    with pytest.raises(TooManyFellows) as refused:
        booked(desk, ada, pair, bo, chen)
    assert refused.value.most == 1
    assert standing(desk, [pair]) == [None]
    assert booked(desk, ada, pair, bo, ada).fellows == (bo,)


def test_only_students_who_take_part_book_and_come_along(
    desk: Desk, ada: Member, bo: Member, tara: Member, orla: Member
) -> None:
    slot, _ = hours(desk, tara, NOON + DAY)
    for member in (tara, orla):
        with pytest.raises(NotAllowed):
            booked(desk, member, slot)
    with pytest.raises(NotFound):
        booked(desk, ada, slot, orla)
    with pytest.raises(NotFound):
        booked(desk, ada, slot, assignment="nothing")
    change_status(orla, bo.email, Status.PAUSED, NOON, desk)
    with pytest.raises(NotActive):
        booked(desk, ada, slot, bo)
    assert standing(desk, [slot]) == [None]


def test_another_slot_is_taken_in_one_step(desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member) -> None:
    old, _ = hours(desk, tara, NOON + DAY)
    new, other = hours(desk, tom, NOON + 2 * DAY)
    made = booked(desk, ada, old, bo)
    moved = reschedule(made.booking.id, new.id, ada, NOON, desk)
    assert (moved.booking.id, moved.booking.sequence, moved.ta) == (made.booking.id, 1, tom)
    assert standing(desk, [old, new, other]) == [None, ada.id, None]
    assert files(desk) == [(ada.id, 0), (ada.id, 1), (bo.id, 0), (bo.id, 1), (tara.id, 0), (tara.id, 1), (tom.id, 1)]
    [ended] = letters(desk, "bookings.ended")
    note = heard(desk, ended, NOON)
    assert isinstance(note, BookingEnded)
    assert (note.reader, note.by, note.about.slot, note.about.ta) == (tara, ada, old, tara)
    early, late = ([one for one in letters(desk, "bookings.card") if one.data["sequence"] == n] for n in (0, 1))
    assert all(isinstance(heard(desk, letter, NOON), Obsolete) for letter in early)
    assert {letter.recipient for letter in late} == {f"member:{one.id}" for one in (ada, bo, tom)}


def test_a_slot_that_is_gone_leaves_the_booking_where_it_was(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member
) -> None:
    mine, spare = hours(desk, tara, NOON + DAY)
    [theirs] = hours(desk, tom, NOON + 2 * DAY, 1)
    made = booked(desk, ada, mine)
    booked(desk, bo, theirs)
    with pytest.raises(SlotRefused) as refused:
        reschedule(made.booking.id, theirs.id, ada, NOON, desk)
    assert refused.value.why is Why.TAKEN
    with desk.store.reading() as records:
        offered = free_for(records, ada, NOON, desk, but_id=made.booking.id)
    assert [free.slot.id for free in offered] == [spare.id]
    assert standing(desk, [mine, spare, theirs]) == [ada.id, None, bo.id]
    assert stored(desk, made.booking.id).sequence == 0


def test_cancelling_frees_the_slot_once_and_tells_the_others(desk: Desk, ada: Member, bo: Member, tara: Member) -> None:
    [slot] = hours(desk, tara, NOON + DAY, 1)
    made = booked(desk, ada, slot, bo)
    assert cancel(made.booking.id, ada, NOON, desk).is_new
    assert not cancel(made.booking.id, ada, NOON, desk).is_new
    assert standing(desk, [slot]) == [None]
    assert stored(desk, made.booking.id).state is BookingState.CANCELLED
    told = [heard(desk, letter, NOON) for letter in letters(desk, "bookings.ended")]
    assert {(one.reader.id, one.by) for one in told if isinstance(one, BookingEnded)} == {(tara.id, ada), (bo.id, ada)}
    assert all(isinstance(heard(desk, letter, NOON), Obsolete) for letter in letters(desk, "bookings.card"))
    assert (ada.id, 1) in files(desk)


def test_a_fellow_student_leaves_without_ending_it(desk: Desk, ada: Member, bo: Member, tara: Member) -> None:
    [slot] = hours(desk, tara, NOON + DAY, 1)
    made = booked(desk, ada, slot, bo)
    assert cancel(made.booking.id, bo, NOON, desk).is_new
    assert standing(desk, [slot]) == [ada.id]
    assert stored(desk, made.booking.id).with_ids == ()
    with pytest.raises(NotAllowed):
        cancel(made.booking.id, bo, NOON, desk)


def test_what_has_begun_or_ended_is_not_changed(desk: Desk, ada: Member, bo: Member, tara: Member) -> None:
    slot, other = hours(desk, tara, NOON + DAY)
    made = booked(desk, ada, slot)
    for now, is_cancelled in ((slot.starts_at, False), (NOON, True)):
        if is_cancelled:
            cancel(made.booking.id, ada, NOON, desk)
        with pytest.raises(BookingOver) as told:
            reschedule(made.booking.id, other.id, ada, now, desk)
        assert told.value.is_cancelled is is_cancelled
    again = booked(desk, ada, slot)
    with pytest.raises(BookingOver):
        cancel(again.booking.id, ada, slot.starts_at, desk)
    with pytest.raises(NotAllowed):
        to_change(again.booking.id, bo, NOON, desk)
    with pytest.raises(NotAllowed):
        cancel(again.booking.id, tara, NOON, desk)
    with pytest.raises(NotFound):
        cancel("bkg_nothing", ada, NOON, desk)


def test_what_is_called_off_is_no_booking_any_more(desk: Desk, ada: Member, tara: Member) -> None:
    [slot] = hours(desk, tara, NOON + DAY, 1)
    made = booked(desk, ada, slot)
    with desk.store.transaction() as records:
        assert call_off(records, made.booking, tara.id, NOON, desk)
        assert not call_off(records, made.booking, tara.id, NOON, desk)
    assert stored(desk, made.booking.id).state is BookingState.CALLED_OFF
    assert booked(desk, ada, slot).stands


def test_a_slot_kept_for_who_waits_is_theirs_alone_and_a_freed_one_goes_to_them(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member
) -> None:
    [slot] = hours(desk, tara, NOON + DAY, 1)
    made = booked(desk, ada, slot)
    with desk.store.transaction() as records:
        records.waitlist.add(Wait(new_id("wai"), bo.id, slot.starts_at, slot.ends_at, NOON))
    cancel(made.booking.id, ada, NOON, desk)
    assert (free_ids(desk, bo), free_ids(desk, chen)) == ([slot.id], [])
    with pytest.raises(SlotRefused):
        booked(desk, chen, slot)
    assert booked(desk, bo, slot).stands


def gone(desk: Desk, student: Member) -> None:
    with desk.store.transaction() as records:
        records.roster.save(replace(student, status=Status.WITHDRAWN, left_at=NOON))


def test_who_pauses_or_leaves_holds_nothing(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member, orla: Member
) -> None:
    first, second = hours(desk, tara, NOON + DAY)
    made, theirs = booked(desk, ada, first), booked(desk, bo, second, chen, ada)
    change_status(orla, ada.email, Status.PAUSED, NOON, desk)
    assert stored(desk, made.booking.id).state is BookingState.CALLED_OFF
    assert stored(desk, theirs.booking.id).with_ids == (chen.id,)
    gone(desk, bo)
    assert give_up_gone(desk, NOON) == 1
    assert give_up_gone(desk, NOON) == 0
    assert standing(desk, [first, second]) == [None, None]
    assert {letter.recipient for letter in letters(desk, "bookings.ended")} == {
        f"member:{tara.id}",
        f"member:{chen.id}",
    }


def test_of_someone_who_is_erased_no_words_are_left(desk: Desk, ada: Member, tara: Member) -> None:
    [slot] = hours(desk, tara, NOON + DAY, 1)
    booked(desk, ada, slot, topic="A private question", link="https://example.org/private")
    erase(ada.id, NOON, desk)
    with desk.store.reading() as records:
        dump = "\n".join(records.connection.iterdump())
    assert "A private" not in dump
    assert "example.org/private" not in dump
    assert standing(desk, [slot]) == [None]
