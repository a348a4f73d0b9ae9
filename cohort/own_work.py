"""An assignment as one student owes it: by their track, and when they try again, with a due time of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from cohort.assignments import Assignment
from cohort.extensions import Extension


class RetryReason(StrEnum):
    """Why something is to be handed in once more."""

    NOT_YET = "not_yet"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Retry:
    """A date of its own to hand in again, or the rest of what was handed in as a part.

    `until_at` is the last moment, which is the programme's and not the assignment's.
    """

    id: str
    student_id: str
    assignment_id: str
    hand_in_id: str
    reason: RetryReason
    opened_at: datetime
    due_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class TrackItem:
    """What a track says of an assignment: whether it is required, and a due time where it has one of its own."""

    track: str
    assignment_id: str
    required: bool
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Arrangements:
    """What is arranged for one student beyond what holds for all; retries are by assignment, the latest of each."""

    track: Sequence[TrackItem] = ()
    retries: Sequence[Retry] = ()
    chosen: frozenset[str] = field(default_factory=frozenset)
    dropped: frozenset[str] = field(default_factory=frozenset)

    def retry_of(self, assignment_id: str) -> Retry | None:
        """Return the latest date to hand an assignment in again, if one was ever opened."""
        theirs = [retry for retry in self.retries if retry.assignment_id == assignment_id]
        return max(theirs, key=lambda retry: retry.opened_at, default=None)

    def owed(self, assignment: Assignment) -> Assignment:
        """Return an assignment with the due time, the last moment and the requirement that hold for this student.

        Optional work counts as required for those who chose it, and nothing does that was dropped.
        """
        own = _by_track(assignment, self.track)
        retry = self.retry_of(assignment.id)
        if retry is not None:
            own = replace(own, due_at=retry.due_at, hard_due_at=retry.until_at, opens_at=None)
        is_required = (own.required or assignment.id in self.chosen) and assignment.id not in self.dropped
        return replace(own, required=is_required)

    def granted(self, assignment: Assignment, extensions: Iterable[Extension]) -> list[Extension]:
        """Return the extensions of what is owed now: those for an earlier try are over."""
        retry = self.retry_of(assignment.id)
        since = retry.opened_at if retry else None
        own = [e for e in extensions if e.assignment_id == assignment.id]
        return [e for e in own if since is None or e.granted_at >= since]


def _by_track(assignment: Assignment, track: Sequence[TrackItem]) -> Assignment:
    """Return an assignment as a track has it; on a track, work that it does not name is optional."""
    if not track:
        return assignment
    item = next((item for item in track if item.assignment_id == assignment.id), None)
    if item is None:
        return replace(assignment, required=False)
    due_at = item.due_at or assignment.due_at
    hard_due_at = max(assignment.hard_due_at, due_at) if due_at else assignment.hard_due_at
    return replace(assignment, required=item.required, due_at=due_at, hard_due_at=hard_due_at)
