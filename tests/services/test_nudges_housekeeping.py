"""What keeps the place in order: backups, forgetting, erasing, and telling organizers of trouble."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services import housekeeping
from services.housekeeping import JobProblem, Problem, report_problem
from services.messages import Direct, Ready
from storage.backup import backups
from storage.database import Database
from storage.outbox import Letter
from tests.services.nudge_world import ADA, HW3, NOW, World, new_world

DAY = timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def test_a_backup_lies_beside_the_database_and_holds_it(world: World, tmp_path: Path) -> None:
    assert housekeeping.back_up(world.desk, NOW) == 1
    [copy] = backups(world.desk.store.path, tmp_path / "backups")
    kept = Database(copy)
    with kept.reading() as records:
        assert records.roster.get(ADA.id) == ADA
    kept.close()


def test_the_latest_fourteen_backups_are_kept(world: World, tmp_path: Path) -> None:
    for day in range(16):
        housekeeping.back_up(world.desk, NOW + day * DAY)
    kept = backups(world.desk.store.path, tmp_path / "backups")
    assert len(kept) == 14
    assert kept[0].name.startswith("cohort-20260220")


def test_what_is_old_is_forgotten_and_what_is_young_is_not(world: World) -> None:
    with world.desk.store.transaction() as records:
        for days in (6, 8):
            records.deliveries.add(f"event:{days}", NOW - days * DAY)
        for days in (32, 31, 29):
            records.jobs.start("nudge-missed", NOW - days * DAY, NOW - days * DAY)
            records.outbox.add(Letter("x", "channel:staff", {}, f"x:{days}", NOW - days * DAY, NOW - days * DAY))
        for letter in records.outbox.claim("worker", NOW - 28 * DAY, 10):
            records.outbox.settle(letter.id, "sent", letter.created_at)
        records.outbox.add(Letter("x", "channel:staff", {}, "x:waits", NOW - 60 * DAY, NOW - 60 * DAY))
    assert housekeeping.prune(world.desk, NOW) == 1 + 2 + 2
    assert housekeeping.prune(world.desk, NOW) == 0
    with world.desk.store.reading() as records:
        assert (records.deliveries.has("event:6"), records.deliveries.has("event:8")) == (True, False)
        assert [letter.dedupe_key for letter, _ in records.outbox.of_kind("x")] == ["x:29", "x:waits"]


def test_nobody_to_link_means_nobody_linked(world: World) -> None:
    assert housekeeping.link_accounts(world.desk, NOW) == 0


def test_words_are_erased_thirty_days_after_the_end_and_not_before(world: World) -> None:
    request = world.ask(ADA, HW3)
    with world.desk.store.transaction() as records:
        records.connection.execute("UPDATE extension_requests SET note = 'private', category = 'health'")
    last_moment = datetime(2026, 5, 2, 22, 59, tzinfo=UTC)
    assert housekeeping.erase_words(world.desk, last_moment) == 0
    assert housekeeping.erase_words(world.desk, last_moment + timedelta(minutes=1)) == 1
    assert housekeeping.erase_words(world.desk, last_moment + DAY) == 0
    with world.desk.store.reading() as records:
        kept = records.requests.get(request.id)
        assert kept is not None
        assert (kept.note, kept.category) == ("", None)
        assert [line.action for line in records.audit.about("extension_requests")] == ["words.erased"]


def test_organizers_hear_of_a_job_that_went_wrong_once_a_day(world: World) -> None:
    for at in (NOW, NOW + timedelta(hours=3), NOW + DAY):
        report_problem("backup", Problem.FAILED, "StoreUnusable", desk=world.desk, now=at)
    report_problem("prune", Problem.MISSED, "", desk=world.desk, now=NOW)
    sent = [prepared for _, prepared in world.deliver(NOW + DAY)]
    contents = [(one.address, one.content) for one in sent if isinstance(one, Ready)]
    assert contents == [
        (Direct("UORLA"), JobProblem("backup", Problem.FAILED, "StoreUnusable", NOW)),
        (Direct("UORLA"), JobProblem("prune", Problem.MISSED, "", NOW)),
        (Direct("UORLA"), JobProblem("backup", Problem.FAILED, "StoreUnusable", NOW + DAY)),
    ]
