"""Roster and assignments by form: a row as the tables have it, read, changed, and written as an import of one row."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import sha256
from typing import Final

from cohort.errors import ChangedMeanwhile, NotByForm, NotFound
from cohort.roster import Member, Role, Status, ways_from
from cohort.times import local_day
from cohort.wishes import UntilWall
from services import access
from services.desk import Desk
from services.exports import EXPORTS
from services.imports import IMPORTS, ImportReport
from services.roster import StatusChanged, set_status
from storage.records import Records

ROSTER, ASSIGNMENTS = "roster", "assignments"
KEY: Final[Mapping[str, str]] = {ROSTER: "email", ASSIGNMENTS: "slug"}
CHANGE = "desk.change"
# Whether somebody takes part is no column that a form writes: what follows from it is done by its own use case.
STATUS, BACK_ON = "status", "back_on"
LETTERS_MOST: Final = 300

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of a table that fit some words, and how many there are in all."""

    table: str
    words: str
    rows: Sequence[Row]
    of_all: int


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was sent: the key of its row, empty for a new one, and what stands in its fields.

    `seen` are the marks of what stood in them when it was opened; a field that was not there is not read.
    """

    key: str
    fields: Row
    seen: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a row: the report of its import, and of a student's status where that was changed."""

    table: str
    row: Row
    report: ImportReport
    status: StatusChanged | None = None


class _Refused(Exception):
    """An import of one row that found problems, so that nothing of the form is to be written."""

    def __init__(self, written: Written) -> None:
        super().__init__()
        self.written = written


def shown(value: str) -> str:
    """Return what a field of a form shows of a value."""
    line = " ".join(value.split())
    return line if len(line) <= LETTERS_MOST else f"{line[: LETTERS_MOST - 1].rstrip()}…"


def mark(value: str) -> str:
    """Return something short that tells what a field shows from anything else."""
    return sha256(shown(value).encode()).hexdigest()[:12]


def to_change(actor: Member, now: datetime) -> None:
    """Let organizers change rows. Raises NotAllowed for everyone else, and NotActive."""
    access.require_organizer(actor, CHANGE, now)


def listed(table: str, words: str, actor: Member, now: datetime, desk: Desk) -> Listed:
    """Return the rows in which some words stand, or all. Raises NotAllowed for all but organizers, and NotActive."""
    access.require_organizer(actor, CHANGE, now)
    with desk.store.reading() as records:
        rows = _with_ends(table, _rows(table, now, desk.within(records)), records, desk)
        wanted = _meant(table, words.strip(), records).casefold()
    fitting = [row for row in rows if wanted in " ".join(row.values()).casefold()]
    return Listed(table, words.strip(), fitting, len(rows))


def _meant(table: str, words: str, records: Records) -> str:
    """Return what is looked for: of a person who is mentioned, the address that stands in their row."""
    mentioned = records.roster.by_slack_id(words) if table == ROSTER else None
    return mentioned.email if mentioned is not None else words


def row_of(table: str, key: str, actor: Member, now: datetime, desk: Desk) -> Row:
    """Return a row by its key, or an empty one for an empty key; of a student besides on which day a pause ends.

    Raises NotAllowed, NotActive and NotFound.
    """
    access.require_organizer(actor, CHANGE, now)
    with desk.store.reading() as records:
        return _row_of(table, key, records, now, desk)


def _row_of(table: str, key: str, records: Records, now: datetime, desk: Desk) -> Row:
    if not key:
        return {}
    rows = _rows(table, now, desk.within(records))
    found = [row for row in rows if row[KEY[table]].casefold() == key.casefold()]
    if not found:
        raise NotFound("row", key)
    return _with_ends(table, found, records, desk)[0]


def _with_ends(table: str, rows: Sequence[Row], records: Records, desk: Desk) -> list[Row]:
    """Return rows of the roster with the day on which a pause ends; others as they are."""
    if table != ROSTER:
        return list(rows)
    tz, ends = desk.policy.programme.tz, records.pauses.every()
    ids = {member.email: member.id for member in records.roster.some(ends.keys()).values()} if ends else {}
    on = {email: local_day(ends[member_id], tz).isoformat() for email, member_id in ids.items()}
    return [row | {BACK_ON: on.get(row["email"], "")} for row in rows]


def write(table: str, form: Filled, actor: Member, now: datetime, desk: Desk) -> Written:
    """Add a row, or change the one of a key in the columns that somebody changed; all of it or nothing.

    Problems are in the report, and then nothing is written. Raises NotAllowed, NotActive, NotFound for a key that is
    gone, ChangedMeanwhile for a field that somebody else changed otherwise since it was opened, and NotByForm for a
    row that is there already, a status that can't be had, or where the last organizer would be none any more.
    """
    access.require_organizer(actor, CHANGE, now)
    try:
        with desk.transaction(now) as records:
            return _write(table, form, records, actor, now, desk)
    except _Refused as refused:
        return refused.written


