"""A new plan: later due times and pieces left out, and what that makes of the load a week."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import chain
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.times import local_day, week_of

# By how many calendar days a piece of work can be put off in one plan.
DAYS = (2, 4, 7, 10, 14, 21)


class PlanState(StrEnum):
    """What became of a plan."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One piece of work in a plan: until when there is time, or None where it is left out."""

    assignment_id: str
    until_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewPlan:
    """Due times and drops that somebody proposed to a student, and what became of them."""

    id: str
    student_id: str
    proposed_by: str
    proposed_at: datetime
    items: Sequence[PlanItem]
    state: PlanState = PlanState.PROPOSED
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """What is due in the week of a Monday: pieces of work, and their estimated hours as far as they are known."""

    week_on: date
    things: int = 0
    hours: float = 0.0


@dataclass(frozen=True, slots=True)
class LoadChange:
    """One week as it is and as it would be."""

    before: WeekLoad
    after: WeekLoad


def loads(dues: Iterable[tuple[Assignment, datetime]], tz: ZoneInfo) -> dict[date, WeekLoad]:
    """Return the load of each week in a zone in which anything is due, by its Monday."""
    found: dict[date, WeekLoad] = {}
    for assignment, due_at in dues:
        week_on = week_of(local_day(due_at, tz))
        so_far = found.get(week_on, WeekLoad(week_on))
        found[week_on] = WeekLoad(week_on, so_far.things + 1, so_far.hours + (assignment.hours or 0))
    return found


def load_changes(
    dues: Sequence[tuple[Assignment, datetime]], items: Iterable[PlanItem], tz: ZoneInfo
) -> list[LoadChange]:
    """Return each week's load as it is and under a plan, soonest first."""
    planned: Mapping[str, datetime | None] = {item.assignment_id: item.until_at for item in items}
    changed = [(assignment, planned.get(assignment.id, due_at)) for assignment, due_at in dues]
    before = loads(dues, tz)
    after = loads([(assignment, at) for assignment, at in changed if at is not None], tz)
    weeks = sorted(set(chain(before, after)))
    return [LoadChange(before.get(on, WeekLoad(on)), after.get(on, WeekLoad(on))) for on in weeks]
