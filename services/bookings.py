"""Booking a slot of office hours: taken under all limits, of any number at one instant by one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cohort.bookings import Booking, BookingState, Held, Why, is_busy, refusal
from cohort.errors import SlotRefused, TooManyFellows
from cohort.office_hours import Session, Slot
from cohort.roster import Member
from services import access, invitations
from services.appointments import (
    Appointment,
    appointment,
    fellows_most,
    free_for,
    upcoming,
    wanted,
)
from services.booking_letters import tell_of
from services.desk import Desk
from storage.ids import new_id
from storage.records import Records

__all__ = ["Appointment", "BookSlot", "appointment", "book", "call_off", "free_for", "place", "take", "upcoming"]

BOOK = "bookings.book"


@dataclass(frozen=True, slots=True)
class BookSlot:
    """What a student wants booked. `fellows` are references as Slack sends them, `assignment` is an id or empty."""

    slot_id: str
    topic: str = ""
    assignment: str = ""
    link: str = ""
    fellows: Sequence[str] = ()


def book(command: BookSlot, actor: Member, now: datetime, desk: Desk) -> Appointment:
    """Book a slot. Raises SlotRefused, NotAllowed, NotActive, NotFound and TooManyFellows."""
    access.require_student(actor, BOOK, now)
    with desk.transaction(now) as records:
        _refuse_taken(records, command.slot_id)
        return _place(records, _booking(records, command, actor, now), actor, now, desk)


def place(  # noqa: PLR0913 - all that a booking holds
    records: Records,
    student: Member,
    slot_id: str,
    now: datetime,
    desk: Desk,
    *,
    topic: str = "",
    assignment_id: str | None = None,
    link: str = "",
    with_ids: Sequence[str] = (),
) -> Booking:
    """Take a slot for a student in the transaction of a use case, and tell whoever comes.

    Raises SlotRefused and TooManyFellows.
    """
    booking = Booking(new_id("bkg"), slot_id, student.id, now, topic, assignment_id, link, tuple(with_ids))
    return _place(records, booking, student, now, desk).booking


def _place(records: Records, booking: Booking, student: Member, now: datetime, desk: Desk) -> Appointment:
    """Take the slot of a booking. Raises SlotRefused and TooManyFellows."""
    booking = replace(booking, with_ids=tuple(sorted(set(booking.with_ids) - {student.id})))
    take(records, student, booking.slot_id, now, desk, with_ids=booking.with_ids)
    if not records.bookings.add(booking):
        raise SlotRefused(Why.TAKEN)
    records.office_hours.let_go(booking.slot_id)
    records.audit.add(student.id, "booking.made", booking.id, now, detail=booking.slot_id)
    made = appointment(records, booking)
    tell_of(records, made, now)
    invitations.send(records, booking.id, now)
    return made


def take(
    records: Records,
    student: Member,
    slot_id: str,
    now: datetime,
    desk: Desk,
    *,
    but_id: str | None = None,
    with_ids: Sequence[str] = (),
) -> None:
    """Check that a student may take a slot now, with fellow students. Raises SlotRefused and TooManyFellows.

    `but_id` is a booking that is given up for it.
    """
    _refuse_taken(records, slot_id)
    slot = records.office_hours.slot(slot_id)
    session = records.office_hours.session(slot.session_id) if slot else None
    if slot is None or session is None or slot.dropped_at is not None or session.cancelled_at is not None:
        raise SlotRefused(Why.GONE)
    if not access.known(records, session.ta_id).is_active(now):
        raise SlotRefused(Why.GONE)
    if slot.is_held_from(student.id, now):
        raise SlotRefused(Why.TAKEN)
    why = _limit(records, student, slot, session, now, desk, but_id)
    if why is not None:
        raise SlotRefused(why)
    if len(with_ids) > fellows_most(session):
        raise TooManyFellows(fellows_most(session))
    if any(is_busy(wanted(slot, session), _held(records, one, but_id)) for one in with_ids):
        raise SlotRefused(Why.FELLOWS_TIME)


def call_off(records: Records, booking: Booking, by_id: str | None, now: datetime, desk: Desk) -> bool:
    """End a booking that staff or the programme can't keep; say whether it stood until now.

    Nobody is told: the caller says why, and brings the freed slot to whoever waits, if it is still to be had.
    """
    del desk
    if not records.bookings.end(booking.id, BookingState.CALLED_OFF, by_id, now):
        return False
    records.audit.add(by_id, "booking.called_off", booking.id, now, detail=booking.slot_id)
    return True


def _refuse_taken(records: Records, slot_id: str) -> None:
    """Raise SlotRefused for a slot that is booked: the first question, since it is the answer to most in a rush."""
    if records.bookings.is_taken(slot_id):
        raise SlotRefused(Why.TAKEN)


def _booking(records: Records, command: BookSlot, actor: Member, now: datetime) -> Booking:
    """Return what a student wants as a booking. Raises NotFound, NotActive."""
    return Booking(
        new_id("bkg"),
        command.slot_id,
        actor.id,
        now,
        topic=command.topic.strip(),
        assignment_id=access.assignment(records, command.assignment).id if command.assignment else None,
        link=command.link.strip(),
        with_ids=tuple(access.student(records, reference, now).id for reference in command.fellows),
    )


def _limit(
    records: Records, student: Member, slot: Slot, session: Session, now: datetime, desk: Desk, but_id: str | None
) -> Why | None:
    held = _held(records, student.id, but_id)
    return refusal(wanted(slot, session), held, desk.policy.office_hours, now, desk.policy.programme.tz)


def _held(records: Records, student_id: str, but_id: str | None) -> list[Held]:
    return [one for one in records.bookings.held(student_id) if one.booking_id != but_id]
