"""Who came to office hours that are over, read from bookings and lines."""

import sqlite3
from datetime import datetime

from cohort.coverage import Attended
from storage.instants import text
from storage.office_hours import SESSION_OF, session_of_row

BOOKED = (
    "FROM bookings JOIN slots ON slots.id = bookings.slot_id"
    " WHERE slots.session_id = sessions.id AND bookings.state = 'booked'"
)


class CoverageRecords:
    """Rows of `sessions` with what became of their slots and lines."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def attended(self, from_at: datetime, until_at: datetime) -> list[Attended]:
        """Return who came to each session that ended in a span: after the first, up to the second; the latest first."""
        rows = self._connection.execute(
            f"SELECT {SESSION_OF},"
            " (SELECT count(*) FROM slots WHERE session_id = sessions.id AND dropped_at IS NULL),"
            f" (SELECT count(*) {BOOKED}),"
            f" (SELECT count(*) {BOOKED} AND attendance IS NULL)"
            " + (SELECT count(*) FROM booking_fellows WHERE booking_id IN"
            f" (SELECT bookings.id {BOOKED} AND attendance IS NULL))"
            " + (SELECT count(*) FROM line_places WHERE session_id = sessions.id AND state = 'helped'),"
            " (SELECT count(*) FROM line_places WHERE session_id = sessions.id AND state = 'unreached')"
            " FROM sessions WHERE cancelled_at IS NULL AND ends_at > ? AND ends_at <= ? ORDER BY ends_at DESC, id",
            (text(from_at), text(until_at)),
        )
        return [Attended(session_of_row(row[:-4]), *row[-4:]) for row in rows]
