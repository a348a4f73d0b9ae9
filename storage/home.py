"""What an organizer's Home counts, read from the rows of every feature."""

import sqlite3
from collections.abc import Collection
from datetime import datetime

from cohort.home import Backlog
from cohort.levels import Level
from cohort.roster import Status
from storage.grading import IN_QUEUE
from storage.instants import instant_or_none, text

# Who takes part at an instant, as `Member.is_active` has it.
HERE = (
    "role = 'student' AND (left_at IS NULL OR left_at > ?1) AND (joined_at IS NULL OR joined_at <= ?1)"
    " AND (status = 'active' OR (status IN ('withdrawn', 'expelled', 'graduated') AND left_at IS NOT NULL))"
)


class HomeRecords:
    """Rows of other features, counted; has none of its own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def students(self, now: datetime) -> dict[Status, int]:
        """Count the students who have joined: as active those who take part at an instant, the others by status."""
        rows = self._connection.execute(
            f"SELECT CASE WHEN {HERE} THEN 'active' WHEN status = 'active' THEN 'withdrawn' ELSE status END AS now,"
            " count(*) FROM members WHERE role = 'student' AND (joined_at IS NULL OR joined_at <= ?1) GROUP BY now",
            (text(now),),
        )
        return {Status(status): count for status, count in rows}

    def levels(self, now: datetime) -> dict[Level, int]:
        """Count the students who take part by the level they had last."""
        rows = self._connection.execute(
            "SELECT level, count(*) FROM (SELECT student_id, level, row_number() OVER"
            " (PARTITION BY student_id ORDER BY since_at DESC, id DESC) AS place FROM risk_levels WHERE since_at <= ?1)"
            f" JOIN members ON members.id = student_id WHERE place = 1 AND {HERE} GROUP BY level",
            (text(now),),
        )
        return {Level(level): count for level, count in rows}

    def grading(self, now: datetime) -> Backlog:
        """Count what is to be graded, since when its grading can begin: what comes early counts from its due time."""
        return self._backlog(
            "SELECT count(*), min(ready_at), sum(grade_by_at < ?1) FROM hand_ins WHERE " + IN_QUEUE,
            text(now),
        )

    def requests(self, now: datetime) -> Backlog:
        """Count the requests for more time that wait."""
        return self._backlog(
            "SELECT count(*), min(asked_at), sum(review_by_at < ?1) FROM extension_requests"
            " WHERE state IN ('pending', 'talking')",
            text(now),
        )

    def questions(self) -> Backlog:
        """Count the questions that wait for an answer."""
        waiting = "answered_at IS NULL AND closed_at IS NULL"
        return self._backlog(f"SELECT count(*), min(asked_at), 0 FROM questions WHERE {waiting}")

    def unowned(self) -> int:
        """Count the open follow-ups that nobody has."""
        row = self._connection.execute(
            "SELECT count(*) FROM follow_ups WHERE closed_at IS NULL AND owner_id IS NULL"
        ).fetchone()
        return int(row[0])

    def handed_in(self, assignment_ids: Collection[str]) -> dict[str, int]:
        """Count how many have handed in each of some assignments."""
        marks = ", ".join("?" for _ in assignment_ids)
        return dict(
            self._connection.execute(
                "SELECT assignment_id, count(DISTINCT student_id) FROM submissions"
                f" WHERE assignment_id IN ({marks}) GROUP BY assignment_id",
                tuple(assignment_ids),
            )
        )

    def _backlog(self, query: str, *values: str) -> Backlog:
        count, oldest_at, overdue = self._connection.execute(query, values).fetchone()
        return Backlog(count, instant_or_none(oldest_at), overdue or 0)
