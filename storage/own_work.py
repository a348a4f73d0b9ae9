"""What is arranged for single students: retries, chosen and dropped work, and their tracks, as rows."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from cohort.own_work import Arrangements, Retry, RetryReason, TrackItem
from cohort.roster import Member
from storage.instants import instant, instant_or_none, text, text_or_none

RETRY = "id, student_id, assignment_id, hand_in_id, reason, opened_at, due_at, until_at"
# Where it is back in the queue after a grade, that was our mistake.
_WAITS = "EXISTS (SELECT 1 FROM hand_ins AS h WHERE h.id = retries.hand_in_id AND h.state != 'graded')"
_ATTEMPT = (
    "coalesce((SELECT s.attempt FROM submissions AS s WHERE s.hand_in_id = retries.hand_in_id"
    " AND s.student_id = retries.student_id), 1)"
)


class OwnWorkRecords:
    """Rows of `retries`, `chosen_work`, `drops` and `track_items`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of(self, student_id: str, track: str, now: datetime) -> Arrangements:
        """Return what is arranged for one student on a track, as it is known at an instant."""
        return Arrangements(
            track=self.track(track) if track else {},
            retries=self._retries("student_id = ? AND opened_at <= ?", student_id, text(now)),
            chosen=self._ids("chosen_work", student_id, "chosen_at", now),
            dropped=self._ids("drops", student_id, "dropped_at", now),
        )

    def every(self, students: Iterable[Member], now: datetime) -> Mapping[str, Arrangements]:
        """Return what is arranged for each of some students, by id; those for whom nothing is are left out."""
        own, tracks = self._every_own(now), self.tracks()
        on_track = {s.id: tracks[s.track] for s in students if s.track in tracks} if tracks else {}
        nothing = Arrangements()
        return own | {
            student_id: replace(own.get(student_id, nothing), track=track) for student_id, track in on_track.items()
        }

    def has_any(self) -> bool:
        """Say whether anything at all is arranged for anyone."""
        tables = ("retries", "chosen_work", "drops", "track_items")
        anything = " OR ".join(f"EXISTS (SELECT 1 FROM {table})" for table in tables)
        return bool(self._connection.execute(f"SELECT {anything}").fetchone()[0])

    def _every_own(self, now: datetime) -> dict[str, Arrangements]:
        retries: defaultdict[str, list[Retry]] = defaultdict(list)
        for retry in self._retries("opened_at <= ?", text(now)):
            retries[retry.student_id].append(retry)
        chosen, dropped = self._pairs("chosen_work", "chosen_at", now), self._pairs("drops", "dropped_at", now)
        everyone = retries.keys() | chosen.keys() | dropped.keys()
        return {
            student_id: Arrangements(
                retries=retries.get(student_id, []),
                chosen=frozenset(chosen.get(student_id, ())),
                dropped=frozenset(dropped.get(student_id, ())),
            )
            for student_id in everyone
        }

    def open_retry(self, retry: Retry) -> None:
        """Write a date to hand in again; one that stands already for this hand-in is kept."""
        self._connection.execute(
            f"INSERT OR IGNORE INTO retries ({RETRY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _values(retry)
        )

    def renew_retry(self, retry: Retry) -> None:
        """Write a date to hand in again, in the place of one that stands already for this hand-in."""
        self._connection.execute(
            f"INSERT OR REPLACE INTO retries ({RETRY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _values(retry)
        )

    def close_retries(self, hand_in_id: str) -> None:
        """Take back the dates that were opened because of one hand-in, as when its grade is corrected to a pass."""
        self._connection.execute("DELETE FROM retries WHERE hand_in_id = ?", (hand_in_id,))

    def choose(self, student_id: str, assignment_id: str, now: datetime) -> bool:
        """Note that a student takes on optional work; say whether that is news."""
        return self._add("chosen_work", "chosen_at", student_id, assignment_id, now)

    def let_go(self, student_id: str, assignment_id: str) -> bool:
        """Note that a student lets optional work go; say whether they had chosen it."""
        return self._remove("chosen_work", student_id, assignment_id)

    def drop(self, student_id: str, assignment_id: str, now: datetime) -> bool:
        """Note that a student leaves an assignment out; say whether that is news."""
        return self._add("drops", "dropped_at", student_id, assignment_id, now)

    def take_back(self, student_id: str, assignment_id: str) -> bool:
        """Note that a student takes a dropped assignment on again; say whether it was dropped."""
        return self._remove("drops", student_id, assignment_id)

    def track(self, name: str) -> dict[str, TrackItem]:
        """Return what a track names by assignment id; nothing where no such track is known."""
        return {item.assignment_id: item for item in self._track_items("WHERE track = ?", name)}

    def tracks(self) -> dict[str, dict[str, TrackItem]]:
        """Return what every track names, by track and assignment id."""
        found: defaultdict[str, dict[str, TrackItem]] = defaultdict(dict)
        for item in self._track_items(""):
            found[item.track][item.assignment_id] = item
        return dict(found)

    def on_track_with_due_time(self, assignment_id: str) -> list[str]:
        """Return the ids of those on a track that gives an assignment a due time of its own."""
        rows = self._connection.execute(
            "SELECT m.id FROM members m JOIN track_items t ON t.track = m.track"
            " WHERE t.assignment_id = ? AND t.due_at IS NOT NULL ORDER BY m.id",
            (assignment_id,),
        )
        return [member_id for (member_id,) in rows]

    def retries_on(self, assignment_id: str) -> list[Retry]:
        """Return every date to hand an assignment in again, the first opened at the start."""
        return self._retries("assignment_id = ?", assignment_id)

    def save_track_items(self, items: Iterable[TrackItem]) -> None:
        """Write what tracks say of assignments, new or changed."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO track_items (track, assignment_id, required, due_at) VALUES (?, ?, ?, ?)",
            [(i.track, i.assignment_id, int(i.required), text_or_none(i.due_at)) for i in items],
        )

    def _track_items(self, where: str, *values: str) -> list[TrackItem]:
        rows = self._connection.execute(
            f"SELECT track, assignment_id, required, due_at FROM track_items {where} ORDER BY track, assignment_id",
            values,
        )
        return [TrackItem(row[0], row[1], bool(row[2]), instant_or_none(row[3])) for row in rows]

    def _retries(self, where: str, *values: Any) -> list[Retry]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(
            f"SELECT {RETRY}, {_WAITS}, {_ATTEMPT} FROM retries WHERE {where} ORDER BY opened_at, id", values
        )
        return [_retry(row) for row in rows]

    def _ids(self, table: str, student_id: str, when: str, now: datetime) -> frozenset[str]:
        rows = self._connection.execute(
            f"SELECT assignment_id FROM {table} WHERE student_id = ? AND {when} <= ?", (student_id, text(now))
        )
        return frozenset(assignment_id for (assignment_id,) in rows)

    def _pairs(self, table: str, when: str, now: datetime) -> dict[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for student_id, assignment_id in self._connection.execute(
            f"SELECT student_id, assignment_id FROM {table} WHERE {when} <= ?", (text(now),)
        ):
            found[student_id].add(assignment_id)
        return found

    def _add(self, table: str, when: str, student_id: str, assignment_id: str, now: datetime) -> bool:
        added = self._connection.execute(
            f"INSERT OR IGNORE INTO {table} (student_id, assignment_id, {when}) VALUES (?, ?, ?)",
            (student_id, assignment_id, text(now)),
        )
        return added.rowcount == 1

    def _remove(self, table: str, student_id: str, assignment_id: str) -> bool:
        removed = self._connection.execute(
            f"DELETE FROM {table} WHERE student_id = ? AND assignment_id = ?", (student_id, assignment_id)
        )
        return removed.rowcount == 1


def _retry(row: tuple[Any, ...]) -> Retry:
    return Retry(
        id=row[0],
        student_id=row[1],
        assignment_id=row[2],
        hand_in_id=row[3],
        reason=RetryReason(row[4]),
        opened_at=instant(row[5]),
        due_at=instant(row[6]),
        until_at=instant(row[7]),
        waits_for_us=bool(row[8]),
        attempt=row[9],
    )


def _values(retry: Retry) -> tuple[Any, ...]:
    return (
        retry.id,
        retry.student_id,
        retry.assignment_id,
        retry.hand_in_id,
        retry.reason.value,
        text(retry.opened_at),
        text(retry.due_at),
        text(retry.until_at),
    )
