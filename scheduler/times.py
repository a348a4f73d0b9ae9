"""When jobs are due, from their triggers' own next fire times and nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge

from apscheduler.triggers.base import BaseTrigger

from scheduler.jobs import Job
from services.desk import Desk

# Looked through one after the other, so that the latest of many times is found without listing them all.
_LOOK_BACK = (timedelta(hours=1), timedelta(days=1), timedelta(days=8))


def fire_times(trigger: BaseTrigger, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield when a trigger fires, after an instant and up to and including another, in UTC."""
    fires_at = trigger.get_next_fire_time(None, after)
    while fires_at is not None and fires_at <= until:
        if fires_at > after:
            yield fires_at.astimezone(UTC)
        fires_at = trigger.get_next_fire_time(fires_at, fires_at)


def latest_due(trigger: BaseTrigger, now: datetime) -> datetime | None:
    """Return the latest instant up to now at which a trigger fired; None if there is none within 8 days."""
    for back in _LOOK_BACK:
        times = list(fire_times(trigger, now - back, now))
        if times:
            return times[-1]
    return None


def next_due(trigger: BaseTrigger, now: datetime) -> datetime | None:
    """Return the first instant after now at which a trigger fires, in UTC."""
    fires_at = trigger.get_next_fire_time(None, now)
    while fires_at is not None and fires_at <= now:
        fires_at = trigger.get_next_fire_time(fires_at, fires_at)
    return None if fires_at is None else fires_at.astimezone(UTC)


def due_between(after: datetime, until: datetime, jobs: Sequence[Job]) -> Iterator[tuple[datetime, Job]]:
    """Yield every job's times after an instant and up to and including another, in time order over all jobs.

    Jobs due at one instant come in the order of the table.
    """
    for at, place in merge(*(_placed(place, job, after, until) for place, job in enumerate(jobs))):
        yield at, jobs[place]


def _placed(place: int, job: Job, after: datetime, until: datetime) -> Iterator[tuple[datetime, int]]:
    for at in fire_times(job.trigger, after, until):
        yield at, place


def is_overdue(job: Job, desk: Desk, now: datetime) -> bool:
    """Say whether a job should have run since it last ran, never ran, or did not come to its end."""
    latest = latest_due(job.trigger, now)
    if latest is None:
        return False
    with desk.store.reading() as records:
        last = records.jobs.last_well(job.id)
    return last is None or last < latest


@dataclass(frozen=True, slots=True)
class Row:
    """One line of `python -m bot jobs`; a job that never ran has no last time."""

    id: str
    why: str
    next_at: datetime | None
    last_at: datetime | None


def table(jobs: Sequence[Job], desk: Desk, now: datetime) -> list[Row]:
    """Return every job with the instants at which it runs next and for which it ran last."""
    with desk.store.reading() as records:
        return [Row(job.id, job.why, next_due(job.trigger, now), records.jobs.last_due(job.id)) for job in jobs]
