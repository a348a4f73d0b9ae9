"""Who grades what, who may not grade whom, and who is away, as rows."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from storage.instants import instant, instant_or_none, text, text_or_none


class GraderRecords:
    """Rows of `graders`, `conflicts` and `absences`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of(self, assignment_id: str) -> list[str]:
        """Return the ids of those who grade an assignment."""
        rows = self._connection.execute(
            "SELECT member_id FROM graders WHERE assignment_id = ? ORDER BY member_id", (assignment_id,)
        )
        return [member_id for (member_id,) in rows]

    def every(self) -> Mapping[str, list[str]]:
        """Return the ids of those who grade each assignment, by assignment id."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for assignment_id, member_id in self._connection.execute(
            "SELECT assignment_id, member_id FROM graders ORDER BY assignment_id, member_id"
        ):
            found[assignment_id].append(member_id)
        return found

    def assign(self, assignment_id: str, member_ids: Iterable[str]) -> None:
        """Write who grades an assignment, in place of whoever did."""
        self._connection.execute("DELETE FROM graders WHERE assignment_id = ?", (assignment_id,))
        self._connection.executemany(
            "INSERT INTO graders (assignment_id, member_id) VALUES (?, ?)",
            [(assignment_id, member_id) for member_id in dict.fromkeys(member_ids)],
        )

    def conflicts(self) -> set[tuple[str, str]]:
        """Return every (staff id, student id) of whom the first may not grade the second."""
        return set(self._connection.execute("SELECT ta_id, student_id FROM conflicts"))

    def in_conflict(self, ta_id: str) -> set[str]:
        """Return the ids of the students whom someone may not grade."""
        rows = self._connection.execute("SELECT student_id FROM conflicts WHERE ta_id = ?", (ta_id,))
        return {student_id for (student_id,) in rows}

    def in_conflict_with(self, student_ids: Sequence[str]) -> set[str]:
        """Return the ids of those who may not grade any of some students."""
        marks = ", ".join("?" for _ in student_ids)
        rows = self._connection.execute(
            f"SELECT DISTINCT ta_id FROM conflicts WHERE student_id IN ({marks})", tuple(student_ids)
        )
        return {ta_id for (ta_id,) in rows}

    def before(self, assignment_id: str, student_ids: Sequence[str]) -> list[str]:
        """Return the ids of those who graded an assignment for any of some students, the latest first."""
        marks = ", ".join("?" for _ in student_ids)
        rows = self._connection.execute(
            "SELECT g.grader_id, max(g.graded_at) FROM grades AS g JOIN submissions AS s ON s.hand_in_id = g.hand_in_id"
            f" WHERE s.assignment_id = ? AND s.student_id IN ({marks}) GROUP BY g.grader_id ORDER BY 2 DESC, 1",
            (assignment_id, *student_ids),
        )
        return [grader_id for grader_id, _ in rows]

    def add_conflict(self, ta_id: str, student_id: str) -> bool:
        """Note that someone may not grade a student; say whether that is news."""
        added = self._connection.execute(
            "INSERT OR IGNORE INTO conflicts (ta_id, student_id) VALUES (?, ?)", (ta_id, student_id)
        )
        return added.rowcount == 1

    def remove_conflict(self, ta_id: str, student_id: str) -> bool:
        """Note that someone may grade a student again; say whether they might not."""
        removed = self._connection.execute(
            "DELETE FROM conflicts WHERE ta_id = ? AND student_id = ?", (ta_id, student_id)
        )
        return removed.rowcount == 1

    def away(self, now: datetime) -> set[str]:
        """Return the ids of those who are away at an instant."""
        rows = self._connection.execute(
            "SELECT member_id FROM absences WHERE since_at <= ?1 AND (until_at IS NULL OR until_at > ?1)", (text(now),)
        )
        return {member_id for (member_id,) in rows}

    def absence(self, member_id: str) -> tuple[datetime, datetime | None] | None:
        """Return since when and until when someone is away, as last noted, which may be over; None without a note."""
        row = self._connection.execute(
            "SELECT since_at, until_at FROM absences WHERE member_id = ?", (member_id,)
        ).fetchone()
        return None if row is None else (instant(row[0]), instant_or_none(row[1]))

    def set_away(self, member_id: str, since_at: datetime, until_at: datetime | None) -> None:
        """Note that someone is away, until an instant or until they are back."""
        self._connection.execute(
            "INSERT INTO absences (member_id, since_at, until_at) VALUES (?, ?, ?) ON CONFLICT (member_id)"
            " DO UPDATE SET since_at = excluded.since_at, until_at = excluded.until_at",
            (member_id, text(since_at), text_or_none(until_at)),
        )

    def set_back(self, member_id: str) -> bool:
        """Note that someone is there again; say whether they were away."""
        return self._connection.execute("DELETE FROM absences WHERE member_id = ?", (member_id,)).rowcount == 1
