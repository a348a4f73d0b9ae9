"""Calendar files of bookings: one for each person, made from the booking as it is when it is sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cohort.bookings import Booking, BookingState
from cohort.errors import CohortError
from cohort.invitations import Invitation, Sort, calendar_file
from cohort.office_hours import Session, Slot
from cohort.roster import Member
from services import access, outbox
from services.desk import Desk
from services.letters import Attached, Composed, Obsolete, Said
from storage.records import Records

# Nothing of who or what it is about: names of files are shown in lists and stay on disks.
FILE_NAME: Final = "office-hours.ics"
KIND: Final = "bookings.calendar"


@dataclass(frozen=True, slots=True)
class InvitationNote:
    """For one person: the file for their calendar, with whom and when; `is_change` where they had one before."""

    sort: Sort
    others: Sequence[Member]
    starts_at: datetime
    ends_at: datetime
    is_change: bool


@dataclass(frozen=True, slots=True)
class _Appointment:
    booking: Booking
    slot: Slot
    session: Session

    @property
    def people(self) -> tuple[str, ...]:
        return (self.booking.student_id, *self.booking.with_ids, self.session.ta_id)


def send(records: Records, booking_id: str, now: datetime) -> None:
    """Queue the file of a booking as it has become, for the student, their fellow students and the TA.

    To be called after every change that a calendar must show: booked, another slot, another time, another TA,
    ended. Once for each sequence of the booking, so that it does no harm to call it again.
    """
    appointment = _appointment(records, booking_id)
    for member_id in appointment.people:
        _queue(records, appointment.booking, member_id, now)


def uninvite(records: Records, booking_id: str, member_id: str, now: datetime) -> None:
    """Queue the end of a booking for someone who has no part in it any more, while it goes on for the others.

    To be called after the sequence was raised, as for a TA whose hours somebody else has taken over.
    """
    _queue(records, _appointment(records, booking_id).booking, member_id, now)


def _queue(records: Records, booking: Booking, member_id: str, now: datetime) -> None:
    data = {"booking": booking.id, "sequence": booking.sequence, "member": member_id}
    outbox.post(records, KIND, f"member:{member_id}", data, _key(booking.id, booking.sequence, member_id), now)


def _key(booking_id: str, sequence: int, member_id: str) -> str:
    return f"calendar:{booking_id}:{sequence}:{member_id}"


def _appointment(records: Records, booking_id: str) -> _Appointment:
    booking = records.bookings.get(booking_id)
    slot = records.office_hours.slot(booking.slot_id) if booking else None
    session = records.office_hours.session(slot.session_id) if slot else None
    if booking is None or slot is None or session is None:
        raise CohortError(f"no booking {booking_id}")
    return _Appointment(booking, slot, session)


def compose(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the file as the booking is now; nothing where a newer one follows or there is nothing to take back."""
    appointment, sequence = _appointment(records, data["booking"]), int(data["sequence"])
    reader, booking = access.known(records, data["member"]), appointment.booking
    had_one = records.outbox.maybe_sent(_keys(booking, reader, range(sequence)))
    sort, why = _sort(appointment, reader), _why_not(appointment, reader, now)
    if records.outbox.has(_keys(booking, reader, range(sequence + 1, booking.sequence + 1))):
        why = "a newer one follows"
    elif sort is not Sort.BOOKED and not had_one:
        why = "there is nothing to take back"
    if why:
        return Obsolete(why)
    others = [access.known(records, member_id) for member_id in _others(appointment, reader)]
    note = InvitationNote(sort, others, appointment.slot.starts_at, appointment.slot.ends_at, had_one)
    content = calendar_file(_invitation(appointment, reader, note, desk), now)
    return Said(note, latest_at=appointment.slot.starts_at, attached=Attached(FILE_NAME, content))


def _sort(appointment: _Appointment, reader: Member) -> Sort:
    if appointment.booking.state is not BookingState.BOOKED:
        return Sort.CANCELLED
    return Sort.BOOKED if reader.id in appointment.people else Sort.UNINVITED


def _keys(booking: Booking, reader: Member, sequences: Iterable[int]) -> list[str]:
    return [_key(booking.id, sequence, reader.id) for sequence in sequences]


def _why_not(appointment: _Appointment, reader: Member, now: datetime) -> str:
    if now >= appointment.slot.ends_at:
        return "it is over"
    return "" if reader.is_active(now) else "takes no part at the moment"


def _others(appointment: _Appointment, reader: Member) -> Iterable[str]:
    """Return whom a booking is with: the TA for students, the students for the TA."""
    if reader.id in (appointment.booking.student_id, *appointment.booking.with_ids):
        return (appointment.session.ta_id,)
    return (appointment.booking.student_id, *appointment.booking.with_ids)


def _invitation(appointment: _Appointment, reader: Member, note: InvitationNote, desk: Desk) -> Invitation:
    return Invitation(
        uid=appointment.booking.id,
        sequence=appointment.booking.sequence,
        sort=note.sort,
        starts_at=note.starts_at,
        ends_at=note.ends_at,
        title=f"Office hours with {' and '.join(other.called for other in note.others)}",
        place=appointment.session.place,
        guest=reader.called,
        guest_email=reader.email,
        organizer=desk.policy.programme.name,
    )


COMPOSERS = {KIND: compose}
