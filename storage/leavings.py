"""Who wants to leave, as rows."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cohort.leavings import Instead, Leaving, LeavingReason
from cohort.roster import Status
from storage.instants import instant, instant_or_none, text

# Students whose leaving date came, or who are gone without one, and of whom anything is open still.
_LEFT_OPEN = """
SELECT m.id FROM members m WHERE m.role = 'student'
AND (m.left_at <= ? OR (m.left_at IS NULL AND m.status IN ('withdrawn', 'expelled', 'graduated')))
AND (
    EXISTS (SELECT 1 FROM leavings o WHERE o.student_id = m.id AND o.undone_at IS NULL AND o.done_at IS NULL)
    OR EXISTS (SELECT 1 FROM follow_ups o WHERE o.student_id = m.id AND o.closed_at IS NULL)
    OR EXISTS (SELECT 1 FROM new_plans o WHERE o.student_id = m.id AND o.state = 'proposed')
    OR EXISTS (SELECT 1 FROM check_ins o WHERE o.student_id = m.id AND o.answered_at IS NULL AND o.skipped_at IS NULL
        AND o.week_on = (SELECT max(week_on) FROM check_ins c WHERE c.student_id = m.id))
    OR EXISTS (SELECT 1 FROM regrades o WHERE o.student_id = m.id AND o.state IN ('asked', 'second_look'))
    OR EXISTS (SELECT 1 FROM questions o WHERE o.student_id = m.id AND o.answered_at IS NULL AND o.closed_at IS NULL)
    OR EXISTS (SELECT 1 FROM waits o WHERE o.student_id = m.id AND o.state IN ('waiting', 'offered'))
    OR EXISTS (SELECT 1 FROM line_places o WHERE o.student_id = m.id AND o.state IN ('waiting', 'out', 'called'))
    OR EXISTS (SELECT 1 FROM hand_in_claims o WHERE o.student_id = m.id)
    OR EXISTS (SELECT 1 FROM hand_ins o JOIN submissions s ON s.hand_in_id = o.id
        WHERE s.student_id = m.id AND o.state = 'claimed' AND NOT EXISTS
        (SELECT 1 FROM submissions t JOIN members p ON p.id = t.student_id
        WHERE t.hand_in_id = o.id AND p.status NOT IN ('withdrawn', 'expelled')))
) ORDER BY m.id
"""
COLUMNS = "id, student_id, asked_at, takes_effect_at, reasons, helps, words, undone_at, done_at, was"


class LeavingRecords:
    """Rows of `leavings`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, one: Leaving) -> bool:
        """Write a new wish; say whether the student had no other open one."""
        added = self._connection.execute(
            "INSERT OR IGNORE INTO leavings (id, student_id, asked_at, takes_effect_at, reasons, helps, words,"
            " was) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                one.id,
                one.student_id,
                text(one.asked_at),
                text(one.takes_effect_at),
                ",".join(one.reasons),
                ",".join(one.helps),
                one.words,
                one.was.value,
            ),
        )
        return added.rowcount == 1

    def undo(self, leaving_id: str, now: datetime) -> bool:
        """Write that somebody stays; say whether it still could be undone."""
        undone = self._connection.execute(
            "UPDATE leavings SET undone_at = ? WHERE id = ? AND undone_at IS NULL AND done_at IS NULL",
            (text(now), leaving_id),
        )
        return undone.rowcount == 1

    def finish(self, leaving_id: str, now: datetime) -> bool:
        """Write that it took effect; say whether it was open until now."""
        done = self._connection.execute(
            "UPDATE leavings SET done_at = ? WHERE id = ? AND undone_at IS NULL AND done_at IS NULL",
            (text(now), leaving_id),
        )
        return done.rowcount == 1

    def get(self, leaving_id: str) -> Leaving | None:
        """Return a wish by id."""
        return next(self._select("id = ?", leaving_id), None)

    def open_of(self, student_id: str) -> Leaving | None:
        """Return a student's wish that can still be undone."""
        return next(self._select("student_id = ? AND undone_at IS NULL AND done_at IS NULL", student_id), None)

    def latest_of(self, student_id: str) -> Leaving | None:
        """Return a student's newest wish, whatever became of it."""
        return next(self._select("student_id = ? ORDER BY asked_at DESC, id LIMIT 1", student_id), None)

    def every(self) -> list[Leaving]:
        """Return every wish to leave, whatever became of it, the oldest first."""
        return list(self._select("1 ORDER BY asked_at, id"))

    def due(self, now: datetime) -> list[Leaving]:
        """Return what is to take effect by now."""
        where = "takes_effect_at <= ? AND undone_at IS NULL AND done_at IS NULL ORDER BY takes_effect_at, id"
        return list(self._select(where, text(now)))

    def left_open(self, now: datetime) -> list[str]:
        """Return the ids of the students who are gone and of whom anything is open still."""
        return [student_id for (student_id,) in self._connection.execute(_LEFT_OPEN, (text(now),))]

    def undoable(self) -> set[str]:
        """Return the ids of the students who can still undo it."""
        rows = self._connection.execute("SELECT student_id FROM leavings WHERE undone_at IS NULL AND done_at IS NULL")
        return {student_id for (student_id,) in rows}

    def reasons(self) -> Counter[str]:
        """Return how often each reason was named by those who left."""
        rows = self._connection.execute("SELECT reasons FROM leavings WHERE done_at IS NOT NULL AND reasons != ''")
        return Counter(reason for (reasons,) in rows for reason in reasons.split(","))

    def erase_words(self, student_id: str | None = None) -> int:
        """Empty what somebody gave as reasons and wrote, or everyone, and return in how many wishes."""
        return self._connection.execute(
            "UPDATE leavings SET words = '', reasons = '', helps = '' WHERE (words != '' OR reasons != ''"
            " OR helps != '') AND (?1 IS NULL OR student_id = ?1)",
            (student_id,),
        ).rowcount

    def _select(self, where: str, *values: Any) -> Iterator[Leaving]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM leavings WHERE {where}", values)
        return (_leaving(row) for row in rows)


def _leaving(row: tuple[Any, ...]) -> Leaving:
    return Leaving(
        id=row[0],
        student_id=row[1],
        asked_at=instant(row[2]),
        takes_effect_at=instant(row[3]),
        reasons=tuple(LeavingReason(each) for each in row[4].split(",") if each),
        helps=tuple(Instead(each) for each in row[5].split(",") if each),
        words=row[6],
        undone_at=instant_or_none(row[7]),
        done_at=instant_or_none(row[8]),
        was=Status(row[9]),
    )
