"""The lease: one process at a time delivers and runs the jobs."""

import sqlite3
from datetime import datetime

from storage.instants import text


class LeaseRecords:
    """The one row of `lease`. Its times are real time, whatever clock the programme is shown."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def take(self, holder: str, now: datetime, until_at: datetime) -> bool:
        """Take or renew the lease; say whether the holder has it now."""
        taken = self._connection.execute(
            "INSERT INTO lease (id, holder, until_at) VALUES (1, ?, ?) ON CONFLICT (id)"
            " DO UPDATE SET holder = excluded.holder, until_at = excluded.until_at"
            " WHERE lease.holder = excluded.holder OR lease.until_at <= ?",
            (holder, text(until_at), text(now)),
        )
        return taken.rowcount == 1

    def holder(self) -> str | None:
        """Return who holds the lease, or held it last; None where it was given back."""
        row = self._connection.execute("SELECT holder FROM lease").fetchone()
        return None if row is None else str(row[0])

    def release(self, holder: str) -> None:
        """Give the lease back, if it is held."""
        self._connection.execute("DELETE FROM lease WHERE holder = ?", (holder,))
