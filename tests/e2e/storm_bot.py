"""Bots whose clocks are set, each a process of its own, forked from one that has everything imported already.

`python -m tests.e2e.storm_bot` is that one. It reads orders, a line each: `start 2026-07-01T10:00:00+00:00` forks a bot
and answers with its process id; `look 4711` answers with how that bot ended, or with nothing while it lives. Once
nobody can give orders any more, it ends, and every bot with it.
"""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from bot import running
from bot.clock import SetClock
from bot.logs import start_logging
from bot.policy import load_policy
from bot.problems import Problems
from bot.settings import load_for_slack
from cohort.errors import CohortError

ROOT = Path(__file__).parents[2]
NO_START = 3
log = logging.getLogger(__name__)


class Life:
    """One bot, from the fork to its end."""

    def __init__(self, nursery: "Nursery", pid: int) -> None:
        self.pid = pid
        self._nursery = nursery
        self._ended: int | None = None

    def poll(self) -> int | None:
        """Return how it ended, a signal as a negative number; None while it lives."""
        if self._ended is None and (answer := self._nursery.ask(f"look {self.pid}")):
            self._ended = int(answer)
        return self._ended

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still lives."""
        # Until it is looked at, its number belongs to nobody else.
        if self.poll() is None:
            os.kill(self.pid, number)

    def stop(self) -> int:
        """Ask it to end, wait until it has, and return how."""
        self.send_signal(signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        """End it as a power cut would, and wait until it is gone."""
        self.send_signal(signal.SIGKILL)
        self.wait()

    def wait(self, seconds: float = 10.0) -> int:
        """Wait until it has ended, and return how."""
        ends_at = time.monotonic() + seconds
        while (ended := self.poll()) is None:
            assert time.monotonic() < ends_at, f"the bot lives {seconds} s later"
            time.sleep(0.005)
        return ended


class Nursery:
    """The near end of the process from which bots are forked."""

    def __init__(self, orders: IO[str], answers: IO[str]) -> None:
        self._orders = orders
        self._answers = answers

    def start(self, now: datetime) -> Life:
        """Start a bot whose clock shows an instant."""
        return Life(self, int(self.ask(f"start {now.isoformat()}")))

    def ask(self, order: str) -> str:
        """Give an order and return the answer."""
        self._orders.write(f"{order}\n")
        self._orders.flush()
        return self._answers.readline().strip()


@contextmanager
def a_nursery(folder: Path, environ: Mapping[str, str], log_file: Path) -> Iterator[Nursery]:
    """Have a process to fork bots from, that live in a folder; none outlives the block."""
    with (
        log_file.open("a") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.storm_bot"],
            cwd=folder,
            env={**os.environ, **environ, "PYTHONPATH": str(ROOT), "LOG_LEVEL": "INFO"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        yield Nursery(process.stdin, process.stdout)


def main() -> None:
    """Follow orders as long as anyone gives them."""
    alive: set[int] = set()
    for order in sys.stdin:
        word, what = order.split()
        if word == "start":
            alive.add(pid := _fork(what))
            answer = str(pid)
        else:
            answer = _ended(int(what))
            if answer:
                alive.discard(int(what))
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
    for pid in alive:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _fork(now: str) -> int:
    """Return the process id of a bot; the bot itself leaves through SystemExit, as any program does."""
    pid = os.fork()
    if pid:
        return pid
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, sys.stdin.fileno())
    os.dup2(nothing, sys.stdout.fileno())
    sys.exit(_live(datetime.fromisoformat(now)))


def _live(now: datetime) -> int:
    """Run until a signal comes; where it can't start, end as `python -m bot run` does."""
    settings = load_for_slack(os.environ, Path("no.env"))
    start_logging(settings.log_level, settings.log_format)
    try:
        return running.run(settings, load_policy(settings.config), SetClock(now))
    except (Problems, CohortError) as problem:
        log.warning("did not start: %s", problem)
        return NO_START


def _ended(pid: int) -> str:
    found, status = os.waitpid(pid, os.WNOHANG)
    return str(os.waitstatus_to_exitcode(status)) if found else ""


if __name__ == "__main__":
    main()
