"""Weather for a bot: a programme in a sandbox, people who never rest, and processes that are killed under them."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from cohort.assignments import Assignment, Kind
from cohort.roster import Member, Role
from sandbox.client import Admin, CannotDo, Message, Person
from sandbox.manifest import load_manifest
from sandbox.people import People, SeedChannel, SeedUser
from sandbox.server import Sandbox, running
from sandbox.timing import Timing
from storage.database import Database
from storage.opening import migrate
from tests.e2e.storm_bot import ROOT, Life, Nursery, a_nursery

BEGIN = datetime(2026, 7, 1, 10, tzinfo=UTC)
CLOSES = datetime(2026, 8, 16, tzinfo=UTC)
# From one life of the bot to the next every job that comes a quarter of an hour has become due.
A_TURN = timedelta(minutes=16)
STUDENTS = 20
ASSIGNMENTS = 12
STAFF = ("tara", "tom", "orla")
SOON = 30.0
# Seconds: about what a start takes, and how long a bot lives after it.
A_START = 0.05
AN_AVERAGE_LIFE = 0.12
LONGEST_LIFE = 1.5
# A card a second for the staff channel, and fewer changes of cards than that.
LONG = 120.0
POLICY = """
[programme]
name = "Storm Cohort"
zone = "Europe/London"
starts_on = 2026-06-01
ends_on = 2026-08-09
staff_channel = "staff"
announcement_channel = "announcements"
organizers = ["orla@example.org"]
[extensions]
auto_approved_limit = "none"
[nudges]
brake_hours = 0
[delivery]
messages_a_minute = 600
"""
# What goes beyond the policy makes a card, and the staff's channel takes one a second.
MORE_TIME = ("1d", "1d", "2d", "2d", "2d", "3d", "3d", "3d", "9d")
STUDENTS_PRESS = (
    "nudges.take",
    "nudges.take_all",
    "nudges.handed_in",
    "nudges.started",
    "nudges.not_yet",
    "extensions.talk_please",
    "extensions.withdraw",
)
STAFF_PRESS = ("extensions.approve", "extensions.approve", "extensions.talk_first")


def roster() -> list[Member]:
    """Return everyone, each with the account of the workspace."""
    students = [(f"student{n:03d}", f"Student {n:03d}", Role.STUDENT) for n in range(STUDENTS)]
    staff = [("tara", "Tara", Role.TA), ("tom", "Tom", Role.TA), ("orla", "Orla", Role.ORGANIZER)]
    return [
        Member(f"mem_{handle}", f"{handle}@example.org", name, role, "UTC", slack_id=f"U0{handle.upper()}")
        for handle, name, role in [*students, *staff]
    ]


def assignments() -> list[Assignment]:
    """Return work of which some was due yesterday, and some falls due on each of the next days."""
    first = BEGIN - timedelta(days=1)
    return [
        Assignment(f"asg_hw{n}", f"hw{n}", f"Problem set {n}", Kind.WRITTEN, CLOSES, first + timedelta(hours=16 * n))
        for n in range(ASSIGNMENTS)
    ]


def handle(member: Member) -> str:
    """Return what someone is called in the workspace."""
    return member.email.partition("@")[0]


def _workspace() -> People:
    users = tuple(SeedUser(handle(m), m.name, m.email, m.zone, id=m.slack_id) for m in roster())
    everyone = (*(user.name for user in users), "bot")
    return People(
        users=users,
        channels=(SeedChannel("staff", (*STAFF, "bot"), private=True), SeedChannel("announcements", everyone)),
    )


@dataclass
class Storm:
    """A folder with the records, a sandbox, and how often a bot was started there; chance comes from the seed."""

    folder: Path
    sandbox: Sandbox
    nursery: Nursery
    seed: int
    turns: int = 0
    granted: set[tuple[str, str]] = field(default_factory=set)

    @property
    def admin(self) -> Admin:
        """The one who makes Slack fail."""
        return Admin(self.sandbox.url)

    @property
    def now(self) -> datetime:
        """What the clock of the latest bot showed when it was started."""
        return BEGIN + self.turns * A_TURN

    def person(self, name: str) -> Person:
        """Return someone at a keyboard, who does not wait for what follows."""
        return Person(self.sandbox.url, name, patience=0.0)

    @contextmanager
    def bot(self, *, turns: int = 1) -> Iterator[Life]:
        """Run one life of the bot, so many turns after the last; however the block ends, so does the process."""
        self.turns += turns
        life = self.nursery.start(self.now)
        try:
            yield life
        finally:
            life.kill()

    def connected(self, life: Life, count: int = 1) -> bool:
        """Wait until the bot is connected; say whether it is, rather than having given up on Slack."""
        ends_at = time.monotonic() + SOON
        while life.poll() is None:
            assert time.monotonic() < ends_at, self.log()
            with suppress(AssertionError):
                self.admin.wait_connected(count, timeout=0.2)
                return True
        return False

    @property
    def log_file(self) -> Path:
        """Where every bot of the storm writes its log."""
        return self.folder / "log"

    def log(self) -> str:
        """Return all that the bots logged."""
        return self.log_file.read_text()

    @contextmanager
    def store(self) -> Iterator[Database]:
        """Open the records beside the bot."""
        database = Database(self.folder / "cohort.db", busy_seconds=10)
        try:
            yield database
        finally:
            database.close()

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Return what a query finds."""
        with self.store() as store, store.reading() as records:
            return list(records.connection.execute(sql, values).fetchall())

    def until(self, holds: Callable[[], bool], what: str, seconds: float = SOON) -> None:
        """Wait until something holds, and show the log if it never does."""
        ends_at = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < ends_at, f"{what} never came\n{self.log()[-6000:]}"
            time.sleep(0.05)

    def messages(self, name: str) -> list[Message]:
        """Return what someone can read, oldest first, without what only they were shown."""
        return [m for m in self.person(name).read(limit=100_000) if m.from_app and not m.ephemeral]


