"""Questions about grades, as rows."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cohort.regrades import Regrade, RegradeState
from storage.instants import instant, instant_or_none, text

COLUMNS = "id, grade_id, student_id, question, asked_at, with_id, state, answer, answered_at, changed"


class RegradeRecords:
    """Rows of `regrades`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, regrade_id: str) -> Regrade | None:
        """Return a question by id."""
        return next(self._select("id = ?", regrade_id), None)

    def of(self, hand_in_id: str, student_id: str) -> list[Regrade]:
        """Return what a student asked about any grade of a hand-in, the first question first."""
        return list(
            self._select(
                "grade_id IN (SELECT id FROM grades WHERE hand_in_id = ?) AND student_id = ? ORDER BY asked_at, id",
                hand_in_id,
                student_id,
            )
        )

    def waiting(self) -> list[Regrade]:
        """Return the questions to which somebody owes an answer, the oldest first."""
        return list(self._select("state IN ('asked', 'second_look') ORDER BY asked_at, id"))

    def open_about(self, hand_in_id: str) -> list[Regrade]:
        """Return the questions about any grade of a hand-in to which somebody owes an answer, the oldest first."""
        return list(
            self._select(
                "grade_id IN (SELECT id FROM grades WHERE hand_in_id = ?) AND state IN ('asked', 'second_look')"
                " ORDER BY asked_at, id",
                hand_in_id,
            )
        )

    def add(self, regrade: Regrade) -> bool:
        """Write a new question; say whether there is no other open one of this student about this grade."""
        added = self._connection.execute(
            "INSERT OR IGNORE INTO regrades (id, grade_id, student_id, question, asked_at, with_id)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                regrade.id,
                regrade.grade_id,
                regrade.student_id,
                regrade.question,
                text(regrade.asked_at),
                regrade.with_id,
            ),
        )
        return added.rowcount == 1

    def answer(self, regrade: Regrade, before: RegradeState, now: datetime) -> bool:
        """Write an answer to a question that stood somewhere; say whether it still did."""
        changed = self._connection.execute(
            "UPDATE regrades SET state = ?, with_id = ?, answer = ?, answered_at = ?, changed = ?"
            " WHERE id = ? AND state = ?",
            (
                regrade.state.value,
                regrade.with_id,
                regrade.answer,
                text(now),
                int(regrade.changed),
                regrade.id,
                before.value,
            ),
        )
        return changed.rowcount == 1

    def pass_on(self, regrade_id: str, with_id: str) -> bool:
        """Give an answered question to somebody else; say whether it was answered and not settled."""
        changed = self._connection.execute(
            "UPDATE regrades SET state = 'second_look', with_id = ? WHERE id = ? AND state = 'answered'",
            (with_id, regrade_id),
        )
        return changed.rowcount == 1

    def hand_on(self, regrade_id: str, from_id: str, to_id: str) -> bool:
        """Let somebody else answer an open question; say whether it was with the one named."""
        changed = self._connection.execute(
            "UPDATE regrades SET with_id = ? WHERE id = ? AND with_id = ? AND state IN ('asked', 'second_look')",
            (to_id, regrade_id, from_id),
        )
        return changed.rowcount == 1

    def close_of(self, student_id: str) -> list[str]:
        """Close what a student asked and nobody answered, and return the ids; what was answered once stays so."""
        rows = self._connection.execute(
            "UPDATE regrades SET state = CASE state WHEN 'asked' THEN 'settled' ELSE 'answered' END"
            " WHERE student_id = ? AND state IN ('asked', 'second_look') RETURNING id",
            (student_id,),
        ).fetchall()
        return sorted(regrade_id for (regrade_id,) in rows)

    def erase_words(self, student_id: str) -> None:
        """Empty what a student asked and was answered; that they asked stays."""
        self._connection.execute("UPDATE regrades SET question = '', answer = '' WHERE student_id = ?", (student_id,))

    def _select(self, where: str, *values: Any) -> Iterator[Regrade]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM regrades WHERE {where}", values)
        return (_regrade(row) for row in rows)


def _regrade(row: tuple[Any, ...]) -> Regrade:
    return Regrade(
        id=row[0],
        grade_id=row[1],
        student_id=row[2],
        question=row[3],
        asked_at=instant(row[4]),
        with_id=row[5],
        state=RegradeState(row[6]),
        answer=row[7],
        answered_at=instant_or_none(row[8]),
        changed=bool(row[9]),
    )
