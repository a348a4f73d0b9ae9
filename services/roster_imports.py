"""Importing the roster: who is in the cohort, known by their email address."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from cohort.roster import GONE, Member, Role, Status
from services import csv_cells, csv_tables
from services.closing import close_everything
from services.csv_tables import Columns, Row
from services.desk import Desk
from services.import_reports import Import, ImportReport, Plan, Progress, carry_out, what_changed
from services.roster import note_status, tell_status
from storage.ids import new_id
from storage.records import Records

ROSTER = Columns(
    required=("email", "name", "role"),
    optional=(
        "preferred_name",
        "zone",
        "status",
        "track",
        "accommodation_days",
        "joined_at",
        "left_at",
        "sid",
    ),
)
Found = Mapping[str, Any]
NOBODY_LEFT: Final = "would leave nobody who organizes; make somebody else an organizer first"


def import_roster(
    source: str | bytes,
    now: datetime,
    desk: Desk,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    expects: str = "",
) -> ImportReport:
    """Add and change members as a file says, all or nothing; those it does not name stay as they are.

    A student whose status changes hears of it, and their open requests end with it.
    """
    tz = desk.policy.programme.tz
    table = csv_tables.read(source, ROSTER)
    people = [(row, _read(row, tz)) for row in table.keyed(lambda row: row.cells["email"].lower() or None)]
    plan = partial(_plan, people=people, now=now, desk=desk)
    wanted = Import("roster", len(people), table.problems, plan)
    return carry_out(wanted, now, desk, dry_run=dry_run, progress=progress, expects=expects)


def _read(row: Row, tz: ZoneInfo) -> Found:
    """Return the fields a row gives; a column the file does not have gives none."""
    at = csv_cells.instant_or_day(tz)
    found: dict[str, Any] = {
        "email": row.need("email", csv_cells.email),
        "name": row.need("name", csv_cells.phrase(120)),
        "role": row.need("role", csv_cells.word(Role)),
        "preferred_name": row.take("preferred_name", csv_cells.phrase(60), ""),
        "zone": row.take("zone", csv_cells.zone_name, ""),
        "status": row.take("status", csv_cells.word(Status), Status.ACTIVE),
        "track": row.take("track", csv_cells.phrase(60), ""),
        "accommodation_days": row.take("accommodation_days", csv_cells.whole(0, 60), 0),
        "joined_at": row.take("joined_at", at, None),
        "left_at": row.take("left_at", at, None),
        "sid": row.take("sid", csv_cells.phrase(60), ""),
    }
    joined_at, left_at = found["joined_at"], found["left_at"]
    if joined_at and left_at and left_at < joined_at:
        row.refuse("left_at", "is before joined_at")
    given = {column: value for column, value in found.items() if row.has(column)}
    return {column: value for column, value in given.items() if column != "zone" or value}


def _plan(records: Records, people: list[tuple[Row, Found]], now: datetime, desk: Desk) -> Plan:
    known = {member.email.lower(): member for member in records.roster.all()}
    leaving = records.leavings.undoable()
    plan, becoming = Plan(), list[tuple[Row, Member | None, Member]]()
    for row, person in people:
        old = known.pop(person["email"].lower(), None)
        if old is None:
            new = _new(person, desk)
            becoming.append((row, None, new))
            plan.add(partial(_add, member=new, now=now), f"{new.email} ({new.name}, {new.role})")
            continue
        new = _changed(old, _as_they_said(person) if old.id in leaving else person, now)
        becoming.append((row, old, new))
        if new == old:
            plan.keep()
        else:
            told = what_changed(old, new, (each.name for each in fields(Member)), desk.policy.programme.tz)
            plan.change(f"{new.email}: {told}", partial(_save, old=old, new=new, now=now, desk=desk))
    plan.absent.extend(member.email for member in known.values())
    _keep_an_organizer(becoming, known.values(), now)
    return plan


def _keep_an_organizer(
    becoming: Sequence[tuple[Row, Member | None, Member]], others: Iterable[Member], now: datetime
) -> None:
    """Note it as a problem where nobody would be left who organizes, so that nobody could mend it in Slack."""
    there = [*others, *(new for _, _, new in becoming)]
    if any(_organizes(member, now) for member in there):
        return
    for row, old, new in becoming:
        if old is not None and _organizes(old, now):
            row.refuse("role" if new.role is not old.role else "status", NOBODY_LEFT)


def _organizes(member: Member, now: datetime) -> bool:
    return member.role is Role.ORGANIZER and member.is_active(now)


def _new(person: Found, desk: Desk) -> Member:
    return Member(**{"id": new_id("mem"), "zone": desk.policy.programme.zone, **person})


def _changed(old: Member, person: Found, now: datetime) -> Member:
    """Return a member as the file says; the address keeps the spelling it has."""
    new = replace(old, **{**person, "email": old.email})
    if "left_at" in person or new.status is old.status:
        return new
    if new.status in GONE:
        return replace(new, left_at=new.left_at or now)
    return replace(new, left_at=None) if old.status in GONE else new


def _as_they_said(person: Found) -> Found:
    """Return the fields for a student who wants to leave and may still undo it: a file does not know of that.

    That somebody is gone holds all the same.
    """
    is_gone = person.get("status") in GONE
    return person if is_gone else {column: value for column, value in person.items() if column != "status"}


def _add(records: Records, member: Member, now: datetime) -> None:
    records.roster.save(member)
    since_at = member.left_at if member.status in GONE else member.joined_at
    records.roster.add_status(member.id, member.status, since_at or now, None)


def _save(records: Records, old: Member, new: Member, now: datetime, desk: Desk) -> None:
    records.roster.save(new)
    if new.status is not old.status:
        note_status(records, new, None, now)
    elif new.status in GONE and new.left_at != old.left_at and not old.has_left(now):
        tell_status(records, new, None, now)
    is_new = new.status is not old.status or not old.has_left(now)
    if new.role is Role.STUDENT and new.has_left(now) and is_new:
        close_everything(records, new, now, desk)
