"""What waits in a cohort of any size: requests, work to grade, questions, follow-ups, and hours with bookings."""

from collections.abc import Sequence
from datetime import timedelta

from cohort.asking import Question
from cohort.assignments import Assignment
from cohort.bookings import Booking
from cohort.extensions import ExtensionRequest, State
from cohort.follow_ups import FollowUp, Origin
from cohort.hand_ins import HandIn, Version
from cohort.levels import Level, LevelSince, Reason
from cohort.office_hours import Session, Slot
from cohort.roster import Member, Role
from cohort.submissions import Submission
from storage.database import Database
from storage.records import Records
from tests.bench import cohort_rows
from tests.bench.cohort_rows import LONDON, NOON

TARA = Member("mem_tara", "tara@example.org", "Tara", Role.TA, LONDON, slack_id="U0TARA")
MOST = 300
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REASONS = [Reason("missed", "3 of the last 5 things were missed"), Reason("late", "the last 2 came late, by 3 days")]


def fill(store: Database, students: int) -> list[Member]:
    """Write a cohort of so many students in which much waits, up to three hundred of a sort; return the students."""
    cohort_rows.fill(store, students)
    with store.transaction() as records:
        records.roster.save(TARA)
        everyone = records.roster.with_role(Role.STUDENT)
        work = [assignment for assignment in records.assignments.all() if assignment.is_open(NOON)]
    for write in (_levels, _requests, _hand_ins, _questions, _cases):
        with store.transaction() as records:
            write(records, everyone, work)
    with store.transaction() as records:
        _hours(records, everyone)
    return everyone


def _levels(records: Records, students: Sequence[Member], work: Sequence[Assignment]) -> None:
    """Give every student two levels, of which every third is another than the week before."""
    del work
    for number, student in enumerate(students):
        records.risk.note(LevelSince(student.id, NOON - 20 * DAY, Level.ON_TRACK, -1.0, REASONS))
        level = list(Level)[number % 4] if number % 3 == 0 else Level.ON_TRACK
        records.risk.note(LevelSince(student.id, NOON - 3 * DAY, level, 1.0, REASONS))


def _requests(records: Records, students: Sequence[Member], work: Sequence[Assignment]) -> None:
    for n, student in enumerate(students[:MOST]):
        asked_at = NOON - DAY - n * timedelta(minutes=1)
        about = work[-1 - n % 2].id
        request = ExtensionRequest(f"req_{n}", student.id, about, State.PENDING, asked_at, asked_at + DAY, NOON + DAY)
        records.requests.add(request)


def _hand_ins(records: Records, students: Sequence[Member], work: Sequence[Assignment]) -> None:
    for n, student in enumerate(students[:MOST]):
        at = NOON - 2 * DAY - n * timedelta(minutes=1)
        about, owner_id = work[-3].id, TARA.id if n % 2 else None
        records.hand_ins.add(HandIn(f"hin_{n}", about, student.id, at, at, at + 4 * DAY, owner_id=owner_id))
        records.hand_ins.add_version(Version(f"hin_{n}", 1, at, {"link": f"https://example.org/{n}"}))
        records.submissions.add(Submission(f"sub_{n}_w", about, student.id, 9, at, hand_in_id=f"hin_{n}"))


def _questions(records: Records, students: Sequence[Member], work: Sequence[Assignment]) -> None:
    for n, student in enumerate(students[:MOST]):
        asked_at = NOON - HOUR - n * timedelta(minutes=1)
        records.asking.add(Question(f"qst_{n}", student.id, work[-1].id, f"Why does step {n} hold?", asked_at))
        records.asking.tell(f"qst_{n}", [TARA.id], asked_at)


def _cases(records: Records, students: Sequence[Member], work: Sequence[Assignment]) -> None:
    del work
    for n, student in enumerate(students[:MOST]):
        case = FollowUp(f"fup_{n}", student.id, Origin.LADDER, "3 missed", NOON - 5 * DAY, NOON + (n % 3 - 1) * DAY)
        records.follow_ups.add(case)
        if n % 2:
            records.follow_ups.own(case.id, TARA.id, NOON - 5 * DAY, case.due_at)


def _hours(records: Records, students: Sequence[Member]) -> None:
    """Write six dates of four slots each, all of them booked, the first by the first student."""
    for n in range(6):
        starts_at = NOON + (n + 1) * DAY
        session = Session(
            f"ses_{n}",
            TARA.id,
            starts_at.date(),
            starts_at,
            starts_at + 2 * HOUR,
            starts_at,
            "https://example.org/room",
        )
        slots = [
            Slot(f"slt_{n}_{k}", session.id, starts_at + k * HOUR / 2, starts_at + (k + 1) * HOUR / 2) for k in range(4)
        ]
        records.office_hours.add_session(session, slots)
        for k, slot in enumerate(slots):
            student = students[(n * 4 + k) % len(students)]
            records.bookings.add(Booking(f"bkg_{n}_{k}", slot.id, student.id, NOON - DAY, topic=f"Step {n} of {k}"))
