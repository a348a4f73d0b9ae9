"""TAs' series of office hours, the sessions they make and the slots in them, as rows."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from cohort.office_hours import FreeSlot, HoursKind, Series, Session, Slot
from storage.instants import instant, instant_or_none, text, text_or_none

SERIES = (
    "id, ta_id, weekday, starts, zone, minutes, place, kind, first_on, last_on, created_at, slot_minutes,"
    " buffer_minutes, open_minutes, capacity, topic, ended_at"
)
SESSION = (
    "id, ta_id, on_day, starts_at, ends_at, open_until_at, place, series_id, capacity, topic, moved_at, cancelled_at,"
    " cancelled_by, reason, started_at, started_by, closed_at"
)
SLOT = "id, session_id, starts_at, ends_at, held_for, held_until_at, dropped_at"
SLOT_OF = ", ".join(f"slots.{name}" for name in SLOT.split(", "))
SESSION_OF = ", ".join(f"sessions.{name}" for name in SESSION.split(", "))


class OfficeHoursRecords:
    """Rows of `series`, `sessions` and `slots`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add_series(self, series: Series) -> None:
        """Write a new series; its sessions are added by themselves."""
        self._connection.execute(f"INSERT INTO series ({SERIES}) VALUES ({_marks(SERIES)})", _series_values(series))

    def change_series(self, series: Series) -> None:
        """Write what a series has become."""
        names = ", ".join(f"{name} = ?" for name in SERIES.split(", "))
        self._connection.execute(f"UPDATE series SET {names} WHERE id = ?", (*_series_values(series), series.id))

    def series(self, series_id: str) -> Series | None:
        """Return a series by id."""
        row = self._connection.execute(f"SELECT {SERIES} FROM series WHERE id = ?", (series_id,)).fetchone()
        return None if row is None else _series(row)

    def series_of(self, ta_id: str) -> list[Series]:
        """Return a TA's series that have not been ended, by weekday and time."""
        rows = self._connection.execute(
            f"SELECT {SERIES} FROM series WHERE ta_id = ? AND ended_at IS NULL ORDER BY weekday, starts, id", (ta_id,)
        )
        return [_series(row) for row in rows]

    def add_session(self, session: Session, slots: Iterable[Slot]) -> None:
        """Write a session and its slots."""
        self._connection.execute(
            f"INSERT INTO sessions ({SESSION}) VALUES ({_marks(SESSION)})", _session_values(session)
        )
        self.add_slots(slots)

    def add_slots(self, slots: Iterable[Slot]) -> None:
        """Write slots of a session that is there already."""
        self._connection.executemany(
            f"INSERT INTO slots ({SLOT}) VALUES ({_marks(SLOT)})", [_slot_values(slot) for slot in slots]
        )

    def change_session(self, session: Session) -> None:
        """Write what a session has become: moved, cancelled, someone else's, started, closed."""
        names = ", ".join(f"{name} = ?" for name in SESSION.split(", "))
        self._connection.execute(f"UPDATE sessions SET {names} WHERE id = ?", (*_session_values(session), session.id))

    def session(self, session_id: str) -> Session | None:
        """Return a session by id."""
        return next(self._sessions("id = ?", session_id), None)

    def sessions_of_series(self, series_id: str, from_at: datetime) -> list[Session]:
        """Return the sessions of a series that end after an instant, soonest first.

        Those cancelled by themselves too; those given up, with the series or for want of a TA, not.
        """
        where = "series_id = ? AND ends_at > ? AND NOT given_up ORDER BY starts_at, id"
        return list(self._sessions(where, series_id, text(from_at)))

    def sessions_of(self, ta_id: str, from_at: datetime, until_at: datetime) -> list[Session]:
        """Return a TA's sessions that take place at any time of a span, cancelled ones too, soonest first."""
        return list(
            self._sessions(
                "ta_id = ? AND starts_at < ? AND ends_at > ? ORDER BY starts_at, id",
                ta_id,
                text(until_at),
                text(from_at),
            )
        )

    def coming_of(self, ta_id: str, now: datetime) -> list[Session]:
        """Return a TA's sessions that have not begun and are not cancelled, soonest first."""
        return list(
            self._sessions(
                "ta_id = ? AND starts_at > ? AND cancelled_at IS NULL ORDER BY starts_at, id", ta_id, text(now)
            )
        )

    def holders(self, from_at: datetime) -> set[str]:
        """Return who holds a session that begins after an instant."""
        rows = self._connection.execute(
            "SELECT DISTINCT ta_id FROM sessions WHERE cancelled_at IS NULL AND starts_at > ?", (text(from_at),)
        )
        return {ta_id for (ta_id,) in rows}

    def cancelled_at(self, ta_id: str, at: datetime) -> list[Session]:
        """Return a TA's sessions that were cancelled at an instant, soonest first."""
        return list(self._sessions("ta_id = ? AND cancelled_at = ? ORDER BY starts_at, id", ta_id, text(at)))

    def restore(self, session_id: str) -> bool:
        """Let a session stand that was cancelled; say whether it was, and its series still has room for it."""
        changed = self._connection.execute(
            "UPDATE OR IGNORE sessions SET cancelled_at = NULL, cancelled_by = NULL, reason = '', given_up = 0"
            " WHERE id = ? AND cancelled_at IS NOT NULL AND (series_id IS NULL"
            " OR EXISTS (SELECT 1 FROM series WHERE series.id = series_id AND ended_at IS NULL AND last_on >= on_day))",
            (session_id,),
        )
        return changed.rowcount == 1

    def give_up(self, session_id: str) -> None:
        """Note of a cancelled session that its day is free for another date of the series."""
        self._connection.execute(
            "UPDATE sessions SET given_up = 1 WHERE id = ? AND cancelled_at IS NOT NULL", (session_id,)
        )

    def sessions_between(self, from_at: datetime, until_at: datetime) -> list[Session]:
        """Return everyone's sessions that take place at any time of a span, cancelled ones left out, soonest first."""
        return list(
            self._sessions(
                "cancelled_at IS NULL AND starts_at < ? AND ends_at > ? ORDER BY starts_at, id",
                text(until_at),
                text(from_at),
            )
        )

    def to_close(self, now: datetime) -> list[Session]:
        """Return the sessions that are over and whose end was not dealt with, the oldest first."""
        return list(
            self._sessions(
                "closed_at IS NULL AND cancelled_at IS NULL AND ends_at <= ? ORDER BY ends_at, id", text(now)
            )
        )

    def start(self, session_id: str, by_id: str, now: datetime) -> bool:
        """Note that a session has begun; say whether that is news."""
        changed = self._connection.execute(
            "UPDATE sessions SET started_at = ?, started_by = ? WHERE id = ? AND started_at IS NULL",
            (text(now), by_id, session_id),
        )
        return changed.rowcount == 1

    def close(self, session_id: str, now: datetime) -> bool:
        """Note that the end of a session was dealt with; say whether that is news."""
        changed = self._connection.execute(
            "UPDATE sessions SET closed_at = ? WHERE id = ? AND closed_at IS NULL", (text(now), session_id)
        )
        return changed.rowcount == 1

    def cancel(self, session_id: str, by_id: str | None, reason: str, now: datetime) -> bool:
        """Cancel a session; say whether it stood until now."""
        changed = self._connection.execute(
            "UPDATE sessions SET cancelled_at = ?, cancelled_by = ?, reason = ? WHERE id = ? AND cancelled_at IS NULL",
            (text(now), by_id, reason, session_id),
        )
        return changed.rowcount == 1

    def slot(self, slot_id: str) -> Slot | None:
        """Return a slot by id."""
        row = self._connection.execute(f"SELECT {SLOT} FROM slots WHERE id = ?", (slot_id,)).fetchone()
        return None if row is None else _slot(row)

    def slots_of(self, session_id: str) -> list[Slot]:
        """Return the slots of a session, the first one first."""
        rows = self._connection.execute(
            f"SELECT {SLOT} FROM slots WHERE session_id = ? AND dropped_at IS NULL ORDER BY starts_at, id",
            (session_id,),
        )
        return [_slot(row) for row in rows]

    def move_slot(self, slot_id: str, starts_at: datetime, ends_at: datetime) -> None:
        """Give a slot another time, with whoever has booked it."""
        self._connection.execute(
            "UPDATE slots SET starts_at = ?, ends_at = ?, held_for = NULL, held_until_at = NULL WHERE id = ?",
            (text(starts_at), text(ends_at), slot_id),
        )

    def drop_slots(self, session_id: str, now: datetime) -> None:
        """Remove the slots of a session that nobody has booked; what was booked or offered once stays on record."""
        self._connection.execute(
            "DELETE FROM slots WHERE session_id = ? AND id NOT IN (SELECT slot_id FROM bookings)"
            " AND id NOT IN (SELECT slot_id FROM waits WHERE slot_id IS NOT NULL)",
            (session_id,),
        )
        self._connection.execute(
            "UPDATE slots SET dropped_at = ?, held_for = NULL, held_until_at = NULL WHERE session_id = ?"
            " AND NOT EXISTS (SELECT 1 FROM bookings WHERE bookings.slot_id = slots.id AND state = 'booked')",
            (text(now), session_id),
        )

    def hold(self, slot_id: str, student_id: str, until_at: datetime) -> None:
        """Keep a slot for one student until an instant."""
        self._connection.execute(
            "UPDATE slots SET held_for = ?, held_until_at = ? WHERE id = ?", (student_id, text(until_at), slot_id)
        )

    def let_go(self, slot_id: str) -> None:
        """Keep a slot for nobody any more."""
        self._connection.execute("UPDATE slots SET held_for = NULL, held_until_at = NULL WHERE id = ?", (slot_id,))

    def free(self, from_at: datetime, until_at: datetime, for_id: str, now: datetime) -> list[FreeSlot]:
        """Return the slots that begin in a span and that a student can take as far as others go, soonest first.

        Neither booked, nor kept for somebody else, nor of hours that were cancelled or whose TA takes part no more.
        """
        rows = self._connection.execute(
            f"SELECT {SLOT_OF}, {SESSION_OF} FROM slots JOIN sessions ON sessions.id = slots.session_id"
            " WHERE slots.starts_at >= ?1 AND slots.starts_at <= ?2 AND sessions.cancelled_at IS NULL"
            " AND slots.dropped_at IS NULL AND sessions.ta_id NOT IN (SELECT id FROM members WHERE status != 'active')"
            " AND (slots.held_for IS NULL OR slots.held_for = ?3 OR slots.held_until_at <= ?4)"
            " AND NOT EXISTS (SELECT 1 FROM bookings WHERE bookings.slot_id = slots.id AND state = 'booked')"
            " ORDER BY slots.starts_at, slots.id",
            (text(from_at), text(until_at), for_id, text(now)),
        )
        sessions: dict[str, Session] = {}
        found = []
        for row in rows:
            # The slots of a session share it: reading it once for all of them is half of the work.
            session = sessions.get(row[7]) or sessions.setdefault(row[7], session_of_row(row[7:]))
            found.append(FreeSlot(_slot(row[:7]), session))
        return found

    def erase_words(self, ta_id: str) -> None:
        """Empty where a TA was to be found, what they helped with and why they cancelled; that and when stays."""
        self._connection.execute("UPDATE series SET place = '', topic = '' WHERE ta_id = ?", (ta_id,))
        self._connection.execute("UPDATE sessions SET place = '', topic = '', reason = '' WHERE ta_id = ?", (ta_id,))

    def _sessions(self, where: str, *values: Any) -> Iterator[Session]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {SESSION} FROM sessions WHERE {where}", values)
        return (session_of_row(row) for row in rows)


