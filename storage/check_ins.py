"""Check-ins as rows: one a student and week."""

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from cohort.check_ins import CheckIn, Wish
from storage.instants import instant_or_none, text, text_or_none

COLUMNS = (
    "id, student_id, week_on, asked_at, reminded_at, snoozed_until_at, skipped_at, answered_at, edited_at, hours, mood,"
    " obstacle, wish, note"
)


class CheckInRecords:
    """Rows of `check_ins` and `check_in_pauses`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, one: CheckIn) -> bool:
        """Write a new check-in; say whether there was none of that student and week."""
        added = self._connection.execute(
            "INSERT OR IGNORE INTO check_ins (id, student_id, week_on, asked_at) VALUES (?, ?, ?, ?)",
            (one.id, one.student_id, one.week_on.isoformat(), text_or_none(one.asked_at)),
        )
        return added.rowcount == 1

    def save(self, one: CheckIn) -> None:
        """Write what a check-in has become."""
        self._connection.execute(
            "UPDATE check_ins SET reminded_at = ?, snoozed_until_at = ?, skipped_at = ?, answered_at = ?,"
            " edited_at = ?, hours = ?, mood = ?, obstacle = ?, wish = ?, note = ? WHERE id = ?",
            (
                text_or_none(one.reminded_at),
                text_or_none(one.snoozed_until_at),
                text_or_none(one.skipped_at),
                text_or_none(one.answered_at),
                text_or_none(one.edited_at),
                one.hours,
                one.mood,
                one.obstacle,
                one.wish.value if one.wish else "",
                one.note,
                one.id,
            ),
        )

    def get(self, check_in_id: str) -> CheckIn | None:
        """Return a check-in by id."""
        return next(self._select("id = ?", check_in_id), None)

    def latest_of(self, student_id: str) -> CheckIn | None:
        """Return a student's newest check-in."""
        return next(self._select("student_id = ? ORDER BY week_on DESC LIMIT 1", student_id), None)

    def of_week(self, student_id: str, week_on: date) -> CheckIn | None:
        """Return the check-in of a student and week."""
        return next(self._select("student_id = ? AND week_on = ?", student_id, week_on.isoformat()), None)

    def asked_in(self, week_on: date) -> set[str]:
        """Return who has a check-in of a week."""
        return {one.student_id for one in self.of_everyone(week_on)}

    def of_everyone(self, week_on: date) -> list[CheckIn]:
        """Return every check-in of a week."""
        return list(self._select("week_on = ? ORDER BY id", week_on.isoformat()))

    def every(self) -> list[CheckIn]:
        """Return every check-in, the oldest week first."""
        return list(self._select("1 ORDER BY week_on, id"))

    def weeks(self) -> list[date]:
        """Return the weeks in which anyone was asked, the oldest first."""
        rows = self._connection.execute("SELECT DISTINCT week_on FROM check_ins ORDER BY week_on")
        return [date.fromisoformat(week_on) for (week_on,) in rows]

    def unanswered(self, asked_before: datetime) -> list[CheckIn]:
        """Return what was asked by an instant, neither answered nor skipped, and not reminded of."""
        where = "asked_at <= ? AND answered_at IS NULL AND skipped_at IS NULL AND reminded_at IS NULL ORDER BY id"
        return list(self._select(where, text(asked_before)))

    def pause(self, student_id: str, until_at: datetime) -> None:
        """Write that a student wants no check-ins until an instant."""
        self._connection.execute(
            "INSERT OR REPLACE INTO check_in_pauses (student_id, until_at) VALUES (?, ?)", (student_id, text(until_at))
        )

    def resume(self, student_id: str) -> None:
        """End a pause."""
        self._connection.execute("DELETE FROM check_in_pauses WHERE student_id = ?", (student_id,))

    def paused(self, now: datetime) -> set[str]:
        """Return who wants no check-ins now."""
        rows = self._connection.execute("SELECT student_id FROM check_in_pauses WHERE until_at > ?", (text(now),))
        return {student_id for (student_id,) in rows}

    def erase_words(self, student_id: str | None = None) -> int:
        """Empty what a student wrote, or everyone, and return in how many check-ins."""
        return self._connection.execute(
            "UPDATE check_ins SET note = '' WHERE note != '' AND (?1 IS NULL OR student_id = ?1)", (student_id,)
        ).rowcount

    def _select(self, where: str, *values: Any) -> Iterator[CheckIn]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM check_ins WHERE {where}", values)
        return (_check_in(row) for row in rows)


def _check_in(row: tuple[Any, ...]) -> CheckIn:
    return CheckIn(
        id=row[0],
        student_id=row[1],
        week_on=date.fromisoformat(row[2]),
        asked_at=instant_or_none(row[3]),
        reminded_at=instant_or_none(row[4]),
        snoozed_until_at=instant_or_none(row[5]),
        skipped_at=instant_or_none(row[6]),
        answered_at=instant_or_none(row[7]),
        edited_at=instant_or_none(row[8]),
        hours=row[9],
        mood=row[10],
        obstacle=row[11],
        wish=Wish(row[12]) if row[12] else None,
        note=row[13],
    )
