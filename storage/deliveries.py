"""What Slack has delivered already, so that a second delivery changes nothing."""

import sqlite3
from datetime import datetime

from cohort.errors import AlreadySeen
from storage.instants import text


class DeliveryRecords:
    """Rows of `deliveries`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, key: str, now: datetime) -> None:
        """Note a delivery with the change it makes. Raises AlreadySeen for one that was noted before."""
        added = self._connection.execute(
            "INSERT OR IGNORE INTO deliveries (key, seen_at) VALUES (?, ?)", (key, text(now))
        )
        if added.rowcount == 0:
            raise AlreadySeen

    def has(self, key: str) -> bool:
        """Say whether a delivery was noted."""
        return self._connection.execute("SELECT 1 FROM deliveries WHERE key = ?", (key,)).fetchone() is not None

    def prune(self, before: datetime) -> int:
        """Forget deliveries from before an instant; return how many."""
        return self._connection.execute("DELETE FROM deliveries WHERE seen_at < ?", (text(before),)).rowcount
