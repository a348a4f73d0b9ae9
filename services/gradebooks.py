"""Reading grades from a gradebook: Gradescope's, Canvas's or a plain list, known by the names of its columns."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from services import csv_cells, csv_tables
from services.csv_tables import Columns, Problem, Row, Table, Unfit

GRADES = Columns(required=("email", "assignment", "score"), optional=("attempt", "feedback"))
# What says who a row is about; every other column of a gradebook is, or belongs to, an assignment.
GRADESCOPE = Columns(("email",), ("first name", "last name", "name", "sid", "sections", "section_name"))
CANVAS = Columns(
    ("id", "section"),
    ("student", "lastname", "firstname", "sis user id", "sis login id", "integration id", "root account"),
)
# Gradescope's export of one assignment, which does not say of which.
ONE = Columns(
    required=("email", "total score", "max points"),
    optional=("sid", "submission time", "assignment", "status"),
)
# Our own export: a row a student, a column an assignment, then where they stand.
OWN = Columns(required=("email", "name", "passed", "dropped", "excused", "remaining", "status"))
MOST, WHEN = " - Max Points", " - Submission Time"
POINTS_POSSIBLE = "points possible"
NOT_GIVEN = frozenset({"", "n/a", "ex", "-", "–"})
NOT_PEOPLE = frozenset({"student, test", "test student"})
_CANVAS_ID = re.compile(r" \(\d+\)$")

# The assignment that a column or a cell means, if it is known.
Known = Callable[[str], Assignment | None]


class Format(StrEnum):
    """Whose gradebook a file is."""

    PLAIN = "plain"
    OWN = "our own"
    GRADESCOPE = "Gradescope"
    GRADESCOPE_ONE = "Gradescope's export of one assignment"
    CANVAS = "Canvas"


class Cell(StrEnum):
    """What an export of grades says of work without a score."""

    PASSED = "passed"
    NOT_YET = "not yet"
    WAITING = "waiting"
    MISSED = "missed"
    EXCUSED = "excused"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Mark:
    """One score as a file gives it, and where it stands.

    `person` is what the row says of whose it is: addresses and ids. `score` is in points of `most`, where that is
    known. `attempt` and `submitted_at` are None where the file does not say.
    """

    row: Row
    column: str
    person: tuple[str, ...]
    assignment: Assignment
    score: Decimal
    most: Decimal | None = None
    attempt: int | None = None
    submitted_at: datetime | None = None
    feedback: str = ""


@dataclass(slots=True)
class Gradebook:
    """What a file holds: its scores, what was not read, and what is wrong with it."""

    format: Format
    problems: list[Problem]
    marks: list[Mark] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def format_of(source: str | bytes) -> Format | None:
    """Return whose gradebook a file is, going by its columns; None where it is none."""
    if csv_tables.fits(source, GRADES):
        return Format.PLAIN
    if csv_tables.fits(source, OWN):
        return Format.OWN
    if csv_tables.fits(source, ONE):
        return Format.GRADESCOPE_ONE
    names = csv_tables.header(source, GRADESCOPE)
    if "email" in names and any(name.endswith(MOST.casefold()) for name in names):
        return Format.GRADESCOPE
    names = csv_tables.header(source, CANVAS)
    return Format.CANVAS if set(CANVAS.required) <= set(names) and {"student", "lastname"} & set(names) else None


def read(source: str | bytes, known: Known, tz: ZoneInfo, about: str = "") -> Gradebook:
    """Read a gradebook; raises nothing, since whatever is wrong stands among the problems.

    `about` names the assignment of an export that does not say it. `tz` is the programme's.
    """
    found = format_of(source) or Format.PLAIN
    known = cache(known)
    if found is Format.PLAIN:
        return _plain(csv_tables.read(source, GRADES), known)
    if found is Format.OWN:
        return _own(csv_tables.read_wide(source, OWN), known)
    if found is Format.GRADESCOPE_ONE:
        return _one(csv_tables.read_wide(source, ONE), known, tz, about)
    if found is Format.GRADESCOPE:
        return _gradescope(csv_tables.read_wide(source, GRADESCOPE), known, tz)
    return _canvas(csv_tables.read_wide(source, CANVAS), known)


def _plain(table: Table, known: Known) -> Gradebook:
    book = Gradebook(Format.PLAIN, table.problems)
    read_attempt, read_feedback = csv_cells.whole(1, 1000), _text(3000)
    for row in table.rows:
        person = row.need("email", str)
        assignment = row.need("assignment", _named(known))
        attempt = row.take("attempt", read_attempt, None)
        feedback = row.take("feedback", read_feedback, "")
        score = row.take("score", points, None)
        if person and assignment and score is not None:
            book.marks.append(Mark(row, "score", (person,), assignment, score, attempt=attempt, feedback=feedback))
    return book


def _own(table: Table, known: Known) -> Gradebook:
    """Read what `export grades` wrote: scores, between words for what has none."""
    book = Gradebook(Format.OWN, table.problems)
    columns = _columns([name for name in table.columns if name and name not in OWN.names], known, book)
    for row in table.rows:
        for name, assignment in columns.items():
            if row.cells[name] not in {"", *Cell}:
                book.marks.extend(_marked(row, name, assignment, "", None))
    return book


def _one(table: Table, known: Known, tz: ZoneInfo, about: str) -> Gradebook:
    """Read Gradescope's export of one assignment, named by a column of one's own or by the name of the file."""
    book = Gradebook(Format.GRADESCOPE_ONE, table.problems)
    if "assignment" not in table.columns and not about:
        what = "is missing: this export does not say which assignment it is; add the column with its short name"
        book.problems.append(Problem(1, "assignment", what))
        return book
    for row in table.rows:
        if row.cells["total score"].casefold() in NOT_GIVEN:
            continue
        named = Row(row.line, {"assignment": about, **row.cells}, row.problems)
        assignment = named.need("assignment", _named(known))
        if assignment:
            at = row.take("submission time", csv_cells.instant(tz), None)
            book.marks.extend(_marked(row, "total score", assignment, "max points", at))
    return book


def _gradescope(table: Table, known: Known, tz: ZoneInfo) -> Gradebook:
    book = Gradebook(Format.GRADESCOPE, table.problems)
    works = [name for name in table.columns if name + MOST in table.columns]
    columns = _columns(works, known, book)
    for row in table.rows:
        for name, assignment in columns.items():
            if row.cells[name].casefold() not in NOT_GIVEN:
                at = row.take(name + WHEN, csv_cells.instant(tz), None)
                book.marks.extend(_marked(row, name, assignment, name + MOST, at))
    return book


def _canvas(table: Table, known: Known) -> Gradebook:
    book = Gradebook(Format.CANVAS, table.problems)
    possible = next((row for row in table.rows if _who(row) == POINTS_POSSIBLE), None)
    if possible is None:
        if not book.problems:
            book.problems.append(Problem(0, "", "has no row “Points Possible”, which every export of Canvas has"))
        return book
    # Canvas writes “(read only)” there, in the reader's language, for what it has counted together.
    totals = {name for name, cell in possible.cells.items() if cell and not _is_points(cell)}
    works = [name for name in table.columns if name and name not in totals and name not in CANVAS.names]
    columns = _columns(works, known, book)
    for row in table.rows:
        if row.line <= possible.line or _who(row) in NOT_PEOPLE:
            continue
        whole = Row(row.line, {**row.cells, **{name + MOST: possible.cells[name] for name in columns}}, row.problems)
        for name, assignment in columns.items():
            if row.cells[name].casefold() == "ex":
                book.left_out.append(f"line {row.line}, {name}: excused there; `/cohort excuse` does it here")
            elif row.cells[name].casefold() not in NOT_GIVEN:
                book.marks.extend(_marked(whole, name, assignment, name + MOST, None))
    return book


def _who(row: Row) -> str:
    return (row.cells.get("student") or row.cells.get("lastname") or "").casefold()


def _columns(works: Sequence[str], known: Known, book: Gradebook) -> Mapping[str, Assignment]:
    """Return the columns whose assignment is known; what is not is left out, and all of them can't be meant."""
    found = {name: assignment for name in works if (assignment := known(name) or known(_CANVAS_ID.sub("", name)))}
    book.left_out.extend(f"the column {name[:80]}: no assignment of this name" for name in works if name not in found)
    if works and not found:
        book.problems.append(Problem(1, "", "names no assignment that is known here, by its short name or its title"))
    by_assignment: dict[str, str] = {}
    for name, assignment in found.items():
        first = by_assignment.setdefault(assignment.id, name)
        if first != name:
            book.problems.append(Problem(1, name[:60], f"means the same assignment as {first[:60]}"))
    return found


