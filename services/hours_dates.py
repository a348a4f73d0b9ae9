"""One date of a TA's hours: moved with everyone who has booked, or cancelled with something new for them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from cohort.errors import DateOver, DatePassed
from cohort.office_hours import Session
from cohort.roster import Member
from services import invitations, waitlist
from services.appointments import Appointment, appointment
from services.booking_letters import refresh, tell
from services.bookings import call_off
from services.desk import Desk
from services.hours_letters import tell_called_off
from services.office_hours import HeldDate, held_date, own_session, refuse_overlaps
from services.open_hours_letters import show
from services.open_hours_upkeep import end_line
from services.waitlist_changes import follow
from storage.records import Records


def to_change(session_id: str, actor: Member, now: datetime, desk: Desk) -> HeldDate:
    """Return a date that its TA can still change. Raises DateOver, NotAllowed, NotActive and NotFound."""
    with desk.store.reading() as records:
        return held_date(records, _changeable(records, session_id, actor, now))


def cancel_date(session_id: str, reason: str, actor: Member, now: datetime, desk: Desk) -> HeldDate:
    """Cancel one date; those who have booked are told and offered the next free slots first. Returns what it was.

    Raises DateOver, NotAllowed, NotActive and NotFound.
    """
    with desk.transaction(now) as records:
        before = held_date(records, _changeable(records, session_id, actor, now))
        cancel_session(records, before.session, actor.id, reason.strip(), now, desk)
        return before


def move_date(session_id: str, starts_at: datetime, reason: str, actor: Member, now: datetime, desk: Desk) -> HeldDate:
    """Move one date to another time, with its slots and all who have booked. Returns what it has become.

    Raises DatePassed, HoursOverlap, DateOver, NotAllowed, NotActive and NotFound.
    """
    with desk.transaction(now) as records:
        session = _changeable(records, session_id, actor, now)
        if starts_at <= now:
            raise DatePassed(starts_at)
        moved = moved_to(session, starts_at, now, reason.strip())
        refuse_overlaps(records, session.ta_id, [moved])
        if starts_at != session.starts_at:
            place(records, session, moved, now)
            records.audit.add(actor.id, "office_hours.moved", session.id, now, detail=starts_at.isoformat())
        return held_date(records, moved)


def moved_to(session: Session, starts_at: datetime, now: datetime, reason: str = "") -> Session:
    """Return a session at another time, as long as it was."""
    by = starts_at - session.starts_at
    return replace(
        session,
        starts_at=starts_at,
        ends_at=session.ends_at + by,
        open_until_at=session.open_until_at + by,
        moved_at=now,
        reason=reason,
    )


def place(records: Records, session: Session, moved: Session, now: datetime) -> None:
    """Write a session at its new time, move its slots along, and tell those who have booked."""
    by = moved.starts_at - session.starts_at
    records.office_hours.change_session(moved)
    follow(records, session, by)
    for slot in records.office_hours.slots_of(session.id):
        records.office_hours.move_slot(slot.id, slot.starts_at + by, slot.ends_at + by)
    for booking in records.bookings.of_session(session.id):
        tell_changed(records, booking.id, now)
    in_line = [place for place in records.open_hours.of_session(session.id) if place.state.is_open]
    show(records, session.id, now, *in_line)


def tell_changed(records: Records, booking_id: str, now: datetime) -> None:
    """Note that a booking takes place otherwise than people know, and tell them: cards and calendars."""
    records.bookings.touch(booking_id)
    booking = records.bookings.get(booking_id)
    if booking is not None:
        refresh(records, booking, now)
        tell(records, booking, now)
        invitations.send(records, booking.id, now)


def cancel_session(
    records: Records, session: Session, by_id: str | None, reason: str, now: datetime, desk: Desk
) -> bool:
    """Cancel a session that has not begun, with all its bookings, within a transaction; say whether it stood.

    Those who have booked are told, and offered the next free slots before anyone else.
    """
    if session.cancelled_at is not None:
        return False
    offer_anew(records, cancel_only(records, session, by_id, reason, now, desk), now, desk)
    return True


def cancel_only(
    records: Records, session: Session, by_id: str | None, reason: str, now: datetime, desk: Desk
) -> list[Appointment]:
    """Cancel a session and call off its bookings; return those, to be offered something new once all is done."""
    booked = [appointment(records, booking) for booking in records.bookings.of_session(session.id)]
    if not records.office_hours.cancel(session.id, by_id, reason, now):
        return []
    records.audit.add(by_id, "office_hours.cancelled", session.id, now)
    end_line(records, session.id, now, desk)
    return [about for about in booked if take_away(records, about, by_id, reason, now, desk)]


def give_up_date(
    records: Records, session: Session, by_id: str | None, reason: str, now: datetime, desk: Desk
) -> list[Appointment]:
    """Cancel a session with its series, or for want of a TA: its day is free for another. Returns as `cancel_only`."""
    lost = cancel_only(records, session, by_id, reason, now, desk)
    records.office_hours.give_up(session.id)
    return lost


def take_away(records: Records, about: Appointment, by_id: str | None, reason: str, now: datetime, desk: Desk) -> bool:
    """Call off a booking that the TA can't keep, and say so; say whether it stood."""
    if not call_off(records, about.booking, by_id, now, desk):
        return False
    tell_called_off(records, about, reason, now)
    refresh(records, about.booking, now)
    invitations.send(records, about.booking.id, now)
    return True


def offer_anew(records: Records, lost: Iterable[Appointment], now: datetime, desk: Desk) -> None:
    """Let the students of bookings that were called off go first for the next free slots."""
    for about in lost:
        waitlist.first_choice(records, about.booking, now, desk)


def _changeable(records: Records, session_id: str, actor: Member, now: datetime) -> Session:
    session = own_session(records, session_id, actor, now)
    if session.cancelled_at is not None:
        raise DateOver(is_cancelled=True)
    if session.starts_at <= now:
        raise DateOver(is_cancelled=False)
    return session
