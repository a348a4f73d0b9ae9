"""An import of 200,000 submissions beside sqlite-utils, and how long a person's command waits while it runs."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from csv import writer
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path
from random import Random
from statistics import median
from threading import Event
from typing import Any

from slack_bolt import App
from sqlite_utils import Database as Tables

from bot.clock import SystemClock, real_now
from bot.wiring import assemble
from cohort.assignments import Assignment
from cohort.roster import Member
from sandbox.manifest import load_manifest
from sandbox.server import running
from services.desk import Desk
from services.imports import import_submissions
from storage.database import Database
from storage.ids import new_id
from storage.instants import text
from storage.opening import open_database
from storage.programme import Identity
from tests.bench import programme
from tests.bench.measuring import ROOT, Finding, a_folder, percentile, ratios, seconds

STUDENTS, ASSIGNMENTS, ATTEMPTS = 1000, 40, 5
ROWS = STUDENTS * ASSIGNMENTS * ATTEMPTS
# What nobody has handed in yet, so that a student may ask for more time.
OPEN_ASSIGNMENTS = 4
ROUNDS = 5
IMPORTS_WITH_SOMEBODY_TYPING = 3
BETWEEN_COMMANDS_SECONDS = 0.01
AT_MOST_TIMES = 3.0
AT_MOST_SECONDS = 0.2


class NotAsExpected(Exception):
    """What was measured did not do what it should have done, so that its time says nothing."""


@dataclass(frozen=True, slots=True)
class Work:
    """A cohort with all it has handed in, as a file and as rows for the table of submissions."""

    people: list[Member]
    assignments: list[Assignment]
    file: str
    rows: list[dict[str, Any]]


class Nobody:
    """A directory of Slack accounts without any."""

    def account(self, slack_id: str) -> None:
        """Return nobody."""

    def account_by_email(self, email: str) -> None:
        """Return nobody."""

    def accounts(self) -> Iterator[Any]:
        """Yield nobody."""
        return iter(())


def measure() -> list[Finding]:
    """Time imports in turns with plain inserts, then let somebody type while one runs in another process."""
    work = the_work()
    took = _times(work)
    times = ratios(took["import"], took["insert_all"])
    waits = [_waits_during_an_import(work) for _ in range(IMPORTS_WITH_SOMEBODY_TYPING)]
    worst, everything = [max(each) for each in waits], [wait for each in waits for wait in each]
    return [
        Finding(
            f"seconds for {ROWS:,} rows beside insert_all in one transaction",
            str(times),
            f"at most {AT_MOST_TIMES}",
            times.middle <= AT_MOST_TIMES,
        ),
        Finding(
            "seconds beside insert_all with its own commits", str(ratios(took["import"], took["insert_all by itself"]))
        ),
        Finding(
            f"longest wait of {len(everything)} commands during {len(waits)} imports",
            f"{max(worst):.3f} s (each import: {', '.join(f'{wait:.3f}' for wait in worst)})",
            f"under {AT_MOST_SECONDS} s",
            max(worst) < AT_MOST_SECONDS,
        ),
        Finding(
            "the usual wait", f"{median(everything) * 1000:.1f} ms, p99 {percentile(everything, 99) * 1000:.0f} ms"
        ),
    ]


def the_work() -> Work:
    """Make the same cohort each time: every student's attempts, in the order in which `export` writes them."""
    people = programme.students(STUDENTS)
    assignments = programme.assignments(ASSIGNMENTS + OPEN_ASSIGNMENTS)
    chance, now = Random(programme.SEED), real_now()
    buffer = io.StringIO()
    lines = writer(buffer)
    lines.writerow(("email", "assignment", "attempt", "submitted_at", "score"))
    rows = []
    for member, assignment, attempt in product(people, assignments[:ASSIGNMENTS], range(1, ATTEMPTS + 1)):
        at = text(now - timedelta(seconds=chance.randrange(25 * 86400)))
        score = chance.randrange(1001) / 10
        lines.writerow((member.email, assignment.slug, attempt, at, score))
        rows.append(
            {
                "id": new_id("sub"),
                "assignment_id": assignment.id,
                "student_id": member.id,
                "attempt": attempt,
                "submitted_at": at,
                "score": score,
            }
        )
    return Work(people, assignments, buffer.getvalue(), rows)


