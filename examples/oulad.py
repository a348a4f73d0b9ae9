#!/usr/bin/env python3
"""Writes one presentation of the Open University Learning Analytics Dataset as the files the bot imports.

What the data says becomes a programme like this:

- Days are counted from the presentation's start, 1 February (B) or 1 October (J), in London. A registration or
  unregistration counts from 00:00 of its day. An assessment is due at 23:59 of its day, and a submission was
  made at 12:00 of its day, so that what came on the due day is never late.
- Whoever unregistered is withdrawn from that day; everyone else is active. The final result, gender, region,
  deprivation, age and disability are never read. A student has one registration for a presentation; where its
  day is not known, `joined_at` stays empty.
- TMA and CMA become written work, Exam an exam, numbered by due day: tma1, cma2, exam. An exam is sat, and most
  presentations do not record by whom; where there is no submission for it, it gets no due time, since unknown
  is not missing. Work of weight 0 does not count towards the result and is optional.
- Banked submissions, carried over from an earlier presentation, are kept with their day, which is before the
  start: who has banked a piece of work does not owe it.
- The programme ends on the day of its length, since the exams of some presentations fall due on it.
- One TA (Tara) and one organizer (Orla) are added, since the data has no staff.
"""

import argparse
import csv
import gzip
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

if not __package__:  # run by its path, from any folder
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from examples.writing import Assignment, Member, Programme, Submission, write_programme

ZONE = "Europe/London"
STARTS = {"B": (2, 1), "J": (10, 1)}
KINDS = {"TMA": "written", "CMA": "written", "EXAM": "exam"}
PASS_MARK = 40
STAFF = (
    Member(email="tara@example.org", name="Tara", role="ta", zone=ZONE),
    Member(email="orla@example.org", name="Orla", role="organizer", zone=ZONE),
)

Row = Mapping[str, str]


class OuladError(Exception):
    """The folder or the presentation asked for can't be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Presentation:
    """One module in one term, and the folder its rows are read from."""

    folder: Path
    module: str
    code: str

    @property
    def starts_on(self) -> date:
        """Return the first day. Raises OuladError unless the code is a year and B or J, like 2013J."""
        year, letter = self.code[:-1], self.code[-1:]
        if not year.isdecimal() or letter not in STARTS:
            raise OuladError(f"{self.code!r} is not a presentation; write it like 2013J or 2014B")
        return date(int(year), *STARTS[letter])

    def day(self, number: str) -> date | None:
        """Return the date of a day counted from the start, or None where it is unknown."""
        return self.starts_on + timedelta(days=int(number)) if _known(number) else None

    def moment(self, number: str, wall: time) -> datetime | None:
        """Return a wall time on a day counted from the start, or None where the day is unknown."""
        on = self.day(number)
        return datetime.combine(on, wall) if on else None

    def rows(self, table: str) -> Iterator[Row]:
        """Yield this presentation's rows of a table that names module and presentation."""
        for row in read_table(self.folder, table):
            if (row["code_module"], row["code_presentation"]) == (self.module, self.code):
                yield row


def read_table(folder: Path, table: str) -> Iterator[Row]:
    """Yield the rows of a table, from its .csv or its .csv.gz file. Raises OuladError where there is neither."""
    plain, packed = folder / f"{table}.csv", folder / f"{table}.csv.gz"
    if plain.exists():
        with plain.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)
    elif packed.exists():
        with gzip.open(packed, "rt", encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)
    else:
        raise OuladError(f"{folder} has neither {plain.name} nor {packed.name}")