def _write(table: str, form: Filled, records: Records, actor: Member, now: datetime, desk: Desk) -> Written:
    before = _row_of(table, form.key, records, now, desk)
    changed = _changed(form, before)
    if not form.key:
        _refuse_known(table, changed, records, now, desk)
    if table == ROSTER:
        _keep_an_organizer(before, changed, actor)
    columns = {name: value for name, value in changed.items() if name not in {STATUS, BACK_ON}}
    row = {name: value for name, value in before.items() if name != BACK_ON} | columns
    report = _import(table, row, records, actor, now, desk) if columns else ImportReport(unchanged=1)
    has_status = bool(form.key) and table == ROSTER and bool({STATUS, BACK_ON} & changed.keys())
    status = _set_status(before | changed, changed, records, actor, now, desk) if has_status else None
    return Written(table, row, report, status)


def _changed(form: Filled, before: Row) -> Row:
    """Return the fields that whoever sent a form changed. Raises ChangedMeanwhile where somebody else did otherwise."""
    if not form.key:
        return {name: value for name, value in form.fields.items() if name not in {STATUS, BACK_ON}}
    there = {name: value for name, value in form.fields.items() if name in form.seen}
    changed = {name: value for name, value in there.items() if mark(value) != form.seen[name]}
    for name, value in changed.items():
        if mark(before.get(name, "")) not in {form.seen[name], mark(value)}:
            raise ChangedMeanwhile(name, before.get(name, "") or "empty")
    return changed


def _refuse_known(table: str, row: Row, records: Records, now: datetime, desk: Desk) -> None:
    key = row.get(KEY[table], "")
    if not key:
        raise NotByForm(KEY[table], "This can't be empty.")
    if any(one[KEY[table]].casefold() == key.casefold() for one in _rows(table, now, desk.within(records))):
        raise NotByForm(KEY[table], f"“{key[:60]}” is there already; change that one instead.")


def _keep_an_organizer(before: Row, changed: Row, actor: Member) -> None:
    """Refuse that somebody takes their own desk away: another organizer does that."""
    is_own = before.get("email", "").casefold() == actor.email.casefold()
    if is_own and changed.get("role", Role.ORGANIZER.value) != Role.ORGANIZER.value:
        raise NotByForm("role", "Another organizer has to take that role from you, so that somebody is left.")


def _import(table: str, row: Row, records: Records, actor: Member, now: datetime, desk: Desk) -> ImportReport:
    """Write a row as an import does, within a transaction. Raises what undoes it where there are problems."""
    report = IMPORTS[table](_as_csv(row), now, desk.within(records))
    if report.problems:
        raise _Refused(Written(table, row, report))
    if report.added or report.changed:
        records.audit.add(actor.id, "imported.by", table, now, detail=report.counts)
    return report


def why_fixed(role: str, status: str) -> str:
    """Return what of a status a form can't change, why, and how it is changed instead."""
    by_import = "an import of the roster with the column “status”"
    if role != Role.STUDENT:
        handover = "“/cohort handover @ta” hands over what a TA holds"
        return f"Only students pause or leave here. {handover}, and {by_import} ends their part."
    if status in {Status.EXPELLED, Status.GRADUATED}:
        return f"Who was expelled or has graduated comes back by {by_import}."
    if status == Status.WITHDRAWN:
        return "Who has left comes back first, and can be paused then."
    return f"Expelled and graduated are set by {by_import}."


def _set_status(row: Row, changed: Row, records: Records, actor: Member, now: datetime, desk: Desk) -> StatusChanged:
    """Change whether a student takes part, as the commands do. Raises NotByForm where it can't be so."""
    student = access.person(records, row["email"])
    known = {status.value: status for status in (student.status, *ways_from(student.status))}
    if student.role is not Role.STUDENT or row[STATUS] not in known:
        raise NotByForm(STATUS, why_fixed(student.role, student.status))
    status = known[row[STATUS]]
    if status is not Status.PAUSED and changed.get(BACK_ON):
        raise NotByForm(BACK_ON, "A day on which a pause ends needs a pause: choose “paused” as well.")
    until = _until(row[BACK_ON], local_day(now, desk.policy.programme.tz)) if status is Status.PAUSED else None
    return set_status(records, student, status, actor, now, desk, until)


def _until(back_on: str, today: date) -> UntilWall | None:
    """Return from which day on a pause is over, None for no day. Raises NotByForm for one that is past."""
    if not back_on:
        return None
    try:
        on = date.fromisoformat(back_on)
    except ValueError:
        raise NotByForm(BACK_ON, "I can't read that as a day.") from None
    if on <= today:
        raise NotByForm(BACK_ON, "A pause ends on a day to come, the first one back.")
    return UntilWall(datetime.combine(on, time.min), has_time=False)


def _rows(table: str, now: datetime, desk: Desk) -> list[Row]:
    return list(csv.DictReader(io.StringIO(EXPORTS[table](desk, now))))


def _as_csv(row: Row) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(row), lineterminator="\n")
    writer.writeheader()
    writer.writerow(row)
    return text.getvalue()
