"""Slots that 16 threads want at once, and the free slots of a term, beside plain sqlite3."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

from cohort.bookings import Booking, BookingState
from cohort.errors import SlotRefused
from cohort.office_hours import Session, Slot
from cohort.policy import OfficeHoursPolicy
from cohort.roster import Member, Role
from services.appointments import open_to
from services.bookings import BookSlot, book
from services.desk import Desk
from storage.database import Database
from storage.ids import new_id
from storage.migrations import migrations
from storage.records import Records
from tests.bench import programme
from tests.bench.measuring import Finding, a_folder, ratios, seconds
from tests.services.nudge_world import NobodyElse

THREADS, WANTED, CONTEST_ROUNDS = 16, 100, 15
TAS, WEEKS, STUDENTS, BOOKED = 8, 10, 100, 2000
LOOKS, LOOK_ROUNDS = 20, 30
MOST_TIMES, AT_LEAST = 3.0, 0.5
NOW = datetime(2026, 6, 1, 0, tzinfo=UTC)
DAY, HOUR, SLOT = timedelta(days=1), timedelta(hours=1), timedelta(minutes=15)
# Every limit out of the way but the one that counts here: a slot is one booking's.
POLICY = OfficeHoursPolicy(days_ahead=90, open_with_one_ta=20, a_week=50, open_at_once=50)

TAKE = (
    "INSERT OR IGNORE INTO bookings (id, slot_id, student_id, booked_at, topic, assignment_id, link, sequence, state)"
    " VALUES (?, ?, ?, ?, '', NULL, '', 0, 'booked')"
)
READ = (
    "SELECT l.id, l.session_id, l.starts_at, l.ends_at, l.held_for, l.held_until_at, l.dropped_at, e.id, e.ta_id,"
    " e.on_day, e.starts_at, e.ends_at, e.open_until_at, e.place, e.series_id, e.capacity, e.topic, e.moved_at,"
    " e.cancelled_at, e.cancelled_by, e.reason, e.started_at, e.started_by, e.closed_at"
    " FROM slots AS l JOIN sessions AS e ON e.id = l.session_id"
    " WHERE l.starts_at >= ? AND l.starts_at <= ? AND e.cancelled_at IS NULL AND l.held_for IS NULL"
    " AND l.dropped_at IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM bookings WHERE bookings.slot_id = l.id AND state = 'booked')"
    " ORDER BY l.starts_at, l.id"
)


class NotOneEach(Exception):
    """A slot went to two, or to nobody, or the rows read are not the slots shown."""


def measure() -> list[Finding]:
    """Compare contested bookings with the insert alone, and the free slots of a term with reading their rows."""
    with _a_desk(THREADS) as desk:
        contest = _contest(desk)
    with _a_desk(STUDENTS) as desk:
        _book_most(desk)
        return [*contest, _look(desk)]


def _contest(desk: Desk) -> list[Finding]:
    """Let every thread try for every slot, the bot's way and with the insert alone."""
    slots = _slots(desk)[:WANTED]
    people = programme.students(THREADS)
    lock = threading.Lock()
    mine, theirs = [], []
    for _ in range(CONTEST_ROUNDS):
        mine.append(_race(desk, slots, people, _book))
        theirs.append(_race(desk, slots, people, lambda desk, student, slots: _insert(desk, student, slots, lock)))
    found = ratios(theirs, mine)
    return [
        Finding(
            f"{WANTED} slots wanted by {THREADS} at once, tries a second beside the insert in plain sqlite3",
            str(found),
            f"at least {AT_LEAST:g}",
            found.middle >= AT_LEAST,
        ),
        Finding("slots that went to two, or to nobody", "0", "0", holds=True),
    ]


def _race(
    desk: Desk, slots: Sequence[Slot], people: Sequence[Member], work: Callable[[Desk, Member, Sequence[Slot]], int]
) -> float:
    """Let everyone try for every slot in the same order; return the seconds. Raises NotOneEach."""
    with desk.store.transaction() as records:
        for table in ("booking_fellows", "bookings", "outbox"):
            records.connection.execute(f"DELETE FROM {table}")  # noqa: S608 - own names
    gate, won = Barrier(len(people)), list[int]()

    def together(student: Member) -> int:
        gate.wait(30)
        return work(desk, student, slots)

    with ThreadPoolExecutor(len(people)) as pool:
        took = seconds(lambda: won.extend(pool.map(together, people)))
    with desk.store.reading() as records:
        rows = records.connection.execute("SELECT count(*), count(DISTINCT slot_id) FROM bookings").fetchone()
    if (sum(won), *rows) != (len(slots),) * 3:
        raise NotOneEach(f"{len(slots)} slots: {sum(won)} were told that they have one, {rows} do")
    return took


