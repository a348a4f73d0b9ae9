"""Importing submissions: many rows, checked as a whole, then written in short transactions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from time import sleep

from cohort.submissions import Submission
from services import csv_cells, csv_tables
from services.csv_tables import Columns, Row, Table, Unfit
from services.desk import Desk
from services.import_reports import ImportReport, Progress, settle
from storage.ids import new_id

SUBMISSIONS = Columns(required=("email", "assignment", "submitted_at"), optional=("attempt", "score"))
ROWS_AT_ONCE = 4000
# A process that waits for SQLite's lock looks every 25 ms: with the time it takes to prepare the next rows this
# leaves a gap it can't miss.
BREATH_SECONDS = 0.015

Key = tuple[str, str, int]
Given = tuple[datetime, float | None]


@dataclass(slots=True)
class Names:
    """Turns what a column says into ids; what is not known is puzzled over once, however often it comes."""

    complaint: str
    ids: Mapping[str, str]
    _refused: dict[str, str] = field(default_factory=dict)

    def read(self, text: str) -> str:
        """Return the id of a name, whatever its case."""
        found = self.ids.get(text) or self.ids.get(text.lower())
        if found is None:
            raise Unfit(self._refused.get(text) or self._refuse(text))
        return found

    def _refuse(self, text: str) -> str:
        closest = get_close_matches(text.lower(), self.ids, n=1, cutoff=0.7)
        hint = f"; did you mean {closest[0]}?" if closest else ""
        self._refused[text] = f"“{text[:60]}” {self.complaint}{hint}"
        return self._refused[text]


@dataclass(frozen=True, slots=True)
class Todo:
    """What is to be written, by the attempt it is about, and the ids of attempts that exist."""

    attempts: Sequence[tuple[Key, Given]]
    ids: Mapping[Key, str]


def import_submissions(
    source: str | bytes,
    now: datetime,
    desk: Desk,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    expects: str = "",
) -> ImportReport:
    """Add and change attempts as a file says; with a problem in any row, nothing is written.

    Rows are written some thousand at a time, with a breath in between in which others may write: an import
    that was stopped half-way is finished by running it again. Requests for more time that are settled by
    what was handed in end with it.
    """
    table = csv_tables.read(source, SUBMISSIONS)
    given = _read(table, desk)
    if table.problems:
        return ImportReport.refused(table.problems)
    todo, report = _compare(given, desk, has_scores="score" in table.columns)
    if dry_run:
        return report
    report.check(expects)
    _write(todo, len(given), desk, progress)
    with desk.transaction(now) as records:
        settle(records, "submissions", report, now, desk)
    return report


def _read(table: Table, desk: Desk) -> dict[Key, Given]:
    """Return what the file says of each attempt, and note what is wrong with it."""
    with desk.store.reading() as records:
        people = {member.email.lower(): member.id for member in records.roster.all()}
        assignments = {assignment.slug.lower(): assignment.id for assignment in records.assignments.all()}
    read_person = Names("is nobody's address on the roster", people).read
    read_assignment = Names("is no assignment", assignments).read
    read_attempt = csv_cells.whole(1, 1000)
    read_at = csv_cells.instant(desk.policy.programme.tz)
    given: dict[Key, Given] = {}
    lines: dict[Key, int] = {}
    for row in table.rows:
        person = row.need("email", read_person)
        assignment = row.need("assignment", read_assignment)
        attempt = row.take("attempt", read_attempt, 1)
        submitted_at = row.need("submitted_at", read_at)
        score = row.take("score", csv_cells.number, None)
        if person and assignment and submitted_at:
            key = (person, assignment, attempt)
            _note_line(row, key, lines)
            given[key] = (submitted_at, score)
    return given


def _note_line(row: Row, key: Key, lines: dict[Key, int]) -> None:
    first = lines.setdefault(key, row.line)
    if first != row.line:
        row.refuse("", f"says the same attempt again as line {first}; number attempts in the column attempt")


def _compare(given: Mapping[Key, Given], desk: Desk, *, has_scores: bool) -> tuple[Todo, ImportReport]:
    """Return what differs from the records; without a column of scores, the scores there are stay."""
    with desk.store.reading() as records:
        known = {(s.student_id, s.assignment_id, s.attempt): s for s in records.submissions.every()}
    todo, changed, matched = [], 0, 0
    # In the order of the unique index, so that each short transaction touches few pages of it.
    for key in sorted(given):
        old = known.get(key)
        submitted_at, score = given[key]
        if old is None:
            todo.append((key, (submitted_at, score)))
            continue
        matched += 1
        wanted = (submitted_at, score if has_scores else old.score)
        if wanted != (old.submitted_at, old.score):
            changed += 1
            todo.append((key, wanted))
    ids = {key: submission.id for key, submission in known.items()}
    counts = ImportReport(len(given) - matched, changed, matched - changed, len(known) - matched)
    return Todo(todo, ids), counts


def _write(todo: Todo, rows: int, desk: Desk, progress: Progress | None) -> None:
    unchanged = rows - len(todo.attempts)
    if progress is not None:
        progress(unchanged, rows)
    for start in range(0, len(todo.attempts), ROWS_AT_ONCE):
        part = todo.attempts[start : start + ROWS_AT_ONCE]
        submissions = [_submission(key, given, todo.ids) for key, given in part]
        with desk.store.transaction() as records:
            records.submissions.save_many(submissions)
        if progress is not None:
            progress(unchanged + start + len(part), rows)
        sleep(BREATH_SECONDS)


def _submission(key: Key, given: Given, ids: Mapping[Key, str]) -> Submission:
    student_id, assignment_id, attempt = key
    return Submission(ids.get(key) or new_id("sub"), assignment_id, student_id, attempt, *given)
