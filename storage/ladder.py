"""The steps of the ladder as rows: which was taken for which student, for which reason, and what was accepted."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cohort.ladder import Help, Step, Taken
from storage.instants import instant, instant_or_none, text


@dataclass(frozen=True, slots=True)
class Rung:
    """A step that was taken: `offered` names what each kind of help is about, `accepted` what was taken of it."""

    id: str
    student_id: str
    step: Step
    reason: str
    taken_at: datetime
    nudge_id: str | None = None
    offered: Sequence[tuple[Help, str]] = ()
    accepted: Sequence[Help] = ()


COLUMNS = "id, student_id, step, reason, taken_at, nudge_id, offered, accepted"


class LadderRecords:
    """Rows of `ladder_steps`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, rung: Rung) -> bool:
        """Write that a step is taken; say whether it was not taken for this reason before."""
        offered = json.dumps([[each.value, about] for each, about in rung.offered])
        added = self._connection.execute(
            "INSERT OR IGNORE INTO ladder_steps (id, student_id, step, reason, taken_at, nudge_id, offered)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                rung.id,
                rung.student_id,
                rung.step.value,
                rung.reason,
                text(rung.taken_at),
                rung.nudge_id,
                offered,
            ),
        )
        return added.rowcount == 1

    def accept(self, rung_id: str, helps: Sequence[Help], now: datetime) -> None:
        """Write what a student has taken of an offer so far."""
        self._connection.execute(
            "UPDATE ladder_steps SET accepted = ?, accepted_at = coalesce(accepted_at, ?) WHERE id = ?",
            (",".join(helps), text(now), rung_id),
        )

    def get(self, rung_id: str) -> Rung | None:
        """Return a step, or None."""
        row = self._connection.execute(f"SELECT {COLUMNS} FROM ladder_steps WHERE id = ?", (rung_id,)).fetchone()
        return None if row is None else _rung(row)

    def offered(self) -> list[tuple[str, datetime, str]]:
        """Return every step that offered help, oldest first: to whom, when, and the nudge that brought it."""
        rows = self._connection.execute(
            "SELECT student_id, taken_at, nudge_id FROM ladder_steps WHERE step = 'offer' AND nudge_id IS NOT NULL"
            " ORDER BY taken_at, id"
        )
        return [(student_id, instant(at), nudge_id) for student_id, at, nudge_id in rows]

    def counts(self) -> dict[Step, int]:
        """Count the steps that were taken, by which they are."""
        rows = self._connection.execute("SELECT step, count(*) FROM ladder_steps GROUP BY step")
        return {Step(step): count for step, count in rows}

    def taken_by(self, student_id: str) -> list[Taken]:
        """Return the steps that were taken for one student."""
        return self._taken("WHERE student_id = ?", student_id).get(student_id, [])

    def taken(self) -> dict[str, list[Taken]]:
        """Return every step that was taken, by student id."""
        return self._taken("")

    def _taken(self, where: str, *values: str) -> dict[str, list[Taken]]:
        found: defaultdict[str, list[Taken]] = defaultdict(list)
        sql = f"SELECT student_id, step, reason, taken_at, accepted_at FROM ladder_steps {where} ORDER BY taken_at, id"
        for student_id, step, reason, taken_at, accepted_at in self._connection.execute(sql, values):
            found[student_id].append(Taken(Step(step), reason, instant(taken_at), instant_or_none(accepted_at)))
        return dict(found)


def _rung(row: tuple[Any, ...]) -> Rung:
    offered = tuple((Help(each), about) for each, about in json.loads(row[6] or "[]"))
    accepted = tuple(Help(each) for each in (row[7] or "").split(",") if each)
    return Rung(row[0], row[1], Step(row[2]), row[3], instant(row[4]), row[5], offered, accepted)
