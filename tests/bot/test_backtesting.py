"""The command `backtest`: terms on record asked day by day, from what was known on each day alone."""

import csv
import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import main

KEY = ("AAA", "2013J")
HEADERS = {
    "courses": ["code_module", "code_presentation", "module_presentation_length"],
    "assessments": ["code_module", "code_presentation", "id_assessment", "assessment_type", "date", "weight"],
    "studentInfo": ["code_module", "code_presentation", "id_student", "gender", "final_result"],
    "studentRegistration": [
        "code_module",
        "code_presentation",
        "id_student",
        "date_registration",
        "date_unregistration",
    ],
    "studentAssessment": ["id_assessment", "id_student", "date_submitted", "is_banked", "score"],
}
Tables = dict[str, list[list[str]]]


def term(seed: int = 1, students: int = 80) -> Tables:
    """A term in which who hands in less, later and worse is likelier not to finish."""
    chance = random.Random(seed)
    dues = [20, 50, 80, 110, 140, 170, 200]
    found: Tables = {name: [] for name in HEADERS}
    found["courses"] = [[*KEY, "240"]]
    found["assessments"] = [[*KEY, str(n), "TMA", str(due), "14"] for n, due in enumerate(dues)]
    found["assessments"] += [[*KEY, "98", "Exam", "", "100"], [*KEY, "99", "Exam", "100", "0"]]
    for student in range(students):
        keen, who = chance.random(), str(student)
        leaves = chance.randint(40, 200) if keen < 0.2 else None
        result = "Withdrawn" if leaves else "Fail" if keen < 0.4 else "Pass"
        found["studentInfo"].append([*KEY, who, "F", result])
        since = "" if student == 0 else str(chance.randint(-60, 25))
        found["studentRegistration"].append([*KEY, who, since, str(leaves or "")])
        for n, due in enumerate(dues):
            if chance.random() < 0.35 + keen * 0.65 and (leaves is None or due < leaves):
                day = due + chance.randint(-9, 1) + round((1 - keen) * chance.randint(0, 9))
                score = "" if chance.random() < 0.1 else str(round(40 + 55 * keen * chance.random()))
                found["studentAssessment"].append([str(n), who, str(day), "0", score])
    return found


def write(folder: Path, tables: Tables, *, compressed: bool = False) -> Path:
    """Write the tables as the dataset has them."""
    for name, rows in tables.items():
        path = folder / (f"{name}.csv.gz" if compressed else f"{name}.csv")
        with gzip.open(path, "wt", newline="") if compressed else path.open("w", newline="") as file:
            csv.writer(file).writerows([HEADERS[name], *rows])
    return folder


def ask(folder: Path) -> dict[str, Any]:
    """Return what the command writes as JSON."""
    done = run(folder, "--json", str(folder / "found.json"))
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads((folder / "found.json").read_text())
    return found


def run(folder: Path, *more: str) -> Result:
    return CliRunner().invoke(main, ["backtest", str(folder), *more])


def test_days_and_presentations_are_told_apart_and_together(tmp_path: Path) -> None:
    tables = term()
    found = ask(write(tmp_path, tables))
    assert set(found) == {"days", "presentations", "seconds"}
    assert set(found["days"]) == {"30", "60", "90", "120", "150", "180", "210"}
    assert found["presentations"] == {"AAA 2013J": found["days"]}
    assert set(found["days"]["30"]) == {"n", "base_rate", "risk", "missed_latest", "missed_share"}
    assert found["days"]["210"]["risk"]["auc"] > found["days"]["210"]["missed_latest"]["auc"] > 0.5
    assert 0 < found["days"]["30"]["base_rate"] < 1
    assert found["seconds"] > 0


def test_packed_files_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "packed").mkdir()
    plain, packed = ask(write(tmp_path / "plain", term())), ask(write(tmp_path / "packed", term(), compressed=True))
    assert plain["days"] == packed["days"]


