"""What a student accepts of an offer: it happens at once, and a second press says the same."""

from dataclasses import dataclass
from datetime import datetime

from cohort.assignments import Assignment
from cohort.errors import NotAllowed, NotFound
from cohort.extensions import Origin as GrantedBy
from cohort.extensions import offered_until
from cohort.follow_ups import Origin
from cohort.graduation import NoDrop
from cohort.ladder import Help
from cohort.roster import Member
from services import access, bookings, follow_ups, graduation
from services.appointments import Appointment, appointment
from services.desk import Desk
from services.extensions import Grant, case_of, grant
from services.ladder import days_for, own_work
from services.ladder_messages import refresh, rung_of
from storage.ladder import Rung
from storage.records import Records

ACCEPT = "ladder.accept"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was accepted and what came of it; `is_new` is False where it had been accepted before.

    `why` says why something could not be left out, `is_over` that time can't be granted any more, and `is_settled`
    that none is needed, since the work is handed in or left out.
    """

    help: Help
    assignment: Assignment | None = None
    until_at: datetime | None = None
    booked: Appointment | None = None
    why: NoDrop | None = None
    is_over: bool = False
    is_settled: bool = False
    is_new: bool = True


def accept(rung_id: str, which: Help, actor: Member, now: datetime, desk: Desk) -> Accepted:
    """Accept one kind of help that was offered.

    Raises NotFound, NotAllowed for anyone but the student it was made to, NotActive, and SlotRefused.
    """
    access.require_student(actor, ACCEPT, now)
    with desk.transaction(now) as records:
        rung = rung_of(records, rung_id)
        if rung.student_id != actor.id:
            raise NotAllowed(ACCEPT, "the student it was offered to")
        about = dict(rung.offered).get(which)
        if about is None:
            raise NotFound("offer", which)
        outcome = _WAYS[which](records, rung, about, actor, now, desk)
        if outcome.is_new and outcome.why is None and not (outcome.is_over or outcome.is_settled):
            records.ladder.accept(rung.id, [*rung.accepted, which], now)
            records.audit.add(actor.id, f"ladder.accepted_{which}", rung.id, now)
            refresh(records, rung, f"accepted:{rung.id}:{which}", now)
        return outcome


def _more_days(records: Records, rung: Rung, assignment_id: str, actor: Member, now: datetime, desk: Desk) -> Accepted:
    assignment = access.assignment(records, assignment_id)
    case = case_of(records, actor, assignment, now)
    handed_in = own_work(records, actor, [assignment], now).handed_in
    if assignment.id in handed_in or case.is_settled or case.is_dropped:
        return Accepted(Help.MORE_DAYS, assignment, is_settled=True)
    if Help.MORE_DAYS in rung.accepted:
        return Accepted(Help.MORE_DAYS, assignment, case.effective_due_at, is_new=False)
    days = days_for(records, actor, assignment, desk, now)
    if not days:
        return Accepted(Help.MORE_DAYS, assignment, case.effective_due_at, is_over=True)
    until_at = offered_until(days, case, now, desk.policy.programme.tz)
    grant(records, Grant(case, until_at, GrantedBy.OFFER), now, desk)
    return Accepted(Help.MORE_DAYS, assignment, until_at)


def _drop(records: Records, rung: Rung, assignment_id: str, actor: Member, now: datetime, desk: Desk) -> Accepted:
    del rung
    assignment = access.assignment(records, assignment_id)
    why, is_new = graduation.leave_out(records, assignment, actor, now, desk)
    return Accepted(Help.DROP, assignment, why=why, is_new=is_new or why is not None)


def _slot(records: Records, rung: Rung, slot_id: str, actor: Member, now: datetime, desk: Desk) -> Accepted:
    del rung
    theirs = [b for b in records.bookings.of_student(actor.id) if b.slot_id == slot_id and b.ended_at is None]
    if theirs:
        return Accepted(Help.SLOT, booked=appointment(records, theirs[0]), is_new=False)
    booking = bookings.place(records, actor, slot_id, now, desk)
    return Accepted(Help.SLOT, booked=appointment(records, booking))


def _lighter_plan(records: Records, rung: Rung, about: str, actor: Member, now: datetime, desk: Desk) -> Accepted:
    del about
    if Help.LIGHTER_PLAN in rung.accepted:
        return Accepted(Help.LIGHTER_PLAN, is_new=False)
    follow_ups.open_case(records, actor, Origin.TALK, "asked for a lighter plan", now, desk)
    return Accepted(Help.LIGHTER_PLAN)


_WAYS = {
    Help.MORE_DAYS: _more_days,
    Help.DROP: _drop,
    Help.SLOT: _slot,
    Help.LIGHTER_PLAN: _lighter_plan,
}
