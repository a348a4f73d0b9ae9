"""What students share of their questions, as rows."""

import sqlite3
from datetime import datetime
from typing import Any

from cohort.shared_questions import Shared
from storage.instants import instant, text

COLUMNS = "s.question_id, s.words, s.answer, q.assignment_id, s.shared_at"


class SharedQuestionRecords:
    """Rows of `shared_questions`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def share(self, question_id: str, words: str, answer: str, now: datetime) -> None:
        """Share a question and its answer in these words, also where it was shared or taken back before."""
        self._connection.execute(
            "INSERT OR REPLACE INTO shared_questions (question_id, words, answer, shared_at) VALUES (?, ?, ?, ?)",
            (question_id, words, answer, text(now)),
        )

    def take_back(self, question_id: str, by_id: str, now: datetime) -> bool:
        """Take a question back; say whether it was shared until now."""
        changed = self._connection.execute(
            "UPDATE shared_questions SET taken_back_at = ?, taken_back_by = ?"
            " WHERE question_id = ? AND taken_back_at IS NULL",
            (text(now), by_id, question_id),
        )
        return changed.rowcount == 1

    def taken_back_by(self, question_id: str) -> str | None:
        """Return who took a question back that is shared no more; None for any other."""
        row = self._connection.execute(
            "SELECT taken_back_by FROM shared_questions WHERE question_id = ? AND taken_back_at IS NOT NULL",
            (question_id,),
        ).fetchone()
        return None if row is None else str(row[0])

    def get(self, question_id: str) -> Shared | None:
        """Return a question that is shared."""
        return next(iter(self._select("AND s.question_id = ?", question_id)), None)

    def all(self) -> list[Shared]:
        """Return everything that is shared, the newest first."""
        return self._select("ORDER BY s.shared_at DESC")

    def erase_words(self, member_id: str | None = None) -> int:
        """Erase what is shared of one member's questions and answers, or all; return how many questions that were."""
        return self._connection.execute(
            "DELETE FROM shared_questions WHERE ?1 IS NULL OR question_id IN"
            " (SELECT id FROM questions WHERE student_id = ?1 OR answered_by = ?1)",
            (member_id,),
        ).rowcount

    def _select(self, which: str, *values: Any) -> list[Shared]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(
            f"SELECT {COLUMNS} FROM shared_questions AS s JOIN questions AS q ON q.id = s.question_id"
            f" WHERE s.taken_back_at IS NULL {which}",
            values,
        )
        return [Shared(row[0], row[1], row[2], row[3], instant(row[4])) for row in rows]
