"""The plan of the week: made once a week for every student, and what they say about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from cohort.assignments import Assignment
from cohort.errors import NotFound
from cohort.nudge_limits import NudgeKind
from cohort.nudge_words import NudgeWords
from cohort.nudges import Work
from cohort.policy import NudgePolicy
from cohort.reminders import Due, remind_from
from cohort.roster import Member
from cohort.times import DAY
from cohort.week_plans import Plan, Progress, is_plan_time, plan_of, start_by
from cohort.workload import Crowd, crowds
from services import access, outbox
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from services.nudge_hearing import as_wanted, can_be_nudged
from services.nudge_messages import subject_of
from services.nudge_sweeps import hearing, in_batches, spared_from, taking_part
from services.nudges import own_due_at, work_of
from storage.ids import new_id
from storage.nudges import Mention
from storage.records import Records

KIND = NudgeKind.PLAN
# The plan of a Sunday evening is of no use on Monday afternoon.
OF_USE = timedelta(hours=18)
SAY = "nudges.say_progress"


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One piece of work in a plan: the own due time, by when to start, and what the student said of it."""

    assignment: Assignment
    due_at: datetime
    start_by_at: datetime
    progress: Progress | None = None
    is_settled: bool = False
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """For a student: the week that lies ahead."""

    nudge_id: str
    student: Member
    items: Sequence[PlanItem]
    to_attend: Sequence[Assignment]
    words: NudgeWords
    crowds: Sequence[Crowd] = ()


@dataclass(frozen=True, slots=True)
class ProgressSaid:
    """What a student said about a piece of work, for the answer to them."""

    student: Member
    assignment: Assignment
    progress: Progress
    words: NudgeWords


def plan_week(desk: Desk, now: datetime) -> int:
    """Queue the plan of the week for every student for whom it is time; return how many."""
    with desk.store.reading() as records:
        found = list(_found(records, desk.policy.nudges, now))
    return in_batches(found, partial(_plan, desk=desk, now=now), desk)


def _found(records: Records, policy: NudgePolicy, now: datetime) -> Iterator[str]:
    zones = {student.zone: student.tz for student in taking_part(records, now)}
    in_time = {name for name, tz in zones.items() if is_plan_time(now, policy, tz)}
    if not in_time:
        return
    assignments = records.assignments.all()
    for work in hearing(records, KIND, spared_from(records), policy, now):
        if work.student.zone in in_time and _is_worth_it(plan_of(work, assignments, policy, now)):
            yield work.student.id


def _is_worth_it(plan: Plan) -> bool:
    return bool(plan.to_do or plan.to_attend)


def _plan(records: Records, student_id: str, desk: Desk, now: datetime) -> bool:
    """Write to a student who is looked at once more; say whether there still was a reason to."""
    student, policy = access.known(records, student_id), desk.policy.nudges
    if not can_be_nudged(records, student, KIND, policy, now):
        return False
    assignments = records.assignments.all()
    work = as_wanted(records, _work(records, student, assignments, now), now)
    plan = plan_of(work, assignments, policy, now)
    return _is_worth_it(plan) and _write(records, student, plan, policy, now)


def _work(records: Records, student: Member, assignments: Sequence[Assignment], now: datetime) -> Work:
    return work_of(records, student, assignments, now)


def _write(records: Records, student: Member, plan: Plan, policy: NudgePolicy, now: datetime) -> bool:
    nudge_id, until = new_id("ndg"), now + OF_USE
    data = {"nudge": nudge_id, "student": student.id}
    key = f"plan:{student.id}:{now.astimezone(student.tz).date()}"
    if not outbox.post_nudge(records, "nudges.plan", outbox.to(student), data, key, now, until):
        return False
    records.nudges.add(nudge_id, student.id, KIND.value, now, until)
    mentions = [_mention(due, policy, student, now) for due in plan.to_do]
    mentions += [Mention(a.id, a.due_at or a.opens_at or now + 7 * DAY, is_reminder=False) for a in plan.to_attend]
    records.nudges.add_mentions(nudge_id, student.id, mentions)
    records.audit.add(None, "nudge.plan", nudge_id, now)
    return True


def _mention(due: Due, policy: NudgePolicy, student: Member, now: datetime) -> Mention:
    """Return how the plan names something: in the place of a reminder that would have come by now."""
    return Mention(due.assignment.id, due.due_at, is_reminder=remind_from(due, policy, student.tz) <= now)


def compose_plan(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the plan if anything of it is still ahead."""
    said = compose_standing(records, data, desk, now)
    plan = said.content if isinstance(said, Said) else None
    if (
        isinstance(plan, WeekPlan)
        and not plan.to_attend
        and all(item.is_settled or item.is_waiting for item in plan.items)
    ):
        return Obsolete("nothing of the plan is left")
    return said


def compose_standing(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the plan as it stands now: what was handed in since, and what the student said."""
    student, policy = access.known(records, data["student"]), desk.policy.nudges
    named = [access.assignment(records, m.assignment_id) for m in records.nudges.mentions_of(data["nudge"])]
    work, progress = _work(records, student, named, now), records.nudges.progress_of(student.id)
    items = [_item(work, work.owed(a), progress.get(a.id), policy, now) for a in named if a.kind.is_handed_in]
    to_attend = [a for a in named if not a.kind.is_handed_in and not a.cancelled]
    items.sort(key=lambda item: (item.due_at, item.assignment.slug))
    dues = [(item.assignment, item.due_at) for item in items if not item.is_settled]
    full = crowds(dues, desk.policy.workload, student.tz)
    plan = WeekPlan(data["nudge"], student, items, to_attend, policy.words, full)
    return Said(plan, subject_of(data["nudge"]))


def _item(
    work: Work, assignment: Assignment, progress: Progress | None, policy: NudgePolicy, now: datetime
) -> PlanItem:
    """Return how one piece of work stands; what should have been started by now is to be started today."""
    due_at = own_due_at(work, assignment)
    start_by_at = max(now, start_by(Due(assignment, due_at), policy, work.student.tz))
    is_waiting = assignment.id in work.waiting
    is_done = assignment.id in work.handed_in | (work.quiet - work.waiting)
    is_settled = is_done or assignment.cancelled or not assignment.required
    return PlanItem(assignment, due_at, start_by_at, progress, is_settled, is_waiting)


def say_progress(assignment_id: str, progress: Progress, actor: Member, now: datetime, desk: Desk) -> ProgressSaid:
    """Note how far a student is, and show it in the plans that name it. Raises NotAllowed, NotActive, NotFound."""
    access.require_student(actor, SAY, now)
    with desk.transaction(now) as records:
        assignment = records.assignments.get(assignment_id)
        if assignment is None or not assignment.kind.is_handed_in:
            raise NotFound("assignment", assignment_id)
        records.nudges.say_progress(actor.id, assignment.id, progress, now)
        for nudge_id in records.nudges.plans_naming(actor.id, assignment.id):
            data = {"nudge": nudge_id, "student": actor.id}
            stamp = f"{assignment.id}:{progress}:{now.isoformat()}"
            outbox.refresh(records, "nudges.plan_standing", data, subject_of(nudge_id), stamp, now)
        return ProgressSaid(actor, assignment, progress, desk.policy.nudges.words)


COMPOSERS = {"nudges.plan": compose_plan, "nudges.plan_standing": compose_standing}
