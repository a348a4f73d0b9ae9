"""The life of one bot: start in order, stay up, and stop within ten seconds without losing anything."""

import logging
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from threading import Event, Thread, Timer
from types import FrameType
from typing import Final, NoReturn

from slack_sdk.errors import SlackApiError

from bot.clock import Clock, SystemClock, ticks
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
LOOK_SECONDS: Final = 1.0
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
        steps: tuple[Callable[[], bool], ...] = (
            lambda: parts.gate.finish(left()),
            lambda: _within(left(), parts.lazy.shutdown),
            lambda: _within(left(), parts.runner.stop),
            lambda: parts.senders.finish(left()),
            lambda: _within(left(), parts.keeper.stop),
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
    _heed_signals()
    bot = Bot(assemble(settings, policy, clock or SystemClock()))
    return _until_a_signal(bot, bot.start)


def stay(bot: Bot) -> int:
    """Stay up until SIGTERM or Ctrl-C, then stop; return the exit code."""
    _heed_signals()
    return _until_a_signal(bot, lambda: None)


def _until_a_signal(bot: Bot, begin: Callable[[], None]) -> int:
    """Begin and stay up until a signal comes, and stop whatever was begun by then."""
    with suppress(SystemExit):
        begin()
        # Now and then it looks up, since a signal may come just before it begins to wait.
        while not Event().wait(LOOK_SECONDS):
            pass
    log.info("stopping")
    watchdog = Timer(HARD_STOP_SECONDS, _end_hard)
    watchdog.daemon = True
    watchdog.start()
    if not bot.stop():
        _end_hard()
    watchdog.cancel()
    log.info("stopped")
    return 0


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


def _heed_signals() -> None:
    for number in SIGNALS:
        signal.signal(number, _leave)


def _leave(_: int, __: FrameType | None) -> NoReturn:
    """Leave what the main thread is at; a second signal must not break the stop that the first one began."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


def _end_hard() -> NoReturn:
    """End without waiting for anyone; what was being sent is looked after at the next start."""
    log.error("some work did not end in time; it is looked after at the next start")
    logging.shutdown()
    os._exit(1)
