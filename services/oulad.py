"""The files of the Open University Learning Analytics Dataset: every presentation with its work, people and outcomes.

Only what the bot could know is read, and the final result to compare with. Gender, region, age, disability and
deprivation are never read.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from services.oulad_tables import UNKNOWN, Numbers, table

MODULE, PRESENTATION, STUDENT, PIECE = "code_module", "code_presentation", "id_student", "id_assessment"
RESULTS = {"Pass": False, "Distinction": False, "Fail": True, "Withdrawn": True}
ALWAYS, NEVER = float("-inf"), float("inf")


class Piece(NamedTuple):
    """A piece of work: the day it is due, counted from the start, and its weight in the result."""

    due: float
    id: str
    weight: float


# A piece of work that someone handed in: which in the order of due days, on which day, and its score of 100.
HandIn = tuple[int, float, float | None]


class Registration(NamedTuple):
    """Someone taking part: from which day and up to which, that one left out, and whether they did not finish."""

    student: str
    since: float
    until: float
    fails: bool


@dataclass
class Presentation:
    """A module in one term. `pieces` are in the order of due days, without exams; `length` is in days."""

    length: float
    pieces: list[Piece] = field(default_factory=list)
    registrations: list[Registration] = field(default_factory=list)
    handed_in: defaultdict[str, list[HandIn]] = field(default_factory=lambda: defaultdict(list))


Key = tuple[str, str]


def read(folder: Path) -> Mapping[Key, Presentation]:
    """Return every presentation in a folder of .csv or .csv.gz files, by module and presentation.

    Raises UnusableTable for a table that is missing, lacks a column, or holds a row that can't be read.
    """
    found = {}
    with table(folder, "courses", MODULE, PRESENTATION, "module_presentation_length") as rows:
        for module, presentation, length in rows:
            days = rows.number(length, "module_presentation_length")
            if days <= 0:
                raise rows.unfit("module_presentation_length", f"{length!r} is not a number of days")
            found[module, presentation] = Presentation(days)
    places = _read_pieces(folder, found)
    _read_people(folder, found, _results(folder))
    _read_work(folder, found, places)
    return found


def _read_pieces(folder: Path, found: Mapping[Key, Presentation]) -> dict[str, tuple[Presentation, int]]:
    """Read the work of each presentation, and return the presentation and the place of each piece by its id."""
    with table(folder, "assessments", MODULE, PRESENTATION, PIECE, "assessment_type", "date", "weight") as rows:
        for module, presentation, id_, kind, due, weight in rows:
            of = rows.known(found, (module, presentation))
            if kind.casefold() != "exam" and due not in UNKNOWN:
                counts = 0.0 if weight in UNKNOWN else max(0.0, rows.number(weight, "weight"))
                of.pieces.append(Piece(rows.number(due, "date"), id_, counts))
    for each in found.values():
        each.pieces.sort(key=lambda piece: (piece.due, len(piece.id), piece.id))
    return {piece.id: (each, place) for each in found.values() for place, piece in enumerate(each.pieces)}


def _results(folder: Path) -> dict[tuple[str, str, str], bool]:
    """Return whether each student of each presentation ended as Withdrawn or Fail."""
    results = {}
    with table(folder, "studentInfo", MODULE, PRESENTATION, STUDENT, "final_result") as rows:
        for module, presentation, student, result in rows:
            if result not in RESULTS:
                raise rows.unfit("final_result", f"{result!r} is none of {', '.join(RESULTS)}")
            results[module, presentation, student] = RESULTS[result]
    return results


def _read_people(folder: Path, found: Mapping[Key, Presentation], results: Mapping[tuple[str, str, str], bool]) -> None:
    columns = (MODULE, PRESENTATION, STUDENT, "date_registration", "date_unregistration")
    with table(folder, "studentRegistration", *columns) as rows:
        for module, presentation, student, since, until in rows:
            of = rows.known(found, (module, presentation))
            if (module, presentation, student) not in results:
                raise rows.unfit(STUDENT, f"studentInfo has no result of {student!r} in {module} {presentation}")
            registered = ALWAYS if since in UNKNOWN else rows.number(since, "date_registration")
            left = NEVER if until in UNKNOWN else rows.number(until, "date_unregistration")
            of.registrations.append(Registration(student, registered, left, results[module, presentation, student]))


def _read_work(folder: Path, found: Mapping[Key, Presentation], places: Mapping[str, tuple[Presentation, int]]) -> None:
    """Read what was handed in when; what has no day is unknown and left out, as are exams."""
    with table(folder, "studentAssessment", PIECE, STUDENT, "date_submitted", "score") as rows:
        days, scores = Numbers(), Numbers()
        for piece, student, on, score in rows:
            place = places.get(piece)
            if place is None:
                continue
            try:
                day = days[on]
            except ValueError:
                raise rows.unfit("date_submitted", f"{on!r} is not a number") from None
            try:
                points = scores[score]
            except ValueError:
                raise rows.unfit("score", f"{score!r} is not a number") from None
            if day is not None:
                place[0].handed_in[student].append((place[1], day, points))
    for each in found.values():
        for own in each.handed_in.values():
            own.sort()
