"""Going through a whole cohort to see where each student stands with each piece of work."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cohort.assignments import Assignment
from cohort.extensions import Case
from cohort.graduation import Standing, standing_of
from cohort.roster import Member
from cohort.submissions import Submission
from services.extensions import Known
from services.nudge_sweeps import Own, by_student, everyones_own
from storage.records import Records


@dataclass(frozen=True, slots=True)
class Place:
    """One student and one assignment: all that is known, and where it stands; None where it does not count."""

    case: Case
    standing: Standing | None


def everyones(
    records: Records, students: Sequence[Member], assignments: Sequence[Assignment], now: datetime
) -> Iterator[tuple[Member, list[Place]]]:
    """Yield each student with a place for each assignment, in the order of both; students come by id.

    There are as many queries for a hundred students as for a hundred thousand.
    """
    excused, claimed = by_student(records.submissions.excused()), by_student(records.submissions.claimed_handed_in())
    for own in everyones_own(records, students, now):
        spared, said = excused.get(own.student.id, frozenset()), claimed.get(own.student.id, frozenset())
        yield own.student, places(own, assignments, spared, said, now)


def places(
    own: Own, assignments: Sequence[Assignment], excused: frozenset[str], claimed: frozenset[str], now: datetime
) -> list[Place]:
    """Return a student's place for each assignment, of which some are excused, or said to be handed in."""
    known = Known(own.student, own.arranged, own.granted, excused)
    theirs = _by_assignment(own.submitted)
    return [_place(known, each, theirs.get(each.id, ()), claimed, now) for each in assignments]


def _place(
    known: Known, assignment: Assignment, submissions: Sequence[Submission], claimed: frozenset[str], now: datetime
) -> Place:
    case = known.case(assignment, submissions, now)
    return Place(case, standing_of(assignment, case, known.arranged, claimed, now))


def _by_assignment(submissions: Sequence[Submission]) -> Mapping[str, list[Submission]]:
    found: defaultdict[str, list[Submission]] = defaultdict(list)
    for submission in submissions:
        found[submission.assignment_id].append(submission)
    return found