def _times(work: Work) -> dict[str, list[float]]:
    """Return how many seconds each round took each of the three; they take turns in being first."""
    contestants: list[tuple[str, Callable[[Database], object]]] = [
        ("import", lambda store: _import(work, store)),
        ("insert_all", lambda store: _insert_all(work, store)),
        ("insert_all by itself", lambda store: _insert(work, store.tables())),
    ]
    took: dict[str, list[float]] = {name: [] for name, _ in contestants}
    for _ in range(ROUNDS):
        for name, write in contestants:
            took[name].append(_seconds(work, write))
        contestants.append(contestants.pop(0))
    return took


def _insert_all(work: Work, store: Database) -> None:
    """Insert everything in one transaction; by itself, sqlite-utils commits every hundred rows."""
    tables = store.tables()
    with tables.atomic():
        _insert(work, tables)


def _insert(work: Work, tables: Tables) -> None:
    tables.table("submissions").insert_all(work.rows)


def _import(work: Work, store: Database) -> None:
    report = import_submissions(work.file, real_now(), Desk(store, programme.policy(), Nobody()))
    if report.problems:
        raise NotAsExpected(str(report.problems[0]))


def _seconds(work: Work, write: Callable[[Database], object]) -> float:
    """Return how long it takes to write everything into a fresh database, and see that it is there."""
    with a_folder() as folder, _a_store(folder / "cohort.db", work) as store:
        took = seconds(lambda: write(store))
        with store.reading() as records:
            (count,) = records.connection.execute("SELECT count(*) FROM submissions").fetchone()
        if count != ROWS:
            raise NotAsExpected(f"{count} rows were written, not {ROWS}")
        return took


@contextmanager
def _a_store(path: Path, work: Work) -> Iterator[Database]:
    store = open_database(path, Identity(programme.policy().programme.name))
    programme.fill(store, work.people, work.assignments)
    try:
        yield store
    finally:
        store.close()


def _waits_during_an_import(work: Work) -> list[float]:
    """Return how long each command of a person took while `python -m bot import` ran beside the bot."""
    with a_folder() as folder, running(programme.workspace([]), load_manifest(programme.MANIFEST)) as sandbox:
        path = folder / "cohort.db"
        (folder / "cohort.toml").write_text(programme.policy_text())
        (folder / "submissions.csv").write_text(work.file)
        parts = assemble(programme.settings(sandbox, path), programme.policy(), SystemClock())
        try:
            programme.fill(parts.desk.store, work.people, work.assignments)
            with _an_import(folder, programme.environment(sandbox, path)) as is_running:
                return _type_while(is_running, parts.gate.app, work)
        finally:
            parts.gate.close()  # type: ignore[no-untyped-call] # slack_bolt leaves it untyped
            parts.lazy.shutdown()
            parts.desk.store.close()


@contextmanager
def _an_import(folder: Path, environ: dict[str, str]) -> Iterator[Callable[[], bool]]:
    """Run the import as an organizer does, and hand out a way to ask whether it still runs."""
    command = [sys.executable, "-m", "bot", "import", "submissions", "submissions.csv"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environ, "SLACK_BOT_TOKEN": "", "SLACK_APP_TOKEN": ""}
    process = subprocess.Popen(
        command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield lambda: process.poll() is None
    finally:
        said, _ = process.communicate()
    if process.returncode != 0:
        raise NotAsExpected(said)


def _type_while(is_running: Callable[[], bool], app: App, work: Work) -> list[float]:
    """Let one student after another ask for more time until nothing runs any more."""
    pause, waits = Event(), []
    for assignment, member in product(work.assignments[ASSIGNMENTS:], work.people):
        if not is_running():
            break
        request = programme.command(member, "/extension", f"{assignment.slug} 2d")
        answers: list[str] = []
        waits.append(seconds(lambda: answers.append(app.dispatch(request).body)))  # noqa: B023 - called at once
        if "is now due" not in answers[0]:
            raise NotAsExpected(answers[0])
        pause.wait(BETWEEN_COMMANDS_SECONDS)
    return waits
