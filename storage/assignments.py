"""Assignments, as rows."""

import sqlite3
from typing import Any

from cohort.assignments import Assignment, Kind
from storage.instants import instant, instant_or_none, text, text_or_none

COLUMNS = (
    "id, slug, title, kind, hard_due_at, due_at, opens_at, week, pass_mark, required, estimated_hours, url,"
    " cancelled, droppable, corrected_hours"
)


class AssignmentRecords:
    """Rows of `assignments`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, assignment_id: str) -> Assignment | None:
        """Return an assignment by id."""
        row = self._connection.execute(
            f"SELECT {COLUMNS} FROM assignments WHERE id = ?",
            (assignment_id,),
        ).fetchone()
        return None if row is None else _assignment(row)

    def with_slug(self, slug: str) -> Assignment | None:
        """Return an assignment by its slug, whatever the case of its letters from a to z."""
        row = self._connection.execute(
            f"SELECT {COLUMNS} FROM assignments WHERE lower(slug) = lower(?)",
            (slug,),
        ).fetchone()
        return None if row is None else _assignment(row)

    def all(self) -> list[Assignment]:
        """Return every assignment, the earliest due first, those without a due time last."""
        rows = self._connection.execute(
            f"SELECT {COLUMNS} FROM assignments ORDER BY due_at IS NULL, due_at, lower(slug)"
        )
        return [_assignment(row) for row in rows]

    def save(self, assignment: Assignment) -> None:
        """Write an assignment, new or changed."""
        values = _values(assignment)
        marks = ", ".join("?" for _ in values)
        updates = ", ".join(f"{column.strip()} = excluded.{column.strip()}" for column in COLUMNS.split(",")[1:])
        self._connection.execute(
            f"INSERT INTO assignments ({COLUMNS}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {updates}",
            values,
        )

    def correct_hours(self, assignment_id: str, hours: float | None) -> None:
        """Write how long an assignment takes going by what students reported; None for by the estimate."""
        self._connection.execute("UPDATE assignments SET corrected_hours = ? WHERE id = ?", (hours, assignment_id))


def _assignment(row: tuple[Any, ...]) -> Assignment:
    return Assignment(
        id=row[0],
        slug=row[1],
        title=row[2],
        kind=Kind(row[3]),
        hard_due_at=instant(row[4]),
        due_at=instant_or_none(row[5]),
        opens_at=instant_or_none(row[6]),
        week=row[7],
        pass_mark=row[8],
        required=bool(row[9]),
        estimated_hours=row[10],
        url=row[11],
        cancelled=bool(row[12]),
        droppable=bool(row[13]),
        corrected_hours=row[14],
    )


def _values(assignment: Assignment) -> tuple[Any, ...]:
    return (
        assignment.id,
        assignment.slug,
        assignment.title,
        assignment.kind.value,
        text(assignment.hard_due_at),
        text_or_none(assignment.due_at),
        text_or_none(assignment.opens_at),
        assignment.week,
        assignment.pass_mark,
        int(assignment.required),
        assignment.estimated_hours,
        assignment.url,
        int(assignment.cancelled),
        int(assignment.droppable),
        assignment.corrected_hours,
    )
