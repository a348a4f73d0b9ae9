"""The schema of hard dates that have moved due times: they count when more are named."""

from sqlite_utils import Database

from storage.migrations.steps import migrations, run


@migrations(name="0032_used_dates")
def _used_dates(db: Database) -> None:
    run(db, "ALTER TABLE hard_dates ADD COLUMN moved_at TEXT")
