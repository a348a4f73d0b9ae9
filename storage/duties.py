"""Who is on which duty in which week, as rows."""

import sqlite3
from datetime import date


class DutyRecords:
    """Rows of `duties`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def holder(self, duty: str, week_on: date) -> str | None:
        """Return the member on a duty in the week that starts on a Monday."""
        row = self._connection.execute(
            "SELECT member_id FROM duties WHERE duty = ? AND week_on = ?", (duty, week_on.isoformat())
        ).fetchone()
        return None if row is None else str(row[0])

    def assign(self, duty: str, week_on: date, member_id: str) -> None:
        """Put a member on a duty for a week, in place of whoever was."""
        self._connection.execute(
            "INSERT INTO duties (week_on, duty, member_id) VALUES (?, ?, ?)"
            " ON CONFLICT (week_on, duty) DO UPDATE SET member_id = excluded.member_id",
            (week_on.isoformat(), duty, member_id),
        )

    def from_week(self, duty: str, week_on: date) -> list[tuple[date, str]]:
        """Return (Monday, member id) of a duty from a week on."""
        rows = self._connection.execute(
            "SELECT week_on, member_id FROM duties WHERE duty = ? AND week_on >= ? ORDER BY week_on",
            (duty, week_on.isoformat()),
        )
        return [(date.fromisoformat(week), member_id) for week, member_id in rows]
