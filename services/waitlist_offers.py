"""Joining the line for a slot, taking or declining what is offered, and passing on what nobody took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from cohort.bookings import Booking
from cohort.errors import KeptNoLonger, NotAllowed, NotFound, Unclear
from cohort.office_hours import FreeSlot
from cohort.roster import Member
from cohort.times import DAY, add_days, at_wall, local_day
from cohort.waitlist import Wait, WaitState
from services import access, bookings
from services.appointments import Appointment, appointment
from services.desk import Desk
from services.waitlist import (
    Offered,
    coming_along,
    end,
    free_for_wait,
    freed,
    is_made_up,
    leave_all,
    offer_free,
    refresh,
    shown,
    wait_on,
    waiting,
)
from services.waitlist_changes import widen_lost
from storage.ids import new_id
from storage.records import Records

JOIN, ANSWER = "waitlist.join", "waitlist.answer"
SLOT, DAY_OF = "slot:", "day:"
EXAMPLE = "/office-hours"


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of joining: the wait as it is now, and how many wait for the same since earlier."""

    about: Offered
    before: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Lines:
    """What can be waited for, soonest first: days on which there are hours, and slots that are taken."""

    days: Sequence[date]
    taken: Sequence[FreeSlot]
    tas: Mapping[str, Member]
    waiting: Sequence[Offered]


def lines(actor: Member, now: datetime, desk: Desk) -> Lines:
    """Return what a student can wait for within the days ahead. Raises NotAllowed and NotActive."""
    access.require_student(actor, JOIN, now)
    with desk.store.reading() as records:
        taken = records.waitlist.taken(now, _horizon(now, desk), actor.id)
        tas = {free.session.ta_id: access.known(records, free.session.ta_id) for free in taken}
        days = sorted({local_day(free.slot.starts_at, actor.tz) for free in taken})
        return Lines(days, taken, tas, waiting(records, actor.id))


def join(wanted: str, actor: Member, now: datetime, desk: Desk) -> Joined:
    """Wait for a slot, `slot:<id>`, or any slot of a day in the student's zone, `day:<date>:<member id of a TA or "">`.

    What is free already is offered at once. Raises NotAllowed, NotActive, NotFound, and Unclear for a time that is
    past.
    """
    access.require_student(actor, JOIN, now)
    with desk.transaction(now) as records:
        wait = _wait(records, wanted, actor, now)
        same = [w for w in records.waitlist.open_of(actor.id) if _is_same(w, wait)]
        if same:
            return Joined(shown(records, same[0]), _before(records, same[0]), is_new=False)
        records.waitlist.add(wait)
        records.audit.add(actor.id, "waitlist.joined", wait.id, now)
        offer_free(records, wait, now, desk)
        stored = _own(records, wait.id, actor)
        return Joined(shown(records, stored), _before(records, stored), is_new=True)


def leave(wait_id: str, actor: Member, now: datetime, desk: Desk) -> Offered:
    """Wait no longer; what was kept goes on to the next. Raises NotAllowed, NotActive and NotFound."""
    return _let_go(wait_id, WaitState.LEFT, actor, now, desk)


def decline(wait_id: str, actor: Member, now: datetime, desk: Desk) -> Offered:
    """Let an offer go on to the next at once. Raises NotAllowed, NotActive and NotFound."""
    return _let_go(wait_id, WaitState.DECLINED, actor, now, desk)


def take(wait_id: str, actor: Member, now: datetime, desk: Desk) -> Appointment:
    """Book what is offered; what a lost booking was about comes along.

    Raises KeptNoLonger where it is not theirs any more, SlotRefused where they hold too many bookings, TooManyFellows
    where its hours have become too small for all who come along, NotAllowed, NotActive and NotFound; then nothing
    changes.
    """
    access.require_student(actor, ANSWER, now)
    with desk.transaction(now) as records:
        wait = _own(records, wait_id, actor)
        held = records.bookings.of_slot(wait.slot_id) if wait.slot_id else None
        if held is not None and held.student_id == actor.id:
            end(records, wait, WaitState.TAKEN, now)
            return appointment(records, held)
        slot_id = _still_theirs(records, wait, now)
        booking = _placed(records, wait, slot_id, actor, now, desk)
        end(records, wait, WaitState.TAKEN, now)
        return appointment(records, booking)


