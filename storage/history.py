"""The audit about one member or one assignment, with everything that hangs on it, as rows."""

import sqlite3
from typing import Final

from storage.audit import AuditLine
from storage.instants import instant

# What belongs to a student, or to an assignment, and stands in the audit under an id of its own.
OF_STUDENT: Final = (
    "extension_requests", "extensions", "hand_ins", "bookings", "check_ins", "follow_ups", "questions", "nudges",
    "offers", "leavings", "new_plans", "ladder_steps", "regrades",
)  # fmt: skip
OF_ASSIGNMENT: Final = ("extension_requests", "extensions", "hand_ins", "questions", "offers")


class HistoryRecords:
    """Reads `audit` beside the tables whose ids stand in it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of_member(self, member_id: str, most: int, left_out: int) -> list[AuditLine]:
        """Return what a member did and what happened to them, the newest first, some of the newest left out."""
        return self._lines("actor_id = ?1 OR subject = ?1", OF_STUDENT, "student_id", member_id, most, left_out)

    def of_assignment(self, assignment_id: str, most: int, left_out: int) -> list[AuditLine]:
        """Return what happened to an assignment and to what was asked or handed in for it, the newest first."""
        where = "subject = ?1 OR detail = ?1"
        return self._lines(where, OF_ASSIGNMENT, "assignment_id", assignment_id, most, left_out)

    def _lines(
        self, where: str, tables: tuple[str, ...], column: str, of_id: str, most: int, left_out: int
    ) -> list[AuditLine]:
        there = [table for table in tables if column in self._columns(table)]
        hung = " UNION ALL ".join(f"SELECT id FROM {table} WHERE {column} = ?1" for table in there)
        rows = self._connection.execute(
            "SELECT at, actor_id, action, subject, detail FROM audit"
            f" WHERE ({where} OR subject IN ({hung})) AND action NOT LIKE 'integrity.%'"
            " ORDER BY id DESC LIMIT ?2 OFFSET ?3",
            (of_id, most, left_out),
        )
        return [AuditLine(instant(row[0]), *row[1:]) for row in rows]

    def _columns(self, table: str) -> set[str]:
        return {name for (name,) in self._connection.execute("SELECT name FROM pragma_table_info(?)", (table,))}

    def assignment_of(self, subject: str) -> str:
        """Return the slug of the assignment that something in the audit is about; nothing where it is about none."""
        tables = [table for table in OF_ASSIGNMENT if "assignment_id" in self._columns(table)]
        hung = " UNION ALL ".join(f"SELECT assignment_id AS a FROM {table} WHERE id = ?1" for table in tables)
        row = self._connection.execute(
            f"SELECT slug FROM assignments WHERE id = ?1 OR id IN (SELECT a FROM ({hung})) LIMIT 1",
            (subject,),
        ).fetchone()
        return "" if row is None else str(row[0])
