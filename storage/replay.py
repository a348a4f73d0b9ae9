"""A copy of a database to replay a term on: made without touching the original, and thrown away afterwards."""

import sqlite3
from collections.abc import Collection
from contextlib import closing
from datetime import datetime
from pathlib import Path

from cohort.errors import StoreUnusable
from storage.backup import check
from storage.database import Database
from storage.failures import named_errors
from storage.instants import instant
from storage.kept_reads import keep, watch
from storage.opening import open_database
from storage.programme import Identity
from storage.records import Records

# What tells of the running of a replay rather than of the programme.
BOOKKEEPING = frozenset({"job_runs", "heartbeat", "lease", "deliveries", "audit"})


class Scratch(Database):
    """A database that need not outlive a power cut."""

    def _connect(self) -> sqlite3.Connection:
        connection = super()._connect()
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def _reader(self) -> Records:
        is_new = self._own.reader is None
        records = super()._reader()
        if is_new:
            keep(records)
        return records

    def changes(self) -> int:
        """Return how many rows this thread has changed so far; only the difference between two counts means much."""
        with named_errors():
            return self._writer().connection.total_changes


def copy_for_replay(original: Path, folder: Path, identity: Identity) -> Scratch:
    """Copy a database into a folder, with SQLite's online backup and reading only, and open the copy.

    The copy is brought to this version of the schema, everyone in it has a Slack account, made up where there
    is none, and what students wrote is left out. Raises StoreUnusable for a database that is not there, is
    damaged, or belongs to another programme.
    """
    if not original.exists():
        raise StoreUnusable(f"there is no database at {original}", "Check COHORT_DB.")
    copy = folder / "replay.db"
    copy.touch(mode=0o600)
    _copy(original, copy)
    check(copy)
    open_database(copy, identity).close()
    scratch = Scratch(copy)
    with scratch.transaction() as records:
        records.connection.execute("UPDATE members SET slack_id = 'REPLAY-' || id WHERE slack_id IS NULL")
        records.requests.erase_words()
        records.bookings.erase_words()
        watch(records.connection)
    return scratch


def _copy(original: Path, copy: Path) -> None:
    source_uri = f"{original.absolute().as_uri()}?mode=ro"
    with (
        named_errors(),
        closing(sqlite3.connect(source_uri, uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)


def instants(records: Records, *, only: Collection[str] = (), leave_out: Collection[str] = ()) -> set[datetime]:
    """Return every instant that stands in the records, in all tables or in some."""
    found: set[str] = set()
    for (table,) in records.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        # sqlite-utils keeps its own notes on migrations in a table that starts with an underscore.
        if table in leave_out or table in BOOKKEEPING or table.startswith("_") or (only and table not in only):
            continue
        for column in _instant_columns(records.connection, table):
            rows = records.connection.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL")
            found.update(written for (written,) in rows)
    return {instant(written) for written in found}


def _instant_columns(connection: sqlite3.Connection, table: str) -> list[str]:
    columns = connection.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()
    return [name for (name,) in columns if name.endswith("_at")]
