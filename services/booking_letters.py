"""What people are sent about a booking: the card of who comes, kept as it is now, and that it has ended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cohort.bookings import Booking, BookingState
from cohort.errors import NotFound
from cohort.roster import Member
from services import access, outbox
from services.appointments import Appointment, appointment
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from storage.records import Records


@dataclass(frozen=True, slots=True)
class BookingCard:
    """For one of those who come: the booking as it is; `is_moved` where it was at another time before."""

    about: Appointment
    reader: Member
    is_moved: bool = False
    is_over: bool = False

    @property
    def is_theirs(self) -> bool:
        """Whether the reader still has a part in it."""
        return self.about.stands and self.reader in self.about.people


@dataclass(frozen=True, slots=True)
class BookingEnded:
    """For one of those who would have come: that it does not take place; `by` is who ended it, if not staff."""

    about: Appointment
    reader: Member
    by: Member | None


def tell(records: Records, booking: Booking, now: datetime) -> None:
    """Queue what everyone who comes to a booking reads of it as it is now."""
    tell_of(records, appointment(records, booking), now)


def tell_of(records: Records, about: Appointment, now: datetime) -> None:
    """Queue what everyone reads of a booking that was looked up just now."""
    booking = about.booking
    for member in about.people:
        data = {"booking": booking.id, "sequence": booking.sequence, "as": _as(about), "member": member.id}
        key = f"booking:{booking.id}:{booking.sequence}:{member.id}"
        outbox.post(records, "bookings.card", outbox.to(member), data, key, now)


def _as(about: Appointment) -> str:
    """Return what a card tells: who comes along may change until it is sent, what is told here may not."""
    return f"{about.slot.id} {about.slot.starts_at.isoformat()} {about.ta.id}"


def tell_ended(records: Records, before: Appointment, readers: Iterable[Member], now: datetime) -> None:
    """Queue for those who would have come that nobody comes at that time."""
    for member in readers:
        data = {"booking": before.booking.id, "slot": before.slot.id, "member": member.id}
        key = f"booking_ended:{before.booking.id}:{before.booking.sequence}:{member.id}"
        outbox.post(records, "bookings.ended", outbox.to(member), data, key, now)


def refresh(records: Records, booking: Booking, now: datetime) -> None:
    """Queue an update of every card of a booking, of those too who had a part in it until now."""
    stamp = now.isoformat()
    for member in appointment(records, booking).people:
        data = {"booking": booking.id, "member": member.id}
        outbox.refresh(records, "bookings.standing", data, subject(booking.id, member.id), stamp, now)


def subject(booking_id: str, member_id: str) -> str:
    """Return the name under which the cards that one person has of a booking are kept."""
    return f"booking:{booking_id}:{member_id}"


def compose_card(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return a booking for one of those who come; nothing where it has changed since, or is over."""
    del desk
    about, reader = _found(records, data)
    if data["as"] != _as(about) or not about.stands or reader not in about.people:
        return Obsolete("changed meanwhile")
    if about.slot.ends_at <= now or not reader.is_active(now):
        return Obsolete("over, or takes no part at the moment")
    card = BookingCard(about, reader, is_moved=data["sequence"] > 0)
    return Said(card, subject(about.booking.id, reader.id), latest_at=about.slot.starts_at)


def compose_standing(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return a booking as it stands now."""
    del desk
    about, reader = _found(records, data)
    card = BookingCard(about, reader, about.booking.sequence > 0, is_over=about.slot.ends_at <= now)
    return Said(card, subject(about.booking.id, reader.id))


def compose_ended(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return that nobody comes at a time that someone was told of; nothing once that time is past."""
    del desk
    about, reader = _found(records, data)
    slot = records.office_hours.slot(data["slot"])
    if slot is None or slot.starts_at <= now or not reader.is_active(now):
        return Obsolete("past, or takes no part at the moment")
    cancelled = about.booking.state is BookingState.CANCELLED
    by = about.student if cancelled or about.stands else None
    return Said(BookingEnded(_at(about, slot.id, records), reader, by), latest_at=slot.starts_at)


def _at(about: Appointment, slot_id: str, records: Records) -> Appointment:
    """Return a booking as it was in the slot that someone was told of."""
    if about.slot.id == slot_id:
        return about
    return appointment(records, replace(about.booking, slot_id=slot_id))


def _found(records: Records, data: Mapping[str, Any]) -> tuple[Appointment, Member]:
    booking = records.bookings.get(data["booking"])
    if booking is None:
        raise NotFound("booking", data["booking"])
    return appointment(records, booking), access.known(records, data["member"])


COMPOSERS = {
    "bookings.card": compose_card,
    "bookings.standing": compose_standing,
    "bookings.ended": compose_ended,
}
