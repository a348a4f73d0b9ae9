"""Runs of scheduled jobs, and the heartbeat of the process, as rows."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from storage.instants import instant, text


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """When the process last said that it lives, and whether Slack was connected."""

    beat_at: datetime
    is_connected: bool
    holder: str


class JobRecords:
    """Rows of `job_runs` and `heartbeat`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def start(self, job: str, due_at: datetime, started_at: datetime) -> bool:
        """Note that a job's run for an instant starts; say whether it is this one's to run.

        It is not where a run for that instant goes on or ended well. One that broke or was stopped begins anew.
        """
        begun = self._connection.execute(
            "INSERT INTO job_runs (job, due_at, started_at) VALUES (?, ?, ?) ON CONFLICT (job, due_at) DO UPDATE"
            " SET started_at = excluded.started_at, finished_at = NULL, problem = '' WHERE problem != ''",
            (job, text(due_at), text(started_at)),
        )
        return begun.rowcount == 1

    def recover(self, now: datetime) -> int:
        """Note of every run that goes on that it was stopped; return how many.

        Only who has just got the lease may do this: whoever had it before is gone, and its runs with it.
        """
        return self._connection.execute(
            "UPDATE job_runs SET finished_at = ?, problem = 'stopped' WHERE finished_at IS NULL", (text(now),)
        ).rowcount

    def finish(self, job: str, due_at: datetime, finished_at: datetime, problem: str = "") -> None:
        """Note how a job's run ended; an empty problem means well."""
        self._connection.execute(
            "UPDATE job_runs SET finished_at = ?, problem = ? WHERE job = ? AND due_at = ?",
            (text(finished_at), problem, job, text(due_at)),
        )

    def last_due(self, job: str) -> datetime | None:
        """Return the latest instant for which a job was run."""
        row = self._connection.execute("SELECT max(due_at) FROM job_runs WHERE job = ?", (job,)).fetchone()
        return None if row[0] is None else instant(row[0])

    def last_well(self, job: str) -> datetime | None:
        """Return the latest instant for which a job's run goes on or ended well."""
        row = self._connection.execute(
            "SELECT max(due_at) FROM job_runs WHERE job = ? AND problem = ''", (job,)
        ).fetchone()
        return None if row[0] is None else instant(row[0])

    def prune(self, before: datetime) -> int:
        """Forget runs from before an instant, but for each job's latest; return how many."""
        return self._connection.execute(
            "DELETE FROM job_runs WHERE due_at < ? AND due_at <"
            " (SELECT max(later.due_at) FROM job_runs AS later WHERE later.job = job_runs.job)",
            (text(before),),
        ).rowcount

    def beat(self, now: datetime, holder: str, *, is_connected: bool) -> None:
        """Write that the process lives."""
        self._connection.execute(
            "INSERT INTO heartbeat (id, beat_at, is_connected, holder) VALUES (1, ?, ?, ?) ON CONFLICT (id)"
            " DO UPDATE SET beat_at = excluded.beat_at, is_connected = excluded.is_connected,"
            " holder = excluded.holder",
            (text(now), int(is_connected), holder),
        )

    def heartbeat(self) -> Heartbeat | None:
        """Return the last heartbeat of whichever process had the lease."""
        row = self._connection.execute("SELECT beat_at, is_connected, holder FROM heartbeat").fetchone()
        return None if row is None else Heartbeat(instant(row[0]), bool(row[1]), row[2])
