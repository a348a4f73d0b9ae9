"""The lease: of all processes on one database, one at a time delivers messages and runs jobs."""

import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Final
from uuid import uuid4

from bot.clock import real_now
from storage.database import Database
from storage.records import Records

LENGTH: Final = timedelta(seconds=30)
RENEWED_EVERY: Final = timedelta(seconds=10)


# In place of a holder in the last heartbeat of a bot that was stopped.
NOBODY: Final = ""

_OURS: Final[set[str]] = set()


def holder_name() -> str:
    """Return a name for a holder in this process that no other ever has."""
    name = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
    _OURS.add(name)
    return name


def is_dead(holder: str) -> bool:
    """Say whether a holder surely is no more: a process of this machine that is gone, or had our own number."""
    host, _, rest = holder.rpartition(":")[0].rpartition(":")
    if host != socket.gethostname() or not rest.isdigit():
        return False
    if int(rest) == os.getpid():
        return holder not in _OURS
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


class Lease:
    """The lease as one process has it. Its times are real time, whatever clock the programme is shown."""

    def __init__(self, store: Database, holder: str, real_time: Callable[[], datetime] = real_now) -> None:
        self.holder = holder
        self._store = store
        self._real_time = real_time
        self._until_at: datetime | None = None
        self._lock = Lock()

    def holds(self) -> bool:
        """Say whether this process may act: the lease was had and has not run out since."""
        with self._lock:
            return self._until_at is not None and self._real_time() < self._until_at

    def renew(self) -> bool:
        """Take the lease or keep it; say whether it is held now. Raises StoreBusy and StoreUnusable."""
        with self._store.transaction() as records:
            return self._take(records)

    def bury(self) -> bool:
        """Free the lease of a process of this machine that is no more; say whether there was one.

        Otherwise a bot that was killed and started again would have to wait for its own lease to run out.
        """
        with self._store.transaction() as records:
            holder = records.lease.holder()
            if holder is None or not is_dead(holder):
                return False
            records.lease.release(holder)
            return True

    def confirm(self, records: Records) -> bool:
        """Say within a transaction whether the lease is still held, and keep it if so.

        One that has run out is not taken back here: whoever takes it anew has to look at what was left behind.
        """
        return self.holds() and self._take(records)

    def give_back(self) -> None:
        """Let another process take over at once."""
        with self._lock:
            self._until_at = None
        with self._store.transaction() as records:
            records.lease.release(self.holder)

    def _take(self, records: Records) -> bool:
        now = self._real_time()
        taken = records.lease.take(self.holder, now, now + LENGTH)
        with self._lock:
            self._until_at = now + LENGTH if taken else None
        return taken
