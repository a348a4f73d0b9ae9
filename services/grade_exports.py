"""Writing how everyone stands: a row a student, a column an assignment, then what is passed and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cohort.assignments import Assignment
from cohort.own_work import Arrangements
from cohort.roster import Member, Role
from cohort.submissions import Submission, has_passed
from services import csv_tables
from services.csv_cells import written_number
from services.desk import Desk
from services.gradebooks import Cell
from storage.records import Records


@dataclass(frozen=True, slots=True)
class Standing:
    """What one student's row is made of."""

    student: Member
    arrangements: Arrangements
    submissions: Sequence[Submission]
    excused: set[str]


def export_grades(desk: Desk, now: datetime) -> str:
    """Return the grades that students know as CSV; `import grades` reads it back and changes nothing."""
    with desk.store.reading() as records:
        assignments = [a for a in records.assignments.all() if a.kind.is_handed_in and not a.cancelled]
        students = [member for member in records.roster.all() if member.role is Role.STUDENT]
        rows = [_row(_standing(records, student, now), assignments) for student in students]
    columns = ("email", "name", *(a.slug for a in assignments), "passed", "dropped", "excused", "remaining", "status")
    return csv_tables.write(columns, rows)


def _standing(records: Records, student: Member, now: datetime) -> Standing:
    return Standing(
        student,
        records.own_work.of(student.id, student.track, now),
        records.submissions.of_student(student.id),
        records.submissions.excused_of(student.id),
    )


def _row(standing: Standing, assignments: Sequence[Assignment]) -> tuple[str, ...]:
    student, dropped = standing.student, standing.arrangements.dropped
    passed = [a for a in assignments if has_passed(a, standing.submissions)]
    required = [a for a in assignments if standing.arrangements.owed(a).required and a.id not in standing.excused]
    return (
        student.email,
        student.name,
        *(_cell(standing, assignment) for assignment in assignments),
        str(len(passed)),
        str(sum(a.id in dropped for a in assignments)),
        str(sum(a.id in standing.excused for a in assignments)),
        str(sum(a not in passed for a in required)),
        student.status.value,
    )


def _cell(standing: Standing, assignment: Assignment) -> str:
    """Return the latest score a student knows, or a word for what has none."""
    attempts = [s for s in standing.submissions if s.assignment_id == assignment.id]
    graded = [s for s in attempts if s.is_graded]
    if graded and graded[-1].score is not None:
        return written_number(graded[-1].score)
    if graded:
        return (Cell.PASSED if graded[-1].passes(assignment) else Cell.NOT_YET).value
    if assignment.id in standing.excused:
        return Cell.EXCUSED.value
    if assignment.id in standing.arrangements.dropped:
        return Cell.DROPPED.value
    return Cell.WAITING.value if attempts else ""
