"""Messages on their way out, and the posts they became, as rows."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.instants import instant, instant_or_none, text, text_or_none

COLUMNS = "id, kind, recipient, data, dedupe_key, at_most_once, created_at, not_before_at, expires_at, attempts"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to be sent once its time has come.

    `recipient` is `member:<id>`, `channel:<name>` or `post:<channel>:<ts>` (an update of a post). `data` holds
    ids and facts, never anyone's private words. `at_most_once` marks nudges: once a call was begun without an
    answer, they are never tried again.
    """

    kind: str
    recipient: str
    data: Mapping[str, Any]
    dedupe_key: str
    created_at: datetime
    not_before_at: datetime
    expires_at: datetime | None = None
    at_most_once: bool = False
    id: int = 0
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Post:
    """A message as it stands in Slack; `subject` says what it is about, so that all can be updated."""

    channel: str
    ts: str
    subject: str
    kind: str


class OutboxRecords:
    """Rows of `outbox` and `posts`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, letter: Letter) -> bool:
        """Queue a message; one with the same dedupe key is never queued twice. Say whether it was."""
        added = self._connection.execute(
            "INSERT OR IGNORE INTO outbox (kind, recipient, data, dedupe_key, at_most_once, created_at,"
            " not_before_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                letter.kind,
                letter.recipient,
                json.dumps(letter.data, separators=(",", ":")),
                letter.dedupe_key,
                int(letter.at_most_once),
                text(letter.created_at),
                text(letter.not_before_at),
                text_or_none(letter.expires_at),
            ),
        )
        return added.rowcount == 1

    def add_to(self, dedupe_key: str, field: str, ids: Sequence[str]) -> bool:
        """Add ids to those that a queued message holds under a name, each once; say whether it still was queued."""
        row = self._connection.execute(
            "SELECT id, data FROM outbox WHERE dedupe_key = ? AND state = 'queued'", (dedupe_key,)
        ).fetchone()
        if row is None:
            return False
        data = json.loads(row[1])
        data[field] = list(dict.fromkeys([*data[field], *ids]))
        self._connection.execute(
            "UPDATE outbox SET data = ? WHERE id = ?", (json.dumps(data, separators=(",", ":")), row[0])
        )
        return True

    def claim(self, worker: str, now: datetime, most: int) -> list[Letter]:
        """Mark the messages that are due as being sent by a worker, and return them, longest due first.

        What someone waits for goes before every nudge: a sweep that writes to a hundred students at once
        must not stand before a card or an answer.
        """
        waited_for = self._claim(worker, now, most, is_nudge=0)
        return waited_for + self._claim(worker, now, most - len(waited_for), is_nudge=1)

    def _claim(self, worker: str, now: datetime, most: int, is_nudge: int) -> list[Letter]:
        rows = self._connection.execute(
            "UPDATE outbox SET state = 'sending', claimed_by = ?, attempts = attempts + 1 WHERE id IN"
            " (SELECT id FROM outbox WHERE state = 'queued' AND at_most_once = ? AND not_before_at <= ?"
            f" ORDER BY not_before_at, id LIMIT ?) RETURNING {COLUMNS}",
            (worker, is_nudge, text(now), most),
        ).fetchall()
        return sorted((_letter(row) for row in rows), key=lambda letter: (letter.not_before_at, letter.id))

    def claim_one(self, letter_id: int, worker: str, now: datetime) -> Letter | None:
        """Mark one message as being sent by a worker, and return it; nothing where it is not queued or not due."""
        row = self._connection.execute(
            "UPDATE outbox SET state = 'sending', claimed_by = ?, attempts = attempts + 1"
            f" WHERE id = ? AND state = 'queued' AND not_before_at <= ? RETURNING {COLUMNS}",
            (worker, letter_id, text(now)),
        ).fetchone()
        return None if row is None else _letter(row)

    def put_back(self, letter_id: int, not_before_at: datetime, problem: str) -> None:
        """Queue a claimed message again for later."""
        self._connection.execute(
            "UPDATE outbox SET state = 'queued', claimed_by = NULL, not_before_at = ?, problem = ?"
            " WHERE id = ? AND state = 'sending'",
            (text(not_before_at), problem, letter_id),
        )

    def settle(self, letter_id: int, state: str, now: datetime, problem: str = "") -> bool:
        """Write what became of a claimed message: sent, unknown, failed or obsolete; say whether it was claimed."""
        changed = self._connection.execute(
            "UPDATE outbox SET state = ?, sent_at = ?, problem = ?, claimed_by = NULL"
            " WHERE id = ? AND state = 'sending'",
            (state, text(now), problem, letter_id),
        )
        return changed.rowcount == 1

    def recover(self, now: datetime) -> tuple[int, int]:
        """Settle what a process left behind that died while sending: nudges become unknown, the rest is queued.

        Only the holder of the lease may do this. Returns how many of each.
        """
        unknown = self._connection.execute(
            "UPDATE outbox SET state = 'unknown', claimed_by = NULL, sent_at = ?,"
            " problem = 'stopped while sending' WHERE state = 'sending' AND at_most_once = 1",
            (text(now),),
        ).rowcount
        queued = self._connection.execute(
            "UPDATE outbox SET state = 'queued', claimed_by = NULL WHERE state = 'sending'"
        ).rowcount
        return unknown, queued

    def drop_to(self, recipient: str, now: datetime) -> int:
        """Let every message to a recipient that is still queued go unsent; return how many."""
        return self._connection.execute(
            "UPDATE outbox SET state = 'obsolete', sent_at = ?, problem = 'erased'"
            " WHERE recipient = ? AND state = 'queued'",
            (text(now), recipient),
        ).rowcount

    def maybe_sent(self, dedupe_keys: Sequence[str]) -> bool:
        """Say whether any of these messages may have arrived: it was sent, or a call that sends it was begun."""
        marks = ", ".join("?" for _ in dedupe_keys)
        row = self._connection.execute(
            f"SELECT 1 FROM outbox WHERE dedupe_key IN ({marks})"
            " AND (state IN ('sent', 'sending', 'unknown') OR state = 'queued' AND problem <> '') LIMIT 1",
            tuple(dedupe_keys),
        ).fetchone()
        return row is not None

    def arrives(self, dedupe_key: str) -> bool:
        """Say whether a message was sent, or is still to be: it was not let go."""
        row = self._connection.execute(
            "SELECT 1 FROM outbox WHERE dedupe_key = ? AND state NOT IN ('obsolete', 'failed')", (dedupe_key,)
        ).fetchone()
        return row is not None

    def has(self, dedupe_keys: Sequence[str]) -> bool:
        """Say whether any of these messages was ever queued."""
        marks = ", ".join("?" for _ in dedupe_keys)
        row = self._connection.execute(
            f"SELECT 1 FROM outbox WHERE dedupe_key IN ({marks}) LIMIT 1", tuple(dedupe_keys)
        ).fetchone()
        return row is not None

    def waits(self, kind: str, recipient: str) -> bool:
        """Say whether a message of a kind to a recipient is queued: it will be composed of what is true by then."""
        row = self._connection.execute(
            "SELECT 1 FROM outbox WHERE state = 'queued' AND kind = ? AND recipient = ? LIMIT 1", (kind, recipient)
        ).fetchone()
        return row is not None

    def next_due_at(self) -> datetime | None:
        """Return when the next queued message is due."""
        row = self._connection.execute("SELECT min(not_before_at) FROM outbox WHERE state = 'queued'").fetchone()
        return None if row[0] is None else instant(row[0])

    def is_anything_due(self, now: datetime) -> bool:
        """Say whether a letter waits that may go by now, or is being sent."""
        due = "SELECT 1 FROM outbox WHERE state = 'sending' OR state = 'queued' AND not_before_at <= ? LIMIT 1"
        return self._connection.execute(due, (text(now),)).fetchone() is not None

    def states(self) -> dict[str, int]:
        """Count messages by state."""
        return dict(self._connection.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())

    def of_kind(self, kind: str) -> list[tuple[Letter, str]]:
        """Return every message of a kind with its state, oldest first."""
        rows = self._connection.execute(
            f"SELECT {COLUMNS}, state FROM outbox WHERE kind = ? ORDER BY id",
            (kind,),
        )
        return [(_letter(row[:-1]), row[-1]) for row in rows]

    def add_post(self, post: Post) -> bool:
        """Note where a message stands in Slack; say whether that is news."""
        added = self._connection.execute(
            "INSERT OR IGNORE INTO posts (channel, ts, subject, kind) VALUES (?, ?, ?, ?)",
            (post.channel, post.ts, post.subject, post.kind),
        )
        return added.rowcount == 1

    def posts_about(self, subject: str) -> list[Post]:
        """Return every post about one thing."""
        rows = self._connection.execute(
            "SELECT channel, ts, subject, kind FROM posts WHERE subject = ? ORDER BY ts", (subject,)
        )
        return [Post(*row) for row in rows]

    def prune(self, before: datetime) -> int:
        """Forget settled messages from before an instant; return how many. Their dedupe keys go with them."""
        return self._connection.execute(
            "DELETE FROM outbox WHERE state IN ('sent', 'unknown', 'obsolete') AND sent_at < ?",
            (text(before),),
        ).rowcount


def _letter(row: tuple[Any, ...]) -> Letter:
    return Letter(
        id=row[0],
        kind=row[1],
        recipient=row[2],
        data=json.loads(row[3]),
        dedupe_key=row[4],
        at_most_once=bool(row[5]),
        created_at=instant(row[6]),
        not_before_at=instant(row[7]),
        expires_at=instant_or_none(row[8]),
        attempts=row[9],
    )
