"""The small example files: the columns the scripts write, and rows that refer to each other."""

import csv
from dataclasses import fields
from datetime import datetime
from pathlib import Path

import pytest

from cohort.assignments import Kind
from cohort.roster import Role, Status
from examples.writing import Assignment, Member, Series, Submission

EXAMPLES = Path(__file__).parents[2] / "examples"


def rows(name: str) -> list[dict[str, str]]:
    with (EXAMPLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("roster.csv", Member), ("assignments.csv", Assignment), ("submissions.csv", Submission), ("series.csv", Series)],
)
def test_has_the_columns_in_order_and_a_handful_of_rows(name: str, kind: type) -> None:
    found = rows(name)
    assert list(found[0]) == [field.name for field in fields(kind)]
    assert 5 <= len(found) <= 8


def test_every_row_says_only_what_the_bot_knows() -> None:
    for member in rows("roster.csv"):
        assert member["role"] in set(Role)
        assert member["status"] in {*Status, ""}
    for assignment in rows("assignments.csv"):
        assert assignment["kind"] in set(Kind)
        assert assignment["required"] in {"yes", "no", ""}
        assert assignment["status"] in {"active", "cancelled", ""}


def test_every_submission_is_of_a_student_for_an_assignment_that_is_handed_in() -> None:
    students = {member["email"] for member in rows("roster.csv") if member["role"] == "student"}
    handed_in = {a["slug"] for a in rows("assignments.csv") if Kind(a["kind"]).is_handed_in}
    for submission in rows("submissions.csv"):
        assert submission["email"] in students
        assert submission["assignment"] in handed_in
        assert datetime.fromisoformat(submission["submitted_at"])
