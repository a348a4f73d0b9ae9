"""Looks at due times, and what organizers decided about them, as rows."""

import sqlite3
from datetime import datetime
from typing import Any

from cohort.brakes import Brake, BrakeDecision
from storage.instants import instant, instant_or_none, text, text_or_none

COLUMNS = "id, assignment_id, due_at, missing, expected, raised_at, holds_until_at, decision, decided_at, decided_by"


class BrakeRecords:
    """Rows of `brakes`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, brake: Brake) -> bool:
        """Write a look at a due time; say whether it is the first at that time."""
        added = self._connection.execute(
            f"INSERT OR IGNORE INTO brakes ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                brake.id,
                brake.assignment_id,
                text(brake.due_at),
                brake.missing,
                brake.expected,
                text(brake.raised_at),
                text_or_none(brake.holds_until_at),
                brake.decision.value,
                text_or_none(brake.decided_at),
                brake.decided_by,
            ),
        )
        return added.rowcount == 1

    def get(self, brake_id: str) -> Brake | None:
        """Return a look at a due time by id."""
        row = self._connection.execute(f"SELECT {COLUMNS} FROM brakes WHERE id = ?", (brake_id,)).fetchone()
        return None if row is None else _brake(row)

    def looked_at(self) -> set[tuple[str, datetime]]:
        """Return every (assignment id, due time) that was looked at."""
        rows = self._connection.execute("SELECT assignment_id, due_at FROM brakes")
        return {(assignment_id, instant(due_at)) for assignment_id, due_at in rows}

    def holding(self, now: datetime) -> set[str]:
        """Return the ids of the assignments about which messages wait for organizers."""
        rows = self._connection.execute(
            "SELECT assignment_id FROM brakes WHERE holds_until_at > ?1 AND raised_at <= ?1"
            " AND (decision = '' OR decided_at > ?1)",
            (text(now),),
        )
        return {assignment_id for (assignment_id,) in rows}

    def decide(self, brake_id: str, decision: BrakeDecision, by: str, now: datetime) -> bool:
        """Write what an organizer decided; say whether nobody had."""
        changed = self._connection.execute(
            "UPDATE brakes SET decision = ?, decided_at = ?, decided_by = ?"
            " WHERE id = ? AND decision = '' AND holds_until_at IS NOT NULL",
            (decision.value, text(now), by, brake_id),
        )
        return changed.rowcount == 1


def _brake(row: tuple[Any, ...]) -> Brake:
    return Brake(
        id=row[0],
        assignment_id=row[1],
        due_at=instant(row[2]),
        missing=row[3],
        expected=row[4],
        raised_at=instant(row[5]),
        holds_until_at=instant_or_none(row[6]),
        decision=BrakeDecision(row[7]),
        decided_at=instant_or_none(row[8]),
        decided_by=row[9],
    )
