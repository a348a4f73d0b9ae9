"""Runs the jobs: APScheduler only wakes us, what is due and what was done stands in rows."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock, RLock
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import STATE_RUNNING
from apscheduler.triggers.base import BaseTrigger

from cohort.errors import CohortError
from scheduler.jobs import Job
from scheduler.times import due_between, is_overdue, latest_due, next_due
from services import housekeeping
from services.desk import Desk
from services.housekeeping import Problem

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

_NOW = ":now"
_PROBLEMS = {
    EVENT_JOB_ERROR: Problem.FAILED,
    EVENT_JOB_MISSED: Problem.MISSED,
    EVENT_JOB_MAX_INSTANCES: Problem.STILL_RUNNING,
}


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of a job: which, for which instant, and how many things it did."""

    job: str
    due_at: datetime
    count: int


def run_once(job: Job, due_at: datetime, clock: Clock, desk: Desk) -> Ran | None:
    """Run a job for an instant, unless a run for it goes on or ended well; None in that case.

    The function gets what the clock shows. Whatever it raises is noted with the run and raised.
    """
    now = clock()
    with desk.store.transaction() as records:
        is_ours = records.jobs.start(job.id, due_at, now)
    if not is_ours:
        return None
    problem = "stopped"
    try:
        count = job.run(desk, now)
        problem = ""
    except Exception as error:
        problem = type(error).__name__
        raise
    finally:
        with desk.store.transaction() as records:
            records.jobs.finish(job.id, due_at, clock(), problem)
    log.info("job %s for %s: %d", job.id, due_at.isoformat(), count)
    return Ran(job.id, due_at, count)


def run_between(
    after: datetime, until: datetime, desk: Desk, jobs: Sequence[Job], *, only_latest: bool = False
) -> list[Ran]:
    """Run what is due after an instant and up to and including another, in time order, each at its own time.

    With `only_latest` each job runs once, for the last of its times there, as after a short downtime. What was run
    before is left out. Raises what a job raises, and stops there.
    """
    due = due_between(after, until, jobs)
    if only_latest:
        due = _latest_of_each(due)
    runs = (run_once(job, at, _standing(at), desk) for at, job in due)
    return [ran for ran in runs if ran is not None]


def _latest_of_each(due: Iterator[tuple[datetime, Job]]) -> Iterator[tuple[datetime, Job]]:
    latest = {job.id: (at, job) for at, job in due}
    yield from sorted(latest.values(), key=lambda one: one[0])


def _standing(at: datetime) -> Clock:
    """Return a clock that stands at an instant."""
    return lambda: at


class ClockTrigger(BaseTrigger):  # type: ignore[misc] # APScheduler is untyped
    """Fires when our clock, rather than the computer's, shows a trigger's time; the clock may be set apart."""

    def __init__(self, trigger: BaseTrigger, clock: Clock) -> None:
        self._trigger = trigger
        self._clock = clock

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Return the next instant of the computer's clock, after now and after the previous one."""
        ahead = self._clock() - now
        after = now if previous_fire_time is None else max(now, previous_fire_time)
        fires_at = next_due(self._trigger, (after + ahead).astimezone(UTC))
        return None if fires_at is None else fires_at - ahead


class OnceTrigger(BaseTrigger):  # type: ignore[misc] # APScheduler is untyped
    """Fires once, so long after it was scheduled by the computer's clock."""

    def __init__(self, after: timedelta) -> None:
        self._after = after

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Return when it fires; None once it did."""
        return now + self._after if previous_fire_time is None else None


class Waker(BackgroundScheduler):  # type: ignore[misc] # APScheduler is untyped
    """A scheduler that is at rest once `pause` returns, and in whose midst of waking no shutdown can come.

    APScheduler looks at its state before it takes its locks: a shutdown right between the two let the thread that
    wakes die of a job that it could not find any more.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - handed on
        self._waking = RLock()
        super().__init__(**options)

    def pause(self) -> None:
        """Wake nothing from now on; a waking that has begun is waited for."""
        with self._waking:
            super().pause()

    def _process_jobs(self) -> float | None:
        with self._waking:
            return super()._process_jobs() if self.state == STATE_RUNNING else None


# A job that comes once a day or less and broke is tried again after so long, on the computer's clock.
AGAIN_AFTER = timedelta(minutes=15)
RARE = timedelta(hours=12)
# A start, a lease and a clock that is set may each wake a job within one run of it.
WAITING = 8


