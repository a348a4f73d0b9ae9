"""How long work takes: the estimates of organizers, corrected by the hours that students reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median

from cohort.assignments import Assignment, Kind
from cohort.policy import Programme
from cohort.times import at_wall

# Fewer reports are shown to nobody and correct nothing: they could be traced to someone.
REPORTS_AT_LEAST = 5
FACTOR_LEAST, FACTOR_MOST = 0.5, 3.0
FIRST_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is known of how long one assignment takes; `reported` is the median of so many `reports`."""

    assignment: Assignment
    reported: float | None
    reports: int
    corrected: float | None


def corrects_from(programme: Programme) -> datetime:
    """Return from when on reports correct estimates: the programme's second week."""
    return at_wall(programme.starts_on + FIRST_WEEK, time.min, programme.tz)


def estimates(assignments: Sequence[Assignment], reports: Mapping[str, Sequence[float]]) -> list[Estimate]:
    """Return what reported hours make of the estimates, to half an hour.

    Work that enough students reported on takes their median. Other work with an estimate takes it times the factor
    by which the estimates of its kind were off, or those of all kinds; a factor under a half or over three is not
    believed further than that.
    """
    medians = {a.id: median(reports[a.id]) for a in assignments if len(reports.get(a.id, ())) >= REPORTS_AT_LEAST}
    found = []
    for assignment in assignments:
        own = medians.get(assignment.id)
        factor = _factor(assignment.kind, assignments, medians)
        by_factor = assignment.estimated_hours * factor if assignment.estimated_hours and factor else None
        corrected = own if own is not None else by_factor
        count = len(reports.get(assignment.id, ())) if own is not None else 0
        found.append(Estimate(assignment, own, count, _rounded(corrected)))
    return found


def _factor(kind: Kind, assignments: Sequence[Assignment], medians: Mapping[str, float]) -> float | None:
    """Return by how much estimates were off, for a kind where any is known, else for all; None where none is."""
    known = [(a.kind, medians[a.id] / a.estimated_hours) for a in assignments if a.id in medians and a.estimated_hours]
    same = [factor for of_kind, factor in known if of_kind is kind] or [factor for _, factor in known]
    return min(max(median(same), FACTOR_LEAST), FACTOR_MOST) if same else None


def _rounded(hours: float | None) -> float | None:
    return None if hours is None else max(0.5, round(hours * 2) / 2)
