"""What goes wrong with the machine: the person reads a sentence, the log has a line, and nothing is lost.

What else can be wrong with the file is in tests/storage/test_database.py and test_opening.py; when each job is due over
clock changes in all zones, in tests/scheduler/test_times.py.
"""

import logging
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Timer
from zoneinfo import ZoneInfo

import pytest

from bot.clock import SetClock
from bot.lease import LENGTH, Lease
from bot.running import Bot
from bot.settings import Settings
from cohort.assignments import Assignment, Kind
from cohort.policy import Policy
from cohort.roster import Member
from sandbox.client import Admin, Person
from sandbox.server import Sandbox
from scheduler.jobs import jobs
from scheduler.times import is_overdue
from services.desk import Desk
from tests.conftest import NOON
from tests.e2e.conftest import ROOT, Programme, a_running_bot
from tests.e2e.storms import Storm, a_storm

HOUR = timedelta(hours=1)
LOCKED_SECONDS = 3.0
SOON = 20.0


def until(holds: Callable[[], object], what: str) -> None:
    ends_at = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < ends_at, f"{what} never came"
        time.sleep(0.02)


# ---- the database


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Hold the right to write for three seconds at least, as a long import by hand might; the block runs meanwhile."""
    with closing(sqlite3.connect(database, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        release = Timer(LOCKED_SECONDS, other.rollback)
        release.start()
        yield
        release.join()


def test_while_the_database_is_locked_people_are_told_in_time_and_afterwards_all_goes_on(
    programme: Programme, caplog: pytest.LogCaptureFixture
) -> None:
    ada, bo = programme.person("ada"), programme.person("bo")
    with locked(programme.desk.store.path), ThreadPoolExecutor(2) as both:
        # Said in the acknowledgement, and so within Slack's three seconds.
        for answer in both.map(lambda person: person.command("/extension hw3 2d", patience=3.0), (ada, bo)):
            assert "nothing was changed and nothing was lost. Please try again" in answer.shown
    assert "is now due" in ada.command("/extension hw3 2d").shown
    assert ada.wait_for("more time for *Problem set 3*", timeout=SOON)
    lines = [record.getMessage() for record in caplog.records if record.name == "handlers.boundary"]
    assert lines == ["/extension could not be done: the database was locked for two seconds"] * 2


@contextmanager
def full_disk(storm: Storm, pid: int) -> Iterator[None]:
    """Make the write-ahead log larger than a file may be for the bot, so that it can't write anything more."""
    with closing(sqlite3.connect(storm.folder / "cohort.db", isolation_level=None)) as reader:
        # As long as someone reads what stood there before, the log is not begun anew.
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM audit").fetchall()
        with storm.store() as store, store.transaction() as records:
            records.audit.add(None, "filler", "x" * 2_000_000, storm.now)
        _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1_000_000, most))
        yield
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))


def test_while_the_disk_is_full_nothing_that_was_said_is_lost_and_room_is_enough_to_go_on(tmp_path: Path) -> None:
    with a_storm(tmp_path, 1, acknowledge=3.0) as storm, storm.bot() as life:
        storm.until(lambda: "running for" in storm.log(), "the end of the start")
        one, two = (Person(storm.sandbox.url, name) for name in ("student001", "student002"))
        assert "is now due" in one.command("/extension hw7 2d").shown
        with full_disk(storm, life.pid):
            shown = two.command("/extension hw8 2d").shown
            assert "nothing was changed and nothing was lost. Please tell an organizer" in shown
            storm.until(lambda: "/extension could not be done" in storm.log(), "the line in the log")
            assert storm.rows("SELECT count(*) FROM extensions") == [(1,)]
        assert "is now due" in two.command("/extension hw8 2d").shown
        for person, title in ((one, "Problem set 7"), (two, "Problem set 8")):
            assert person.wait_for(f"more time for *{title}*", timeout=SOON, after=0)
        assert storm.rows("PRAGMA integrity_check") == [("ok",)]
        assert life.stop() == 0


# Root may write to every file, unless it lets go of that.
WITHOUT_POWER = "import ctypes, os, sys; ctypes.CDLL(None).prctl(24, 1, 0, 0, 0); os.execv(sys.executable, {command})"


def test_a_database_that_the_bot_may_not_write_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    with a_storm(tmp_path, 1) as storm:
        database = tmp_path / "cohort.db"
        before = database.read_bytes()
        database.chmod(0o400)
        tmp_path.chmod(0o500)
        command = [sys.executable, "-m", "bot", "run"]
        try:
            ended = subprocess.run(
                [sys.executable, "-c", WITHOUT_POWER.format(command=command)],
                cwd=tmp_path,
                env={**storm.sandbox.environment, "PYTHONPATH": str(ROOT)},
                capture_output=True,
                text=True,
                timeout=30,
                check=False,
            )
        finally:
            tmp_path.chmod(0o700)
            database.chmod(0o600)
        assert ended.returncode == 1, ended.stderr
        assert "Make the database file and its folder writable for the bot." in ended.stderr
        assert "Traceback" not in ended.stderr
        assert database.read_bytes() == before
        with storm.bot() as life:
            assert storm.connected(life), storm.log()


# ---- the clock


