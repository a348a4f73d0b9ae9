#!/usr/bin/env python3
"""Fits the points of cohort/plain_points.txt to tables of phrases, as whole numbers, most of them nothing.

Needs numpy, which the bot does not: `pip install numpy`. Reads tables as tests/cohort/phrases.txt is one, prints how
many phrases of each come out right, and writes the points where `--write` says so.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

if not __package__:  # run by its path, from any folder
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cohort.plain_concepts import ASKED, WANTS_NONE
from cohort.plain_intents import OPEN_TO, Intent
from cohort.plain_points import AND, NONE, PLACE, POINTS, WORD
from cohort.plain_reading import assignment_in, plain, work_names
from cohort.plain_words import signs_of, understand
from cohort.roster import Role

HERE = Path(__file__).resolve().parents[1]
PHRASES = HERE / "tests" / "cohort" / "phrases.txt"
WORKS = {
    "hw1": "Problem set 1",
    "hw2": "Problem set 2",
    "hw3": "Problem set 3",
    "hw5": "Problem set 5",
    "prog2": "Programming exercise 2",
    "paper1": "Paper reading 1",
    "paper2": "Paper reading 2",
    "project": "Project",
    "exam": "Final exam",
    "reading1": "Reading 1",
}
TODAY = date(2026, 7, 1)
WRITERS = {"T": Role.TA, "O": Role.ORGANIZER}
# Points for one unit of log-odds; how strongly a sign that says little is left out, and large points are kept small.
SCALE, SPARSE, SMALL = 5, 0.5, 0.4
ROUNDS = 1500
# What a role can't want at all is out of reach.
FAR = 1000
# A sign that stands in fewer phrases than this tells chance from meaning no more.
LEAST = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One phrase: who writes it, what it may mean, and its signs."""

    words: str
    role: Role
    meant: Sequence[str]
    signs: Counter[str]


def rows(table: Path) -> Iterator[Row]:
    """Yield the phrases of a table."""
    names = work_names(WORKS)
    for line in table.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            words, _, told = line.rpartition("|")
            writer, colon, rest = told.strip().partition(":")
            role = WRITERS.get(writer, Role.STUDENT) if colon else Role.STUDENT
            intents = [each.split()[0] for each in (rest if colon else told).split("/") if each.split()]
            reading = plain(words, names)
            signs = signs_of(reading, names, assignment_in(reading, names), role)
            meant = [each for each in intents if each == NONE or each in OPEN_TO[role]] or [NONE]
            yield Row(words.strip(), role, meant, signs)


def fitted(found: Sequence[Row], intents: Sequence[str], signs: Sequence[str]) -> Any:  # noqa: ANN401 - an array
    """Return the points of each sign for each intent, the last row for what is always given."""
    import numpy as np

    design = np.ones((len(found), len(signs) + 1))
    wanted = np.zeros((len(found), len(intents)))
    closed = np.zeros_like(wanted)
    for place, row in enumerate(found):
        design[place, :-1] = [row.signs[sign] for sign in signs]
        closed[place] = [each != NONE and each not in OPEN_TO[row.role] for each in intents]
        for each in row.meant:
            wanted[place, intents.index(each)] += 1 / len(row.meant)
    count = len(found)
    step = 1 / (np.linalg.norm(design, 2) ** 2 / 2 / count + SMALL / count)
    weights, ahead, pace = np.zeros((design.shape[1], len(intents))), None, 1.0
    ahead = weights.copy()
    for _ in range(ROUNDS):  # gradient steps with a pull to zero, and momentum
        odds = design @ ahead - closed * FAR
        chance = np.exp(odds - odds.max(1, keepdims=True))
        chance /= chance.sum(1, keepdims=True)
        new = ahead - step * (design.T @ (chance - wanted) / count + SMALL * ahead / count)
        new[:-1] = np.sign(new[:-1]) * np.maximum(np.abs(new[:-1]) - step * SPARSE / count, 0)
        faster = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
        ahead, weights, pace = new + (pace - 1) / faster * (new - weights), new, faster
    return np.round(weights * SCALE).astype(int)


def as_table(found: Sequence[Row]) -> str:
    """Return points as they are written down: a sign a line, what it speaks for first; pairs even without points."""
    counts = Counter(sign for row in found for sign in row.signs)
    signs = sorted(sign for sign, count in counts.items() if count >= LEAST)
    points = {sign: "" for sign in POINTS if AND in sign}
    intents = [NONE, *Intent]
    for sign, given in zip([*signs, "always"], fitted(found, intents, signs).tolist(), strict=True):
        told = sorted((-count, intent) for count, intent in zip(given, intents, strict=True) if count)
        points[sign] = "".join(f", {intent} {-count}" for count, intent in told)[1:]
    kept = [sign for sign, given in points.items() if given or not sign.startswith(WORD)]
    return "".join(f"{sign}:{points[sign]}\n" for sign in sorted(kept, key=lambda one: (one != "always", one)))


def write(table: str) -> None:
    """Put a table in the place of the one that stands, below its heading."""
    heading = [line for line in PLACE.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    PLACE.write_text("\n".join(heading) + f"\n\n{table}", encoding="utf-8")


def rates(name: str, found: Iterable[Row]) -> str:
    """Return how many phrases are taken for what they mean, for nothing, and for something else."""
    right = unclear = wrong = 0
    for row in found:
        understood = understand(row.words, row.role, WORKS, TODAY)
        got = understood.intent.value if understood else NONE
        right += got in row.meant
        unclear += got == NONE and got not in row.meant
        wrong += got not in (*row.meant, NONE)
    return f"{name}: {right + unclear + wrong} phrases, {right} right, {unclear} not understood, {wrong} wrong"


def main() -> None:
    """Fit or measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="*", type=Path, default=[PHRASES], help="tables of phrases")
    parser.add_argument("--write", action="store_true", help="fit the points to the tables, and write them down")
    asked = parser.parse_args()
    read = {table.name: list(rows(table)) for table in asked.tables}
    if asked.write:
        found = [row for each in read.values() for row in each]
        write(as_table([row for row in found if WANTS_NONE not in row.signs or ASKED in row.signs]))
        print("Written. Run it once more without --write to see the rates.")
        return
    for name, found in read.items():
        print(rates(name, found))


if __name__ == "__main__":
    main()
