"""Bookings as people see them: what is booked when, with whom and where, and what is free to be booked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cohort.assignments import Assignment
from cohort.bookings import Booking, BookingState, Held, refusal
from cohort.errors import CohortError
from cohort.office_hours import FreeSlot, Session, Slot
from cohort.roster import Member
from cohort.times import add_days
from services import access
from services.desk import Desk
from storage.records import Records

# With how many others a slot is booked at most where its hours name no capacity.
FELLOWS_MOST = 3


@dataclass(frozen=True, slots=True)
class Appointment:
    """A booking with all that people read of it."""

    booking: Booking
    slot: Slot
    session: Session
    ta: Member
    student: Member
    fellows: tuple[Member, ...] = ()
    assignment: Assignment | None = None

    @property
    def stands(self) -> bool:
        """Whether it was not cancelled or called off."""
        return self.booking.state is BookingState.BOOKED

    @property
    def people(self) -> tuple[Member, ...]:
        """Who comes: the student who booked, those named with them, and the TA."""
        return (self.student, *self.fellows, self.ta)


def appointment(records: Records, booking: Booking) -> Appointment:
    """Return a booking with all that people read of it."""
    slot, session = place_of(records, booking.slot_id)
    return Appointment(
        booking,
        slot,
        session,
        access.known(records, session.ta_id),
        access.known(records, booking.student_id),
        tuple(access.known(records, fellow_id) for fellow_id in booking.with_ids),
        access.assignment(records, booking.assignment_id) if booking.assignment_id else None,
    )


def place_of(records: Records, slot_id: str) -> tuple[Slot, Session]:
    """Return a slot that a booking refers to and its session; the foreign keys hold that they exist."""
    slot = records.office_hours.slot(slot_id)
    session = records.office_hours.session(slot.session_id) if slot else None
    if slot is None or session is None:
        raise CohortError(f"no slot {slot_id}")
    return slot, session


def upcoming(records: Records, student_id: str, now: datetime) -> list[Appointment]:
    """Return what a student booked, or was named in, and is not over yet, soonest first."""
    ahead = {held.booking_id for held in records.bookings.held(student_id) if held.ends_at > now}
    standing = [b for b in records.bookings.of_student(student_id) if b.id in ahead and b.state is BookingState.BOOKED]
    return soonest_first(appointment(records, booking) for booking in standing)


def soonest_first(appointments: Iterable[Appointment]) -> list[Appointment]:
    """Return appointments by when they begin."""
    return sorted(appointments, key=lambda one: (one.slot.starts_at, one.booking.id))


def free_for(
    records: Records, student: Member, now: datetime, desk: Desk, *, but_id: str | None = None
) -> list[FreeSlot]:
    """Return every slot that a student could take now, soonest first: free, and within all that policy limits.

    `but_id` is a booking that would be given up for it.
    """
    held = [one for one in records.bookings.held(student.id) if one.booking_id != but_id]
    return [free for free in open_to(records, student.id, now, desk) if may_take(free, held, desk, now)]


def open_to(records: Records, student_id: str, now: datetime, desk: Desk) -> list[FreeSlot]:
    """Return every free slot within the notice and the days ahead, whatever else a student holds, soonest first."""
    policy, tz = desk.policy.office_hours, desk.policy.programme.tz
    from_at = now + timedelta(minutes=policy.notice_minutes)
    return records.office_hours.free(from_at, add_days(now, policy.days_ahead, tz), student_id, now)


def may_take(free: FreeSlot, held: Sequence[Held], desk: Desk, now: datetime) -> bool:
    """Say whether the limits leave a slot to someone who holds these bookings."""
    policy, tz = desk.policy.office_hours, desk.policy.programme.tz
    return refusal(wanted(free.slot, free.session), held, policy, now, tz) is None


def wanted(slot: Slot, session: Session) -> Held:
    """Return a slot as something that a student would hold."""
    return Held("", session.ta_id, slot.starts_at, slot.ends_at)


def fellows_most(session: Session) -> int:
    """Return with how many others a slot of a session may be booked."""
    return FELLOWS_MOST if session.capacity is None else session.capacity - 1
