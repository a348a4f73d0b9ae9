"""Extension requests, as rows; a decision is a conditional update."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cohort.extensions import Category, ExtensionRequest, Lapse, State, Why
from storage.instants import instant, instant_or_none, text, text_or_none

COLUMNS = (
    "id, student_id, assignment_id, state, asked_at, review_by_at, until_at, why, category, note,"
    " decided_at, decided_by, granted_until_at, decline_reason, lapse, told_at, reminded"
)
_OPEN = "state IN ('pending', 'talking')"


class RequestRecords:
    """Rows of `extension_requests`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, request_id: str) -> ExtensionRequest | None:
        """Return a request by id."""
        return next(self._select("id = ?", request_id), None)

    def of(self, student_id: str) -> list[ExtensionRequest]:
        """Return a student's requests, newest first."""
        return list(self._select("student_id = ? ORDER BY asked_at DESC, id", student_id))

    def open_of(self, student_id: str, assignment_id: str) -> ExtensionRequest | None:
        """Return a student's open request for an assignment; there is one at most."""
        where = f"student_id = ? AND assignment_id = ? AND {_OPEN}"
        return next(self._select(where, student_id, assignment_id), None)

    def waiting(self) -> list[ExtensionRequest]:
        """Return every open request, oldest first."""
        return list(self._select(f"{_OPEN} ORDER BY asked_at, id"))

    def unanswered(self) -> set[tuple[str, str]]:
        """Return every (student id, assignment id) that waits for an answer of ours to be given or told."""
        return set(
            self._connection.execute(
                f"SELECT student_id, assignment_id FROM extension_requests WHERE {_OPEN}"
                " OR (state = 'declined' AND told_at IS NULL)"
            )
        )

    def add(self, request: ExtensionRequest) -> None:
        """Write a new request. The unique index refuses a second open one."""
        values = _values(request)
        marks = ", ".join("?" for _ in values)
        self._connection.execute(
            f"INSERT INTO extension_requests ({COLUMNS}) VALUES ({marks})",
            values,
        )

    def close(self, request: ExtensionRequest) -> bool:
        """Write how an open request ended; say whether it still was open."""
        changed = self._connection.execute(
            "UPDATE extension_requests SET state = ?, decided_at = ?, decided_by = ?, granted_until_at = ?,"
            f" decline_reason = ?, lapse = ? WHERE id = ? AND {_OPEN}",
            (
                request.state.value,
                text_or_none(request.decided_at),
                request.decided_by,
                text_or_none(request.granted_until_at),
                request.decline_reason,
                request.lapse.value if request.lapse else None,
                request.id,
            ),
        )
        return changed.rowcount == 1

    def set_reason(self, request_id: str, category: Category | None, note: str) -> None:
        """Write what a student added to an open request."""
        self._connection.execute(
            f"UPDATE extension_requests SET category = ?, note = ? WHERE id = ? AND {_OPEN}",
            (category.value if category else None, note, request_id),
        )

    def start_talking(self, request_id: str, by: str) -> bool:
        """Note that a TA talks with the student first; say whether nobody had started or decided."""
        changed = self._connection.execute(
            "UPDATE extension_requests SET state = 'talking', decided_by = ? WHERE id = ? AND state = 'pending'",
            (by, request_id),
        )
        return changed.rowcount == 1

    def set_told(self, request_id: str, told_at: datetime) -> bool:
        """Note when a decision reached the student; say whether that is news."""
        changed = self._connection.execute(
            "UPDATE extension_requests SET told_at = ? WHERE id = ? AND told_at IS NULL",
            (text(told_at), request_id),
        )
        return changed.rowcount == 1

    def set_reminded(self, request_id: str, stage: int) -> None:
        """Note how far up the reminders of an open request have gone."""
        self._connection.execute(
            "UPDATE extension_requests SET reminded = ?1 WHERE id = ?2 AND reminded != ?1", (stage, request_id)
        )

    def erase_words(self, student_id: str | None = None) -> int:
        """Empty what students and TAs wrote, of one student or of all; return in how many requests."""
        return self._connection.execute(
            "UPDATE extension_requests SET category = NULL, note = '', decline_reason = ''"
            " WHERE (student_id = ?1 OR ?1 IS NULL) AND (category IS NOT NULL OR note != '' OR decline_reason != '')",
            (student_id,),
        ).rowcount

    def _select(self, where: str, *values: Any) -> Iterator[ExtensionRequest]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM extension_requests WHERE {where}", values)
        return (_request(row) for row in rows)


def _request(row: tuple[Any, ...]) -> ExtensionRequest:
    return ExtensionRequest(
        id=row[0],
        student_id=row[1],
        assignment_id=row[2],
        state=State(row[3]),
        asked_at=instant(row[4]),
        review_by_at=instant(row[5]),
        until_at=instant_or_none(row[6]),
        why=Why(row[7]) if row[7] else None,
        category=Category(row[8]) if row[8] else None,
        note=row[9],
        decided_at=instant_or_none(row[10]),
        decided_by=row[11],
        granted_until_at=instant_or_none(row[12]),
        decline_reason=row[13],
        lapse=Lapse(row[14]) if row[14] else None,
        told_at=instant_or_none(row[15]),
        reminded=row[16],
    )


def _values(request: ExtensionRequest) -> tuple[Any, ...]:
    return (
        request.id,
        request.student_id,
        request.assignment_id,
        request.state.value,
        text(request.asked_at),
        text(request.review_by_at),
        text_or_none(request.until_at),
        request.why.value if request.why else None,
        request.category.value if request.category else None,
        request.note,
        text_or_none(request.decided_at),
        request.decided_by,
        text_or_none(request.granted_until_at),
        request.decline_reason,
        request.lapse.value if request.lapse else None,
        text_or_none(request.told_at),
        request.reminded,
    )
