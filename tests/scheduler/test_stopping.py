"""Stopping a runner at any moment of its start."""

import pytest

from scheduler.runner import Runner
from services.desk import Desk
from tests.scheduler.runner_world import NOON, Clock, Notebook, every_quarter


@pytest.mark.parametrize("attempt", range(30))
def test_a_stop_right_after_a_start_breaks_nothing(desk: Desk, attempt: int) -> None:
    """In one start of twenty the thread that wakes jobs met the shutdown and died of it."""
    jobs = [every_quarter(Notebook(), f"job-{number}") for number in range(12)]
    runner = Runner(desk, Clock(NOON).now, jobs, lambda: True)
    runner.start()
    for _ in range(attempt * 200):
        pass
    runner.stop()
