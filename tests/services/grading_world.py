"""What is handed in and graded, made directly in the records, with short ways to look at it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cohort.assignments import Assignment
from cohort.grading import Grade, Marked
from cohort.hand_ins import HandIn, Version
from cohort.own_work import Retry
from cohort.roster import Member
from cohort.submissions import Submission
from services import messages
from services.desk import Desk
from services.grading import GiveGrade, Given, grade
from services.grading_queue import claim
from services.letters import Later
from storage.ids import new_id
from storage.outbox import Letter
from tests.conftest import NOON

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
GOOD = Marked(score=90.0, feedback="Clear and complete")
WEAK = Marked(score=40.0, feedback="The proof of the second part is missing")


def hand_in(
    desk: Desk, assignment: Assignment, *students: Member, at: datetime = NOON - DAY, attempt: int = 1, **more: Any
) -> HandIn:
    """Write what students handed in together."""
    by_at = more.pop("grade_by_at", at + 4 * DAY)
    made = HandIn(new_id("hin"), assignment.id, students[0].id, at, at, by_at, due_at=assignment.due_at)
    with desk.store.transaction() as records:
        records.hand_ins.add(replace(made, **more))
        records.hand_ins.add_version(Version(made.id, 1, at, {"link": "https://example.org/work"}))
        for student in students:
            records.submissions.add(
                Submission(new_id("sub"), assignment.id, student.id, attempt, at, hand_in_id=made.id)
            )
    return made


def new_version(desk: Desk, made: HandIn, number: int, now: datetime = NOON) -> None:
    """Write one more version of something."""
    with desk.store.transaction() as records:
        records.hand_ins.add_version(Version(made.id, number, now, {"text": f"version {number}"}))


def state_of(desk: Desk, made: HandIn) -> HandIn:
    """Return something handed in as it is now."""
    with desk.store.reading() as records:
        found = records.hand_ins.get(made.id)
    assert found is not None
    return found


def graded(desk: Desk, made: HandIn, grader: Member, marked: Marked = GOOD, now: datetime = NOON) -> Given:
    """Claim and grade something."""
    claim(made.id, grader, now, desk)
    return grade(GiveGrade(made.id, 1, marked), grader, now, desk)


def grades_of(desk: Desk, made: HandIn) -> list[Grade]:
    """Return the grades of something."""
    with desk.store.reading() as records:
        return records.grading.of(made.id)


def submissions_of(desk: Desk, made: HandIn) -> list[Submission]:
    """Return what each of the students holds of something."""
    with desk.store.reading() as records:
        return records.submissions.of_hand_in(made.id)


def retries_of(desk: Desk, student: Member, now: datetime = NOON) -> Sequence[Retry]:
    """Return the dates a student has to try again."""
    with desk.store.reading() as records:
        return records.own_work.of(student.id, student.track, now).retries


def letters(desk: Desk, kind: str) -> list[Letter]:
    """Return every letter of a kind."""
    with desk.store.reading() as records:
        return [letter for letter, _ in records.outbox.of_kind(kind)]


def heard(desk: Desk, letter: Letter, now: datetime) -> object:
    """Return what a letter says now, from when on it says something, or why it says nothing."""
    prepared = messages.prepare(letter, desk, now)
    if isinstance(prepared, messages.Ready):
        return prepared.content
    return prepared.not_before_at if isinstance(prepared, Later) else prepared


def conflict(desk: Desk, grader: Member, student: Member) -> None:
    """Note a conflict of interest."""
    with desk.store.transaction() as records:
        records.graders.add_conflict(grader.id, student.id)


def audited(desk: Desk, made: HandIn) -> list[str]:
    """Return what was done to something."""
    with desk.store.reading() as records:
        return [line.action for line in records.audit.about(made.id)]
