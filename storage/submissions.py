"""Submissions, excuses, and what students say they handed in, as rows."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from cohort.submissions import Submission
from storage.instants import instant, text

COLUMNS = "id, assignment_id, student_id, attempt, submitted_at, score, passed, hand_in_id"
# What students said to be handed in before it was to be handed in once more.
_OVER = (
    "SELECT c.student_id, c.assignment_id FROM retries r JOIN hand_in_claims c ON c.student_id = r.student_id"
    " AND c.assignment_id = r.assignment_id WHERE r.opened_at > c.claimed_at"
)


class SubmissionRecords:
    """Rows of `submissions`, `excuses` and `hand_in_claims`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of(self, student_id: str, assignment_id: str) -> list[Submission]:
        """Return a student's attempts at one assignment, the first attempt first."""
        return list(self._select("student_id = ? AND assignment_id = ? ORDER BY attempt", student_id, assignment_id))

    def of_student(self, student_id: str) -> list[Submission]:
        """Return everything a student handed in."""
        return list(self._select("student_id = ? ORDER BY assignment_id, attempt", student_id))

    def every(self) -> Iterator[Submission]:
        """Yield every submission, a student's together."""
        return self._select("1 ORDER BY student_id, assignment_id, attempt")

    def every_score(self, until: datetime) -> Iterator[tuple[str, str, float | None]]:
        """Yield student id, assignment id and score of every submission by an instant, a student's together."""
        rows: Iterator[tuple[str, str, float | None]] = self._connection.execute(
            "SELECT student_id, assignment_id, score FROM submissions WHERE submitted_at <= ?"
            " ORDER BY student_id, assignment_id, attempt",
            (text(until),),
        )
        return rows

    def save_many(self, submissions: Iterable[Submission]) -> None:
        """Write submissions, new or changed; the attempt of a student at an assignment is what is unique."""
        self._connection.executemany(
            f"INSERT INTO submissions ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (student_id, assignment_id, attempt) DO UPDATE SET submitted_at = excluded.submitted_at,"
            " score = excluded.score, passed = coalesce(excluded.passed, passed),"
            " hand_in_id = coalesce(excluded.hand_in_id, hand_in_id)",
            (_values(submission) for submission in submissions),
        )

    def latest(self, until: datetime) -> dict[str, datetime]:
        """Return when each student handed anything in for the last time by an instant, by student id."""
        rows = self._connection.execute(
            "SELECT student_id, max(submitted_at) FROM submissions WHERE submitted_at <= ? GROUP BY student_id",
            (text(until),),
        )
        return {student_id: instant(at) for student_id, at in rows}

    def excuse(self, student_id: str, assignment_id: str, now: datetime, by: str, reason: str = "") -> bool:
        """Excuse a student from an assignment, for a reason; say whether that is new."""
        added = self._connection.execute(
            "INSERT OR IGNORE INTO excuses (student_id, assignment_id, excused_at, excused_by, reason)"
            " VALUES (?, ?, ?, ?, ?)",
            (student_id, assignment_id, text(now), by, reason),
        )
        return added.rowcount == 1

    def excuse_reason(self, student_id: str, assignment_id: str) -> str:
        """Return why a student was excused from an assignment; empty where no reason is on record."""
        row = self._connection.execute(
            "SELECT reason FROM excuses WHERE student_id = ? AND assignment_id = ?", (student_id, assignment_id)
        ).fetchone()
        return "" if row is None else str(row[0])

    def erase_words(self, student_id: str) -> None:
        """Empty the reasons for which a student was excused; that they were stays."""
        self._connection.execute("UPDATE excuses SET reason = '' WHERE student_id = ?", (student_id,))

    def add(self, submission: Submission) -> None:
        """Write a new attempt. Raises sqlite3.IntegrityError where the attempt is there already."""
        self._connection.execute(
            f"INSERT INTO submissions ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _values(submission)
        )

    def of_hand_in(self, hand_in_id: str) -> list[Submission]:
        """Return what each of those who handed something in together holds of it."""
        return list(self._select("hand_in_id = ? ORDER BY student_id", hand_in_id))

    def of_those_behind(self, hand_in_id: str) -> list[Submission]:
        """Return every attempt at the assignment by each of those who handed something in together."""
        return list(
            self._select(
                "(student_id, assignment_id) IN (SELECT student_id, assignment_id FROM submissions"
                " WHERE hand_in_id = ?) ORDER BY student_id, attempt",
                hand_in_id,
            )
        )

    def remove(self, student_id: str, hand_in_id: str) -> None:
        """Take a student out of what was handed in together."""
        self._connection.execute(
            "DELETE FROM submissions WHERE student_id = ? AND hand_in_id = ?", (student_id, hand_in_id)
        )

    def is_excused(self, student_id: str, assignment_id: str) -> bool:
        """Say whether an organizer waived this assignment for this student."""
        row = self._connection.execute(
            "SELECT 1 FROM excuses WHERE student_id = ? AND assignment_id = ?", (student_id, assignment_id)
        ).fetchone()
        return row is not None

    def excused_of(self, student_id: str) -> set[str]:
        """Return the assignments that one student is excused from."""
        rows = self._connection.execute("SELECT assignment_id FROM excuses WHERE student_id = ?", (student_id,))
        return {assignment_id for (assignment_id,) in rows}

    def excused(self) -> set[tuple[str, str]]:
        """Return every (student id, assignment id) that is excused."""
        return set(self._connection.execute("SELECT student_id, assignment_id FROM excuses"))

    def claim_handed_in(self, student_id: str, assignment_id: str, now: datetime) -> bool:
        """Note that a student says they handed something in; say whether that is news."""
        added = self._connection.execute(
            "INSERT INTO hand_in_claims (student_id, assignment_id, claimed_at) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET claimed_at = excluded.claimed_at WHERE EXISTS (SELECT 1 FROM retries r"
            " WHERE r.student_id = hand_in_claims.student_id AND r.assignment_id = hand_in_claims.assignment_id"
            " AND r.opened_at > hand_in_claims.claimed_at)",
            (student_id, assignment_id, text(now)),
        )
        return added.rowcount == 1

    def forget_claim(self, student_id: str, assignment_id: str) -> None:
        """Forget that a student said something is handed in, as when it is."""
        self._connection.execute(
            "DELETE FROM hand_in_claims WHERE student_id = ? AND assignment_id = ?", (student_id, assignment_id)
        )

    def forget_claims(self, student_id: str) -> None:
        """Forget all that a student said is handed in."""
        self._connection.execute("DELETE FROM hand_in_claims WHERE student_id = ?", (student_id,))

    def claimed_handed_in(self) -> set[tuple[str, str]]:
        """Return every (student id, assignment id) that a student says is handed in.

        What was to be handed in once more since is not.
        """
        claims = set(self._connection.execute("SELECT student_id, assignment_id FROM hand_in_claims"))
        return claims - set(self._connection.execute(_OVER))

    def claimed_by(self, student_id: str) -> set[str]:
        """Return the assignments that one student says are handed in."""
        rows = self._connection.execute("SELECT assignment_id FROM hand_in_claims WHERE student_id = ?", (student_id,))
        over = self._connection.execute(f"{_OVER} AND r.student_id = ?", (student_id,))
        return {assignment_id for (assignment_id,) in rows} - {assignment_id for _, assignment_id in over}

    def _select(self, where: str, *values: Any) -> Iterator[Submission]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM submissions WHERE {where}", values)
        return (_submission(row) for row in rows)


def _submission(row: tuple[Any, ...]) -> Submission:
    passed = None if row[6] is None else bool(row[6])
    return Submission(row[0], row[1], row[2], row[3], instant(row[4]), row[5], passed, row[7] or "")


def _values(submission: Submission) -> tuple[Any, ...]:
    return (
        submission.id,
        submission.assignment_id,
        submission.student_id,
        submission.attempt,
        text(submission.submitted_at),
        submission.score,
        None if submission.passed is None else int(submission.passed),
        submission.hand_in_id or None,
    )
