"""Follow-ups: opened for a reason, owned by one person at once, worked on, and closed with an outcome."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cohort.errors import AlreadyDecided, NotAllowed, NotFound
from cohort.follow_ups import Candidate, FollowUp, Note, NoteKind, Origin, Outcome, owner_for
from cohort.levels import Level, LevelSince
from cohort.roster import Member, Role
from cohort.times import add_days, next_waking
from services import access, outbox
from services.desk import Desk
from storage.ids import new_id
from storage.records import Records

WORK = "follow_ups.work"
DONE = frozenset({NoteKind.CONTACT, NoteKind.OFFER, NoteKind.NOTE})


@dataclass(frozen=True, slots=True)
class Listed:
    """A case in a list: about whom, whose, and how the student stands."""

    case: FollowUp
    student: Member
    owner: Member | None
    level: LevelSince | None


class Which(StrEnum):
    """Which cases somebody wants to see."""

    MINE = "mine"
    UNOWNED = "unowned"
    OVERDUE = "overdue"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class CaseList:
    """The open cases somebody asked for, worst first."""

    which: Which
    rows: Sequence[Listed]


def open_case(  # noqa: PLR0913 - all that a case is made of
    records: Records,
    student: Member,
    origin: Origin,
    reason: str,
    now: datetime,
    desk: Desk,
    *,
    by_id: str | None = None,
    to: Member | None = None,
) -> FollowUp:
    """Open a case about a student and give it to somebody at once, within a transaction of a use case.

    Where one is open already, the reason is added to it and its card shows it. `reason` is a sentence about facts,
    never what a student wrote. `to` is who is to have it; else it is the TA who knows the student, the TA with the
    fewest, or an organizer.
    """
    there = records.follow_ups.open_of(student.id)
    if there is not None:
        if origin is Origin.DISTRESS:
            records.follow_ups.make_urgent(there.id, now)
        return _one_more_reason(records, _stored(records, there.id), reason, now, desk, by_id, to)
    owner_id = to.id if to is not None else _owner(records, student, desk, now)
    case = FollowUp(
        id=new_id("fup"),
        student_id=student.id,
        origin=origin,
        reason=reason,
        opened_at=now,
        due_at=_due_at(origin, desk, now),
        opened_by=by_id,
        owner_id=owner_id,
        owned_at=now if owner_id else None,
    )
    records.follow_ups.add(case)
    records.audit.add(by_id, "follow_up.opened", case.id, now, detail=origin.value)
    send_card(records, case, now)
    return case


def _one_more_reason(
    records: Records, case: FollowUp, reason: str, now: datetime, desk: Desk, by_id: str | None, to: Member | None
) -> FollowUp:
    if reason:
        add_note(records, case, NoteKind.REASON, reason, by_id, now)
    if to is not None and to.id != case.owner_id:
        records.follow_ups.own(case.id, to.id, now, _due_at(case.origin, desk, now))
        case = _stored(records, case.id)
        send_card(records, case, now)
    refresh_card(records, case, now)
    return case


def _due_at(origin: Origin, desk: Desk, now: datetime) -> datetime:
    """Return by when somebody gets in touch: at once in distress, else in some days, and at no hour of the night.

    Days and nights are those of the programme's zone; what would be due at night is due in the morning after.
    """
    if origin is Origin.DISTRESS:
        return now
    tz, quiet = desk.policy.programme.tz, desk.policy.nudges
    return next_waking(add_days(now, desk.policy.follow_ups.due_days, tz), tz, quiet.quiet_from, quiet.quiet_until)


def _owner(records: Records, student: Member, desk: Desk, now: datetime, but_id: str | None = None) -> str | None:
    never = records.graders.in_conflict_with([student.id]) | records.graders.away(now) | {but_id}
    there = [m for role in (Role.TA, Role.ORGANIZER) for m in records.roster.with_role(role) if m.is_active(now)]
    counts, knows = records.follow_ups.open_counts(), records.follow_ups.knowing(student.id)
    candidates = [
        Candidate(m.id, counts.get(m.id, 0), knows.get(m.id, 0), m.role is Role.ORGANIZER)
        for m in there
        if m.id not in never
    ]
    return owner_for(candidates, desk.policy.follow_ups.open_per_ta)


def send_card(records: Records, case: FollowUp, now: datetime) -> None:
    """Queue the card of a case for whoever owns it now; it is the one card of that case and owner."""
    if case.owner_id is not None:
        data = {"case": case.id, "member": case.owner_id}
        outbox.post(
            records, "follow_ups.card", outbox.to(access.known(records, case.owner_id)), data, _card_key(case), now
        )


def _card_key(case: FollowUp) -> str:
    return f"follow_up:{case.id}:{case.owner_id}:{case.owned_at}"


def give_back(records: Records, before: FollowUp, holder_id: str | None, now: datetime) -> bool:
    """Let a case be whose it was, within a transaction; say whether it still was with who got it.

    By when to get in touch is what it was, unless whoever got it did something since. The card that its owner has is
    brought up to date; a new one goes only to who never got theirs.
    """
    case = _stored(records, before.id)
    since = [line for line in records.follow_ups.notes_of(case.id) if case.owned_at and line.at >= case.owned_at]
    if case.origin is not before.origin or any(line.kind is not NoteKind.HANDED_ON for line in since):
        before = replace(before, due_at=case.due_at, told_owner_at=case.told_owner_at)
    if not records.follow_ups.give_back(before, holder_id):
        return False
    case = _stored(records, before.id)
    if not records.outbox.arrives(_card_key(case)):
        records.follow_ups.own(case.id, before.owner_id or "", now, case.due_at)
        send_card(records, _stored(records, case.id), now)
    refresh_card(records, case, now)
    return True


def refresh_card(records: Records, case: FollowUp, now: datetime) -> None:
    """Let every card of a case show how it stands."""
    outbox.refresh_once(records, "follow_ups.standing", {"case": case.id}, subject(case.id), new_id("rev"), now)


def touched_at(records: Records, case: FollowUp) -> datetime | None:
    """Return when a person last did something in a case: got in touch, offered or noted; None where nobody has."""
    done = [line.at for line in records.follow_ups.notes_of(case.id) if line.by_id and line.kind in DONE]
    return max(done, default=None)


def subject(case_id: str) -> str:
    """Return under what name the cards of a case are kept."""
    return f"follow_up:{case_id}"


def add_note(records: Records, case: FollowUp, kind: NoteKind, words: str, by_id: str | None, now: datetime) -> None:
    """Write a line of a case."""
    records.follow_ups.add_note(Note(new_id("fun"), case.id, now, kind, words.strip(), by_id))


def open_for(student: str, reason: str, actor: Member, now: datetime, desk: Desk) -> Listed:
    """Open a case about a student, as a TA or organizer does, and return whose it is.

    Raises NotAllowed, NotActive and NotFound.
    """
    access.require_staff(actor, WORK, now)
    with desk.transaction(now) as records:
        found = access.student(records, student, now)
        words = f"{actor.called} asked for a follow-up"
        case = open_case(records, found, Origin.STAFF, words, now, desk, by_id=actor.id)
        if reason.strip():
            add_note(records, case, NoteKind.NOTE, reason, actor.id, now)
        return _row(records, case, {})


def case_for(records: Records, case_id: str, actor: Member, now: datetime) -> FollowUp:
    """Return a case for whoever owns it, and for organizers. Raises NotAllowed, NotActive and NotFound."""
    access.require_staff(actor, WORK, now)
    case = _stored(records, case_id)
    if actor.role is not Role.ORGANIZER and case.owner_id != actor.id:
        raise NotAllowed(WORK, "whoever follows this student up")
    return case


def open_case_for(records: Records, case_id: str, actor: Member, now: datetime) -> FollowUp:
    """Return a case that is open. Raises AlreadyDecided for one that was closed, and as `case_for`."""
    case = case_for(records, case_id, actor, now)
    if case.closed_at is not None:
        closer = records.roster.get(case.closed_by) if case.closed_by else None
        raise AlreadyDecided("closed", closer, case.closed_at)
    return case


def note(case_id: str, words: str, actor: Member, now: datetime, desk: Desk) -> FollowUp:
    """Write a note into a case. Raises AlreadyDecided, NotAllowed, NotActive and NotFound."""
    return _noted(case_id, NoteKind.NOTE, words, actor, now, desk)


def log_contact(case_id: str, words: str, actor: Member, now: datetime, desk: Desk) -> FollowUp:
    """Write that the student was reached or written to; the case is due again after some days. Raises as `note`."""
    return _noted(case_id, NoteKind.CONTACT, words, actor, now, desk)


def _noted(case_id: str, kind: NoteKind, words: str, actor: Member, now: datetime, desk: Desk) -> FollowUp:
    with desk.transaction(now) as records:
        case = open_case_for(records, case_id, actor, now)
        add_note(records, case, kind, words, actor.id, now)
        if kind is NoteKind.CONTACT:
            records.follow_ups.put_off(case.id, _due_at(Origin.STAFF, desk, now))
        records.audit.add(actor.id, f"follow_up.{kind}", case.id, now)
        refresh_card(records, case, now)
        return _stored(records, case.id)


def hand_on(case_id: str, to: str, actor: Member, now: datetime, desk: Desk) -> FollowUp:
    """Give a case to somebody else, by name, email or mention; nobody in conflict with the student.

    Raises AlreadyDecided, NotAllowed, NotActive and NotFound.
    """
    with desk.transaction(now) as records:
        case = open_case_for(records, case_id, actor, now)
        taker = access.staff(records, to, now)
        if taker.id in records.graders.in_conflict_with([case.student_id]):
            raise NotAllowed(WORK, "someone without a conflict of interest with this student")
        give(records, case, taker.id, actor.id, now, desk)
        return _stored(records, case.id)


def give(records: Records, case: FollowUp, to_id: str, by_id: str | None, now: datetime, desk: Desk) -> bool:
    """Give an open case to somebody within a transaction; say whether it still was with whom it was."""
    if not records.follow_ups.own(case.id, to_id, now, _due_at(case.origin, desk, now), case.owner_id):
        return False
    add_note(records, case, NoteKind.HANDED_ON, "", by_id, now)
    records.audit.add(by_id, "follow_up.handed_on", case.id, now, detail=to_id)
    refresh_card(records, case, now)
    send_card(records, _stored(records, case.id), now)
    return True


def close(case_id: str, outcome: Outcome, actor: Member, now: datetime, desk: Desk) -> FollowUp:
    """Close a case with what came of it. Raises AlreadyDecided, NotAllowed, NotActive and NotFound."""
    with desk.transaction(now) as records:
        case = open_case_for(records, case_id, actor, now)
        _close(records, case, outcome, actor.id, now)
        return _stored(records, case.id)


def close_all(records: Records, student_id: str, outcome: Outcome, now: datetime) -> bool:
    """Close the case of a student who has left, within a transaction; say whether one was open."""
    case = records.follow_ups.open_of(student_id)
    if case is not None:
        _close(records, case, outcome, None, now)
    return case is not None


def _close(records: Records, case: FollowUp, outcome: Outcome, by_id: str | None, now: datetime) -> None:
    if records.follow_ups.close(case.id, outcome, by_id, now):
        records.audit.add(by_id, "follow_up.closed", case.id, now, detail=outcome.value)
        refresh_card(records, case, now)


def listed(which: Which, actor: Member, now: datetime, desk: Desk) -> CaseList:
    """Return the open cases somebody asked for: a TA their own, organizers any. Raises NotAllowed and NotActive."""
    if which is Which.MINE:
        access.require_staff(actor, WORK, now)
    else:
        access.require_organizer(actor, WORK, now)
    with desk.store.reading() as records:
        return listed_in(records, which, actor, now)


def listed_in(records: Records, which: Which, actor: Member, now: datetime) -> CaseList:
    """Return the same within what is being read, without asking who may."""
    wanted = [case for case in records.follow_ups.every_open() if is_wanted(case, which, actor, now)]
    return CaseList(which, worst_first(records, wanted, now))


def worst_first(records: Records, cases: Sequence[FollowUp], now: datetime, most: int | None = None) -> list[Listed]:
    """Return some cases as they stand in a list, or the worst few of them, within what is being read.

    Words of distress come before everything.
    """
    levels = records.risk.latest_of({case.student_id for case in cases}, now)
    ordered = sorted(
        cases, key=lambda case: (not case.is_urgent, -_height(levels.get(case.student_id)), case.due_at, case.id)
    )
    shown = ordered[:most]
    people = records.roster.some({case.student_id for case in shown} | {c.owner_id for c in shown if c.owner_id})
    return [
        Listed(case, people[case.student_id], people.get(case.owner_id or ""), levels.get(case.student_id))
        for case in shown
    ]


def is_wanted(case: FollowUp, which: Which, actor: Member, now: datetime) -> bool:
    """Say whether a case is one of those somebody asks for."""
    match which:
        case Which.MINE:
            return case.owner_id == actor.id
        case Which.UNOWNED:
            return case.owner_id is None
        case Which.OVERDUE:
            return case.due_at < now
        case Which.ALL:
            return True


def _row(records: Records, case: FollowUp, levels: dict[str, LevelSince]) -> Listed:
    owner = access.known(records, case.owner_id) if case.owner_id else None
    return Listed(case, access.known(records, case.student_id), owner, levels.get(case.student_id))


def _height(level: LevelSince | None) -> int:
    return (level.level if level is not None else Level.ON_TRACK).height


def find_owners(records: Records, desk: Desk, now: datetime) -> int:
    """Give every case to somebody that nobody has, worst first, within a transaction; return how many have one now."""
    levels, given = records.risk.latest(now), 0
    unowned = [case for case in records.follow_ups.every_open() if case.owner_id is None]
    for case in sorted(unowned, key=lambda one: (-_height(levels.get(one.student_id)), one.opened_at)):
        owner_id = _owner(records, access.known(records, case.student_id), desk, now)
        if owner_id is not None:
            given += give(records, case, owner_id, None, now, desk)
    return given


def _stored(records: Records, case_id: str) -> FollowUp:
    found = records.follow_ups.get(case_id)
    if found is None:
        raise NotFound("follow-up", case_id)
    return found