def free_slot(row: tuple[Any, ...]) -> FreeSlot:
    """Return a slot and its session from a row of SLOT_OF and SESSION_OF."""
    return FreeSlot(_slot(row[:7]), session_of_row(row[7:]))


def _marks(columns: str) -> str:
    return ", ".join("?" for _ in columns.split(", "))


def _series_values(series: Series) -> tuple[Any, ...]:
    return (
        series.id,
        series.ta_id,
        series.weekday,
        series.starts.isoformat("minutes"),
        series.zone,
        series.minutes,
        series.place,
        series.kind.value,
        series.first_on.isoformat(),
        series.last_on.isoformat(),
        text(series.created_at),
        series.slot_minutes,
        series.buffer_minutes,
        series.open_minutes,
        series.capacity,
        series.topic,
        text_or_none(series.ended_at),
    )


def _series(row: tuple[Any, ...]) -> Series:
    return Series(
        id=row[0],
        ta_id=row[1],
        weekday=row[2],
        starts=time.fromisoformat(row[3]),
        zone=row[4],
        minutes=row[5],
        place=row[6],
        kind=HoursKind(row[7]),
        first_on=date.fromisoformat(row[8]),
        last_on=date.fromisoformat(row[9]),
        created_at=instant(row[10]),
        slot_minutes=row[11],
        buffer_minutes=row[12],
        open_minutes=row[13],
        capacity=row[14],
        topic=row[15],
        ended_at=instant_or_none(row[16]),
    )


