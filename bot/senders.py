"""Keeps delivery going: one thread takes letters out of the outbox, and a small pool sends them."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Condition, Thread
from typing import Final

from bot.clock import Clock, ticks
from bot.delivery import Delivery
from cohort.errors import CohortError
from storage.outbox import Letter

log = logging.getLogger(__name__)

SENDERS: Final = 16
# How soon something new in the outbox is noticed.
LOOK_EVERY: Final = 0.2
SHORTEST_REST: Final = 0.005
REST_AFTER_TROUBLE: Final = 1.0


class Senders:
    """The threads of delivery. A slow call holds up one sender and nobody else."""

    def __init__(self, delivery: Delivery, clock: Clock, size: int = SENDERS) -> None:
        self._delivery = delivery
        self._clock = clock
        self._size = self._free = size
        self._changed = Condition()
        self._stopping = False
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="sender")
        self._taker = Thread(target=self._run, name="delivery", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._taker.start()

    def stop_taking(self) -> None:
        """Take no further letter; what is being sent goes on."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def finish(self, seconds: float) -> bool:
        """Wait until what is being sent is sent and on record, so many seconds at most; say whether it is."""
        ends_at = ticks() + seconds
        if self._taker.ident is not None:
            self._taker.join(seconds)
        with self._changed:
            done = self._changed.wait_for(lambda: self._busy == 0, max(0.0, ends_at - ticks()))
        self._delivery.stopping.set()
        self._pool.shutdown(wait=done, cancel_futures=True)
        return done

    @property
    def _busy(self) -> int:
        return self._size - self._free

    def _run(self) -> None:
        while not self._stopping:
            if not self._take():
                self._rest()

    def _take(self) -> bool:
        """Hand letters that may go now to the senders that are free; say whether there were any."""
        now = self._clock.now()
        for letter in (letters := self._claim(now)):
            with self._changed:
                self._free -= 1
            self._pool.submit(self._send, letter, now)
        return bool(letters)

    def _claim(self, now: datetime) -> list[Letter]:
        try:
            return self._delivery.claim(now, self._free)
        except CohortError as error:
            log.warning("the outbox can't be read: %s", type(error).__name__)
        except Exception:  # delivery goes on whatever happens; the log says what did
            log.exception("the outbox can't be read")
        with self._changed:
            self._changed.wait_for(lambda: self._stopping, REST_AFTER_TROUBLE)
        return []

    def _send(self, letter: Letter, now: datetime) -> None:
        try:
            self._delivery.deliver(letter, now)
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()

    def _rest(self) -> None:
        """Wait until a letter may go or a sender is free."""
        seconds = self._seconds_to_rest()
        with self._changed:
            if not self._stopping:
                self._changed.wait(seconds)

    def _seconds_to_rest(self) -> float:
        """Return until when nothing is to be done: to the moment where pacing or the next letter says so."""
        paced = self._delivery.pacing.wait(ticks())
        if paced > 0:
            return min(LOOK_EVERY, paced)
        due_at = self._next_due_at()
        if due_at is None:
            return LOOK_EVERY
        until_due = (due_at - self._clock.now()).total_seconds()
        if until_due > 0:
            return min(LOOK_EVERY, until_due)
        # There is more than one look takes in; whoever has no sender free is woken by the first that is.
        return SHORTEST_REST if self._free and self._delivery.lease.holds() else LOOK_EVERY

    def _next_due_at(self) -> datetime | None:
        try:
            return self._delivery.next_due_at()
        except CohortError:
            return None
