"""Runs the jobs over a stretch of the past: at each of their times, or only where the outcome can be another."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from scheduler.jobs import Job
from scheduler.runner import run_once
from scheduler.times import next_due
from services.replay import Stage
from services.replay_marks import TICK

# What looks after this machine and Slack, or after the staff's own work, has nothing to do in a replay. Check-ins are
# left out because no record says how they were answered: all would go unanswered, and count against everybody.
NOT_REPLAYED: Final = frozenset(
    {
        "backup",
        "greet",
        "remind-check-ins",
        "ask-check-ins",
        "link-accounts",
        "erase-words",
        "forget-unclear",
        "prune",
        "bring-up-questions",
        "remind-bookings",
        "give-up-bookings",
        "ask-unstuck",
        "pass-on-slots",
        "close-lines",
        "tell-unstarted",
        "remind-events",
        "expire-claims",
        "release-gone",
        "remind-claims",
        "remind-graders",
        "send-digest",
    }
)

# Given an instant at which a job was run, returns the first after it at which it is to be looked at again.
Next = Callable[[datetime], datetime]


def replayed(table: Sequence[Job]) -> list[Job]:
    """Return the jobs of the table that take part in a replay."""
    return [job for job in table if job.id not in NOT_REPLAYED]


def at_every_time(at: datetime) -> datetime:
    """Leave nothing out: every run of every job, which takes long and can't miss anything."""
    return at + TICK


class Replay:
    """The jobs on a stage, from an instant on.

    A job runs at the first of its own times at or after each instant that tells. Before each run what became
    known until then is brought to the stage, and after it what is due is sent.
    """

    def __init__(self, stage: Stage, table: Sequence[Job], since: datetime, following: Next | None = None) -> None:
        self._stage = stage
        self._jobs = table
        self._following = following or stage.marks.after
        self._last = {job.id: since for job in table}
        self._next: dict[str, datetime] = {}
        self._asked: dict[str, datetime] = {}
        self._plan(table)

    def run_until(self, until: datetime) -> None:
        """Go on up to and including an instant. Raises what a job raises."""
        while (at := self._next_at()) is not None and at <= until:
            self._step(at)

    def _next_at(self) -> datetime | None:
        letter_at = self._stage.next_letter_at()
        return min([*self._next.values(), *([letter_at] if letter_at else [])], default=None)

    def _step(self, at: datetime) -> None:
        stage, due = self._stage, [job for job in self._jobs if self._next.get(job.id) == at]
        stage.go_to(at)
        changed = stage.store.changes()
        runs = [ran for job in due if (ran := run_once(job, at, lambda: at, stage.desk)) is not None]
        # A run is itself noted with two changes.
        changed = stage.store.changes() - changed - 2 * len(runs)
        self._last |= {job.id: at for job in due}
        if stage.deliver(at) or changed:
            stage.learn(at)
            self._plan(self._jobs)
        else:
            self._plan(due)

    def _plan(self, table: Sequence[Job]) -> None:
        for job in table:
            after = self._following(self._last[job.id]) - TICK
            # Asking a trigger takes longer than most jobs do, and its answer is always the same.
            if self._asked.get(job.id) != after:
                self._asked[job.id], next_at = after, next_due(job.trigger, after)
                self._next.pop(job.id, None)
                self._next |= {job.id: next_at} if next_at is not None else {}