def pass_on(desk: Desk, now: datetime) -> int:
    """Pass on what was not taken in time, and offer what has become free; return how many waits that changed."""
    with desk.store.reading() as records:
        offered, kept = records.waitlist.offered(), records.waitlist.kept_for_nobody()
    passed = sum(_settle(wait.id, desk, now) for wait in offered)
    if kept:
        with desk.store.transaction() as records:
            freed(records, records.waitlist.kept_for_nobody(), now, desk)
    widened = widen_lost(desk, now)
    with desk.store.reading() as records:
        waits = [wait for wait in records.waitlist.waiting() if _has_news(records, wait, now, desk)]
    return passed + len(kept) + widened + sum(_look_again(wait.id, desk, now) for wait in waits)


def _let_go(wait_id: str, state: WaitState, actor: Member, now: datetime, desk: Desk) -> Offered:
    access.require_student(actor, ANSWER, now)
    with desk.transaction(now) as records:
        wait = _own(records, wait_id, actor)
        if wait.ended_at is None:
            records.audit.add(actor.id, f"waitlist.{state}", wait.id, now, detail=wait.slot_id or "")
            _finish(records, wait, state, now, desk)
        return shown(records, _own(records, wait_id, actor))


def _finish(records: Records, wait: Wait, state: WaitState, now: datetime, desk: Desk) -> None:
    """End a wait; whoever let only one offer go waits on, and the slot goes to the next."""
    end(records, wait, state, now)
    slot = records.office_hours.slot(wait.slot_id) if wait.slot_id else None
    if slot is None:
        return
    if state is not WaitState.LEFT:
        wait_on(records, wait, slot)
    if slot.held_for == wait.student_id:
        freed(records, [slot.id], now, desk)


def _settle(wait_id: str, desk: Desk, now: datetime) -> bool:
    """Deal with an offer whose time is over, or that fell through; say whether anything changed."""
    with desk.store.transaction() as records:
        wait = records.waitlist.get(wait_id)
        if wait is None or wait.state is not WaitState.OFFERED or wait.slot_id is None:
            return False
        booked = records.bookings.of_slot(wait.slot_id)
        if booked is not None and booked.student_id == wait.student_id:
            return end(records, wait, WaitState.TAKEN, now)
        if not _may_return(records, wait, now) or is_made_up(records, wait):
            _finish(records, wait, WaitState.LEFT, now, desk)
        elif not _is_kept(records, wait):
            records.waitlist.put_back(wait.id)
            refresh(records, wait.id, now)
        elif wait.offer_until_at is not None and wait.offer_until_at <= now:
            records.audit.add(None, "waitlist.lapsed", wait.id, now, detail=wait.slot_id)
            _finish(records, wait, WaitState.LAPSED, now, desk)
        else:
            return False
        return True


def _has_news(records: Records, wait: Wait, now: datetime, desk: Desk) -> bool:
    is_there = _may_return(records, wait, now)
    is_over = wait.until_at <= now or is_made_up(records, wait)
    return not is_there or is_over or free_for_wait(records, wait, now, desk) is not None


def _may_return(records: Records, wait: Wait, now: datetime) -> bool:
    """Say whether whoever waits takes part, or wants to leave and can still undo it."""
    return (
        access.known(records, wait.student_id).is_active(now) or records.leavings.open_of(wait.student_id) is not None
    )


def _look_again(wait_id: str, desk: Desk, now: datetime) -> bool:
    """End a wait whose time is past or whose student is gone, or offer what is free; say whether that changed it."""
    with desk.store.transaction() as records:
        wait = records.waitlist.get(wait_id)
        if wait is None or wait.state is not WaitState.WAITING:
            return False
        if not _may_return(records, wait, now):
            leave_all(records, wait.student_id, now)
            return True
        if is_made_up(records, wait):
            return end(records, wait, WaitState.LEFT, now)
        if wait.until_at <= now:
            return end(records, wait, WaitState.LAPSED, now)
        return offer_free(records, wait, now, desk)


def _wait(records: Records, wanted: str, actor: Member, now: datetime) -> Wait:
    """Return what is to be waited for. Raises NotFound and Unclear."""
    if wanted.startswith(SLOT):
        wait = _for_slot(records, wanted.removeprefix(SLOT), actor, now)
    else:
        wait = _for_day(records, wanted.removeprefix(DAY_OF), actor, now)
    if wait.until_at <= now:
        raise Unclear("That time is past.", EXAMPLE)
    return wait