def _session_values(session: Session) -> tuple[Any, ...]:
    return (
        session.id,
        session.ta_id,
        session.on_day.isoformat(),
        text(session.starts_at),
        text(session.ends_at),
        text(session.open_until_at),
        session.place,
        session.series_id,
        session.capacity,
        session.topic,
        text_or_none(session.moved_at),
        text_or_none(session.cancelled_at),
        session.cancelled_by,
        session.reason,
        text_or_none(session.started_at),
        session.started_by,
        text_or_none(session.closed_at),
    )


def session_of_row(row: tuple[Any, ...]) -> Session:
    """Return a session from a row of SESSION."""
    return Session(
        id=row[0],
        ta_id=row[1],
        on_day=date.fromisoformat(row[2]),
        starts_at=instant(row[3]),
        ends_at=instant(row[4]),
        open_until_at=instant(row[5]),
        place=row[6],
        series_id=row[7],
        capacity=row[8],
        topic=row[9],
        moved_at=instant_or_none(row[10]),
        cancelled_at=instant_or_none(row[11]),
        cancelled_by=row[12],
        reason=row[13],
        started_at=instant_or_none(row[14]),
        started_by=row[15],
        closed_at=instant_or_none(row[16]),
    )


def _slot_values(slot: Slot) -> tuple[Any, ...]:
    return (
        slot.id,
        slot.session_id,
        text(slot.starts_at),
        text(slot.ends_at),
        slot.held_for,
        text_or_none(slot.held_until_at),
        text_or_none(slot.dropped_at),
    )


def _slot(row: tuple[Any, ...]) -> Slot:
    return Slot(
        row[0], row[1], instant(row[2]), instant(row[3]), row[4], instant_or_none(row[5]), instant_or_none(row[6])
    )
