"""What students read whose booking the TA could not keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cohort.bookings import BookingState
from cohort.errors import NotFound
from cohort.roster import Member
from services import access, outbox
from services.appointments import Appointment, appointment
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from storage.records import Records


@dataclass(frozen=True, slots=True)
class CalledOff:
    """For a student who would have come: that it does not take place, and why, if the TA said so."""

    about: Appointment
    reader: Member
    reason: str


def tell_called_off(records: Records, about: Appointment, reason: str, now: datetime) -> None:
    """Queue for each student of a booking that it was called off."""
    for member in (about.student, *about.fellows):
        data = {"booking": about.booking.id, "member": member.id, "reason": reason}
        outbox.post(records, "office_hours.called_off", outbox.to(member), data, _key(about, member), now)


def _key(about: Appointment, member: Member) -> str:
    return f"called_off:{about.booking.id}:{member.id}"


def compose_called_off(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return that a booking was called off; nothing once its time is past."""
    del desk
    booking = records.bookings.get(data["booking"])
    if booking is None:
        raise NotFound("booking", data["booking"])
    about, reader = appointment(records, booking), access.known(records, data["member"])
    if booking.state is not BookingState.CALLED_OFF or about.slot.starts_at <= now or not reader.is_active(now):
        return Obsolete("past, or not called off")
    return Said(CalledOff(about, reader, data["reason"]), latest_at=about.slot.starts_at)


COMPOSERS = {"office_hours.called_off": compose_called_off}
