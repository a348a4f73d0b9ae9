"""What students chose about messages nobody asked for, as rows."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from cohort.choices import Choices
from cohort.nudge_limits import NudgeKind
from storage.instants import instant, text


class ChoiceRecords:
    """Rows of `nudge_refusals`, `nudge_pauses` and `snoozes`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of(self, student_id: str) -> Choices:
        """Return what a student chose; nothing where they chose nothing."""
        return self._choices("WHERE student_id = ?", student_id).get(student_id, Choices())

    def every(self) -> dict[str, Choices]:
        """Return what everyone chose who did, by student id."""
        return self._choices("")

    def refuse(self, student_id: str, kind: NudgeKind, now: datetime) -> None:
        """Write that a student wants no messages of a kind."""
        self._connection.execute(
            "INSERT OR IGNORE INTO nudge_refusals (student_id, kind, since_at) VALUES (?, ?, ?)",
            (student_id, kind.value, text(now)),
        )

    def allow(self, student_id: str, kind: NudgeKind) -> None:
        """Write that a student wants messages of a kind again."""
        self._connection.execute(
            "DELETE FROM nudge_refusals WHERE student_id = ? AND kind = ?", (student_id, kind.value)
        )

    def pause(self, student_id: str, until_at: datetime) -> None:
        """Write that a student wants no such messages until an instant."""
        self._connection.execute(
            "INSERT OR REPLACE INTO nudge_pauses (student_id, until_at) VALUES (?, ?)", (student_id, text(until_at))
        )

    def resume(self, student_id: str) -> None:
        """End a pause."""
        self._connection.execute("DELETE FROM nudge_pauses WHERE student_id = ?", (student_id,))

    def snooze(self, student_id: str, assignment_ids: Iterable[str], until_at: datetime) -> None:
        """Write that nothing is to be said of some assignments until an instant."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO snoozes (student_id, assignment_id, until_at) VALUES (?, ?, ?)",
            [(student_id, assignment_id, text(until_at)) for assignment_id in assignment_ids],
        )

    def _choices(self, where: str, *values: str) -> dict[str, Choices]:
        refused: defaultdict[str, set[NudgeKind]] = defaultdict(set)
        for student_id, kind in self._connection.execute(
            f"SELECT student_id, kind FROM nudge_refusals {where}", values
        ):
            refused[student_id].add(NudgeKind(kind))
        pauses = {
            student_id: instant(until_at)
            for student_id, until_at in self._connection.execute(
                f"SELECT student_id, until_at FROM nudge_pauses {where}", values
            )
        }
        later: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
        for student_id, assignment_id, until_at in self._connection.execute(
            f"SELECT student_id, assignment_id, until_at FROM snoozes {where}", values
        ):
            later[student_id][assignment_id] = instant(until_at)
        everyone = {*refused, *pauses, *later}
        return {s: Choices(frozenset(refused[s]), pauses.get(s), dict(later[s])) for s in everyone}
