"""A new plan for a student: proposed by whoever follows them up, accepted with one press, applied at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cohort.assignments import Assignment
from cohort.errors import NotActive, NotAllowed, NotFound, ReasonNeeded
from cohort.extensions import Case, Origin
from cohort.graduation import why_not_dropped
from cohort.new_plans import DAYS, LoadChange, NewPlan, PlanItem, PlanState, load_changes
from cohort.nudges import missed
from cohort.reminders import Due, upcoming
from cohort.roster import Member, Role
from cohort.times import add_days
from services import access, graduation, outbox
from services.desk import Desk
from services.extensions import Grant, case_of, grant
from services.letters import Composed, Said
from services.nudges import own_due_at, work_of
from storage.ids import new_id
from storage.records import Records

PROPOSE = "new_plans.propose"
ANSWER = "new_plans.answer"
DROP = "drop"
# How many pieces of work one plan can change.
ITEMS_MOST = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """One piece of work that a plan could change: until when it could be put off, and whether it can be left out."""

    assignment: Assignment
    due_at: datetime
    untils: Sequence[tuple[int, datetime]]
    can_drop: bool


@dataclass(frozen=True, slots=True)
class PlanForm:
    """What somebody sees who makes a plan: the student's open work, and the load of each week as it is."""

    student: Member
    choices: Sequence[Choice]
    weeks: Sequence[LoadChange]


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A plan with all that people read of it: each piece with its due time as it was, and the load of each week.

    It is not new for who answers what was settled before.
    """

    plan: NewPlan
    student: Member
    by: Member
    items: Sequence[tuple[Assignment, datetime, datetime | None]]
    weeks: Sequence[LoadChange]
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class PlanAnswered:
    """For whoever proposed a plan: what the student said."""

    plan: NewPlan
    student: Member


def to_propose(actor: Member, now: datetime) -> None:
    """Raise NotAllowed or NotActive for who can't make plans for students."""
    access.require_staff(actor, PROPOSE, now)


def form(student_id: str, actor: Member, now: datetime, desk: Desk) -> PlanForm:
    """Return what a plan for a student could change. Raises NotAllowed, NotActive and NotFound."""
    with desk.store.reading() as records:
        student = _planned_for(records, student_id, actor, now)
        dues = _dues(records, student, now)
        return PlanForm(student, _choices(records, student, dues, desk, now), _weeks(dues, (), desk))


def preview(student_id: str, chosen: Mapping[str, str], actor: Member, now: datetime, desk: Desk) -> PlanShown:
    """Return the plan that these choices make, without proposing it: days or `DROP` by assignment id.

    Raises ReasonNeeded where nothing is changed, NotFound for what can't be chosen, NotAllowed and NotActive.
    """
    with desk.store.reading() as records:
        student = _planned_for(records, student_id, actor, now)
        return _shown(records, _plan(records, student, chosen, actor, desk, now), student, desk, now)


def propose(student_id: str, chosen: Mapping[str, str], actor: Member, now: datetime, desk: Desk) -> PlanShown:
    """Propose a plan to a student, in the place of one they have not answered. Raises as `preview`."""
    with desk.transaction(now) as records:
        student = _planned_for(records, student_id, actor, now)
        plan = _plan(records, student, chosen, actor, desk, now)
        records.new_plans.add(plan)
        data = {"plan": plan.id, "student": student.id}
        outbox.post(records, "new_plans.proposed", outbox.to(student), data, f"plan:{plan.id}", now)
        records.audit.add(actor.id, "new_plan.proposed", plan.id, now)
        return _shown(records, plan, student, desk, now)


def answer(plan_id: str, actor: Member, now: datetime, desk: Desk, *, state: PlanState) -> PlanShown:
    """Accept or decline a plan: what was accepted is applied at once, as far as it still makes sense.

    A second press, and one on a plan that was replaced, changes nothing and shows what holds. Raises NotFound,
    NotAllowed for anyone but the student, and NotActive.
    """
    access.require_student(actor, ANSWER, now)
    with desk.transaction(now) as records:
        plan = _of(records, plan_id)
        if plan.student_id != actor.id:
            raise NotAllowed(ANSWER, "the student it was made for")
        shown = _shown(records, plan, actor, desk, now)
        if not records.new_plans.settle(plan.id, state, now):
            return replace(shown, is_new=False)
        if state is PlanState.ACCEPTED:
            _apply(records, plan, actor, desk, now)
        by = access.known(records, plan.proposed_by)
        data = {"plan": plan.id, "student": actor.id}
        outbox.post(records, "new_plans.answered", outbox.to(by), data, f"answered:{plan.id}", now)
        outbox.refresh(records, "new_plans.standing", data, subject(plan.id), f"answered:{plan.id}", now)
        records.audit.add(actor.id, f"new_plan.{state}", plan.id, now)
        return PlanShown(_of(records, plan_id), actor, by, shown.items, shown.weeks)


def subject(plan_id: str) -> str:
    """Return under what name the post of a plan is kept."""
    return f"new_plan:{plan_id}"


