"""Whom to write to unasked, and what to offer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cohort.assignments import Assignment
from cohort.extensions import Extension, effective_due_at
from cohort.own_work import Arrangements
from cohort.roster import Member


class OfferState(StrEnum):
    """What became of an offer."""

    OPEN = "open"
    TAKEN = "taken"
    REPLACED = "replaced"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Offer:
    """Some days more for one assignment, to be had with one press until it lapses."""

    id: str
    student_id: str
    assignment_id: str
    nudge_id: str
    days: int
    state: OfferState
    lapses_at: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """One student's side of the cohort's work, as it was known at an instant.

    `handed_in` and `extensions` are of what is owed now, not of an earlier try. `quiet` holds the assignments about
    which nothing is said: excused, waiting for our answer, or said to be handed in. `waiting` are those of them that
    wait for our answer, where that was looked up.
    """

    student: Member
    handed_in: frozenset[str]
    quiet: frozenset[str]
    extensions: Sequence[Extension] = ()
    waiting: frozenset[str] = frozenset()
    arranged: Arrangements = field(default_factory=Arrangements)

    def owed(self, assignment: Assignment) -> Assignment:
        """Return an assignment as this student owes it."""
        return self.arranged.owed(assignment)

    def own_due_at(self, assignment: Assignment) -> datetime | None:
        """Return the student's own due time of an assignment, if there is one."""
        own = [extension for extension in self.extensions if extension.assignment_id == assignment.id]
        return effective_due_at(self.owed(assignment), own)


def missed(work: Work, assignments: Iterable[Assignment], now: datetime) -> list[Assignment]:
    """Return the required work whose own due time has passed with nothing handed in, as it is owed, oldest first.

    Unknown is not missing: work without a due time, or due before the student joined, counts for nothing, and
    so does what nobody can hand in any more.
    """
    if not work.student.is_active(now):
        return []
    spared = work.handed_in | work.quiet
    left = [work.owed(a) for a in assignments if a.id not in spared]
    late = [(due, a) for a in could_be_missed(left, now) if (due := work.own_due_at(a)) is not None and due < now]
    joined = work.student.joined_at
    return [a for due, a in sorted(late, key=_by_due) if joined is None or joined <= due]


def could_be_missed(assignments: Iterable[Assignment], now: datetime) -> list[Assignment]:
    """Return the required work that is past its due time and can still be handed in."""
    return [a for a in assignments if a.required and a.due_at is not None and a.due_at < now and a.is_open(now)]


def _by_due(pair: tuple[datetime, Assignment]) -> tuple[datetime, str]:
    return pair[0], pair[1].slug
