"""Importing who grades what, and who may not grade whom."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial

from cohort.roster import Member, Role
from services import csv_tables
from services.csv_tables import Columns, Row
from services.desk import Desk
from services.graders import in_conflict, leave_conflicts
from services.import_reports import Import, ImportReport, Plan, Progress, carry_out
from storage.records import Records

GRADERS = Columns(required=("assignment", "email"))
CONFLICTS = Columns(required=("ta", "student"))


def import_graders(
    source: str | bytes,
    now: datetime,
    desk: Desk,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    expects: str = "",
) -> ImportReport:
    """Say who grades what as a file says, one row a grader; assignments it does not name stay as they are."""
    table = csv_tables.read(source, GRADERS)
    rows = list(table.keyed(lambda row: _key(row, "assignment", "email")))
    wanted = Import("graders", len(rows), table.problems, partial(_plan_graders, rows=rows))
    return carry_out(wanted, now, desk, dry_run=dry_run, progress=progress, expects=expects)


def import_conflicts(
    source: str | bytes,
    now: datetime,
    desk: Desk,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    expects: str = "",
) -> ImportReport:
    """Note who may not grade whom as a file says; conflicts it does not name stay."""
    table = csv_tables.read(source, CONFLICTS)
    rows = list(table.keyed(lambda row: _key(row, "ta", "student")))
    wanted = Import("conflicts", len(rows), table.problems, partial(_plan_conflicts, rows=rows, now=now))
    return carry_out(wanted, now, desk, dry_run=dry_run, progress=progress, expects=expects)


def _key(row: Row, *columns: str) -> tuple[str, ...] | None:
    cells = tuple(row.cells[column].casefold() for column in columns)
    return cells if all(cells) else None


def _plan_graders(records: Records, rows: list[Row]) -> Plan:
    slugs = {assignment.id: assignment.slug for assignment in records.assignments.all()}
    before, wanted = records.graders.every(), _wanted(records, rows)
    plan = Plan()
    for assignment_id, graders in wanted.items():
        old = before.get(assignment_id, [])
        step = partial(_assign, assignment_id=assignment_id, graders=list(graders))
        if not old:
            plan.add(step)
        elif set(old) == set(graders):
            plan.keep()
        else:
            plan.change(f"{slugs[assignment_id]}: {', '.join(sorted(graders.values()))}", step)
    plan.absent.extend(slugs[assignment_id] for assignment_id in before if assignment_id not in wanted)
    return plan


def _wanted(records: Records, rows: list[Row]) -> dict[str, dict[str, str]]:
    """Return the addresses of each assignment's graders by their ids, by assignment id."""
    wanted: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        assignment = records.assignments.with_slug(row.cells["assignment"])
        if assignment is None:
            row.refuse("assignment", f"“{row.cells['assignment'][:60]}” is no assignment")
        member = _member(records, row, "email", is_staff=True)
        if assignment is not None and member is not None:
            wanted[assignment.id][member.id] = member.email
    return wanted


def _plan_conflicts(records: Records, rows: list[Row], now: datetime) -> Plan:
    before, plan = records.graders.conflicts(), Plan()
    named: set[tuple[str, str]] = set()
    for row in rows:
        ta = _member(records, row, "ta", is_staff=True)
        student = _member(records, row, "student", is_staff=False)
        if ta is None or student is None:
            continue
        named.add((ta.id, student.id))
        if (ta.id, student.id) in before:
            plan.keep()
        else:
            plan.add(partial(_conflict, ta_id=ta.id, student_id=student.id))
    _plan_moves(records, plan, named, now)
    emails = {member.id: member.email for member in records.roster.all()}
    plan.absent.extend(sorted(f"{emails[ta]} and {emails[student]}" for ta, student in before - named))
    return plan


def _plan_moves(records: Records, plan: Plan, named: Collection[tuple[str, str]], now: datetime) -> None:
    """Plan that what waits with anyone in conflict goes to somebody else, once all conflicts are known."""
    students: defaultdict[str, set[str]] = defaultdict(set)
    for ta_id, student_id in named:
        students[ta_id].add(student_id)
    held = {ta_id: in_conflict(records, ta_id, theirs) for ta_id, theirs in sorted(students.items())}
    for ta_id, hand_in_ids in held.items():
        if hand_in_ids:
            plan.steps.append(partial(_leave, hand_in_ids=hand_in_ids, ta_id=ta_id, now=now))
    count = sum(len(hand_in_ids) for hand_in_ids in held.values())
    if count:
        things = "one thing that waits with them goes" if count == 1 else f"{count} things that wait with them go"
        plan.notes.append(f"{things} to somebody else")


def _leave(records: Records, hand_in_ids: Sequence[str], ta_id: str, now: datetime) -> None:
    leave_conflicts(records, hand_in_ids, ta_id, now)


def _member(records: Records, row: Row, column: str, *, is_staff: bool) -> Member | None:
    """Return the TA or organizer, or the student, that a row names; None, with the problem noted, for another."""
    email = row.cells[column]
    member = records.roster.by_email(email)
    if member is None:
        row.refuse(column, f"“{email[:80]}” is nobody's address on the roster" if email else "is empty")
    elif (member.role is not Role.STUDENT) != is_staff:
        row.refuse(column, f"“{email}” is {'a student' if is_staff else 'no student'}")
        return None
    return member


def _assign(records: Records, assignment_id: str, graders: list[str]) -> None:
    records.graders.assign(assignment_id, graders)


def _conflict(records: Records, ta_id: str, student_id: str) -> None:
    records.graders.add_conflict(ta_id, student_id)
