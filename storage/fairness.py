"""Groups of students for the fairness report, as rows, and what is counted a student; nothing else reads them."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime

from cohort.fairness import Belonging
from storage.instants import instant, text

# Days at once are offered with a nudge; the ladder offers the rest.
_OFFERS = (
    "SELECT o.student_id, count(*) FROM offers AS o JOIN nudges AS n ON n.id = o.nudge_id WHERE n.created_at <= ?1"
    " GROUP BY o.student_id UNION ALL SELECT student_id, count(*) FROM ladder_steps"
    " WHERE step = 'offer' AND taken_at <= ?1 GROUP BY student_id"
)


class FairnessRecords:
    """Rows of `fairness_groups`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def every(self) -> list[Belonging]:
        """Return every row."""
        rows = self._connection.execute("SELECT student_id, trait, value FROM fairness_groups ORDER BY 1, 2")
        return [Belonging(student_id, trait, value) for student_id, trait, value in rows]

    def save(self, row: Belonging) -> None:
        """Write what a trait is for a student, new or changed."""
        self._connection.execute(
            "INSERT OR REPLACE INTO fairness_groups (student_id, trait, value) VALUES (?, ?, ?)",
            (row.student_id, row.trait, row.value),
        )

    def erase(self, student_id: str | None = None) -> int:
        """Forget the groups of everyone, or of one student; return how many rows there were."""
        return self._connection.execute(
            "DELETE FROM fairness_groups WHERE ?1 IS NULL OR student_id = ?1", (student_id,)
        ).rowcount

    def offers(self, now: datetime) -> dict[str, int]:
        """Return how many offers each student was made until an instant."""
        found: dict[str, int] = {}
        for student_id, count in self._connection.execute(_OFFERS, (text(now),)):
            found[student_id] = found.get(student_id, 0) + count
        return found

    def requests(self, now: datetime) -> Iterator[tuple[str, str, datetime, datetime | None]]:
        """Yield every request for more time: student id, state, when asked, and when a person decided, if one did."""
        rows = self._connection.execute(
            "SELECT student_id, state, asked_at, iif(decided_by IS NULL, NULL, decided_at)"
            " FROM extension_requests WHERE asked_at <= ?",
            (text(now),),
        )
        for student_id, state, asked_at, decided_at in rows:
            yield student_id, state, instant(asked_at), instant(decided_at) if decided_at else None
