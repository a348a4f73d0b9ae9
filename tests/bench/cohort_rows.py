"""A cohort of any size on a Sunday in its fifth week, with the records that students leave behind."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from cohort.assignments import Assignment, Kind
from cohort.extensions import Extension, Origin
from cohort.nudge_limits import NudgeKind
from cohort.nudges import Offer, OfferState
from cohort.policy import CheckInPolicy, Policy, Programme
from cohort.roster import Member, Role
from cohort.submissions import Submission
from storage.database import Database
from storage.nudges import Mention
from storage.records import Records

# A Sunday, at the time of the plan in Dhaka, after it in Singapore and before it in London.
NOON = datetime(2026, 7, 5, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
LONDON, SINGAPORE, DHAKA = "Europe/London", "Asia/Singapore", "Asia/Dhaka"
POLICY = Policy(
    programme=Programme(
        name="Bench Cohort",
        zone=LONDON,
        starts_on=date(2026, 6, 1),
        ends_on=date(2026, 8, 7),
        staff_channel="staff",
        announcement_channel="announcements",
        organizers=("orla@example.org",),
    ),
    # So that these hours are those in which some are asked.
    checkins=CheckInPolicy(weekday="sunday", at=time(12)),
)
ORLA = Member("mem_orla", "orla@example.org", "Orla", Role.ORGANIZER, LONDON, slack_id="U0ORLA")
WRITTEN_AT_ONCE = 500
OVER, NEXT = 5, 6
# Due in the first quarter of an hour, handed in by nearly everyone: so there is a due time for the brake to look at.
NOW_DUE = 9


def fill(store: Database, students: int) -> None:
    """Write a cohort of so many students."""
    with store.transaction() as records:
        records.roster.save(ORLA)
        for assignment in _assignments():
            records.assignments.save(assignment)
    for first in range(0, students, WRITTEN_AT_ONCE):
        with store.transaction() as records:
            for n in range(first, min(students, first + WRITTEN_AT_ONCE)):
                _write(records, n)


def _assignments() -> Iterator[Assignment]:
    for week in range(1, NOW_DUE + 1):
        due_at = _due_at(week)
        yield Assignment(
            _work(week), f"hw{week}", f"Problem set {week}", Kind.WRITTEN, POLICY.programme.closes_at, due_at, week=week
        )


def _due_at(week: int) -> datetime:
    """Return Friday evening of the week; the next one is due on Monday already, and one in ten minutes."""
    if week == NOW_DUE:
        return NOON + timedelta(minutes=10)
    if week == NEXT:
        return NOON + timedelta(days=1, hours=-2)
    return NOON + timedelta(days=7 * (week - OVER) - 2, hours=5)


def _work(week: int) -> str:
    return f"asg_{week:016d}"


def _write(records: Records, n: int) -> None:
    """Write one student and what they have left behind; what is rare is spread evenly over the cohort."""
    student = Member(
        f"mem_{n:016d}", f"s{n}@example.org", f"Student {n}", Role.STUDENT, _zone(n), slack_id=f"U0{n:08d}"
    )
    records.roster.save(student)
    records.submissions.save_many(_submissions(student.id, n))
    for extension in _extensions(student.id, n):
        records.extensions.add(extension)
    _nudges(records, student.id, n)
    for share, write in _RARE:
        if n % share == share - 1:
            write(records, student.id)


def _zone(n: int) -> str:
    """Return the zone: for one in a hundred it is the hour of the plan."""
    return DHAKA if n % 100 == 7 else (LONDON, SINGAPORE)[n % 2]


def _submissions(student_id: str, n: int) -> Iterator[Submission]:
    """Yield what a student handed in: nearly everything, now and then in two attempts."""
    if n % 200 != 5 and n % 20 != 9:
        yield Submission(f"sub_{n}_now", _work(NOW_DUE), student_id, 1, NOON - timedelta(days=3, hours=n % 40))
    for week in range(1, OVER + 1):
        if _has_missed(n, week) or (week == OVER and _is_late(n)):
            continue
        for attempt in range(1, 3 if (n + week) % 10 == 0 else 2):
            at = _due_at(week) - timedelta(hours=(n % 40) + 1) + timedelta(days=attempt - 1)
            yield Submission(f"sub_{n}_{week}_{attempt}", _work(week), student_id, attempt, at, 80.0, passed=True)


def _extensions(student_id: str, n: int) -> Iterator[Extension]:
    """Yield what was granted: to a third for some work before, and to some for what is due in these hours."""
    if n % 3 == 0:
        yield _extension(student_id, n, n % 4 + 1, _due_at(n % 4 + 1) + timedelta(days=2))
    if _is_late(n):
        yield _extension(student_id, n, OVER, NOON + (n // 50 % 4) * QUARTER - timedelta(minutes=5))
    if n % 50 == 11:
        yield _extension(student_id, n, NEXT, NOON + timedelta(days=1) + (n // 50 % 4) * QUARTER - timedelta(minutes=5))


def _has_missed(n: int, week: int) -> bool:
    """Say whether something never came: now and then, and from one in twenty nothing since the second week."""
    return (n + week) % 8 == 0 or (n % 20 == 9 and week > 2)


def _is_late(n: int) -> bool:
    return n % 50 == 3


def _extension(student_id: str, n: int, week: int, until_at: datetime) -> Extension:
    granted_at = _due_at(week) - timedelta(days=2)
    length = until_at - _due_at(week)
    return Extension(f"ext_{n}_{week}", student_id, _work(week), until_at, length, Origin.POLICY, granted_at)


def _nudges(records: Records, student_id: str, n: int) -> None:
    """Write a plan and a reminder for everyone, and a message about what they missed.

    A third never press anything, and are heard of when they hand in; one in thirty was reported as silent.
    """
    answers, is_silent = n % 3 != 2, n % 30 == 29
    plan, reminder = f"ndg_{n}_plan", f"ndg_{n}_soon"
    _nudge(records, plan, student_id, NudgeKind.PLAN, NOON - timedelta(days=6), answers=answers)
    _nudge(records, reminder, student_id, NudgeKind.DUE_SOON, NOON - timedelta(days=2), answers=answers)
    named = [Mention(_work(week), _due_at(week), is_reminder=True) for week in (OVER, NEXT)]
    records.nudges.add_mentions(plan, student_id, named[:1])
    records.nudges.add_mentions(reminder, student_id, named[1:])
    if is_silent:
        records.nudges.note_silence(reminder, NOON - timedelta(days=1))
    missed = [week for week in range(1, OVER + 1) if _has_missed(n, week) and not (week == OVER and _is_late(n))]
    for week in missed:
        _missed(records, student_id, n, week)


def _missed(records: Records, student_id: str, n: int, week: int) -> None:
    nudge_id, at = f"ndg_{n}_{week}", _due_at(week) + timedelta(hours=15)
    _nudge(records, nudge_id, student_id, NudgeKind.MISSED, at, answers=True)
    records.nudges.add_items(nudge_id, student_id, NudgeKind.MISSED.value, [_work(week)])
    lapses_at = at + timedelta(days=3)
    state = OfferState.OPEN if lapses_at > NOON else OfferState.LAPSED
    records.nudges.add_offer(Offer(f"off_{n}_{week}", student_id, _work(week), nudge_id, 2, state, lapses_at))


def _nudge(records: Records, nudge_id: str, student_id: str, kind: NudgeKind, at: datetime, *, answers: bool) -> None:
    records.nudges.add(nudge_id, student_id, kind.value, at, at + timedelta(hours=18))
    records.nudges.begin(nudge_id, at)
    if answers:
        records.nudges.react(student_id, "pressed", at + timedelta(hours=1))


_RARE: tuple[tuple[int, Callable[[Records, str], object]], ...] = (
    (41, lambda records, student_id: records.submissions.claim_handed_in(student_id, _work(OVER), NOON - QUARTER)),
    (83, lambda records, student_id: records.submissions.excuse(student_id, _work(NEXT), NOON - QUARTER, ORLA.id)),
    (97, lambda records, student_id: records.choices.refuse(student_id, NudgeKind.PLAN, NOON - QUARTER)),
    (89, lambda records, student_id: records.choices.snooze(student_id, [_work(NEXT)], NOON + timedelta(days=1))),
)
