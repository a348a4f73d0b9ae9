"""“Our mistake”: whoever holds the work is told once, failed work is looked at again, organizers can move it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cohort.assignments import Assignment
from cohort.errors import NotFound, ReasonNeeded
from cohort.mistakes import AdmitMistake, Mistake
from cohort.roster import Member, Role
from cohort.submissions import has_passed
from cohort.times import add_days
from services import access, outbox
from services.desk import Desk
from services.grading_owner import in_conflict, owner_for
from services.letters import Composed, Obsolete, Said
from services.own_work import arrangements_of
from storage.ids import new_id
from storage.records import Records

ADMIT = "mistakes.admit"


@dataclass(frozen=True, slots=True)
class Touched:
    """What admitting a mistake touches: how many students hold the work, and how much of it had failed."""

    assignment: Assignment
    students: int
    failed: int


@dataclass(frozen=True, slots=True)
class MistakeNote:
    """For a student: what we got wrong; `looked_at_again` where their own failed work goes back to a grader."""

    student: Member
    assignment: Assignment
    mistake: Mistake
    looked_at_again: bool


@dataclass(frozen=True, slots=True)
class MistakeReport:
    """For organizers: what was admitted by whom, how many were told, and what is looked at again."""

    mistake: Mistake
    assignment: Assignment
    by: Member
    students: int
    failed: int


def to_admit(assignment: str, actor: Member, now: datetime, desk: Desk) -> Touched:
    """Return what admitting a mistake in an assignment would touch. Raises NotAllowed and NotFound."""
    access.require_staff(actor, ADMIT, now)
    with desk.store.reading() as records:
        found = access.assignment(records, assignment)
        students = sum(1 for _ in _holders(records, found, now))
        return Touched(found, students, len(records.mistakes.failed(found.id, now)))


def admit(command: AdmitMistake, actor: Member, now: datetime, desk: Desk) -> Touched:
    """Say that something in an assignment was our mistake, and put what it made fail back into the queue.

    Raises NotAllowed for students, NotFound, and ReasonNeeded without words on what holds instead.
    """
    access.require_staff(actor, ADMIT, now)
    if not command.words:
        raise ReasonNeeded("what holds instead")
    with desk.transaction(now) as records:
        assignment = access.assignment(records, command.assignment_id)
        mistake = Mistake(new_id("mis"), assignment.id, command.question, command.words, now, actor.id)
        records.mistakes.add(mistake)
        again = _look_again(records, assignment, desk, now)
        students = _tell(records, mistake, assignment, again, now)
        data = {"mistake": mistake.id, "students": students, "failed": len(again)}
        outbox.tell_organizers(records, "mistakes.report", data, f"mistake:{mistake.id}", now)
        records.audit.add(actor.id, "mistake.admitted", assignment.id, now, detail=mistake.id)
        return Touched(assignment, students, len(again))


def _holders(records: Records, assignment: Assignment, now: datetime) -> Iterator[Member]:
    """Yield the active students who owe an assignment or handed it in, and have not passed."""
    for student in records.roster.with_role(Role.STUDENT):
        if not student.is_active(now) or records.submissions.is_excused(student.id, assignment.id):
            continue
        submissions = records.submissions.of(student.id, assignment.id)
        owes = arrangements_of(records, student, now).owed(assignment).required
        if (owes or submissions) and not has_passed(assignment, submissions):
            yield student


def _look_again(records: Records, assignment: Assignment, desk: Desk, now: datetime) -> list[str]:
    """Put everything that failed back into the queue of whoever graded it; return the ids."""
    by_at = add_days(now, desk.policy.grading.retry_within_days, desk.policy.programme.tz)
    again = []
    for hand_in_id, grader_id in records.mistakes.failed(assignment.id, now):
        hand_in = records.hand_ins.get(hand_in_id)
        if hand_in is None or not records.hand_ins.look_again(hand_in_id, now, by_at):
            continue
        was_theirs = replace(hand_in, owner_id=grader_id)
        own = owner_for(records, hand_in, now) if in_conflict(records, was_theirs) else grader_id
        records.hand_ins.own(hand_in_id, own)
        again.append(hand_in_id)
    return again


def _tell(records: Records, mistake: Mistake, assignment: Assignment, again: list[str], now: datetime) -> int:
    """Queue one message to each student who holds the work, and return how many.

    Whoever does not know yet that theirs failed does not learn it from this.
    """
    shared = [s for hand_in_id in again for s in records.submissions.of_hand_in(hand_in_id)]
    theirs = {s.student_id for s in shared if s.is_graded}
    told = 0
    for student in _holders(records, assignment, now):
        data = {"mistake": mistake.id, "student": student.id, "again": student.id in theirs}
        told += outbox.post(
            records, "mistakes.told", outbox.to(student), data, f"mistake:{mistake.id}:{student.id}", now
        )
    return told


def compose_told(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what a student reads of our mistake; nothing once they have left."""
    del desk
    student = access.known(records, data["student"])
    if not student.is_active(now):
        return Obsolete("takes part no more")
    mistake, assignment = _mistake(records, data)
    return Said(MistakeNote(student, assignment, mistake, bool(data["again"])))


def compose_report(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what organizers read of it."""
    del desk, now
    mistake, assignment = _mistake(records, data)
    by = access.known(records, mistake.admitted_by)
    return Said(MistakeReport(mistake, assignment, by, data["students"], data["failed"]))


def _mistake(records: Records, data: Mapping[str, Any]) -> tuple[Mistake, Assignment]:
    mistake = records.mistakes.get(data["mistake"])
    if mistake is None:
        raise NotFound("mistake", data["mistake"])
    return mistake, access.assignment(records, mistake.assignment_id)


COMPOSERS = {"mistakes.told": compose_told, "mistakes.report": compose_report}
