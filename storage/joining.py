"""Who was welcomed, who has the time, and the dates that students know to be hard, as rows."""

import sqlite3
from collections.abc import Iterable
from datetime import date, datetime

from cohort.joining import HardDates
from storage.instants import instant, text


class JoiningRecords:
    """Rows of `joinings` and `hard_dates`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def welcomed(self) -> set[str]:
        """Return the ids of those who were welcomed."""
        rows = self._connection.execute("SELECT member_id FROM joinings WHERE welcomed_at IS NOT NULL")
        return {member_id for (member_id,) in rows}

    def welcome(self, member_id: str, now: datetime) -> bool:
        """Note that somebody is welcomed; say whether they were not before."""
        self._connection.execute("INSERT OR IGNORE INTO joinings (member_id) VALUES (?)", (member_id,))
        changed = self._connection.execute(
            "UPDATE joinings SET welcomed_at = ? WHERE member_id = ? AND welcomed_at IS NULL", (text(now), member_id)
        )
        return changed.rowcount == 1

    def count_in(self, member_id: str, now: datetime) -> bool:
        """Note that somebody has the time; say whether that is news."""
        self._connection.execute("INSERT OR IGNORE INTO joinings (member_id) VALUES (?)", (member_id,))
        changed = self._connection.execute(
            "UPDATE joinings SET counted_in_at = ? WHERE member_id = ? AND counted_in_at IS NULL",
            (text(now), member_id),
        )
        return changed.rowcount == 1

    def counted_in(self) -> set[str]:
        """Return the ids of those who said that they have the time."""
        rows = self._connection.execute("SELECT member_id FROM joinings WHERE counted_in_at IS NOT NULL")
        return {member_id for (member_id,) in rows}

    def added_at(self) -> dict[str, datetime]:
        """Return when each member first came onto the roster."""
        rows = self._connection.execute("SELECT member_id, min(since_at) FROM status_history GROUP BY member_id")
        return {member_id: instant(at) for member_id, at in rows}

    def name_dates(self, student_id: str, dates: Iterable[HardDates]) -> None:
        """Write which dates are hard for a student, in place of those named before that moved nothing."""
        self._connection.execute("DELETE FROM hard_dates WHERE student_id = ? AND moved_at IS NULL", (student_id,))
        self._connection.executemany(
            "INSERT INTO hard_dates (student_id, from_on, to_on) VALUES (?, ?, ?)",
            [(student_id, one.from_on.isoformat(), one.to_on.isoformat()) for one in dates],
        )

    def named_of(self, student_id: str) -> list[HardDates]:
        """Return which dates a student named that moved nothing yet, the first first."""
        return self._dates(
            "SELECT from_on, to_on FROM hard_dates WHERE student_id = ? AND moved_at IS NULL ORDER BY from_on",
            student_id,
        )

    def used_of(self, student_id: str) -> list[HardDates]:
        """Return which of a student's hard dates have moved due times, the first first."""
        return self._dates(
            "SELECT from_on, to_on FROM hard_dates WHERE student_id = ? AND moved_at IS NOT NULL ORDER BY from_on",
            student_id,
        )

    def use_dates(self, student_id: str, within: HardDates, now: datetime) -> None:
        """Note that a student's hard dates that begin within a stretch have moved due times."""
        self._connection.execute(
            "UPDATE hard_dates SET moved_at = ? WHERE student_id = ? AND moved_at IS NULL AND from_on BETWEEN ? AND ?",
            (text(now), student_id, within.from_on.isoformat(), within.to_on.isoformat()),
        )

    def _dates(self, query: str, student_id: str) -> list[HardDates]:
        rows = self._connection.execute(query, (student_id,))
        return [HardDates(date.fromisoformat(first), date.fromisoformat(last)) for first, last in rows]

    def erase_dates(self, student_id: str | None = None) -> int:
        """Forget which dates are hard for one student, or for anyone; return how many."""
        return self._connection.execute(
            "DELETE FROM hard_dates WHERE ?1 IS NULL OR student_id = ?1", (student_id,)
        ).rowcount
