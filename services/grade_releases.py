"""Releasing the grades of an assignment that were held until all can be told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cohort.assignments import Assignment
from cohort.grading import Verdict
from cohort.roster import Member
from services import access
from services.desk import Desk
from services.grading import Graded, students_of, tell
from storage.records import Records

ACTION = "grading.release"


@dataclass(frozen=True, slots=True)
class Release:
    """What a release tells, or told: how many students by what their grade comes to, and what still waits.

    `is_new` where it was done now, `was_released` where grades of this assignment are told at once already.
    """

    assignment: Assignment
    students: dict[Verdict, int]
    waiting: int
    was_released: bool
    is_new: bool = False

    @property
    def total(self) -> int:
        """How many students are told something."""
        return sum(self.students.values())


def preview(assignment: str, actor: Member, now: datetime, desk: Desk) -> Release:
    """Say what releasing an assignment's grades would tell. Raises NotAllowed and NotFound."""
    access.require_organizer(actor, ACTION, now)
    with desk.store.reading() as records:
        found = access.assignment(records, assignment)
        return _release(records, found, _held(records, found))


def release(assignment_id: str, actor: Member, now: datetime, desk: Desk) -> Release:
    """Tell every grade of an assignment that is held, and from now on each as it is given.

    Raises NotAllowed and NotFound. Done twice, the second time tells nothing.
    """
    access.require_organizer(actor, ACTION, now)
    with desk.transaction(now) as records:
        found = access.assignment(records, assignment_id)
        held = _held(records, found)
        before = _release(records, found, held)
        for graded in held:
            tell(records, graded, now, desk)
        if records.grading.release(found.id, actor.id, now) or held:
            records.audit.add(actor.id, "grades.released", found.id, now, detail=str(before.total))
        return replace(before, is_new=True)


def _held(records: Records, assignment: Assignment) -> list[Graded]:
    held = []
    for grade in records.grading.held(assignment.id):
        hand_in = records.hand_ins.get(grade.hand_in_id)
        if hand_in is not None:
            held.append(Graded(hand_in, assignment, grade))
    return held


def _release(records: Records, assignment: Assignment, held: Sequence[Graded]) -> Release:
    students = dict.fromkeys(Verdict, 0)
    for graded in held:
        students[graded.grade.verdict] += len(students_of(records, graded.hand_in))
    waiting = sum(place.assignment_id == assignment.id for place in records.grading.places())
    return Release(assignment, students, waiting, records.grading.is_released(assignment.id))
