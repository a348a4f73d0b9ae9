"""The digest of 2,000 students, from the records to the message, beside plain sqlite3 that reads the same rows."""

import sqlite3
from datetime import timedelta
from pathlib import Path

from bot.directory import NoDirectory
from cohort.levels import Level, LevelSince, Reason
from handlers.views.digest import shown
from services.desk import Desk
from services.digest import Digest, counted, days_until, named
from storage.opening import open_database
from storage.programme import Identity
from tests.bench import cohort_rows
from tests.bench.cohort_rows import NOON, ORLA, POLICY
from tests.bench.measuring import Finding, a_folder, ratios, seconds

STUDENTS, ROUNDS = 2_000, 15
MOST_TIMES = 5.0
REASONS = [Reason("missed", "3 of the last 5 things were missed"), Reason("late", "the last 2 came late, by 3 days")]


def measure() -> list[Finding]:
    """Compare making the digest with its own queries alone, every row fetched."""
    with a_folder() as folder:
        store = open_database(folder / "cohort.db", Identity(POLICY.programme.name))
        cohort_rows.fill(store, STUDENTS)
        desk = Desk(store, POLICY, NoDirectory())
        _write_levels(desk)
        queries = _queries(desk)
        mine, theirs = [], []
        for _ in range(ROUNDS):
            mine.append(seconds(lambda: _make(desk)))
            theirs.append(seconds(lambda: _read(store.path, queries)))
        store.close()
    found = ratios(mine, theirs)
    return [
        Finding(
            f"the digest of {STUDENTS} students, time beside reading its rows",
            str(found),
            f"at most {MOST_TIMES:g}",
            found.middle <= MOST_TIMES,
        )
    ]


def _write_levels(desk: Desk) -> None:
    """Give every student two levels, of which every third is another than the week before."""
    with desk.store.transaction() as records:
        for number, student in enumerate(sorted(m.id for m in records.roster.all() if not m.is_staff)):
            records.risk.note(LevelSince(student, NOON - timedelta(days=20), Level.ON_TRACK, -1.0, REASONS))
            level = list(Level)[number % 4] if number % 3 == 0 else Level.ON_TRACK
            records.risk.note(LevelSince(student, NOON - timedelta(days=3), level, 1.0, REASONS))


def _make(desk: Desk) -> None:
    with desk.store.reading() as records:
        week = days_until(NOON, desk)
        found = Digest(counted(records, desk, week, NOON), named(records, week, NOON), NOON, has_pictures=False)
    shown(found, ORLA.tz)


def _queries(desk: Desk) -> list[str]:
    """Have SQLite itself tell which queries the digest makes, with their values."""
    statements: list[str] = []
    for note in (statements.append, None):
        with desk.store.reading() as records:
            records.connection.set_trace_callback(note)
        _make(desk)
    return [statement for statement in statements if statement.startswith("SELECT")]


def _read(path: Path, queries: list[str]) -> None:
    connection = sqlite3.connect(path)
    for query in queries:
        for _ in connection.execute(query):
            pass
    connection.close()
