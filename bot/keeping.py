"""The keeper: holds the lease, writes the heartbeat, and puts things right when the lease is gained."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread

from bot.clock import Clock
from bot.delivery import Delivery
from bot.lease import RENEWED_EVERY, Lease
from cohort.errors import CohortError
from services import policy_changes, running
from services.desk import Desk

log = logging.getLogger(__name__)


@dataclass
class Keeper:
    """One turn every ten seconds of real time. `overdue` names the jobs that should have run; `catch_up` wakes them."""

    desk: Desk
    clock: Clock
    lease: Lease
    delivery: Delivery
    is_connected: Callable[[], bool]
    overdue: Callable[[], Sequence[str]]
    catch_up: Callable[[], None]

    def __post_init__(self) -> None:
        self._stop = Event()
        self._thread = Thread(target=self._run, name="keeper", daemon=True)

    def start(self) -> None:
        """Take the first turn now and all others in the background. Raises StoreBusy and StoreUnusable."""
        self.lease.bury()
        self.turn()
        self._thread.start()

    def stop(self) -> None:
        """Take no further turn."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def turn(self) -> bool:
        """Renew the lease, act on having gained it, and write the heartbeat; say whether the lease is held."""
        had = self.lease.holds()
        has = self.lease.renew()
        if has and not had:
            self._gained(self.clock.now())
        elif had and not has:
            log.warning("another process has taken over delivery and jobs")
        if has:
            self._beat(self.clock.now())
        return has

    def _gained(self, now: datetime) -> None:
        unknown, queued = self.delivery.recover(now)
        log.info("delivery and jobs are ours; %d letters go again, %d nudges are left unknown", queued, unknown)
        with self.desk.store.transaction() as records:
            records.jobs.recover(now)
            last = records.jobs.heartbeat()
        if last is not None:
            running.report_was_down(last.beat_at, tuple(self.overdue()), now, self.desk)
        policy_changes.note_policy(now, self.desk)
        self.catch_up()

    def _beat(self, now: datetime) -> None:
        with self.desk.store.transaction() as records:
            records.jobs.beat(now, self.lease.holder, is_connected=self.is_connected())

    def _run(self) -> None:
        while not self._stop.wait(RENEWED_EVERY.total_seconds()):
            try:
                self.turn()
            except CohortError as error:
                log.warning("the heartbeat can't be written: %s", type(error).__name__)
            except Exception:  # the keeper goes on whatever happens; the log says what did
                log.exception("the keeper stumbled")
