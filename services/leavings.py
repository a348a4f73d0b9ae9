"""Leaving the programme: paused at once, undone with one press for some days, and then all that is open closes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cohort.errors import NotActive, NotAllowed, NotFound
from cohort.follow_ups import NoteKind, Origin, Outcome
from cohort.leavings import Instead, Leaving, LeavingReason
from cohort.roster import GONE, Member, Role, Status
from cohort.times import add_days
from services import access, outbox
from services.booking_changes import give_up
from services.desk import Desk
from services.extension_upkeep import lapse_settled
from services.follow_ups import add_note, close_all, open_case
from services.letters import Composed, Obsolete, Said
from services.roster import note_status
from storage.ids import new_id
from storage.records import Records

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


def to_leave(actor: Member, now: datetime) -> None:
    """Raise NotAllowed for staff, and NotActive for whoever has left already."""
    if actor.role is not Role.STUDENT:
        raise NotAllowed(LEAVE, "students")
    if actor.status in GONE:
        raise NotActive(actor.status.value)
    del now


def begin(wish: WantsToLeave, actor: Member, now: datetime, desk: Desk) -> LeavingShown:
    """Pause a student who wants to leave, let a person know, and keep it undoable for some days.

    A second time says the same. Raises NotAllowed and NotActive.
    """
    to_leave(actor, now)
    with desk.transaction(now) as records:
        there = records.leavings.open_of(actor.id)
        if there is not None:
            return LeavingShown(there, actor, is_new=False)
        ends_at = add_days(now, desk.policy.follow_ups.leaving_days, desk.policy.programme.tz)
        one = Leaving(new_id("lea"), actor.id, now, ends_at, tuple(wish.reasons), tuple(wish.helps), wish.words.strip())
        records.leavings.add(one)
        student = access.known(records, actor.id)
        if student.status is Status.ACTIVE:
            records.roster.save(replace(student, status=Status.PAUSED))
            records.roster.add_status(student.id, Status.PAUSED, now, actor.id)
        records.audit.add(actor.id, "leaving.begun", one.id, now)
        _tell_a_person(records, one, student, now, desk)
        data = {"leaving": one.id, "student": student.id}
        outbox.post(records, "leavings.begun", outbox.to(student), data, f"leaving:{one.id}", now)
        return LeavingShown(one, student)


def _tell_a_person(records: Records, one: Leaving, student: Member, now: datetime, desk: Desk) -> None:
    """Open a case with what might help instead; the student's words are a note for its owner alone."""
    instead = ", ".join(each.value.replace("_", " ") for each in one.helps)
    reason = "wants to leave" + (f"; might stay with: {instead}" if instead else "")
    case = open_case(records, student, Origin.LEAVING, reason, now, desk)
    if one.words:
        add_note(records, case, NoteKind.NOTE, one.words, student.id, now)


def undo(leaving_id: str, actor: Member, now: datetime, desk: Desk) -> LeavingShown:
    """Let a student stay who wanted to leave. Raises NotFound, NotAllowed for others, and NotActive once it is done."""
    to_leave(actor, now)
    with desk.transaction(now) as records:
        one = _of(records, leaving_id)
        if one.student_id != actor.id:
            raise NotAllowed(LEAVE, "the student who wanted to leave")
        if not records.leavings.undo(one.id, now):
            return LeavingShown(one, actor, is_new=False)
        student = replace(access.known(records, actor.id), status=Status.ACTIVE)
        records.roster.save(student)
        records.roster.add_status(student.id, Status.ACTIVE, now, actor.id)
        records.audit.add(actor.id, "leaving.undone", one.id, now)
        data = {"leaving": one.id, "student": student.id}
        outbox.refresh(records, "leavings.standing", data, subject(one.id), f"undone:{one.id}", now)
        return LeavingShown(_of(records, one.id), student)


def take_effect(desk: Desk, now: datetime) -> int:
    """Let everyone go who wanted to leave and did not undo it in time; return how many."""
    with desk.store.reading() as records:
        due = [one.id for one in records.leavings.due(now)]
    return sum(_leave(leaving_id, desk, now) for leaving_id in due)


def _leave(leaving_id: str, desk: Desk, now: datetime) -> bool:
    """Close all that is open of a student in one transaction; say whether it was to be done still."""
    with desk.transaction(now) as records:
        one = _of(records, leaving_id)
        if not records.leavings.finish(one.id, now):
            return False
        student = access.known(records, one.student_id)
        if student.status not in GONE:
            student = replace(student, status=Status.WITHDRAWN, left_at=now)
            records.roster.save(student)
            note_status(records, student, None, now)
        give_up(records, student.id, now, desk)
        lapse_settled(records, desk, now)
        close_all(records, student.id, Outcome.WANTS_TO_LEAVE, now)
        records.new_plans.close_open(student.id, now)
        records.audit.add(None, "leaving.done", one.id, now)
        data = {"leaving": one.id, "student": student.id}
        outbox.refresh(records, "leavings.standing", data, subject(one.id), f"done:{one.id}", now)
        return True


def totals(records: Records) -> Mapping[str, int]:
    """Return how often each reason was named by those who left, where at least five did."""
    return {reason: count for reason, count in records.leavings.reasons().items() if count >= LEAST}


def subject(leaving_id: str) -> str:
    """Return under what name the message to a student who wants to leave is kept."""
    return f"leaving:{leaving_id}"


def _of(records: Records, leaving_id: str) -> Leaving:
    found = records.leavings.get(leaving_id)
    if found is None:
        raise NotFound("leaving", leaving_id)
    return found


def compose_begun(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return until when it can be undone; nothing once it was, or took effect."""
    found = compose_standing(records, data, desk, now)
    is_open = isinstance(found, Said) and isinstance(found.content, LeavingShown) and found.content.leaving.is_open
    return found if is_open else Obsolete("undone, or done")


def compose_standing(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return how it stands."""
    del desk, now
    one = _of(records, data["leaving"])
    return Said(LeavingShown(one, access.known(records, data["student"])), subject(one.id))


COMPOSERS = {"leavings.begun": compose_begun, "leavings.standing": compose_standing}
