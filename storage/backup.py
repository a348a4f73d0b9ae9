"""Backups: a copy made while the bot runs, opened and checked before it counts."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from cohort.errors import StoreUnusable
from storage.failures import named_errors

KEPT = 14


def back_up(database: Path, folder: Path, now: datetime, keep: int = KEPT) -> Path:
    """Copy a database into a folder, under the time in UTC, keep the newest copies, and return the new one.

    Raises StoreUnusable.
    """
    copy = copy_to(database, folder / f"{database.stem}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.db")
    for old in backups(database, folder)[:-keep]:
        old.unlink()
    return copy


def copy_to(database: Path, copy: Path) -> Path:
    """Copy a database with SQLite's online backup and return the copy, which only its owner may read.

    Raises StoreUnusable where there is nothing to copy or the copy turns out damaged; then there is no copy.
    """
    if not database.exists():
        raise StoreUnusable(f"there is no database at {database}", "Check COHORT_DB.")
    copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = copy.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    try:
        _copy(database, unfinished)
        check(unfinished)
        unfinished.rename(copy)
    finally:
        unfinished.unlink(missing_ok=True)
    return copy


def check(copy: Path) -> None:
    """Open a copy and raise StoreUnusable unless SQLite finds it whole, and something in it."""
    with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as opened:
        try:
            is_whole = _is_whole(opened)
        except sqlite3.DatabaseError:
            is_whole = False
    if not is_whole:
        raise StoreUnusable(f"the backup {copy.name} is damaged", "Check the disk, and try again.")


def backups(database: Path, folder: Path) -> list[Path]:
    """Return the backups of a database that were made by the clock, oldest first."""
    ours = re.compile(rf"{re.escape(database.stem)}-\d{{8}}T\d{{6}}Z\.db")
    return sorted(path for path in folder.iterdir() if ours.fullmatch(path.name))


def _copy(database: Path, copy: Path) -> None:
    with named_errors(), closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        # So that the copy is one file, whoever opens it.
        target.execute("PRAGMA journal_mode = DELETE")


def _is_whole(opened: sqlite3.Connection) -> bool:
    found = opened.execute("PRAGMA integrity_check").fetchall()
    broken = opened.execute("PRAGMA foreign_key_check").fetchall()
    (pages,) = opened.execute("PRAGMA page_count").fetchone()
    return found == [("ok",)] and not broken and pages > 0