class Runner:
    """Wakes the jobs of one process, and lets them act only while the process holds the lease."""

    def __init__(
        self,
        desk: Desk,
        clock: Clock,
        jobs: Sequence[Job],
        holds_lease: Callable[[], bool],
        again_after: timedelta = AGAIN_AFTER,
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._jobs = {job.id: job for job in jobs}
        self._one_at_a_time = {job.id: Lock() for job in jobs}
        self._holds_lease = holds_lease
        self._again_after = again_after
        self._acted = True
        self._executor = ThreadPoolExecutor(max(1, len(jobs)))
        self._scheduler = Waker(
            jobstores={"default": MemoryJobStore()}, executors={"default": self._executor}, timezone=UTC
        )
        self._scheduler.add_listener(self._on_trouble, sum(_PROBLEMS))

    def start(self) -> None:
        """Begin waking jobs; those that should have run since they last ran are woken at once."""
        for job in self._jobs.values():
            self._scheduler.add_job(
                self._wake,
                ClockTrigger(job.trigger, self._clock),
                args=[job.id],
                id=job.id,
                misfire_grace_time=int(job.grace.total_seconds()),
                coalesce=True,
                max_instances=1,
            )
        self.wake_overdue()
        self._scheduler.start()

    def stop(self, *, wait: bool = True) -> None:
        """Stop waking jobs, and wait for those that run if asked to."""
        if self._scheduler.running:
            self._scheduler.pause()
            # APScheduler would wait with its locks held, and a job that wakes another would wait for these.
            self._scheduler.shutdown(wait=False)
            self._executor.shutdown(wait)

    def wake_overdue(self) -> None:
        """Wake every job that should have run since it last ran: after a start, or when the lease was taken."""
        for job in self._jobs.values():
            if is_overdue(job, self._desk, self._clock()):
                self._wake_now(job.id)

    def rest(self) -> None:
        """Wake no job while somebody else runs them, as when the clock is moved."""
        self._scheduler.pause()

    def go_on(self) -> None:
        """Wake jobs again after a rest: every trigger is asked anew when it fires next."""
        for job in self._jobs.values():
            self._scheduler.reschedule_job(job.id, trigger=ClockTrigger(job.trigger, self._clock))
        self._scheduler.resume()

    def _wake_now(self, job_id: str, after: timedelta = timedelta(0)) -> None:
        """Wake a job once, now or after a while.

        Woken while it runs, it looks again when it has ended, for what is due by then.
        """
        self._scheduler.add_job(
            self._wake,
            OnceTrigger(after),
            args=[job_id],
            id=f"{job_id}{_NOW}",
            misfire_grace_time=None,
            max_instances=WAITING,
            replace_existing=True,
        )

    def _wake(self, job_id: str) -> None:
        """Run a job for its latest due instant, if this process may act and nobody did."""
        if not self._holds_lease():
            self._acted = False
            return
        if not self._acted:
            self._acted = True
            self.wake_overdue()
        job = self._jobs[job_id]
        with self._one_at_a_time[job_id]:
            due_at = latest_due(job.trigger, self._clock())
            if due_at is not None:
                run_once(job, due_at, self._clock, self._desk)

    def _on_trouble(self, event: Any) -> None:  # noqa: ANN401 - APScheduler is untyped
        """Log an error or a miss, tell organizers once a job and day, and make up for a miss."""
        job, problem = self._jobs[event.job_id.removesuffix(_NOW)], _PROBLEMS[event.code]
        error = getattr(event, "exception", None)
        log.error("job %s: %s", job.id, problem.value, exc_info=error)
        if not self._holds_lease():
            return
        self._report(job, problem, error)
        if problem is Problem.MISSED:
            self._wake_now(job.id)
        elif problem is Problem.FAILED and job.grace >= RARE:
            self._wake_again(job)

    def _wake_again(self, job: Job) -> None:
        """Wake a rare job that broke once more, while its time is not long over; others come soon by themselves."""
        due_at = latest_due(job.trigger, self._clock())
        if due_at is not None and self._clock() + self._again_after <= due_at + job.grace:
            self._wake_now(job.id, self._again_after)

    def _report(self, job: Job, problem: Problem, error: BaseException | None) -> None:
        name = type(error).__name__ if error else ""
        try:
            housekeeping.report_problem(job.id, problem, name, desk=self._desk, now=self._clock())
        except CohortError as unreported:
            log.error("job %s: nobody could be told: %s", job.id, type(unreported).__name__)  # noqa: TRY400 - the trace that helps was logged before