def _planned_for(records: Records, student_id: str, actor: Member, now: datetime) -> Member:
    """Return the student, for whoever follows them up and for organizers. Raises NotAllowed, NotActive, NotFound."""
    access.require_staff(actor, PROPOSE, now)
    student = records.roster.get(student_id)
    if student is None or student.role is not Role.STUDENT:
        raise NotFound("student", student_id)
    case = records.follow_ups.open_of(student.id)
    if actor.role is not Role.ORGANIZER and (case is None or case.owner_id != actor.id):
        raise NotAllowed(PROPOSE, "whoever follows this student up")
    if not student.is_active(now):
        raise NotActive(student.status.value, about_self=False)
    return student


def _dues(records: Records, student: Member, now: datetime) -> list[Due]:
    """Return what a student has still to hand in, missed or ahead, the soonest first."""
    assignments = records.assignments.all()
    work = work_of(records, student, assignments, now)
    late = [Due(a, own_due_at(work, a)) for a in missed(work, assignments, now)]
    return [*late, *upcoming(work, assignments, now)][:ITEMS_MOST]


def _choices(records: Records, student: Member, dues: Sequence[Due], desk: Desk, now: datetime) -> list[Choice]:
    ledger, closes_at = graduation.ledger(records, student, desk, now), desk.policy.programme.closes_at
    found = []
    for due in dues:
        can_drop = why_not_dropped(ledger.of(due.assignment.id), ledger, closes_at, now) is None
        found.append(Choice(due.assignment, due.due_at, _untils(due, desk, now), can_drop))
    return found


def _untils(due: Due, desk: Desk, now: datetime) -> list[tuple[int, datetime]]:
    """Return until when a piece could be put off: days after its due time, or after today where that has passed."""
    tz, last_at = desk.policy.programme.tz, due.assignment.hard_due_at
    from_at = due.due_at if due.due_at > now else add_days(due.due_at, (now - due.due_at).days + 1, tz)
    return [(days, until) for days in DAYS if (until := add_days(from_at, days, tz)) <= last_at]


def _plan(
    records: Records, student: Member, chosen: Mapping[str, str], actor: Member, desk: Desk, now: datetime
) -> NewPlan:
    choices = {c.assignment.id: c for c in _choices(records, student, _dues(records, student, now), desk, now)}
    items = [_item(choices.get(assignment_id), what, assignment_id) for assignment_id, what in chosen.items() if what]
    if not items:
        raise ReasonNeeded("at least one change")
    return NewPlan(new_id("npl"), student.id, actor.id, now, tuple(items))


def _item(choice: Choice | None, what: str, assignment_id: str) -> PlanItem:
    if choice is not None and what == DROP and choice.can_drop:
        return PlanItem(assignment_id, None)
    until = {str(days): at for days, at in choice.untils}.get(what) if choice is not None else None
    if until is None:
        raise NotFound("assignment", assignment_id)
    return PlanItem(assignment_id, until)


def _apply(records: Records, plan: NewPlan, student: Member, desk: Desk, now: datetime) -> None:
    """Grant and leave out what a plan says; what was handed in or left out since is passed over."""
    by = access.known(records, plan.proposed_by)
    for item in plan.items:
        assignment = access.assignment(records, item.assignment_id)
        case = case_of(records, student, assignment, now)
        if item.until_at is None:
            graduation.leave_out(records, assignment, student, now, desk)
        elif _is_of_use(case, item.until_at, now):
            grant(records, Grant(case, item.until_at, Origin.TA, by), now, desk)


def _is_of_use(case: Case, until_at: datetime, now: datetime) -> bool:
    due = case.effective_due_at
    is_later = until_at > now and (due is None or until_at > due)
    return is_later and until_at <= case.assignment.hard_due_at and not (case.is_settled or case.is_dropped)


def _shown(records: Records, plan: NewPlan, student: Member, desk: Desk, now: datetime) -> PlanShown:
    dues = _dues(records, student, now)
    due_at = {due.assignment.id: due.due_at for due in dues}
    items = []
    for item in plan.items:
        assignment = access.assignment(records, item.assignment_id)
        items.append(
            (assignment, due_at.get(assignment.id, assignment.due_at or assignment.hard_due_at), item.until_at)
        )
    by = access.known(records, plan.proposed_by)
    return PlanShown(plan, student, by, items, _weeks(dues, plan.items, desk))


def _weeks(dues: Sequence[Due], items: Sequence[PlanItem], desk: Desk) -> list[LoadChange]:
    return load_changes([(due.assignment, due.due_at) for due in dues], items, desk.policy.programme.tz)


def _of(records: Records, plan_id: str) -> NewPlan:
    found = records.new_plans.get(plan_id)
    if found is None:
        raise NotFound("plan", plan_id)
    return found


def compose_proposed(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the plan as it stands, for the student."""
    plan, student = _of(records, data["plan"]), access.known(records, data["student"])
    return Said(_shown(records, plan, student, desk, now), subject(plan.id))


def compose_answered(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what the student said, for whoever proposed the plan."""
    del desk, now
    return Said(PlanAnswered(_of(records, data["plan"]), access.known(records, data["student"])))


COMPOSERS = {
    "new_plans.proposed": compose_proposed,
    "new_plans.standing": compose_proposed,
    "new_plans.answered": compose_answered,
}
