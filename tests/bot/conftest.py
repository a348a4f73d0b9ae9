"""A desk on a real database file, and the other end of the Web API."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from slack_sdk import WebClient

from bot.delivery import Delivery
from bot.directory import NoDirectory
from bot.lease import Lease
from bot.pacing import Pacing
from cohort.policy import Policy, Programme
from cohort.roster import Member, Role
from handlers.views.blocks import Rendered
from handlers.views.messages import render
from services.desk import Desk
from services.housekeeping import JobProblem
from storage.database import Database
from storage.migrations import migrations
from storage.outbox import Letter
from tests.bot.slack_end import SlackEnd, slack_end

NOON = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
PROGRAMME = Programme(
    name="Cohort",
    zone="Europe/London",
    starts_on=date(2026, 9, 7),
    ends_on=date(2026, 11, 13),
    staff_channel="C0STAFF",
    announcement_channel="C0ALL",
    organizers=("orla@example.org",),
)
ADA = Member("mem_ada", "ada@example.org", "Ada", Role.STUDENT, "Europe/London", "U0ADA")
BO = Member("mem_bo", "bo@example.org", "Bo", Role.STUDENT, "Europe/London", "U0BO")
CHEN = Member("mem_chen", "chen@example.org", "Chen", Role.STUDENT, "Asia/Shanghai")
ORLA = Member("mem_orla", "orla@example.org", "Orla", Role.ORGANIZER, "Europe/London", "U0ORLA")


@dataclass
class Time:
    """Two clocks of a test, put forward by hand: the programme's and the one that only goes forward."""

    now: datetime = NOON
    tick: float = 1000.0

    def forward(self, seconds: float) -> datetime:
        """Let time pass on both."""
        self.now += timedelta(seconds=seconds)
        self.tick += seconds
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "cohort.db")
    migrations.apply(database.tables())
    yield database
    database.close()


@pytest.fixture
def desk(store: Database) -> Desk:
    with store.transaction() as records:
        for member in (ADA, BO, CHEN, ORLA):
            records.roster.save(member)
    return Desk(store, Policy(programme=PROGRAMME), NoDirectory())


@pytest.fixture
def slack() -> Iterator[SlackEnd]:
    with slack_end() as end:
        yield end


@pytest.fixture
def delivery(desk: Desk, slack: SlackEnd, time: Time) -> Delivery:
    lease = Lease(desk.store, "this", lambda: time.now)
    lease.renew()
    return delivery_for(desk, slack, time, lease)


def delivery_for(desk: Desk, slack: SlackEnd, time: Time, lease: Lease) -> Delivery:
    client = WebClient(token="xoxb-test", base_url=slack.url, timeout=5, retry_handlers=[])
    return Delivery(desk, client, shown, lease, Pacing(desk.policy.delivery.messages_a_minute), lambda: time.tick)


def shown(content: object, zone: ZoneInfo) -> Rendered:
    """Render as the bot does, but for the kind that tests send: its words are all it says."""
    return Rendered(content.job) if isinstance(content, JobProblem) else render(content, zone)


def a_letter(recipient: str, words: str, *, at_most_once: bool = False, now: datetime = NOON) -> Letter:
    """Return a letter that says some words, whatever kinds of letters there are."""
    facts = {"job": words, "problem": "failed", "error": "", "at": now.isoformat()}
    letter = Letter("scheduler.problem", recipient, facts, words, now, now)
    return replace(letter, at_most_once=at_most_once)


def queue(desk: Desk, *letters: Letter) -> None:
    with desk.store.transaction() as records:
        for letter in letters:
            records.outbox.add(letter)


def states(desk: Desk) -> dict[str, int]:
    with desk.store.reading() as records:
        return records.outbox.states()
