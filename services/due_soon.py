"""Reminding students of what falls due soon, by their own due times and in one message."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from cohort.assignments import Assignment
from cohort.nudge_limits import NudgeKind
from cohort.nudge_words import NudgeWords
from cohort.nudges import Work
from cohort.policy import NudgePolicy
from cohort.reminders import Due, due_soon
from cohort.roster import Member
from cohort.times import DAY
from cohort.week_plans import leaves_it_to_the_plan
from services import access, outbox
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from services.nudge_hearing import as_wanted, can_be_nudged
from services.nudge_messages import subject_of
from services.nudge_sweeps import hearing, in_batches, spared_from
from services.nudges import work_of
from storage.ids import new_id
from storage.nudges import Mention
from storage.records import Records

KIND = NudgeKind.DUE_SOON
Found = tuple[str, list[Due]]
Reminded = set[tuple[str, str, datetime]]


@dataclass(frozen=True, slots=True)
class DueSoon:
    """For a student: what is due soon, and the ways to more time."""

    nudge_id: str
    student: Member
    dues: Sequence[Due]
    words: NudgeWords


def remind_due_soon(desk: Desk, now: datetime) -> int:
    """Queue one message for every student with something due soon; return how many."""
    with desk.store.reading() as records:
        found = list(_found(records, desk.policy.nudges, now))
    return in_batches(found, partial(_remind, desk=desk, now=now), desk)


def _found(records: Records, policy: NudgePolicy, now: datetime) -> Iterator[Found]:
    everything = records.assignments.all()
    near = [a for a in everything if _may_be_near(a, policy, now)]
    if not near and not records.own_work.has_any():
        return
    reminded = records.nudges.reminded(now)
    # An offer about the same thing stands in the place of a reminder.
    spared = [*spared_from(records), records.nudges.open_offers()]
    for work in hearing(records, KIND, spared, policy, now):
        new = _new(work, near if work.arranged.is_empty else everything, reminded, policy, now)
        if new:
            yield work.student.id, new


def _may_be_near(assignment: Assignment, policy: NudgePolicy, now: datetime) -> bool:
    """Say whether anyone for whom nothing else is arranged can have to be reminded now.

    Two days more are for a night that comes in between.
    """
    ahead = timedelta(hours=max(policy.due_soon_hours, policy.due_soon_long_hours)) + 2 * DAY
    due_at = assignment.due_at
    return assignment.required and assignment.is_open(now) and due_at is not None and due_at - ahead <= now


def _new(
    work: Work, assignments: Sequence[Assignment], reminded: Reminded, policy: NudgePolicy, now: datetime
) -> list[Due]:
    return [
        due
        for due in due_soon(work, assignments, policy, now)
        if (work.student.id, due.assignment.id, due.due_at) not in reminded
        and not leaves_it_to_the_plan(due, now, policy, work.student.tz)
    ]


def _remind(records: Records, found: Found, desk: Desk, now: datetime) -> bool:
    """Write to a student who is looked at once more; say whether there still was a reason to."""
    student_id, dues = found
    student, policy = access.known(records, student_id), desk.policy.nudges
    if not can_be_nudged(records, student, KIND, policy, now):
        return False
    work = _work(records, student, [due.assignment.id for due in dues], now)
    assignments = [access.assignment(records, due.assignment.id) for due in dues]
    new = _new(work, assignments, records.nudges.reminded_of(student_id, now), policy, now)
    if new:
        _write(records, student, new, now)
    return bool(new)


def _work(records: Records, student: Member, about: Sequence[str], now: datetime) -> Work:
    assignments = [access.assignment(records, assignment_id) for assignment_id in about]
    work = work_of(records, student, assignments, now)
    return as_wanted(records, work, now)


def _write(records: Records, student: Member, dues: Sequence[Due], now: datetime) -> None:
    nudge_id, until = new_id("ndg"), min(due.due_at for due in dues)
    data = {"nudge": nudge_id, "student": student.id, "assignments": [due.assignment.id for due in dues]}
    outbox.post_nudge(records, "nudges.due_soon", outbox.to(student), data, f"due_soon:{nudge_id}", now, until)
    records.nudges.add(nudge_id, student.id, KIND.value, now, until)
    mentions = [Mention(due.assignment.id, due.due_at, is_reminder=True) for due in dues]
    records.nudges.add_mentions(nudge_id, student.id, mentions)
    records.audit.add(None, "nudge.due_soon", nudge_id, now)


def compose_due_soon(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what is still due soon of what a reminder was made for; nothing where nothing is."""
    student, policy = access.known(records, data["student"]), desk.policy.nudges
    work = _work(records, student, data["assignments"], now)
    about = [access.assignment(records, assignment_id) for assignment_id in data["assignments"]]
    dues = due_soon(work, about, policy, now)
    if not dues:
        return Obsolete("nothing is due soon any more")
    return Said(DueSoon(data["nudge"], student, dues, policy.words), subject_of(data["nudge"]))


COMPOSERS = {"nudges.due_soon": compose_due_soon}
