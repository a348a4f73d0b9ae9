"""The looks of one hour at a cohort of one size, in this process; says what they took as JSON."""

import resource
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from time import process_time

import click

from bot.directory import NoDirectory
from scheduler.jobs import jobs
from services.desk import Desk
from storage.opening import open_database
from storage.programme import Identity
from tests.bench import cohort_rows, follow_through_rows
from tests.bench.cohort_rows import NOON, POLICY, QUARTER
from tests.bench.measuring import a_folder
from tests.bench.sweeps import Sweep, as_json

LOOKED_BY = (
    "nudge-missed",
    "plan-week",
    "remind-due-soon",
    "report-silent",
    "ask-check-ins",
    "remind-check-ins",
    "assess-risk",
    "climb-ladder",
    "look-after-follow-ups",
)
ROUNDS = 3
# A small cohort is looked at in so many copies, since a single look takes no time to speak of.
LOOKED_AT = 5_000
KILOBYTES = 1024
STATUS = Path("/proc/self/status")


class Looks:
    """What the looks took so far: processor time, for others use this machine too."""

    def __init__(self) -> None:
        self.swept: list[float] = []
        self.read: list[float] = []
        self.by_job: defaultdict[str, float] = defaultdict(float)
        self.found = 0

    def look(self, desk: Desk, round_number: int) -> None:
        """Run every job once, and then its queries alone."""
        now = NOON + round_number * QUARTER
        swept, read = 0.0, 0.0
        for job in (job for job in jobs(POLICY) if job.id in LOOKED_BY):
            queries: list[str] = []
            _note_queries(desk, queries)
            began = process_time()
            self.found += job.run(desk, now)
            took = process_time() - began
            _note_queries(desk, None)
            swept += took
            read += _read(desk.store.path, queries)
            self.by_job[job.id] += took
        self.swept.append(swept)
        self.read.append(read)


def _note_queries(desk: Desk, into: list[str] | None) -> None:
    """Have SQLite itself tell which statements it runs, with their values."""
    note = None if into is None else into.append
    for opened in (desk.store.reading, desk.store.transaction):
        with opened() as records:
            records.connection.set_trace_callback(note)


def _read(path: Path, statements: Sequence[str]) -> float:
    """Return how long the queries among some statements take in plain sqlite3, every row fetched."""
    connection = sqlite3.connect(path)
    queries = [statement for statement in statements if statement.startswith("SELECT")]
    began = process_time()
    for query in queries:
        for _ in connection.execute(query):
            pass
    took = process_time() - began
    connection.close()
    return took


def _measure(students: int, looks: Looks) -> None:
    with a_folder() as folder:
        store = open_database(folder / "cohort.db", Identity(POLICY.programme.name))
        cohort_rows.fill(store, students)
        desk = Desk(store, POLICY, NoDirectory())
        follow_through_rows.fill(desk, students)
        for number in range(ROUNDS):
            looks.look(desk, number)
        store.close()


def _most_memory() -> int:
    """Return the most memory this process ever had, in kilobytes.

    On Linux what the system says of a process's use begins with what the one that started it had at that time, which
    may be far more; of its own memory alone the kernel tells elsewhere.
    """
    if STATUS.exists():
        return next(int(line.split()[1]) for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@click.command()
@click.argument("students", type=int)
def main(students: int) -> None:
    """Measure one size."""
    looks, copies = Looks(), max(1, LOOKED_AT // students)
    for _ in range(copies):
        _measure(students, looks)
    each = 1_000_000 / students
    click.echo(
        as_json(
            Sweep(
                students,
                [took * each for took in looks.swept],
                [took * each for took in looks.read],
                {job: took * each / copies for job, took in looks.by_job.items()},
                looks.found,
                _most_memory() / KILOBYTES,
            )
        )
    )


if __name__ == "__main__":
    main()
