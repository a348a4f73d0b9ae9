"""What of a student tells how they stand, beside their work, as rows: read for all of them, a student's together."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from storage.instants import instant, instant_or_none, text


@dataclass(frozen=True, slots=True)
class CheckInSign:
    """One check-in as far as it tells anything: when it was asked, and what was answered, if it was."""

    asked_at: datetime | None
    is_answered: bool
    is_skipped: bool
    hours: float | None
    mood: int | None


class SignRecords:
    """Reads `nudges`, `bookings`, `extension_requests` and `check_ins`, each in the order of student ids."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def latest(self, now: datetime) -> Iterator[tuple[str, datetime]]:
        """Yield when each student last booked, asked for time, reacted to a message or answered a check-in."""
        rows = self._connection.execute(
            "SELECT student_id, max(at) FROM ("
            " SELECT student_id, booked_at AS at FROM bookings"
            " UNION ALL SELECT student_id, reacted_at FROM nudges WHERE reacted_at IS NOT NULL"
            " UNION ALL SELECT student_id, answered_at FROM check_ins WHERE answered_at IS NOT NULL"
            " UNION ALL SELECT student_id, asked_at FROM extension_requests"
            ") WHERE at <= ? GROUP BY student_id ORDER BY student_id",
            (text(now),),
        )
        return ((student_id, instant(at)) for student_id, at in rows)

    def not_kept(self) -> Iterator[tuple[str, int]]:
        """Yield how many bookings each student did not come to, excused ones left out."""
        yield from self._connection.execute(
            "SELECT student_id, count(*) FROM bookings WHERE state = 'booked' AND attendance = 'absent'"
            " GROUP BY student_id ORDER BY student_id"
        )

    def check_ins(self, now: datetime) -> Iterator[tuple[str, CheckInSign]]:
        """Yield each student's check-ins that were asked or answered, the oldest first."""
        rows = self._connection.execute(
            "SELECT student_id, asked_at, answered_at IS NOT NULL, skipped_at IS NOT NULL, hours, mood FROM check_ins"
            " WHERE coalesce(asked_at, answered_at) <= ? ORDER BY student_id, week_on",
            (text(now),),
        )
        for student_id, asked_at, answered, skipped, hours, mood in rows:
            yield student_id, CheckInSign(instant_or_none(asked_at), bool(answered), bool(skipped), hours, mood)
