"""The schema, as numbered steps; they run in the order in which they are declared, a module after the other."""

from storage.migrations import running  # isort: skip - the order of the steps
from storage.migrations import grading  # isort: skip
from storage.migrations import office_hours  # isort: skip
from storage.migrations import follow_through  # isort: skip
from storage.migrations import plain_words  # isort: skip
from storage.migrations import shared_questions  # isort: skip
from storage.migrations import joining  # isort: skip
from storage.migrations import pauses  # isort: skip
from storage.migrations import spoken  # isort: skip
from storage.migrations import used_dates  # isort: skip
from storage.migrations.steps import migrations

__all__ = [
    "follow_through",
    "grading",
    "joining",
    "migrations",
    "office_hours",
    "pauses",
    "plain_words",
    "running",
    "shared_questions",
    "spoken",
    "used_dates",
]
