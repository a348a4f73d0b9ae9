"""A small programme on a real database file: who is there, what is due, and short ways to change it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from cohort.assignments import Assignment, Kind
from cohort.extensions import Extension, ExtensionRequest, Origin, State
from cohort.policy import Policy, Programme
from cohort.roster import Member, Role
from cohort.submissions import Submission
from services import messages
from services.desk import Account, Desk
from services.letters import Later
from storage.database import Database
from storage.ids import new_id
from storage.migrations import migrations
from storage.outbox import Letter, Post

# A Wednesday, 12:00 in London; hw3 was due the evening before.
NOW = datetime(2026, 2, 18, 12, tzinfo=UTC)
DUE = datetime(2026, 2, 17, 18, tzinfo=UTC)
HARD = datetime(2026, 4, 10, 22, 59, tzinfo=UTC)


class NobodyElse:
    """A workspace that knows no accounts."""

    def account(self, slack_id: str) -> Account | None:
        del slack_id
        return None

    def account_by_email(self, email: str) -> Account | None:
        del email
        return None

    def accounts(self) -> Iterator[Account]:
        return iter(())


def person(name: str, role: Role = Role.STUDENT, zone: str = "Europe/London", **more: Any) -> Member:
    """Return a member with ids made from the name."""
    low = name.lower().replace(" ", "")
    member = Member(f"mem_{low}", f"{low}@example.org", name, role, zone, slack_id=f"U{low.upper()}")
    return replace(member, **more)


def homework(slug: str, due_at: datetime | None = DUE, **more: Any) -> Assignment:
    """Return a required assignment."""
    made = Assignment(f"asg_{slug}", slug, f"Homework {slug[2:]}", Kind.PROGRAMMING, HARD, due_at=due_at)
    return replace(made, **more)


ADA, BO, CHEN = person("Ada"), person("Bo"), person("Chen")
TARA, TOM = person("Tara", Role.TA), person("Tom", Role.TA)
ORLA = person("Orla", Role.ORGANIZER)
HW3 = homework("hw3")


def policy(**tables: Any) -> Policy:
    """Return the default policy of a programme from January to April, with other tables in place."""
    programme = Programme(
        name="Test",
        zone="Europe/London",
        starts_on=date(2026, 1, 12),
        ends_on=date(2026, 4, 3),
        staff_channel="staff",
        announcement_channel="general",
        organizers=("orla@example.org",),
    )
    return Policy(programme=programme, **tables)


@dataclass
class World:
    """One desk, and what is changed or read around it."""

    desk: Desk
    everyone: list[Member] = field(default_factory=list)

    def add(self, *members: Member) -> None:
        """Put people on the roster, or change them."""
        with self.desk.store.transaction() as records:
            for member in members:
                records.roster.save(member)

    def assign(self, *assignments: Assignment) -> None:
        """Write assignments, new or changed."""
        with self.desk.store.transaction() as records:
            for assignment in assignments:
                records.assignments.save(assignment)

    def hand_in(self, student: Member, assignment: Assignment, at: datetime, score: float | None = None) -> None:
        """Write a first attempt."""
        submission = Submission(new_id("sub"), assignment.id, student.id, 1, at, score)
        with self.desk.store.transaction() as records:
            records.submissions.save_many([submission])

    def extend(self, student: Member, assignment: Assignment, until_at: datetime, granted_at: datetime) -> None:
        """Write an extension a TA granted."""
        extension = Extension(
            new_id("ext"), student.id, assignment.id, until_at, timedelta(days=1), Origin.TA, granted_at
        )
        with self.desk.store.transaction() as records:
            records.extensions.add(extension)

    def ask(self, student: Member, assignment: Assignment, state: State = State.PENDING) -> ExtensionRequest:
        """Write a request for more time in some state."""
        decided_at = None if state.is_open else NOW - timedelta(hours=1)
        request = ExtensionRequest(new_id("req"), student.id, assignment.id, state, DUE, NOW, decided_at=decided_at)
        with self.desk.store.transaction() as records:
            records.requests.add(request)
        return request

    def excuse(self, student: Member, assignment: Assignment) -> None:
        """Excuse a student."""
        with self.desk.store.transaction() as records:
            records.submissions.excuse(student.id, assignment.id, NOW, ORLA.id)

    def letters(self, kind: str) -> list[Letter]:
        """Return every letter of a kind."""
        with self.desk.store.reading() as records:
            return [letter for letter, _ in records.outbox.of_kind(kind)]

    def deliver(self, now: datetime) -> list[tuple[Letter, messages.Prepared]]:
        """Send what is due as a process with the lease would, to a Slack that takes everything."""
        with self.desk.store.transaction() as records:
            claimed = records.outbox.claim("worker", now, 100)
        sent = []
        for place, letter in enumerate(claimed):
            prepared = messages.prepare(letter, self.desk, now)
            sent.append((letter, prepared))
            if isinstance(prepared, messages.Ready):
                ts = f"{now.timestamp():.0f}.{place:06d}"
                messages.told(letter, prepared, Post("D1", ts, prepared.subject, letter.kind), self.desk, now)
            elif isinstance(prepared, Later):
                with self.desk.store.transaction() as records:
                    records.outbox.put_back(letter.id, prepared.not_before_at, "later")
            else:
                with self.desk.store.transaction() as records:
                    records.outbox.settle(letter.id, "obsolete", now)
        return sent


def new_world(folder: Path, chosen: Policy | None = None) -> World:
    """Return a programme of three students, two TAs and an organizer, with hw3 due the evening before."""
    store = Database(folder / "cohort.db")
    migrations.apply(store.tables())
    world = World(Desk(store, chosen or policy(), NobodyElse()))
    world.add(ADA, BO, CHEN, TARA, TOM, ORLA)
    world.assign(HW3)
    return world
