"""Home of each role, the digest and the queue, for 104 and 2,000 students: within Slack's limits, and how long."""

import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bot.directory import NoDirectory
from cohort.roster import Member
from handlers.answers import Ask, Say
from handlers.grading import command as queue
from handlers.views.blocks import Rendered, View
from handlers.views.digest import shown
from handlers.views.home import home as view_of
from sandbox.limits import check_message, check_view
from services.desk import Desk
from services.digest import Digest, counted, days_until, named
from services.home import home
from storage.opening import open_database
from storage.programme import Identity
from tests.bench import busy_rows
from tests.bench.busy_rows import TARA
from tests.bench.cohort_rows import NOON, ORLA, POLICY
from tests.bench.measuring import Finding, a_folder, ratios, seconds

SIZES, ROUNDS = (104, 2_000), 15
MOST_TIMES = 5.0
# What takes little time is done so often in a round that the clock is no part of it.
LEAST_SECONDS = 0.05


class TooMuch(Exception):
    """Slack would refuse what is shown."""


def measure() -> list[Finding]:
    """Compare each view with its own queries alone, every row fetched."""
    return [finding for students in SIZES for finding in _measure(students)]


def _measure(students: int) -> list[Finding]:
    with a_folder() as folder:
        store = open_database(folder / "cohort.db", Identity(POLICY.programme.name))
        everyone = busy_rows.fill(store, students)
        desk = Desk(store, POLICY, NoDirectory())
        found = [_compare(name, make, students, desk) for name, make in _views(everyone[0], desk)]
        store.close()
    return [*found, Finding(f"views that Slack would refuse, {students} students", "0", "0", holds=True)]


def _views(student: Member, desk: Desk) -> Iterator[tuple[str, Callable[[], View | Rendered]]]:
    for name, member in (("a student", student), ("a TA", TARA), ("an organizer", ORLA)):
        yield f"Home of {name}", partial(_home, member, desk)
    yield "the digest", partial(_digest, desk)
    yield "the queue", partial(_queue, desk)


def _home(member: Member, desk: Desk) -> View:
    return view_of(home(member, NOON, desk))


def _digest(desk: Desk) -> Rendered:
    with desk.store.reading() as records:
        week = days_until(NOON, desk)
        found = Digest(counted(records, desk, week, NOON), named(records, week, NOON), NOON, has_pictures=False)
    return shown(found, ORLA.tz)


def _queue(desk: Desk) -> Rendered:
    answer = queue(Ask(TARA, NOON), desk)
    if not isinstance(answer, Say):
        raise TooMuch(f"the queue answers {answer}")
    return answer.rendered


def _compare(name: str, make: Callable[[], View | Rendered], students: int, desk: Desk) -> Finding:
    """Return how long a view takes beside the reading of its rows; raise TooMuch where Slack would refuse it."""
    _refuse(make())
    queries = _queries(make, desk)
    times = max(1, round(LEAST_SECONDS / seconds(make)))
    mine, theirs = [], []
    for _ in range(ROUNDS):
        mine.append(seconds(lambda: [make() for _ in range(times)]))
        theirs.append(seconds(lambda: _read(desk.store.path, queries, times)))
    found = ratios(mine, theirs)
    what = f"{name}, {students} students, {len(queries)} queries, time beside reading its rows"
    return Finding(what, str(found), f"at most {MOST_TIMES:g}", found.middle <= MOST_TIMES)


def _refuse(made: View | Rendered) -> None:
    if isinstance(made, Rendered):
        problems = list(check_message({"channel": "D1", "text": made.text, "blocks": made.blocks}))
    else:
        problems = list(check_view(made))
    if problems:
        raise TooMuch(str(problems))


def _queries(make: Callable[[], object], desk: Desk) -> list[str]:
    """Have SQLite itself tell which queries a view makes, with their values."""
    statements: list[str] = []
    for note in (statements.append, None):
        with desk.store.reading() as records:
            records.connection.set_trace_callback(note)
        make()
    return [statement for statement in statements if statement.startswith("SELECT")]


def _read(path: Path, queries: list[str], times: int) -> None:
    connection = sqlite3.connect(path)
    for _ in range(times):
        for query in queries:
            for _row in connection.execute(query):
                pass
    connection.close()
