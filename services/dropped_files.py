"""A CSV dropped into the bot's direct messages: recognised by its columns, tried out, and imported with one press."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import PurePath

from cohort.errors import NotAllowed, NotFound, Unclear
from cohort.roster import Member, Role
from services import access
from services.desk import Desk, Dropped
from services.import_reports import ImportReport, OutOfDate
from services.imports import IMPORTS, Importer, import_grades, table_of

ACTION = "imports.drop"
LARGEST = 5 * 1024 * 1024
GRADES = "grades"


@dataclass(frozen=True, slots=True)
class Trial:
    """What a file would change, or changed where `is_done`. `table` is empty where it holds none that is known.

    `is_anew` where it is another look than somebody pressed for, since the records changed in between. `is_empty`
    where nothing stands in the file.
    """

    file_id: str
    name: str
    sha256: str
    table: str
    report: ImportReport
    is_done: bool = False
    is_anew: bool = False
    is_empty: bool = False

    @property
    def seen(self) -> str:
        """What somebody looked at who presses: the file, and what it would change."""
        return f"{self.file_id}:{self.sha256}:{self.report.fingerprint}"

    @property
    def changes_something(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.report.added or self.report.changed) and not self.report.problems


def require(actor: Member, now: datetime) -> None:
    """Let TAs and organizers drop a file. Raises NotAllowed and NotActive."""
    access.require_staff(actor, ACTION, now)


def try_out(file_id: str, actor: Member, now: datetime, desk: Desk) -> Trial:
    """Say what a file would change, and write nothing.

    Raises NotAllowed for students, for tables that are for organizers, and for somebody else's file; NotFound for
    what can't be read.
    """
    require(actor, now)
    file = _file(file_id, actor, desk)
    table = table_of(file.content) or ""
    if not table:
        return Trial(file.id, file.name, "", "", ImportReport(), is_empty=not file.content.strip())
    report = _importer(table, file, actor)(file.content, now, desk, dry_run=True)
    return Trial(file.id, file.name, sha256(file.content).hexdigest(), table, report)


def apply(seen: str, actor: Member, now: datetime, desk: Desk) -> Trial:
    """Write what was shown of a file and nothing else; `seen` names the trial.

    Where the records have changed so that it would write something else, it is only tried out anew. Raises what
    `try_out` does, and Unclear where the file has changed.
    """
    require(actor, now)
    file_id, _, digests = seen.partition(":")
    digest, _, fingerprint = digests.partition(":")
    file = _file(file_id, actor, desk)
    table = table_of(file.content) or ""
    if not (table and fingerprint) or sha256(file.content).hexdigest() != digest:
        raise Unclear("That file is not the one I looked at.", "drop the file here again")
    try:
        report = _importer(table, file, actor)(file.content, now, desk, expects=fingerprint)
    except OutOfDate:
        return replace(try_out(file_id, actor, now, desk), is_anew=True)
    if not report.problems:
        with desk.store.transaction() as records:
            records.audit.add(actor.id, "imported.by", table, now, detail=report.counts)
    return Trial(file.id, file.name, digest, table, report, is_done=not report.problems)


def _file(file_id: str, actor: Member, desk: Desk) -> Dropped:
    file = desk.files.read(file_id, LARGEST)
    if file is None:
        raise NotFound("file", "of at most 5 MB that I can read")
    if file.owner != actor.slack_id:
        raise NotAllowed(ACTION, "whoever dropped the file")
    return file


def _importer(table: str, file: Dropped, actor: Member) -> Importer:
    """Return what imports a table for someone. Raises NotAllowed."""
    if table == GRADES:
        return partial(import_grades, by=actor, about=_about(file.name))
    if actor.role is not Role.ORGANIZER:
        raise NotAllowed(ACTION, "organizers")
    return IMPORTS[table]


def _about(name: str) -> str:
    """Return the assignment that the name of a file says, as Gradescope's do: Problem_set_3_scores.csv."""
    return PurePath(name).stem.removesuffix("_scores")
