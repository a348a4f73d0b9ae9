"""The backtest of all presentations, beside reading their files with the csv module."""

import csv
import gzip
import os
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import process_time

from bot import backtesting
from tests.bench.measuring import Finding, a_folder, ratios

# Names a folder with the tables of the dataset; without it a set of the same shape is made.
FOLDER = "OULAD_DIR"
TABLES = ("courses", "assessments", "studentInfo", "studentRegistration", "studentAssessment")
MOST_TIMES, ROUNDS = 20.0, 7
# As many of each as in the dataset.
PRESENTATIONS, STUDENTS = 15, 1_422
# Columns that are there, and that nobody reads but the csv module.
UNREAD = (
    "gender",
    "region",
    "highest_education",
    "imd_band",
    "age_band",
    "num_of_prev_attempts",
    "studied_credits",
    "disability",
)
Row = Sequence[object]


def measure() -> list[Finding]:
    """Compare the command, to the last line of its table, with reading every row of the same files."""
    named = os.environ.get(FOLDER)
    if named:
        return [_compare(Path(named), f"the presentations in {FOLDER}")]
    with a_folder() as folder:
        _write(folder)
        return [_compare(folder, f"{PRESENTATIONS} made-up presentations")]


def _compare(folder: Path, what: str) -> Finding:
    mine, theirs = [], []
    for _ in range(ROUNDS):
        mine.append(_processor_seconds(lambda: list(backtesting.lines(folder, None))))
        theirs.append(_processor_seconds(lambda: _read(folder)))
    found = ratios(mine, theirs)
    return Finding(
        f"{what}, time beside reading the files", str(found), f"at most {MOST_TIMES:g}", found.middle <= MOST_TIMES
    )


def _processor_seconds(work: Callable[[], object]) -> float:
    """Return how long something takes of the processor, for others use this machine too."""
    began = process_time()
    work()
    return process_time() - began


def _read(folder: Path) -> None:
    for name in TABLES:
        packed = folder / f"{name}.csv.gz"
        path = folder / f"{name}.csv"
        with gzip.open(packed, "rt", newline="") if packed.exists() else path.open(newline="") as lines:
            for _ in csv.reader(lines):
                pass


def _write(folder: Path) -> None:
    """Write made-up presentations, in which who hands in less, later and worse is likelier not to finish."""
    tables: dict[str, list[Row]] = {
        "courses": [["code_module", "code_presentation", "module_presentation_length"]],
        "assessments": [
            ["code_module", "code_presentation", "id_assessment", "assessment_type", "date", "weight"],
        ],
        "studentInfo": [["code_module", "code_presentation", "id_student", *UNREAD, "final_result"]],
        "studentRegistration": [
            ["code_module", "code_presentation", "id_student", "date_registration", "date_unregistration"]
        ],
        "studentAssessment": [["id_assessment", "id_student", "date_submitted", "is_banked", "score"]],
    }
    chance = random.Random(7)
    for number in range(PRESENTATIONS):
        key = (f"M{number:02}", "2013J")
        dues = [12 + round(place * 225 / (5 + number % 9)) for place in range(5 + number % 9)]
        tables["courses"].append([*key, 260])
        tables["assessments"] += [
            [*key, 100 * number + place, "TMA", due, round(100 / len(dues))] for place, due in enumerate(dues)
        ]
        for student in range(STUDENTS):
            for name, row in _student(key, number, f"{number}{student:05}", dues, chance):
                tables[name].append(row)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows(rows)


def _student(
    key: tuple[str, str], number: int, who: str, dues: Sequence[int], chance: random.Random
) -> Iterator[tuple[str, Row]]:
    keen = chance.random()
    leaves_on = chance.randint(-30, 200) if keen < 0.32 else None
    result = "Withdrawn" if leaves_on is not None else "Fail" if keen < 0.47 else "Pass"
    yield "studentInfo", [*key, who, *["x" * 8 for _ in UNREAD], result]
    yield "studentRegistration", [*key, who, chance.randint(-90, 5), "" if leaves_on is None else leaves_on]
    for place, due in enumerate(dues):
        if (leaves_on is None or due < leaves_on) and chance.random() < 0.4 + keen * 0.6:
            day = due + chance.randint(-6, 1) + (chance.randint(0, 9) if chance.random() > keen else 0)
            yield "studentAssessment", [100 * number + place, who, day, 0, round(45 + 50 * keen * chance.random())]
