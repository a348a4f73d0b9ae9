"""Opening a database: refuse what can't work, back up, migrate, and check whose it is."""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from sqlite_utils import Database as Tables

from cohort.errors import StoreUnusable
from storage.backup import copy_to
from storage.database import Database
from storage.failures import named_errors
from storage.migrations import migrations
from storage.places import check_place
from storage.programme import Identity
from storage.records import Records


def open_database(path: Path, identity: Identity) -> Database:
    """Open the database of a programme, migrated to what this program needs.

    Raises StoreUnusable for a network file system, a newer database, or one of another programme, team or app.
    """
    migrate(path)
    with ExitStack() as refused:
        database = Database(path)
        refused.callback(database.close)
        with database.transaction() as records:
            claim(records, identity)
        refused.pop_all()
    return database


def migrate(path: Path) -> list[str]:
    """Bring a database up to date, one process at a time, and return the names of the steps that were missing.

    A database that holds something is backed up first. Raises StoreUnusable for a place where none can lie,
    and for one that a newer version of this program, or another program, made.
    """
    check_place(path)
    with _alone(path), named_errors():
        # It holds what students wrote: nobody but the owner reads it, nor the files SQLite lays beside it.
        if not path.exists():
            path.touch(mode=0o600)
        database = Database(path)
        try:
            tables = database.tables()
            missing = _missing(tables)
            if missing and migrations.applied(tables):
                copy_to(path, backups_of(path) / f"{path.stem}.before-{missing[0]}.db")
            migrations.apply(tables)
            return missing
        finally:
            database.close()


def backups_of(path: Path) -> Path:
    """Return the folder that holds a database's backups: beside it."""
    return path.absolute().parent / "backups"


def claim(records: Records, wanted: Identity) -> None:
    """Make a new database this programme's, or check that it is. Raises StoreUnusable for another's."""
    owner = records.programme.identity() or wanted
    for what, theirs, ours in (
        ("programme", owner.name, wanted.name),
        ("Slack team", owner.team_id, wanted.team_id),
        ("Slack app", owner.app_id, wanted.app_id),
    ):
        if theirs is not None and ours is not None and theirs != ours:
            raise StoreUnusable(
                f"this database belongs to another {what} ({theirs}, not {ours})",
                "Let COHORT_DB name another file; each programme has a database of its own.",
            )
    known = Identity(owner.name, owner.team_id or wanted.team_id, owner.app_id or wanted.app_id)
    if known != records.programme.identity():
        records.programme.save(known)


def _missing(tables: Tables) -> list[str]:
    """Return the names of the steps to be taken."""
    with closing(Tables(memory=True)) as nothing:
        known = {step.name for step in migrations.pending(nothing)}
    newer = [step.name for step in migrations.applied(tables) if step.name not in known]
    if newer:
        raise StoreUnusable(
            f"this database was made by a newer version of the bot ({newer[-1]})",
            "Install that version, or restore a backup from before it.",
        )
    if not migrations.applied(tables) and set(tables.table_names()) - {migrations.migrations_table}:
        raise StoreUnusable("this database was made by another program", "Let COHORT_DB name another file.")
    return [step.name for step in migrations.pending(tables)]


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the file lock beside a database: SQLite's own lock gives up where migrations meet."""
    place = path.with_name(path.name + ".lock")
    try:
        lock = place.open("w")
    except OSError as error:
        raise StoreUnusable(
            f"{place} can't be written ({error.strerror})", "Make that folder writable for the bot."
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
