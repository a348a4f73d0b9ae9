"""Questions of students who are stuck, as rows, and who was told of each."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from cohort.asking import Question, Turn
from storage.instants import instant, instant_or_none, text

COLUMNS = "id, student_id, assignment_id, words, asked_at, with_id, answer, answered_by, answered_at, closed_at"

OPEN: Final = "answered_at IS NULL AND closed_at IS NULL"


class AskingRecords:
    """Rows of `questions` and `question_turns`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, question: Question) -> None:
        """Write a new question."""
        self._connection.execute(
            "INSERT INTO questions (id, student_id, assignment_id, words, asked_at) VALUES (?, ?, ?, ?, ?)",
            (question.id, question.student_id, question.assignment_id, question.words, text(question.asked_at)),
        )

    def get(self, question_id: str) -> Question | None:
        """Return a question by id."""
        return next(iter(self._select("id = ?", question_id)), None)

    def open(self) -> list[Question]:
        """Return the questions that wait for an answer, the oldest first."""
        return self._select(f"{OPEN} ORDER BY asked_at, id")

    def open_of(self, student_id: str) -> list[Question]:
        """Return a student's questions that wait for an answer, the oldest first."""
        return self._select(f"student_id = ? AND {OPEN} ORDER BY asked_at, id", student_id)

    def open_with(self, member_id: str) -> list[Question]:
        """Return the questions that wait for an answer and that someone was told of, the oldest first."""
        where = f"{OPEN} AND id IN (SELECT question_id FROM question_turns WHERE member_id = ?)"
        return self._select(f"{where} ORDER BY asked_at, id", member_id)

    def answer(self, question_id: str, words: str, by_id: str, now: datetime) -> bool:
        """Write an answer to a question that waits for one; say whether it did."""
        changed = self._connection.execute(
            f"UPDATE questions SET answer = ?, answered_by = ?, answered_at = ? WHERE id = ? AND {OPEN}",
            (words, by_id, text(now), question_id),
        )
        return changed.rowcount == 1

    def close(self, question_id: str, now: datetime) -> bool:
        """Close a question that waits for an answer; say whether it did."""
        changed = self._connection.execute(
            f"UPDATE questions SET closed_at = ? WHERE id = ? AND {OPEN}", (text(now), question_id)
        )
        return changed.rowcount == 1

    def tell(self, question_id: str, member_ids: list[str], now: datetime) -> None:
        """Write who is told of a question, together with whose it is now: nobody's in particular where many are."""
        self._connection.executemany(
            "INSERT INTO question_turns (question_id, member_id, told_at) VALUES (?, ?, ?)",
            [(question_id, member_id, text(now)) for member_id in member_ids],
        )
        with_id = member_ids[0] if len(member_ids) == 1 else None
        self._connection.execute("UPDATE questions SET with_id = ? WHERE id = ?", (with_id, question_id))

    def turns(self, question_id: str) -> list[Turn]:
        """Return who was told of a question, the first first."""
        rows = self._connection.execute(
            "SELECT member_id, told_at FROM question_turns WHERE question_id = ? ORDER BY rowid",
            (question_id,),
        )
        return [Turn(member_id, instant(told_at)) for member_id, told_at in rows]

    def load(self) -> Mapping[str, int]:
        """Return of how many questions each was told, by member id."""
        return dict(self._connection.execute("SELECT member_id, count(*) FROM question_turns GROUP BY member_id"))

    def erase_words(self, member_id: str | None = None) -> int:
        """Empty what was asked and answered by anyone, or what one member asked, was told or answered.

        Returns of how many questions; that they were asked stays.
        """
        if member_id is not None:
            self._connection.execute("UPDATE questions SET answer = '' WHERE answered_by = ?", (member_id,))
        return self._connection.execute(
            "UPDATE questions SET words = '', answer = ''"
            " WHERE (?1 IS NULL OR student_id = ?1) AND (words != '' OR answer != '')",
            (member_id,),
        ).rowcount

    def _select(self, where: str, *values: Any) -> list[Question]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM questions WHERE {where}", values)
        return [_question(row) for row in rows]


def _question(row: tuple[Any, ...]) -> Question:
    return Question(
        id=row[0],
        student_id=row[1],
        assignment_id=row[2],
        words=row[3],
        asked_at=instant(row[4]),
        with_id=row[5],
        answer=row[6],
        answered_by=row[7],
        answered_at=instant_or_none(row[8]),
        closed_at=instant_or_none(row[9]),
    )
