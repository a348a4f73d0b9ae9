"""What was handed in and waits to be graded, with all its versions, as rows."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cohort.hand_ins import File, HandIn, HandInState, Version
from storage.instants import instant, instant_or_none, text, text_or_none

COLUMNS = (
    "id, assignment_id, by_id, submitted_at, ready_at, grade_by_at, due_at, is_part, is_retry, hours, tools, state,"
    " owner_id, claimed_by, claimed_at, claim_expires_at"
)


class HandInRecords:
    """Rows of `hand_ins` and `hand_in_versions`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, hand_in_id: str) -> HandIn | None:
        """Return something handed in by id."""
        return next(self._select("id = ?", hand_in_id), None)

    def of(self, student_id: str, assignment_id: str) -> list[HandIn]:
        """Return what a student handed in for an assignment, alone or with others, the first attempt first."""
        return list(
            self._select(
                "id IN (SELECT hand_in_id FROM submissions WHERE student_id = ? AND assignment_id = ?)"
                " ORDER BY submitted_at, id",
                student_id,
                assignment_id,
            )
        )

    def waiting(self) -> list[HandIn]:
        """Return everything that waits for a grade or is being graded, what is to be graded first at the start."""
        return list(self._select("state IN ('waiting', 'claimed') ORDER BY grade_by_at, id"))

    def held_by(self, member_id: str) -> list[HandIn]:
        """Return what waits with a TA: claimed by them, or theirs to grade and claimed by nobody."""
        return list(
            self._select(
                "state IN ('waiting', 'claimed') AND (claimed_by = ?1 OR (claimed_by IS NULL AND owner_id = ?1))"
                " ORDER BY grade_by_at, id",
                member_id,
            )
        )

    def reported_hours(self, until: datetime) -> dict[str, list[float]]:
        """Return the hours that whole work took by what students reported until an instant, by assignment id."""
        found: dict[str, list[float]] = {}
        for assignment_id, hours in self._connection.execute(
            "SELECT assignment_id, hours FROM hand_ins"
            " WHERE hours IS NOT NULL AND is_part = 0 AND is_retry = 0 AND submitted_at <= ? ORDER BY id",
            (text(until),),
        ):
            found.setdefault(assignment_id, []).append(hours)
        return found

    def load(self) -> dict[str, int]:
        """Count what waits with each TA, by member id."""
        rows = self._connection.execute(
            "SELECT coalesce(claimed_by, owner_id), count(*) FROM hand_ins WHERE state IN ('waiting', 'claimed')"
            " AND coalesce(claimed_by, owner_id) IS NOT NULL GROUP BY 1"
        )
        return dict(rows.fetchall())

    def add(self, hand_in: HandIn) -> None:
        """Write something new."""
        values = _values(hand_in)
        marks = ", ".join("?" for _ in values)
        self._connection.execute(f"INSERT INTO hand_ins ({COLUMNS}) VALUES ({marks})", values)

    def replace(self, hand_in: HandIn) -> bool:
        """Write what a newer version changes of something that waits; say whether that still held.

        What organizers look at waits as far as anyone else can tell.
        """
        changed = self._connection.execute(
            "UPDATE hand_ins SET submitted_at = ?, ready_at = ?, grade_by_at = ?, due_at = ?, is_part = ?, hours = ?,"
            " tools = ? WHERE id = ? AND state IN ('waiting', 'in_review')",
            (
                text(hand_in.submitted_at),
                text(hand_in.ready_at),
                text(hand_in.grade_by_at),
                text_or_none(hand_in.due_at),
                int(hand_in.is_part),
                hand_in.hours,
                hand_in.tools,
                hand_in.id,
            ),
        )
        return changed.rowcount == 1

    def own(self, hand_in_id: str, member_id: str | None) -> None:
        """Write whose it is to grade; None for anyone's."""
        self._connection.execute("UPDATE hand_ins SET owner_id = ? WHERE id = ?", (member_id, hand_in_id))

    def claim(self, hand_in_id: str, member_id: str, now: datetime, expires_at: datetime) -> HandIn | None:
        """Let a TA take something that waits, and return it as it is then; None where somebody was first."""
        rows = self._connection.execute(
            "UPDATE hand_ins SET state = 'claimed', claimed_by = ?, claimed_at = ?, claim_expires_at = ?"
            f" WHERE id = ? AND state = 'waiting' RETURNING {COLUMNS}",
            (member_id, text(now), text(expires_at), hand_in_id),
        ).fetchall()
        return _hand_in(rows[0]) if rows else None

    def release(self, hand_in_id: str, member_id: str) -> bool:
        """Put back what a TA had claimed; say whether they held it."""
        return self._end_claim("waiting", "id = ? AND state = 'claimed' AND claimed_by = ?", hand_in_id, member_id)

    def release_of_gone(self, student_id: str) -> None:
        """Put back what TAs had claimed of a student, where everyone who handed it in has left."""
        self._end_claim(
            "waiting",
            "state = 'claimed' AND id IN (SELECT hand_in_id FROM submissions WHERE student_id = ?) AND NOT EXISTS"
            " (SELECT 1 FROM submissions AS s JOIN members AS m ON m.id = s.student_id"
            " WHERE s.hand_in_id = hand_ins.id AND m.status NOT IN ('withdrawn', 'expelled'))",
            student_id,
        )

    def expired(self, now: datetime) -> list[HandIn]:
        """Return what was claimed longer ago than a claim holds."""
        return list(self._select("state = 'claimed' AND claim_expires_at <= ? ORDER BY id", text(now)))

    def finish(self, hand_in_id: str, member_id: str) -> bool:
        """Note that a TA graded what they had claimed; say whether they held it."""
        return self._end_claim("graded", "id = ? AND state = 'claimed' AND claimed_by = ?", hand_in_id, member_id)

    def settle(self, hand_in_id: str) -> None:
        """Take something out of the queue whose grade was changed while it waited or was claimed."""
        self._end_claim("graded", "id = ? AND state IN ('waiting', 'claimed')", hand_in_id)

    def set_aside(self, hand_in_id: str) -> bool:
        """Take something out of the queue for organizers to look at; say whether it was in it."""
        return self._end_claim("in_review", "id = ? AND state IN ('waiting', 'claimed')", hand_in_id)

    def back_to_queue(self, hand_in_id: str) -> bool:
        """Put back what was set aside or graded, where it was; say whether it was out of the queue."""
        return self._end_claim("waiting", "id = ? AND state IN ('in_review', 'graded')", hand_in_id)

    def look_again(self, hand_in_id: str, ready_at: datetime, grade_by_at: datetime) -> bool:
        """Put something graded back into the queue, to be graded by a new instant; say whether it was graded."""
        changed = self._connection.execute(
            "UPDATE hand_ins SET state = 'waiting', ready_at = ?, grade_by_at = ? WHERE id = ? AND state = 'graded'",
            (text(ready_at), text(grade_by_at), hand_in_id),
        )
        return changed.rowcount == 1

    def grade_aside(self, hand_in_id: str) -> bool:
        """Note that an organizer graded what was set aside; say whether it was."""
        return self._end_claim("graded", "id = ? AND state = 'in_review'", hand_in_id)

    def add_version(self, version: Version) -> None:
        """Write one more version."""
        file = version.file or File("", "")
        self._connection.execute(
            "INSERT INTO hand_in_versions (hand_in_id, number, submitted_at, content, file_id, file_name, file_sha256)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                version.hand_in_id,
                version.number,
                text(version.submitted_at),
                json.dumps(version.content, ensure_ascii=False),
                file.id,
                file.name,
                file.sha256,
            ),
        )

    def set_sha256(self, hand_in_id: str, number: int, sha256: str) -> None:
        """Write the SHA-256 of a version's file, once its bytes were read."""
        self._connection.execute(
            "UPDATE hand_in_versions SET file_sha256 = ? WHERE hand_in_id = ? AND number = ?",
            (sha256, hand_in_id, number),
        )

    def versions(self, hand_in_id: str) -> list[Version]:
        """Return every version, the first one first."""
        rows = self._connection.execute(
            "SELECT hand_in_id, number, submitted_at, content, file_id, file_name, file_sha256 FROM hand_in_versions"
            " WHERE hand_in_id = ? ORDER BY number",
            (hand_in_id,),
        )
        return [_version(row) for row in rows]

    def erase_words(self, student_id: str) -> None:
        """Empty what a student handed in alone or first, whatever its version; that it was handed in stays."""
        self._connection.execute(
            "UPDATE hand_in_versions SET content = '{}', file_id = '', file_name = '', file_sha256 = ''"
            " WHERE hand_in_id IN (SELECT id FROM hand_ins WHERE by_id = ?)",
            (student_id,),
        )
        self._connection.execute("UPDATE hand_ins SET tools = '' WHERE by_id = ?", (student_id,))

    def _end_claim(self, state: str, where: str, *values: Any) -> bool:  # noqa: ANN401 - SQL parameters
        changed = self._connection.execute(
            "UPDATE hand_ins SET state = ?, claimed_by = NULL, claimed_at = NULL, claim_expires_at = NULL"
            f" WHERE {where}",
            (state, *values),
        )
        return changed.rowcount == 1

    def _select(self, where: str, *values: Any) -> Iterator[HandIn]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM hand_ins WHERE {where}", values)
        return (_hand_in(row) for row in rows)


