"""What tests of the records can have: a store that waits long for its turn, and one with people and work in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cohort.assignments import Assignment
from cohort.roster import Member
from storage.database import Database
from storage.migrations import migrations


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database, whose writers wait their turn however busy the machine is."""
    database = Database(tmp_path / "cohort.db", busy_seconds=60)
    migrations.apply(database.tables())
    yield database
    database.close()


@pytest.fixture
def cohort(store: Database, ada: Member, bo: Member, tara: Member, tom: Member, hw3: Assignment) -> Database:
    """The store with two students, two TAs and an assignment."""
    with store.transaction() as records:
        for member in (ada, bo, tara, tom):
            records.roster.save(member)
        records.assignments.save(hw3)
    return store
