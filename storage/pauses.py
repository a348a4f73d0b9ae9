"""From when on students take part again who are paused until a day, as rows."""

import sqlite3
from datetime import datetime

from storage.instants import instant, text

# Whoever wants to leave is paused until that is settled, whatever day was named before.
_DUE = """
SELECT p.student_id FROM pauses p JOIN members m ON m.id = p.student_id
WHERE p.back_at <= ? AND m.status = 'paused' AND NOT EXISTS
(SELECT 1 FROM leavings l WHERE l.student_id = p.student_id AND l.undone_at IS NULL AND l.done_at IS NULL)
ORDER BY p.back_at, p.student_id
"""


class PauseRecords:
    """Rows of `pauses`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def back_at(self, student_id: str) -> datetime | None:
        """Return from when on a student takes part again; None where no day is named."""
        row = self._connection.execute("SELECT back_at FROM pauses WHERE student_id = ?", (student_id,)).fetchone()
        return None if row is None else instant(row[0])

    def every(self) -> dict[str, datetime]:
        """Return from when on everyone takes part again who is paused until a day, by id."""
        return {student_id: instant(at) for student_id, at in self._connection.execute("SELECT * FROM pauses")}

    def name_end(self, student_id: str, back_at: datetime) -> None:
        """Write from when on a student takes part again."""
        self._connection.execute(
            "INSERT OR REPLACE INTO pauses (student_id, back_at) VALUES (?, ?)", (student_id, text(back_at))
        )

    def forget_end(self, student_id: str) -> None:
        """Forget from when on; a pause then lasts until somebody ends it."""
        self._connection.execute("DELETE FROM pauses WHERE student_id = ?", (student_id,))

    def due(self, now: datetime) -> list[str]:
        """Return the ids of those who are paused still and whose day has come, the earliest first."""
        return [student_id for (student_id,) in self._connection.execute(_DUE, (text(now),))]
