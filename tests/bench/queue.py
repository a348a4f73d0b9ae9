"""`/grade-queue` with 10,000 submissions, and the next thing claimed by 16 TAs at once, beside plain sqlite3."""

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

from cohort.hand_ins import HandIn, HandInState, Version
from cohort.roster import Member, Role
from cohort.submissions import Submission
from handlers import grading
from handlers.answers import Ask, Say
from services.desk import Desk
from services.grading_queue import claim_next
from storage.database import Database
from storage.migrations import migrations
from storage.records import Records
from tests.bench import programme
from tests.bench.measuring import Finding, a_folder, ratios, seconds
from tests.services.nudge_world import NobodyElse

STUDENTS, ASSIGNMENTS, WAITING = 500, 20, 300
GRADERS = 16
LOOKS, LOOK_ROUNDS, CLAIM_ROUNDS = 20, 30, 15
MOST_TIMES, AT_LEAST = 3.0, 0.5
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
PER_COMMIT = 500

# Joined in this order, which is the fastest: left to itself, SQLite begins with all submissions.
READ = (
    "SELECT h.id, h.assignment_id, h.submitted_at, h.ready_at, h.grade_by_at, h.due_at, h.is_part, h.is_retry, h.state,"
    " h.owner_id, h.claimed_by, h.claim_expires_at, s.attempt, m.name, a.slug, a.title FROM hand_ins AS h"
    " CROSS JOIN submissions AS s ON s.hand_in_id = h.id CROSS JOIN members AS m ON m.id = s.student_id"
    " CROSS JOIN assignments AS a ON a.id = h.assignment_id WHERE h.state IN ('waiting', 'claimed')"
    " ORDER BY h.grade_by_at, h.id"
)
FIRST = (
    "SELECT id FROM hand_ins WHERE state IN ('waiting', 'claimed') AND state = 'waiting'"
    " ORDER BY grade_by_at, id LIMIT 1"
)
CLAIM = (
    "UPDATE hand_ins SET state = 'claimed', claimed_by = ?, claimed_at = ?, claim_expires_at = ?"
    " WHERE id = ? AND state = 'waiting'"
)
RESET = (
    "UPDATE hand_ins SET state = 'waiting', claimed_by = NULL, claimed_at = NULL, claim_expires_at = NULL"
    " WHERE state = 'claimed'"
)


class ClaimedTwice(Exception):
    """One thing went to two TAs, or to none."""


def measure() -> list[Finding]:
    """Compare looking at the queue with reading its rows, and claiming with the update alone."""
    graders = [_grader(n) for n in range(GRADERS)]
    with _a_desk(graders) as desk:
        return [_look(desk, graders[0]), *_claims(desk, graders)]


def _look(desk: Desk, grader: Member) -> Finding:
    plain, ours = _connection(desk.store.path), Ask(grader, NOW)
    rows = plain.execute(READ).fetchall()
    shown = grading.command(ours, desk)
    if len(rows) != WAITING or not isinstance(shown, Say) or str(WAITING) not in shown.rendered.text:
        raise ClaimedTwice(f"{len(rows)} rows wait, and the queue says {shown}")
    mine, theirs = [], []
    for _ in range(LOOK_ROUNDS):
        mine.append(seconds(lambda: [grading.command(ours, desk) for _ in range(LOOKS)]))
        theirs.append(seconds(lambda: [plain.execute(READ).fetchall() for _ in range(LOOKS)]))
    plain.close()
    found = ratios(mine, theirs)
    return Finding(
        f"/grade-queue, {WAITING} of {STUDENTS * ASSIGNMENTS} waiting, time beside reading their rows",
        str(found),
        f"at most {MOST_TIMES:g}",
        found.middle <= MOST_TIMES,
    )


