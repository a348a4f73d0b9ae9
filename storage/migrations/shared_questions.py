"""The schema of shared questions: what a student shares of a question and its answer, without a name."""

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
