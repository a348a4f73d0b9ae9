"""Optional work that a student takes on, and lets go again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cohort.assignments import Assignment
from cohort.extensions import State
from cohort.hand_ins import Why, why_closed
from cohort.roster import Member
from services import access
from services.desk import Desk
from services.extensions import close_request
from services.hand_ins import side_of
from storage.records import Records

CHOOSE = "hand_ins.choose"


class ChosenState(StrEnum):
    """What became of a choice."""

    TAKEN_ON = "taken_on"
    LET_GO = "let_go"
    REQUIRED = "required"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ChosenWork:
    """An assignment as its student owes it after a choice, and what became of the choice."""

    assignment: Assignment
    state: ChosenState
    due_at: datetime | None = None


def choose(assignment_id: str, actor: Member, now: datetime, desk: Desk) -> ChosenWork:
    """Take optional work on: from now on it counts, and is reminded of. A second time says the same.

    Raises NotAllowed for staff, NotActive, and NotFound.
    """
    return _decide(assignment_id, actor, now, desk, _take_on)


def let_go(assignment_id: str, actor: Member, now: datetime, desk: Desk) -> ChosenWork:
    """Let optional work go: it does not count any more, and a request for more time is taken back with it.

    Raises NotAllowed for staff, NotActive, and NotFound.
    """
    return _decide(assignment_id, actor, now, desk, _let_go)


Step = Callable[[Records, Member, Assignment, datetime], ChosenState]


def _decide(assignment_id: str, actor: Member, now: datetime, desk: Desk, step: Step) -> ChosenWork:
    access.require_student(actor, CHOOSE, now)
    with desk.transaction(now) as records:
        assignment = access.assignment(records, assignment_id)
        is_optional = side_of(records, actor, assignment, now).is_optional
        state = step(records, actor, assignment, now) if is_optional else ChosenState.REQUIRED
        side = side_of(records, actor, assignment, now)
        return ChosenWork(side.assignment, state, side.case.effective_due_at)


def _take_on(records: Records, student: Member, assignment: Assignment, now: datetime) -> ChosenState:
    if why_closed(side_of(records, student, assignment, now), now) not in {None, Why.NOT_OPEN}:
        return ChosenState.CLOSED
    if records.own_work.choose(student.id, assignment.id, now):
        records.audit.add(student.id, "own_work.taken_on", assignment.id, now)
    return ChosenState.TAKEN_ON


def _let_go(records: Records, student: Member, assignment: Assignment, now: datetime) -> ChosenState:
    if records.own_work.let_go(student.id, assignment.id):
        records.audit.add(student.id, "own_work.let_go", assignment.id, now)
    request = records.requests.open_of(student.id, assignment.id)
    if request is not None:
        close_request(records, replace(request, state=State.WITHDRAWN, decided_at=now), now)
    return ChosenState.LET_GO
