"""What SQLite says about a file, turned into what a person can act on."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from cohort.errors import StoreBusy, StoreUnusable

_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
_MENDS = {
    "SQLITE_FULL": "Free some disk space; nothing that was acknowledged is lost.",
    "SQLITE_READONLY": "Make the database file and its folder writable for the bot.",
    "SQLITE_IOERR": "Look at the disk and the system log.",
    "SQLITE_CANTOPEN": "Check that COHORT_DB names a folder that exists and is writable.",
    "SQLITE_NOTADB": "COHORT_DB must name a database of this bot; restore the newest file of backups/.",
    "SQLITE_CORRUPT": "Restore the newest file of backups/.",
}


def name_of(error: sqlite3.Error) -> str:
    """Return SQLite's name of an error, such as SQLITE_BUSY; empty for one of Python's module."""
    return getattr(error, "sqlite_errorname", "")


def is_busy(error: sqlite3.Error) -> bool:
    """Say whether someone else holds the lock that was wanted."""
    return name_of(error).startswith(_BUSY)


@contextmanager
def named_errors() -> Iterator[None]:
    """Raise StoreBusy or StoreUnusable for what is wrong with the file, and let every other error through."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if is_busy(error):
            raise StoreBusy from error
        mend = next((mend for start, mend in _MENDS.items() if name_of(error).startswith(start)), None)
        if mend is None:
            raise
        raise StoreUnusable(str(error), mend) from error