def _book(desk: Desk, student: Member, slots: Sequence[Slot]) -> int:
    return sum(_has(desk, student, slot) for slot in slots)


def _has(desk: Desk, student: Member, slot: Slot) -> bool:
    try:
        book(BookSlot(slot.id), student, NOW, desk)
    except SlotRefused:
        return False
    return True


def _insert(desk: Desk, student: Member, slots: Sequence[Slot], lock: threading.Lock) -> int:
    connection, won = _connection(desk.store.path), 0
    for slot in slots:
        with lock:
            connection.execute("BEGIN IMMEDIATE")
            taken = connection.execute(TAKE, (new_id("bkg"), slot.id, student.id, _text(NOW)))
            connection.execute("COMMIT")
        won += taken.rowcount
    connection.close()
    return won


def _look(desk: Desk) -> Finding:
    """Compare the free slots of a term with reading their rows, with 2,000 bookings in it."""
    student = programme.students(1)[0]
    plain = _connection(desk.store.path)
    span = (_text(NOW + timedelta(minutes=POLICY.notice_minutes)), _text(NOW + POLICY.days_ahead * DAY))

    def ours() -> int:
        with desk.store.reading() as records:
            return len(open_to(records, student.id, NOW, desk))

    def rows() -> int:
        return len(plain.execute(READ, span).fetchall())

    free = ours()
    if free != rows() or not free:
        raise NotOneEach(f"the bot sees {free} free slots, and there are {rows()}")
    mine, theirs = [], []
    for _ in range(LOOK_ROUNDS):
        mine.append(seconds(lambda: [ours() for _ in range(LOOKS)]))
        theirs.append(seconds(lambda: [rows() for _ in range(LOOKS)]))
    plain.close()
    found = ratios(mine, theirs)
    return Finding(
        f"{free} free slots of a term with {BOOKED} bookings, time beside reading their rows",
        str(found),
        f"at most {MOST_TIMES:g}",
        found.middle <= MOST_TIMES,
    )


@contextmanager
def _a_desk(students: int) -> Iterator[Desk]:
    """Hand out a desk on a database with the hours of a term: 16 a week in slots, and so many students."""
    with a_folder() as folder:
        store = Database(folder / "cohort.db")
        migrations.apply(store.tables())
        programme.fill(store, [*programme.students(students), *_tas()], [])
        with store.transaction() as records:
            _add_hours(records)
        policy = programme.policy().model_copy(update={"office_hours": POLICY})
        yield Desk(store, policy, NobodyElse())
        store.close()


def _tas() -> list[Member]:
    return [
        Member(f"mem_ta{n}", f"ta{n}@example.org", f"TA {n}", Role.TA, "Europe/London", slack_id=f"U0TA{n:06d}")
        for n in range(TAS)
    ]


def _add_hours(records: Records) -> None:
    """Write two sessions of an hour a week for each TA, in slots of a quarter."""
    for week in range(WEEKS):
        for number in range(2 * TAS):
            ta = f"mem_ta{number % TAS}"
            starts_at = NOW + week * 7 * DAY + (number // 4 + 1) * DAY + (9 + number % 4) * HOUR
            made = Session(
                f"ses_{week}_{number}",
                ta,
                starts_at.date(),
                starts_at,
                starts_at + HOUR,
                starts_at,
                "https://example.org",
            )
            times = [starts_at + n * SLOT for n in range(4)]
            slots = [Slot(f"slt_{week}_{number}_{n}", made.id, at, at + SLOT) for n, at in enumerate(times)]
            records.office_hours.add_session(made, slots)


def _book_most(desk: Desk) -> None:
    """Write the bookings of a term: every second slot is taken, and what else was booked was given up again."""
    students, slots = programme.students(STUDENTS), _slots(desk)
    with desk.store.transaction() as records:
        for n in range(BOOKED):
            slot, student = slots[n % len(slots)], students[n % STUDENTS]
            booking = Booking(f"bkg_{n}", slot.id, student.id, NOW)
            if n >= len(slots) or n % 2:
                booking = replace(booking, state=BookingState.CANCELLED, ended_at=NOW)
            records.bookings.add(booking)


def _slots(desk: Desk) -> list[Slot]:
    with desk.store.reading() as records:
        found = records.office_hours.free(NOW, NOW + POLICY.days_ahead * DAY, "", NOW)
    return [free.slot for free in found]


def _connection(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