@contextmanager
def a_storm(folder: Path, seed: int, *, acknowledge: float = 0.7) -> Iterator[Storm]:
    """Make a programme in an empty folder and a workspace around it, in which `acknowledge` seconds are enough."""
    (folder / "cohort.toml").write_text(POLICY)
    migrate(folder / "cohort.db")
    timing = Timing(acknowledge=acknowledge)
    with (
        running(_workspace(), load_manifest(ROOT / "app.yaml"), timing=timing) as sandbox,
        a_nursery(folder, sandbox.environment, folder / "log") as nursery,
    ):
        storm = Storm(folder, sandbox, nursery, seed)
        with storm.store() as store, store.transaction() as records:
            for member in roster():
                records.roster.save(member)
            for assignment in assignments():
                records.assignments.save(assignment)
        yield storm


@contextmanager
def people_at_work(storm: Storm, students: int = 2, staff: int = 1) -> Iterator[None]:
    """Let people type and press for as long as the block lasts, whether or not anyone answers."""
    stop = threading.Event()
    failures: list[BaseException] = []

    def work(act: Callable[[Storm, Random], None], number: int) -> None:
        chance = Random(f"{storm.seed}:{act.__name__}:{number}")
        try:
            while not stop.wait(chance.uniform(0.0, 0.15)):
                with suppress(CannotDo):
                    act(storm, chance)
        except BaseException as error:  # noqa: BLE001 - raised again by whoever started the thread
            failures.append(error)

    acts = [(a_student_acts, n) for n in range(students)] + [(staff_act, n) for n in range(staff)]
    threads = [threading.Thread(target=work, args=each) for each in acts]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not failures, failures


def a_student_acts(storm: Storm, chance: Random) -> None:
    """Ask for more time, look something up, or press what stands there."""
    name = f"student{chance.randrange(STUDENTS):03d}"
    person, what = storm.person(name), chance.random()
    if what < 0.5:
        slug = f"hw{chance.randrange(ASSIGNMENTS)}"
        shown = person.command(f"/extension {slug} {chance.choice(MORE_TIME)}").shown
        if "is now due" in shown:
            storm.granted.add((name, slug))
    elif what < 0.6:
        person.command(chance.choice(("/extension list", "/cohort messages", "/cohort policy", "/extension")))
        person.close(all_=True)
    else:
        person.press(chance.choice(STUDENTS_PRESS))


def staff_act(storm: Storm, chance: Random) -> None:
    """Decide something, or give time that nobody asked for."""
    person, what = storm.person(chance.choice(STAFF)), chance.random()
    if what < 0.6:
        person.press(chance.choice(STAFF_PRESS))
    elif what < 0.8:
        person.press("extensions.decline", patience=0.5)
        person.fill({"reason": "There is no time left."})
        person.submit()
        person.close(all_=True)
    else:
        student, slug = chance.randrange(STUDENTS), chance.randrange(ASSIGNMENTS)
        person.command(f"/extension grant @student{student:03d} hw{slug} {chance.randrange(1, 9)}d")


def ride(storm: Storm, kills: int) -> None:
    """Kill the bot so many times at moments of chance: one in three while it starts, two while it is at work."""
    chance = Random(storm.seed)
    with people_at_work(storm):
        for _ in range(kills):
            with storm.bot() as life:
                if chance.random() < 1 / 3:
                    time.sleep(chance.uniform(0.0, 2 * A_START))
                elif storm.connected(life):
                    time.sleep(min(LONGEST_LIFE, chance.expovariate(1 / AN_AVERAGE_LIFE)))


def calm(storm: Storm) -> None:
    """Let Slack work again and the bot live until noon of another day, so that all that waits is delivered."""
    storm.admin.clear_faults()
    days = (storm.now - BEGIN).days + 2
    storm.turns = timedelta(days=days, hours=2) // A_TURN
    with storm.bot() as life:
        assert storm.connected(life), storm.log()[-6000:]
        storm.until(lambda: _is_settled(storm), "the end of what waits to be sent", LONG)
        assert life.stop() == 0, storm.log()[-6000:]


def _is_settled(storm: Storm) -> bool:
    """Say whether the jobs of this life have ended, and nothing waits that is to be sent before the next."""
    due_at, soon = (storm.now - A_TURN).isoformat(), (storm.now + A_TURN).isoformat(timespec="milliseconds")
    swept = "SELECT 1 FROM job_runs WHERE job = 'nudge-missed' AND due_at > ? AND finished_at IS NOT NULL"
    waits = "SELECT 1 FROM outbox WHERE state = 'sending' OR (state = 'queued' AND not_before_at <= ?)"
    return bool(storm.rows(swept, due_at)) and not storm.rows(waits, soon)
