"""Extensions granted, as rows."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from cohort.extensions import Extension, Origin
from storage.instants import instant, text

COLUMNS = "id, student_id, assignment_id, until_at, length_seconds, origin, granted_at, granted_by, request_id"
_AUTOMATIC = tuple(origin.value for origin in Origin if origin.is_automatic)


class ExtensionRecords:
    """Rows of `extensions`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of(self, student_id: str) -> list[Extension]:
        """Return a student's extensions, oldest first."""
        return list(self._select("student_id = ? ORDER BY granted_at, id", student_id))

    def on(self, assignment_id: str) -> list[Extension]:
        """Return every extension of an assignment."""
        return list(self._select("assignment_id = ? ORDER BY granted_at, id", assignment_id))

    def every(self) -> Iterator[Extension]:
        """Yield every extension, a student's together."""
        return self._select("1 ORDER BY student_id, granted_at, id")

    def automatic_grants(self, student_id: str) -> int:
        """Count what a student was granted without anybody deciding."""
        marks = ", ".join("?" for _ in _AUTOMATIC)
        row = self._connection.execute(
            f"SELECT count(*) FROM extensions WHERE student_id = ? AND origin IN ({marks})",
            (student_id, *_AUTOMATIC),
        ).fetchone()
        return int(row[0])

    def add(self, extension: Extension) -> None:
        """Write a new extension."""
        self._connection.execute(
            f"INSERT INTO extensions ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                extension.id,
                extension.student_id,
                extension.assignment_id,
                text(extension.until_at),
                int(extension.length.total_seconds()),
                extension.origin.value,
                text(extension.granted_at),
                extension.granted_by,
                extension.request_id,
            ),
        )

    def set_until(self, extension_id: str, until_at: datetime) -> None:
        """Write a new end of an extension, after its assignment moved or a refusal was told late."""
        self._connection.execute("UPDATE extensions SET until_at = ? WHERE id = ?", (text(until_at), extension_id))

    def _select(self, where: str, *values: Any) -> Iterator[Extension]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM extensions WHERE {where}", values)
        return (_extension(row) for row in rows)


def _extension(row: tuple[Any, ...]) -> Extension:
    return Extension(
        id=row[0],
        student_id=row[1],
        assignment_id=row[2],
        until_at=instant(row[3]),
        length=timedelta(seconds=row[4]),
        origin=Origin(row[5]),
        granted_at=instant(row[6]),
        granted_by=row[7],
        request_id=row[8],
    )
