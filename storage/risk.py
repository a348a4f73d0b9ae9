"""Levels of risk as rows: each change of a student's level, with the reasons it had."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from cohort.levels import Level, LevelSince, Reason
from storage.instants import instant, text

COLUMNS = "student_id, since_at, level, concern, reasons"


class RiskRecords:
    """Rows of `risk_levels`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def note(self, level: LevelSince) -> None:
        """Write that a student came to a level."""
        reasons = json.dumps([[reason.signal, reason.words] for reason in level.reasons])
        self._connection.execute(
            f"INSERT INTO risk_levels ({COLUMNS}) VALUES (?, ?, ?, ?, ?)",
            (level.student_id, text(level.since_at), level.level.value, level.concern, reasons),
        )

    def latest(self, now: datetime) -> dict[str, LevelSince]:
        """Return each student's level as it was at an instant, by student id; nobody who never had one."""
        return {level.student_id: level for level in self.every_latest(now)}

    def every_latest(self, now: datetime) -> Iterator[LevelSince]:
        """Yield each student's level as it was at an instant, in the order of student ids."""
        rows = self._connection.execute(
            f"SELECT {COLUMNS} FROM risk_levels WHERE since_at <= ? ORDER BY student_id, since_at, id", (text(now),)
        )
        for _, theirs in groupby(rows, key=itemgetter(0)):
            *_, last = theirs
            yield _level(last)

    def latest_of(self, student_ids: Collection[str], now: datetime) -> dict[str, LevelSince]:
        """Return the same of some students."""
        marks = ", ".join("?" for _ in student_ids)
        where = f"student_id IN ({marks}) AND since_at <= ? ORDER BY since_at, id"
        return {level.student_id: level for level in self._select(where, *student_ids, text(now))}

    def of(self, student_id: str) -> list[LevelSince]:
        """Return every level a student had, the oldest first."""
        return list(self._select("student_id = ? ORDER BY since_at, id", student_id))

    def _select(self, where: str, *values: str) -> Iterator[LevelSince]:
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM risk_levels WHERE {where}", values)
        return (_level(row) for row in rows)


def _level(row: tuple[Any, ...]) -> LevelSince:
    student_id, since_at, level, concern, reasons = row
    said = tuple(Reason(signal, words) for signal, words in json.loads(reasons))
    return LevelSince(student_id, instant(since_at), Level(level), concern, said)
