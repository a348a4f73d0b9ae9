"""A small term on record, as plain values that can be changed before they are written to a database."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from cohort.assignments import Assignment
from cohort.bookings import Booking
from cohort.extensions import Extension, ExtensionRequest, Origin, State
from cohort.office_hours import Session, Slot
from cohort.policy import Policy
from cohort.replay import Sent
from cohort.roster import Member, Status
from cohort.submissions import Submission
from scheduler.jobs import jobs
from scheduler.replay import Next, Replay, replayed
from services.replay import staged
from storage.database import Database
from storage.migrations import migrations
from storage.records import Records
from tests.services.nudge_world import ORLA, TARA, NobodyElse, homework, person, policy

# A Monday, 00:00 in London.
START = datetime(2026, 3, 16, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ZONES = ("Europe/London", "America/New_York", "Asia/Kolkata")


@dataclass
class Term:
    """What the records of a term hold in the end."""

    members: list[Member] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    submissions: list[Submission] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    requests: list[ExtensionRequest] = field(default_factory=list)
    excuses: list[tuple[str, str, datetime]] = field(default_factory=list)
    claims: list[tuple[str, str, datetime]] = field(default_factory=list)
    statuses: list[tuple[str, Status, datetime]] = field(default_factory=list)
    booked: list[tuple[str, datetime]] = field(default_factory=list)

    def write(self, path: Path) -> Path:
        """Write a database."""
        store = Database(path)
        migrations.apply(store.tables())
        with store.transaction() as records:
            for member in (*self.members, TARA, ORLA):
                records.roster.save(member)
            for assignment in self.assignments:
                records.assignments.save(assignment)
            records.submissions.save_many(self.submissions)
            for request in self.requests:
                records.requests.add(request)
            for extension in self.extensions:
                records.extensions.add(extension)
            for student_id, assignment_id, at in self.excuses:
                records.submissions.excuse(student_id, assignment_id, at, ORLA.id)
            for student_id, assignment_id, at in self.claims:
                records.submissions.claim_handed_in(student_id, assignment_id, at)
            for student_id, status, at in self.statuses:
                records.roster.add_status(student_id, status, at, None)
            _book(records, self.booked)
        store.close()
        return path


def _book(records: Records, booked: Sequence[tuple[str, datetime]]) -> None:
    """Write hours for each booking, a day after it was made; the slot was kept for the student before."""
    for number, (student_id, at) in enumerate(booked):
        session_id, starts_at, ends_at = f"ses_{number}", at + DAY, at + DAY + HOUR
        session = Session(session_id, TARA.id, at.date(), starts_at, ends_at, starts_at, "Room 1")
        slot = Slot(f"slo_{number}", session_id, starts_at, ends_at, held_for=student_id, held_until_at=at)
        records.office_hours.add_session(session, [slot])
        records.bookings.add(Booking(f"bkg_{number}", slot.id, student_id, at, "my own words", link="my own link"))


def a_term(seed: int, students: int = 9, days: int = 21) -> Term:
    """Return a term in which everything happens that the records can tell of."""
    random = Random(seed)
    term = Term()
    term.assignments = [
        homework(f"hw{n}", START + timedelta(days=3 * n + 1, hours=18, minutes=59 * (n % 2)), estimated_hours=4.0 * n)
        for n in range(1, days // 3)
    ]
    for number in range(students):
        _live(term, person(f"Student {number:03}", zone=ZONES[number % 3], slack_id=None), random, days)
    return term


def _live(term: Term, student: Member, random: Random, days: int) -> None:
    """Let one student do what students do."""
    student = _with_fate(term, student, random, START + timedelta(minutes=random.randrange(days * 24 * 60)))
    term.members.append(student)
    for work in term.assignments:
        assert work.due_at is not None
        _do(term, student, work, work.due_at + random.randrange(-40, 60) * HOUR, random)


def _with_fate(term: Term, student: Member, random: Random, at: datetime) -> Member:
    match random.randrange(6):
        case 0:
            term.statuses.append((student.id, Status.WITHDRAWN, at))
            return replace(student, status=Status.WITHDRAWN, left_at=at)
        case 1:
            return replace(student, joined_at=at)
        case 2:
            term.statuses += [(student.id, Status.PAUSED, at), (student.id, Status.ACTIVE, at + 3 * DAY)]
    return student


def _do(term: Term, student: Member, work: Assignment, at: datetime, random: Random) -> None:
    assert work.due_at is not None
    key = f"{student.id}_{work.id}"
    match random.randrange(8):
        case 0 | 1 | 2:
            term.submissions.append(Submission(f"sub_{key}", work.id, student.id, 1, at, random.randrange(101)))
        case 3:
            length = timedelta(days=random.randrange(1, 4))
            until_at = work.due_at + length
            term.extensions.append(
                Extension(f"ext_{key}", student.id, work.id, until_at, length, Origin.TA, at, TARA.id)
            )
        case 4:
            term.requests.append(a_request(key, student, work, at, random))
        case 5:
            term.excuses.append((student.id, work.id, at))
        case 6:
            term.claims.append((student.id, work.id, at))
        case 7:
            term.booked.append((student.id, at))


def a_request(key: str, student: Member, work: Assignment, at: datetime, random: Random) -> ExtensionRequest:
    """Return a request that was asked at an instant, and may have been declined later."""
    request = ExtensionRequest(f"req_{key}", student.id, work.id, State.PENDING, at, at + 12 * HOUR, at + 2 * DAY)
    if random.random() < 0.3:
        return request
    decided_at = at + random.randrange(30) * HOUR
    told_at = decided_at + random.randrange(5) * HOUR
    return replace(request, state=State.DECLINED, decided_at=decided_at, decided_by=TARA.id, told_at=told_at)


@dataclass(frozen=True, slots=True)
class Lived:
    """What a replay came to, with the random ids left out: what was sent, and how everyone stood and was followed."""

    sent: list[Sent]
    levels: list[tuple[Any, ...]]
    steps: list[tuple[Any, ...]]
    cases: list[tuple[Any, ...]]


def live(
    database: Path,
    until: datetime,
    chosen: Policy | None = None,
    following: Next | None = None,
    since: datetime = START,
) -> Lived:
    """Replay the jobs and return what it came to."""
    chosen = chosen or policy()
    with staged(database, chosen, NobodyElse(), since, until) as stage:
        Replay(stage, replayed(jobs(chosen)), since, following).run_until(until)
        with stage.store.reading() as records:
            connection = records.connection
            return Lived(
                plain(stage.sent),
                sorted(connection.execute("SELECT student_id, since_at, level, reasons FROM risk_levels")),
                sorted(connection.execute("SELECT student_id, taken_at, step, reason, offered FROM ladder_steps")),
                sorted(connection.execute("SELECT student_id, opened_at, origin, reason, owner_id FROM follow_ups")),
            )


def replay(
    database: Path,
    until: datetime,
    chosen: Policy | None = None,
    following: Next | None = None,
    since: datetime = START,
) -> list[Sent]:
    """Replay the jobs and return what was sent."""
    return live(database, until, chosen, following, since).sent


def plain(sent: Sequence[Sent]) -> list[Sent]:
    """Return messages in an order that does not depend on ids made by chance."""
    return sorted((replace(one, nudge_id="") for one in sent), key=lambda one: (one.at, one.recipient, one.kind))
