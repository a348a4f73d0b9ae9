"""What of a student tells how they stand, beside their work, as rows: read for all of them at once."""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.instants import instant, text


@dataclass(frozen=True, slots=True)
class CheckInSign:
    """One check-in as far as it tells anything: when it was asked, and what was answered, if it was."""

    asked_at: datetime | None
    is_answered: bool
    is_skipped: bool
    hours: float | None
    mood: int | None


class SignRecords:
    """Reads `status_history`, `nudges`, `bookings` and `check_ins`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def latest(self, now: datetime) -> dict[str, datetime]:
        """Return when each student last booked, reacted to a message or answered a check-in, by student id."""
        rows = self._connection.execute(
            "SELECT student_id, max(at) FROM ("
            " SELECT student_id, booked_at AS at FROM bookings"
            " UNION ALL SELECT student_id, reacted_at FROM nudges WHERE reacted_at IS NOT NULL"
            " UNION ALL SELECT student_id, answered_at FROM check_ins WHERE answered_at IS NOT NULL"
            " UNION ALL SELECT student_id, asked_at FROM extension_requests"
            ") WHERE at <= ? GROUP BY student_id",
            (text(now),),
        )
        return {student_id: instant(at) for student_id, at in rows}

    def away(self, now: datetime) -> dict[str, list[tuple[datetime, datetime | None]]]:
        """Return the spans in which each student took no part, by student id; None for one that lasts."""
        rows = self._connection.execute(
            "SELECT member_id, status, since_at FROM status_history WHERE since_at <= ? ORDER BY member_id, id",
            (text(now),),
        )
        found: defaultdict[str, list[tuple[datetime, datetime | None]]] = defaultdict(list)
        for member_id, status, since in rows:
            spans, since_at = found[member_id], instant(since)
            if spans and spans[-1][1] is None:
                spans[-1] = (spans[-1][0], since_at)
            if status != "active":
                spans.append((since_at, None))
        return dict(found)

    def not_kept(self) -> dict[str, int]:
        """Return how many bookings each student did not come to, excused ones left out, by student id."""
        rows = self._connection.execute(
            "SELECT student_id, count(*) FROM bookings WHERE state = 'booked' AND attendance = 'absent'"
            " GROUP BY student_id"
        )
        return dict(rows.fetchall())

    def check_ins(self, now: datetime) -> dict[str, Sequence[CheckInSign]]:
        """Return each student's check-ins that were asked, the oldest first, by student id."""
        rows = self._connection.execute(
            "SELECT student_id, asked_at, answered_at IS NOT NULL, skipped_at IS NOT NULL, hours, mood FROM check_ins"
            " WHERE coalesce(asked_at, answered_at) <= ? ORDER BY student_id, week_on",
            (text(now),),
        )
        found: defaultdict[str, list[CheckInSign]] = defaultdict(list)
        for student_id, asked_at, answered, skipped, hours, mood in rows:
            asked = instant(asked_at) if asked_at else None
            found[student_id].append(CheckInSign(asked, bool(answered), bool(skipped), hours, mood))
        return dict(found)
