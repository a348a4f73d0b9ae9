"""What happened to one student or to one piece of work, for organizers: the audit in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cohort.errors import NotFound, Unclear
from cohort.history import sentence
from cohort.roster import Member
from services import access
from services.desk import Desk
from storage.audit import AuditLine
from storage.records import Records

SEE = "history.see"
PAGE = 20


@dataclass(frozen=True, slots=True)
class Happened:
    """One line: when, by whom (None for the bot itself), what, and about which assignment (its slug) if any."""

    at: datetime
    by: Member | None
    what: str
    about: str


@dataclass(frozen=True, slots=True)
class History:
    """One page of what happened, the newest first; `of_id` names it for the next page, if `has_more`."""

    title: str
    of_id: str
    lines: Sequence[Happened]
    page: int
    has_more: bool


def history(reference: str, page: int, actor: Member, now: datetime, desk: Desk) -> History:
    """Return what happened to a member or an assignment, by name, email, slug or id.

    Raises NotAllowed for all but organizers, NotFound, and Unclear where nothing is named.
    """
    access.require_organizer(actor, SEE, now)
    if not reference.strip():
        raise Unclear("I don't see whose history you mean.", "/cohort history @student")
    with desk.store.reading() as records:
        return _of_assignment(records, reference, page) or _of_member(records, reference, page)


def _of_assignment(records: Records, reference: str, page: int) -> History | None:
    try:
        found = access.assignment(records, reference)
    except NotFound:
        return None
    lines = records.history.of_assignment(found.id, PAGE + 1, page * PAGE)
    return _paged(records, found.title, found.id, lines, page)


def _of_member(records: Records, reference: str, page: int) -> History:
    found = access.person(records, reference)
    lines = records.history.of_member(found.id, PAGE + 1, page * PAGE)
    return _paged(records, found.called, found.id, lines, page)


def _paged(records: Records, title: str, of_id: str, lines: Sequence[AuditLine], page: int) -> History:
    shown = [_happened(records, line) for line in lines[:PAGE]]
    return History(title, of_id, shown, page, len(lines) > PAGE)


def _happened(records: Records, line: AuditLine) -> Happened:
    by = records.roster.get(line.actor_id) if line.actor_id else None
    about = records.history.assignment_of(line.subject) or records.history.assignment_of(line.detail)
    return Happened(line.at, by, sentence(line.action, line.detail), about)
