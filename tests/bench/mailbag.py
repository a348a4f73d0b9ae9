"""Ten thousand messages as a bad day makes them: reminders, decisions, cards for the staff and updates of those."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

from bot.clock import Clock
from bot.directory import NoDirectory
from cohort.assignments import Assignment
from cohort.extensions import RequestExtension
from cohort.policy import DeliveryPolicy, NudgePolicy, Policy
from cohort.roster import Member, Role
from cohort.times import at_wall
from cohort.wishes import ForDays
from services.desk import Desk
from services.extension_decisions import approve
from services.extensions import request_extension
from services.nudges import nudge_missed
from storage.opening import open_database
from storage.programme import Identity
from tests.bench import programme

STUDENTS = 4500
# So many ask for longer than policy grants, of whom so many were asking before and have an answer by now.
ASKED_LONG = 750
DECIDED = 250
# A reminder and a decision for each student; cards for what nobody decided; a decision and an update for the others.
MESSAGES = 2 * STUDENTS + (ASKED_LONG - DECIDED) + 2 * DECIDED
MISSED, SHORT, LONG = programme.assignments(3)
POLICY = programme.policy()
NOON = at_wall(programme.TODAY, time(12), POLICY.programme.tz)
TARA = Member("mem_tara", "tara@example.org", "Tara", Role.TA, "Europe/London", slack_id="U0TARA")


def people() -> list[Member]:
    """Return the students, who are all awake at noon, and a TA."""
    return [TARA, *(replace(student, zone=TARA.zone) for student in programme.students(STUDENTS))]


@contextmanager
def a_desk(folder: Path, messages_a_minute: int) -> Iterator[Desk]:
    """Hand out the desk of a programme whose due time has just passed, with nothing in the outbox."""
    policy = Policy(
        programme=POLICY.programme,
        # Without the brake, since nobody has handed in.
        nudges=NudgePolicy(brake_hours=0),
        delivery=DeliveryPolicy(messages_a_minute=messages_a_minute),
    )
    store = open_database(folder / "cohort.db", Identity(policy.programme.name))
    programme.fill(store, people(), [replace(MISSED, due_at=NOON - timedelta(hours=1)), SHORT, LONG])
    try:
        yield Desk(store, policy, NoDirectory())
    finally:
        store.close()


def ask_long(desk: Desk, students: Sequence[Member], clock: Clock) -> list[str]:
    """Let students ask for more than policy grants, and return the ids of their requests."""
    return [_ask(desk, student, LONG, 10, clock) for student in students]


def fill(desk: Desk, decided: Sequence[str], clock: Clock) -> None:
    """Queue everything; the requests in `decided` have their cards in Slack already."""
    students = people()[1:]
    nudge_missed(desk, clock.now())
    for number, student in enumerate(students):
        _ask(desk, student, SHORT, 2, clock)
        if number < len(decided):
            approve(decided[number], TARA, clock.now(), desk)
        elif number < ASKED_LONG:
            _ask(desk, student, LONG, 10, clock)


def _ask(desk: Desk, student: Member, assignment: Assignment, days: int, clock: Clock) -> str:
    answered = request_extension(RequestExtension(assignment.id, ForDays(days)), student, clock.now(), desk)
    if answered.request_id is None:
        raise ValueError(f"asking led to {type(answered.outcome).__name__}")
    return answered.request_id
