"""Importing assignments, known by their slug; whose due time moves, moves the extensions with it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment, Kind
from cohort.extensions import Extension, moved_until
from cohort.workload import Crowd, crowds, told_to_all
from services import csv_cells, csv_tables
from services.csv_tables import Columns, Row
from services.desk import Desk
from services.import_reports import Import, ImportReport, Plan, Progress, carry_out, what_changed
from storage.ids import new_id
from storage.records import Records

ASSIGNMENTS = Columns(
    required=("slug", "title", "kind"),
    optional=(
        "week",
        "opens_at",
        "due_at",
        "hard_due_at",
        "pass_mark",
        "required",
        "estimated_hours",
        "url",
        "droppable",
        "status",
    ),
)


class Required(StrEnum):
    """Whether an assignment must be handed in."""

    YES = "yes"
    NO = "no"


class Droppable(StrEnum):
    """Whether a student may leave an assignment out, within the drop allowance."""

    YES = "yes"
    NO = "no"


class Standing(StrEnum):
    """Whether an assignment takes place."""

    ACTIVE = "active"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, and the fields it gives."""

    row: Row
    fields: Mapping[str, Any]


def import_assignments(
    source: str | bytes,
    now: datetime,
    desk: Desk,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    expects: str = "",
) -> ImportReport:
    """Add and change assignments as a file says, all or nothing; those it does not name stay as they are.

    Without a hard_due_at the last moment is the programme's. Extensions move with a due time, and requests
    that have nothing left to decide end with it.
    """
    table = csv_tables.read(source, ASSIGNMENTS)
    rows = table.keyed(lambda row: row.cells["slug"].lower() or None)
    entries = [Entry(row, _read(row, desk)) for row in rows]
    plan = partial(_plan, entries=entries, desk=desk)
    wanted = Import("assignments", len(entries), table.problems, plan)
    return carry_out(wanted, now, desk, dry_run=dry_run, progress=progress, expects=expects)


def _read(row: Row, desk: Desk) -> Mapping[str, Any]:
    """Return the fields a row gives; a column the file does not have gives none."""
    programme = desk.policy.programme
    at, at_or_day = csv_cells.instant(programme.tz), csv_cells.instant_or_day(programme.tz)
    found: dict[str, Any] = {
        "slug": row.need("slug", csv_cells.slug),
        "title": row.need("title", csv_cells.phrase(200)),
        "kind": row.need("kind", csv_cells.word(Kind)),
        "week": row.take("week", csv_cells.whole(0, 99), None),
        "opens_at": row.take("opens_at", at_or_day, None),
        "due_at": row.take("due_at", at, None),
        "hard_due_at": row.take("hard_due_at", at, programme.closes_at),
        "pass_mark": row.take("pass_mark", csv_cells.number, None),
        "required": row.take("required", csv_cells.word(Required), Required.YES) is Required.YES,
        "estimated_hours": row.take("estimated_hours", csv_cells.number, None),
        "url": row.take("url", csv_cells.url, ""),
        "droppable": row.take("droppable", csv_cells.word(Droppable), Droppable.YES) is Droppable.YES,
    }
    given = {column: value for column, value in found.items() if row.has(column)}
    if row.has("status"):
        standing = row.take("status", csv_cells.word(Standing), Standing.ACTIVE)
        given["cancelled"] = standing is Standing.CANCELLED
    return given


def _plan(records: Records, entries: list[Entry], desk: Desk) -> Plan:
    known = {assignment.slug.lower(): assignment for assignment in records.assignments.all()}
    tz = desk.policy.programme.tz
    plan, planned = Plan(), {assignment.id: assignment for assignment in known.values()}
    changed: set[str] = set()
    for entry in entries:
        old = known.pop(entry.fields["slug"].lower(), None)
        new = _new(entry, desk) if old is None else replace(old, **{**entry.fields, "slug": old.slug})
        _check(records, entry.row, new, tz)
        planned[new.id] = new
        if new != old:
            changed.add(new.id)
        if old is None:
            plan.add(partial(_save, assignment=new), f"{new.slug}: {new.title}")
        elif new == old:
            plan.keep()
        else:
            told = what_changed(old, new, (each.name for each in fields(Assignment)), tz)
            plan.change(f"{new.slug}: {told}", partial(move, old=old, new=new, tz=tz))
    plan.absent.extend(assignment.slug for assignment in known.values())
    full = crowds(told_to_all(planned.values()), desk.policy.workload, tz)
    plan.notes.extend(_warning(crowd) for crowd in full if any(crowd.holds(each) for each in changed))
    return plan


def _warning(crowd: Crowd) -> str:
    """Return in words what falls due on two days, and on the days around them."""
    first, second = (f"{day.on:%a} {day.on.day} {day.on:%b}" for day in (crowd.first, crowd.second))
    names = ", ".join(assignment.slug for assignment in crowd.work)
    around = ", ".join(f"{day.on:%a} {day.on.day}: {len(day.work)}" for day in crowd.around)
    hours = f", about {crowd.hours:g} hours" if crowd.hours else ""
    return f"much is due on {first} and {second}{hours}: {names} (things due around then: {around})"


def _new(entry: Entry, desk: Desk) -> Assignment:
    closes_at = desk.policy.programme.closes_at
    return Assignment(**{"id": new_id("asg"), "hard_due_at": closes_at, **entry.fields})


def _check(records: Records, row: Row, new: Assignment, tz: ZoneInfo) -> None:
    """Note what can't be: a due time after the last moment, and a last moment before what was granted."""
    last = csv_cells.written(new.hard_due_at, tz)
    if new.due_at is not None and new.due_at > new.hard_due_at:
        row.refuse("due_at", f"is after the last moment anyone may hand in, {last}; move hard_due_at as well")
    if new.opens_at is not None and new.opens_at > (new.due_at or new.hard_due_at):
        row.refuse("opens_at", "is after it is due")
    granted = max((extension.until_at for extension in bound_extensions(records, new)), default=None)
    if granted is not None and granted > new.hard_due_at:
        until = csv_cells.written(granted, tz)
        row.refuse("hard_due_at", f"would be {last}, but a student was granted time until {until}; keep at least that")


def bound_extensions(records: Records, assignment: Assignment) -> list[Extension]:
    """Return the extensions that lengthen the due time and end by the last moment that hold for all."""
    retried: dict[str, datetime] = {}
    for retry in records.own_work.retries_on(assignment.id):
        retried.setdefault(retry.student_id, retry.opened_at)
    on_track = set(records.own_work.on_track_with_due_time(assignment.id))
    return [
        e
        for e in records.extensions.on(assignment.id)
        if e.student_id not in on_track and (e.student_id not in retried or e.granted_at < retried[e.student_id])
    ]


def _save(records: Records, assignment: Assignment) -> None:
    records.assignments.save(assignment)


def move(records: Records, old: Assignment, new: Assignment, tz: ZoneInfo) -> None:
    """Write a changed assignment; where its times moved, nobody loses a day of an extension.

    Time granted for what is tried once more stays as it is, and so does that of a track with a due time of its own.
    """
    records.assignments.save(new)
    if new.due_at is None or (old.due_at, old.hard_due_at) == (new.due_at, new.hard_due_at):
        return
    for extension in bound_extensions(records, new):
        until_at = moved_until(extension, new.due_at, new.hard_due_at, tz)
        if until_at != extension.until_at:
            records.extensions.set_until(extension.id, until_at)
