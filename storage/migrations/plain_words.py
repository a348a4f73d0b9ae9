"""The schema of plain words: what was written and not understood, until it is shown to a TA or a day has passed."""

from sqlite_utils import Database

from storage.migrations.steps import migrations, run


@migrations(name="0026_plain_words")
def _plain_words(db: Database) -> None:
    run(
        db,
        """CREATE TABLE unclear_words (
            id TEXT PRIMARY KEY, member_id TEXT NOT NULL REFERENCES members (id), words TEXT NOT NULL,
            heard_at TEXT NOT NULL) STRICT""",
        "CREATE INDEX unclear_words_member ON unclear_words (member_id, heard_at)",
    )
