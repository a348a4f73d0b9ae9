"""Follows the clock of a sandbox: when people move it, what is due on the way happens at its own time."""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException
from threading import Event, Thread
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from bot.clock import Clock, MovedClock, SystemClock, ticks
from bot.logs import without_words
from bot.settings import Settings
from cohort.errors import CohortError
from scheduler.jobs import Job
from scheduler.runner import Runner, run_between
from services.desk import Desk

log = logging.getLogger(__name__)

STEP: Final = timedelta(minutes=15)
ASK_SECONDS: Final = 1.0
REST_SECONDS: Final = 4.0
CALL_SECONDS: Final = 10.0
# So long letters may take on their way before time goes on; what is slower comes a little later.
DELIVERY_SECONDS: Final = 1.5
LOOK_SECONDS: Final = 0.02

Json = dict[str, Any]


class SandboxTime:
    """The clock of a sandbox, over HTTP. Every call raises OSError or HTTPException where it can't be reached."""

    def __init__(self, api_url: str) -> None:
        self._place = urlsplit(api_url)

    def asked(self, turn: int, seconds: float) -> Json | None:
        """Wait until the clock was moved since a turn; None where whoever answers is no such sandbox."""
        return self._call("GET", f"?{urlencode({'follow': turn, 'wait': seconds})}")

    def reached(self, ahead: timedelta, *, is_there: bool) -> None:
        """Say how far we have come, and whether all is done that happened on the way."""
        self._call("POST", body={"do": "reached", "ahead": ahead.total_seconds(), "is_there": is_there})

    def tell_deadline(self, at: datetime | None, name: str) -> None:
        """Say what falls due next."""
        self._call("POST", body={"do": "deadline", "at": at and at.isoformat(), "name": name})

    def _call(self, verb: str, query: str = "", body: Json | None = None) -> Json | None:
        connection = HTTPConnection(self._place.hostname or "", self._place.port, timeout=CALL_SECONDS)
        try:
            text = json.dumps(body) if body is not None else None
            connection.request(verb, f"/sandbox/time{query}", text, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            content = answer.read()
            return dict(json.loads(content)) if answer.status == 200 else None
        except ValueError:
            return None
        finally:
            connection.close()


def clock_for(settings: Settings) -> Clock:
    """Return the system's clock; only on loopback one that follows the sandbox, from where that stands now."""
    if not settings.is_on_loopback:
        return SystemClock()
    try:
        shown = SandboxTime(settings.api_url).asked(-1, 0)
    except (OSError, HTTPException):
        shown = None
    return SystemClock() if shown is None else MovedClock(timedelta(seconds=shown["ahead"]))


class Demonstration:
    """Takes the bot along when the sandbox's clock is moved: jobs, then letters, a quarter of an hour at a time.

    `others` lets people who are played by nobody do what they do up to an instant.
    """

    def __init__(
        self, clock: MovedClock, time: SandboxTime, desk: Desk, table: tuple[Job, ...], runner: Runner
    ) -> None:
        self._clock, self._time, self._desk, self._table, self._runner = clock, time, desk, table, runner
        self.others: Callable[[datetime], object] = _nobody
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="demonstration", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop_following(self) -> None:
        """Follow no further; a walk ends with the job it is at."""
        self._stopping.set()

    def finish(self, seconds: float) -> bool:
        """Wait until nothing is done any more, so many seconds at most; say whether that is so."""
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        turn = -1
        while not self._stopping.is_set():
            try:
                self.others(self._clock.now())
                self._time.tell_deadline(*self._next_deadline())
                shown = self._time.asked(turn, ASK_SECONDS)
                if shown is None:
                    return
                turn = shown["turn"]
                if shown["wanted"] is not None:
                    self._walk(timedelta(seconds=shown["wanted"]))
            except (OSError, HTTPException, CohortError) as error:
                log.warning("the sandbox's clock can't be followed just now: %s", type(error).__name__)
                self._stopping.wait(REST_SECONDS)
            except Exception as error:  # the clock is followed on whatever happens; the log says what did
                if self._stopping.is_set():
                    log.warning("a walk was cut off, the records are closed: %s", type(error).__name__)
                    return
                log.error("following the clock failed", exc_info=without_words(error))  # noqa: TRY400 - the trace goes without words
                self._stopping.wait(REST_SECONDS)

    def _next_deadline(self) -> tuple[datetime | None, str]:
        now = self._clock.now()
        with self._desk.store.reading() as records:
            all_due = [
                (each.due_at, each.slug) for each in records.assignments.all() if each.due_at and each.is_open(now)
            ]
        return min((due for due in all_due if due[0] > now), default=(None, ""))

    def _walk(self, wanted: timedelta) -> None:
        """Go on to so far ahead while the scheduler rests, a quarter of an hour at a time."""
        self._runner.rest()
        while self._clock.ahead < wanted and not self._stopping.is_set():
            self._go(min(wanted, self._clock.ahead + STEP))
        if not self._stopping.is_set():
            self._runner.go_on()
            self._time.reached(self._clock.ahead, is_there=True)

    def _go(self, ahead: timedelta) -> None:
        """Run each job of a stretch of time once, and then let it pass; what they wrote goes at its end.

        The sandbox hears of it first, so that no message is stamped before the time at which it was written.
        """
        now = self._clock.now()
        until = now + (ahead - self._clock.ahead)
        self.others(until)
        run_between(now, until, self._desk, self._table, only_latest=True)
        if not self._stopping.is_set():
            self._time.reached(ahead, is_there=False)
            self._clock.move_on(ahead)
            self._wait(self._is_delivered, DELIVERY_SECONDS)

    def _is_delivered(self) -> bool:
        with self._desk.store.reading() as records:
            return not records.outbox.is_anything_due(self._clock.now())

    def _wait(self, until: Callable[[], bool], seconds: float) -> None:
        ends_at = ticks() + seconds
        while not until() and ticks() < ends_at:
            self._stopping.wait(LOOK_SECONDS)


def _nobody(_until: datetime) -> None:
    """Do nothing: everyone is played by somebody."""
