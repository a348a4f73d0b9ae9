"""What a student is told about a slot that they waited for: the offer, what became of it, and that they go first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cohort.errors import NotFound
from cohort.roster import Member
from cohort.waitlist import Wait, WaitState
from services import access
from services.appointments import Appointment, appointment
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from services.waitlist import Offered, shown, subject
from storage.records import Records


@dataclass(frozen=True, slots=True)
class OfferNote:
    """For a student: a slot that is kept for them, or what became of it; `lost` is the booking it makes up for."""

    about: Offered
    lost: Appointment | None = None
    is_standing: bool = False


@dataclass(frozen=True, slots=True)
class FirstNote:
    """For a student who goes before all others: that nothing is free yet."""

    about: Offered
    lost: Appointment | None = None


@dataclass(frozen=True, slots=True)
class WidenedNote:
    """For a student: the one slot they waited for, from an instant on with a TA, is no more, and its day is."""

    about: Offered
    from_at: datetime
    ta: Member


def _lost(records: Records, wait: Wait) -> Appointment | None:
    booking = records.bookings.get(wait.booking_id) if wait.booking_id else None
    return appointment(records, booking) if booking else None


def _stored(records: Records, data: Mapping[str, Any]) -> Wait:
    wait = records.waitlist.get(data["wait"])
    if wait is None:
        raise NotFound("offer", data["wait"])
    return wait


def compose_offer(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return an offer; nothing where it is over before it could be told."""
    del desk
    wait = _stored(records, data)
    if wait.state is not WaitState.OFFERED or not wait.offer_until_at or wait.offer_until_at <= now:
        return Obsolete("over before it was told")
    return Said(OfferNote(shown(records, wait), _lost(records, wait)), subject(wait.id), wait.offer_until_at)


def compose_standing(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return an offer as it stands now."""
    del desk, now
    wait = _stored(records, data)
    return Said(OfferNote(shown(records, wait), _lost(records, wait), is_standing=True), subject(wait.id))


def compose_first(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return that somebody goes first as soon as anything is free; nothing once something was offered."""
    del desk, now
    wait = _stored(records, data)
    if wait.state is not WaitState.WAITING:
        return Obsolete("something was offered meanwhile")
    return Said(FirstNote(shown(records, wait), _lost(records, wait)))


def compose_widened(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return that somebody waits for a day now; nothing once they wait no more, or something was offered."""
    del desk
    wait = _stored(records, data)
    if wait.state is not WaitState.WAITING or wait.until_at <= now:
        return Obsolete("waits no more, or something was offered")
    return Said(
        WidenedNote(shown(records, wait), datetime.fromisoformat(data["from"]), access.known(records, data["ta"]))
    )


COMPOSERS = {
    "waitlist.offer": compose_offer,
    "waitlist.standing": compose_standing,
    "waitlist.first": compose_first,
    "waitlist.widened": compose_widened,
}
