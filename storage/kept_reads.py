"""Reads that a replay makes over and over: kept for as long as nobody writes to their table.

A replay looks at the whole cohort thousands of times, and between two looks nobody joins, leaves or hands in.
"""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Generic, TypeVar

from cohort.follow_ups import FollowUp
from cohort.levels import LevelSince
from cohort.nudge_limits import PastNudge
from cohort.roster import Member
from cohort.submissions import Submission
from storage.follow_ups import FollowUpRecords
from storage.nudges import NudgeRecords
from storage.records import Records
from storage.risk import RiskRecords
from storage.roster import RosterRecords
from storage.submissions import SubmissionRecords

TABLES = ("members", "submissions", "nudges", "risk_levels", "follow_ups")
_Row = TypeVar("_Row")


def watch(connection: sqlite3.Connection) -> None:
    """Let a database count what is written to each table whose rows are kept."""
    connection.execute("CREATE TABLE replay_writes (name TEXT PRIMARY KEY, writes INTEGER NOT NULL) STRICT")
    for table in TABLES:
        connection.execute("INSERT INTO replay_writes (name, writes) VALUES (?, 0)", (table,))
        for event in ("INSERT", "UPDATE", "DELETE"):
            connection.execute(
                f"CREATE TRIGGER replay_{table}_{event} AFTER {event} ON {table}"
                f" BEGIN UPDATE replay_writes SET writes = writes + 1 WHERE name = '{table}'; END"
            )


def keep(records: Records) -> None:
    """Let records that are only read from keep what they read, in a database that is watched."""
    records.roster = _KeptRoster(records.connection)
    records.submissions = _KeptSubmissions(records.connection)
    records.nudges = _KeptNudges(records.connection)
    records.risk = _KeptRisk(records.connection)
    records.follow_ups = _KeptFollowUps(records.connection)


class _Kept(Generic[_Row]):
    """Rows by what was asked for, forgotten with the first write to their table."""

    def __init__(self, connection: sqlite3.Connection, table: str) -> None:
        self._connection = connection
        self._table = table
        self._writes = -1
        self._rows: dict[object, list[_Row]] = {}

    def get(self, asked: object, read: Callable[[], list[_Row]]) -> list[_Row]:
        """Return the rows for what is asked, read where they are not known."""
        (writes,) = self._connection.execute(
            "SELECT writes FROM replay_writes WHERE name = ?", (self._table,)
        ).fetchone()
        if writes != self._writes:
            self._writes, self._rows = writes, {}
        if asked not in self._rows:
            self._rows[asked] = read()
        return list(self._rows[asked])


class _KeptRoster(RosterRecords):
    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._kept = _Kept[Member](connection, "members")

    def _many(self, where: str, *values: Any) -> list[Member]:  # noqa: ANN401 - SQL parameters
        def read() -> list[Member]:
            return super(_KeptRoster, self)._many(where, *values)

        return self._kept.get((where, values), read)


class _KeptSubmissions(SubmissionRecords):
    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._kept = _Kept[Submission](connection, "submissions")

    def every(self) -> Iterator[Submission]:
        """Yield every submission, a student's together."""

        def read() -> list[Submission]:
            return list(super(_KeptSubmissions, self).every())

        return iter(self._kept.get("every", read))


class _KeptNudges(NudgeRecords):
    """Jobs that run at one instant ask for the same; what waits to be sent is another thing at the next."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._kept = _Kept[tuple[str, PastNudge]](connection, "nudges")
        self._at: datetime | None = None

    def every_past(self, now: datetime) -> Iterator[tuple[str, PastNudge]]:
        """Yield every nudge that was sent or waits to be sent at an instant, a student's together."""

        def read() -> list[tuple[str, PastNudge]]:
            return list(super(_KeptNudges, self).every_past(now))

        if now != self._at:
            self._at, self._kept = now, _Kept(self._connection, "nudges")
        return iter(self._kept.get("past", read))


class _KeptRisk(RiskRecords):
    """Nobody's level is written ahead, so that the latest of all is the latest at any instant that is reached."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._kept = _Kept[LevelSince](connection, "risk_levels")

    def every_latest(self, now: datetime) -> Iterator[LevelSince]:
        """Yield each student's level as it was at an instant, in the order of student ids."""

        def read() -> list[LevelSince]:
            return list(super(_KeptRisk, self).every_latest(now))

        found = self._kept.get("latest", read)
        is_reached = all(level.since_at <= now for level in found)
        return iter(found if is_reached else read())


class _KeptFollowUps(FollowUpRecords):
    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._kept = _Kept[FollowUp](connection, "follow_ups")

    def every_open(self) -> list[FollowUp]:
        """Return every open case, what is due first first."""
        return self._kept.get("open", super().every_open)
