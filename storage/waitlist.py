"""Who waits for a slot, and what was offered to them, as rows."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cohort.office_hours import FreeSlot
from cohort.waitlist import Wait, WaitState
from storage.instants import instant, instant_or_none, text, text_or_none
from storage.office_hours import SESSION_OF, SLOT_OF, free_slot

COLUMNS = (
    "id, student_id, from_at, until_at, joined_at, ta_id, is_first, booking_id, state, slot_id, offer_until_at,"
    " ended_at"
)


class WaitlistRecords:
    """Rows of `waits`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, wait: Wait) -> None:
        """Write a new wait."""
        marks = ", ".join("?" for _ in COLUMNS.split(", "))
        self._connection.execute(
            f"INSERT INTO waits ({COLUMNS}) VALUES ({marks})",
            (
                wait.id,
                wait.student_id,
                text(wait.from_at),
                text(wait.until_at),
                text(wait.joined_at),
                wait.ta_id,
                int(wait.is_first),
                wait.booking_id,
                wait.state.value,
                wait.slot_id,
                text_or_none(wait.offer_until_at),
                text_or_none(wait.ended_at),
            ),
        )

    def offer(self, wait_id: str, slot_id: str, until_at: datetime) -> bool:
        """Note that a slot is kept for someone who waits; say whether they still waited."""
        offered = self._connection.execute(
            "UPDATE waits SET state = 'offered', slot_id = ?, offer_until_at = ? WHERE id = ? AND state = 'waiting'",
            (slot_id, text(until_at), wait_id),
        )
        return offered.rowcount == 1

    def put_back(self, wait_id: str) -> bool:
        """Let someone wait again whose offer fell through; say whether there was one."""
        changed = self._connection.execute(
            "UPDATE waits SET state = 'waiting', slot_id = NULL, offer_until_at = NULL"
            " WHERE id = ? AND state = 'offered'",
            (wait_id,),
        )
        return changed.rowcount == 1

    def change_times(self, wait_id: str, from_at: datetime, until_at: datetime, ta_id: str | None) -> None:
        """Let someone wait for another time, of a TA or of any; their place stays."""
        self._connection.execute(
            "UPDATE waits SET from_at = ?, until_at = ?, ta_id = ? WHERE id = ?",
            (text(from_at), text(until_at), ta_id, wait_id),
        )

    def of_ta(self, ta_id: str) -> list[Wait]:
        """Return every open wait for hours of one TA, the longest first."""
        return list(self._select("ta_id = ? AND state IN ('waiting', 'offered') ORDER BY joined_at, id", ta_id))

    def is_there(self, wait: Wait) -> bool:
        """Say whether the one slot that somebody waits for takes place, at its time and with its TA."""
        row = self._connection.execute(
            "SELECT 1 FROM slots JOIN sessions ON sessions.id = slots.session_id WHERE slots.starts_at = ?"
            " AND slots.ends_at = ? AND slots.dropped_at IS NULL AND sessions.cancelled_at IS NULL AND ta_id = ?",
            (text(wait.from_at), text(wait.until_at), wait.ta_id),
        ).fetchone()
        return row is not None

    def end(self, wait_id: str, state: WaitState, now: datetime) -> bool:
        """Note what became of a wait; say whether it was open until now."""
        ended = self._connection.execute(
            "UPDATE waits SET state = ?, ended_at = ? WHERE id = ? AND state IN ('waiting', 'offered')",
            (state.value, text(now), wait_id),
        )
        return ended.rowcount == 1

    def get(self, wait_id: str) -> Wait | None:
        """Return a wait by id."""
        return next(self._select("id = ?", wait_id), None)

    def waiting(self) -> list[Wait]:
        """Return every wait that nothing is offered for, the longest first."""
        return list(self._select("state = 'waiting' ORDER BY joined_at, id"))

    def waiting_for(self, starts_at: datetime, ends_at: datetime, ta_id: str) -> list[Wait]:
        """Return the waits for a time of a TA that nothing is offered for, the longest first."""
        return list(
            self._select(
                "state = 'waiting' AND from_at <= ? AND until_at >= ? AND (ta_id IS NULL OR ta_id = ?)"
                " ORDER BY joined_at, id",
                text(starts_at),
                text(ends_at),
                ta_id,
            )
        )

    def offered(self) -> list[Wait]:
        """Return every wait for which a slot is kept, the offer that ends first first."""
        return list(self._select("state = 'offered' ORDER BY offer_until_at, id"))

    def offer_of(self, slot_id: str) -> Wait | None:
        """Return the wait for which a slot is kept, if it is offered to anyone."""
        return next(self._select("state = 'offered' AND slot_id = ?", slot_id), None)

    def open_of(self, student_id: str) -> list[Wait]:
        """Return what a student waits for or is offered, the longest first."""
        return list(
            self._select("student_id = ? AND state IN ('waiting', 'offered') ORDER BY joined_at, id", student_id)
        )

    def firsts_of(self, student_id: str) -> list[Wait]:
        """Return every wait of a student, open or ended, in which they go before all others, the longest first."""
        return list(self._select("student_id = ? AND is_first = 1 ORDER BY joined_at, id", student_id))

    def passed_on(self, slot_id: str) -> dict[str, datetime]:
        """Return when each student last let an offer of a slot go, by student id."""
        rows = self._connection.execute(
            "SELECT student_id, max(ended_at) FROM waits WHERE slot_id = ? AND state IN ('declined', 'lapsed')"
            " GROUP BY student_id",
            (slot_id,),
        )
        return {student_id: instant(at) for student_id, at in rows}

    def kept_for_nobody(self) -> list[str]:
        """Return the slots that are kept for someone to whom they are not offered any more."""
        rows = self._connection.execute(
            "SELECT id FROM slots WHERE held_for IS NOT NULL AND NOT EXISTS (SELECT 1 FROM waits"
            " WHERE waits.slot_id = slots.id AND student_id = slots.held_for AND state = 'offered')"
        )
        return [slot_id for (slot_id,) in rows]

    def taken(self, from_at: datetime, until_at: datetime, for_id: str) -> list[FreeSlot]:
        """Return the slots that begin in a span and are booked by others, or kept for them, soonest first."""
        rows = self._connection.execute(
            f"SELECT {SLOT_OF}, {SESSION_OF} FROM slots JOIN sessions ON sessions.id = slots.session_id"
            " WHERE slots.starts_at > ?1 AND slots.starts_at <= ?2 AND sessions.cancelled_at IS NULL"
            " AND (slots.held_for <> ?3 AND slots.held_until_at > ?1 OR EXISTS"
            " (SELECT 1 FROM bookings WHERE slot_id = slots.id AND state = 'booked' AND student_id <> ?3))"
            " ORDER BY slots.starts_at, slots.id",
            (text(from_at), text(until_at), for_id),
        )
        return [free_slot(row) for row in rows]

    def _select(self, where: str, *values: Any) -> Iterator[Wait]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM waits WHERE {where}", values)
        return (_wait(row) for row in rows)


def _wait(row: tuple[Any, ...]) -> Wait:
    return Wait(
        id=row[0],
        student_id=row[1],
        from_at=instant(row[2]),
        until_at=instant(row[3]),
        joined_at=instant(row[4]),
        ta_id=row[5],
        is_first=bool(row[6]),
        booking_id=row[7],
        state=WaitState(row[8]),
        slot_id=row[9],
        offer_until_at=instant_or_none(row[10]),
        ended_at=instant_or_none(row[11]),
    )
