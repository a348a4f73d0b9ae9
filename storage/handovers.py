"""What was handed over to whom, what someone holds to grade, and taking it back, as rows."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from cohort.handovers import HandedOver, Handover
from storage.instants import instant, instant_or_none, text, text_or_none

COLUMNS = "id, from_id, made_at, made_by, until_at, undone_at"


class HandoverRecords:
    """Rows of `handovers` and `handover_items`, and in whose hands `hand_ins` are."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, handover: Handover, items: Iterable[HandedOver]) -> None:
        """Write a handover with all that changed hands."""
        self._connection.execute(
            f"INSERT INTO handovers ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
            (
                handover.id,
                handover.from_id,
                text(handover.made_at),
                handover.made_by,
                text_or_none(handover.until_at),
                text_or_none(handover.undone_at),
            ),
        )
        self._connection.executemany(
            "INSERT INTO handover_items (handover_id, sort, item_id, to_id, before) VALUES (?, ?, ?, ?, ?)",
            [(handover.id, item.sort, item.item_id, item.to_id, item.before) for item in items],
        )

    def get(self, handover_id: str) -> Handover | None:
        """Return a handover by id."""
        return next(self._select("id = ?", handover_id), None)

    def latest_of(self, member_id: str) -> Handover | None:
        """Return the last handover of what someone held, if it was not undone."""
        last = next(self._select("from_id = ? ORDER BY made_at DESC, id LIMIT 1", member_id), None)
        return last if last is not None and last.undone_at is None else None

    def items(self, handover_id: str) -> list[HandedOver]:
        """Return what changed hands."""
        rows = self._connection.execute(
            "SELECT sort, item_id, to_id, before FROM handover_items WHERE handover_id = ? ORDER BY sort, item_id",
            (handover_id,),
        )
        return [HandedOver(*row) for row in rows]

    def undo(self, handover_id: str, now: datetime) -> bool:
        """Note that a handover is undone; say whether that is news."""
        changed = self._connection.execute(
            "UPDATE handovers SET undone_at = ? WHERE id = ? AND undone_at IS NULL", (text(now), handover_id)
        )
        return changed.rowcount == 1

    def to_grade(self, member_id: str) -> list[str]:
        """Return the ids of what someone has claimed, or is to grade and nobody has claimed."""
        rows = self._connection.execute(
            "SELECT id FROM hand_ins WHERE (state = 'claimed' AND claimed_by = ?1)"
            " OR (state = 'waiting' AND owner_id = ?1)"
            " ORDER BY grade_by_at, id",
            (member_id,),
        )
        return [hand_in_id for (hand_in_id,) in rows]

    def graders_with_work(self) -> set[str]:
        """Return the ids of all in whose hands anything is that waits for a grade."""
        rows = self._connection.execute(
            "SELECT claimed_by FROM hand_ins WHERE state = 'claimed'"
            " UNION SELECT owner_id FROM hand_ins WHERE state = 'waiting' AND owner_id IS NOT NULL"
        )
        return {member_id for (member_id,) in rows}

    def take_back(self, hand_in_id: str, from_id: str | None, to_id: str) -> bool:
        """Give something that waits to someone again; say whether it still lay where it had gone."""
        changed = self._connection.execute(
            "UPDATE hand_ins SET owner_id = ? WHERE id = ? AND state = 'waiting' AND owner_id IS ?",
            (to_id, hand_in_id, from_id),
        )
        return changed.rowcount == 1

    def _select(self, where: str, *values: Any) -> Iterator[Handover]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM handovers WHERE {where}", values)
        return (_handover(row) for row in rows)


def _handover(row: tuple[Any, ...]) -> Handover:
    return Handover(
        id=row[0],
        from_id=row[1],
        made_at=instant(row[2]),
        made_by=row[3],
        until_at=instant_or_none(row[4]),
        undone_at=instant_or_none(row[5]),
    )
