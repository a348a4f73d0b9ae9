"""What the pictures of a cohort show, before anything is drawn: who did what, and how all stood week by week."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cohort.assignments import Assignment
from cohort.extensions import Case
from cohort.graduation import Mark, Standing
from cohort.levels import Level

# Slack's limit for the alternative text of a file.
ALT_MOST = 1000


class Cell(StrEnum):
    """Where a student stands with an assignment: DUE while it lies ahead, NOTHING where it does not count for them."""

    PASSED = "passed"
    HANDED_IN = "handed_in"
    LATE = "late"
    NOT_PASSED = "not_passed"
    EXTENDED = "extended"
    MISSED = "missed"
    DROPPED = "dropped"
    EXCUSED = "excused"
    DUE = "due"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class GridRow:
    """One student's row: what to call them, how they stand, and a cell for each assignment."""

    name: str
    level: Level | None
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Grid:
    """The cohort as a grid. `past` counts the assignments that are due, which come first; `total` all students."""

    assignments: Sequence[str]
    rows: Sequence[GridRow]
    past: int
    total: int
    on: date


@dataclass(frozen=True, slots=True)
class WeekOfLevels:
    """How many students stood how at the end of a week, or now; who has no level yet is `unknown`."""

    week_on: date
    counts: Mapping[Level, int]
    unknown: int
    left: int


_CELLS = {
    Mark.PASSED: Cell.PASSED,
    Mark.DROPPED: Cell.DROPPED,
    Mark.EXCUSED: Cell.EXCUSED,
    Mark.RETRY: Cell.NOT_PASSED,
}


def cell_of(standing: Standing | None, case: Case, *, is_asked: bool) -> Cell:
    """Return where a student stands with an assignment, for a picture.

    While a request for more time waits (`is_asked`), nothing counts as missed.
    """
    if standing is None:
        return Cell.NOTHING
    match standing.mark:
        case Mark.WAITING:
            return Cell.LATE if _is_late(case) else Cell.HANDED_IN
        case Mark.MISSED:
            return Cell.NOT_PASSED if case.submissions else Cell.EXTENDED if is_asked else Cell.MISSED
        case Mark.DUE:
            return Cell.EXTENDED if is_asked or _is_extended(case) else Cell.DUE
        case mark:
            return _CELLS[mark]


def _is_late(case: Case) -> bool:
    due_at = case.effective_due_at
    return due_at is not None and any(s.submitted_at > due_at for s in case.submissions)


def _is_extended(case: Case) -> bool:
    due_at, own_at = case.assignment.due_at, case.effective_due_at
    return due_at is not None and own_at is not None and own_at > due_at


def past_first(assignments: Iterable[Assignment], now: datetime) -> tuple[list[Assignment], int]:
    """Return what is handed in by when it is due, and how much of it is due already."""
    counted = [a for a in assignments if a.kind.is_handed_in and not a.cancelled]
    ordered = sorted(counted, key=lambda a: (a.due_at or a.hard_due_at, a.slug))
    return ordered, sum((a.due_at or a.hard_due_at) <= now for a in ordered)


def grid_words(grid: Grid) -> str:
    """Return what the grid shows, for whoever can't see it; without names."""
    counts = Counter(cell for row in grid.rows for cell in row.cells)
    parts = [f"{cell.value.replace('_', ' ')} {counts[cell]:,}" for cell in Cell if counts[cell] and cell in _TOLD]
    missed = Counter(
        slug for row in grid.rows for slug, cell in zip(grid.assignments, row.cells, strict=True) if cell is Cell.MISSED
    )
    most = ", ".join(f"{slug} ({count})" for slug, count in missed.most_common(5))
    work = _many(len(grid.assignments), "assignment")
    size = f"A grid of {_many(len(grid.rows), 'student')} and {work}, {grid.past} of them due."
    tail = f" Missed most: {most}." if most else ""
    return _cut(f"{size} In so many places: {', '.join(parts) or 'nothing yet'}.{tail}")


_TOLD = frozenset(Cell) - {Cell.DUE, Cell.NOTHING}


def levels_words(weeks: Sequence[WeekOfLevels]) -> str:
    """Return what the bars show, the latest week first, for whoever can't see them."""
    lines = [f"Week of {week.week_on:%-d %b}: {', '.join(_counts(week))}" for week in reversed(weeks)]
    return _cut(
        f"Stacked bars of how many students stood how in each of {_many(len(weeks), 'week')}. {'; '.join(lines)}."
    )


def _counts(week: WeekOfLevels) -> list[str]:
    named = [(level.value.replace("_", " "), week.counts.get(level, 0)) for level in Level]
    every = [*named, ("not known yet", week.unknown), ("left", week.left)]
    return [f"{count} {name}" for name, count in every if count]


def _many(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _cut(text: str) -> str:
    return text if len(text) <= ALT_MOST else f"{text[: ALT_MOST - 1].rstrip()}…"
