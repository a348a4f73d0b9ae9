"""What a student does with a nudge: takes the offer, or says the work is handed in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cohort.assignments import Assignment
from cohort.errors import NotAllowed, NotFound
from cohort.extensions import Case, Origin, offered_until
from cohort.nudges import Offer, OfferState
from cohort.own_work import Retry
from cohort.roster import Member
from services import access, outbox
from services.desk import Desk
from services.extensions import Grant, case_of, grant
from services.nudge_messages import refresh
from services.own_work import arrangements_of
from storage.records import Records

TAKE = "nudges.take_offer"
CLAIM = "nudges.handed_in"


@dataclass(frozen=True, slots=True)
class Taken:
    """More time, granted by taking an offer; `is_new` is False where it had been taken before."""

    assignment: Assignment
    until_at: datetime
    is_new: bool = True


class Over(StrEnum):
    """Why an offer stands no more."""

    LAPSED = "lapsed"
    REPLACED = "replaced"
    SETTLED = "settled"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class OfferOver:
    """An offer that can't be taken any more, and why; nothing was changed."""

    assignment: Assignment
    days: int
    why: Over
    effective_due_at: datetime


Outcome = Taken | OfferOver


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What a student says is handed in, and whether the records know of it already."""

    assignment: Assignment
    is_recorded: bool


def take_offer(offer_id: str, actor: Member, now: datetime, desk: Desk) -> Outcome:
    """Take an offer: the time is granted at once, counted from now. A second time says the same.

    Raises NotFound, NotAllowed for anyone but the student it was made to, and NotActive.
    """
    access.require_student(actor, TAKE, now)
    with desk.transaction(now) as records:
        offer = records.nudges.offer(offer_id)
        if offer is None:
            raise NotFound("offer", offer_id)
        if offer.student_id != actor.id:
            raise NotAllowed(TAKE, "the student it was offered to")
        return _take(records, offer, actor, now, desk)


def take_all(nudge_id: str, actor: Member, now: datetime, desk: Desk) -> list[Outcome]:
    """Take every offer of one's own nudge, at once or not at all; what was due first comes first.

    Raises NotFound, NotAllowed and NotActive.
    """
    access.require_student(actor, TAKE, now)
    with desk.transaction(now) as records:
        offers = [o for o in records.nudges.offers_of(actor.id) if o.nudge_id == nudge_id]
        if not offers:
            raise NotFound("offer", nudge_id)
        outcomes = [_take(records, offer, actor, now, desk) for offer in offers]
    return sorted(outcomes, key=lambda outcome: (outcome.assignment.due_at or now, outcome.assignment.slug))


def _take(records: Records, offer: Offer, actor: Member, now: datetime, desk: Desk) -> Outcome:
    case = case_of(records, actor, access.assignment(records, offer.assignment_id), now)
    due = case.effective_due_at or case.assignment.hard_due_at
    if offer.state is OfferState.TAKEN:
        return Taken(case.assignment, due, is_new=False)
    why = _why_over(offer, case, now)
    if why is not None:
        return OfferOver(case.assignment, offer.days, why, due)
    until = offered_until(offer.days, case, now, desk.policy.programme.tz)
    grant(records, Grant(case, until, Origin.OFFER), now, desk)
    refresh(records, actor, offer.nudge_id, f"taken:{offer.id}", now)
    return Taken(case.assignment, until)


def _why_over(offer: Offer, case: Case, now: datetime) -> Over | None:
    checks = (
        (case.is_settled or case.is_dropped, Over.SETTLED),
        (now >= case.assignment.hard_due_at, Over.CLOSED),
        (offer.state is OfferState.REPLACED, Over.REPLACED),
        (offer.state is OfferState.LAPSED or now >= offer.lapses_at, Over.LAPSED),
    )
    return next((why for holds, why in checks if holds), None)


def say_handed_in(assignment_id: str, actor: Member, now: datetime, desk: Desk) -> HandedIn:
    """Note that a student says work is handed in, and let staff know where the records have nothing of it.

    Nothing more is sent about it from then on. Raises NotFound, NotAllowed for staff, and NotActive.
    """
    access.require_student(actor, CLAIM, now)
    with desk.transaction(now) as records:
        assignment = records.assignments.get(assignment_id)
        if assignment is None or not assignment.kind.is_handed_in:
            raise NotFound("assignment", assignment_id)
        arranged = arrangements_of(records, actor, now)
        submissions = records.submissions.of(actor.id, assignment.id)
        if any(s.submitted_at <= now and arranged.counts(s) for s in submissions):
            return HandedIn(assignment, is_recorded=True)
        if records.submissions.claim_handed_in(actor.id, assignment.id, now):
            _tell_staff(records, actor, assignment, arranged.retry_of(assignment.id), now)
        return HandedIn(assignment, is_recorded=False)


def _tell_staff(records: Records, student: Member, assignment: Assignment, retry: Retry | None, now: datetime) -> None:
    data = {"student": student.id, "assignment": assignment.id}
    stamp = f"claimed:{student.id}:{assignment.id}" + (f":{retry.id}" if retry else "")
    outbox.post(records, "nudges.claimed", outbox.STAFF, data, stamp, now)
    records.audit.add(student.id, "nudge.said_handed_in", assignment.id, now)
    for offer in records.nudges.offers_of(student.id):
        if offer.assignment_id == assignment.id:
            refresh(records, student, offer.nudge_id, stamp, now)