def live_until(bot: Bot, clock: SetClock, at: datetime) -> None:
    """Set the clock, wake what is due then, and wait until it has run and what it queued is delivered."""
    clock.set(at)
    desk = bot.parts.desk
    bot.parts.runner.wake_overdue()
    table = jobs(desk.policy)

    def is_done() -> bool:
        with desk.store.reading() as records:
            unfinished = records.connection.execute("SELECT 1 FROM job_runs WHERE finished_at IS NULL").fetchone()
            sending = records.connection.execute("SELECT 1 FROM outbox WHERE state = 'sending'").fetchone()
            next_at = records.outbox.next_due_at()
        waits = sending or unfinished or (next_at is not None and next_at <= clock.now())
        return not waits and not any(is_overdue(job, desk, clock.now()) for job in table)

    until(is_done, "the end of what was due")


def failed_runs(desk: Desk) -> list[tuple[str, str]]:
    with desk.store.reading() as records:
        return list(records.connection.execute("SELECT job, due_at FROM job_runs WHERE problem <> ''").fetchall())


def reminders(programme: Programme, name: str) -> int:
    return sum("Problem set 3" in message for message in programme.person(name).read() if message.from_app)


def test_a_clock_that_steps_back_an_hour_repeats_nothing(
    programme: Programme, caplog: pytest.LogCaptureFixture
) -> None:
    # A little after hw3 was due, in the afternoon of Ada and the evening of Bo.
    at = NOON + timedelta(days=1, hours=5, minutes=20)
    live_until(programme.bot, programme.clock, at)
    until(lambda: reminders(programme, "ada") == reminders(programme, "bo") == 1, "the nudges")
    for step in (-HOUR, -HOUR / 2, timedelta(0), HOUR / 2):
        live_until(programme.bot, programme.clock, at + step)
        assert programme.person("ada").command("/extension list").shown
    # What is decided in the repeated hour is told: its message comes after all that waited before it.
    live_until(programme.bot, programme.clock, at - HOUR)
    assert "is now due" in programme.person("bo").command("/extension hw4 1d").shown
    assert programme.person("bo").wait_for("more time for *Problem set 4*", timeout=SOON)
    assert (reminders(programme, "ada"), reminders(programme, "bo")) == (1, 1)
    assert failed_runs(programme.desk) == []
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_a_lease_outlives_a_clock_that_steps_back_and_still_runs_out(desk: Desk) -> None:
    shown = [NOON]
    mine, other = (Lease(desk.store, name, lambda: shown[0]) for name in ("one", "other"))
    assert mine.renew()
    shown[0] -= HOUR
    assert (mine.holds(), mine.renew(), other.renew()) == (True, True, False)
    shown[0] += LENGTH
    assert (mine.holds(), other.renew()) == (False, True)


CHANGES = [
    pytest.param(datetime(2026, 3, 29, 1, tzinfo=UTC), id="spring"),
    pytest.param(datetime(2026, 10, 25, 1, tzinfo=UTC), id="autumn"),
]
DAILY = {"note-outcomes": "03:45", "backup": "04:00", "link-accounts": "04:15", "erase-words": "04:30"}


def around(policy: Policy, change_on: date) -> Policy:
    """Return a policy whose programme has the day of a clock change in its midst."""
    dates = {"starts_on": change_on - timedelta(days=20), "ends_on": change_on + timedelta(days=50)}
    return policy.model_copy(update={"programme": policy.programme.model_copy(update=dates)})


def linked(people: list[Member], sandbox: Sandbox) -> Callable[[Desk], None]:
    """Return what puts people on the roster, each with the account in the workspace."""
    accounts = {person["email"]: person["id"] for person in Admin(sandbox.url).people() if person.get("email")}

    def fill(desk: Desk) -> None:
        with desk.store.transaction() as records:
            known = {member.email: member.id for member in records.roster.all()}
            for one in people:
                member = replace(one, id=known.get(one.email, one.id), slack_id=accounts[one.email])
                records.roster.save(member)

    return fill


@pytest.mark.parametrize("change_at", CHANGES)
def test_over_a_clock_change_every_job_and_every_plan_comes_once(
    change_at: datetime, sandbox: Sandbox, settings: Settings, policy: Policy, people: list[Member]
) -> None:
    policy, begin, london = around(policy, change_at.date()), change_at - 5 * HOUR, ZoneInfo(policy.programme.zone)
    clock, due_at = SetClock(begin), change_at + timedelta(days=4)
    work = Assignment("asg_hw5", "hw5", "Problem set 5", Kind.WRITTEN, policy.programme.closes_at, due_at)
    with a_running_bot(settings, policy, clock, linked(people, sandbox)) as bot:
        with bot.parts.desk.store.transaction() as records:
            records.assignments.save(work)
        for hour in range(40):
            live_until(bot, clock, begin + hour * HOUR)
        with bot.parts.desk.store.reading() as records:
            ran = records.connection.execute("SELECT job, due_at FROM job_runs WHERE problem = ''").fetchall()
    walls = {
        job: [f"{datetime.fromisoformat(at).astimezone(london):%a %H:%M}" for name, at in sorted(ran) if name == job]
        for job in DAILY
    }
    assert walls == {job: [f"{day} {wall}" for day in ("Sat", "Sun", "Mon")] for job, wall in DAILY.items()}
    for name in ("ada", "bo", "chen"):
        read = Person(sandbox.url, name).read()
        assert sum("here is your week" in message for message in read) == 1, read
