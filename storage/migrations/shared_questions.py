"""The schema of questions since they can be shared, without a name, and taken back."""

from sqlite_utils import Database

from storage.migrations.steps import migrations, run


@migrations(name="0027_shared_questions")
def _shared_questions(db: Database) -> None:
    run(
        db,
        """CREATE TABLE shared_questions (
            question_id TEXT PRIMARY KEY REFERENCES questions (id), words TEXT NOT NULL, answer TEXT NOT NULL,
            shared_at TEXT NOT NULL, taken_back_at TEXT, taken_back_by TEXT REFERENCES members (id),
            CHECK ((taken_back_at IS NULL) = (taken_back_by IS NULL))) STRICT""",
    )


@migrations(name="0028_closed_questions")
def _closed_questions(db: Database) -> None:
    run(db, "ALTER TABLE questions ADD COLUMN closed_at TEXT")
