"""Integrity cases, as rows; read for organizers only."""

import sqlite3
from datetime import datetime
from typing import Any

from cohort.integrity import CaseState, IntegrityCase
from storage.instants import instant, instant_or_none, text

COLUMNS = "id, hand_in_id, flagged_by, flagged_at, note, state, decided_by, decided_at, reason"


class IntegrityRecords:
    """Rows of `integrity_cases`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, case: IntegrityCase) -> None:
        """Write a new case. Raises sqlite3.IntegrityError where one about the same thing is open."""
        self._connection.execute(
            "INSERT INTO integrity_cases (id, hand_in_id, flagged_by, flagged_at, note) VALUES (?, ?, ?, ?, ?)",
            (case.id, case.hand_in_id, case.flagged_by, text(case.flagged_at), case.note),
        )

    def get(self, case_id: str) -> IntegrityCase | None:
        """Return a case by id."""
        return next(iter(self._select("id = ?", case_id)), None)

    def open(self) -> list[IntegrityCase]:
        """Return the cases that wait for a decision, the oldest first."""
        return self._select("state = 'open' ORDER BY flagged_at, id")

    def not_cleared(self, hand_in_id: str) -> list[IntegrityCase]:
        """Return the cases about something handed in that are open or were upheld."""
        return self._select("hand_in_id = ? AND state IN ('open', 'upheld') ORDER BY flagged_at, id", hand_in_id)

    def decide(self, case_id: str, state: CaseState, by_id: str, reason: str, now: datetime) -> bool:
        """Write how an open case was decided; say whether it still was open."""
        changed = self._connection.execute(
            "UPDATE integrity_cases SET state = ?, decided_by = ?, decided_at = ?, reason = ?"
            " WHERE id = ? AND state = 'open'",
            (state.value, by_id, text(now), reason, case_id),
        )
        return changed.rowcount == 1

    def erase_words(self) -> int:
        """Empty the words of decided cases; return of how many."""
        return self._connection.execute(
            "UPDATE integrity_cases SET note = '', reason = '' WHERE state != 'open' AND (note != '' OR reason != '')"
        ).rowcount

    def _select(self, where: str, *values: Any) -> list[IntegrityCase]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM integrity_cases WHERE {where}", values)
        return [_case(row) for row in rows]


def _case(row: tuple[Any, ...]) -> IntegrityCase:
    return IntegrityCase(
        row[0],
        row[1],
        row[2],
        instant(row[3]),
        row[4],
        CaseState(row[5]),
        row[6],
        instant_or_none(row[7]),
        row[8],
    )
