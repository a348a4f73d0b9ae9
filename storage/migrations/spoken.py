"""The schema of what was said and stood before: what is handed back stands again as it did."""

from sqlite_utils import Database

from storage.migrations.steps import migrations, run


@migrations(name="0031_handed_back")
def _handed_back(db: Database) -> None:
    run(db, "ALTER TABLE handover_items ADD COLUMN before TEXT NOT NULL DEFAULT ''")