def _marked(row: Row, column: str, assignment: Assignment, most: str, at: datetime | None) -> Iterator[Mark]:
    score = row.take(column, points, None)
    if score is not None:
        yield Mark(row, column, _people(row), assignment, score, row.take(most, points, None), submitted_at=at)


def _people(row: Row) -> tuple[str, ...]:
    """Return what a row of a gradebook says of whose it is; Canvas's own number only where there is nothing else."""
    names = ("email", "sid", "sis login id", "sis user id", "integration id")
    found = dict.fromkeys(row.cells[name] for name in names if row.cells.get(name))
    return tuple(found) or (row.cells.get("id", ""),)


def _named(known: Known) -> Callable[[str], Assignment]:
    def read_name(text: str) -> Assignment:
        found = known(text)
        if found is None:
            raise Unfit(f"“{text[:60]}” is no assignment")
        return found

    return read_name


def points(text: str) -> Decimal:
    """Read points from 0, with a decimal point or, as gradebooks in some languages have it, a comma."""
    csv_cells.number(_dotted(text))
    return Decimal(_dotted(text))


def _is_points(text: str) -> bool:
    try:
        points(text)
    except Unfit:
        return False
    return True


def _dotted(text: str) -> str:
    return text.replace(",", ".", 1)


def _text(most: int) -> Callable[[str], str]:
    def read_text(text: str) -> str:
        if len(text) > most:
            raise Unfit(f"has {len(text)} characters; {most} are the most")
        return text

    return read_text
