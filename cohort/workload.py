"""Too much at once: where more falls due within two days than policy allows, and the days around it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.policy import WorkloadPolicy
from cohort.times import DAY, days_between, local_day

Due = tuple[Assignment, datetime]
AROUND = 2 * DAY


@dataclass(frozen=True, slots=True)
class DayLoad:
    """What falls due on one local day; `hours` counts what is estimated."""

    on: date
    work: Sequence[Assignment]

    @property
    def hours(self) -> float:
        """The estimated hours of what falls due."""
        return sum(assignment.hours or 0 for assignment in self.work)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Two local days in a row on which too much falls due, and the days around them, in their order."""

    first: DayLoad
    second: DayLoad
    around: Sequence[DayLoad]

    @property
    def work(self) -> list[Assignment]:
        """What falls due on the two days."""
        return [*self.first.work, *self.second.work]

    @property
    def hours(self) -> float:
        """The estimated hours of what falls due on the two days."""
        return self.first.hours + self.second.hours

    def holds(self, assignment_id: str) -> bool:
        """Say whether an assignment is among what falls due."""
        return any(assignment.id == assignment_id for assignment in self.work)


def crowds(dues: Iterable[Due], policy: WorkloadPolicy, tz: ZoneInfo) -> list[Crowd]:
    """Return the pairs of days on which too much falls due in a zone, in their order; of two that overlap the fuller.

    Too much is more than policy's hours or more than its things.
    """
    by_day: dict[date, list[Assignment]] = {}
    for assignment, due_at in sorted(dues, key=lambda due: (due[1], due[0].slug)):
        by_day.setdefault(local_day(due_at, tz), []).append(assignment)
    firsts = {on - back * DAY for on in by_day for back in (0, 1)}
    full = [crowd for on in sorted(firsts) if _is_too_much(crowd := _crowd(by_day, on), policy)]
    return _without_overlaps(full)


def told_to_all(assignments: Iterable[Assignment]) -> list[Due]:
    """Return the due times that hold for all of what has to be handed in."""
    owed = [a for a in assignments if a.required and not a.cancelled and a.kind.is_handed_in]
    return [(assignment, assignment.due_at) for assignment in owed if assignment.due_at is not None]


def _crowd(by_day: dict[date, list[Assignment]], on: date) -> Crowd:
    days = [DayLoad(each, by_day.get(each, [])) for each in days_between(on - AROUND, on + DAY + AROUND)]
    return Crowd(days[2], days[3], days)


def _is_too_much(crowd: Crowd, policy: WorkloadPolicy) -> bool:
    return crowd.hours > policy.hours_in_two_days or len(crowd.work) > policy.things_in_two_days


def _without_overlaps(full: Sequence[Crowd]) -> list[Crowd]:
    kept: list[Crowd] = []
    for crowd in sorted(full, key=lambda c: (-len(c.work), -c.hours, not c.first.work, c.first.on)):
        if all(abs(crowd.first.on - other.first.on) > DAY for other in kept):
            kept.append(crowd)
    return sorted(kept, key=lambda crowd: crowd.first.on)
