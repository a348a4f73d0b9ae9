"""The same grant without this project: a listener that makes the same statements in plain sqlite3."""

import json
import re
import sqlite3
import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from slack_bolt import Ack, BoltResponse

from bot.clock import real_now
from tests.bench.programme import DUE_AT

MEMBER = (
    "SELECT id, email, name, role, zone, slack_id, preferred_name, status, track, accommodation_days, joined_at,"
    " left_at, sid FROM members WHERE slack_id = ?"
)
DELIVERY = "INSERT OR IGNORE INTO deliveries (key, seen_at) VALUES (?, ?)"
ASSIGNMENT_COLUMNS = (
    "id, slug, title, kind, hard_due_at, due_at, opens_at, week, pass_mark, required, estimated_hours, url, cancelled,"
    " droppable, corrected_hours"
)
ASSIGNMENT = f"SELECT {ASSIGNMENT_COLUMNS} FROM assignments WHERE id = ?"  # noqa: S608 - column names of this module
ASSIGNMENT_BY_SLUG = f"SELECT {ASSIGNMENT_COLUMNS} FROM assignments WHERE lower(slug) = lower(?)"  # noqa: S608 - as above
AWAITS_REACTION = "SELECT 1 FROM nudges WHERE student_id = ? AND sent_at IS NOT NULL AND reacted_at IS NULL LIMIT 1"
EXTENSION_COLUMNS = (
    "id, student_id, assignment_id, until_at, length_seconds, origin, granted_at, granted_by, request_id"
)
EXTENSIONS = f"SELECT {EXTENSION_COLUMNS} FROM extensions WHERE student_id = ? ORDER BY granted_at, id"  # noqa: S608 - as above
SUBMISSIONS = (
    "SELECT id, assignment_id, student_id, attempt, submitted_at, score, passed, hand_in_id FROM submissions"
    " WHERE student_id = ? AND assignment_id = ? ORDER BY attempt"
)
EXCUSE = "SELECT 1 FROM excuses WHERE student_id = ? AND assignment_id = ?"
RETRIES = (
    "SELECT id, student_id, assignment_id, hand_in_id, reason, opened_at, due_at, until_at,"
    " EXISTS (SELECT 1 FROM hand_ins AS h WHERE h.id = retries.hand_in_id AND h.state != 'graded'),"
    " coalesce((SELECT s.attempt FROM submissions AS s WHERE s.hand_in_id = retries.hand_in_id"
    " AND s.student_id = retries.student_id), 1) FROM retries WHERE student_id = ? AND opened_at <= ?"
    " ORDER BY opened_at, id"
)
CHOSEN = "SELECT assignment_id FROM chosen_work WHERE student_id = ? AND chosen_at <= ?"
DROPS = "SELECT assignment_id FROM drops WHERE student_id = ? AND dropped_at <= ?"
REQUEST_COLUMNS = (
    "id, student_id, assignment_id, state, asked_at, review_by_at, until_at, why, category, note, decided_at,"
    " decided_by, granted_until_at, decline_reason, lapse, told_at, reminded"
)
OPEN_REQUEST = (
    f"SELECT {REQUEST_COLUMNS} FROM extension_requests"  # noqa: S608 - as above
    " WHERE student_id = ? AND assignment_id = ? AND state IN ('pending', 'talking')"
)
ADD_REQUEST = f"INSERT INTO extension_requests ({REQUEST_COLUMNS}) VALUES ({', '.join('?' * 17)})"  # noqa: S608 - as above
ADD_EXTENSION = f"INSERT INTO extensions ({EXTENSION_COLUMNS}) VALUES ({', '.join('?' * 9)})"  # noqa: S608 - as above
AUDIT = "INSERT INTO audit (at, actor_id, action, subject, detail) VALUES (?, ?, ?, ?, ?)"
OFFERS = "UPDATE offers SET state = ? WHERE student_id = ? AND assignment_id = ? AND state = 'open'"
LETTER = (
    "INSERT OR IGNORE INTO outbox"
    " (kind, recipient, data, dedupe_key, at_most_once, created_at, not_before_at, expires_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
LITERAL = re.compile(r"'(?:[^']|'')*'|\bNULL\b|\b\d+(?:\.\d+)?\b")


@dataclass(frozen=True, slots=True)
class Done:
    """What the answer of a grant says."""

    slug: str
    title: str


class PlainGrants:
    """Grants whatever is asked, in the statements of the bot and without its rules, values and boundary.

    A connection a thread and a lock around writing, as in the bot.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own = threading.local()
        self._writing = threading.Lock()
        self._opened: list[sqlite3.Connection] = []

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        if not hasattr(self._own, "connection"):
            self._own.connection = self._connect()
        found: sqlite3.Connection = self._own.connection
        return found

    def listen(self, body: dict[str, Any], ack: Ack) -> BoltResponse:
        """Answer `/extension hw3 2d`."""
        slug, length = body["text"].split()
        days = int(length.removesuffix("d"))
        until_at = DUE_AT + timedelta(days=days)
        done = self.grant(body["user_id"], f"command:{body['trigger_id']}", slug, days)
        text = (
            f":white_check_mark: Done: *{done.title}* ({done.slug}) is now due "
            f"<!date^{int(until_at.timestamp())}^{{date_short_pretty}} at {{time}}|{until_at:%a %d %b %H:%M} BST>. "
            "No explanation needed."
        )
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
        return ack(text=text, blocks=blocks, response_type="ephemeral")

    def grant(self, slack_id: str, key: str, slug: str, days: int) -> Done:
        """Write one grant and commit it."""
        connection = self.connection
        connection.execute("BEGIN")
        student = connection.execute(MEMBER, (slack_id,)).fetchone()[0]
        connection.execute("COMMIT")
        connection.execute("BEGIN")
        connection.execute(AWAITS_REACTION, (student,)).fetchone()
        connection.execute("COMMIT")
        with self._writing:
            connection.execute("BEGIN IMMEDIATE")
            done = self._write(connection, student, key, slug, days)
            connection.execute("COMMIT")
        return done

    def _write(self, connection: sqlite3.Connection, student: str, key: str, slug: str, days: int) -> Done:
        at = real_now()
        now = at.isoformat(timespec="milliseconds")
        until_at = (DUE_AT + timedelta(days=days)).isoformat(timespec="milliseconds")
        review_by_at = (at + timedelta(hours=12)).isoformat(timespec="milliseconds")
        request, extension = f"req_{token_hex(8)}", f"ext_{token_hex(8)}"
        connection.execute(DELIVERY, (key, now))
        connection.execute(ASSIGNMENT, (slug,)).fetchone()
        row = connection.execute(ASSIGNMENT_BY_SLUG, (slug,)).fetchone()
        work = (student, row[0])
        connection.execute(EXTENSIONS, (student,)).fetchall()
        connection.execute(SUBMISSIONS, work).fetchall()
        connection.execute(EXCUSE, work).fetchone()
        for arranged in (RETRIES, CHOSEN, DROPS):
            connection.execute(arranged, (student, now)).fetchall()
        connection.execute(OPEN_REQUEST, work).fetchone()
        wanted = (request, *work, "approved", now, review_by_at, until_at, None, None, "", now, None, until_at, "")
        connection.execute(ADD_REQUEST, (*wanted, None, None, 0))
        connection.execute(AUDIT, (now, student, "extension.requested", request, ""))
        connection.execute(ADD_EXTENSION, (extension, *work, until_at, days * 86400, "policy", now, None, request))
        connection.execute(OFFERS, ("replaced", *work))
        data = json.dumps({"extension": extension, "student": student})
        letter = ("extensions.granted", f"member:{student}", data, f"granted:{extension}", 0, now, now, None)
        connection.execute(LETTER, letter)
        connection.execute(AUDIT, (now, student, "extension.granted", extension, "policy"))
        return Done(row[1], row[2])

    def close(self) -> None:
        """Close the connection of every thread."""
        for connection in self._opened:
            connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        self._opened.append(connection)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection


def shape(statement: str) -> str:
    """Return a statement that SQLite has traced without the values in it."""
    return LITERAL.sub("?", statement)
