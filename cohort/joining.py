"""Joining a programme: when somebody is welcomed, and what dates that are hard do to due times."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from cohort.assignments import Assignment
from cohort.policy import Programme
from cohort.roster import Member
from cohort.times import DAY, at_wall, local_day

# Nobody is welcomed earlier before the start, nor later after they have joined: who is here knows their way.
BEFORE: Final = timedelta(days=14)
WITHIN: Final = timedelta(days=14)
FIRST_WEEK: Final = timedelta(days=7)
LONGEST: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class HardDates:
    """Days that are hard for a student, both included; no reason goes with them."""

    from_on: date
    to_on: date

    def holds(self, on: date) -> bool:
        """Whether a day is one of them."""
        return self.from_on <= on <= self.to_on


@dataclass(frozen=True, slots=True)
class Moved:
    """A piece of work with its due time and the one that is proposed."""

    assignment: Assignment
    due_at: datetime
    until_at: datetime


def is_welcomed(member: Member, added_at: datetime, programme: Programme, now: datetime) -> bool:
    """Say whether a member of the roster is to be welcomed now; whoever joined long ago is not."""
    if member.slack_id is None or not member.is_active(now) or now >= programme.closes_at:
        return False
    opens_at = at_wall(programme.starts_on, datetime.min.time(), programme.tz) - BEFORE
    here_since = max(opens_at, member.joined_at or added_at)
    return here_since <= now < max(here_since + WITHIN, opens_at + BEFORE + FIRST_WEEK)


def can_name_dates(programme: Programme, now: datetime, tz: tzinfo) -> bool:
    """Say whether hard dates still move due times by themselves: until the end of the first week."""
    return local_day(now, tz) < programme.starts_on + FIRST_WEEK


def moved(dues: Iterable[tuple[Assignment, datetime]], hard: Sequence[HardDates], tz: tzinfo) -> list[Moved]:
    """Return what falls due on hard dates, with the same wall time on the first day after them, or the hard end.

    Days are those of the student's zone. What can't be moved to a later time is left out.
    """
    found = []
    for assignment, due_at in dues:
        on = local_day(due_at, tz)
        free_on = _free(on, hard)
        if free_on == on:
            continue
        wall = due_at.astimezone(tz).time()
        until_at = min(at_wall(free_on, wall, tz), assignment.hard_due_at)
        if until_at > due_at:
            found.append(Moved(assignment, due_at, until_at))
    return found


def _free(on: date, hard: Sequence[HardDates]) -> date:
    while held := next((dates for dates in hard if dates.holds(on)), None):
        on = held.to_on + DAY
    return on