def _hand_in(row: tuple[Any, ...]) -> HandIn:
    return HandIn(
        id=row[0],
        assignment_id=row[1],
        by_id=row[2],
        submitted_at=instant(row[3]),
        ready_at=instant(row[4]),
        grade_by_at=instant(row[5]),
        due_at=instant_or_none(row[6]),
        is_part=bool(row[7]),
        is_retry=bool(row[8]),
        hours=row[9],
        tools=row[10],
        state=HandInState(row[11]),
        owner_id=row[12],
        claimed_by=row[13],
        claimed_at=instant_or_none(row[14]),
        claim_expires_at=instant_or_none(row[15]),
    )


def _values(hand_in: HandIn) -> tuple[Any, ...]:
    return (
        hand_in.id,
        hand_in.assignment_id,
        hand_in.by_id,
        text(hand_in.submitted_at),
        text(hand_in.ready_at),
        text(hand_in.grade_by_at),
        text_or_none(hand_in.due_at),
        int(hand_in.is_part),
        int(hand_in.is_retry),
        hand_in.hours,
        hand_in.tools,
        hand_in.state.value,
        hand_in.owner_id,
        hand_in.claimed_by,
        text_or_none(hand_in.claimed_at),
        text_or_none(hand_in.claim_expires_at),
    )


def _version(row: tuple[Any, ...]) -> Version:
    file = File(row[4], row[5], row[6]) if row[4] else None
    return Version(row[0], row[1], instant(row[2]), json.loads(row[3]), file)
