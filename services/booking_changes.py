"""Changing a booking: another slot without a moment in between, giving it up, and what a student who left held."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cohort.bookings import Booking, BookingState, Why
from cohort.errors import BookingOver, NotAllowed, NotFound, SlotRefused
from cohort.roster import Member
from services import access, events, invitations, waitlist
from services.appointments import Appointment, appointment
from services.booking_letters import refresh, tell_ended, tell_of
from services.bookings import BOOK, call_off, take
from services.desk import Desk
from storage.records import Records

CHANGE = "bookings.change"
EVER = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class GivenUp:
    """What a student gave up: the whole booking, or coming along to somebody else's; not new where it was before."""

    appointment: Appointment
    is_new: bool


def to_change(booking_id: str, actor: Member, now: datetime, desk: Desk) -> Appointment:
    """Return a student's own booking that can still be changed. Raises NotAllowed, NotFound and BookingOver."""
    access.require_student(actor, BOOK, now)
    with desk.store.reading() as records:
        return _to_change(records, booking_id, actor, now)


def reschedule(booking_id: str, slot_id: str, actor: Member, now: datetime, desk: Desk) -> Appointment:
    """Take another slot for a booking in one step, so that there is no moment without either.

    Raises SlotRefused, TooManyFellows, NotAllowed, NotActive, NotFound and BookingOver; then all is as it was.
    """
    access.require_student(actor, BOOK, now)
    with desk.transaction(now) as records:
        before = _to_change(records, booking_id, actor, now)
        take(records, actor, slot_id, now, desk, but_id=booking_id, with_ids=[one.id for one in before.fellows])
        return _move(records, before, slot_id, now, desk)


def cancel(booking_id: str, actor: Member, now: datetime, desk: Desk) -> GivenUp:
    """Give a booking up, or leave one that somebody else made. Raises NotAllowed, NotActive, NotFound, BookingOver."""
    access.require_student(actor, BOOK, now)
    with desk.transaction(now) as records:
        before = _of_theirs(records, booking_id, actor)
        if not before.stands:
            return GivenUp(before, is_new=False)
        _refuse_over(before, now)
        if before.student.id == actor.id:
            _end(records, before, actor.id, now, desk)
        else:
            _leave(records, before, actor, now)
        return GivenUp(before, is_new=True)


def give_up_gone(desk: Desk, now: datetime) -> int:
    """Give up what students hold who take part no more or are paused; return how many bookings and places that is."""
    with desk.store.reading() as records:
        coming = records.bookings.starting(now, now + EVER)
        booked = {student_id for booking in coming for student_id in (booking.student_id, *booking.with_ids)}
        holders = booked | records.events.coming_students(now)
        undoable = records.leavings.undoable()
        gone = {one for one in holders - undoable if not access.known(records, one).is_active(now)}
    return sum(_give_up_in_one(student_id, desk, now) for student_id in sorted(gone))


def _give_up_in_one(student_id: str, desk: Desk, now: datetime) -> int:
    with desk.store.transaction() as records:
        return give_up(records, student_id, now, desk)


def give_up(records: Records, student_id: str, now: datetime, desk: Desk) -> int:
    """Call off what a student booked or signed up for, and take them out of what others booked; return how many.

    Those who would have come hear of it, and the slots are free again.
    """
    student, changed = access.known(records, student_id), events.give_up(records, student_id, now)
    waitlist.leave_all(records, student_id, now)
    for booking in records.bookings.of_student(student_id):
        one = appointment(records, booking)
        if not one.stands or one.slot.starts_at <= now:
            continue
        changed += 1
        if booking.student_id == student_id:
            call_off(records, booking, None, now, desk)
            _after_end(records, one, None, now, desk)
        else:
            _leave(records, one, student, now)
    return changed


def _move(records: Records, before: Appointment, slot_id: str, now: datetime, desk: Desk) -> Appointment:
    """Take another slot and tell everyone; the old one goes to whoever waits. Raises SlotRefused."""
    if not records.bookings.move(before.booking.id, slot_id, now):
        raise SlotRefused(Why.TAKEN)
    records.office_hours.let_go(slot_id)
    records.audit.add(before.student.id, "booking.moved", before.booking.id, now, detail=slot_id)
    booking = _stored(records, before.booking.id)
    after = appointment(records, booking)
    if after.ta.id != before.ta.id:
        invitations.uninvite(records, booking.id, before.ta.id, now)
        tell_ended(records, before, [before.ta], now)
    refresh(records, before.booking, now)
    tell_of(records, after, now)
    invitations.send(records, booking.id, now)
    waitlist.freed(records, [before.slot.id], now, desk)
    return after


def _end(records: Records, before: Appointment, by_id: str, now: datetime, desk: Desk) -> None:
    records.bookings.end(before.booking.id, BookingState.CANCELLED, by_id, now)
    records.audit.add(by_id, "booking.cancelled", before.booking.id, now, detail=before.slot.id)
    _after_end(records, before, by_id, now, desk)


def _after_end(records: Records, before: Appointment, by_id: str | None, now: datetime, desk: Desk) -> None:
    """Tell those who would have come, and bring the slot to whoever waits."""
    others = [member for member in before.people if member.id not in (before.student.id, by_id)]
    tell_ended(records, before, others, now)
    refresh(records, before.booking, now)
    invitations.send(records, before.booking.id, now)
    waitlist.freed(records, [before.slot.id], now, desk)


def _leave(records: Records, before: Appointment, fellow: Member, now: datetime) -> None:
    """Take a fellow student out of a booking that goes on for the others."""
    records.bookings.leave(before.booking.id, fellow.id)
    records.audit.add(fellow.id, "booking.left", before.booking.id, now)
    booking = _stored(records, before.booking.id)
    refresh(records, before.booking, now)
    invitations.uninvite(records, booking.id, fellow.id, now)


def _to_change(records: Records, booking_id: str, actor: Member, now: datetime) -> Appointment:
    found = _of_theirs(records, booking_id, actor)
    if found.student.id != actor.id:
        raise NotAllowed(CHANGE, "the student who booked")
    if not found.stands:
        raise BookingOver(is_cancelled=True)
    _refuse_over(found, now)
    return found


def _of_theirs(records: Records, booking_id: str, actor: Member) -> Appointment:
    """Return a booking that a student made or was named in. Raises NotAllowed and NotFound."""
    booking = records.bookings.get(booking_id)
    if booking is None:
        raise NotFound("booking", booking_id)
    if actor.id not in (booking.student_id, *booking.with_ids):
        raise NotAllowed(CHANGE, "the students who come")
    return appointment(records, booking)


def _refuse_over(found: Appointment, now: datetime) -> None:
    if found.slot.starts_at <= now:
        raise BookingOver(is_cancelled=False)


def _stored(records: Records, booking_id: str) -> Booking:
    booking = records.bookings.get(booking_id)
    if booking is None:
        raise NotFound("booking", booking_id)
    return booking
