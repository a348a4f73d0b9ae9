"""Importing tracks: which work each requires, and the due times that are its own."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from cohort.own_work import TrackItem
from services import csv_cells, csv_tables
from services.assignment_imports import Required
from services.csv_tables import Columns, Row
from services.desk import Desk
from services.import_reports import Import, ImportReport, Plan, Progress, carry_out
from storage.records import Records

TRACKS = Columns(required=("track", "assignment"), optional=("required", "due_at"))
NAME_MOST = 60


def import_tracks(
    source: str | bytes,
    now: datetime,
    desk: Desk,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    expects: str = "",
) -> ImportReport:
    """Say what each track names as a file says, one row an assignment; what it does not name stays as it is."""
    table = csv_tables.read(source, TRACKS)
    rows = list(table.keyed(_key))
    wanted = Import("tracks", len(rows), table.problems, partial(_plan, rows=rows, desk=desk))
    return carry_out(wanted, now, desk, dry_run=dry_run, progress=progress, expects=expects)


def _key(row: Row) -> tuple[str, str] | None:
    track, assignment = row.cells["track"], row.cells["assignment"]
    return (track, assignment.casefold()) if track and assignment else None


def _plan(records: Records, rows: list[Row], desk: Desk) -> Plan:
    slugs = {assignment.id: assignment.slug for assignment in records.assignments.all()}
    known = {
        (item.track, item.assignment_id): item for of in records.own_work.tracks().values() for item in of.values()
    }
    plan, tz = Plan(), desk.policy.programme.tz
    for row in rows:
        new = _item(records, row, desk)
        if new is None:
            continue
        old = known.pop((new.track, new.assignment_id), None)
        step = partial(_save, item=new)
        if old is None:
            plan.add(step)
        elif old == new:
            plan.keep()
        else:
            plan.change(f"{new.track}, {slugs[new.assignment_id]}: {_words(old, tz)} → {_words(new, tz)}", step)
    plan.absent.extend(f"{track}, {slugs[assignment_id]}" for track, assignment_id in known)
    return plan


def _item(records: Records, row: Row, desk: Desk) -> TrackItem | None:
    programme = desk.policy.programme
    track = row.need("track", csv_cells.phrase(NAME_MOST))
    required = row.take("required", csv_cells.word(Required), Required.YES) is Required.YES
    due_at = row.take("due_at", csv_cells.instant(programme.tz), None)
    assignment = records.assignments.with_slug(row.cells["assignment"])
    if assignment is None:
        row.refuse("assignment", f"“{row.cells['assignment']}” is no assignment")
        return None
    if due_at is not None and due_at > programme.closes_at:
        row.refuse(
            "due_at", f"is after the end of the programme, {csv_cells.written(programme.closes_at, programme.tz)}"
        )
    return TrackItem(track or "", assignment.id, required, due_at)


def _words(item: TrackItem, tz: ZoneInfo) -> str:
    needed = "required" if item.required else "optional"
    return f"{needed}, due {csv_cells.written(item.due_at, tz)}" if item.due_at else needed


def _save(records: Records, item: TrackItem) -> None:
    records.own_work.save_track_items([item])
