"""A programme to measure with: its policy, its people, its assignments, and what Slack would deliver."""

from datetime import UTC, datetime, time, timedelta
from itertools import count
from pathlib import Path

from slack_bolt import BoltRequest

from bot.clock import real_now
from bot.settings import Settings, load_for_slack
from cohort.assignments import Assignment, Kind
from cohort.policy import DigestPolicy, Policy, Programme
from cohort.roster import Member, Role
from cohort.times import WEEKDAYS
from sandbox.people import People, SeedChannel, SeedUser
from sandbox.server import Sandbox
from storage.database import Database
from tests.bench.measuring import ROOT

MANIFEST = ROOT / "app.yaml"
ORLA = SeedUser("orla", "Orla", "orla@example.org", "Europe/London", id="U0ORLA")
TODAY = real_now().date()
DIGEST_ON = WEEKDAYS[(TODAY.weekday() + 3) % 7]
DUE_AT = datetime.combine(TODAY + timedelta(days=3), time(18), UTC)
SEED = 20260701

_triggers = count(1)


def policy() -> Policy:
    """Return the policy of a programme in its fifth week, with every default but that no digest goes out today."""
    programme = Programme(
        name="Bench Cohort",
        zone="Europe/London",
        starts_on=TODAY - timedelta(days=30),
        ends_on=TODAY + timedelta(days=40),
        staff_channel="staff",
        announcement_channel="announcements",
        organizers=(ORLA.email,),
    )
    return Policy(programme=programme, digest=DigestPolicy.model_validate({"weekday": DIGEST_ON}))


def policy_text() -> str:
    """Return the same policy as the text of a cohort.toml."""
    programme = policy().programme
    return (
        f'[programme]\nname = "{programme.name}"\nzone = "{programme.zone}"\n'
        f"starts_on = {programme.starts_on}\nends_on = {programme.ends_on}\n"
        f'staff_channel = "staff"\nannouncement_channel = "announcements"\norganizers = ["{ORLA.email}"]\n'
        f'[digest]\nweekday = "{DIGEST_ON}"\n'
    )


def students(number: int) -> list[Member]:
    """Return so many students, all with a Slack account."""
    return [_student(n) for n in range(number)]


def assignments(number: int) -> list[Assignment]:
    """Return so many problem sets, hw1 and so on, all due in three days."""
    closes_at = policy().programme.closes_at
    return [
        Assignment(
            id=f"asg_{n:016d}",
            slug=f"hw{n}",
            title=f"Problem set {n}",
            kind=Kind.WRITTEN,
            hard_due_at=closes_at,
            due_at=DUE_AT,
            pass_mark=70.0,
        )
        for n in range(1, number + 1)
    ]


def fill(store: Database, people: list[Member], work: list[Assignment]) -> None:
    """Write people and assignments into an empty database."""
    with store.transaction() as records:
        for member in people:
            records.roster.save(member)
        for assignment in work:
            records.assignments.save(assignment)


def workspace(people: list[Member]) -> People:
    """Return the Slack workspace of these people."""
    accounts = [SeedUser(m.id, m.name, m.email, m.zone, id=m.slack_id) for m in people]
    return People(
        users=(ORLA, *accounts),
        channels=(
            SeedChannel("staff", ("orla", "bot"), private=True),
            SeedChannel("announcements", ("orla", "bot")),
        ),
    )


def settings(sandbox: Sandbox, database: Path) -> Settings:
    """Return the settings of a bot that lives in a sandbox."""
    return load_for_slack(environment(sandbox, database), database.with_name("no.env"))


def environment(sandbox: Sandbox, database: Path) -> dict[str, str]:
    """Return what a bot that lives in a sandbox needs in its environment."""
    config = database.with_name("cohort.toml")
    return {
        **sandbox.environment,
        "COHORT_DB": str(database),
        "COHORT_CONFIG": str(config),
        "LOG_LEVEL": "ERROR",
    }


def command(member: Member, name: str, text: str) -> BoltRequest:
    """Return a slash command as Socket Mode hands it to the app, never the same one twice."""
    body = {
        "type": "slash_commands",
        "command": name,
        "text": text,
        "user_id": member.slack_id,
        "user_name": member.id,
        "team_id": "T0SANDBOX1",
        "channel_id": "D0BENCH",
        "trigger_id": f"{next(_triggers)}.bench",
        "response_url": "http://127.0.0.1:9/response",
    }
    return BoltRequest(mode="socket_mode", body=body)


def _student(n: int) -> Member:
    zone = ("Europe/London", "America/New_York", "Asia/Singapore")[n % 3]
    return Member(
        f"mem_{n:016d}", f"s{n:04d}@example.org", f"Student {n:04d}", Role.STUDENT, zone, slack_id=f"U0{n:08d}"
    )
