"""What goes wrong in a job, and who hears of it."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from scheduler.runner import Runner
from services.desk import Desk
from tests.scheduler.runner_world import LONG, NOON, QUARTER, Clock, Notebook, Start, breaks, every_quarter, letters


def heard(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "scheduler.runner"]


def test_a_job_that_breaks_is_told_to_organizers_once_a_day(
    desk: Desk, started: Start, caplog: pytest.LogCaptureFixture
) -> None:
    for at in (NOON, NOON + QUARTER, NOON + timedelta(days=1)):
        begun = Event()

        def broken(desk: Desk, now: datetime, begun: Event = begun) -> int:
            begun.set()
            return breaks(desk, now)

        runner = started([every_quarter(broken)], Clock(at))
        assert begun.wait(LONG)
        runner.stop()
    told = letters(desk)
    assert [letter.data["at"] for letter in told] == ["2026-07-06T12:00:00+00:00", "2026-07-07T12:00:00+00:00"]
    assert {(letter.data["job"], letter.data["error"]) for letter in told} == {("quarter", "StoreBusy")}
    assert heard(caplog) == ["job quarter: failed"] * 3


def test_a_job_that_could_not_start_in_time_is_told_and_made_up_for(desk: Desk, started: Start) -> None:
    notes = Notebook()
    clock = Clock(NOON)
    with desk.store.transaction() as records:
        records.jobs.start("quarter", NOON, NOON)
    job = replace(every_quarter(notes), grace=timedelta(seconds=1))
    runner = started([job], clock)
    clock.at = NOON + QUARTER
    runner._scheduler.modify_job("quarter", next_run_time=datetime(2026, 1, 1, tzinfo=UTC))
    assert notes.ran.wait(LONG)
    runner.stop()
    assert notes.runs == [NOON + QUARTER]
    assert [letter.data["problem"] for letter in letters(desk)] == ["could not start in time"]


def test_without_the_lease_it_is_the_other_process_that_tells(desk: Desk, started: Start) -> None:
    lease, begun = Event(), Event()
    lease.set()

    def loses_it(desk: Desk, now: datetime) -> int:
        lease.clear()
        begun.set()
        return breaks(desk, now)

    runner = started([every_quarter(loses_it)], Clock(NOON), lease.is_set)
    assert begun.wait(LONG)
    runner.stop()
    assert letters(desk) == []


def test_a_problem_that_cannot_be_told_is_in_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    begun, locked = Event(), Event()
    busy = replace(desk, store=type(desk.store)(desk.store.path, busy_seconds=0.05))

    def broken(_: Desk, now: datetime) -> int:
        begun.set()
        locked.wait(LONG)
        return breaks(desk, now)

    runner = Runner(busy, Clock(NOON).now, [every_quarter(broken)], lambda: True)
    runner.start()
    assert begun.wait(LONG)
    with caplog.at_level(logging.ERROR), desk.store.transaction():
        locked.set()
        runner.stop()
    busy.store.close()
    assert heard(caplog)[-1] == "job quarter: nobody could be told: StoreBusy"


def test_a_job_that_wakes_others_while_we_stop_does_not_hold_us_up(desk: Desk, started: Start) -> None:
    begun, clock, tick = Event(), Clock(NOON), Event()
    runners: list[Runner] = []

    def wakes_others(desk: Desk, now: datetime) -> int:
        del desk
        begun.set()
        while runners[0]._scheduler.running:
            assert not tick.wait(0.005)
        clock.at = now + QUARTER
        runners[0].wake_overdue()
        return 1

    runners.append(started([every_quarter(wakes_others)], clock))
    assert begun.wait(LONG)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(runners[0].stop).result(timeout=LONG)
    rows = list(desk.store.tables().query("SELECT finished_at IS NOT NULL AS done FROM job_runs"))
    assert rows == [{"done": 1}]
