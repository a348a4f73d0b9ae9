"""A week of grading: 104 students, 9 TAs at once, with extensions, retries, two handovers and a restart in between."""

import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.clock import SetClock, ticks
from bot.pacing import Pacing
from bot.settings import Settings, load_for_slack
from cohort.assignments import Assignment, Kind
from cohort.policy import Policy
from cohort.roster import Member, Role
from sandbox.client import Admin, Person
from sandbox.manifest import load_manifest
from sandbox.people import People, SeedChannel, SeedUser
from sandbox.server import Sandbox, running
from services.desk import Desk
from tests.e2e.conftest import ROOT, a_running_bot

STUDENTS, TAS = 104, 9
MONDAY = datetime(2026, 6, 15, 10, tzinfo=UTC)
DAY = timedelta(days=1)
DUE = MONDAY + 2 * DAY
# Slack's limits are held in other tests; here a minute of delivery takes a second.
FASTER = 60.0
LONG = 30.0
HW = Assignment(
    "asg_hw1", "hw1", "Problem set 1", Kind.WRITTEN, MONDAY + 28 * DAY, DUE, pass_mark=70.0, estimated_hours=6
)
SEED = 104


@dataclass
class Week:
    """The sandbox, the records, and the clock that every bot of the week is started with."""

    sandbox: Sandbox
    settings: Settings
    policy: Policy
    clock: SetClock
    bots: ExitStack = field(default_factory=ExitStack)
    desk: Desk = field(init=False)

    def start(self) -> None:
        """Start a bot, the first one with the roster and the assignment."""
        bot = self.bots.enter_context(a_running_bot(self.settings, self.policy, self.clock, fill))
        bot.parts.keeper.delivery.pacing = Pacing(600, FASTER)
        self.desk = bot.parts.desk

    def stop(self) -> None:
        """Stop the bot that runs."""
        self.bots.close()

    def person(self, member: Member) -> Person:
        """Return someone at a keyboard."""
        return Person(self.sandbox.url, handle(member), patience=6.0)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Return what a query finds."""
        with self.desk.store.reading() as records:
            return list(records.connection.execute(sql).fetchall())

    def until_told(self, count: int) -> None:
        """Wait until so many grades were told; each look is a round trip through the sandbox."""
        until = ticks() + LONG
        told = "SELECT count(*) FROM outbox WHERE kind = 'grading.graded' AND state = 'sent'"
        while self.rows(told) != [(count,)] and ticks() < until:
            self.person(ORLA).read(limit=1)
        assert self.rows(told) == [(count,)]

    def until_said(self, kinds: str) -> None:
        """Wait until nothing of some kinds is on its way, so that it comes between nobody and an answer."""
        until = ticks() + LONG
        waits = f"SELECT count(*) FROM outbox WHERE kind LIKE '{kinds}' AND state IN ('queued', 'sending')"  # noqa: S608 - own words
        while self.rows(waits) != [(0,)] and ticks() < until:
            self.person(ORLA).read(limit=1)
        assert self.rows(waits) == [(0,)]


def a_member(name: str, role: Role) -> Member:
    slug = name.casefold().replace(" ", "")
    return Member(f"mem_{slug}", f"{slug}@example.org", name, role, "Europe/London", slack_id=f"U0{slug.upper()}")


ADAS = [a_member(f"Student {n:03d}", Role.STUDENT) for n in range(STUDENTS)]
GRADERS = [a_member(f"TA {n}", Role.TA) for n in range(TAS)]
ORLA = a_member("Orla", Role.ORGANIZER)
AWAY, PRESENT = GRADERS[:2], GRADERS[2:]
EVERYONE = [*ADAS, *GRADERS, ORLA]


def handle(member: Member) -> str:
    return member.email.partition("@")[0]


def fill(desk: Desk) -> None:
    """Write who takes part, what is due, and that every TA grades it."""
    with desk.store.transaction() as records:
        known = {m.email: m.id for m in records.roster.all()}
        for member in EVERYONE:
            if known.get(member.email, member.id) == member.id:
                records.roster.save(member)
            else:
                records.roster.link(known[member.email], member.slack_id or "", member.zone)
        records.assignments.save(HW)
        records.graders.assign(HW.id, [ta.id for ta in GRADERS])


@pytest.fixture
def week(tmp_path: Path, policy: Policy) -> Iterator[Week]:
    users = tuple(SeedUser(handle(m), m.name, m.email, m.zone, id=m.slack_id) for m in EVERYONE)
    staff = (*(handle(m) for m in (*GRADERS, ORLA)), "bot")
    names = (*(handle(m) for m in EVERYONE), "bot")
    people = People(
        users=users,
        channels=(SeedChannel("staff", staff, private=True), SeedChannel("announcements", names)),
    )
    with running(people, load_manifest(ROOT / "app.yaml")) as sandbox:
        settings = load_for_slack({**sandbox.environment, "COHORT_DB": str(tmp_path / "week.db")}, tmp_path / ".env")
        made = Week(sandbox, settings, policy, SetClock(MONDAY))
        made.start()
        yield made
        made.stop()


def hand_in(week: Week, students: list[Member], what: str) -> None:
    """Let students hand in, eight at once."""

    def submit(student: Member) -> None:
        shown = week.person(student).command(f"/submit hw1 https://example.org/{handle(student)}/{what}").shown
        assert "Received" in shown, shown

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(submit, students))


def grade_all(week: Week, weak: set[str], graders: list[Member]) -> int:
    """Let TAs grade, each from a thread, until nothing is left for any of them; return how many were graded."""

    def work(ta: Member) -> int:
        person, done = week.person(ta), 0
        person.command("/grade-queue")
        shown = person.press("Claim next").shown
        assert "to be graded by" in shown or "Nothing" in shown, shown
        while "to be graded by" in shown:
            fails = any(name in shown for name in weak)
            person.press("Grade")
            person.wait_for_view("Feedback, for the student to read")
            person.fill({"Score": "40" if fails else "85", "Feedback, for the student to read": "See question 2."})
            assert "passed" in person.submit().shown
            done += 1
            person.press("Claim next")
            shown = person.wait_for_view(lambda view: "to be graded by" in view or "Nothing else" in view).shown
        if done:  # whoever found nothing to claim read so in a message
            person.close(all_=True)
        return done

    with ThreadPoolExecutor(TAS) as pool:
        return sum(pool.map(work, graders))


def hand_over(week: Week) -> None:
    """Let one TA be away who has begun two things, and another say so; all they hold goes to others."""
    gone, away = (week.person(ta) for ta in AWAY)
    for _ in range(2):
        gone.command("/grade-queue")
        assert "It is yours" in gone.press("Claim next").shown
    assert "is away" in week.person(ORLA).command("/cohort handover ta0@example.org").shown
    assert "Everything you hold goes to the others" in away.command("/cohort away").shown
    assert "You are away" in away.submit().shown
    ids = ", ".join(f"'{ta.id}'" for ta in AWAY)
    held = f"SELECT count(*) FROM hand_ins WHERE state != 'graded' AND coalesce(claimed_by, owner_id) IN ({ids})"  # noqa: S608 - own ids
    assert week.rows(held) == [(0,)]


def test_a_week_in_which_everything_is_graded_and_told_once(week: Week, capsys: pytest.CaptureFixture[str]) -> None:
    chance = Random(SEED)
    order = chance.sample(ADAS, STUDENTS)
    extended, weak = order[:12], set(chance.sample(ADAS, 30))
    for student in extended:
        assert "is now due" in week.person(student).command("/extension hw1 2d").shown
    hand_in(week, order[12:80], "first")
    weak_names = {student.name for student in weak}
    monday = grade_all(week, weak_names, GRADERS)
    week.stop()
    week.clock.set(MONDAY + DAY)
    week.start()
    hand_in(week, order[80:], "first")
    hand_over(week)
    week.until_said("handovers.%")
    tuesday = grade_all(week, weak_names, PRESENT)
    week.clock.set(MONDAY + 3 * DAY)
    hand_in(week, extended, "first")
    again = [student for student in order[12:] if student in weak]
    week.until_told(monday + tuesday)
    hand_in(week, again, "second")
    thursday = grade_all(week, set(), PRESENT)
    week.until_told(monday + tuesday + thursday)
    check(week, monday + tuesday + thursday, len(again))
    with capsys.disabled():
        shares = Counter(row[0] for row in week.rows("SELECT grader_id FROM grades")).values()
        sys.stdout.write(
            f"\n{STUDENTS} students, {STUDENTS + len(again)} hand-ins, {len(again)} of them second attempts, all graded"
            f" and told once; each of {len(shares)} TAs graded {min(shares)} to {max(shares)}\n"
        )


def check(week: Week, graded: int, retried: int) -> None:
    """Look at what is on record, and at what each student reads."""
    assert graded == STUDENTS + retried
    assert week.rows("SELECT count(*), count(DISTINCT hand_in_id) FROM grades") == [(graded, graded)]
    assert week.rows("SELECT state, count(*) FROM hand_ins GROUP BY state") == [("graded", graded)]
    assert week.rows("SELECT count(*) FROM submissions WHERE passed IS NULL") == [(0,)]
    # Whoever graded the first attempt graded the second, unless they were away.
    graders: dict[object, list[object]] = {}
    for student_id, grader_id in week.rows(
        "SELECT s.student_id, g.grader_id FROM submissions s JOIN grades g ON g.hand_in_id = s.hand_in_id"
        " ORDER BY s.attempt"
    ):
        graders.setdefault(student_id, []).append(grader_id)
    others = [first for first, *second in graders.values() if second and second != [first]]
    assert set(others) <= {ta.id for ta in AWAY}
    attempts = Counter(row[0] for row in week.rows("SELECT student_id FROM submissions"))
    for student in ADAS:
        read = [m.shown for m in week.person(student).read() if not m.ephemeral]
        told = [text for text in read if "You passed" in text or "has not passed yet" in text]
        assert len(told) == attempts[student.id], (student.name, told)
    assert Admin(week.sandbox.url).refusals() == []
