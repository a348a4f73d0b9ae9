"""To whom nothing automatic is written any more, since a person is with them, as rows."""

import sqlite3
from datetime import datetime

from storage.instants import text


class HelpRecords:
    """Rows of `quiet_for_help`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def quiet(self, student_id: str, now: datetime) -> bool:
        """Write that nothing automatic is to be said to a student from now on; say whether that is news."""
        is_new = not self.is_quiet(student_id)
        self._connection.execute(
            "INSERT OR REPLACE INTO quiet_for_help (student_id, since_at) VALUES (?, ?)", (student_id, text(now))
        )
        return is_new

    def end(self, student_id: str, by_id: str, now: datetime) -> bool:
        """Write that a person lets the bot write again; say whether it was quiet until now."""
        ended = self._connection.execute(
            "UPDATE quiet_for_help SET ended_at = ?, ended_by = ? WHERE student_id = ? AND ended_at IS NULL",
            (text(now), by_id, student_id),
        )
        return ended.rowcount == 1

    def erase(self, student_id: str | None = None) -> int:
        """Forget that a student, or anyone, was left alone, and return how many were."""
        return self._connection.execute(
            "DELETE FROM quiet_for_help WHERE ?1 IS NULL OR student_id = ?1", (student_id,)
        ).rowcount

    def is_quiet(self, student_id: str) -> bool:
        """Say whether nothing automatic is said to a student."""
        return student_id in self.students()

    def students(self) -> set[str]:
        """Return the ids of those to whom nothing automatic is said."""
        rows = self._connection.execute("SELECT student_id FROM quiet_for_help WHERE ended_at IS NULL")
        return {student_id for (student_id,) in rows}
