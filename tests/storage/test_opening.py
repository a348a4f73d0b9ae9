"""A database is one programme's, one team's and one app's."""

from pathlib import Path

import pytest

from cohort.errors import StoreUnusable
from storage.database import Database
from storage.opening import claim, open_database
from storage.programme import Identity
from tests.storage.trials import a_trial

SUMMER = Identity("Summer", "T01", "A01")


@pytest.mark.parametrize(
    ("owner", "wanted", "known"),
    [
        (None, Identity("Summer"), Identity("Summer")),
        (None, SUMMER, SUMMER),
        (Identity("Summer"), Identity("Summer"), Identity("Summer")),
        (Identity("Summer"), SUMMER, SUMMER),
        (Identity("Summer", "T01"), Identity("Summer", None, "A01"), SUMMER),
        (SUMMER, SUMMER, SUMMER),
        (SUMMER, Identity("Summer"), SUMMER),
    ],
)
def test_what_is_learnt_about_the_owner_is_kept(
    store: Database, owner: Identity | None, wanted: Identity, known: Identity
) -> None:
    with a_trial(store) as records:
        if owner is not None:
            records.programme.save(owner)
        claim(records, wanted)
        assert records.programme.identity() == known


@pytest.mark.parametrize(
    ("wanted", "what"),
    [
        (Identity("Winter", "T01", "A01"), "programme (Summer, not Winter)"),
        (Identity("Summer", "T02", "A01"), "Slack team (T01, not T02)"),
        (Identity("Summer", "T01", "A02"), "Slack app (A01, not A02)"),
        (Identity("Summer", None, "A02"), "Slack app (A01, not A02)"),
    ],
)
def test_the_database_of_another_is_refused_and_stays_theirs(store: Database, wanted: Identity, what: str) -> None:
    with a_trial(store) as records:
        records.programme.save(SUMMER)
        with pytest.raises(StoreUnusable) as told:
            claim(records, wanted)
        assert records.programme.identity() == SUMMER
    assert told.value.why == f"this database belongs to another {what}"


def test_opening_migrates_and_claims_and_does_so_again(tmp_path: Path) -> None:
    for _ in range(2):
        database = open_database(tmp_path / "cohort.db", SUMMER)
        with database.reading() as records:
            assert records.programme.identity() == SUMMER
        database.close()
    with pytest.raises(StoreUnusable, match="another programme"):
        open_database(tmp_path / "cohort.db", Identity("Winter"))


def test_what_is_no_database_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "cohort.db"
    path.write_text("email,name\n" * 1000)
    with pytest.raises(StoreUnusable, match="not a database"):
        open_database(path, SUMMER)
    assert path.read_text() == "email,name\n" * 1000
