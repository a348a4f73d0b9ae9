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


def holder_name() -> str:
    """Return a name for this process that no other ever has."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


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
