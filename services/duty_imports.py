"""Importing the rotas: one person a week for each duty."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from cohort.roster import Member
from cohort.rotas import Duty
from cohort.times import local_day, week_of
from services import csv_cells, csv_tables
from services.csv_tables import Columns, Row
from services.desk import Desk
from services.import_reports import Import, ImportReport, Plan, Progress, carry_out
from storage.records import Records

DUTIES = Columns(required=("week_on", "email"), optional=("duty",))


@dataclass(frozen=True, slots=True)
class Week:
    """One row: a week by its Monday, which duty, and whose it is."""

    row: Row
    week_on: date | None
    email: str | None
    duty: Duty


def import_duties(
    source: str | bytes,
    now: datetime,
    desk: Desk,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    expects: str = "",
) -> ImportReport:
    """Put people on duty as a file says, all or nothing; any day of a week stands for that week.

    Absent are the weeks from this one on that the file does not name; they stay as they are.
    """
    table = csv_tables.read(source, DUTIES)
    weeks = [_read(row) for row in table.keyed(_week_key)]
    this_week = week_of(local_day(now, desk.policy.programme.tz))
    wanted = Import("duties", len(weeks), table.problems, partial(_plan, weeks=weeks, this_week=this_week))
    return carry_out(wanted, now, desk, dry_run=dry_run, progress=progress, expects=expects)


def _week_key(row: Row) -> tuple[str, date] | None:
    try:
        return row.cells.get("duty", "").casefold() or Duty.EXTENSIONS, week_of(csv_cells.day(row.cells["week_on"]))
    except csv_tables.Unfit:
        return None


def _read(row: Row) -> Week:
    on, duty = row.need("week_on", csv_cells.day), row.take("duty", csv_cells.word(Duty), Duty.EXTENSIONS)
    return Week(row, on and week_of(on), row.need("email", csv_cells.email), duty)


def _plan(records: Records, weeks: list[Week], this_week: date) -> Plan:
    plan = Plan()
    upcoming = {(duty, on) for duty in Duty for on, _ in records.duties.from_week(duty, this_week)}
    for week in weeks:
        member = _staff(records, week)
        if member is None or week.week_on is None:
            continue
        upcoming.discard((week.duty, week.week_on))
        _plan_week(records, plan, week.duty, week.week_on, member)
    plan.absent.extend(_named(duty, on) for duty, on in sorted(upcoming))
    return plan


def _plan_week(records: Records, plan: Plan, duty: Duty, week_on: date, member: Member) -> None:
    step = partial(_assign, duty=duty, week_on=week_on, member_id=member.id)
    before = records.duties.holder(duty, week_on)
    if before is None:
        plan.add(step)
    elif before == member.id:
        plan.keep()
    else:
        plan.change(f"{_named(duty, week_on)}: {member.email}", step)


def _named(duty: Duty, week_on: date) -> str:
    """Return how a report calls a week; the duty that a row without one means goes without saying."""
    return week_on.isoformat() if duty is Duty.EXTENSIONS else f"{week_on.isoformat()} {duty}"


def _staff(records: Records, week: Week) -> Member | None:
    """Return the TA or organizer a row names; None, with the problem noted, where it is neither."""
    member = records.roster.by_email(week.email or "")
    if member is None:
        week.row.refuse("email", f"“{week.email}” is nobody's address on the roster")
    elif not member.is_staff:
        week.row.refuse("email", f"“{week.email}” is a student; duty is for TAs and organizers")
        return None
    return member


def _assign(records: Records, duty: Duty, week_on: date, member_id: str) -> None:
    records.duties.assign(duty, week_on, member_id)
