"""Sections, talks, socials and coworking hours, who comes, who was there and who met whom, as rows."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from cohort.events import Event, EventKind
from cohort.groups import Pair
from storage.instants import instant, instant_or_none, text, text_or_none

COLUMNS = (
    "id, slug, kind, title, starts_at, ends_at, created_at, place, facilitator_id, places, series, sequence,"
    " announced_at, cancelled_at, reason, recording"
)


class EventRecords:
    """Rows of `events`, `sign_ups`, `recording_wishes`, `attendances`, `section_excuses` and `event_groups`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, event: Event) -> None:
        """Write a new event. Raises sqlite3.IntegrityError where its short name is taken."""
        values = _values(event)
        self._connection.execute(
            f"INSERT INTO events ({COLUMNS}) VALUES ({', '.join('?' for _ in values)})",
            values,
        )

    def change(self, event: Event) -> None:
        """Write what an event has become."""
        names = ", ".join(f"{name} = ?" for name in COLUMNS.split(", "))
        self._connection.execute(f"UPDATE events SET {names} WHERE id = ?", (*_values(event), event.id))

    def get(self, event_id: str) -> Event | None:
        """Return an event by id."""
        return next(self._select("id = ?", event_id), None)

    def with_slug(self, slug: str) -> Event | None:
        """Return an event by its short name, whatever its case."""
        return next(self._select("lower(slug) = lower(?)", slug), None)

    def all(self) -> list[Event]:
        """Return every event, soonest first."""
        return list(self._select("1 = 1 ORDER BY starts_at, id"))

    def coming(self, now: datetime) -> list[Event]:
        """Return what has not ended and takes place, soonest first."""
        return list(self._select("ends_at > ? AND cancelled_at IS NULL ORDER BY starts_at, id", text(now)))

    def starting(self, from_at: datetime, until_at: datetime) -> list[Event]:
        """Return what takes place and begins in a span: after the first, up to the second."""
        return list(
            self._select(
                "cancelled_at IS NULL AND starts_at > ? AND starts_at <= ? ORDER BY starts_at, id",
                text(from_at),
                text(until_at),
            )
        )

    def sections(self) -> list[Event]:
        """Return every section, soonest first."""
        return list(self._select("kind = 'section' ORDER BY starts_at, id"))

    def led_by(self, member_id: str, now: datetime) -> list[Event]:
        """Return what someone leads and has not begun, soonest first."""
        return list(
            self._select(
                "facilitator_id = ? AND starts_at > ? AND cancelled_at IS NULL ORDER BY starts_at, id",
                member_id,
                text(now),
            )
        )

    def led_in(self, member_id: str, starts_at: datetime, ends_at: datetime) -> list[Event]:
        """Return what someone leads that takes place at any time of a span."""
        where = "facilitator_id = ? AND cancelled_at IS NULL AND starts_at < ? AND ends_at > ?"
        return list(self._select(where, member_id, text(ends_at), text(starts_at)))

    def leaders(self, now: datetime) -> set[str]:
        """Return who leads anything that has not begun."""
        rows = self._connection.execute(
            "SELECT DISTINCT facilitator_id FROM events WHERE facilitator_id IS NOT NULL AND starts_at > ?"
            " AND cancelled_at IS NULL",
            (text(now),),
        )
        return {member_id for (member_id,) in rows}

    def ended(self, from_at: datetime, until_at: datetime) -> list[Event]:
        """Return what took place and ended in a span: after the first instant, up to the second."""
        where = "ends_at > ? AND ends_at <= ? AND cancelled_at IS NULL ORDER BY ends_at, id"
        return list(self._select(where, text(from_at), text(until_at)))

    def announce(self, event_id: str, now: datetime) -> bool:
        """Note that everyone may know of an event; say whether that is news."""
        changed = self._connection.execute(
            "UPDATE events SET announced_at = ? WHERE id = ? AND announced_at IS NULL", (text(now), event_id)
        )
        return changed.rowcount == 1

    def sign_up(self, event_id: str, student_id: str, now: datetime) -> bool:
        """Sign someone up while there is a place, in one statement; say whether they have one now."""
        self._connection.execute(
            "INSERT INTO sign_ups (event_id, student_id, signed_at) SELECT id, ?2, ?3 FROM events WHERE id = ?1"
            " AND (places IS NULL OR places > (SELECT count(*) FROM sign_ups WHERE event_id = ?1 AND left_at IS NULL))"
            " ON CONFLICT (event_id, student_id) DO UPDATE SET signed_at = excluded.signed_at, left_at = NULL"
            " WHERE left_at IS NOT NULL",
            (event_id, student_id, text(now)),
        )
        return student_id in self.signed_up(event_id)

    def sign_off(self, event_id: str, student_id: str, now: datetime) -> bool:
        """Take someone's place away; say whether they had one."""
        changed = self._connection.execute(
            "UPDATE sign_ups SET left_at = ? WHERE event_id = ? AND student_id = ? AND left_at IS NULL",
            (text(now), event_id, student_id),
        )
        return changed.rowcount == 1

    def signed_up(self, event_id: str) -> list[str]:
        """Return who has signed up, in that order."""
        rows = self._connection.execute(
            "SELECT student_id FROM sign_ups WHERE event_id = ? AND left_at IS NULL ORDER BY signed_at, student_id",
            (event_id,),
        )
        return [student_id for (student_id,) in rows]

    def signed_up_until(self, event_id: str, at: datetime) -> list[str]:
        """Return who has signed up and did so before an instant."""
        rows = self._connection.execute(
            "SELECT student_id FROM sign_ups WHERE event_id = ? AND left_at IS NULL AND signed_at < ?"
            " ORDER BY signed_at, student_id",
            (event_id, text(at)),
        )
        return [student_id for (student_id,) in rows]

    def signed_up_by(self, student_id: str) -> set[str]:
        """Return the ids of the events that someone has signed up for."""
        rows = self._connection.execute(
            "SELECT event_id FROM sign_ups WHERE student_id = ? AND left_at IS NULL", (student_id,)
        )
        return {event_id for (event_id,) in rows}

    def coming_students(self, now: datetime) -> set[str]:
        """Return who has signed up for anything that has not ended and takes place."""
        rows = self._connection.execute(
            "SELECT DISTINCT student_id FROM sign_ups JOIN events ON id = event_id"
            " WHERE left_at IS NULL AND ends_at > ? AND cancelled_at IS NULL",
            (text(now),),
        )
        return {student_id for (student_id,) in rows}

    def counts(self) -> dict[str, int]:
        """Count who has signed up, by event id."""
        rows = self._connection.execute("SELECT event_id, count(*) FROM sign_ups WHERE left_at IS NULL GROUP BY 1")
        return dict(rows.fetchall())

    def wish_recording(self, event_id: str, student_id: str, now: datetime) -> bool:
        """Note that someone would like the recording; say whether that is news."""
        added = self._connection.execute(
            "INSERT OR IGNORE INTO recording_wishes (event_id, student_id, wished_at) VALUES (?, ?, ?)",
            (event_id, student_id, text(now)),
        )
        return added.rowcount == 1

    def recording_wishes(self, event_id: str) -> list[str]:
        """Return who would like the recording."""
        rows = self._connection.execute(
            "SELECT student_id FROM recording_wishes WHERE event_id = ? ORDER BY wished_at, student_id", (event_id,)
        )
        return [student_id for (student_id,) in rows]

    def attend(self, event_id: str, student_id: str, by_id: str, now: datetime) -> bool:
        """Note that someone was there; say whether that is news."""
        added = self._connection.execute(
            "INSERT OR IGNORE INTO attendances (event_id, student_id, noted_at, noted_by) VALUES (?, ?, ?, ?)",
            (event_id, student_id, text(now), by_id),
        )
        return added.rowcount == 1

    def unattend(self, event_id: str, student_id: str) -> bool:
        """Take back that someone was there; say whether it was noted."""
        gone = self._connection.execute(
            "DELETE FROM attendances WHERE event_id = ? AND student_id = ?", (event_id, student_id)
        )
        return gone.rowcount == 1

    def attended(self, event_id: str) -> list[str]:
        """Return who was there."""
        rows = self._connection.execute(
            "SELECT student_id FROM attendances WHERE event_id = ? ORDER BY student_id", (event_id,)
        )
        return [student_id for (student_id,) in rows]

    def attended_by(self, student_id: str) -> set[str]:
        """Return the ids of the events where someone was."""
        rows = self._connection.execute("SELECT event_id FROM attendances WHERE student_id = ?", (student_id,))
        return {event_id for (event_id,) in rows}

    def every_attendance(self) -> Iterator[tuple[str, str]]:
        """Yield who was at which event, a student's together."""
        yield from self._connection.execute("SELECT student_id, event_id FROM attendances ORDER BY student_id")

    def attended_since(self, event_id: str, at: datetime) -> set[str]:
        """Return of whom it was noted after an instant that they were there."""
        rows = self._connection.execute(
            "SELECT student_id FROM attendances WHERE event_id = ? AND noted_at > ?", (event_id, text(at))
        )
        return {student_id for (student_id,) in rows}

    def excuse(self, student_id: str, week_on: date, by_id: str, now: datetime) -> bool:
        """Excuse someone from the sections of a week; say whether that is news."""
        added = self._connection.execute(
            "INSERT OR IGNORE INTO section_excuses (student_id, week_on, excused_at, excused_by) VALUES (?, ?, ?, ?)",
            (student_id, week_on.isoformat(), text(now), by_id),
        )
        return added.rowcount == 1

    def excused(self, student_id: str) -> set[date]:
        """Return the Mondays of the weeks from whose sections someone is excused."""
        rows = self._connection.execute("SELECT week_on FROM section_excuses WHERE student_id = ?", (student_id,))
        return {date.fromisoformat(on) for (on,) in rows}

    def every_excused(self) -> Iterator[tuple[str, date]]:
        """Yield who is excused from the sections of which week, by its Monday, a student's together."""
        rows = self._connection.execute("SELECT student_id, week_on FROM section_excuses ORDER BY student_id")
        return ((student_id, date.fromisoformat(on)) for student_id, on in rows)

    def set_groups(self, event_id: str, groups: Sequence[Iterable[str]], now: datetime) -> None:
        """Write who is in which group of an event, instead of what was there."""
        self._connection.execute("DELETE FROM event_groups WHERE event_id = ?", (event_id,))
        self._connection.executemany(
            "INSERT INTO event_groups (event_id, student_id, number, made_at) VALUES (?, ?, ?, ?)",
            [(event_id, one, number, text(now)) for number, group in enumerate(groups, 1) for one in group],
        )

    def groups(self, event_id: str) -> list[list[str]]:
        """Return the groups of an event, in their order."""
        found: dict[int, list[str]] = {}
        for number, student_id in self._connection.execute(
            "SELECT number, student_id FROM event_groups WHERE event_id = ? ORDER BY number, student_id", (event_id,)
        ):
            found.setdefault(number, []).append(student_id)
        return list(found.values())

    def groups_made_at(self, event_id: str) -> datetime | None:
        """Return when the groups of an event were made; None without groups."""
        [made_at] = self._connection.execute(
            "SELECT max(made_at) FROM event_groups WHERE event_id = ?", (event_id,)
        ).fetchone()
        return instant_or_none(made_at)

    def met(self, but_event_id: str) -> dict[Pair, int]:
        """Count how often two were in one group, of all events but one."""
        rows = self._connection.execute(
            "SELECT a.student_id, b.student_id, count(*) FROM event_groups AS a JOIN event_groups AS b"
            " ON b.event_id = a.event_id AND b.number = a.number AND b.student_id > a.student_id"
            " WHERE a.event_id != ? GROUP BY 1, 2",
            (but_event_id,),
        )
        return {frozenset((one, other)): count for one, other, count in rows}

    def _select(self, where: str, *values: Any) -> Iterator[Event]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM events WHERE {where}", values)
        return (_event(row) for row in rows)


def _values(event: Event) -> tuple[Any, ...]:
    return (
        event.id,
        event.slug,
        event.kind.value,
        event.title,
        text(event.starts_at),
        text(event.ends_at),
        text(event.created_at),
        event.place,
        event.facilitator_id,
        event.places,
        event.series,
        event.sequence,
        text_or_none(event.announced_at),
        text_or_none(event.cancelled_at),
        event.reason,
        event.recording,
    )


def _event(row: tuple[Any, ...]) -> Event:
    return Event(
        id=row[0],
        slug=row[1],
        kind=EventKind(row[2]),
        title=row[3],
        starts_at=instant(row[4]),
        ends_at=instant(row[5]),
        created_at=instant(row[6]),
        place=row[7],
        facilitator_id=row[8],
        places=row[9],
        series=row[10],
        sequence=row[11],
        announced_at=instant_or_none(row[12]),
        cancelled_at=instant_or_none(row[13]),
        reason=row[14],
        recording=row[15],
    )
