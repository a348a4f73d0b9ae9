"""Moving or cancelling an assignment for everyone: a preview with those it touches, then one act."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cohort.assignments import Assignment
from cohort.brakes import check_move
from cohort.roster import Member, Role
from cohort.wishes import Wish, asked_until
from cohort.workload import Crowd, crowds, told_to_all
from services import access, for_everyone
from services.assignment_imports import bound_extensions
from services.desk import Desk
from services.extensions import case_of
from services.own_work import arrangements_of
from storage.ids import new_id
from storage.records import Records

ACTION = "assignments.change"


class Deed(StrEnum):
    """What is done to an assignment for everyone."""

    MOVED = "moved"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Change:
    """What a change does, or did: to how many students, to how many extensions, and what it piles up.

    `due_at` is the new due time of a move. `is_new` is False where the assignment is that way already, and
    `is_stale` True where it was changed since the preview: then nothing was done.
    """

    assignment: Assignment
    deed: Deed
    students: int
    extensions: int
    due_at: datetime | None = None
    crowds: Sequence[Crowd] = ()
    is_new: bool = True
    is_stale: bool = False


def preview_move(assignment: str, wish: Wish, actor: Member, now: datetime, desk: Desk) -> Change:
    """Say what moving a due time would do; days are counted from the later of it and now.

    Raises NotAllowed, NotFound, DatePassed, DateTooLate and DateNotLater.
    """
    access.require_organizer(actor, ACTION, now)
    with desk.store.reading() as records:
        found = access.assignment(records, assignment)
        due_at = asked_until(wish, found.due_at or now, now, actor.tz, desk.policy.programme.tz)
        check_move(due_at, found, now)
        return _move(records, found, due_at, now, desk)


def move(
    assignment_id: str, was_at: datetime | None, due_at: datetime, actor: Member, now: datetime, desk: Desk
) -> Change:
    """Move a due time that still is what the preview said, in one act. Raises as `preview_move` does."""
    access.require_organizer(actor, ACTION, now)
    with desk.transaction(now) as records:
        found = access.assignment(records, assignment_id)
        if found.due_at == due_at or found.due_at != was_at or found.cancelled:
            is_stale = found.due_at != due_at
            return Change(found, Deed.MOVED, 0, 0, found.due_at, is_new=False, is_stale=is_stale)
        change, students = _move(records, found, due_at, now, desk), _moved(records, found, due_at, now)
        for_everyone.move_to(records, found, due_at, now, desk)
        detail = f"{was_at.isoformat() if was_at else ''} {due_at.isoformat()}".strip()
        _note(records, change, students, actor, detail, now)
        return change


def _move(records: Records, found: Assignment, due_at: datetime, now: datetime, desk: Desk) -> Change:
    others = [a for a in records.assignments.all() if a.id != found.id]
    dues = told_to_all([*others, replace(found, due_at=due_at)])
    full = crowds(dues, desk.policy.workload, desk.policy.programme.tz)
    return Change(
        found,
        Deed.MOVED,
        len(_moved(records, found, due_at, now)),
        len(bound_extensions(records, found)),
        due_at,
        [crowd for crowd in full if crowd.holds(found.id)],
    )


def _moved(records: Records, assignment: Assignment, due_at: datetime, now: datetime) -> list[Member]:
    """Return the students whose own due time moves with that of all, of those who still owe the work."""
    return [s for s in _owing(records, assignment, now) if _moves(records, s, assignment, due_at, now)]


def _moves(records: Records, student: Member, assignment: Assignment, due_at: datetime, now: datetime) -> bool:
    arranged = arrangements_of(records, student, now)
    return arranged.owed(replace(assignment, due_at=due_at)).due_at != arranged.owed(assignment).due_at


def _owing(records: Records, assignment: Assignment, now: datetime) -> list[Member]:
    students = [s for s in records.roster.with_role(Role.STUDENT) if s.is_active(now)]
    return [student for student in students if _owes(records, student, assignment, now)]


def _owes(records: Records, student: Member, assignment: Assignment, now: datetime) -> bool:
    case = case_of(records, student, assignment, now)
    handed_in = arrangements_of(records, student, now).handed_in(case.submissions)
    return case.assignment.required and not case.is_settled and not handed_in


def preview_cancel(assignment: str, actor: Member, now: datetime, desk: Desk) -> Change:
    """Say what cancelling would do. Raises NotAllowed and NotFound."""
    access.require_organizer(actor, ACTION, now)
    with desk.store.reading() as records:
        found = access.assignment(records, assignment)
        return _cancel(records, found, now)


def cancel(assignment_id: str, actor: Member, now: datetime, desk: Desk) -> Change:
    """Cancel an assignment in one act; a second time says the same. Raises NotAllowed and NotFound."""
    access.require_organizer(actor, ACTION, now)
    with desk.transaction(now) as records:
        found = access.assignment(records, assignment_id)
        change = _cancel(records, found, now)
        if change.is_new:
            students = _counting(records, found, now)
            for_everyone.cancel(records, found, now, desk)
            _note(records, change, students, actor, "", now)
        return change


def _cancel(records: Records, found: Assignment, now: datetime) -> Change:
    students = 0 if found.cancelled else len(_counting(records, found, now))
    return Change(found, Deed.CANCELLED, students, 0, is_new=not found.cancelled)


def _counting(records: Records, assignment: Assignment, now: datetime) -> list[Member]:
    """Return the students for whom it counted until now, handed in or not."""
    students = [s for s in records.roster.with_role(Role.STUDENT) if s.is_active(now)]
    cases = [case_of(records, student, assignment, now) for student in students]
    return [case.student for case in cases if case.assignment.required and not case.is_excused]


def _note(
    records: Records, change: Change, students: Sequence[Member], actor: Member, detail: str, now: datetime
) -> None:
    for_everyone.tell(records, students, change.assignment, new_id("chg"), now)
    records.audit.add(actor.id, f"assignment.{change.deed}", change.assignment.id, now, detail=detail)
