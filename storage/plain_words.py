"""What was written in plain words and not understood, as rows."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from cohort.plain_words import NotUnderstood
from storage.instants import text


class UnclearWords:
    """Rows of `unclear_words`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, row_id: str, member_id: str, words: str, now: datetime) -> None:
        """Keep what someone wrote."""
        self._connection.execute(
            "INSERT INTO unclear_words (id, member_id, words, heard_at) VALUES (?, ?, ?, ?)",
            (row_id, member_id, words, text(now)),
        )

    def since(self, member_id: str, at: datetime) -> list[NotUnderstood]:
        """Return what someone wrote after an instant, oldest first."""
        rows = self._connection.execute(
            "SELECT id, words FROM unclear_words WHERE member_id = ? AND heard_at > ? ORDER BY heard_at, id",
            (member_id, text(at)),
        )
        return [NotUnderstood(*row) for row in rows]

    def take(self, member_id: str, ids: Sequence[str]) -> None:
        """Erase some of what someone wrote."""
        marks = ", ".join("?" for _ in ids)
        self._connection.execute(
            f"DELETE FROM unclear_words WHERE member_id = ? AND id IN ({marks})", (member_id, *ids)
        )

    def has(self, member_id: str) -> bool:
        """Say whether anything is kept that someone wrote."""
        row = self._connection.execute("SELECT 1 FROM unclear_words WHERE member_id = ? LIMIT 1", (member_id,))
        return row.fetchone() is not None

    def forget(self, member_id: str) -> int:
        """Erase what someone wrote; return how many messages that were."""
        return self._connection.execute("DELETE FROM unclear_words WHERE member_id = ?", (member_id,)).rowcount

    def erase_words(self, member_id: str | None = None) -> int:
        """Erase what someone, or anyone, wrote; return how many messages that were."""
        return self._connection.execute(
            "DELETE FROM unclear_words WHERE ?1 IS NULL OR member_id = ?1", (member_id,)
        ).rowcount

    def erase(self, before: datetime) -> int:
        """Erase what was written before an instant; return how many messages that were."""
        return self._connection.execute("DELETE FROM unclear_words WHERE heard_at < ?", (text(before),)).rowcount