def test_only_who_was_there_on_the_day_is_asked_about(tmp_path: Path) -> None:
    tables = term(students=3)
    tables["studentRegistration"] = [[*KEY, "0", "", ""], [*KEY, "1", "31", ""], [*KEY, "2", "-5", "60"]]
    tables["studentInfo"] = [
        [*KEY, who, "M", result] for who, result in zip("012", ["Fail", "Pass", "Pass"], strict=True)
    ]
    days = ask(write(tmp_path, tables))["days"]
    assert [days[day]["n"] for day in ("30", "60", "90")] == [2, 2, 2]


def shuffled_after(day: int, tables: Tables) -> Tables:
    """Exchange everything that came after a day among those whom it could be about."""
    chance, found = random.Random(3), {name: [list(row) for row in rows] for name, rows in tables.items()}
    later = [row for row in found["studentAssessment"] if int(row[2]) > day]
    owners = [row[1] for row in later]
    chance.shuffle(owners)
    for row, owner in zip(later, owners, strict=True):
        row[1], row[2], row[4] = owner, str(chance.randint(day + 1, 239)), str(chance.randint(0, 100))
    for row in found["studentRegistration"]:
        if row[4] and int(row[4]) > day:
            row[4] = str(chance.randint(day + 1, 239))
    return found


@pytest.mark.parametrize("day", [30, 90, 150])
def test_what_comes_after_the_day_changes_no_score(tmp_path: Path, day: int) -> None:
    (tmp_path / "as_it_was").mkdir()
    (tmp_path / "shuffled").mkdir()
    before = ask(write(tmp_path / "as_it_was", term()))["days"]
    after = ask(write(tmp_path / "shuffled", shuffled_after(day, term())))["days"]
    assert after[str(day)] == before[str(day)]
    assert after["210"] != before["210"]


def test_equal_scores_count_half_and_share_the_tenth(tmp_path: Path) -> None:
    tables = term(students=20)
    tables["studentAssessment"] = []
    found = ask(write(tmp_path, tables))["days"]["30"]
    assert found["missed_latest"] == {"auc": 0.5, "precision_at_10": pytest.approx(found["base_rate"])}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: (f / "courses.csv").unlink(), "courses.csv: it is not in"),
        (lambda f: (f / "courses.csv").write_text("code_module\nAAA\n"), "there is no column code_presentation"),
        (
            lambda f: (f / "courses.csv").write_text(",".join(HEADERS["courses"]) + "\nAAA,2013J,long\n"),
            "courses.csv, line 2, column module_presentation_length: 'long' is not a number",
        ),
        (
            lambda f: (f / "studentAssessment.csv").write_text(
                ",".join(HEADERS["studentAssessment"]) + "\n1,2,x,0,5\n"
            ),
            "column date_submitted: 'x' is not a number",
        ),
        (
            lambda f: (f / "studentInfo.csv").write_text(",".join(HEADERS["studentInfo"]) + "\nAAA,2013J,0,F,Maybe\n"),
            "'Maybe' is none of Pass, Distinction, Fail, Withdrawn",
        ),
        (lambda f: (f / "assessments.csv").write_text(",".join(HEADERS["assessments"]) + "\nAAA\n"), "too few columns"),
    ],
)
def test_what_can_not_be_read_is_named(tmp_path: Path, change: Callable[[Path], object], said: str) -> None:
    change(write(tmp_path, term(students=3)))
    done = run(tmp_path)
    assert (done.exit_code, said in done.output) == (1, True), done.output


def test_a_term_in_which_nothing_was_due_says_nothing(tmp_path: Path) -> None:
    tables = term(students=5)
    tables["assessments"] = [[*KEY, "98", "Exam", "", "100"]]
    found = ask(write(tmp_path, tables))
    assert (found["days"], found["presentations"]) == ({}, {"AAA 2013J": {}})
