"""What a student can hand in, and what the form for it starts with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cohort.assignments import Assignment
from cohort.hand_ins import HandIn, Side, Version, latest_due, why_closed
from cohort.policy import HandInPolicy
from cohort.roster import Member
from services import access
from services.desk import Desk
from services.hand_ins import SUBMIT, NotTaken, declined, partners_of, side_of
from storage.records import Records


@dataclass(frozen=True, slots=True)
class Option:
    """An assignment that is open for a student, with their own due time, and whether something waits already."""

    assignment: Assignment
    due_at: datetime | None
    is_handed_in: bool = False
    is_chosen: bool = True


@dataclass(frozen=True, slots=True)
class Blank:
    """A form to be filled in. `before` is what waits already and would be replaced, with its latest version."""

    assignment: Assignment
    due_at: datetime | None
    is_late: bool
    policy: HandInPolicy
    is_part: bool = False
    is_optional: bool = False
    before: HandIn | None = None
    version: Version | None = None
    partners: Sequence[Member] = ()


def options(actor: Member, now: datetime, desk: Desk) -> list[Option]:
    """Return what a student may hand in now, what is due first at the start, what waits already at the end.

    Raises NotAllowed for staff, and NotActive.
    """
    access.require_student(actor, SUBMIT, now)
    with desk.store.reading() as records:
        sides = [side_of(records, actor, assignment, now) for assignment in records.assignments.all()]
    return sorted((_option(side) for side in sides if why_closed(side, now) is None), key=_order)


def _option(side: Side) -> Option:
    waits = side.last is not None and not side.is_known
    return Option(side.assignment, side.case.effective_due_at, waits, side.is_chosen)


def _order(option: Option) -> tuple[bool, bool, bool, float, str]:
    due = option.due_at.timestamp() if option.due_at else 0.0
    return option.is_handed_in, not option.is_chosen, option.due_at is None, due, option.assignment.slug


def blank(name: str, actor: Member, now: datetime, desk: Desk, *, is_part: bool = False) -> Blank | NotTaken:
    """Return the form for an assignment, with what waits already filled in; or why nothing is taken.

    `is_part` is how the form starts. Raises NotAllowed, NotActive, and NotFound for an unknown name.
    """
    access.require_student(actor, SUBMIT, now)
    with desk.store.reading() as records:
        assignment = access.assignment(records, name)
        side = side_of(records, actor, assignment, now)
        before = side.replaceable
        partners = partners_of(records, before, actor) if before else []
        due_at = latest_due([side, *(side_of(records, partner, assignment, now) for partner in partners)])
        refused = declined(records, side, due_at, now, desk)
        if refused is not None:
            return refused
        return Blank(
            assignment=side.assignment,
            due_at=due_at,
            is_late=due_at is not None and now > due_at,
            policy=desk.policy.hand_ins,
            is_part=is_part or (before is not None and before.is_part),
            is_optional=side.is_optional,
            before=before,
            version=_latest(records, before),
            partners=partners,
        )


def _latest(records: Records, hand_in: HandIn | None) -> Version | None:
    return records.hand_ins.versions(hand_in.id)[-1] if hand_in else None
