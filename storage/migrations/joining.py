"""The schema of joining: who was welcomed and has the time, and the dates a student knows to be hard."""

from sqlite_utils import Database

from storage.migrations.steps import migrations, run


@migrations(name="0029_joining")
def _joining(db: Database) -> None:
    run(
        db,
        """CREATE TABLE joinings (
            member_id TEXT PRIMARY KEY REFERENCES members (id), welcomed_at TEXT, counted_in_at TEXT) STRICT""",
        """CREATE TABLE hard_dates (
            student_id TEXT NOT NULL REFERENCES members (id), from_on TEXT NOT NULL, to_on TEXT NOT NULL,
            PRIMARY KEY (student_id, from_on), CHECK (from_on <= to_on)) STRICT""",
    )