def oulad_programme(folder: Path, module: str, code: str) -> Programme:
    """Return one presentation as a programme. Raises OuladError where the data does not have it."""
    presentation = Presentation(folder, module, code)
    ends_on = _ends_on(presentation)
    assessments = list(presentation.rows("assessments"))
    slugs = _slugs(assessments)
    rows = [row for row in read_table(folder, "studentAssessment") if row["id_assessment"] in slugs]
    handed_in = {row["id_assessment"] for row in rows}
    return Programme(
        name=f"{module} {code}",
        zone=ZONE,
        starts_on=presentation.starts_on,
        ends_on=ends_on,
        roster=[*(_student(presentation, row) for row in presentation.rows("studentRegistration")), *STAFF],
        assignments=[
            _assignment(presentation, row, slugs[row["id_assessment"]], handed_in)
            for row in sorted(assessments, key=_by_day)
        ],
        submissions=[_submission(presentation, row, slugs) for row in rows],
    )


def _ends_on(presentation: Presentation) -> date:
    for row in presentation.rows("courses"):
        return presentation.starts_on + timedelta(days=int(row["module_presentation_length"]))
    raise OuladError(f"courses has no {presentation.module} {presentation.code}")


def _slugs(assessments: Sequence[Row]) -> dict[str, str]:
    """Return the slug of each assessment: its type, numbered by due day unless it is the only exam."""
    by_type: defaultdict[str, list[str]] = defaultdict(list)
    for row in sorted(assessments, key=_by_day):
        by_type[row["assessment_type"].lower()].append(row["id_assessment"])
    return {
        assessment: name if name == "exam" and len(ids) == 1 else f"{name}{number}"
        for name, ids in by_type.items()
        for number, assessment in enumerate(ids, 1)
    }


def _by_day(row: Row) -> tuple[bool, int, int]:
    is_known = _known(row["date"])
    return not is_known, int(row["date"]) if is_known else 0, int(row["id_assessment"])


def _known(text: str) -> bool:
    # Some copies of the dataset write a question mark where others leave the field empty.
    return text not in {"", "?"}


def _student(presentation: Presentation, row: Row) -> Member:
    left_at = presentation.moment(row["date_unregistration"], time(0))
    return Member(
        email=_email(row["id_student"]),
        name=f"Student {row['id_student']}",
        zone=ZONE,
        status="withdrawn" if left_at else "active",
        joined_at=presentation.moment(row["date_registration"], time(0)),
        left_at=left_at,
    )


def _assignment(presentation: Presentation, row: Row, slug: str, handed_in: set[str]) -> Assignment:
    kind = KINDS[row["assessment_type"].upper()]
    has_due_time = kind != "exam" or row["id_assessment"] in handed_in
    due_at = presentation.moment(row["date"], time(23, 59)) if has_due_time else None
    return Assignment(
        slug=slug,
        title=f"{row['assessment_type']} {row['id_assessment']}",
        kind=kind,
        week=int(row["date"]) // 7 + 1 if _known(row["date"]) else None,
        due_at=due_at,
        pass_mark=PASS_MARK,
        required=float(row["weight"]) > 0,
    )


def _submission(presentation: Presentation, row: Row, slugs: Mapping[str, str]) -> Submission:
    submitted_at = presentation.moment(row["date_submitted"], time(12))
    if submitted_at is None:
        raise OuladError(f"a submission for assessment {row['id_assessment']} has no day")
    return Submission(
        email=_email(row["id_student"]),
        assignment=slugs[row["id_assessment"]],
        submitted_at=submitted_at,
        score=float(row["score"]) if _known(row["score"]) else None,
    )


def _email(student: str) -> str:
    return f"student{student}@example.org"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the presentation that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="DIR", help="where the dataset's .csv or .csv.gz files are")
    parser.add_argument("module", metavar="MODULE", help="such as AAA")
    parser.add_argument("presentation", metavar="PRESENTATION", help="such as 2013J")
    parser.add_argument("out", type=Path, metavar="OUT", help="folder to write to")
    asked = parser.parse_args(arguments)
    try:
        programme = oulad_programme(asked.folder, asked.module, asked.presentation)
    except OuladError as error:
        parser.exit(1, f"{parser.prog}: {error}\n")
    write_programme(programme, asked.out)
    roles = Counter(member.role for member in programme.roster)
    print(f"{asked.out}: {programme.name}, {roles['student']} students, {len(programme.submissions)} submissions")


if __name__ == "__main__":
    main()
