"""Whom to write to unasked, and what to offer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cohort.assignments import Assignment
from cohort.extensions import Extension, effective_due_at
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

    `quiet` holds the assignments about which nothing is said: excused, waiting for our answer, or said to be
    handed in. `waiting` are those of them that wait for our answer, where that was looked up.
    """

    student: Member
    handed_in: frozenset[str]
    quiet: frozenset[str]
    extensions: Sequence[Extension] = ()
    waiting: frozenset[str] = frozenset()


def missed(work: Work, assignments: Iterable[Assignment], now: datetime) -> list[Assignment]:
    """Return the required work whose own due time has passed with nothing handed in, oldest first.

    Unknown is not missing: work without a due time, or due before the student joined, counts for nothing, and
    so does what nobody can hand in any more.
    """
    if not work.student.is_active(now):
        return []
    spared = work.handed_in | work.quiet
    owed = [a for a in could_be_missed(assignments, now) if a.id not in spared]
    late = [(due, a) for a in owed if (due := _own_due(work, a)) is not None and due < now]
    joined = work.student.joined_at
    return [a for due, a in sorted(late, key=_by_due) if joined is None or joined <= due]


def could_be_missed(assignments: Iterable[Assignment], now: datetime) -> list[Assignment]:
    """Return the required work that is past its due time and can still be handed in."""
    return [a for a in assignments if a.required and a.due_at is not None and a.due_at < now and a.is_open(now)]


def _own_due(work: Work, assignment: Assignment) -> datetime | None:
    own = [extension for extension in work.extensions if extension.assignment_id == assignment.id]
    return effective_due_at(assignment, own)


def _by_due(pair: tuple[datetime, Assignment]) -> tuple[datetime, str]:
    return pair[0], pair[1].slug