def _for_slot(records: Records, slot_id: str, actor: Member, now: datetime) -> Wait:
    slot = records.office_hours.slot(slot_id)
    session = records.office_hours.session(slot.session_id) if slot else None
    if slot is None or session is None or slot.dropped_at is not None or session.cancelled_at is not None:
        raise NotFound("slot", slot_id)
    return Wait(new_id("wai"), actor.id, slot.starts_at, slot.ends_at, now, session.ta_id)


def _for_day(records: Records, wanted: str, actor: Member, now: datetime) -> Wait:
    day, _, ta_id = wanted.partition(":")
    try:
        on = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound("day", day[:20]) from error
    ta = access.person(records, ta_id) if ta_id else None
    if ta is not None and not ta.is_staff:
        raise NotFound("TA", ta_id)
    first, last = at_wall(on, time(0), actor.tz), at_wall(on + DAY, time(0), actor.tz)
    return Wait(new_id("wai"), actor.id, first, last, now, ta.id if ta else None)


def _is_same(wait: Wait, other: Wait) -> bool:
    return (wait.from_at, wait.until_at, wait.ta_id) == (other.from_at, other.until_at, other.ta_id)


def _before(records: Records, wait: Wait) -> int:
    """Return how many others wait for the same time, of the same TA or of anyone, since earlier."""
    others = {
        other.student_id
        for other in records.waitlist.waiting()
        if other.joined_at < wait.joined_at
        and other.from_at < wait.until_at
        and wait.from_at < other.until_at
        and (None in (other.ta_id, wait.ta_id) or other.ta_id == wait.ta_id)
    }
    return len(others - {wait.student_id})


def _own(records: Records, wait_id: str, actor: Member) -> Wait:
    """Return a student's own wait. Raises NotAllowed and NotFound."""
    wait = records.waitlist.get(wait_id)
    if wait is None:
        raise NotFound("offer", wait_id)
    if wait.student_id != actor.id:
        raise NotAllowed(ANSWER, "the student it was offered to")
    return wait


def _still_theirs(records: Records, wait: Wait, now: datetime) -> str:
    """Return the slot that is kept for a wait. Raises KeptNoLonger."""
    if wait.state is WaitState.OFFERED and wait.slot_id and wait.offer_until_at and now < wait.offer_until_at:
        if _is_kept(records, wait):
            return wait.slot_id
        raise KeptNoLonger(None, waits_on=True)
    lapsed = wait.state in {WaitState.OFFERED, WaitState.LAPSED}
    raise KeptNoLonger(wait.offer_until_at if lapsed else None, waits_on=_waits_on(records, wait))


def _waits_on(records: Records, wait: Wait) -> bool:
    """Say whether a student stands in line still, or will as soon as a lapsed offer is passed on."""
    slot = records.office_hours.slot(wait.slot_id) if wait.slot_id else None
    if wait.state is WaitState.OFFERED and slot is not None:
        return wait.goes_on_without(slot)
    return any(other.joined_at == wait.joined_at for other in records.waitlist.open_of(wait.student_id))


def _placed(records: Records, wait: Wait, slot_id: str, actor: Member, now: datetime, desk: Desk) -> Booking:
    lost = records.bookings.get(wait.booking_id) if wait.booking_id else None
    if lost is None:
        return bookings.place(records, actor, slot_id, now, desk)
    return bookings.place(
        records,
        actor,
        slot_id,
        now,
        desk,
        topic=lost.topic,
        assignment_id=lost.assignment_id,
        link=lost.link,
        with_ids=coming_along(records, lost, now),
    )


def _is_kept(records: Records, wait: Wait) -> bool:
    slot = records.office_hours.slot(wait.slot_id) if wait.slot_id else None
    session = records.office_hours.session(slot.session_id) if slot else None
    if slot is None or session is None or session.cancelled_at is not None:
        return False
    return slot.held_for == wait.student_id and records.bookings.of_slot(slot.id) is None


def _horizon(now: datetime, desk: Desk) -> datetime:
    return add_days(now, desk.policy.office_hours.days_ahead, desk.policy.programme.tz)
