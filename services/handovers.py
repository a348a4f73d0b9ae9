"""Handing over everything a TA holds, when they are away or gone; and taking it back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cohort.errors import DatePassed, NotActive, NotAllowed, NotFound, Unclear
from cohort.handovers import HandedOver, Handover, back_at, share
from cohort.roster import Member, Role
from cohort.times import local_day
from cohort.wishes import Wish
from services import access, outbox
from services.desk import Desk
from services.holdings import BY_NAME, HELD
from services.leaving import Leaving
from storage.ids import new_id
from storage.records import Records

AWAY = "handovers.away"
HAND_OVER = "handovers.hand_over"
MADE, GOT, UNDONE, STANDING = "handovers.made", "handovers.got", "handovers.undone", "handovers.standing"


@dataclass(frozen=True, slots=True)
class HandOver:
    """What an organizer asks for: whose things, to whom or evenly, and until when they are away, if that is known."""

    member: str
    to: str = ""
    until: Wish | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What was handed over: how many things, and to how many people."""

    handover: Handover
    member: Member
    things: int
    people: int


@dataclass(frozen=True, slots=True)
class Back:
    """Someone is there again; `handover` is what they could take back, if there is anything."""

    member: Member
    was_away: bool
    handover: Handover | None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What became of an undone handover: how much is back, and how much stays since it was worked on."""

    member: Member
    back: int
    kept: int
    is_new: bool


def to_leave(actor: Member, now: datetime) -> None:
    """Let someone of the staff hand over what they hold. Raises NotAllowed for students, and NotActive."""
    access.require_staff(actor, AWAY, now)


def go_away(until: Wish | None, actor: Member, now: datetime, desk: Desk) -> Done:
    """Note that a TA or organizer is away, without a reason, and hand over all they hold.

    Raises NotAllowed for students, NotActive, and DatePassed.
    """
    access.require_staff(actor, AWAY, now)
    with desk.transaction(now) as records:
        return _leave(records, actor, None, until, actor, now, desk)


def hand_over(command: HandOver, actor: Member, now: datetime, desk: Desk) -> Done:
    """Hand over all that somebody else holds; unless they are gone, they count as away until then.

    Raises NotAllowed for all but organizers, NotFound, NotActive for a taker who is not there, Unclear and DatePassed.
    """
    access.require_organizer(actor, HAND_OVER, now)
    with desk.transaction(now) as records:
        member = _staff(records, command.member)
        to = _taker(records, command.to, member, now) if command.to else None
        return _leave(records, member, to, command.until, actor, now, desk)


def _staff(records: Records, reference: str) -> Member:
    return access.must_be_staff(access.person(records, reference))


def _taker(records: Records, reference: str, member: Member, now: datetime) -> Member:
    to = _staff(records, reference)
    if to.id == member.id:
        raise Unclear("That would hand everything to the same person.", "/cohort handover @tara to @tom")
    if not to.is_active(now) or to.id in records.graders.away(now):
        raise NotActive(to.status.value if not to.is_active(now) else "away", about_self=False)
    return to


def _leave(
    records: Records, member: Member, to: Member | None, until: Wish | None, actor: Member, now: datetime, desk: Desk
) -> Done:
    until_at = back_at(until, now, member.tz) if until else None
    if until_at is not None and until_at <= now:
        raise DatePassed(until_at)
    if member.is_active(now):
        records.graders.set_away(member.id, now, until_at)
    handover = Handover(new_id("hov"), member.id, now, actor.id, until_at)
    items = _move_all(records, _leaving(records, handover, member, to, desk))
    _note(records, handover, items, now)
    records.audit.add(actor.id, "handover.made", member.id, now, detail=handover.id)
    return Done(handover, member, len(items), len({item.to_id for item in items if item.to_id}))


def _leaving(records: Records, handover: Handover, member: Member, to: Member | None, desk: Desk) -> Leaving:
    now, away = handover.made_at, records.graders.away(handover.made_at)
    everyone = (m for role in (Role.TA, Role.ORGANIZER) for m in records.roster.with_role(role))
    present = [m for m in everyone if m.id != member.id and m.is_active(now) and m.id not in away]
    return Leaving(member, present, now, desk, to, handover.until_at)


def _move_all(records: Records, leaving: Leaving) -> list[HandedOver]:
    """Move everything someone holds, of every sort, evenly over what the others hold already."""
    load, moved = Counter(records.hand_ins.load()), []
    for holding in HELD:
        for held, to_id in share(holding.held_by(records, leaving), load):
            if holding.move(records, held.id, leaving, to_id):
                moved.append(HandedOver(holding.name, held.id, to_id, held.before))
                load.update([to_id] if to_id else [])
        holding.after(records, leaving)
    return moved


def _note(records: Records, handover: Handover, items: Sequence[HandedOver], now: datetime) -> None:
    """Write a handover and tell all concerned, each in one message: organizers, whose it was, and who got something."""
    records.handovers.add(handover, items)
    member, told = access.known(records, handover.from_id), set()
    for reader in [*records.roster.with_role(Role.ORGANIZER), member]:
        if reader.is_active(now) and reader.id not in told:
            told.add(reader.id)
            data = {"handover": handover.id, "member": reader.id}
            outbox.post(records, MADE, outbox.to(reader), data, f"{MADE}:{handover.id}:{reader.id}", now)
    for taker_id in sorted({item.to_id for item in items if item.to_id} - told):
        data = {"handover": handover.id, "member": taker_id}
        outbox.post(records, GOT, f"member:{taker_id}", data, f"{GOT}:{handover.id}:{taker_id}", now)


def come_back(actor: Member, now: datetime, desk: Desk) -> Back:
    """Note that a TA or organizer is there again. Raises NotAllowed for students, and NotActive."""
    access.require_staff(actor, AWAY, now)
    with desk.transaction(now) as records:
        was_away = actor.id in records.graders.away(now)
        if records.graders.set_back(actor.id):
            records.audit.add(actor.id, "handover.back", actor.id, now)
        last = records.handovers.latest_of(actor.id)
        return Back(actor, was_away, last if last and records.handovers.items(last.id) else None)


def undo(handover_id: str, actor: Member, now: datetime, desk: Desk) -> TakenBack:
    """Take a handover back: what nobody worked on since, and that they are away.

    Raises NotAllowed for all but organizers and whose things they were, NotFound, and NotActive for someone gone.
    """
    access.require_staff(actor, AWAY, now)
    with desk.transaction(now) as records:
        handover, member = _own_handover(records, handover_id, actor)
        items = records.handovers.items(handover.id)
        if not member.is_active(now):
            raise NotActive(member.status.value, about_self=False)
        if not records.handovers.undo(handover.id, now):
            return TakenBack(member, 0, len(items), is_new=False)
        back = [item for item in items if BY_NAME[item.sort].undo(records, item, member.id, now)]
        absence = records.graders.absence(member.id)
        if absence is not None and absence[0] == handover.made_at:
            records.graders.set_back(member.id)
        _tell_undone(records, handover, back, actor, now)
        records.audit.add(actor.id, "handover.undone", member.id, now, detail=handover.id)
        return TakenBack(member, len(back), len(items) - len(back), is_new=True)


def _own_handover(records: Records, handover_id: str, actor: Member) -> tuple[Handover, Member]:
    handover = records.handovers.get(handover_id)
    if handover is None:
        raise NotFound("handover", handover_id)
    if actor.id != handover.from_id and actor.role is not Role.ORGANIZER:
        raise NotAllowed(AWAY, "organizers, and whose work it was,")
    return handover, access.known(records, handover.from_id)


def _tell_undone(
    records: Records, handover: Handover, back: Sequence[HandedOver], actor: Member, now: datetime
) -> None:
    """Tell those out of whose hands something went, and whose it is again; whoever pressed knows."""
    counts = Counter(item.to_id for item in back if item.to_id)
    if back:
        counts[handover.from_id] = len(back)
    for member_id, count in sorted(counts.items()):
        if member_id != actor.id:
            data = {"handover": handover.id, "member": member_id, "count": count}
            outbox.post(records, UNDONE, f"member:{member_id}", data, f"{UNDONE}:{handover.id}:{member_id}", now)
    data = {"handover": handover.id, "member": ""}
    outbox.refresh(records, STANDING, data, subject_of(handover.id), "undone", now)


def subject_of(handover_id: str) -> str:
    """Return under what name the posts about a handover are kept."""
    return f"handover:{handover_id}"


def release_gone(records: Records, now: datetime, desk: Desk) -> int:
    """Hand over what lies with anyone who takes part no more, inside a transaction; return how many had something."""
    on = local_day(now, desk.policy.programme.tz)
    holders = sorted(set().union(*(holding.holders(records, on) for holding in HELD)))
    people = [member for member_id in holders if (member := records.roster.get(member_id)) is not None]
    gone = [member for member in people if not member.is_staff or not member.is_active(now)]
    return sum(_release(records, member, now, desk) for member in gone)


def _release(records: Records, member: Member, now: datetime, desk: Desk) -> bool:
    handover = Handover(new_id("hov"), member.id, now)
    items = _move_all(records, _leaving(records, handover, member, None, desk))
    if items:
        _note(records, handover, items, now)
        records.audit.add(None, "handover.made", member.id, now, detail=handover.id)
    return bool(items)


def release_all_gone(desk: Desk, now: datetime) -> int:
    """Hand over what lies with anyone who takes part no more, in a transaction of its own."""
    with desk.store.transaction() as records:
        return release_gone(records, now, desk)


def absence_of(records: Records, member: Member, now: datetime) -> tuple[datetime, datetime | None] | None:
    """Return since when someone is away now, and until when, if that is known; None for someone who is there."""
    return records.graders.absence(member.id) if member.id in records.graders.away(now) else None
