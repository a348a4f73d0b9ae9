"""What is arranged for single students: retries, chosen and dropped work, and their tracks, as rows."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cohort.own_work import Arrangements, Retry, RetryReason, TrackItem
from storage.instants import instant, instant_or_none, text, text_or_none

RETRY = "id, student_id, assignment_id, hand_in_id, reason, opened_at, due_at, until_at"


class OwnWorkRecords:
    """Rows of `retries`, `chosen_work`, `drops` and `track_items`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of(self, student_id: str, track: str, now: datetime) -> Arrangements:
        """Return what is arranged for one student on a track, as it is known at an instant."""
        return Arrangements(
            track=self.track(track),
            retries=self._retries("student_id = ? AND opened_at <= ?", student_id, text(now)),
            chosen=self._ids("chosen_work", student_id, "chosen_at", now),
            dropped=self._ids("drops", student_id, "dropped_at", now),
        )

    def every(self, now: datetime) -> Mapping[str, Arrangements]:
        """Return what is arranged by student id, without tracks, for those for whom anything is."""
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
            f"INSERT OR IGNORE INTO retries ({RETRY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                retry.id,
                retry.student_id,
                retry.assignment_id,
                retry.hand_in_id,
                retry.reason.value,
                text(retry.opened_at),
                text(retry.due_at),
                text(retry.until_at),
            ),
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

    def track(self, name: str) -> list[TrackItem]:
        """Return what a track names, empty where no such track is known."""
        rows = self._connection.execute(
            "SELECT track, assignment_id, required, due_at FROM track_items WHERE track = ? ORDER BY assignment_id",
            (name,),
        )
        return [TrackItem(row[0], row[1], bool(row[2]), instant_or_none(row[3])) for row in rows]

    def tracks(self) -> list[str]:
        """Return the names of all tracks."""
        return [name for (name,) in self._connection.execute("SELECT DISTINCT track FROM track_items ORDER BY track")]

    def save_track_items(self, items: Iterable[TrackItem]) -> None:
        """Write what tracks say of assignments, new or changed."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO track_items (track, assignment_id, required, due_at) VALUES (?, ?, ?, ?)",
            [(i.track, i.assignment_id, int(i.required), text_or_none(i.due_at)) for i in items],
        )

    def _retries(self, where: str, *values: Any) -> list[Retry]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {RETRY} FROM retries WHERE {where} ORDER BY opened_at, id", values)
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
    return Retry(row[0], row[1], row[2], row[3], RetryReason(row[4]), instant(row[5]), instant(row[6]), instant(row[7]))
