"""Grades, from when on students may know them, and what a TA's queue is made of, as rows."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from cohort.grading import Grade, Place, Verdict
from cohort.hand_ins import HandInState
from storage.instants import instant, instant_or_none, text, text_or_none

COLUMNS = "id, hand_in_id, number, grader_id, verdict, score, feedback, staff_note, why, graded_at, released_at"
# What was cancelled since, or whose students have all left, is nobody's to grade.
IN_QUEUE = (
    "state IN ('waiting', 'claimed') AND NOT EXISTS"
    " (SELECT 1 FROM assignments AS a WHERE a.id = hand_ins.assignment_id AND a.cancelled = 1)"
    " AND EXISTS (SELECT 1 FROM submissions AS theirs JOIN members AS m ON m.id = theirs.student_id"
    " WHERE theirs.hand_in_id = hand_ins.id AND m.status NOT IN ('withdrawn', 'expelled'))"
)
STATES = {state.value: state for state in HandInState}


class GradingRecords:
    """Rows of `grades` and `releases`, and places in the queue from `hand_ins`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, grade: Grade) -> None:
        """Write a grade. Raises sqlite3.IntegrityError where one of this number is there already."""
        values = (
            grade.id,
            grade.hand_in_id,
            grade.number,
            grade.grader_id,
            grade.verdict.value,
            grade.score,
            grade.feedback,
            grade.staff_note,
            grade.why,
            text(grade.graded_at),
            text_or_none(grade.released_at),
        )
        marks = ", ".join("?" for _ in values)
        self._connection.execute(f"INSERT INTO grades ({COLUMNS}) VALUES ({marks})", values)

    def get(self, grade_id: str) -> Grade | None:
        """Return a grade by id."""
        return next(self._grades("id = ?", grade_id), None)

    def of(self, hand_in_id: str) -> list[Grade]:
        """Return the grades that were given for a hand-in, the first one first; the last one counts."""
        return list(self._grades("hand_in_id = ? ORDER BY number", hand_in_id))

    def latest(self, hand_in_id: str) -> Grade | None:
        """Return the grade that counts for a hand-in, if one was given."""
        return next(self._grades("hand_in_id = ? ORDER BY number DESC LIMIT 1", hand_in_id), None)

    def held(self, assignment_id: str) -> list[Grade]:
        """Return the grades of an assignment that count and that students may not know yet, the oldest first."""
        return list(
            self._grades(
                "released_at IS NULL AND hand_in_id IN (SELECT id FROM hand_ins WHERE assignment_id = ?"
                " AND state = 'graded') AND number = (SELECT max(number) FROM grades AS other"
                " WHERE other.hand_in_id = grades.hand_in_id) ORDER BY graded_at, id",
                assignment_id,
            )
        )

    def set_released(self, grade_id: str, now: datetime) -> bool:
        """Note that students may know a grade; say whether that is news."""
        changed = self._connection.execute(
            "UPDATE grades SET released_at = ? WHERE id = ? AND released_at IS NULL", (text(now), grade_id)
        )
        return changed.rowcount == 1

    def erase_notes(self) -> int:
        """Empty the notes for staff of every grade; return of how many."""
        return self._connection.execute("UPDATE grades SET staff_note = '' WHERE staff_note != ''").rowcount

    def is_released(self, assignment_id: str) -> bool:
        """Say whether organizers let the grades of an assignment be told."""
        row = self._connection.execute("SELECT 1 FROM releases WHERE assignment_id = ?", (assignment_id,)).fetchone()
        return row is not None

    def release(self, assignment_id: str, by_id: str, now: datetime) -> bool:
        """Let the grades of an assignment be told from now on; say whether that is news."""
        added = self._connection.execute(
            "INSERT OR IGNORE INTO releases (assignment_id, released_at, released_by) VALUES (?, ?, ?)",
            (assignment_id, text(now), by_id),
        )
        return added.rowcount == 1

    def tell(self, hand_in_id: str, score: float | None, *, passed: bool) -> None:
        """Write what became of a hand-in for each of those who handed it in."""
        self._connection.execute(
            "UPDATE submissions SET score = ?, passed = ? WHERE hand_in_id = ?", (score, int(passed), hand_in_id)
        )

    def erase_words(self, student_id: str) -> None:
        """Empty what graders wrote about what a student handed in alone or first; the results stay."""
        self._connection.execute(
            "UPDATE grades SET feedback = '', staff_note = '', why = ''"
            " WHERE hand_in_id IN (SELECT id FROM hand_ins WHERE by_id = ?)",
            (student_id,),
        )

    def places(self) -> list[Place]:
        """Return what waits or is claimed, without what was handed in, what is to be graded first at the start."""
        rows = self._connection.execute(
            "SELECT id, assignment_id, state, owner_id, claimed_by, ready_at, grade_by_at FROM hand_ins"
            f" WHERE {IN_QUEUE} ORDER BY grade_by_at, id"
        )
        return [Place(row[0], row[1], STATES[row[2]], row[3], row[4], instant(row[5]), instant(row[6])) for row in rows]

    def in_conflict(self, ta_id: str) -> set[str]:
        """Return the ids of the hand-ins in which a student has a part whom someone may not grade."""
        rows = self._connection.execute(
            "SELECT s.hand_in_id FROM conflicts AS c JOIN submissions AS s ON s.student_id = c.student_id"
            " WHERE c.ta_id = ? AND s.hand_in_id IS NOT NULL",
            (ta_id,),
        )
        return {hand_in_id for (hand_in_id,) in rows}

    def next_of(self, ta_id: str, assignment_id: str | None) -> str | None:
        """Return what waits for someone by name and is to be graded first, of one assignment or of all."""
        return self._first("owner_id = ?1", ta_id, assignment_id)

    def next_free(self, ta_id: str, assignment_id: str | None, gone: Sequence[str]) -> str | None:
        """Return what waits for nobody by name, or for someone who is gone, and is to be graded first."""
        if not gone:
            return self._first("owner_id IS NULL", ta_id, assignment_id)
        marks = ", ".join(f"?{number}" for number in range(3, 3 + len(gone)))
        return self._first(f"(owner_id IS NULL OR owner_id IN ({marks}))", ta_id, assignment_id, *gone)

    def owners(self) -> list[str]:
        """Return the ids of those for whom anything waits."""
        rows = self._connection.execute(
            "SELECT DISTINCT owner_id FROM hand_ins WHERE state IN ('waiting', 'claimed') AND owner_id IS NOT NULL"
        )
        return [owner_id for (owner_id,) in rows]

    def who(self, hand_in_ids: Sequence[str]) -> Mapping[str, list[tuple[str, int]]]:
        """Return (student id, attempt) of everyone who handed something in, by hand-in id."""
        marks = ", ".join("?" for _ in hand_in_ids)
        found: dict[str, list[tuple[str, int]]] = {hand_in_id: [] for hand_in_id in hand_in_ids}
        for hand_in_id, student_id, attempt in self._connection.execute(
            f"SELECT hand_in_id, student_id, attempt FROM submissions WHERE hand_in_id IN ({marks})"
            " ORDER BY student_id",
            tuple(hand_in_ids),
        ):
            found[hand_in_id].append((student_id, attempt))
        return found

    def _first(self, whose: str, ta_id: str, assignment_id: str | None, *more: str) -> str | None:
        row = self._connection.execute(
            f"SELECT id FROM hand_ins WHERE {IN_QUEUE} AND state = 'waiting' AND {whose}"
            " AND (?2 IS NULL OR assignment_id = ?2) AND NOT EXISTS (SELECT 1 FROM submissions AS s"
            " JOIN conflicts AS c ON c.student_id = s.student_id AND c.ta_id = ?1 WHERE s.hand_in_id = hand_ins.id)"
            " ORDER BY grade_by_at, id LIMIT 1",
            (ta_id, assignment_id, *more),
        ).fetchone()
        return None if row is None else str(row[0])

    def _grades(self, where: str, *values: Any) -> Iterator[Grade]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM grades WHERE {where}", values)
        return (_grade(row) for row in rows)


def _grade(row: tuple[Any, ...]) -> Grade:
    return Grade(
        id=row[0],
        hand_in_id=row[1],
        number=row[2],
        grader_id=row[3],
        verdict=Verdict(row[4]),
        score=row[5],
        feedback=row[6],
        staff_note=row[7],
        why=row[8],
        graded_at=instant(row[9]),
        released_at=instant_or_none(row[10]),
    )
