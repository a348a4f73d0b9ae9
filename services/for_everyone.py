"""Moving or cancelling work for everyone, and telling each student what it changes for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cohort.assignments import Assignment
from cohort.brakes import check_move
from cohort.nudge_words import NudgeWords
from cohort.roster import Member
from services import access, outbox
from services.assignment_imports import move
from services.desk import Desk
from services.extension_upkeep import lapse_settled
from services.extensions import case_of
from services.letters import Composed, Obsolete, Said
from storage.records import Records


@dataclass(frozen=True, slots=True)
class ForEveryone:
    """For a student: what organizers changed for all; `due_at` is the own due time, None where it is cancelled."""

    student: Member
    assignment: Assignment
    due_at: datetime | None
    words: NudgeWords


def move_to(records: Records, assignment: Assignment, due_at: datetime, now: datetime, desk: Desk) -> None:
    """Move a due time, and the extensions with it. Raises DatePassed, DateTooLate and DateNotLater."""
    check_move(due_at, assignment, now)
    move(records, assignment, replace(assignment, due_at=due_at), desk.policy.programme.tz)
    lapse_settled(records, desk, now)


def cancel(records: Records, assignment: Assignment, now: datetime, desk: Desk) -> None:
    """Cancel work, and close the requests about it."""
    records.assignments.save(replace(assignment, cancelled=True))
    lapse_settled(records, desk, now)


def tell(records: Records, students: Iterable[Member], assignment: Assignment, change: str, now: datetime) -> None:
    """Queue one message for each of some students; `change` names what was done, so that it is told once."""
    for student in students:
        data = {"student": student.id, "assignment": assignment.id}
        key = f"for_everyone:{change}:{student.id}"
        outbox.post(records, "nudges.for_everyone", outbox.to(student), data, key, now)


def compose_for_everyone(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what a student reads of a change for all, with their own due time."""
    student = access.known(records, data["student"])
    assignment = access.assignment(records, data["assignment"])
    if not student.is_active(now):
        return Obsolete("takes part no more")
    due_at = None if assignment.cancelled else case_of(records, student, assignment, now).effective_due_at
    return Said(ForEveryone(student, assignment, due_at, desk.policy.nudges.words))


COMPOSERS = {"nudges.for_everyone": compose_for_everyone}
