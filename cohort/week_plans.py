"""The plan of a week: by when to start what, so that nothing falls on one evening."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.nudges import Work
from cohort.policy import NudgePolicy
from cohort.reminders import Due, upcoming
from cohort.times import WEEKDAYS, add_days, at_wall, local_day, shift

WINDOW = timedelta(hours=2)
PLANNED_DAYS = 7


class Progress(StrEnum):
    """How far a student says they are."""

    STARTED = "started"
    STUCK = "stuck"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a student has to hand in or start within a week, and what there is to read and hear."""

    to_do: list[Due]
    to_attend: list[Assignment]


def start_by(due: Due, policy: NudgePolicy, tz: ZoneInfo) -> datetime:
    """Return by when to start: the own due time less the estimated hours at so many a day; one day if unknown."""
    hours = due.assignment.hours or policy.hours_a_day
    return shift(due.due_at, -timedelta(days=hours / policy.hours_a_day), tz)


def plan_at(now: datetime, policy: NudgePolicy, tz: ZoneInfo) -> datetime | None:
    """Return when this local day's plan is made; None on every other day of the week."""
    today = local_day(now, tz)
    if WEEKDAYS[today.weekday()] != policy.plan_on:
        return None
    return at_wall(today, policy.plan_at, tz)


def is_plan_time(now: datetime, policy: NudgePolicy, tz: ZoneInfo) -> bool:
    """Say whether the plan of the week goes out now."""
    at = plan_at(now, policy, tz)
    return at is not None and at <= now < at + WINDOW


def leaves_it_to_the_plan(due: Due, now: datetime, policy: NudgePolicy, tz: ZoneInfo) -> bool:
    """Say whether today's plan is still to come and in time to name something, so that no reminder need do so."""
    at = plan_at(now, policy, tz)
    return at is not None and now < at + WINDOW < due.due_at


def plan_of(work: Work, assignments: Iterable[Assignment], policy: NudgePolicy, now: datetime) -> Plan:
    """Return a student's plan of the seven days from now, by their own due times."""
    everything, tz = list(assignments), work.student.tz
    until = add_days(now, PLANNED_DAYS, tz)
    dues = upcoming(work, everything, now)
    to_do = [due for due in dues if due.due_at < until or start_by(due, policy, tz) < until]
    if not work.student.is_active(now):
        return Plan([], [])
    to_attend = [a for a in everything if _is_attended(a, now, until) and a.id not in work.quiet]
    return Plan(to_do, sorted(to_attend, key=lambda a: (a.due_at or a.opens_at or until, a.slug)))


def _is_attended(assignment: Assignment, now: datetime, until: datetime) -> bool:
    at = assignment.due_at or assignment.opens_at
    return not assignment.kind.is_handed_in and not assignment.cancelled and at is not None and now <= at < until
