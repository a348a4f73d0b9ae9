"""Mistakes that staff admitted, as rows, and the failed work they touched."""

import sqlite3
from datetime import datetime

from cohort.mistakes import Mistake
from storage.instants import instant, text


class MistakeRecords:
    """Rows of `mistakes`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, mistake: Mistake) -> None:
        """Write a mistake."""
        self._connection.execute(
            "INSERT INTO mistakes (id, assignment_id, question, words, admitted_at, admitted_by)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                mistake.id,
                mistake.assignment_id,
                mistake.question,
                mistake.words,
                text(mistake.admitted_at),
                mistake.admitted_by,
            ),
        )

    def get(self, mistake_id: str) -> Mistake | None:
        """Return a mistake by id."""
        row = self._connection.execute(
            "SELECT id, assignment_id, question, words, admitted_at, admitted_by FROM mistakes WHERE id = ?",
            (mistake_id,),
        ).fetchone()
        return None if row is None else Mistake(row[0], row[1], row[2], row[3], instant(row[4]), row[5])

    def failed(self, assignment_id: str, until: datetime) -> list[tuple[str, str]]:
        """Return (hand-in id, grader id) of what did not pass by an instant, and is nobody's to grade again yet.

        What organizers upheld for integrity stays with them.
        """
        return self._connection.execute(
            "SELECT h.id, g.grader_id FROM hand_ins AS h JOIN grades AS g ON g.hand_in_id = h.id"
            " WHERE h.assignment_id = ? AND h.state = 'graded' AND g.verdict = 'not_yet' AND g.graded_at <= ?"
            " AND NOT EXISTS (SELECT 1 FROM integrity_cases AS c WHERE c.hand_in_id = h.id AND c.state = 'upheld')"
            " AND g.number = (SELECT max(number) FROM grades AS other WHERE other.hand_in_id = h.id)"
            " ORDER BY g.graded_at, h.id",
            (assignment_id, text(until)),
        ).fetchall()
