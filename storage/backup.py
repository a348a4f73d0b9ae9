"""Backups: a copy made while the bot runs, opened and checked before it counts."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from cohort.errors import StoreUnusable

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

    Raises StoreUnusable where there is nothing to copy or the copy turns out damaged.
    """
    if not database.exists():
        raise StoreUnusable(f"there is no database at {database}", "Check COHORT_DB.")
    copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = copy.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
    check(unfinished)
    unfinished.rename(copy)
    return copy


def check(copy: Path) -> None:
    """Open a copy and raise StoreUnusable unless SQLite finds it whole."""
    with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as opened:
        try:
            found = [row[0] for row in opened.execute("PRAGMA integrity_check")]
            broken = opened.execute("PRAGMA foreign_key_check").fetchall()
        except sqlite3.DatabaseError as error:
            found, broken = [str(error)], []
    if found != ["ok"] or broken:
        raise StoreUnusable(f"the backup {copy.name} is damaged", "Check the disk, and try again.")


def backups(database: Path, folder: Path) -> list[Path]:
    """Return the backups of a database, oldest first."""
    return sorted(folder.glob(f"{database.stem}-*.db"))