def _claims(desk: Desk, graders: Sequence[Member]) -> list[Finding]:
    lock = threading.Lock()
    mine, theirs = [], []
    for _ in range(CLAIM_ROUNDS):
        mine.append(_drain(desk, graders, lambda grader: _claim_ours(desk, grader)))
        theirs.append(_drain(desk, graders, lambda grader: _claim_plainly(desk.store.path, grader, lock)))
    found = ratios(theirs, mine)
    return [
        Finding(
            f"claim next by {GRADERS} TAs, claims a second beside the update in plain sqlite3",
            str(found),
            f"at least {AT_LEAST:g}",
            found.middle >= AT_LEAST,
        ),
        Finding("things that went to two TAs, or to none", "0", "0", holds=True),
    ]


def _drain(desk: Desk, graders: Sequence[Member], work: Callable[[Member], list[str]]) -> float:
    """Let every TA claim until nothing is left; return the seconds. Raises ClaimedTwice."""
    with desk.store.transaction() as records:
        records.connection.execute(RESET)
    gate, taken = Barrier(len(graders)), Counter[str]()

    def together(grader: Member) -> list[str]:
        gate.wait(30)
        return work(grader)

    with ThreadPoolExecutor(len(graders)) as pool:
        took = seconds(lambda: taken.update(one for each in pool.map(together, graders) for one in each))
    if len(taken) != WAITING or set(taken.values()) != {1}:
        raise ClaimedTwice(f"{len(taken)} of {WAITING} were claimed, {sum(taken.values())} times")
    return took


def _claim_ours(desk: Desk, grader: Member) -> list[str]:
    claimed = []
    while (found := claim_next(grader, NOW, desk)) is not None:
        claimed.append(found.opened.entry.hand_in.id)
    return claimed


def _claim_plainly(path: Path, grader: Member, lock: threading.Lock) -> list[str]:
    connection = _connection(path)
    claimed: list[str] = []
    at, until = NOW.isoformat(timespec="milliseconds"), (NOW + timedelta(days=2)).isoformat(timespec="milliseconds")
    while True:
        with lock:
            connection.execute("BEGIN IMMEDIATE")
            first = connection.execute(FIRST).fetchone()
            if first is not None:
                connection.execute(CLAIM, (grader.id, at, until, first[0]))
            connection.execute("COMMIT")
        if first is None:
            connection.close()
            return claimed
        claimed.append(first[0])


def _connection(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


@contextmanager
def _a_desk(graders: Sequence[Member]) -> Iterator[Desk]:
    """Hand out a desk on a database in which all was handed in, and most of it graded."""
    with a_folder() as folder:
        store = Database(folder / "cohort.db")
        migrations.apply(store.tables())
        students, work = programme.students(STUDENTS), programme.assignments(ASSIGNMENTS)
        programme.fill(store, [*students, *graders], work)
        pairs = [(student.id, assignment.id) for assignment in work for student in students]
        for start in range(0, len(pairs), PER_COMMIT):
            with store.transaction() as records:
                for number in range(start, min(len(pairs), start + PER_COMMIT)):
                    _hand_in(records, *pairs[number], number)
        yield Desk(store, programme.policy(), NobodyElse())
        store.close()


def _hand_in(records: Records, student_id: str, assignment_id: str, number: int) -> None:
    """Write one thing handed in; those that wait are spread evenly."""
    at = NOW - timedelta(minutes=number)
    waits = number % (STUDENTS * ASSIGNMENTS // WAITING) == 0 and number < WAITING * (STUDENTS * ASSIGNMENTS // WAITING)
    state = HandInState.WAITING if waits else HandInState.GRADED
    hand_in = HandIn(f"hin_{number:016d}", assignment_id, student_id, at, at, at + timedelta(days=4), state=state)
    records.hand_ins.add(hand_in)
    records.hand_ins.add_version(Version(hand_in.id, 1, at, {"link": f"https://example.org/{number}"}))
    records.submissions.add(Submission(f"sub_{number:016d}", assignment_id, student_id, 1, at, hand_in_id=hand_in.id))


def _grader(number: int) -> Member:
    return Member(
        f"mem_ta{number:014d}",
        f"ta{number}@example.org",
        f"Grader {number}",
        Role.TA,
        "Europe/London",
        slack_id=f"U0TA{number:06d}",
    )
