"""Who came to what they had booked: it is assumed, a TA enters exceptions, and they can be corrected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cohort.bookings import Attendance, Booking
from cohort.errors import BookingOver, NotAllowed, NotFound, Unclear
from cohort.office_hours import Session
from cohort.roster import Member, Role
from services import access, outbox
from services.appointments import Appointment, appointment
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from services.lines import session_of
from storage.ids import new_id
from storage.records import Records

ENTER = "no_shows.enter"
CAME = "came"
TWICE = 2


@dataclass(frozen=True, slots=True)
class WhoCame:
    """For a TA: the bookings of a session that has ended, and what was entered of each."""

    session: Session
    booked: Sequence[Appointment]


@dataclass(frozen=True, slots=True)
class NotCome:
    """A student who did not come to bookings they had made, twice or more, the first one first."""

    student: Member
    missed: Sequence[Appointment]


def enter(booking_id: str, what: str, actor: Member, now: datetime, desk: Desk) -> Appointment:
    """Enter that nobody came to a booking, that it was excused, or that they came after all; once it has begun.

    `what` is an Attendance, or CAME. Raises NotAllowed, NotActive, NotFound, and Unclear before it begins.
    """
    access.require_staff(actor, ENTER, now)
    if what not in {CAME, *Attendance}:
        raise NotFound("attendance", what)
    with desk.transaction(now) as records:
        about = _to_enter(records, booking_id, actor, now)
        records.bookings.enter(booking_id, None if what == CAME else Attendance(what))
        records.audit.add(actor.id, "booking.attendance", booking_id, now, detail=what)
        data: dict[str, Any] = {"session": about.session.id}
        outbox.refresh(records, "no_shows.standing", data, subject(about.session.id), new_id("rev"), now)
        return appointment(records, _stored(records, booking_id))


def not_come(records: Records, least: int = TWICE) -> list[NotCome]:
    """Return the students who did not come to at least so many bookings of theirs, excused ones left out.

    A fact for whoever follows up with someone, never a penalty: nothing is refused because of it.
    """
    found: dict[str, list[Appointment]] = {}
    for booking in records.bookings.absent():
        found.setdefault(booking.student_id, []).append(appointment(records, booking))
    often = {student_id: missed for student_id, missed in found.items() if len(missed) >= least}
    return [NotCome(access.known(records, student_id), missed) for student_id, missed in sorted(often.items())]


def ask_who_came(records: Records, session: Session, now: datetime) -> None:
    """Queue the bookings of a session that has ended for its TA, to enter exceptions."""
    if records.bookings.of_session(session.id):
        data = {"session": session.id}
        outbox.post(records, "no_shows.who_came", f"member:{session.ta_id}", data, f"who_came:{session.id}", now)


def subject(session_id: str) -> str:
    """Return the name under which the message about who came is kept."""
    return f"who_came:{session_id}"


def compose_who_came(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the bookings of a session; nothing where none is left."""
    del desk, now
    found = _who_came(records, data["session"])
    return Said(found, subject(found.session.id)) if found.booked else Obsolete("nothing was booked")


def compose_standing(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the bookings of a session with what is entered now."""
    del desk, now
    return Said(_who_came(records, data["session"]), subject(data["session"]))


def _who_came(records: Records, session_id: str) -> WhoCame:
    booked = [appointment(records, booking) for booking in records.bookings.of_session(session_id)]
    return WhoCame(session_of(records, session_id), booked)


def _to_enter(records: Records, booking_id: str, actor: Member, now: datetime) -> Appointment:
    about = appointment(records, _stored(records, booking_id))
    if actor.id != about.ta.id and actor.role is not Role.ORGANIZER:
        raise NotAllowed(ENTER, "the TA of those hours, and organizers,")
    if not about.stands:
        raise BookingOver(is_cancelled=True)
    if now < about.slot.starts_at:
        raise Unclear("That booking has not begun yet, so nobody can have missed it.", "/office-hours")
    return about


def _stored(records: Records, booking_id: str) -> Booking:
    booking = records.bookings.get(booking_id)
    if booking is None:
        raise NotFound("booking", booking_id)
    return booking


COMPOSERS = {"no_shows.who_came": compose_who_came, "no_shows.standing": compose_standing}
