"""Who has booked which slot, with whom and about what, as rows."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from cohort.bookings import Attendance, Booking, BookingState, Held
from storage.instants import instant, instant_or_none, text, text_or_none

COLUMNS = (
    "id, slot_id, student_id, booked_at, topic, assignment_id, link, sequence, state, ended_at, ended_by, attendance,"
    " unstuck, moved_at"
)
WITH = "(SELECT group_concat(student_id) FROM booking_fellows WHERE booking_id = bookings.id)"


class BookingRecords:
    """Rows of `bookings` and `booking_fellows`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, booking: Booking) -> bool:
        """Take a slot; say whether it was free. Of any number at one instant one has it."""
        taken = self._connection.execute(
            f"INSERT OR IGNORE INTO bookings ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                booking.id,
                booking.slot_id,
                booking.student_id,
                text(booking.booked_at),
                booking.topic,
                booking.assignment_id,
                booking.link,
                booking.sequence,
                booking.state.value,
                text_or_none(booking.ended_at),
                booking.ended_by,
                booking.attendance,
                booking.unstuck,
                text_or_none(booking.moved_at),
            ),
        )
        if taken.rowcount != 1:
            return False
        self._connection.executemany(
            "INSERT INTO booking_fellows (booking_id, student_id) VALUES (?, ?)",
            [(booking.id, student_id) for student_id in booking.with_ids],
        )
        return True

    def move(self, booking_id: str, slot_id: str, now: datetime) -> bool:
        """Take another slot instead, in one step; say whether it was free and the booking stood."""
        moved = self._connection.execute(
            "UPDATE OR IGNORE bookings SET slot_id = ?, moved_at = ?, sequence = sequence + 1"
            " WHERE id = ? AND state = 'booked'",
            (slot_id, text(now), booking_id),
        )
        return moved.rowcount == 1

    def touch(self, booking_id: str) -> None:
        """Note a change that a calendar must show: its slot was moved, or it is somebody else's now."""
        self._connection.execute("UPDATE bookings SET sequence = sequence + 1 WHERE id = ?", (booking_id,))

    def leave(self, booking_id: str, student_id: str) -> bool:
        """Take a fellow student out of a booking that stands; say whether they were in it until now."""
        left = self._connection.execute(
            "DELETE FROM booking_fellows WHERE booking_id = ? AND student_id = ?"
            " AND booking_id IN (SELECT id FROM bookings WHERE state = 'booked')",
            (booking_id, student_id),
        )
        if left.rowcount == 1:
            self.touch(booking_id)
        return left.rowcount == 1

    def end(self, booking_id: str, state: BookingState, by_id: str | None, now: datetime) -> bool:
        """Give a slot free; say whether the booking stood until now."""
        ended = self._connection.execute(
            "UPDATE bookings SET state = ?, ended_at = ?, ended_by = ?, sequence = sequence + 1"
            " WHERE id = ? AND state = 'booked'",
            (state.value, text(now), by_id, booking_id),
        )
        return ended.rowcount == 1

    def stand_again(self, booking_id: str) -> bool:
        """Let a booking stand that staff called off; say whether it was, and its slot is free."""
        again = self._connection.execute(
            "UPDATE OR IGNORE bookings SET state = 'booked', ended_at = NULL, ended_by = NULL, sequence = sequence + 1"
            " WHERE id = ? AND state = 'called_off'",
            (booking_id,),
        )
        return again.rowcount == 1

    def enter(self, booking_id: str, attendance: Attendance | None) -> None:
        """Enter that someone did not come or was excused; None for whoever came after all."""
        self._connection.execute("UPDATE bookings SET attendance = ? WHERE id = ?", (attendance, booking_id))

    def answer(self, booking_id: str, *, unstuck: bool) -> None:
        """Keep the answer to whether it helped."""
        self._connection.execute("UPDATE bookings SET unstuck = ? WHERE id = ?", (int(unstuck), booking_id))

    def get(self, booking_id: str) -> Booking | None:
        """Return a booking by id."""
        return next(self._select("id = ?", booking_id), None)

    def is_taken(self, slot_id: str) -> bool:
        """Say whether a booking stands for a slot."""
        taken = "SELECT 1 FROM bookings WHERE slot_id = ? AND state = 'booked'"
        return self._connection.execute(taken, (slot_id,)).fetchone() is not None

    def of_slot(self, slot_id: str) -> Booking | None:
        """Return the booking that stands for a slot, if it is taken."""
        return next(self._select("slot_id = ? AND state = 'booked'", slot_id), None)

    def of_session(self, session_id: str) -> list[Booking]:
        """Return the bookings that stand in a session, in the order of their slots."""
        return list(
            self._select(
                "state = 'booked' AND slot_id IN (SELECT id FROM slots WHERE session_id = ?)"
                " ORDER BY (SELECT starts_at FROM slots WHERE slots.id = slot_id), id",
                session_id,
            )
        )

    def called_off_in(self, session_id: str, at: datetime) -> list[Booking]:
        """Return the bookings of a session that staff called off at an instant, in the order they were made."""
        return list(
            self._select(
                "state = 'called_off' AND ended_at = ? AND slot_id IN (SELECT id FROM slots WHERE session_id = ?)"
                " ORDER BY booked_at, id",
                text(at),
                session_id,
            )
        )

    def of_student(self, student_id: str) -> list[Booking]:
        """Return every booking that a student made or was named in, in the order they were made."""
        return list(
            self._select(
                "student_id = ?1 OR id IN (SELECT booking_id FROM booking_fellows WHERE student_id = ?1)"
                " ORDER BY booked_at, id",
                student_id,
            )
        )

    def starting(self, from_at: datetime, until_at: datetime) -> list[Booking]:
        """Return the bookings that stand and whose slot begins in a span: after the first, up to the second."""
        return list(
            self._select(
                "state = 'booked' AND slot_id IN (SELECT id FROM slots WHERE starts_at > ? AND starts_at <= ?)"
                " ORDER BY id",
                text(from_at),
                text(until_at),
            )
        )

    def over(self, from_at: datetime, until_at: datetime) -> list[Booking]:
        """Return the bookings that stood and whose slot ended in a span: after the first, up to the second."""
        return list(
            self._select(
                "state = 'booked' AND slot_id IN (SELECT id FROM slots WHERE ends_at > ? AND ends_at <= ?) ORDER BY id",
                text(from_at),
                text(until_at),
            )
        )

    def has_been(self, student_id: str, now: datetime) -> bool:
        """Say whether a student has been to office hours: to a slot that is over, booked or named, or to open ones."""
        row = self._connection.execute(
            "SELECT EXISTS (SELECT 1 FROM bookings AS b JOIN slots AS s ON s.id = b.slot_id"
            " WHERE b.state = 'booked' AND b.attendance IS NULL AND s.ends_at <= ?2 AND (b.student_id = ?1"
            " OR b.id IN (SELECT booking_id FROM booking_fellows WHERE student_id = ?1)))"
            " OR EXISTS (SELECT 1 FROM line_places WHERE student_id = ?1 AND state = 'helped')",
            (student_id, text(now)),
        ).fetchone()
        return bool(row[0])

    def unstuck(self) -> tuple[int, int, int]:
        """Return how many said that it helped, how many that it did not yet, and how many students that are."""
        row = self._connection.execute(
            "SELECT coalesce(sum(unstuck), 0), coalesce(sum(NOT unstuck), 0), count(DISTINCT student_id)"
            " FROM bookings WHERE unstuck IS NOT NULL"
        ).fetchone()
        return row[0], row[1], row[2]

    def held(self, student_id: str) -> list[Held]:
        """Return when and with whom a student has bookings that stand, made or only named in, past ones too."""
        rows = self._connection.execute(
            "SELECT b.id, e.ta_id, s.starts_at, s.ends_at, b.attendance IS 'excused', b.student_id != ?1"
            " FROM bookings AS b"
            " JOIN slots AS s ON s.id = b.slot_id JOIN sessions AS e ON e.id = s.session_id"
            " WHERE b.state = 'booked' AND (b.student_id = ?1 OR b.id IN"
            " (SELECT booking_id FROM booking_fellows WHERE student_id = ?1)) ORDER BY s.starts_at, b.id",
            (student_id,),
        )
        return [Held(row[0], row[1], instant(row[2]), instant(row[3]), bool(row[4]), bool(row[5])) for row in rows]

    def made_by(self, student_id: str) -> list[datetime]:
        """Return when a student booked, whatever became of it."""
        rows = self._connection.execute("SELECT booked_at FROM bookings WHERE student_id = ?", (student_id,))
        return [instant(at) for (at,) in rows]

    def every_made(self) -> Iterator[tuple[str, datetime]]:
        """Yield who booked when, whatever became of it, a student's together."""
        rows = self._connection.execute("SELECT student_id, booked_at FROM bookings ORDER BY student_id, booked_at")
        return ((student_id, instant(at)) for student_id, at in rows)

    def latest(self, until: datetime) -> dict[str, datetime]:
        """Return when each student booked for the last time by an instant, by student id."""
        rows = self._connection.execute(
            "SELECT student_id, max(booked_at) FROM bookings WHERE booked_at <= ? GROUP BY student_id", (text(until),)
        )
        return {student_id: instant(at) for student_id, at in rows}

    def had_any(self, student_ids: Sequence[str]) -> set[str]:
        """Return those of some students who ever had a booking that stood."""
        marks = ", ".join("?" for _ in student_ids)
        rows = self._connection.execute(
            f"SELECT DISTINCT student_id FROM bookings WHERE state = 'booked' AND student_id IN ({marks})",
            tuple(student_ids),
        )
        return {student_id for (student_id,) in rows}

    def absent(self) -> list[Booking]:
        """Return the bookings to which nobody came and that were not excused, in the order of their slots."""
        return list(
            self._select(
                "state = 'booked' AND attendance = 'absent'"
                " ORDER BY (SELECT starts_at FROM slots WHERE slots.id = slot_id), id"
            )
        )

    def erase_words(self, student_id: str | None = None) -> int:
        """Empty what a student wrote, or everyone, and return in how many bookings; that and when they booked stays."""
        return self._connection.execute(
            "UPDATE bookings SET topic = '', link = ''"
            " WHERE (?1 IS NULL OR student_id = ?1) AND (topic != '' OR link != '')",
            (student_id,),
        ).rowcount

    def _select(self, where: str, *values: Any) -> Iterator[Booking]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {COLUMNS}, {WITH} FROM bookings WHERE {where}", values)
        return (_booking(row) for row in rows)


def _booking(row: tuple[Any, ...]) -> Booking:
    return Booking(
        id=row[0],
        slot_id=row[1],
        student_id=row[2],
        booked_at=instant(row[3]),
        topic=row[4],
        assignment_id=row[5],
        link=row[6],
        with_ids=tuple(sorted(row[14].split(","))) if row[14] else (),
        sequence=row[7],
        state=BookingState(row[8]),
        ended_at=instant_or_none(row[9]),
        ended_by=row[10],
        attendance=Attendance(row[11]) if row[11] else None,
        unstuck=None if row[12] is None else bool(row[12]),
        moved_at=instant_or_none(row[13]),
    )
