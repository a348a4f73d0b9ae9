"""Asking organizers before much of the cohort is written to about one thing, and doing what they decide."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cohort.assignments import Assignment
from cohort.brakes import Brake, BrakeDecision, holds_until, is_pulled
from cohort.errors import NotFound
from cohort.nudges import Work, could_be_missed, missed
from cohort.roster import Member, Role
from services import access, for_everyone, outbox
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from services.nudge_sweeps import everyone, spared_from
from storage.ids import new_id
from storage.records import Records

DECIDE = "nudges.brake"


@dataclass(frozen=True, slots=True)
class BrakeCard:
    """For organizers: work that much of the cohort has not handed in, and what they can do about it at once."""

    brake: Brake
    assignment: Assignment
    decided_by: Member | None


@dataclass(frozen=True, slots=True)
class BrakeDone:
    """What was decided, for the organizer who pressed; `is_new` is False where someone had decided before."""

    brake: Brake
    assignment: Assignment
    decided_by: Member | None
    is_new: bool


def look_at_due_times(desk: Desk, now: datetime) -> int:
    """Look once at every due time that has just passed, hold what many missed, and return how much is held."""
    with desk.store.reading() as records:
        seen = records.brakes.looked_at()
        new = [a for a in could_be_missed(records.assignments.all(), now) if _is_new(a, seen, desk, now)]
        brakes = _looked(records, new, desk, now) if new else []
    if not brakes:
        return 0
    with desk.store.transaction() as records:
        return sum(_raise(records, brake, now) for brake in brakes)


def _is_new(assignment: Assignment, seen: set[tuple[str, datetime]], desk: Desk, now: datetime) -> bool:
    policy, due_at = desk.policy, assignment.due_at
    if due_at is None or (assignment.id, due_at) in seen:
        return False
    return now < holds_until(due_at, policy.nudges, policy.programme.tz)


def _looked(records: Records, assignments: Sequence[Assignment], desk: Desk, now: datetime) -> list[Brake]:
    """Count, in one pass over the cohort, who is expected to have handed in and who did not."""
    missing, expected = {a.id: 0 for a in assignments}, {a.id: 0 for a in assignments}
    students = sorted((s for s in records.roster.with_role(Role.STUDENT) if s.is_active(now)), key=lambda s: s.id)
    for work, _ in everyone(records, spared_from(records), students, now):
        theirs = [a for a in assignments if _is_expected(work, a)]
        for assignment in theirs:
            expected[assignment.id] += 1
        for assignment in missed(work, theirs, now):
            missing[assignment.id] += 1
    return [_brake(a, missing[a.id], expected[a.id], desk, now) for a in assignments]


def _is_expected(work: Work, assignment: Assignment) -> bool:
    """Say whether a student was to hand something in by the due time that holds for all."""
    joined_at, due_at, arranged = work.student.joined_at, assignment.due_at, work.arranged
    is_here = joined_at is None or due_at is None or joined_at <= due_at
    return is_here and arranged.planned(assignment).due_at == due_at and arranged.owed(assignment).required


def _brake(assignment: Assignment, missing: int, expected: int, desk: Desk, now: datetime) -> Brake:
    policy, due_at = desk.policy, assignment.due_at or now
    until_at = holds_until(due_at, policy.nudges, policy.programme.tz)
    is_held = is_pulled(missing, expected, policy.nudges)
    return Brake(new_id("brk"), assignment.id, due_at, missing, expected, now, until_at if is_held else None)


def _raise(records: Records, brake: Brake, now: datetime) -> bool:
    if not records.brakes.add(brake) or brake.holds_until_at is None:
        return False
    outbox.tell_organizers(records, "nudges.brake", {"brake": brake.id}, f"brake:{brake.id}", now)
    records.audit.add(None, "brake.raised", brake.assignment_id, now, detail=brake.id)
    return True


def to_move(brake_id: str, actor: Member, now: datetime, desk: Desk) -> BrakeDone:
    """Return what an organizer is about to move, for the form. Raises NotAllowed and NotFound."""
    access.require_organizer(actor, DECIDE, now)
    with desk.store.reading() as records:
        return _done(records, _brake_of(records, brake_id), is_new=False)


def move_for_all(brake_id: str, until_at: datetime, actor: Member, now: datetime, desk: Desk) -> BrakeDone:
    """Move the due time for everyone; extensions move with it, and every student reads of it once.

    Raises NotAllowed, NotFound, DatePassed, DateTooLate and DateNotLater.
    """

    def change(records: Records, assignment: Assignment) -> None:
        for_everyone.move_to(records, assignment, until_at, now, desk)

    return _decide(brake_id, BrakeDecision.MOVED, change, actor, now, desk)


def cancel_for_all(brake_id: str, actor: Member, now: datetime, desk: Desk) -> BrakeDone:
    """Cancel the work for everyone; every student reads of it once. Raises NotAllowed and NotFound."""

    def change(records: Records, assignment: Assignment) -> None:
        for_everyone.cancel(records, assignment, now, desk)

    return _decide(brake_id, BrakeDecision.CANCELLED, change, actor, now, desk)


def carry_on(brake_id: str, actor: Member, now: datetime, desk: Desk) -> BrakeDone:
    """Let the messages go out as they would have. Raises NotAllowed and NotFound."""
    return _decide(brake_id, BrakeDecision.CARRIED_ON, _nothing, actor, now, desk)


def _nothing(records: Records, assignment: Assignment) -> None:
    del records, assignment


def _decide(
    brake_id: str,
    decision: BrakeDecision,
    change: Callable[[Records, Assignment], None],
    actor: Member,
    now: datetime,
    desk: Desk,
) -> BrakeDone:
    """Write one decision and what it changes; whoever comes second changes nothing and reads who was first."""
    access.require_organizer(actor, DECIDE, now)
    with desk.transaction(now) as records:
        brake = _brake_of(records, brake_id)
        if not records.brakes.decide(brake.id, decision, actor.id, now):
            return _done(records, brake, is_new=False)
        change(records, access.assignment(records, brake.assignment_id))
        if decision is not BrakeDecision.CARRIED_ON:
            _tell_students(records, brake, now)
        subject, data = _subject(brake.id), {"brake": brake.id}
        outbox.refresh(records, "nudges.brake_standing", data, subject, decision.value, now)
        records.audit.add(actor.id, f"brake.{decision}", brake.assignment_id, now, detail=brake.id)
        return _done(records, _brake_of(records, brake_id), is_new=True)


def _tell_students(records: Records, brake: Brake, now: datetime) -> None:
    students = [student for student in records.roster.with_role(Role.STUDENT) if student.is_active(now)]
    for_everyone.tell(records, students, access.assignment(records, brake.assignment_id), brake.id, now)


def _brake_of(records: Records, brake_id: str) -> Brake:
    brake = records.brakes.get(brake_id)
    if brake is None:
        raise NotFound("card", brake_id)
    return brake


def _done(records: Records, brake: Brake, *, is_new: bool) -> BrakeDone:
    by = access.known(records, brake.decided_by) if brake.decided_by else None
    return BrakeDone(brake, access.assignment(records, brake.assignment_id), by, is_new)


def _subject(brake_id: str) -> str:
    return f"brake:{brake_id}"


def compose_brake(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the card; nothing once it is decided or the messages went out. It waits no longer than they do."""
    brake = _brake_of(records, data["brake"])
    until_at = brake.holds_until_at
    if brake.decision is not BrakeDecision.NONE or until_at is None or now >= until_at:
        return Obsolete("decided, or over")
    said = compose_standing(records, data, desk, now)
    return replace(said, latest_at=until_at) if isinstance(said, Said) else said


def compose_standing(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the card as it stands now."""
    del desk, now
    done = _done(records, _brake_of(records, data["brake"]), is_new=False)
    return Said(BrakeCard(done.brake, done.assignment, done.decided_by), _subject(done.brake.id))


COMPOSERS = {
    "nudges.brake": compose_brake,
    "nudges.brake_standing": compose_standing,
}
