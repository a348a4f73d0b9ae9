"""What falls due soon: from when on a student is reminded of it, and of what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.extensions import effective_due_at
from cohort.nudges import Work
from cohort.policy import NudgePolicy
from cohort.times import DAY, at_wall, is_waking, local_day

# A reminder that would come at night comes so long before the night begins, so that a late look still finds it.
BEFORE_NIGHT = timedelta(minutes=45)


@dataclass(frozen=True, slots=True)
class Due:
    """One assignment, when it is due for one student, and since when they know that time."""

    assignment: Assignment
    due_at: datetime
    known_at: datetime | None = None


def upcoming(work: Work, assignments: Iterable[Assignment], now: datetime) -> list[Due]:
    """Return the required work a student still has to hand in by a due time that lies ahead, soonest first."""
    if not work.student.is_active(now):
        return []
    spared = work.handed_in | work.quiet
    left = [work.owed(a) for a in assignments if a.id not in spared]
    owed = [a for a in left if a.required and a.is_open(now)]
    dues = [due for a in owed if (due := _due(work, a)) is not None and due.due_at > now]
    return sorted(dues, key=lambda due: (due.due_at, due.assignment.slug))


def _due(work: Work, assignment: Assignment) -> Due | None:
    own = [extension for extension in work.extensions if extension.assignment_id == assignment.id]
    due_at = effective_due_at(assignment, own)
    retry = work.arranged.retry_of(assignment.id)
    if due_at is None:
        return None
    given = [e.granted_at for e in own if e.until_at >= due_at > (assignment.due_at or due_at)]
    return Due(assignment, due_at, min(given, default=retry.opened_at if retry else None))


def remind_from(due: Due, policy: NudgePolicy, tz: ZoneInfo) -> datetime:
    """Return from when on a student is reminded: a day ahead, more for long work, and earlier than any night."""
    hours = due.assignment.hours or 0
    is_long = hours >= policy.long_from_hours
    ahead = policy.due_soon_long_hours if is_long else policy.due_soon_hours
    return before_night(due.due_at - timedelta(hours=ahead), tz, policy.quiet_from, policy.quiet_until)


def before_night(at: datetime, tz: ZoneInfo, quiet_from: time, quiet_until: time) -> datetime:
    """Return the instant itself in waking hours, else one shortly before the quiet hours it falls into."""
    if is_waking(at, tz, quiet_from, quiet_until):
        return at
    began = at_wall(local_day(at, tz), quiet_from, tz)
    if began > at:
        began = at_wall(local_day(at, tz) - DAY, quiet_from, tz)
    return began - BEFORE_NIGHT


def due_soon(work: Work, assignments: Iterable[Assignment], policy: NudgePolicy, now: datetime) -> list[Due]:
    """Return what a student is to be reminded of now, soonest first.

    A due time they were only given after the reminder would have come is fresh in their mind, and left out.
    """
    tz = work.student.tz
    found = [(due, remind_from(due, policy, tz)) for due in upcoming(work, assignments, now)]
    return [due for due, at in found if at <= now and (due.known_at is None or due.known_at < at)]
