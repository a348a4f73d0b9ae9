"""What every test can have: a desk on a real database file, and the people and assignments of a small cohort."""

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from bot.logs import CHATTY_LOGGERS, PAYLOAD_LOGGERS
from cohort.assignments import Assignment, Kind
from cohort.policy import Policy, Programme
from cohort.roster import Member, Role
from services.desk import Account, Desk
from storage.database import Database
from storage.migrations import migrations

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)

# How long one example takes says more about the machine than about the code.
settings.register_profile("any machine", deadline=None)
# What must hold before a change lands tries the same examples each time; at a desk new ones are drawn.
settings.register_profile("landing", deadline=None, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "any machine"))


@pytest.fixture(autouse=True)
def levels_of_logs() -> Iterator[None]:
    """Give back the levels of logs that a command run in this process has set."""
    names = ("", *PAYLOAD_LOGGERS, *CHATTY_LOGGERS)
    levels = {name: logging.getLogger(name).level for name in names}
    yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@dataclass
class PhoneBook:
    """A directory of Slack accounts that lie in memory."""

    known: list[Account] = field(default_factory=list)

    def account(self, slack_id: str) -> Account | None:
        return next((a for a in self.known if a.slack_id == slack_id), None)

    def account_by_email(self, email: str) -> Account | None:
        return next((a for a in self.known if a.email.casefold() == email.casefold()), None)

    def accounts(self) -> Iterator[Account]:
        return iter(self.known)


def a_member(name: str, role: Role = Role.STUDENT, zone: str = "Europe/London") -> Member:
    """Return someone whose ids and address follow from the name."""
    slug = name.casefold()
    return Member(f"mem_{slug}", f"{slug}@example.org", name, role, zone, slack_id=f"U0{name.upper()}")


@pytest.fixture
def policy() -> Policy:
    programme = Programme(
        name="Summer Cohort",
        zone="Europe/London",
        starts_on=date(2026, 6, 1),
        ends_on=date(2026, 8, 9),
        staff_channel="staff",
        announcement_channel="announcements",
        organizers=("orla@example.org",),
    )
    return Policy(programme=programme)


@pytest.fixture
def ada() -> Member:
    return a_member("Ada", zone="America/New_York")


@pytest.fixture
def bo() -> Member:
    return a_member("Bo")


@pytest.fixture
def chen() -> Member:
    return a_member("Chen", zone="Asia/Singapore")


@pytest.fixture
def tara() -> Member:
    return a_member("Tara", Role.TA)


@pytest.fixture
def tom() -> Member:
    return a_member("Tom", Role.TA, zone="America/Los_Angeles")


@pytest.fixture
def orla() -> Member:
    return a_member("Orla", Role.ORGANIZER)


@pytest.fixture
def hw3(policy: Policy) -> Assignment:
    """Due on Thursday 2 July 2026 at 18:00 in London."""
    return Assignment(
        id="asg_hw3",
        slug="hw3",
        title="Problem set 3",
        kind=Kind.WRITTEN,
        hard_due_at=policy.programme.closes_at,
        due_at=datetime(2026, 7, 2, 17, tzinfo=UTC),
        pass_mark=70.0,
    )


@pytest.fixture
def hw4(policy: Policy) -> Assignment:
    """Due on Saturday 4 July 2026 at 18:00 in London."""
    return Assignment(
        id="asg_hw4",
        slug="hw4",
        title="Problem set 4",
        kind=Kind.WRITTEN,
        hard_due_at=policy.programme.closes_at,
        due_at=datetime(2026, 7, 4, 17, tzinfo=UTC),
        pass_mark=70.0,
    )


@pytest.fixture
def final(policy: Policy) -> Assignment:
    """An exam, due on Friday 7 August 2026 at 12:00 in London."""
    return Assignment(
        id="asg_final",
        slug="final",
        title="Final exam",
        kind=Kind.EXAM,
        hard_due_at=policy.programme.closes_at,
        due_at=datetime(2026, 8, 7, 11, tzinfo=UTC),
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database."""
    database = Database(tmp_path / "cohort.db")
    migrations.apply(database.tables())
    yield database
    database.close()


@pytest.fixture
def desk(
    store: Database,
    policy: Policy,
    ada: Member,
    bo: Member,
    chen: Member,
    tara: Member,
    tom: Member,
    orla: Member,
    hw3: Assignment,
    hw4: Assignment,
    final: Assignment,
) -> Desk:
    """A desk with three students, two TAs, an organizer and three assignments."""
    with store.transaction() as records:
        for member in (ada, bo, chen, tara, tom, orla):
            records.roster.save(member)
        for assignment in (hw3, hw4, final):
            records.assignments.save(assignment)
    return Desk(store, policy, PhoneBook())
