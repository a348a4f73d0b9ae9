"""docs/imports.md names every column, and its examples are read without a problem."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.policy import load_policy
from services.assignment_imports import ASSIGNMENTS
from services.csv_tables import Columns
from services.desk import Desk
from services.duty_imports import DUTIES
from services.event_imports import EVENTS
from services.exports import EXPORTS
from services.fairness_imports import FAIRNESS
from services.gradebooks import GRADES
from services.grader_imports import CONFLICTS, GRADERS
from services.imports import IMPORTS
from services.roster_imports import ROSTER
from services.series_imports import SERIES
from services.submission_imports import SUBMISSIONS
from services.track_imports import TRACKS
from tests.conftest import NOON

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "imports.md").read_text(encoding="utf-8")
FORMATS = {
    "roster": ROSTER,
    "assignments": ASSIGNMENTS,
    "submissions": SUBMISSIONS,
    "tracks": TRACKS,
    "duties": DUTIES,
    "graders": GRADERS,
    "conflicts": CONFLICTS,
    "grades": GRADES,
    "series": SERIES,
    "events": EVENTS,
    "fairness": FAIRNESS,
}


def section(table: str) -> str:
    return re.split(r"^##+ ", TEXT.partition(f"### {table}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


@pytest.mark.parametrize(("table", "columns"), FORMATS.items())
def test_every_column_is_documented_and_every_documented_column_exists(table: str, columns: Columns) -> None:
    documented = re.findall(r"^\| `(\w+)`(\*?) \|", section(table), flags=re.MULTILINE)
    assert {name for name, star in documented if star} == set(columns.required)
    assert {name for name, star in documented if not star} == set(columns.optional)


def test_every_table_is_documented() -> None:
    assert set(FORMATS) == set(IMPORTS) == set(EXPORTS)


@pytest.mark.parametrize("table", sorted(FORMATS.keys() - {"grades"}))
def test_an_export_holds_every_column(desk: Desk, table: str) -> None:
    assert set(EXPORTS[table](desk, NOON).splitlines()[0].split(",")) == set(FORMATS[table].names)


@pytest.mark.parametrize("table", FORMATS)
def test_the_example_is_read(desk: Desk, table: str) -> None:
    desk = replace(desk, policy=load_policy(ROOT / "cohort.example.toml"))
    IMPORTS["assignments"]("slug,title,kind\nhw1,Problem set 1,written\n", NOON, desk)
    (example,) = re.findall(r"^```\n(.*?)^```", section(table), flags=re.MULTILINE | re.DOTALL)
    report = IMPORTS[table](example, NOON, desk, dry_run=True)
    assert report.problems == ()


@pytest.mark.parametrize("table", FORMATS)
def test_the_files_of_the_examples_are_read(desk: Desk, table: str) -> None:
    """Under the example policy, whose dates they fit."""
    desk = replace(desk, policy=load_policy(ROOT / "cohort.example.toml"))
    for before in FORMATS:
        report = IMPORTS[before]((ROOT / "examples" / f"{before}.csv").read_bytes(), NOON, desk)
        if before == table:
            assert report.problems == ()
            return
