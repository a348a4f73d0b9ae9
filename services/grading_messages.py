"""What students are told of their grades, read from the records at the moment of sending."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cohort.assignments import Assignment
from cohort.grading import Grade, Verdict
from cohort.roster import GONE, Member
from cohort.submissions import has_passed
from services import access
from services.desk import Desk
from services.grading import heard_from
from services.letters import Composed, Later, Obsolete, Said
from storage.records import Records


@dataclass(frozen=True, slots=True)
class GradedNote:
    """For a student: what became of their work, by whom, and until when to try again or hand in the rest, if so.

    `has_passed` where they have passed it, by this or by another attempt.
    """

    student: Member
    assignment: Assignment
    grade: Grade
    grader: Member
    due_at: datetime | None
    has_passed: bool = False


def compose_graded(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what a student reads of a grade; “not yet” waits for their morning. Nothing where a later one counts."""
    student, grade = access.known(records, data["student"]), records.grading.get(data["grade"])
    if grade is None or records.grading.of(grade.hand_in_id)[-1].id != grade.id:
        return Obsolete("graded anew")
    hand_in = records.hand_ins.get(grade.hand_in_id)
    if hand_in is None or (student.status in GONE and not student.is_active(now)):
        return Obsolete("takes part no more")
    heard_at = heard_from(grade.verdict, student, desk, now)
    if heard_at > now:
        return Later(heard_at)
    assignment = access.assignment(records, hand_in.assignment_id)
    grader = access.known(records, grade.grader_id)
    due_at = _due_at(records, student, grade, now) if grade.verdict is not Verdict.PASSED else None
    passed = has_passed(assignment, records.submissions.of(student.id, assignment.id))
    return Said(GradedNote(student, assignment, grade, grader, due_at, passed), subject_of(grade.id))


def _due_at(records: Records, student: Member, grade: Grade, now: datetime) -> datetime | None:
    """Return the date that was opened because of a grade, if it is still to come."""
    for retry in records.own_work.of(student.id, student.track, now).retries:
        if retry.hand_in_id == grade.hand_in_id and retry.due_at > now:
            return retry.due_at
    return None


def subject_of(grade_id: str) -> str:
    """Return under what name the posts about a grade are kept."""
    return f"grade:{grade_id}"


COMPOSERS = {"grading.graded": compose_graded}
