"""What a student can choose from: what is on next, the form for a booking, the soonest slots while they are awake."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from cohort.assignments import Assignment
from cohort.bookings import Why, refusal
from cohort.errors import Unclear
from cohort.office_hours import FreeSlot, Session
from cohort.roster import Member
from cohort.slot_wishes import SlotWish
from cohort.times import add_days, is_waking
from services import access
from services.appointments import Appointment, free_for, open_to, upcoming, wanted
from services.bookings import BOOK, BookSlot
from services.desk import Desk
from services.hand_in_forms import options
from services.waitlist import Offered, waiting
from storage.records import Records

EVERYTHING: Final = "all"
TA, TOPIC = "ta:", "topic:"
TOPIC_MOST: Final = 140
PAGE: Final = 10
SOONEST: Final = 3
LIMITS = frozenset({Why.SAME_TA, Why.OPEN, Why.WEEK})


@dataclass(frozen=True, slots=True)
class Next:
    """One row of what is on: a slot to be booked, or a session that is open to anyone."""

    session: Session
    ta: Member
    free: FreeSlot | None = None

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return self.free.slot.starts_at if self.free else self.session.starts_at

    @property
    def ends_at(self) -> datetime:
        """When it ends; an open session as far as it is open."""
        return self.free.slot.ends_at if self.free else self.session.open_until_at


@dataclass(frozen=True, slots=True)
class Overview:
    """One page of what is on next, soonest first. `chosen` is the filter, `limits` why free slots are left out."""

    been: bool
    own: Sequence[Appointment]
    rows: Sequence[Next]
    tas: Sequence[Member]
    topics: Sequence[str]
    chosen: str
    limits: frozenset[Why]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class BookForm:
    """What the form for a booking starts with. `refused` is why the slot that was wanted can't be had.

    `awake` are the slots, by id, at which the student is usually awake.
    """

    been: bool
    free: Sequence[FreeSlot]
    tas: Mapping[str, Member]
    assignments: Sequence[Assignment]
    slot_id: str = ""
    assignment_id: str = ""
    refused: Why | None = None
    awake: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MoveForm:
    """What the form for another slot starts with: the slots there are, whose they are, and which is chosen.

    `awake` as in a `BookForm`.
    """

    free: Sequence[FreeSlot]
    tas: Mapping[str, Member]
    slot_id: str = ""
    awake: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Soonest:
    """Up to three slots that begin soonest while a student is awake, and what they are to be about.

    `wish` is when they would like to meet, `with_ta` with whom; `is_met` says whether the slots are like that, since
    where there are none, the soonest ones are offered all the same.
    """

    slots: Sequence[Next]
    assignment: Assignment | None
    limits: frozenset[Why]
    wish: SlotWish | None = None
    with_ta: Member | None = None
    is_met: bool = True


@dataclass(frozen=True, slots=True)
class Mine:
    """What a student has booked or comes along to, and what they wait for."""

    own: Sequence[Appointment]
    waiting: Sequence[Offered] = ()


def overview(actor: Member, now: datetime, desk: Desk, chosen: str = EVERYTHING, page: int = 0) -> Overview:
    """Return what is on next for a student, filtered by a TA or a topic. Raises NotAllowed and NotActive."""
    access.require_student(actor, BOOK, now)
    with desk.store.reading() as records:
        free = free_for(records, actor, now, desk)
        rows = sorted([*_open_rows(records, now, desk), *_rows(records, free)], key=lambda row: row.starts_at)
        shown = [row for row in rows if _fits(row, chosen)]
        pages = max(1, -(-len(shown) // PAGE))
        page = min(max(page, 0), pages - 1)
        return Overview(
            been=records.bookings.has_been(actor.id, now),
            own=upcoming(records, actor.id, now),
            rows=shown[page * PAGE : (page + 1) * PAGE],
            tas=sorted({row.ta.id: row.ta for row in rows}.values(), key=lambda ta: ta.called),
            topics=sorted({row.session.topic[:TOPIC_MOST] for row in rows if row.session.topic}),
            chosen=chosen,
            limits=_limits(records, actor, now, desk),
            page=page,
            pages=pages,
        )


def named(text: str, actor: Member, now: datetime, desk: Desk) -> str:
    """Return the filter that a word after the command means: a TA or a topic. Raises Unclear."""
    wanted_word = text.strip().lstrip("@").casefold()
    if not wanted_word:
        return EVERYTHING
    found = overview(actor, now, desk)
    for ta in found.tas:
        if wanted_word in {ta.name.casefold(), ta.called.casefold(), ta.email.casefold()}:
            return f"{TA}{ta.id}"
    for topic in found.topics:
        if wanted_word in topic.casefold():
            return f"{TOPIC}{topic}"
    example = f"/office-hours {found.tas[0].called}" if found.tas else "/office-hours"
    raise Unclear(f"I see no office hours ahead with or about “{text.strip()[:40]}”.", example)


def to_book(slot_id: str, assignment: str, actor: Member, now: datetime, desk: Desk) -> BookForm:
    """Return the form for a booking, with a slot and an assignment chosen where they are given.

    Raises NotAllowed, NotActive and NotFound.
    """
    access.require_student(actor, BOOK, now)
    offered = [option.assignment for option in options(actor, now, desk)]
    with desk.store.reading() as records:
        about = access.assignment(records, assignment) if assignment else None
        if about is not None and about not in offered:
            offered.insert(0, about)
        free = free_for(records, actor, now, desk)
        why = _why_not(records, slot_id, free, actor, now, desk)
        return BookForm(
            been=records.bookings.has_been(actor.id, now),
            free=free,
            tas=tas_of(records, free),
            assignments=offered,
            slot_id=slot_id if why is None else nearest(records, slot_id, free),
            assignment_id=about.id if about else "",
            refused=why,
            awake=_awake_at(free, actor, desk),
        )


def renewed(command: BookSlot, why: Why, actor: Member, now: datetime, desk: Desk) -> BookForm:
    """Return the form once more, with what is free instead of a slot that was refused; the nearest is chosen."""
    return replace(to_book(command.slot_id, command.assignment, actor, now, desk), been=True, refused=why)


def nearest(records: Records, slot_id: str, free: Sequence[FreeSlot]) -> str:
    """Return the id of the free slot that begins nearest to another one; the soonest where that is not known."""
    wanted_slot = records.office_hours.slot(slot_id)
    if wanted_slot is None or not free:
        return ""
    return min(free, key=lambda one: abs(one.slot.starts_at - wanted_slot.starts_at)).slot.id


def to_move(booking_id: str, near_id: str, actor: Member, now: datetime, desk: Desk) -> MoveForm:
    """Return the slots that a student could have in the place of a booking; the one nearest to another is chosen."""
    access.require_student(actor, BOOK, now)
    with desk.store.reading() as records:
        free = free_for(records, actor, now, desk, but_id=booking_id)
        return MoveForm(free, tas_of(records, free), nearest(records, near_id, free), _awake_at(free, actor, desk))


def soonest(
    assignment: str,
    actor: Member,
    now: datetime,
    desk: Desk,
    wish: SlotWish | None = None,
    with_ta: Member | None = None,
) -> Soonest:
    """Return the three soonest slots while a student is awake, of those that are as wished where there are any.

    Raises NotAllowed, NotActive and NotFound.
    """
    access.require_student(actor, BOOK, now)
    with desk.store.reading() as records:
        about = access.assignment(records, assignment) if assignment else None
        awake = [free for free in free_for(records, actor, now, desk) if _is_awake(free, actor, desk)]
        liked = [free for free in awake if _is_wished(free, actor, wish, with_ta)]
        rows = _rows(records, (liked or awake)[:SOONEST])
        return Soonest(rows, about, _limits(records, actor, now, desk), wish, with_ta, bool(liked))


def _awake_at(free: Sequence[FreeSlot], actor: Member, desk: Desk) -> frozenset[str]:
    return frozenset(one.slot.id for one in free if _is_awake(one, actor, desk))


def _is_wished(free: FreeSlot, actor: Member, wish: SlotWish | None, with_ta: Member | None) -> bool:
    is_time = wish is None or wish.is_met(free.slot.starts_at, actor.tz)
    return is_time and (with_ta is None or free.session.ta_id == with_ta.id)


def mine(actor: Member, now: datetime, desk: Desk) -> Mine:
    """Return what a student holds or comes along to, soonest first, and waits for. Raises NotAllowed and NotActive."""
    access.require_student(actor, BOOK, now)
    with desk.store.reading() as records:
        return Mine(upcoming(records, actor.id, now), waiting(records, actor.id))


def tas_of(records: Records, free: Sequence[FreeSlot]) -> dict[str, Member]:
    """Return whose hours some slots are, by id."""
    return {ta_id: access.known(records, ta_id) for ta_id in {one.session.ta_id for one in free}}


def _rows(records: Records, free: Sequence[FreeSlot]) -> list[Next]:
    tas = tas_of(records, free)
    return [Next(one.session, tas[one.session.ta_id], one) for one in free]


def _open_rows(records: Records, now: datetime, desk: Desk) -> list[Next]:
    """Return the sessions that are open to anyone, now or within the days ahead."""
    until_at = add_days(now, desk.policy.office_hours.days_ahead, desk.policy.programme.tz)
    sessions = records.office_hours.sessions_between(now, until_at)
    is_open = [one for one in sessions if one.is_open and one.open_until_at > now]
    tas = {ta_id: access.known(records, ta_id) for ta_id in {one.ta_id for one in is_open}}
    return [Next(one, tas[one.ta_id]) for one in is_open]


def _fits(row: Next, chosen: str) -> bool:
    """Say whether a row is of the TA or topic chosen; who names no topic helps with everything."""
    if chosen.startswith(TA):
        return row.ta.id == chosen.removeprefix(TA)
    if chosen.startswith(TOPIC):
        return row.session.topic[:TOPIC_MOST] in {"", chosen.removeprefix(TOPIC)}
    return True


def _limits(records: Records, actor: Member, now: datetime, desk: Desk) -> frozenset[Why]:
    """Return the limits for which slots that are free are left out."""
    held, policy, tz = records.bookings.held(actor.id), desk.policy.office_hours, desk.policy.programme.tz
    whys = {
        refusal(wanted(free.slot, free.session), held, policy, now, tz)
        for free in open_to(records, actor.id, now, desk)
    }
    return frozenset(why for why in whys if why in LIMITS)


def _why_not(
    records: Records, slot_id: str, free: Sequence[FreeSlot], actor: Member, now: datetime, desk: Desk
) -> Why | None:
    """Return why a slot that was wanted is not among those that can be had."""
    if not slot_id or any(one.slot.id == slot_id for one in free):
        return None
    for one in open_to(records, actor.id, now, desk):
        if one.slot.id == slot_id:
            held = records.bookings.held(actor.id)
            return refusal(wanted(one.slot, one.session), held, desk.policy.office_hours, now, desk.policy.programme.tz)
    slot = records.office_hours.slot(slot_id)
    return Why.TAKEN if slot is not None and records.bookings.of_slot(slot_id) else Why.GONE


def _is_awake(free: FreeSlot, reader: Member, desk: Desk) -> bool:
    """Say whether a slot lies within someone's waking hours from its beginning to its end."""
    quiet = desk.policy.nudges.quiet_from, desk.policy.nudges.quiet_until
    return all(is_waking(at, reader.tz, *quiet) for at in (free.slot.starts_at, free.slot.ends_at))
