"""One writer at a time, all or nothing, and errors that say what to do."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from queue import Queue
from threading import Event, Thread

import pytest

from cohort.errors import StoreBusy, StoreUnusable
from cohort.roster import Member
from storage.database import Database
from storage.records import Records
from tests.conftest import NOON
from tests.storage.trials import at_once, in_transactions

Opens = Callable[[Database], AbstractContextManager[Records]]
BOTH = pytest.mark.parametrize("opens", [Database.transaction, Database.reading])


@contextmanager
def held_by_another(path: Path) -> Iterator[None]:
    """Hold the right to write as another process does."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def open_in_another_thread(store: Database) -> Iterator[None]:
    """Hold a transaction open in another thread of this process."""
    has_begun, may_end = Event(), Event()

    def hold() -> None:
        with store.transaction():
            has_begun.set()
            may_end.wait(10)

    thread = Thread(target=hold)
    thread.start()
    assert has_begun.wait(10)
    try:
        yield
    finally:
        may_end.set()
        thread.join(10)


@pytest.fixture
def hasty(store: Database) -> Iterator[Database]:
    """The same file, opened by someone who waits 50 ms."""
    database = Database(store.path, busy_seconds=0.05)
    yield database
    database.close()


def lines(store: Database) -> list[str]:
    with store.reading() as records:
        return [line.action for line in records.audit.all()]


def add(store: Database, action: str) -> None:
    with store.transaction() as records:
        records.audit.add(None, action, "x", NOON)


def test_what_was_committed_is_read_in_the_next_moment_and_by_every_thread(store: Database) -> None:
    assert lines(store) == []
    add(store, "first")
    assert lines(store) == ["first"]
    assert at_once(lambda _: lines(store), threads=4) == [["first"]] * 4


@pytest.mark.parametrize("error", [ValueError, StoreBusy, KeyboardInterrupt, GeneratorExit])
def test_any_error_undoes_the_whole_transaction(store: Database, error: type[BaseException]) -> None:
    def fail() -> None:
        with store.transaction() as records:
            records.audit.add(None, "undone", "x", NOON)
            raise error

    with pytest.raises(error):
        fail()
    assert lines(store) == []
    add(store, "after")
    assert lines(store) == ["after"]


def test_what_a_rule_of_the_schema_refuses_is_told_as_it_is_and_undone(store: Database, ada: Member) -> None:
    def fail() -> None:
        with store.transaction() as records:
            records.audit.add(None, "undone", "x", NOON)
            records.submissions.claim_handed_in(ada.id, "nothing", NOON)

    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        fail()
    assert lines(store) == []


def test_a_mistake_in_sql_is_told_as_it_is(store: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), store.reading() as records:
        records.connection.execute("SELECT 1 FROM misspelled")


def test_writers_of_many_threads_wait_their_turn_and_lose_nothing(store: Database) -> None:
    in_transactions(store, lambda records, number: records.audit.add(None, f"{number:02}", "x", NOON))
    assert sorted(lines(store)) == [f"{number:02}" for number in range(16)]


def test_who_cannot_write_within_the_busy_time_is_told_so_and_can_try_again(hasty: Database) -> None:
    with held_by_another(hasty.path), pytest.raises(StoreBusy), hasty.transaction():
        pytest.fail("nobody else may write now")
    add(hasty, "again")
    assert lines(hasty) == ["again"]


def test_who_waits_for_another_thread_in_vain_is_told_so_and_can_try_again(hasty: Database) -> None:
    with open_in_another_thread(hasty), pytest.raises(StoreBusy), hasty.transaction():
        pytest.fail("nobody else may write now")
    add(hasty, "again")
    assert lines(hasty) == ["again"]


def test_a_writer_goes_on_as_soon_as_the_other_process_is_done(store: Database) -> None:
    asked: Queue[str] = Queue()
    may_ask = Event()

    def wait() -> None:
        with store.transaction() as records:
            records.connection.set_trace_callback(asked.put)
        may_ask.wait(10)
        add(store, "waited")

    waiter = Thread(target=wait)
    waiter.start()
    assert asked.get(timeout=10) == "COMMIT"
    with held_by_another(store.path):
        may_ask.set()
        assert [asked.get(timeout=10) for _ in range(2)] == ["BEGIN IMMEDIATE"] * 2
    waiter.join(30)
    assert lines(store) == ["waited"]


def test_readers_wait_for_no_writer(hasty: Database) -> None:
    with held_by_another(hasty.path):
        assert at_once(lambda _: lines(hasty), threads=4) == [[]] * 4


def test_a_reading_shows_one_moment_whatever_others_write_meanwhile(store: Database) -> None:
    with store.reading() as records:
        assert records.audit.all() == []
        thread = Thread(target=add, args=(store, "meanwhile"))
        thread.start()
        thread.join(30)
        assert records.audit.all() == []
    assert lines(store) == ["meanwhile"]


