"""What the digest counts, read from the rows of every feature."""

import sqlite3
from collections.abc import Collection, Mapping
from datetime import datetime

from cohort.digest import Counted, OpenCase
from cohort.levels import Level
from storage.instants import instant, text

# Each is what has an instant in a window, but for what is reckoned from how everyone stands.
_COUNTED: Mapping[Counted, tuple[str, str]] = {
    Counted.HANDED_IN: ("submissions", "submitted_at"),
    Counted.GRADED: ("grades", "released_at"),
    Counted.EXTENDED: ("extensions", "granted_at"),
    Counted.QUESTIONS: ("questions", "asked_at"),
    Counted.BOOKED: ("bookings", "booked_at"),
    Counted.CHECKED_IN: ("check_ins", "answered_at"),
    Counted.OPENED: ("follow_ups", "opened_at"),
    Counted.CLOSED: ("follow_ups", "closed_at"),
    Counted.LEFT: ("members", "left_at"),
}


class DigestRecords:
    """Rows of other features, counted; has none of its own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def counts(self, since: datetime, until: datetime) -> dict[Counted, int]:
        """Count what happened after an instant, until another."""
        return {counted: self._count(table, column, since, until) for counted, (table, column) in _COUNTED.items()}

    def _count(self, table: str, column: str, since: datetime, until: datetime) -> int:
        also = " AND role = 'student' AND status IN ('withdrawn', 'expelled')" if table == "members" else ""
        row = self._connection.execute(
            f"SELECT count(*) FROM {table} WHERE {column} > ? AND {column} <= ?{also}", (text(since), text(until))
        ).fetchone()
        return int(row[0])

    def nudges(self, since: datetime, until: datetime) -> dict[str, int]:
        """Count the nudges sent in a window by what followed; the outcome is empty where it is not noted yet."""
        return dict(
            self._connection.execute(
                "SELECT outcome, count(*) FROM nudges WHERE sent_at > ? AND sent_at <= ? GROUP BY outcome",
                (text(since), text(until)),
            )
        )

    def open_cases(self) -> list[OpenCase]:
        """Return every open follow-up, what is due first at the start."""
        rows = self._connection.execute(
            "SELECT student_id, owner_id, due_at FROM follow_ups WHERE closed_at IS NULL ORDER BY due_at, id"
        )
        return [OpenCase(student_id, owner_id, instant(due_at)) for student_id, owner_id, due_at in rows]

    def handed_in_by(self, student_ids: Collection[str]) -> set[str]:
        """Return the ids of what some students handed in."""
        marks = ", ".join("?" for _ in student_ids)
        rows = self._connection.execute(
            f"SELECT hand_in_id FROM submissions WHERE student_id IN ({marks}) AND hand_in_id IS NOT NULL",
            tuple(student_ids),
        )
        return {hand_in_id for (hand_in_id,) in rows}

    def levels(self) -> list[tuple[str, datetime, Level]]:
        """Return every change of a level: student id, since when and to which, the oldest first."""
        rows = self._connection.execute("SELECT student_id, since_at, level FROM risk_levels ORDER BY since_at, id")
        return [(student_id, instant(since_at), Level(level)) for student_id, since_at, level in rows]
