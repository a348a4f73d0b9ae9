"""Writing how everyone stands: a row a student, a column an assignment, then what is passed and what is left."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from cohort.assignments import Assignment
from cohort.graduation import Ledger, Mark, Outlook, forecast
from cohort.roster import Member, Role
from cohort.submissions import Submission
from services import csv_tables
from services.csv_cells import written_number
from services.desk import Desk
from services.gradebooks import Cell
from services.graduation import ledger
from storage.records import Records

CELLS = {
    Mark.PASSED: Cell.PASSED,
    Mark.RETRY: Cell.NOT_YET,
    Mark.WAITING: Cell.WAITING,
    Mark.MISSED: Cell.MISSED,
    Mark.DROPPED: Cell.DROPPED,
    Mark.EXCUSED: Cell.EXCUSED,
}
STATUS = {
    Outlook.DONE: "all passed that is needed",
    Outlook.ON_COURSE: "on course",
    Outlook.SOME: "behind",
    Outlook.TAKE_BACK: "behind, left out too much",
    Outlook.OUT_OF_REACH: "not possible without an exception",
}


def export_grades(desk: Desk, now: datetime) -> str:
    """Return the grades that students know as CSV; `import grades` reads it back and changes nothing."""
    with desk.store.reading() as records:
        assignments = [a for a in records.assignments.all() if a.kind.is_handed_in and not a.cancelled]
        students = [member for member in records.roster.all() if member.role is Role.STUDENT]
        rows = [_row(records, student, assignments, desk, now) for student in students]
    columns = ("email", "name", *(a.slug for a in assignments), "passed", "dropped", "excused", "remaining", "status")
    return csv_tables.write(columns, rows)


def _row(
    records: Records, student: Member, assignments: Sequence[Assignment], desk: Desk, now: datetime
) -> tuple[str, ...]:
    found, submissions = ledger(records, student, desk, now), records.submissions.of_student(student.id)
    marks = [standing.mark for standing in found.counted]
    passed, dropped, excused = (marks.count(mark) for mark in (Mark.PASSED, Mark.DROPPED, Mark.EXCUSED))
    return (
        student.email,
        student.name,
        *(_cell(found, submissions, assignment) for assignment in assignments),
        str(passed),
        str(dropped),
        str(excused),
        str(len(marks) - passed - dropped - excused),
        STATUS[forecast(found).outlook] if student.is_active(now) else student.status.value,
    )


def _cell(found: Ledger, submissions: Iterable[Submission], assignment: Assignment) -> str:
    """Return the latest score a student knows, or a word for what has none."""
    attempts = [s for s in submissions if s.assignment_id == assignment.id]
    scores = [s.score for s in attempts if s.is_graded]
    if scores and scores[-1] is not None:
        return written_number(scores[-1])
    standing = found.of(assignment.id)
    if standing is not None:
        return CELLS[standing.mark].value if standing.mark in CELLS else ""
    return Cell.WAITING.value if attempts else ""
