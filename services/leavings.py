"""Leaving the programme: paused at once, undone with one press for some days, and then all that is open closes."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from cohort.errors import NotActive, NotAllowed, NotFound
from cohort.follow_ups import FollowUp, NoteKind, Origin
from cohort.leavings import Instead, Leaving, LeavingReason
from cohort.roster import GONE, Member, Role, Status
from cohort.times import add_days
from services import access, outbox
from services.closing import close_everything, close_gone, leaving_subject, show_leaving
from services.desk import Desk
from services.follow_ups import add_note, case_for, open_case, open_case_for
from services.letters import Composed, Obsolete, Said
from services.roster import note_status
from storage.ids import new_id
from storage.records import Records

log = logging.getLogger(__name__)

LEAVE = "leavings.leave"
# Of fewer nothing is told.
LEAST = 5


@dataclass(frozen=True, slots=True)
class WantsToLeave:
    """What a student gives as reasons, what might help instead, and their words; all of it may be empty."""

    reasons: Sequence[LeavingReason] = ()
    helps: Sequence[Instead] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class LeavingShown:
    """For the student: until when it can be undone, or what became of it."""

    leaving: Leaving
    student: Member
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class StaysNote:
    """For whoever follows a student up: they stay after all."""

    student: Member
    case_id: str


def to_leave(actor: Member, desk: Desk) -> LeavingShown | None:
    """Return how it stands for a student who wants to leave already; None for one who may begin.

    Raises NotAllowed for staff, and NotActive for whoever has left.
    """
    _may_leave(actor)
    with desk.store.reading() as records:
        there = records.leavings.open_of(actor.id)
        return LeavingShown(there, actor, is_new=False) if there is not None else None


def _may_leave(actor: Member) -> None:
    if actor.role is not Role.STUDENT:
        raise NotAllowed(LEAVE, "students")
    if actor.status in GONE:
        raise NotActive(actor.status.value)


def begin(wish: WantsToLeave, actor: Member, now: datetime, desk: Desk) -> LeavingShown:
    """Pause a student who wants to leave, let a person know, and keep it undoable for some days.

    A second time says the same. Raises NotAllowed and NotActive.
    """
    _may_leave(actor)
    with desk.transaction(now) as records:
        return _begin(records, wish, access.known(records, actor.id), actor, now, desk)


def begin_for(case_id: str, wish: WantsToLeave, actor: Member, now: datetime, desk: Desk) -> LeavingShown:
    """Note that a student told whoever follows them up that they want to leave; the student can undo it as ever.

    Raises AlreadyDecided, NotAllowed, NotActive and NotFound.
    """
    with desk.transaction(now) as records:
        case = open_case_for(records, case_id, actor, now)
        student = access.known(records, case.student_id)
        if student.status in GONE:
            raise NotActive(student.status.value, about_self=False)
        return _begin(records, wish, student, actor, now, desk)


def _begin(
    records: Records, wish: WantsToLeave, student: Member, actor: Member, now: datetime, desk: Desk
) -> LeavingShown:
    there = records.leavings.open_of(student.id)
    if there is not None:
        return LeavingShown(there, student, is_new=False)
    one = _wish(wish, student, now, desk)
    records.leavings.add(one)
    _set_status(records, student, Status.PAUSED, actor, now)
    records.audit.add(actor.id, "leaving.begun", one.id, now)
    instead = ", ".join(each.value.replace("_", " ") for each in one.helps)
    reason = "wants to leave" + (f"; might stay with: {instead}" if instead else "")
    open_case(records, student, Origin.LEAVING, reason, now, desk, by_id=None if actor.id == student.id else actor.id)
    data = {"leaving": one.id, "student": student.id}
    outbox.post(records, "leavings.begun", outbox.to(student), data, f"leaving:{one.id}", now)
    return LeavingShown(one, access.known(records, student.id))


def _wish(wish: WantsToLeave, student: Member, now: datetime, desk: Desk) -> Leaving:
    ends_at = add_days(now, desk.policy.follow_ups.leaving_days, desk.policy.programme.tz)
    reasons, helps = tuple(dict.fromkeys(wish.reasons)), tuple(dict.fromkeys(wish.helps))
    was = Status.PAUSED if student.status is Status.PAUSED else Status.ACTIVE
    return Leaving(new_id("lea"), student.id, now, ends_at, reasons, helps, wish.words.strip(), was=was)


def _set_status(records: Records, student: Member, status: Status, actor: Member, now: datetime) -> None:
    """Write another status without a message of its own: that about leaving says it."""
    if student.status is not status:
        records.roster.save(replace(student, status=status))
        records.roster.add_status(student.id, status, now, actor.id)
        records.audit.add(actor.id, "roster.status", student.id, now, detail=status.value)


def undo(leaving_id: str, actor: Member, now: datetime, desk: Desk) -> LeavingShown:
    """Let a student stay who wanted to leave, as they were before: taking part, or paused.

    What was undone or done before stays so, and is said. Raises NotFound, and NotAllowed for others.
    """
    if actor.role is not Role.STUDENT:
        raise NotAllowed(LEAVE, "students")
    with desk.transaction(now) as records:
        one = _of(records, leaving_id)
        if one.student_id != actor.id:
            raise NotAllowed(LEAVE, "the student who wanted to leave")
        student = access.known(records, actor.id)
        if not records.leavings.undo(one.id, now):
            return LeavingShown(one, student, is_new=False)
        if student.status is Status.PAUSED:
            _set_status(records, student, one.was, actor, now)
        records.audit.add(actor.id, "leaving.undone", one.id, now)
        _tell_owner(records, student, now)
        show_leaving(records, one.id, student, now)
        return LeavingShown(_of(records, one.id), access.known(records, student.id))


def _tell_owner(records: Records, student: Member, now: datetime) -> None:
    """Let whoever follows the student up know that they stay; closing the case is theirs."""
    case = records.follow_ups.open_of(student.id)
    if case is None:
        return
    add_note(records, case, NoteKind.REASON, "decided to stay after all", None, now)
    if case.owner_id is not None:
        data, key = {"case": case.id}, f"stays:{case.id}:{now.isoformat()}"
        outbox.post(records, "leavings.stays", f"member:{case.owner_id}", data, key, now)


def why(case_id: str, actor: Member, now: datetime, desk: Desk) -> LeavingShown:
    """Return a student's newest wish to leave with its reasons, for whoever follows them up and nobody else.

    Raises NotAllowed, also for organizers who don't, NotActive and NotFound.
    """
    with desk.store.reading() as records:
        case = case_for(records, case_id, actor, now)
        if case.owner_id != actor.id:
            raise NotAllowed("leavings.why", "whoever follows this student up")
        one = records.leavings.latest_of(case.student_id)
        if one is None:
            raise NotFound("leaving", case_id)
        return LeavingShown(one, access.known(records, case.student_id))


def take_effect(desk: Desk, now: datetime) -> int:
    """Let everyone go who wanted to leave and did not undo it in time, and close what others left open.

    These are students whose leaving date in the roster came since. Each has a transaction of their own, and one that
    fails stops no other: it is logged, and the first is raised when all are done. Returns for how many it was done.
    """
    with desk.store.reading() as records:
        due = [partial(_leave, one.id) for one in records.leavings.due(now)]
        gone = [partial(close_gone, student_id) for student_id in records.leavings.left_open(now)]
    done, failed = 0, list[Exception]()
    for each in (*due, *gone):
        try:
            done += each(desk, now)
        except Exception as error:  # noqa: BLE001 - the others have their turn, and then it is raised
            log.error("leaving %s: %s", each.args[0], type(error).__name__)  # noqa: TRY400 - the job logs the trace
            failed.append(error)
    if failed:
        raise failed[0]
    return done


def _leave(leaving_id: str, desk: Desk, now: datetime) -> bool:
    """Close all that is open of a student in one transaction; say whether it was to be done still."""
    with desk.store.transaction() as records:
        one = _of(records, leaving_id)
        if not records.leavings.finish(one.id, now):
            return False
        student = access.known(records, one.student_id)
        if student.status not in GONE:
            student = replace(student, status=Status.WITHDRAWN, left_at=min(student.left_at or now, now))
            records.roster.save(student)
            note_status(records, student, None, now)
        records.audit.add(None, "leaving.done", one.id, now)
        show_leaving(records, one.id, student, now)
        close_everything(records, student, now, desk)
        return True


def totals(records: Records) -> Mapping[str, int]:
    """Return how often each reason was named by those who left, where at least five did."""
    return {reason: count for reason, count in records.leavings.reasons().items() if count >= LEAST}


def _of(records: Records, leaving_id: str) -> Leaving:
    found = records.leavings.get(leaving_id)
    if found is None:
        raise NotFound("leaving", leaving_id)
    return found


def compose_begun(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return until when it can be undone; nothing once it was, or took effect."""
    if not _of(records, data["leaving"]).is_open:
        return Obsolete("undone, or done")
    return compose_standing(records, data, desk, now)


def compose_standing(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return how it stands; the days in which it can be undone begin at once."""
    del desk
    one = _of(records, data["leaving"])
    shown = LeavingShown(one, access.known(records, data["student"]))
    return Said(shown, leaving_subject(one.id), latest_at=now if one.is_open else None)


def compose_stays(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return that a student stays, for whoever follows them up; nothing once they closed the case."""
    del desk, now
    case: FollowUp | None = records.follow_ups.get(data["case"])
    if case is None or not case.is_open:
        return Obsolete("closed meanwhile")
    return Said(StaysNote(access.known(records, case.student_id), case.id))


COMPOSERS = {
    "leavings.begun": compose_begun,
    "leavings.standing": compose_standing,
    "leavings.stays": compose_stays,
}
