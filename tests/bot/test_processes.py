"""The bot as a process of its own against the sandbox: signals, kills, and two at once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clock import real_now
from cohort.roster import Member, Role
from sandbox.client import Admin, Person
from sandbox.server import Sandbox, running
from storage.database import Database
from storage.opening import migrate
from tests.bot.conftest import a_letter

ROOT = Path(__file__).parents[2]
WORKSPACE = """
[[users]]
name = "ada"
real_name = "Ada"
email = "ada@example.org"
[[users]]
name = "bo"
real_name = "Bo"
email = "bo@example.org"
[[users]]
name = "orla"
real_name = "Orla"
email = "orla@example.org"
[[channels]]
name = "staff"
private = true
members = ["orla", "bot"]
[[channels]]
name = "announcements"
members = ["ada", "bo", "orla", "bot"]
"""
SOON = 15.0


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    workspace = tmp_path / "workspace.toml"
    workspace.write_text(WORKSPACE)
    with running(workspace, ROOT / "app.yaml") as started:
        yield started


@dataclass
class World:
    """A folder with a policy and a database in it, and a sandbox to connect to."""

    folder: Path
    sandbox: Sandbox

    @property
    def admin(self) -> Admin:
        return Admin(self.sandbox.url)

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.sandbox.environment, "PYTHONPATH": str(ROOT), "LOG_LEVEL": "INFO"}

    def bot(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[str]]:
        log = (self.folder / "log").open("a")
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], cwd=self.folder, env=self.environment, stderr=log, text=True
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            log.close()

    def wait_linked(self) -> None:
        """Wait until the bot is connected and knows everyone's account."""
        self.admin.wait_connected()
        until(lambda: "not found" in self.log(), self)

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def store(self) -> Database:
        return Database(self.folder / "cohort.db")

    def queue(self, words: str, member: str, *, at_most_once: bool = False) -> None:
        store = self.store()
        letter = a_letter(f"member:mem_{member}", words, now=real_now())
        with store.transaction() as records:
            records.outbox.add(replace(letter, at_most_once=at_most_once))
        store.close()

    def states(self) -> dict[str, int]:
        store = self.store()
        try:
            with store.reading() as records:
                return records.outbox.states()
        finally:
            store.close()

    def read(self, name: str) -> str:
        return "\n".join(message.shown for message in Person(self.sandbox.url, name).read())


def until(holds: Callable[[], bool], world: World) -> None:
    """Wait until something holds, and show the log if it never does."""
    ends_at = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < ends_at, world.log()
        time.sleep(0.02)


def wide_awake(policy: str) -> str:
    """Return a policy whose quiet hours are half a day, and whose digest is days away from whenever the test runs."""
    far = real_now().astimezone(ZoneInfo("Europe/London")) + timedelta(hours=12)
    quiet = f"quiet_from = {far:%H:%M}:00\nquiet_until = {far + timedelta(minutes=5):%H:%M}:00"
    digest = f'weekday = "{far + timedelta(days=3):%A}"'.lower()
    awake = policy.replace("# quiet_from = 21:00:00\n# quiet_until = 08:00:00", quiet)
    return awake.replace('# weekday = "monday"', digest)


@pytest.fixture
def world(tmp_path: Path, sandbox: Sandbox) -> World:
    example = (ROOT / "cohort.example.toml").read_text()
    (tmp_path / "cohort.toml").write_text(wide_awake(example))
    migrate(tmp_path / "cohort.db")
    world = World(tmp_path, sandbox)
    store = world.store()
    with store.transaction() as records:
        for name in ("ada", "bo"):
            records.roster.save(Member(f"mem_{name}", f"{name}@example.org", name.title(), Role.STUDENT, "UTC"))
    store.close()
    return world


def test_a_signal_lets_what_runs_finish_and_ends_the_process_in_time(world: World) -> None:
    with world.running() as process:
        world.wait_linked()
        world.admin.fault("chat.postMessage", "latency", seconds=0.8)
        world.queue("decided", "ada")
        until(lambda: world.states().get("sending") == 1, world)
        began = time.monotonic()
        process.terminate()
        assert process.wait(10) == 0
        assert time.monotonic() - began < 10
    assert world.states()["sent"] == 1
    assert "decided" in world.read("ada")
    health = world.bot("health")
    assert (health.returncode, "does not run: it was stopped" in health.stderr) == (1, True)


def test_a_call_that_hangs_does_not_keep_the_process_alive(world: World) -> None:
    with world.running() as process:
        world.wait_linked()
        world.admin.fault("chat.postMessage", "latency", seconds=40)
        world.queue("decided", "ada")
        until(lambda: world.states().get("sending") == 1, world)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 1


def test_killed_while_sending_and_started_again_nothing_decided_is_lost(world: World) -> None:
    with world.running() as process:
        world.wait_linked()
        world.admin.fault("chat.postMessage", "latency", seconds=2)
        world.queue("decided", "ada")
        world.queue("nudged", "bo", at_most_once=True)
        until(lambda: world.states().get("sending", 0) >= 2, world)
        process.kill()
        process.wait()
    world.admin.clear_faults()
    with world.running():
        until(lambda: not world.states().keys() & {"sending", "queued"}, world)
    assert world.states()["unknown"] == 1
    assert "decided" in world.read("ada")
    assert world.read("bo").count("nudged") <= 1


def test_of_two_processes_one_delivers(world: World) -> None:
    with world.running(), world.running():
        world.admin.wait_connected(2)
        for name in ("ada", "bo"):
            world.queue(f"job-{name}-1", name)
            world.queue(f"job-{name}-2", name)
        until(lambda: world.states().get("sent", 0) >= 4, world)
        assert world.bot("health").returncode == 0
    for name in ("ada", "bo"):
        seen = world.read(name)
        assert [seen.count(f"job-{name}-{number}") for number in (1, 2)] == [1, 1]
    assert world.log().count("delivery and jobs are ours") == 1


def test_health_check_jobs_and_import_speak_in_sentences(world: World) -> None:
    assert "never run" in world.bot("health").stderr
    checked = world.bot("check")
    assert (checked.returncode, checked.stdout) == (0, "Everything is as it should be.\n")
    jobs = world.bot("jobs")
    assert jobs.returncode == 0
    assert "nudge-missed" in jobs.stdout
    assert world.bot("export", "roster", "out.csv").returncode == 0
    again = world.bot("import", "roster", "out.csv", "--dry-run")
    assert "2 unchanged" in again.stdout
