"""How a step of the schema is declared; a step that has run anywhere is never changed again."""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("cohort")


def run(db: Database, *statements: str) -> None:
    """Carry out the statements of a step."""
    for statement in statements:
        db.execute(statement)
