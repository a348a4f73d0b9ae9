"""Who stands in line in open hours, and what became of it, as rows."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cohort.office_hours import Session
from cohort.open_hours import LinePlace, PlaceState
from storage.instants import instant, instant_or_none, text
from storage.office_hours import SESSION_OF, session_of_row

COLUMNS = (
    "id, session_id, student_id, joined_at, about, state, called_at, called_by, group_id, note, asked_at, ended_at"
)
OPEN = "state IN ('waiting', 'out', 'called')"


class OpenHoursRecords:
    """Rows of `line_places`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, place: LinePlace) -> bool:
        """Put someone into a line; say whether they were not in it."""
        added = self._connection.execute(
            "INSERT OR IGNORE INTO line_places (id, session_id, student_id, joined_at, about) VALUES (?, ?, ?, ?, ?)",
            (place.id, place.session_id, place.student_id, text(place.joined_at), place.about),
        )
        return added.rowcount == 1

    def get(self, place_id: str) -> LinePlace | None:
        """Return a place by id."""
        return next(self._select("id = ?", place_id), None)

    def of_session(self, session_id: str) -> list[LinePlace]:
        """Return every place there was in the line of a session, in the order in which they joined."""
        return list(self._select("session_id = ? ORDER BY joined_at, id", session_id))

    def of_group(self, group_id: str) -> list[LinePlace]:
        """Return those who were called together, in the order in which they joined."""
        return list(self._select("group_id = ? ORDER BY joined_at, id", group_id))

    def open_of(self, student_id: str) -> list[LinePlace]:
        """Return the places in line that a student has now."""
        return list(self._select(f"student_id = ? AND {OPEN} ORDER BY joined_at, id", student_id))

    def with_ta(self, session_id: str, ta_id: str) -> list[LinePlace]:
        """Return those who are with a TA now."""
        return list(
            self._select("session_id = ? AND state = 'called' AND called_by = ? ORDER BY joined_at", session_id, ta_id)
        )

    def call(self, place_id: str, by_id: str, group_id: str, now: datetime) -> bool:
        """Call someone who waits; say whether they still waited."""
        return self._change(
            "state = 'called', called_at = ?, called_by = ?, group_id = ?, asked_at = NULL",
            "id = ? AND state = 'waiting'",
            text(now),
            by_id,
            group_id,
            place_id,
        )

    def ask(self, place_id: str, now: datetime) -> bool:
        """Note that someone who was called did not answer and was asked; their place stays."""
        return self._change(
            "state = 'out', asked_at = ?, called_at = NULL, called_by = NULL, group_id = NULL",
            "id = ? AND state = 'called'",
            text(now),
            place_id,
        )

    def step_out(self, place_id: str) -> bool:
        """Let someone step out who keeps their place; say whether they waited or were called."""
        return self._change(
            "state = 'out', called_at = NULL, called_by = NULL, group_id = NULL",
            "id = ? AND state IN ('waiting', 'called')",
            place_id,
        )

    def come_back(self, place_id: str) -> bool:
        """Let someone wait again who had stepped out or was asked; say whether they had."""
        return self._change("state = 'waiting', asked_at = NULL", "id = ? AND state = 'out'", place_id)

    def end(self, place_id: str, state: PlaceState, now: datetime) -> bool:
        """Note what became of a place; say whether it was open until now."""
        return self._change("state = ?, ended_at = ?", f"id = ? AND {OPEN}", state.value, text(now), place_id)

    def say_about(self, place_id: str, about: str) -> None:
        """Keep a student's question in a word."""
        self._change("about = ?", "id = ?", about, place_id)

    def note(self, group_id: str, note: str) -> None:
        """Keep a TA's word on what those who were called together asked."""
        self._change("note = ?", "group_id = ?", note, group_id)

    def over(self, now: datetime) -> list[Session]:
        """Return the sessions that are open no more, or don't take place, while somebody is in their line."""
        return self._sessions("sessions.open_until_at <= ? OR sessions.cancelled_at IS NOT NULL", OPEN, text(now))

    def unstarted(self, started_by_at: datetime, now: datetime) -> list[Session]:
        """Return the open sessions that should have begun by an instant, where somebody waits and nobody is there."""
        return self._sessions(
            "sessions.starts_at <= ? AND sessions.open_until_at > ? AND sessions.started_at IS NULL"
            " AND sessions.cancelled_at IS NULL",
            "state = 'waiting'",
            text(started_by_at),
            text(now),
        )

    def begun(self, now: datetime) -> list[Session]:
        """Return the open sessions that somebody has begun and where somebody waits."""
        return self._sessions(
            "sessions.open_until_at > ? AND sessions.started_at IS NOT NULL AND sessions.cancelled_at IS NULL",
            "state = 'waiting'",
            text(now),
        )

    def erase_words(self, student_id: str | None = None) -> int:
        """Empty what a student asked about, or everyone, and what was noted of it; return how often.

        That they came stays.
        """
        return self._connection.execute(
            "UPDATE line_places SET about = '', note = ''"
            " WHERE (?1 IS NULL OR student_id = ?1) AND (about != '' OR note != '')",
            (student_id,),
        ).rowcount

    def _change(self, what: str, where: str, *values: Any) -> bool:  # noqa: ANN401 - SQL parameters
        return self._connection.execute(f"UPDATE line_places SET {what} WHERE {where}", values).rowcount == 1

    def _sessions(self, where: str, places: str, *values: Any) -> list[Session]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(
            f"SELECT {SESSION_OF} FROM sessions WHERE ({where})"
            f" AND id IN (SELECT session_id FROM line_places WHERE {places}) ORDER BY starts_at, id",
            values,
        )
        return [session_of_row(row) for row in rows]

    def _select(self, where: str, *values: Any) -> Iterator[LinePlace]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM line_places WHERE {where}", values)
        return (_place(row) for row in rows)


def _place(row: tuple[Any, ...]) -> LinePlace:
    return LinePlace(
        id=row[0],
        session_id=row[1],
        student_id=row[2],
        joined_at=instant(row[3]),
        about=row[4],
        state=PlaceState(row[5]),
        called_at=instant_or_none(row[6]),
        called_by=row[7],
        group_id=row[8],
        note=row[9],
        asked_at=instant_or_none(row[10]),
        ended_at=instant_or_none(row[11]),
    )
