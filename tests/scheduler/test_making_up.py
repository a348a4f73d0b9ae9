"""What broke or was stopped half-way is run again: at the next start, and a rare job the same day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

import pytest
from apscheduler.triggers.cron import CronTrigger

from cohort.errors import StoreBusy
from scheduler.jobs import Job
from scheduler.runner import Ran, Runner, run_once
from scheduler.times import is_overdue
from services.desk import Desk
from tests.scheduler.runner_world import LONG, NOON, Clock, Notebook, breaks, every_quarter

HOUR = timedelta(hours=1)


@dataclass
class BreaksOnce:
    """A job that breaks the first time."""

    times: list[datetime] = field(default_factory=list)
    broke: Event = field(default_factory=Event)
    done: Event = field(default_factory=Event)

    def __call__(self, desk: Desk, now: datetime) -> int:
        del desk
        self.times.append(now)
        if len(self.times) == 1:
            self.broke.set()
            raise StoreBusy
        self.done.set()
        return 0


def a_day(run: Callable[[Desk, datetime], int], grace: timedelta = 12 * HOUR) -> Job:
    return Job("nightly", CronTrigger(hour=4, timezone="UTC"), run, "to be shown", grace)


def test_a_run_that_breaks_is_on_record_and_due_again(desk: Desk) -> None:
    job = every_quarter(breaks)
    with pytest.raises(StoreBusy):
        run_once(job, NOON, lambda: NOON, desk)
    rows = list(desk.store.tables().query("SELECT problem, finished_at FROM job_runs"))
    assert rows == [{"problem": "StoreBusy", "finished_at": "2026-07-06T12:00:00.000+00:00"}]
    assert is_overdue(job, desk, NOON)
    notes = Notebook()
    assert run_once(every_quarter(notes), NOON, lambda: NOON, desk) == Ran("quarter", NOON, 1)
    assert run_once(every_quarter(notes), NOON, lambda: NOON, desk) is None
    assert not is_overdue(job, desk, NOON)


def test_a_run_that_was_stopped_is_begun_anew_by_who_has_the_lease_now(desk: Desk) -> None:
    notes = Notebook()
    job = every_quarter(notes)
    with desk.store.transaction() as records:
        records.jobs.start(job.id, NOON, NOON)
    assert not is_overdue(job, desk, NOON)
    with desk.store.transaction() as records:
        assert records.jobs.recover(NOON + HOUR) == 1
        assert records.jobs.recover(NOON + HOUR) == 0
    assert is_overdue(job, desk, NOON)
    assert run_once(job, NOON, lambda: NOON, desk) == Ran(job.id, NOON, 1)


def test_a_nightly_job_that_broke_is_tried_again_the_same_day(desk: Desk) -> None:
    again = BreaksOnce()
    runner = Runner(desk, Clock(NOON - 7 * HOUR).now, [a_day(again)], lambda: True, timedelta(0))
    runner.start()
    assert again.done.wait(LONG)
    runner.stop()
    assert again.times == [NOON - 7 * HOUR] * 2


@pytest.mark.parametrize(
    "job",
    [
        pytest.param(lambda run: a_day(run, HOUR), id="a frequent one comes again anyway"),
        pytest.param(lambda run: a_day(run, 12 * HOUR), id="its time is long over"),
    ],
)
def test_others_are_not_tried_again(desk: Desk, job: Callable[[Callable[[Desk, datetime], int]], Job]) -> None:
    broken = BreaksOnce()
    runner = Runner(desk, Clock(NOON + 5 * HOUR).now, [job(broken)], lambda: True, timedelta(0))
    runner.start()
    assert broken.broke.wait(LONG)
    runner.stop()
    assert len(broken.times) == 1
