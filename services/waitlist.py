"""Bringing free slots to those who wait for one: the first in line is offered it, alone and for a while."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cohort.bookings import Booking, BookingState
from cohort.office_hours import FreeSlot, Session, Slot
from cohort.open_hours import PlaceState
from cohort.roster import Member
from cohort.times import add_days
from cohort.waitlist import Wait, WaitState, in_order, made_up, offer_until
from services import access, outbox
from services.appointments import fellows_most, may_take, open_to
from services.desk import Desk
from services.open_hours_letters import show
from storage.ids import new_id
from storage.records import Records

# An offer that ended is passed on by a job; until it comes, nobody slips in between.
HELD_LONGER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Offered:
    """A wait with the slot that is kept for it, if any."""

    wait: Wait
    student: Member
    slot: Slot | None = None
    session: Session | None = None
    ta: Member | None = None


def freed(records: Records, slot_ids: Iterable[str], now: datetime, desk: Desk) -> None:
    """Offer each of some slots to the first in line for it; without anyone it is free to all."""
    for slot_id in slot_ids:
        slot = records.office_hours.slot(slot_id)
        session = records.office_hours.session(slot.session_id) if slot else None
        if slot is None or session is None or records.bookings.of_slot(slot_id) is not None:
            continue
        if _is_offered_still(records, slot, now):
            continue
        records.office_hours.let_go(slot_id)
        if session.cancelled_at is None and slot.dropped_at is None:
            _offer_to_first(records, FreeSlot(slot, session), now, desk)


def first_choice(records: Records, booking: Booking, now: datetime, desk: Desk) -> None:
    """Offer the next free slot, before anyone else gets it, to the student of a booking that was called off.

    Where none is free, the student waits before all others. Once for one booking.
    """
    go_first(records, booking.student_id, booking.id, now, desk)


def go_first(records: Records, student_id: str, booking_id: str | None, now: datetime, desk: Desk) -> Wait | None:
    """Let a student go before all others to the next free slot, and offer one that is free now.

    Once for one booking, and once for all lines that ended. Returns the wait, None for someone who takes no part at
    the moment.
    """
    student = access.known(records, student_id)
    if not student.is_active(now):
        return None
    for wait in records.waitlist.open_of(student_id):
        if wait.is_first and wait.booking_id == booking_id:
            return wait
    until_at = add_days(now, desk.policy.office_hours.days_ahead, desk.policy.programme.tz)
    wait = Wait(new_id("wai"), student_id, now, until_at, now, is_first=True, booking_id=booking_id)
    records.waitlist.add(wait)
    records.audit.add(None, "waitlist.first", wait.id, now, detail=booking_id or "")
    if not offer_free(records, wait, now, desk):
        outbox.post(records, "waitlist.first", outbox.to(student), {"wait": wait.id}, f"wait_first:{wait.id}", now)
    return wait


def offer_free(records: Records, wait: Wait, now: datetime, desk: Desk) -> bool:
    """Offer someone who waits the soonest slot that is free now; say whether there is one."""
    free = free_for_wait(records, wait, now, desk)
    return free is not None and _offer(records, wait, free.slot, now, desk)


def free_for_wait(records: Records, wait: Wait, now: datetime, desk: Desk) -> FreeSlot | None:
    """Return the soonest slot that is free now and for which nobody stands before someone who waits."""
    offered = {other.slot_id for other in records.waitlist.offered()}
    for free in open_to(records, wait.student_id, now, desk):
        is_wanted = wait.covers(free.slot, free.session) and free.slot.id not in offered
        if is_wanted and _is_next(records, wait, free, now, desk):
            return free
    return None


def leave_all(records: Records, student_id: str, now: datetime) -> None:
    """Take someone out of every line, for a slot and in open hours; what was kept for them goes on to the next."""
    for wait in records.waitlist.open_of(student_id):
        let_go(records, wait, now)
    for place in records.open_hours.open_of(student_id):
        records.open_hours.end(place.id, PlaceState.LEFT, now)
        show(records, place.session_id, now, place)


def let_go(records: Records, wait: Wait, now: datetime) -> None:
    """End an open wait; what was kept for it goes on to the next."""
    if wait.slot_id is not None and _is_kept(records, wait):
        # Until the job comes that passes it on, it is kept for nobody who could take it.
        records.office_hours.hold(wait.slot_id, wait.student_id, now + HELD_LONGER)
    end(records, wait, WaitState.LEFT, now)


def end(records: Records, wait: Wait, state: WaitState, now: datetime) -> bool:
    """Note what became of a wait, and show it where it was offered; say whether it was open until now."""
    if not records.waitlist.end(wait.id, state, now):
        return False
    refresh(records, wait.id, now)
    return True


def is_made_up(records: Records, wait: Wait) -> bool:
    """Say whether someone who goes first has booked something by themselves since, for each loss one booking."""
    if not wait.is_first:
        return False
    firsts = records.waitlist.firsts_of(wait.student_id)
    taken = [one for one in firsts if one.state is WaitState.TAKEN]
    booked = [one for one in records.bookings.of_student(wait.student_id) if one.state is BookingState.BOOKED]
    alone = [one.booked_at for one in booked if not any(_is_taken_as(other, one) for other in taken)]
    return wait.id in made_up(firsts, alone)


def coming_along(records: Records, lost: Booking, now: datetime) -> list[str]:
    """Return who was to come along to a booking that was called off, and takes part still."""
    return [fellow for fellow in lost.with_ids if access.known(records, fellow).is_active(now)]


def wait_on(records: Records, wait: Wait, slot: Slot) -> Wait | None:
    """Let someone wait on who let one offer go and wanted more than that one slot; their place in line stays."""
    if not wait.goes_on_without(slot):
        return None
    again = replace(wait, id=new_id("wai"), state=WaitState.WAITING, slot_id=None, offer_until_at=None, ended_at=None)
    records.waitlist.add(again)
    return again


def refresh(records: Records, wait_id: str, now: datetime) -> None:
    """Queue an update of the message in which something was offered."""
    outbox.refresh(records, "waitlist.standing", {"wait": wait_id}, subject(wait_id), new_id("rev"), now)


def subject(wait_id: str) -> str:
    """Return the name under which the messages about a wait are kept."""
    return f"wait:{wait_id}"


def shown(records: Records, wait: Wait) -> Offered:
    """Return a wait with all that people read of it."""
    slot = records.office_hours.slot(wait.slot_id) if wait.slot_id else None
    session = records.office_hours.session(slot.session_id) if slot else None
    ta_id = session.ta_id if session else wait.ta_id
    ta = access.known(records, ta_id) if ta_id else None
    return Offered(wait, access.known(records, wait.student_id), slot, session, ta)


def waiting(records: Records, student_id: str) -> list[Offered]:
    """Return what a student waits for or is offered, the longest first."""
    return [shown(records, wait) for wait in records.waitlist.open_of(student_id)]


def _is_offered_still(records: Records, slot: Slot, now: datetime) -> bool:
    """Say whether a slot is kept for someone; an offer of it that was overtaken by a booking ends."""
    offer = records.waitlist.offer_of(slot.id)
    if offer is None:
        return False
    if slot.held_for == offer.student_id:
        return True
    end(records, offer, WaitState.DECLINED, now)
    wait_on(records, offer, slot)
    return False


def _offer_to_first(records: Records, free: FreeSlot, now: datetime, desk: Desk) -> bool:
    waits = records.waitlist.waiting_for(free.slot.starts_at, free.slot.ends_at, free.session.ta_id)
    return any(_offer(records, wait, free.slot, now, desk) for wait in _eligible(records, waits, free, now, desk))


def _is_next(records: Records, wait: Wait, free: FreeSlot, now: datetime, desk: Desk) -> bool:
    """Say whether nobody who could take a free slot stands before someone."""
    waits = records.waitlist.waiting_for(free.slot.starts_at, free.slot.ends_at, free.session.ta_id)
    first = next(iter(_eligible(records, waits, free, now, desk)), None)
    return first is not None and first.id == wait.id


def _eligible(records: Records, waits: Sequence[Wait], free: FreeSlot, now: datetime, desk: Desk) -> list[Wait]:
    """Return those of some waits whose students can take a slot, in the order in which it is offered to them."""
    if not waits:
        return []
    passed_on = records.waitlist.passed_on(free.slot.id)
    fresh = [wait for wait in waits if wait.student_id not in passed_on or passed_on[wait.student_id] < wait.joined_at]
    ordered = in_order(fresh, records.bookings.had_any([wait.student_id for wait in fresh]))
    return [wait for wait in ordered if _can_take(records, wait, free, now, desk)]


def _can_take(records: Records, wait: Wait, free: FreeSlot, now: datetime, desk: Desk) -> bool:
    student = access.known(records, wait.student_id)
    if not student.is_active(now) or is_made_up(records, wait) or _until(free.slot, student, now, desk) is None:
        return False
    return _has_room(records, wait, free.session, now) and may_take(free, records.bookings.held(student.id), desk, now)


def _offer(records: Records, wait: Wait, slot: Slot, now: datetime, desk: Desk) -> bool:
    """Keep a slot for someone who waits, and tell them."""
    student = access.known(records, wait.student_id)
    until_at = _until(slot, student, now, desk)
    if until_at is None or not records.waitlist.offer(wait.id, slot.id, until_at):
        return False
    records.office_hours.hold(slot.id, student.id, until_at + HELD_LONGER)
    records.audit.add(None, "waitlist.offered", wait.id, now, detail=slot.id)
    outbox.post(records, "waitlist.offer", outbox.to(student), {"wait": wait.id}, f"wait:{wait.id}:{slot.id}", now)
    return True


def _until(slot: Slot, student: Member, now: datetime, desk: Desk) -> datetime | None:
    return offer_until(slot, student, desk.policy.office_hours, desk.policy.nudges, now)


def _is_taken_as(wait: Wait, booking: Booking) -> bool:
    """Say whether a booking is what was offered: taken by its button, or in the form, and moved since or not."""
    return wait.slot_id == booking.slot_id or wait.ended_at == booking.booked_at


def _has_room(records: Records, wait: Wait, session: Session, now: datetime) -> bool:
    """Say whether a slot of a session has room for all who were to come along to a lost booking."""
    lost = records.bookings.get(wait.booking_id) if wait.booking_id else None
    return lost is None or len(coming_along(records, lost, now)) <= fellows_most(session)


def _is_kept(records: Records, wait: Wait) -> bool:
    slot = records.office_hours.slot(wait.slot_id) if wait.slot_id else None
    return slot is not None and slot.held_for == wait.student_id
