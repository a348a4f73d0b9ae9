"""Where a student stands towards graduating, and leaving work out within the drop allowance."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cohort.assignments import Assignment
from cohort.errors import NotAllowed
from cohort.graduation import (
    Forecast,
    Ledger,
    Mark,
    NoDrop,
    Standing,
    forecast,
    ledger_of,
    standing_of,
    why_not_dropped,
)
from cohort.nudges import OfferState
from cohort.roster import Member, Role
from cohort.sections import SectionWeek
from services import access, outbox
from services.desk import Desk
from services.extension_upkeep import lapse_about
from services.extensions import cases_of
from services.nudge_messages import refresh, subject_of
from services.own_work import arrangements_of
from services.sections import weeks_of
from storage.records import Records

SEE = "graduation.progress"
DROP = "graduation.drop"


@dataclass(frozen=True, slots=True)
class Progress:
    """How a student stands, for whoever asked: `can_drop` is what the student could leave out now.

    `contact` is whom to talk to; `is_own` whether the student themselves asked; `weeks` how they stand with sections.
    """

    student: Member
    ledger: Ledger
    forecast: Forecast
    contact: Member | None
    closes_at: datetime
    can_drop: tuple[Standing, ...] = ()
    can_take_back: tuple[Standing, ...] = ()
    is_own: bool = True
    weeks: tuple[SectionWeek, ...] = ()


class Step(StrEnum):
    """What a student did with a piece of work."""

    DROPPED = "dropped"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Stepped:
    """What became of a press, and how the student stands since; `why` says why nothing was changed, if so."""

    assignment: Assignment
    step: Step
    progress: Progress
    why: NoDrop | None = None
    is_new: bool = True


def progress(actor: Member, student: str, now: datetime, desk: Desk) -> Progress:
    """Return how a student stands: for a student themselves, without a name; for staff someone by name.

    Raises NotAllowed for a student who names somebody else, NotActive for staff who are not here, and NotFound.
    """
    if actor.is_staff:
        access.require_staff(actor, SEE, now)
    with desk.store.reading() as records:
        found = access.person(records, student) if student else actor
        if found.id != actor.id and not actor.is_staff:
            raise NotAllowed(SEE, "TAs and organizers")
        return _progress(records, access.must_be_student(found), desk, now, is_own=found.id == actor.id)


def ledger(records: Records, student: Member, desk: Desk, now: datetime) -> Ledger:
    """Read how one student stands with everything that counts for them, with a fixed number of queries."""
    arranged, claimed = arrangements_of(records, student, now), records.submissions.claimed_by(student.id)
    plain = {assignment.id: assignment for assignment in records.assignments.all()}
    cases = cases_of(records, student, now)
    standings = (standing_of(plain[case.assignment.id], case, arranged, claimed, now) for case in cases)
    return ledger_of(standings, desk.policy.grading.drops_allowed)


def _progress(records: Records, student: Member, desk: Desk, now: datetime, *, is_own: bool = True) -> Progress:
    found, closes_at = ledger(records, student, desk, now), desk.policy.programme.closes_at
    is_here = is_own and student.is_active(now)
    free = [s for s in found.counted if s.is_open and s.mark is not Mark.DROPPED]
    can_drop = tuple(s for s in free if is_here and why_not_dropped(s, found, closes_at, now) is None)
    back = tuple(s for s in found.counted if is_here and s.mark is Mark.DROPPED and now < closes_at)
    said = forecast(found)
    weeks = tuple(weeks_of(records, student, now, desk.policy))
    return Progress(student, found, said, contact(records, now), closes_at, can_drop, back, is_own, weeks)


def contact(records: Records, now: datetime) -> Member | None:
    """Return the organizer to talk to."""
    organizers = [member for member in records.roster.with_role(Role.ORGANIZER) if member.is_active(now)]
    return next(iter(organizers), None)


def drop(assignment_id: str, actor: Member, now: datetime, desk: Desk) -> Stepped:
    """Leave a piece of work out: nothing is said of it any more, and an open request about it lapses.

    A second time says the same. Raises NotAllowed for staff, NotActive and NotFound.
    """

    def change(records: Records, assignment: Assignment) -> bool:
        return records.own_work.drop(actor.id, assignment.id, now)

    return _step(assignment_id, Step.DROPPED, change, actor, now, desk)


def take_back(assignment_id: str, actor: Member, now: datetime, desk: Desk) -> Stepped:
    """Take a piece of work on again that was left out. Raises NotAllowed for staff, NotActive and NotFound."""

    def change(records: Records, assignment: Assignment) -> bool:
        return records.own_work.take_back(actor.id, assignment.id)

    return _step(assignment_id, Step.TAKEN_BACK, change, actor, now, desk)


def leave_out(
    records: Records, assignment: Assignment, student: Member, now: datetime, desk: Desk
) -> tuple[NoDrop | None, bool]:
    """Leave a piece of work out in the transaction of a use case; return why it can't be, and whether it is new."""

    def change(records: Records, assignment: Assignment) -> bool:
        return records.own_work.drop(student.id, assignment.id, now)

    return _change(records, assignment, Step.DROPPED, change, student, now, desk)


def _step(
    assignment_id: str,
    step: Step,
    change: Callable[[Records, Assignment], bool],
    actor: Member,
    now: datetime,
    desk: Desk,
) -> Stepped:
    access.require_student(actor, DROP, now)
    with desk.transaction(now) as records:
        assignment = access.assignment(records, assignment_id)
        why, is_new = _change(records, assignment, step, change, actor, now, desk)
        return Stepped(assignment, step, _progress(records, actor, desk, now), why, is_new)


def _change(
    records: Records,
    assignment: Assignment,
    step: Step,
    change: Callable[[Records, Assignment], bool],
    actor: Member,
    now: datetime,
    desk: Desk,
) -> tuple[NoDrop | None, bool]:
    """Take a step if nothing stands against it; return what does, and whether anything was changed."""
    why = _why_not(records, assignment, step, actor, now, desk)
    is_new = why is None and change(records, assignment)
    if is_new:
        records.audit.add(actor.id, f"own_work.{step}", assignment.id, now)
        _follow(records, actor, assignment, step, now)
    return why, is_new


def _why_not(
    records: Records, assignment: Assignment, step: Step, actor: Member, now: datetime, desk: Desk
) -> NoDrop | None:
    closes_at = desk.policy.programme.closes_at
    if step is Step.TAKEN_BACK:
        return NoDrop.OVER if now >= closes_at else None
    found = ledger(records, actor, desk, now)
    return why_not_dropped(found.of(assignment.id), found, closes_at, now)


def _follow(records: Records, student: Member, assignment: Assignment, step: Step, now: datetime) -> None:
    """Close what was open about work that is left out, and let messages that name it show how it stands."""
    if step is Step.DROPPED:
        lapse_about(records, student, assignment, now)
        records.nudges.close_offers_on(student.id, assignment.id, OfferState.REPLACED)
    stamp = f"{step}:{assignment.id}:{now.isoformat()}"
    for offer in records.nudges.offers_of(student.id):
        if offer.assignment_id == assignment.id:
            refresh(records, student, offer.nudge_id, stamp, now)
    for nudge_id in records.nudges.plans_naming(student.id, assignment.id):
        data = {"nudge": nudge_id, "student": student.id}
        outbox.refresh(records, "nudges.plan_standing", data, subject_of(nudge_id), stamp, now)
