"""The schema of pauses that end by themselves."""

from sqlite_utils import Database

from storage.migrations.steps import migrations, run


@migrations(name="0030_pauses")
def _pauses(db: Database) -> None:
    run(
        db,
        """CREATE TABLE pauses (
            student_id TEXT PRIMARY KEY REFERENCES members (id), back_at TEXT NOT NULL) STRICT""",
    )
