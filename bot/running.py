"""The life of one bot: start in order, stay up, and stop within ten seconds without losing anything."""

import logging
import os
import signal
from collections.abc import Callable
from http.client import HTTPException
from queue import SimpleQueue
from threading import Event, Thread
from types import FrameType
from typing import Final, NoReturn

from slack_sdk.errors import SlackApiError

from bot.clock import Clock, ticks
from bot.demonstration import clock_for
from bot.lease import NOBODY
from bot.logs import without_words
from bot.problems import one
from bot.settings import Settings
from bot.slack import refused
from bot.wiring import Parts, assemble
from cohort.errors import CohortError
from cohort.policy import Policy
from services import accounts

log = logging.getLogger(__name__)

STOP_SECONDS: Final = 7.5
CLOSE_SECONDS: Final = 1.0
HARD_STOP_SECONDS: Final = 8.8
HELLO_SECONDS: Final = 10.0
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class Bot:
    """One running bot. `start` returns once Slack has said hello; `stop` once everything is on record."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def start(self) -> None:
        """Start every part. Raises Problems where Slack refuses the connection."""
        parts = self.parts
        _connect(parts)
        parts.keeper.start()
        parts.runner.start()
        parts.senders.start()
        if parts.demonstration is not None:
            parts.demonstration.start()
        Thread(target=self._link_accounts, name="linking", daemon=True).start()
        log.info("running for %s in %s", parts.desk.policy.programme.name, parts.me.team)

    def stop(self, seconds: float = STOP_SECONDS) -> bool:
        """Take nothing new, finish what runs, and close; say whether all of it was finished in time."""
        ends_at = ticks() + seconds
        parts = self.parts

        def left() -> float:
            return max(0.1, ends_at - ticks())

        parts.gate.shut()
        parts.senders.stop_taking()
        parts.stopping.set()
        if parts.demonstration is not None:
            parts.demonstration.stop_following()
        steps: tuple[Callable[[], bool], ...] = (
            lambda: parts.gate.finish(left()),
            lambda: _within(left(), parts.lazy.shutdown),
            lambda: _within(left(), parts.runner.stop),
            lambda: parts.senders.finish(left()),
            lambda: _within(left(), parts.keeper.stop),
            lambda: parts.demonstration is None or parts.demonstration.finish(left()),
        )
        finished = [step() for step in steps]
        # By now everything is answered. Closing may wait for Slack's side, or for a read that never returns.
        _within(min(CLOSE_SECONDS, left()), parts.gate.close)
        self._leave()
        return all(finished)

    def _leave(self) -> None:
        """Let another process take over at once, and close the records."""
        parts = self.parts
        try:
            if parts.lease.holds():
                with parts.desk.store.transaction() as records:
                    records.jobs.beat(parts.clock.now(), NOBODY, is_connected=False)
                parts.lease.give_back()
        except CohortError as error:
            log.warning("the lease runs out by itself: %s", type(error).__name__)
        parts.desk.store.close()

    def _link_accounts(self) -> None:
        parts = self.parts
        try:
            report = accounts.link_all(parts.desk, parts.clock.now())
            log.info("%d accounts linked, %d not found", len(report.linked), len(report.unlinked))
        except (CohortError, ConnectionError) as error:
            log.warning("accounts could not be linked now: %s", type(error).__name__)
        except Exception as error:
            log.error("accounts could not be linked", exc_info=without_words(error))  # noqa: TRY400 - the trace goes without words


def run(settings: Settings, policy: Policy, clock: Clock | None = None) -> int:
    """Run until SIGTERM or Ctrl-C; return the exit code. Raises Problems and StoreUnusable at the start."""
    for number in SIGNALS:
        signal.signal(number, _leave_at_once)
    bot = Bot(assemble(settings, policy, clock or clock_for(settings)))
    # From here on threads are at work: one that is left alone with a lock would be waited for in vain.
    end = _End()
    bot.start()
    return end.come_to(bot)


def stay(bot: Bot) -> int:
    """Stay up until SIGTERM or Ctrl-C, then stop; return the exit code."""
    return _End().come_to(bot)


class _End:
    """The end that a signal asks for, and a watch that brings it about whatever hangs, a start among them."""

    def __init__(self) -> None:
        # A queue of this sort may be written to by a handler of signals, wherever that interrupts.
        self._asked: SimpleQueue[int] = SimpleQueue()
        self._watched: SimpleQueue[int] = SimpleQueue()
        self._has_come = Event()
        Thread(target=self._watch, name="watch", daemon=True).start()
        for number in SIGNALS:
            signal.signal(number, self._ask)

    def come_to(self, bot: Bot) -> int:
        """Wait until a signal asks for it, and stop; return the exit code."""
        self._asked.get()
        log.info("stopping")
        if not bot.stop():
            _end_hard()
        self._has_come.set()
        log.info("stopped")
        return 0

    def _ask(self, number: int, _: FrameType | None) -> None:
        self._watched.put(number)
        self._asked.put(number)

    def _watch(self) -> None:
        self._watched.get()
        if not self._has_come.wait(HARD_STOP_SECONDS):
            _end_hard()


def _connect(parts: Parts) -> None:
    try:
        parts.gate.connect()  # type: ignore[no-untyped-call] # slack_bolt leaves it untyped
    except SlackApiError as error:
        mend = "Make an app-level token with the scope connections:write under “Basic Information”."
        raise refused(error, parts.gate.client.web_client, "SLACK_APP_TOKEN", mend) from None
    except (OSError, HTTPException):
        raise one("Slack can't be reached for Socket Mode.", "Check the network.") from None
    if not parts.gate.wait_for_hello(HELLO_SECONDS):
        log.warning("Slack has not said hello yet; it is tried again in the background")
    parts.gate.keep_connected()


def _within(seconds: float, work: Callable[[], object]) -> bool:
    """Do something in a thread of its own, and say whether it was done in so many seconds."""
    thread = Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    return not thread.is_alive()


def _leave_at_once(_: int, __: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _end_hard() -> NoReturn:
    """End without waiting for anyone; what was being sent is looked after at the next start."""
    log.error("some work did not end in time; it is looked after at the next start")
    logging.shutdown()
    os._exit(1)
