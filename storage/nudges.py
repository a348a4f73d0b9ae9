"""Nudges and the offers they carry, as rows."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cohort.nudges import Offer, OfferState
from storage.instants import instant, text

COLUMNS = "id, student_id, assignment_id, nudge_id, days, state, lapses_at"


class NudgeRecords:
    """Rows of `nudges`, `nudge_items` and `offers`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, nudge_id: str, student_id: str, kind: str, now: datetime) -> None:
        """Write that a nudge of a kind goes to a student."""
        self._connection.execute(
            "INSERT INTO nudges (id, student_id, kind, created_at) VALUES (?, ?, ?, ?)",
            (nudge_id, student_id, kind, text(now)),
        )

    def add_items(self, nudge_id: str, student_id: str, kind: str, assignment_ids: Iterable[str]) -> None:
        """Write what a nudge is about; the primary key refuses a second nudge of a kind about one thing."""
        self._connection.executemany(
            "INSERT INTO nudge_items (student_id, kind, assignment_id, nudge_id) VALUES (?, ?, ?, ?)",
            [(student_id, kind, assignment_id, nudge_id) for assignment_id in assignment_ids],
        )

    def nudged(self, kind: str) -> set[tuple[str, str]]:
        """Return every (student id, assignment id) about which a nudge of a kind was made."""
        return set(
            self._connection.execute("SELECT student_id, assignment_id FROM nudge_items WHERE kind = ?", (kind,))
        )

    def add_offer(self, offer: Offer) -> None:
        """Write a new offer; there is one an assignment for a student, ever."""
        self._connection.execute(
            f"INSERT INTO offers ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                offer.id,
                offer.student_id,
                offer.assignment_id,
                offer.nudge_id,
                offer.days,
                offer.state.value,
                text(offer.lapses_at),
            ),
        )

    def offer(self, offer_id: str) -> Offer | None:
        """Return an offer by id."""
        return next(iter(self._offers("id = ?", offer_id)), None)

    def offers_of(self, student_id: str) -> list[Offer]:
        """Return every offer ever made to a student."""
        return self._offers("student_id = ? ORDER BY lapses_at, id", student_id)

    def close_offer(self, offer_id: str, state: OfferState) -> bool:
        """Write what became of an open offer; say whether it still was open."""
        changed = self._connection.execute(
            "UPDATE offers SET state = ? WHERE id = ? AND state = 'open'", (state.value, offer_id)
        )
        return changed.rowcount == 1

    def close_offers_on(self, student_id: str, assignment_id: str, state: OfferState) -> None:
        """Write what became of the open offer about an assignment, if there is one."""
        self._connection.execute(
            "UPDATE offers SET state = ? WHERE student_id = ? AND assignment_id = ? AND state = 'open'",
            (state.value, student_id, assignment_id),
        )

    def lapse_offers(self, now: datetime) -> int:
        """Let every open offer lapse whose time is over; return how many."""
        changed = self._connection.execute(
            "UPDATE offers SET state = 'lapsed' WHERE state = 'open' AND lapses_at <= ?", (text(now),)
        )
        return changed.rowcount

    def _offers(self, where: str, *values: Any) -> list[Offer]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM offers WHERE {where}", values)
        return [Offer(row[0], row[1], row[2], row[3], row[4], OfferState(row[5]), instant(row[6])) for row in rows]
