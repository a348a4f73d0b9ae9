"""The database file: a connection a thread, one writer at a time, and all or nothing."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database as Tables

from cohort.errors import StoreBusy, StoreUnusable
from storage.records import Records

BUSY_SECONDS = 2.0
_BUSY = frozenset({"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED"})
_MENDS = {
    "SQLITE_FULL": "Free some disk space; nothing that was acknowledged is lost.",
    "SQLITE_READONLY": "Make the database file and its folder writable for the bot.",
    "SQLITE_IOERR": "Look at the disk and the system log.",
    "SQLITE_CANTOPEN": "Check that COHORT_DB names a folder that exists and is writable.",
    "SQLITE_NOTADB": "COHORT_DB must name a database of this bot; restore the newest file of backups/.",
    "SQLITE_CORRUPT": "Restore the newest file of backups/.",
}


class Database:
    """One database file. Use `transaction()` to write and `reading()` to read; both hand out the records."""

    def __init__(self, path: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._local = threading.local()
        self._writing = threading.Lock()
        self._opened: list[sqlite3.Connection] = []

    @contextmanager
    def transaction(self) -> Iterator[Records]:
        """Hand out the records for one unit of work: committed at the end, rolled back on any error.

        Raises StoreBusy when the right to write can't be had within two seconds, and StoreUnusable when the
        disk is full, the file read-only or damaged. Does not nest.
        """
        if not self._writing.acquire(timeout=self._busy_seconds):
            raise StoreBusy
        try:
            with _named_errors(), self._unit("BEGIN IMMEDIATE") as records:
                yield records
        finally:
            self._writing.release()

    @contextmanager
    def reading(self) -> Iterator[Records]:
        """Hand out the records as they stand at one moment; nothing can be written."""
        with _named_errors(), self._unit("BEGIN") as records:
            records.connection.execute("PRAGMA query_only = ON")
            try:
                yield records
            finally:
                records.connection.execute("PRAGMA query_only = OFF")

    def tables(self) -> Tables:
        """Return this thread's connection as sqlite-utils sees it, for migrations and inspection."""
        return Tables(self._records().connection)

    def close(self) -> None:
        """Close every connection of every thread."""
        while self._opened:
            self._opened.pop().close()
        self._local = threading.local()

    @contextmanager
    def _unit(self, begin: str) -> Iterator[Records]:
        records = self._records()
        connection = records.connection
        connection.execute(begin)
        try:
            yield records
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _records(self) -> Records:
        records: Records | None = getattr(self._local, "records", None)
        if records is None:
            records = Records(self._connect())
            self._local.records = records
        return records

    def _connect(self) -> sqlite3.Connection:
        with _named_errors():
            connection = sqlite3.connect(
                self.path, timeout=self._busy_seconds, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
        self._opened.append(connection)
        return connection


@contextmanager
def _named_errors() -> Iterator[None]:
    """Turn what SQLite says about the file into what a person can act on."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "")
        if name in _BUSY:
            raise StoreBusy from error
        for start, mend in _MENDS.items():
            if name.startswith(start):
                raise StoreUnusable(str(error), mend) from error
        raise
