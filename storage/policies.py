"""The rules that held, from when on, as rows."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from storage.instants import instant, text


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """Rules as JSON, and since when they hold."""

    id: str
    since_at: datetime
    rules: str


class PolicyRecords:
    """Rows of `policies`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, row: PolicyRow) -> None:
        """Write rules that hold from an instant on."""
        self._connection.execute(
            "INSERT INTO policies (id, since_at, rules) VALUES (?, ?, ?)", (row.id, text(row.since_at), row.rules)
        )

    def get(self, policy_id: str) -> PolicyRow | None:
        """Return rules by id."""
        return self._one("SELECT id, since_at, rules FROM policies WHERE id = ?", policy_id)

    def latest(self) -> PolicyRow | None:
        """Return the rules that hold, as far as they were written down."""
        return self._one("SELECT id, since_at, rules FROM policies ORDER BY since_at DESC, id LIMIT 1")

    def _one(self, statement: str, *values: str) -> PolicyRow | None:
        row = self._connection.execute(statement, values).fetchone()
        return None if row is None else PolicyRow(row[0], instant(row[1]), row[2])
