"""The database file: a connection a thread, one writer at a time, and all or nothing."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from sqlite_utils import Database as Tables

from cohort.errors import StoreBusy
from storage.failures import is_busy, name_of, named_errors
from storage.records import Records

BUSY_SECONDS = 2.0
# SQLite looks for the lock ever more seldom, in the end every 100 ms, and so misses the gaps between the short
# transactions of an import in another process. Asked again every 20 ms it starts anew with short pauses.
LOOK_MILLISECONDS = 20


class _Own(threading.local):
    """What one thread has: a connection to write with, one that only reads, and whether it is using either."""

    def __init__(self) -> None:
        self.writer: Records | None = None
        self.reader: Records | None = None
        self.is_at_work = False


class Database:
    """One database file. Use `transaction()` to write and `reading()` to read; both hand out the records."""

    def __init__(self, path: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._own = _Own()
        self._writing = threading.Lock()
        self._opened: list[sqlite3.Connection] = []

    @contextmanager
    def transaction(self) -> Iterator[Records]:
        """Hand out the records for one unit of work: committed at the end, rolled back on any error.

        Raises StoreBusy when the right to write can't be had within two seconds, and StoreUnusable when the
        disk is full, the file read-only or damaged. Neither this nor `reading()` nests in a thread.
        """
        until = monotonic() + self._busy_seconds
        with self._at_work(), named_errors():
            records = self._writer()
            if not self._writing.acquire(timeout=self._busy_seconds):
                raise StoreBusy
            try:
                _begin_writing(records.connection, until)
                with _all_or_nothing(records.connection):
                    yield records
            finally:
                self._writing.release()

    @contextmanager
    def reading(self) -> Iterator[Records]:
        """Hand out the records as they stand at one moment, without waiting for whoever writes.

        Writing raises RuntimeError. Neither this nor `transaction()` nests in a thread.
        """
        with self._at_work(), named_errors(), _no_writing():
            records = self._reader()
            records.connection.execute("BEGIN")
            with _all_or_nothing(records.connection):
                yield records

    def tables(self) -> Tables:
        """Return a connection of its own as sqlite-utils sees it, for migrations and inspection."""
        return Tables(self._connect())

    def close(self) -> None:
        """Close every connection of every thread."""
        while self._opened:
            self._opened.pop().close()
        self._own = _Own()

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """Refuse to nest: the inner one could neither be undone with the outer nor see what it wrote."""
        own = self._own
        if own.is_at_work:
            raise RuntimeError("a transaction() or reading() is open in this thread: pass its records on")
        own.is_at_work = True
        try:
            yield
        finally:
            own.is_at_work = False

    def _writer(self) -> Records:
        if self._own.writer is None:
            connection = self._connect()
            connection.execute(f"PRAGMA busy_timeout = {LOOK_MILLISECONDS}")
            self._own.writer = Records(connection)
        return self._own.writer

    def _reader(self) -> Records:
        if self._own.reader is None:
            connection = self._connect()
            # Set once and for all: SQLite compiles every statement of a connection anew after this pragma.
            connection.execute("PRAGMA query_only = ON")
            self._own.reader = Records(connection)
        return self._own.reader

    def _connect(self) -> sqlite3.Connection:
        with named_errors():
            connection = sqlite3.connect(
                self.path, timeout=self._busy_seconds, isolation_level=None, check_same_thread=False
            )
            self._opened.append(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            # Without it INSERT OR REPLACE would take rows from the audit past its trigger.
            connection.execute("PRAGMA recursive_triggers = ON")
        return connection


def _begin_writing(connection: sqlite3.Connection, until: float) -> None:
    """Begin a transaction that may write, as soon as no other process does and until a monotonic time."""
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not is_busy(error) or monotonic() >= until:
                raise
        else:
            return


@contextmanager
def _all_or_nothing(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit at the end of a transaction that was begun, or roll it back on any error."""
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite has rolled back by itself where the disk is full.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def _no_writing() -> Iterator[None]:
    """Name the mistake of writing while reading, which looks to SQLite like a read-only file."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if name_of(error) == "SQLITE_READONLY":
            raise RuntimeError("nothing can be written in reading(): use transaction()") from error
        raise
