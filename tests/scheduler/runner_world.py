"""Jobs and clocks for tests of the runner, and a way to start one that is stopped in the end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event

from apscheduler.triggers.cron import CronTrigger

from cohort.errors import StoreBusy
from scheduler.jobs import Job
from scheduler.runner import Runner
from services.desk import Desk
from storage.outbox import Letter

NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
LONG = 10.0


@dataclass
class Notebook:
    """A job that writes down the instants it was run with."""

    runs: list[datetime] = field(default_factory=list)
    ran: Event = field(default_factory=Event)

    def __call__(self, desk: Desk, now: datetime) -> int:
        del desk
        self.runs.append(now)
        self.ran.set()
        return len(self.runs)


def every_quarter(run: Callable[[Desk, datetime], int], name: str = "quarter") -> Job:
    return Job(name, CronTrigger(minute="*/15", timezone=UTC), run, "to be shown", timedelta(hours=1))


def breaks(desk: Desk, now: datetime) -> int:
    del desk, now
    raise StoreBusy


def letters(desk: Desk) -> list[Letter]:
    with desk.store.reading() as records:
        return [letter for letter, _ in records.outbox.of_kind("scheduler.problem")]


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


Start = Callable[..., Runner]
