"""Running jobs: once an instant whoever asks, each at its own time, and what goes wrong told once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event

import pytest
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger

from cohort.errors import StoreBusy
from scheduler.jobs import Job, jobs
from scheduler.runner import ClockTrigger, Ran, run_between, run_once
from services.desk import Desk
from tests.scheduler.runner_world import LONG, NOON, QUARTER, Clock, Notebook, Start, breaks, every_quarter, letters
from tests.services.nudge_world import policy

# ---- a stretch of time


def test_every_job_runs_at_each_of_its_times_and_knows_it(desk: Desk) -> None:
    notes = Notebook()
    ran = run_between(NOON, NOON + timedelta(hours=1), desk, [every_quarter(notes)])
    times = [NOON + n * QUARTER for n in (1, 2, 3, 4)]
    assert notes.runs == times
    assert ran == [Ran("quarter", at, n) for n, at in enumerate(times, start=1)]


def test_jobs_run_in_time_order_and_then_in_the_order_of_the_table(desk: Desk) -> None:
    order: list[tuple[str, datetime]] = []

    def noting(name: str) -> Callable[[Desk, datetime], int]:
        def run(desk: Desk, now: datetime) -> int:
            del desk
            order.append((name, now))
            return 0

        return run

    hourly = Job("hourly", CronTrigger(minute=0, timezone=UTC), noting("hourly"), "x", QUARTER)
    run_between(NOON - QUARTER, NOON + QUARTER, desk, [every_quarter(noting("quarter")), hourly])
    assert order == [("quarter", NOON), ("hourly", NOON), ("quarter", NOON + QUARTER)]


def test_what_ran_is_not_run_again(desk: Desk) -> None:
    notes = Notebook()
    run_between(NOON, NOON + 2 * QUARTER, desk, [every_quarter(notes)])
    assert run_between(NOON, NOON + 3 * QUARTER, desk, [every_quarter(notes)]) == [
        Ran("quarter", NOON + 3 * QUARTER, 3)
    ]


def test_a_replay_stops_where_a_job_breaks(desk: Desk) -> None:
    with pytest.raises(StoreBusy):
        run_between(NOON, NOON + QUARTER, desk, [every_quarter(breaks)])


def test_in_a_stretch_of_time_each_job_runs_once_for_the_last_of_its_times(desk: Desk) -> None:
    often, seldom = Notebook(), Notebook()
    hourly = Job("hourly", CronTrigger(minute=20, timezone=UTC), seldom, "x", QUARTER)
    table = [every_quarter(often, "often"), hourly]
    ran = run_between(NOON, NOON + timedelta(minutes=40), desk, table, only_latest=True)
    assert [(one.job, one.due_at - NOON) for one in ran] == [
        ("hourly", timedelta(minutes=20)),
        ("often", timedelta(minutes=30)),
    ]
    assert often.runs == [NOON + timedelta(minutes=30)]


def test_the_real_jobs_run_for_a_sunday_night(desk: Desk) -> None:
    ran = run_between(NOON - timedelta(hours=12), NOON - timedelta(hours=8), desk, jobs(policy()))
    counts = {job.id: sum(one.job == job.id for one in ran) for job in jobs(policy())}
    assert counts == {
        "lapse-requests": 48,
        "remind-waiting": 48,
        "lapse-offers": 48,
        "nudge-missed": 16,
        "plan-week": 16,
        "remind-due-soon": 16,
        "report-silent": 16,
        "bring-up-questions": 16,
        "remind-bookings": 48,
        "give-up-bookings": 16,
        "ask-unstuck": 16,
        "pass-on-slots": 48,
        "close-lines": 48,
        "tell-unstarted": 48,
        "greet": 16,
        "let-leave": 16,
        "end-pauses": 16,
        "ask-check-ins": 16,
        "remind-check-ins": 16,
        "forget-unclear": 8,
        "assess-risk": 1,
        "climb-ladder": 8,
        "look-after-follow-ups": 16,
        "remind-events": 48,
        "expire-claims": 48,
        "release-gone": 16,
        "remind-claims": 16,
        "send-digest": 16,
        "remind-graders": 0,
        "correct-estimates": 1,
        "note-outcomes": 1,
        "backup": 1,
        "link-accounts": 1,
        "erase-words": 1,
        "prune": 1,
    }


# ---- one run


def test_two_processes_run_an_instant_once(desk: Desk) -> None:
    notes, together = Notebook(), Barrier(2)
    job = every_quarter(notes)

    def process(_: int) -> Ran | None:
        together.wait(timeout=LONG)
        return run_once(job, NOON, lambda: NOON, desk)

    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(process, range(2)))
    assert notes.runs == [NOON]
    assert sorted(run is None for run in runs) == [False, True]


# ---- the clock that wakes


@pytest.mark.parametrize("apart", [timedelta(0), timedelta(days=-4600, minutes=7), timedelta(days=3)])
def test_jobs_wake_when_our_clock_shows_their_time(apart: timedelta) -> None:
    computer = datetime(2026, 7, 6, 12, 3, tzinfo=UTC)
    clock = Clock(computer + apart)
    trigger = ClockTrigger(CronTrigger(minute="*/15", timezone=UTC), clock.now)
    fires_at = trigger.get_next_fire_time(None, computer)
    assert fires_at is not None
    assert fires_at > computer
    ours = fires_at + apart
    assert (ours.minute % 15, ours.second) == (0, 0)
    clock.at = ours
    after = trigger.get_next_fire_time(fires_at, fires_at)
    assert after == fires_at + QUARTER


def test_a_job_that_comes_no_more_is_woken_no_more() -> None:
    trigger = ClockTrigger(DateTrigger(NOON), lambda: NOON)
    assert trigger.get_next_fire_time(None, NOON) is None


# ---- a runner


def test_what_was_due_while_nobody_ran_is_made_up_for_once(desk: Desk, started: Start) -> None:
    notes = Notebook()
    job = every_quarter(notes)
    with desk.store.transaction() as records:
        records.jobs.start(job.id, NOON - timedelta(days=2), NOON - timedelta(days=2))
    runner = started([job], Clock(NOON + timedelta(minutes=7)))
    assert notes.ran.wait(LONG)
    runner.stop()
    assert notes.runs == [NOON + timedelta(minutes=7)]
    with desk.store.reading() as records:
        assert records.jobs.last_due(job.id) == NOON


def test_what_is_up_to_date_is_not_run_at_the_start(desk: Desk, started: Start) -> None:
    notes, other = Notebook(), Notebook()
    job, overdue = every_quarter(notes), every_quarter(other, "overdue")
    with desk.store.transaction() as records:
        records.jobs.start(job.id, NOON, NOON)
    runner = started([job, overdue], Clock(NOON))
    assert other.ran.wait(LONG)
    runner.stop()
    assert notes.runs == []


def test_a_start_beside_another_process_runs_nothing_twice(started: Start) -> None:
    notes = Notebook()
    job, clock = every_quarter(notes), Clock(NOON)
    first, second = started([job], clock), started([job], clock)
    assert notes.ran.wait(LONG)
    first.stop()
    second.stop()
    assert notes.runs == [NOON]


def test_nothing_is_done_without_the_lease_and_all_of_it_once_it_is_ours(desk: Desk, started: Start) -> None:
    asked, notes, has_lease = Event(), Notebook(), Event()

    def holds_lease() -> bool:
        asked.set()
        return has_lease.is_set()

    runner = started([every_quarter(notes)], Clock(NOON), holds_lease)
    assert asked.wait(LONG)
    with desk.store.reading() as records:
        assert records.jobs.last_due("quarter") is None
    has_lease.set()
    runner.wake_overdue()
    assert notes.ran.wait(LONG)
    runner.stop()
    assert notes.runs == [NOON]


class Soon(BaseTrigger):  # type: ignore[misc] # APScheduler is untyped
    """Fires every few milliseconds from noon on."""

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return max(NOON, (previous_fire_time or now) + timedelta(milliseconds=20))


def test_the_first_wake_with_the_lease_wakes_all_that_is_overdue(started: Start) -> None:
    has_lease, asked, daily = Event(), Event(), Notebook()

    def holds_lease() -> bool:
        asked.set()
        return has_lease.is_set()

    ticking = Job("ticking", Soon(), Notebook(), "x", timedelta(hours=1))
    backup = Job("daily", CronTrigger(hour=4, timezone=UTC), daily, "x", timedelta(hours=1))
    runner = started([ticking, backup], Clock(NOON), holds_lease)
    assert asked.wait(LONG)
    has_lease.set()
    assert daily.ran.wait(LONG)
    runner.stop()
    assert daily.runs == [NOON]


def test_stopping_waits_for_the_job_that_runs(desk: Desk, started: Start) -> None:
    begun, may_end, ended = Event(), Event(), Event()

    def slow(desk: Desk, now: datetime) -> int:
        del desk, now
        begun.set()
        may_end.wait(LONG)
        ended.set()
        return 1

    runner = started([every_quarter(slow)], Clock(NOON))
    assert begun.wait(LONG)
    with ThreadPoolExecutor(1) as pool:
        stopping = pool.submit(runner.stop, wait=True)
        may_end.set()
        stopping.result(timeout=LONG)
    assert ended.is_set()
    runner.stop()
    rows = list(desk.store.tables().query("SELECT finished_at IS NOT NULL AS done FROM job_runs"))
    assert rows == [{"done": 1}]


def test_a_job_woken_while_it_runs_looks_again_and_nothing_is_told(desk: Desk, started: Start) -> None:
    """The start and the lease both wake what is overdue, and a clock may be set meanwhile."""
    clock, begun, may_end, again = Clock(NOON), Event(), Event(), Event()
    runs: list[datetime] = []

    def slow(desk: Desk, now: datetime) -> int:
        del desk
        runs.append(now)
        (again if len(runs) > 1 else begun).set()
        may_end.wait(LONG)
        return 1

    runner = started([every_quarter(slow)], clock)
    assert begun.wait(LONG)
    clock.at = NOON + QUARTER
    runner.wake_overdue()
    runner.wake_overdue()
    may_end.set()
    assert again.wait(LONG)
    runner.stop()
    assert runs == [NOON, NOON + QUARTER]
    assert letters(desk) == []
