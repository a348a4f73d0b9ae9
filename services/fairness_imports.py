"""Importing which groups students are in, for the fairness report and nothing else."""

from datetime import datetime
from functools import partial

from cohort.fairness import Belonging
from cohort.roster import Role
from services import csv_cells, csv_tables
from services.csv_tables import Columns, Row
from services.desk import Desk
from services.import_reports import Import, ImportReport, Plan, Progress, carry_out
from storage.records import Records

FAIRNESS = Columns(required=("email", "trait", "value"))
WORDS_MOST = 40


def import_fairness(
    source: str | bytes,
    now: datetime,
    desk: Desk,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    expects: str = "",
) -> ImportReport:
    """Note which groups students are in as a file says, one row a student and trait; what it does not name stays."""
    table = csv_tables.read(source, FAIRNESS)
    rows = list(table.keyed(_key))
    wanted = Import("fairness", len(rows), table.problems, partial(_plan, rows=rows))
    return carry_out(wanted, now, desk, dry_run=dry_run, progress=progress, expects=expects)


def _key(row: Row) -> tuple[str, str] | None:
    email, trait = row.cells["email"].casefold(), row.cells["trait"].casefold()
    return (email, trait) if email and trait else None


def _plan(records: Records, rows: list[Row]) -> Plan:
    emails = {member.id: member.email for member in records.roster.with_role(Role.STUDENT)}
    known = {(row.student_id, row.trait): row for row in records.fairness.every() if row.student_id in emails}
    plan = Plan()
    for row in rows:
        new = _belonging(records, row)
        if new is None:
            continue
        old = known.pop((new.student_id, new.trait), None)
        step = partial(_save, row=new)
        if old is None:
            plan.add(step)
        elif old == new:
            plan.keep()
        else:
            # The line may be read over a shoulder: it names no group.
            plan.change(f"{emails[new.student_id]}, {new.trait}", step)
    plan.absent.extend(sorted(f"{emails[student_id]}, {trait}" for student_id, trait in known))
    return plan


def _belonging(records: Records, row: Row) -> Belonging | None:
    phrase = csv_cells.phrase(WORDS_MOST)
    trait, value = row.need("trait", phrase), row.need("value", phrase)
    email = row.cells["email"]
    member = records.roster.by_email(email)
    if member is None or member.role is not Role.STUDENT:
        row.refuse("email", f"“{email[:80]}” is no student's address on the roster" if email else "is empty")
        return None
    return Belonging(member.id, trait.casefold(), value) if trait and value else None


def _save(records: Records, row: Belonging) -> None:
    records.fairness.save(row)
