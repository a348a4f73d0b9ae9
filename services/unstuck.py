"""“Did you get unstuck?” after a booking: one tap, something better where it did not help, totals for organizers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cohort.bookings import Booking
from cohort.errors import NotAllowed, NotFound
from cohort.office_hours import FreeSlot
from cohort.roster import Member
from services import access, outbox
from services.appointments import Appointment, appointment, free_for
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from storage.records import Records

ANSWER = "unstuck.answer"
# How long after a booking the question may still come, and how long it stands unasked.
ASKED_WITHIN = timedelta(hours=12)
STANDS = timedelta(days=2)
OFFERED_MOST: Final = 3
# Fewer than this are never counted together.
GROUP_LEAST: Final = 5


@dataclass(frozen=True, slots=True)
class UnstuckQuestion:
    """For the student who booked: whether it helped."""

    about: Appointment


@dataclass(frozen=True, slots=True)
class UnstuckAnswer:
    """What follows an answer: where it did not help yet, up to three free slots that are longer or another TA's."""

    about: Appointment
    helped: bool
    better: Sequence[FreeSlot] = ()
    tas: Mapping[str, Member] | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """How many said that it helped, and that it did not yet."""

    helped: int
    not_yet: int


def ask_unstuck(desk: Desk, now: datetime) -> int:
    """Queue the question for every booking that is over; return how many are new."""
    with desk.store.reading() as records:
        over = [booking for booking in records.bookings.over(now - ASKED_WITHIN, now) if _is_open(booking)]
    if not over:
        return 0
    with desk.store.transaction() as records:
        return sum([_ask(records, booking, now) for booking in over])


def answer(booking_id: str, actor: Member, now: datetime, desk: Desk, *, helped: bool) -> UnstuckAnswer:
    """Keep whether a booking helped. Raises NotAllowed for all but the student who booked, NotActive and NotFound."""
    access.require_student(actor, ANSWER, now)
    with desk.transaction(now) as records:
        booking = records.bookings.get(booking_id)
        if booking is None:
            raise NotFound("booking", booking_id)
        if booking.student_id != actor.id:
            raise NotAllowed(ANSWER, "the student who booked")
        about = appointment(records, booking)
        if about.stands and about.slot.ends_at <= now:
            records.bookings.answer(booking_id, unstuck=helped)
        if helped:
            return UnstuckAnswer(about, helped=True)
        better = _better(free_for(records, actor, now, desk), about)
        tas = {free.session.ta_id: access.known(records, free.session.ta_id) for free in better}
        return UnstuckAnswer(about, helped=False, better=better, tas=tas)


def totals(records: Records) -> Totals | None:
    """Return what all answers come to; None while they are of fewer than five students."""
    helped, not_yet, students = records.bookings.unstuck()
    return Totals(helped, not_yet) if students >= GROUP_LEAST else None


def _better(free: Sequence[FreeSlot], about: Appointment) -> list[FreeSlot]:
    """Return the soonest slots that are longer than the one there was, or with somebody else."""
    had = about.slot.ends_at - about.slot.starts_at
    fits = (one for one in free if one.session.ta_id != about.ta.id or one.slot.ends_at - one.slot.starts_at > had)
    return list(fits)[:OFFERED_MOST]


def _is_open(booking: Booking) -> bool:
    return booking.attendance is None and booking.unstuck is None


def _ask(records: Records, booking: Booking, now: datetime) -> bool:
    data = {"booking": booking.id}
    until_at = now + STANDS
    recipient = f"member:{booking.student_id}"
    return outbox.post_nudge(records, "unstuck.question", recipient, data, f"unstuck:{booking.id}", now, until_at)


def compose_question(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the question; nothing where it was answered, or the student was not there."""
    del desk
    booking = records.bookings.get(data["booking"])
    about = appointment(records, booking) if booking else None
    if about is None or not about.stands or not _is_open(about.booking):
        return Obsolete("answered meanwhile, or not there")
    if about.slot.ends_at > now or not about.student.is_active(now):
        return Obsolete("moved, or takes no part any more")
    return Said(UnstuckQuestion(about))


COMPOSERS = {"unstuck.question": compose_question}
