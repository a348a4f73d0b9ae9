"""Follow-ups and their notes as rows."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cohort.follow_ups import FollowUp, Note, NoteKind, Origin, Outcome
from storage.instants import instant, instant_or_none, text, text_or_none

COLUMNS = (
    "id, student_id, origin, reason, opened_at, due_at, opened_by, owner_id, owned_at, told_owner_at,"
    " told_organizers_at, settled_at, closed_at, closed_by, outcome"
)


class FollowUpRecords:
    """Rows of `follow_ups` and `follow_up_notes`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, one: FollowUp) -> bool:
        """Write a new case; say whether the student had no other open one."""
        added = self._connection.execute(
            "INSERT OR IGNORE INTO follow_ups (id, student_id, origin, reason, opened_at, due_at, opened_by, owner_id,"
            " owned_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                one.id,
                one.student_id,
                one.origin.value,
                one.reason,
                text(one.opened_at),
                text(one.due_at),
                one.opened_by,
                one.owner_id,
                text_or_none(one.owned_at),
            ),
        )
        return added.rowcount == 1

    def own(self, case_id: str, owner_id: str, now: datetime, due_at: datetime, but_id: str | None = None) -> bool:
        """Give an open case to somebody, with a new due time; `but_id` is whose it has to be until now, if given."""
        changed = self._connection.execute(
            "UPDATE follow_ups SET owner_id = ?, owned_at = ?, due_at = ?, told_owner_at = NULL"
            " WHERE id = ? AND closed_at IS NULL AND (? IS NULL OR owner_id IS ?)",
            (owner_id, text(now), text(due_at), case_id, but_id, but_id),
        )
        return changed.rowcount == 1

    def give_back(self, before: FollowUp, holder_id: str | None) -> bool:
        """Let an open case be whose it was, as it stood then; say whether it still was with who holds it."""
        changed = self._connection.execute(
            "UPDATE follow_ups SET owner_id = ?, owned_at = ?, due_at = ?, told_owner_at = ?"
            " WHERE id = ? AND closed_at IS NULL AND owner_id IS ?",
            (
                before.owner_id,
                text_or_none(before.owned_at),
                text(before.due_at),
                text_or_none(before.told_owner_at),
                before.id,
                holder_id,
            ),
        )
        return changed.rowcount == 1

    def put_off(self, case_id: str, due_at: datetime) -> None:
        """Write by when the owner gets in touch next."""
        self._connection.execute(
            "UPDATE follow_ups SET due_at = ?, told_owner_at = NULL, told_organizers_at = NULL WHERE id = ?",
            (text(due_at), case_id),
        )

    def make_urgent(self, case_id: str, now: datetime) -> None:
        """Write that the student of an open case is in distress: its owner is to get in touch now."""
        self._connection.execute(
            "UPDATE follow_ups SET origin = ?, due_at = ?, settled_at = NULL, told_owner_at = NULL,"
            " told_organizers_at = NULL WHERE id = ? AND closed_at IS NULL",
            (Origin.DISTRESS.value, text(now), case_id),
        )

    def close(self, case_id: str, outcome: Outcome, by_id: str | None, now: datetime) -> bool:
        """Write what came of a case; say whether it was open until now."""
        closed = self._connection.execute(
            "UPDATE follow_ups SET closed_at = ?, closed_by = ?, outcome = ? WHERE id = ? AND closed_at IS NULL",
            (text(now), by_id, outcome.value, case_id),
        )
        return closed.rowcount == 1

    def note_told_owner(self, case_id: str, now: datetime) -> None:
        """Note that the owner heard that a case is overdue."""
        self._connection.execute("UPDATE follow_ups SET told_owner_at = ? WHERE id = ?", (text(now), case_id))

    def note_told_organizers(self, case_id: str, now: datetime) -> None:
        """Note that organizers heard that a case is overdue."""
        self._connection.execute("UPDATE follow_ups SET told_organizers_at = ? WHERE id = ?", (text(now), case_id))

    def note_settled(self, case_id: str, at: datetime | None) -> None:
        """Note when “Back on track” was proposed; None where its reason is there again."""
        self._connection.execute("UPDATE follow_ups SET settled_at = ? WHERE id = ?", (text_or_none(at), case_id))

    def get(self, case_id: str) -> FollowUp | None:
        """Return a case by id."""
        return next(self._select("id = ?", case_id), None)

    def open_of(self, student_id: str) -> FollowUp | None:
        """Return the open case about a student, if there is one."""
        return next(self._select("student_id = ? AND closed_at IS NULL", student_id), None)

    def of_student(self, student_id: str) -> list[FollowUp]:
        """Return every case about a student, the oldest first."""
        return list(self._select("student_id = ? ORDER BY opened_at, id", student_id))

    def every(self) -> list[FollowUp]:
        """Return every case, open or closed, the oldest first."""
        return list(self._select("1 ORDER BY opened_at, id"))

    def every_open(self) -> list[FollowUp]:
        """Return every open case, what is due first first."""
        return list(self._select("closed_at IS NULL ORDER BY due_at, id"))

    def students_with_open(self) -> set[str]:
        """Return the ids of the students about whom a case is open."""
        return {one.student_id for one in self.every_open()}

    def given(self) -> list[tuple[str, datetime]]:
        """Return every case that has had an owner: the student, and since when the owner has it; the oldest first."""
        rows = self._connection.execute(
            "SELECT student_id, owned_at FROM follow_ups WHERE owned_at IS NOT NULL ORDER BY owned_at, id"
        )
        return [(student_id, instant(at)) for student_id, at in rows]

    def by_origin(self) -> dict[Origin, int]:
        """Count every case by what opened it."""
        rows = self._connection.execute("SELECT origin, count(*) FROM follow_ups GROUP BY origin ORDER BY origin")
        return {Origin(origin): count for origin, count in rows}

    def open_counts(self) -> dict[str, int]:
        """Return how many open cases each owner has, by member id."""
        rows = self._connection.execute(
            "SELECT owner_id, count(*) FROM follow_ups WHERE closed_at IS NULL AND owner_id IS NOT NULL"
            " GROUP BY owner_id"
        )
        return dict(rows.fetchall())

    def add_note(self, note: Note) -> None:
        """Write a line of a case."""
        self._connection.execute(
            "INSERT INTO follow_up_notes (id, follow_up_id, at, by_id, kind, words) VALUES (?, ?, ?, ?, ?, ?)",
            (note.id, note.follow_up_id, text(note.at), note.by_id, note.kind.value, note.words),
        )

    def notes_of(self, case_id: str) -> list[Note]:
        """Return the lines of a case, the oldest first."""
        rows = self._connection.execute(
            "SELECT id, follow_up_id, at, kind, words, by_id FROM follow_up_notes WHERE follow_up_id = ?"
            " ORDER BY at, rowid",
            (case_id,),
        )
        return [Note(row[0], row[1], instant(row[2]), NoteKind(row[3]), row[4], row[5]) for row in rows]

    def knowing(self, student_id: str) -> dict[str, int]:
        """Return how often each TA graded a student or met them in office hours, by member id."""
        rows = self._connection.execute(
            "SELECT who, count(*) FROM ("
            " SELECT g.grader_id AS who FROM grades AS g JOIN submissions AS s ON s.hand_in_id = g.hand_in_id"
            " WHERE s.student_id = ?1"
            " UNION ALL SELECT e.ta_id FROM bookings AS b JOIN slots AS l ON l.id = b.slot_id"
            " JOIN sessions AS e ON e.id = l.session_id"
            " WHERE b.state = 'booked' AND (b.student_id = ?1"
            " OR b.id IN (SELECT booking_id FROM booking_fellows WHERE student_id = ?1))"
            " UNION ALL SELECT called_by FROM line_places WHERE student_id = ?1 AND state = 'helped'"
            ") WHERE who IS NOT NULL GROUP BY who",
            (student_id,),
        )
        return dict(rows.fetchall())

    def erase_words(self, student_id: str | None = None) -> int:
        """Empty what was written about a student, or about everyone, and return in how many lines and cases."""
        lines = self._connection.execute(
            "UPDATE follow_up_notes SET words = '' WHERE words != '' AND (?1 IS NULL OR follow_up_id IN"
            " (SELECT id FROM follow_ups WHERE student_id = ?1))",
            (student_id,),
        ).rowcount
        cases = self._connection.execute(
            "UPDATE follow_ups SET reason = '' WHERE reason != '' AND (?1 IS NULL OR student_id = ?1)", (student_id,)
        ).rowcount
        return lines + cases

    def _select(self, where: str, *values: Any) -> Iterator[FollowUp]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM follow_ups WHERE {where}", values)
        return (_follow_up(row) for row in rows)


def _follow_up(row: tuple[Any, ...]) -> FollowUp:
    return FollowUp(
        id=row[0],
        student_id=row[1],
        origin=Origin(row[2]),
        reason=row[3],
        opened_at=instant(row[4]),
        due_at=instant(row[5]),
        opened_by=row[6],
        owner_id=row[7],
        owned_at=instant_or_none(row[8]),
        told_owner_at=instant_or_none(row[9]),
        told_organizers_at=instant_or_none(row[10]),
        settled_at=instant_or_none(row[11]),
        closed_at=instant_or_none(row[12]),
        closed_by=row[13],
        outcome=Outcome(row[14]) if row[14] else None,
    )
