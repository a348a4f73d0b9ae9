"""Who grades what, and who may not grade whom: shown and changed by organizers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from cohort.assignments import Assignment
from cohort.errors import ChangedMeanwhile, NotActive
from cohort.roster import Member
from services import access
from services.desk import Desk
from services.grading_owner import owner_for
from storage.records import Records

SEE, SET, CONFLICT = "graders.see", "graders.set", "graders.conflict"


@dataclass(frozen=True, slots=True)
class Graders:
    """Who grades one assignment; `is_new` where that was changed just now."""

    assignment: Assignment
    people: Sequence[Member]
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Whether someone may grade a student; `moved` counts what went to somebody else because of it."""

    ta: Member
    student: Member
    holds: bool
    is_new: bool
    moved: int = 0


def every(actor: Member, now: datetime, desk: Desk) -> list[Graders]:
    """Return who grades what, for all that is handed in. Raises NotAllowed for all but organizers."""
    access.require_organizer(actor, SEE, now)
    with desk.store.reading() as records:
        return every_of(records)


def every_of(records: Records) -> list[Graders]:
    """Return who grades what, for all that is handed in, within what is being read."""
    graders = records.graders.every()
    work = [a for a in records.assignments.all() if a.kind.is_handed_in and not a.cancelled]
    return [Graders(a, [access.known(records, one) for one in graders.get(a.id, ())]) for a in work]


def set_graders(
    assignment: str,
    people: Sequence[str],
    actor: Member,
    now: datetime,
    desk: Desk,
    was: Collection[str] | None = None,
) -> Graders:
    """Say who grades an assignment from now on; without anyone named it only says who does.

    What waits already stays with whose it is. `was` are the ids of those who did when somebody looked, None for
    whoever does. Raises NotAllowed for all but organizers, ChangedMeanwhile, NotFound and NotActive.
    """
    access.require_organizer(actor, SET, now)
    with desk.transaction(now) as records:
        found = access.assignment(records, assignment)
        wanted = list({m.id: m for m in (_staff(records, person, now) for person in people)}.values())
        before = [access.known(records, one) for one in records.graders.of(found.id)]
        if not wanted or {m.id for m in wanted} == {m.id for m in before}:
            return Graders(found, before)
        if was is not None and {m.id for m in before} != set(was):
            raise ChangedMeanwhile("graders", ", ".join(m.called for m in before) or "whoever is free")
        records.graders.assign(found.id, [member.id for member in wanted])
        records.audit.add(actor.id, "graders.set", found.id, now, detail=",".join(member.id for member in wanted))
        return Graders(found, wanted, is_new=True)


def set_conflict(ta: str, student: str, actor: Member, now: datetime, desk: Desk) -> Conflict:
    """Note that someone may not grade a student; what they hold of that student goes to somebody else.

    Raises NotAllowed for all but organizers, and NotFound.
    """
    access.require_organizer(actor, CONFLICT, now)
    with desk.transaction(now) as records:
        grader, found = _staff(records, ta, None), access.student(records, student, now)
        if not records.graders.add_conflict(grader.id, found.id):
            return Conflict(grader, found, holds=True, is_new=False)
        records.audit.add(actor.id, "graders.conflict", found.id, now, detail=grader.id)
        moved = leave_conflicts(records, in_conflict(records, grader.id, {found.id}), grader.id, now)
        return Conflict(grader, found, holds=True, is_new=True, moved=moved)


def remove_conflict(ta: str, student: str, actor: Member, now: datetime, desk: Desk) -> Conflict:
    """Note that someone may grade a student again. Raises NotAllowed for all but organizers, and NotFound."""
    access.require_organizer(actor, CONFLICT, now)
    with desk.transaction(now) as records:
        grader, found = _staff(records, ta, None), access.student(records, student, now)
        is_new = records.graders.remove_conflict(grader.id, found.id)
        if is_new:
            records.audit.add(actor.id, "graders.conflict_removed", found.id, now, detail=grader.id)
        return Conflict(grader, found, holds=False, is_new=is_new)


def _staff(records: Records, reference: str, now: datetime | None) -> Member:
    """Return the TA or organizer that is meant; with an instant, one who takes part then."""
    found = access.must_be_staff(access.person(records, reference))
    if now is not None and not found.is_active(now):
        raise NotActive(found.status.value, about_self=False)
    return found


def in_conflict(records: Records, grader_id: str, students: Collection[str]) -> list[str]:
    """Return the ids of what someone holds in which one of some students has a part."""
    return [
        hand_in_id
        for hand_in_id in records.handovers.to_grade(grader_id)
        if any(submission.student_id in students for submission in records.submissions.of_hand_in(hand_in_id))
    ]


def leave_conflicts(records: Records, hand_in_ids: Sequence[str], grader_id: str, now: datetime) -> int:
    """Give what someone holds and may not grade to somebody else, and return how much that is."""
    for hand_in_id in hand_in_ids:
        records.hand_ins.release(hand_in_id, grader_id)
        records.hand_ins.own(hand_in_id, owner_for(records, access.hand_in(records, hand_in_id), now))
    return len(hand_in_ids)
