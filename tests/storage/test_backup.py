"""A backup counts once it was opened and found whole."""

import sqlite3
from contextlib import closing
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from cohort.errors import StoreUnusable
from storage.backup import KEPT, back_up, backups, check, copy_to
from storage.database import Database
from tests.conftest import NOON


def subjects(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [subject for (subject,) in connection.execute("SELECT subject FROM audit ORDER BY id")]


def add(store: Database, subject: str) -> None:
    with store.transaction() as records:
        records.audit.add(None, "imported", subject, NOON)


def test_a_backup_holds_what_was_committed_and_not_what_is_being_written(store: Database, tmp_path: Path) -> None:
    add(store, "roster")
    with store.transaction() as records:
        records.audit.add(None, "imported", "not yet", NOON)
        copy = back_up(store.path, tmp_path / "backups", NOON)
    assert subjects(copy) == ["roster"]
    assert subjects(store.path) == ["roster", "not yet"]


def test_a_backup_is_named_for_its_time_in_utc_and_is_one_file(store: Database, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "backups"
    copy = back_up(store.path, folder, NOON.astimezone(timezone(timedelta(hours=8))))
    assert [path.name for path in folder.iterdir()] == [copy.name] == ["cohort-20260701T120000Z.db"]


def test_only_the_owner_may_read_a_backup(store: Database, tmp_path: Path) -> None:
    copy = back_up(store.path, tmp_path / "backups", NOON)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert copy.parent.stat().st_mode & 0o777 == 0o700


def test_the_newest_fourteen_are_kept_and_nothing_else_is_touched(store: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    others = [folder / name for name in ("cohort-2-20250101T000000Z.db", "cohort-mine.db", "cohort.before-0002.db")]
    for other in others:
        other.touch()
    made = [back_up(store.path, folder, NOON + timedelta(days=day)) for day in range(KEPT + 3)]
    assert backups(store.path, folder) == made[3:]
    assert len(made[3:]) == 14
    assert all(other.exists() for other in others)


def test_a_second_backup_within_a_second_takes_the_place_of_the_first(store: Database, tmp_path: Path) -> None:
    first = back_up(store.path, tmp_path / "backups", NOON)
    add(store, "roster")
    assert back_up(store.path, tmp_path / "backups", NOON) == first
    assert subjects(first) == ["roster"]


def test_without_a_database_there_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="there is no database") as told:
        copy_to(tmp_path / "cohort.db", tmp_path / "copy.db")
    assert told.value.mend == "Check COHORT_DB."


def test_of_what_is_no_database_no_copy_is_left(tmp_path: Path) -> None:
    (tmp_path / "cohort.db").write_text("email,name\n" * 1000)
    with pytest.raises(StoreUnusable, match="not a database"):
        copy_to(tmp_path / "cohort.db", tmp_path / "backups" / "copy.db")
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_damaged_copy_is_refused(store: Database, tmp_path: Path) -> None:
    for number in range(200):
        add(store, f"a subject that fills pages {number}" * 20)
    copy = copy_to(store.path, tmp_path / "copy #1?.db")
    check(copy)
    whole = copy.read_bytes()
    copy.write_bytes(whole[:8192] + b"\xff" * 4096 + whole[12288:])
    with pytest.raises(StoreUnusable, match=r"the backup copy #1\?\.db is damaged") as told:
        check(copy)
    assert told.value.mend == "Check the disk, and try again."


def test_a_copy_of_a_damaged_database_does_not_count(store: Database, tmp_path: Path) -> None:
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("INSERT INTO duties VALUES ('2026-06-29', 'extensions', 'nobody')")
        connection.commit()
    with pytest.raises(StoreUnusable, match="is damaged"):
        back_up(store.path, tmp_path / "backups", NOON)
    assert list((tmp_path / "backups").iterdir()) == []


@pytest.mark.parametrize("whole", [b"", b"SQLite format 3\0", b"nothing of the kind" * 500])
def test_what_is_cut_short_or_no_database_is_refused(tmp_path: Path, whole: bytes) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(whole)
    with pytest.raises(StoreUnusable, match="is damaged"):
        check(copy)