def test_nothing_can_be_written_while_reading_and_both_go_on_afterwards(store: Database) -> None:
    with pytest.raises(RuntimeError, match="use transaction"), store.reading() as records:
        records.audit.add(None, "sneaked in", "x", NOON)
    assert lines(store) == []
    add(store, "after")
    assert lines(store) == ["after"]


def test_a_reading_that_fails_leaves_the_next_one_as_it_was(store: Database) -> None:
    with pytest.raises(ZeroDivisionError), store.reading() as records:
        _ = 1 / len(records.audit.all())
    add(store, "after")
    assert lines(store) == ["after"]
    with pytest.raises(RuntimeError), store.reading() as records:
        records.audit.add(None, "sneaked in", "x", NOON)


@BOTH
@pytest.mark.parametrize("inner", [Database.transaction, Database.reading])
def test_neither_nests_in_a_thread_and_the_outer_one_goes_on(store: Database, opens: Opens, inner: Opens) -> None:
    with opens(store) as records:
        with pytest.raises(RuntimeError, match="pass its records on"), inner(store):
            pytest.fail("nested")
        assert records.audit.all() == []
    add(store, "after")
    assert lines(store) == ["after"]


def test_a_thread_may_read_while_another_writes(store: Database) -> None:
    with open_in_another_thread(store):
        assert lines(store) == []


def test_a_full_disk_is_said_and_loses_nothing_that_was_committed(store: Database) -> None:
    add(store, "before")
    with store.transaction() as records:
        records.connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(StoreUnusable, match="full") as told, store.transaction() as records:
        records.audit.add(None, "too much", "x" * 1_000_000, NOON)
    assert told.value.mend.startswith("Free some disk space")
    assert lines(store) == ["before"]
    with store.transaction() as records:
        records.connection.execute("PRAGMA max_page_count = 100000")
        records.audit.add(None, "after", "x", NOON)
    assert lines(store) == ["before", "after"]


WRITES_TOO_MUCH = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from cohort.errors import StoreUnusable
from storage.database import Database
store, now = Database(Path(sys.argv[1])), datetime(2026, 7, 1, 12, tzinfo=UTC)
with store.transaction() as records:
    records.audit.add(None, "before", "x", now)
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
try:
    with store.transaction() as records:
        for _ in range(3000):
            records.audit.add(None, "too much", "x" * 1000, now)
except StoreUnusable as told:
    print(told.mend)
"""


def test_a_disk_that_fails_while_writing_is_said_and_loses_nothing_that_was_committed(store: Database) -> None:
    command = [sys.executable, "-c", WRITES_TOO_MUCH, str(store.path)]
    writer = subprocess.run(command, check=True, capture_output=True, text=True, timeout=30)
    assert writer.stdout == "Look at the disk and the system log.\n"
    add(store, "after")
    assert lines(store) == ["before", "after"]


def test_a_file_that_cannot_be_written_is_said(store: Database) -> None:
    with store.transaction() as records:
        records.connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreUnusable) as told:
        add(store, "never")
    assert told.value.mend.startswith("Make the database file and its folder writable")


@BOTH
def test_a_file_that_is_no_database_is_said(tmp_path: Path, opens: Opens) -> None:
    path = tmp_path / "cohort.db"
    path.write_text("week,title\n" * 1000)
    database = Database(path)
    with pytest.raises(StoreUnusable) as told, opens(database):
        pytest.fail("opened")
    assert told.value.mend.startswith("COHORT_DB must name a database of this bot")
    database.close()


@BOTH
def test_a_place_where_no_file_can_be_is_said(tmp_path: Path, opens: Opens) -> None:
    for path in (tmp_path, tmp_path / "nowhere" / "cohort.db"):
        database = Database(path)
        with pytest.raises(StoreUnusable) as told, opens(database):
            pytest.fail("opened")
        assert "COHORT_DB names a folder" in told.value.mend
        database.close()


def test_a_damaged_file_is_said(store: Database) -> None:
    add(store, "before")
    store.close()
    whole = store.path.read_bytes()
    store.path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(StoreUnusable) as told:
        lines(store)
    assert told.value.mend == "Restore the newest file of backups/."


def test_a_closed_store_can_be_opened_again(store: Database) -> None:
    add(store, "before")
    store.close()
    assert lines(store) == ["before"]


@BOTH
def test_every_connection_keeps_the_promises_of_the_file(store: Database, opens: Opens) -> None:
    with opens(store) as records:
        kept = {
            name: records.connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        }
    assert kept == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from storage.database import Database
store, now = Database(Path(sys.argv[1])), datetime(2026, 7, 1, 12, tzinfo=UTC)
with store.transaction() as records:
    records.audit.add(None, "committed", "x", now)
with store.transaction() as records:
    records.audit.add(None, "not committed", "x", now)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_killed_while_it_writes_leaves_what_it_had_committed(store: Database) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(store.path)], check=False, timeout=30)
    assert killed.returncode == -9
    assert lines(store) == ["committed"]
    add(store, "after")
    assert lines(store) == ["committed", "after"]
