"""Reminders of a booking: the day before and minutes before, to everyone who comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cohort.assignments import Assignment
from cohort.bookings import Booking
from cohort.roster import Member
from cohort.submissions import Submission
from services import access, outbox
from services.appointments import Appointment, appointment
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from storage.records import Records

DAY = timedelta(days=1)
# How late the reminder of the day before may still come, and how often it is looked what is next.
HALF_DAY = timedelta(hours=12)
LOOK = timedelta(minutes=5)
# Whoever wakes as it begins has to hear of it before.
IN_TIME = timedelta(minutes=2)
WORK_MOST: Final = 3
TOMORROW, SOON = "tomorrow", "soon"


@dataclass(frozen=True, slots=True)
class Recent:
    """Something that a student handed in lately; `passed` is None until they may know."""

    assignment: Assignment
    submission: Submission

    @property
    def passed(self) -> bool | None:
        """Whether it passed, as far as the student knows."""
        return self.submission.passes(self.assignment) if self.submission.is_graded else None


@dataclass(frozen=True, slots=True)
class BookingReminder:
    """For one of those who come: the booking is tomorrow, or in minutes (`is_soon`); for the TA with recent work."""

    about: Appointment
    reader: Member
    is_soon: bool
    recent: Sequence[Recent] = ()


def remind(desk: Desk, now: datetime) -> int:
    """Queue the reminders of all bookings that are about a day or some minutes away; return how many are new."""
    before = timedelta(minutes=desk.policy.office_hours.reminder_minutes)
    with desk.store.reading() as records:
        tomorrow = [
            booking
            for booking in records.bookings.starting(now + HALF_DAY, now + DAY)
            if _is_long_known(appointment(records, booking))
        ]
        soon = records.bookings.starting(now, now + before + LOOK)
    if not tomorrow and not soon:
        return 0
    with desk.store.transaction() as records:
        queued = [_remind(records, one, TOMORROW, now, now) for one in tomorrow]
        queued += [_remind(records, one, SOON, now, _starts_at(records, one) - before) for one in soon]
    return sum(queued)


def _is_long_known(about: Appointment) -> bool:
    """Say whether all who come have known for more than a day when it begins: else they heard of it just now."""
    changed = [at for at in (about.booking.moved_at, about.session.moved_at) if at is not None]
    return about.slot.starts_at - max([about.booking.booked_at, *changed]) > DAY


def _remind(records: Records, booking: Booking, when: str, now: datetime, at: datetime) -> int:
    """Queue one reminder for everyone who comes to a booking, to be said at an instant; return how many are new."""
    about = appointment(records, booking)
    starts = about.slot.starts_at.isoformat()
    queued = 0
    for member in about.people:
        data = {"booking": booking.id, "starts": starts, "when": when, "member": member.id}
        key = f"booking_reminder:{booking.id}:{starts}:{when}:{member.id}"
        queued += outbox.post_at(records, "bookings.reminder", outbox.to(member), data, key, now, max(at, now))
    return queued


def _starts_at(records: Records, booking: Booking) -> datetime:
    return appointment(records, booking).slot.starts_at


def compose_reminder(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return a reminder of a booking; nothing where it was moved, has ended, or the reader has no part in it."""
    booking = records.bookings.get(data["booking"])
    about = appointment(records, booking) if booking else None
    reader = access.known(records, data["member"])
    if about is None or not about.stands or reader not in about.people or not reader.is_active(now):
        return Obsolete("ended, or takes no part any more")
    if about.slot.starts_at.isoformat() != data["starts"] or about.slot.starts_at <= now:
        return Obsolete("moved, or begun")
    del desk
    recent = _recent(records, about) if reader.id == about.ta.id else []
    reminder = BookingReminder(about, reader, data["when"] == SOON, recent)
    return Said(reminder, latest_at=about.slot.starts_at - IN_TIME)


def _recent(records: Records, about: Appointment) -> list[Recent]:
    """Return what the student handed in last, the latest first; nothing to a TA with a conflict of interest."""
    if about.student.id in records.graders.in_conflict(about.ta.id):
        return []
    latest: dict[str, Submission] = {}
    for submission in sorted(records.submissions.of_student(about.student.id), key=lambda one: one.submitted_at):
        latest.pop(submission.assignment_id, None)
        latest[submission.assignment_id] = submission
    chosen = list(latest.values())[-WORK_MOST:]
    return [Recent(access.assignment(records, one.assignment_id), one) for one in reversed(chosen)]


COMPOSERS = {"bookings.reminder": compose_reminder}
