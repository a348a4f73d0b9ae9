"""A whole bot, running against the sandbox over real sockets, and the people in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SetClock
from bot.running import Bot
from bot.settings import Settings, load_for_slack
from bot.wiring import assemble
from cohort.assignments import Assignment
from cohort.policy import Policy
from cohort.roster import Member
from sandbox.client import Admin, Person
from sandbox.server import Sandbox, running
from services.desk import Desk
from tests.conftest import NOON

ROOT = Path(__file__).parents[2]
WORKSPACE = """
[team]
id = "T0COHORT"
name = "Summer Cohort"
{users}
[[channels]]
name = "staff"
private = true
members = ["tara", "tom", "orla", "bot"]
[[channels]]
name = "announcements"
members = ["ada", "bo", "chen", "tara", "tom", "orla", "bot"]
"""
ZONES = {
    "ada": "America/New_York",
    "bo": "Europe/London",
    "chen": "Asia/Singapore",
    "tara": "Europe/London",
    "tom": "America/Los_Angeles",
    "orla": "Europe/London",
    "zed": "Europe/London",
}


@dataclass
class Programme:
    """A running programme: its sandbox, its bot, its clock, and the way to anyone's keyboard."""

    sandbox: Sandbox
    bot: Bot
    clock: SetClock
    desk: Desk

    @property
    def admin(self) -> Admin:
        return Admin(self.sandbox.url)

    def person(self, name: str) -> Person:
        return Person(self.sandbox.url, name, patience=6.0)


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    users = "\n".join(
        f'[[users]]\nname = "{name}"\nreal_name = "{name.title()}"\nemail = "{name}@example.org"\ntz = "{zone}"'
        for name, zone in ZONES.items()
    )
    workspace = tmp_path / "workspace.toml"
    workspace.write_text(WORKSPACE.format(users=users))
    with running(workspace, ROOT / "app.yaml") as started:
        yield started


@pytest.fixture
def settings(sandbox: Sandbox, tmp_path: Path) -> Settings:
    environ = {**sandbox.environment, "COHORT_DB": str(tmp_path / "e2e.db")}
    return load_for_slack(environ, tmp_path / ".env")


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@contextmanager
def a_running_bot(settings: Settings, policy: Policy, clock: SetClock, fill: Callable[[Desk], None]) -> Iterator[Bot]:
    """Run a bot for as long as the block lasts; `fill` writes the records it starts with."""
    bot = Bot(assemble(settings, policy, clock))
    fill(bot.parts.desk)
    bot.start()
    try:
        yield bot
    finally:
        bot.stop(timedelta(seconds=8).total_seconds())


@pytest.fixture
def people(ada: Member, bo: Member, chen: Member, tara: Member, tom: Member, orla: Member) -> list[Member]:
    return [ada, bo, chen, tara, tom, orla]


@pytest.fixture
def programme(
    sandbox: Sandbox,
    settings: Settings,
    policy: Policy,
    clock: SetClock,
    people: list[Member],
    hw3: Assignment,
    hw4: Assignment,
    final: Assignment,
) -> Iterator[Programme]:
    ids = {person["name"]: person["id"] for person in Admin(sandbox.url).people()}

    def fill(desk: Desk) -> None:
        with desk.store.transaction() as records:
            known = {member.email: member for member in records.roster.all()}
            for member in people:
                stored = known.get(member.email, member)
                slack_id = ids[member.name.casefold()]
                records.roster.save(
                    Member(stored.id, member.email, member.name, member.role, member.zone, slack_id=slack_id)
                )
            for assignment in (hw3, hw4, final):
                records.assignments.save(assignment)

    with a_running_bot(settings, policy, clock, fill) as bot:
        yield Programme(sandbox, bot, clock, bot.parts.desk)
