"""A runner that is started in a test and stopped after it."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from scheduler.jobs import Job
from scheduler.runner import Runner
from services.desk import Desk
from tests.scheduler.runner_world import Clock, Start


@pytest.fixture
def started(desk: Desk) -> Iterator[Start]:
    runners: list[Runner] = []

    def start(table: Sequence[Job], clock: Clock, holds_lease: Callable[[], bool] = lambda: True) -> Runner:
        runner = Runner(desk, clock.now, table, holds_lease)
        runners.append(runner)
        runner.start()
        return runner

    yield start
    for runner in runners:
        runner.stop()
