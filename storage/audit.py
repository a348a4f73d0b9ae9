"""The audit: who did what to what, when; ids only, and append-only by trigger."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from storage.instants import instant, text


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One thing that happened. `actor_id` is None for the program itself; `detail` never holds anyone's words."""

    at: datetime
    actor_id: str | None
    action: str
    subject: str
    detail: str


class AuditRecords:
    """Rows of `audit`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, actor_id: str | None, action: str, subject: str, now: datetime, detail: str = "") -> None:
        """Write a line."""
        self._connection.execute(
            "INSERT INTO audit (at, actor_id, action, subject, detail) VALUES (?, ?, ?, ?, ?)",
            (text(now), actor_id, action, subject, detail),
        )

    def first_at(self) -> datetime | None:
        """Return when anything was done for the first time, None where nothing was."""
        (at,) = self._connection.execute("SELECT min(at) FROM audit").fetchone()
        return None if at is None else instant(at)

    def about(self, subject: str) -> list[AuditLine]:
        """Return what happened to one thing, oldest first."""
        rows = self._connection.execute(
            "SELECT at, actor_id, action, subject, detail FROM audit WHERE subject = ? ORDER BY id",
            (subject,),
        )
        return [AuditLine(instant(row[0]), *row[1:]) for row in rows]

    def all(self) -> list[AuditLine]:
        """Return the whole audit, oldest first."""
        rows = self._connection.execute("SELECT at, actor_id, action, subject, detail FROM audit ORDER BY id")
        return [AuditLine(instant(row[0]), *row[1:]) for row in rows]
