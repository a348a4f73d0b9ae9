"""Handing in together: what partners are told, and saying that one had no part in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cohort.assignments import Assignment
from cohort.errors import NotAllowed, NotFound
from cohort.hand_ins import HandIn, Version, grade_by, latest_due, ready_at
from cohort.roster import Member
from services import access, outbox
from services.desk import Desk
from services.hand_ins import partners_of, side_of
from services.letters import Composed, Obsolete, Said
from storage.records import Records

LEAVE = "hand_ins.leave"


@dataclass(frozen=True, slots=True)
class SharedNote:
    """For a partner: what somebody handed in with them."""

    student: Member
    by: Member
    assignment: Assignment
    hand_in: HandIn
    version: Version
    partners: Sequence[Member]


@dataclass(frozen=True, slots=True)
class LeftNote:
    """For the others: somebody says they had no part in what was handed in."""

    student: Member
    who: Member
    assignment: Assignment


@dataclass(frozen=True, slots=True)
class Left:
    """What became of saying that one had no part: `is_out` is False where it is being read already."""

    assignment: Assignment
    is_out: bool


def leave(hand_in_id: str, actor: Member, now: datetime, desk: Desk) -> Left:
    """Take one's own part out of what someone else handed in, as long as nobody reads it; the others are told.

    Raises NotFound, NotAllowed for whoever has no part in it or handed it in, and NotActive.
    """
    access.require_student(actor, LEAVE, now)
    with desk.transaction(now) as records:
        hand_in = records.hand_ins.get(hand_in_id)
        if hand_in is None:
            raise NotFound("submission", hand_in_id)
        if hand_in.by_id == actor.id or actor.id not in _students(records, hand_in):
            raise NotAllowed(LEAVE, "partners of who handed it in")
        assignment = access.assignment(records, hand_in.assignment_id)
        if not hand_in.is_replaceable or side_of(records, actor, assignment, now).is_known:
            return Left(assignment, is_out=False)
        _take_out(records, hand_in, actor, assignment, now, desk)
        return Left(assignment, is_out=True)


def _students(records: Records, hand_in: HandIn) -> set[str]:
    return {submission.student_id for submission in records.submissions.of_hand_in(hand_in.id)}


def _take_out(
    records: Records, hand_in: HandIn, actor: Member, assignment: Assignment, now: datetime, desk: Desk
) -> None:
    """Write that one partner is out; it is then due when it is due for those who stay."""
    records.submissions.remove(actor.id, hand_in.id)
    stay = partners_of(records, hand_in, actor)
    due_at = latest_due([side_of(records, student, assignment, now) for student in stay])
    ready, policy = ready_at(due_at, hand_in.submitted_at), desk.policy
    by = grade_by(ready, policy.grading, policy.programme.tz, is_retry=hand_in.is_retry)
    records.hand_ins.replace(replace(hand_in, due_at=due_at, ready_at=ready, grade_by_at=by))
    records.audit.add(actor.id, "hand_in.left", hand_in.id, now)
    for student in stay:
        data = {"student": student.id, "who": actor.id, "assignment": assignment.id}
        outbox.post(
            records, "hand_ins.left", outbox.to(student), data, f"left:{hand_in.id}:{actor.id}:{student.id}", now
        )


def compose_shared(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what a partner reads of what was handed in with them; nothing where it is out of date or not theirs."""
    del desk, now
    student, by = access.known(records, data["student"]), access.known(records, data["by"])
    hand_in = records.hand_ins.get(data["hand_in"])
    if hand_in is None or student.id not in _students(records, hand_in):
        return Obsolete("it is not shared any more")
    latest = records.hand_ins.versions(hand_in.id)[-1]
    if latest.number != data["version"]:
        return Obsolete("there is a newer version")
    assignment = access.assignment(records, hand_in.assignment_id)
    return Said(SharedNote(student, by, assignment, hand_in, latest, partners_of(records, hand_in, student)))


def compose_left(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what those who stay read when somebody says they had no part in it."""
    del desk, now
    student, who = access.known(records, data["student"]), access.known(records, data["who"])
    return Said(LeftNote(student, who, access.assignment(records, data["assignment"])))


COMPOSERS = {"hand_ins.shared": compose_shared, "hand_ins.left": compose_left}
