"""Roster and assignments by form: a row as the tables have it, read, changed, and written as an import of one row."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cohort.errors import NotFound, Unclear
from cohort.roster import Member, Role
from services import access
from services.desk import Desk
from services.exports import EXPORTS
from services.imports import IMPORTS, ImportReport

ROSTER, ASSIGNMENTS = "roster", "assignments"
KEY: Final[Mapping[str, str]] = {ROSTER: "email", ASSIGNMENTS: "slug"}
CHANGE = "desk.change"

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of a table that fit some words, and how many there are in all."""

    table: str
    words: str
    rows: Sequence[Row]
    of_all: int


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a row: the report of its import."""

    table: str
    row: Row
    report: ImportReport


def listed(table: str, words: str, actor: Member, now: datetime, desk: Desk) -> Listed:
    """Return the rows in which some words stand, or all. Raises NotAllowed for all but organizers, and NotActive."""
    access.require_organizer(actor, CHANGE, now)
    rows = _rows(table, now, desk)
    wanted = words.strip().casefold()
    fitting = [row for row in rows if wanted in " ".join(row.values()).casefold()]
    return Listed(table, words.strip(), fitting, len(rows))


def row_of(table: str, key: str, actor: Member, now: datetime, desk: Desk) -> Row:
    """Return a row by its key, or an empty one for an empty key. Raises NotAllowed, NotActive and NotFound."""
    access.require_organizer(actor, CHANGE, now)
    if not key:
        return {}
    found = next((row for row in _rows(table, now, desk) if row[KEY[table]].casefold() == key.casefold()), None)
    if found is None:
        raise NotFound("row", key)
    return found


def write(table: str, key: str, changed: Row, actor: Member, now: datetime, desk: Desk) -> Written:
    """Add a row, or change the one of a key in some columns; problems are in the report, and then nothing is written.

    Raises NotAllowed, NotActive, NotFound for a key that is gone, and Unclear for a row that is there already, or
    where the last organizer would be none any more.
    """
    before = row_of(table, key, actor, now, desk)
    row = {**before, **changed}
    if not key and any(one[KEY[table]].casefold() == row[KEY[table]].casefold() for one in _rows(table, now, desk)):
        raise Unclear(f"“{row[KEY[table]][:60]}” is there already; change that one instead.", f"/cohort {table}")
    if table == ROSTER:
        _keep_an_organizer(before, row, actor)
    report = IMPORTS[table](_as_csv(row), now, desk)
    if not report.problems and (report.added or report.changed):
        # The import has noted the delivery: a second note would take this for the same press once more.
        with desk.store.transaction() as records:
            records.audit.add(actor.id, "imported.by", table, now, detail=report.counts)
    return Written(table, row, report)


def _keep_an_organizer(before: Row, row: Row, actor: Member) -> None:
    """Refuse that somebody takes their own desk away: another organizer does that."""
    is_own = before.get("email", "").casefold() == actor.email.casefold()
    if is_own and row["role"] != Role.ORGANIZER.value:
        raise Unclear("Another organizer has to take that role from you, so that somebody is left.", "/cohort roster")


def _rows(table: str, now: datetime, desk: Desk) -> list[Row]:
    return list(csv.DictReader(io.StringIO(EXPORTS[table](desk, now))))


def _as_csv(row: Row) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(row), lineterminator="\n")
    writer.writeheader()
    writer.writerow(row)
    return text.getvalue()
