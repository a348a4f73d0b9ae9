"""An assignment as one student owes it: by their track, and when they try again, with a due time of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from cohort.assignments import Assignment
from cohort.extensions import Extension
from cohort.submissions import Submission


class RetryReason(StrEnum):
    """Why something is to be handed in once more."""

    NOT_YET = "not_yet"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Retry:
    """A date of its own to hand in again, or the rest of what was handed in as a part.

    `until_at` is the last moment, which is the programme's and not the assignment's. `attempt` is the student's own
    number of what is tried again; a later one may have been handed in elsewhere before this was opened.
    `waits_for_us` while what was handed in is back in the queue, since the fail may have been our mistake.
    """

    id: str
    student_id: str
    assignment_id: str
    hand_in_id: str
    reason: RetryReason
    opened_at: datetime
    due_at: datetime
    until_at: datetime
    waits_for_us: bool = False
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class TrackItem:
    """What a track says of an assignment: whether it is required, and a due time where it has one of its own."""

    track: str
    assignment_id: str
    required: bool
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Arrangements:
    """What is arranged for one student beyond what holds for all; `track` is by assignment id."""

    track: Mapping[str, TrackItem] = field(default_factory=dict)
    retries: Sequence[Retry] = ()
    chosen: frozenset[str] = field(default_factory=frozenset)
    dropped: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_empty(self) -> bool:
        """Whether for this student everything is as for all."""
        return not (self.track or self.retries or self.chosen or self.dropped)

    def retry_of(self, assignment_id: str) -> Retry | None:
        """Return the latest date to hand an assignment in again, if one was ever opened."""
        theirs = [retry for retry in self.retries if retry.assignment_id == assignment_id]
        return max(theirs, key=lambda retry: retry.opened_at, default=None)

    def waits_for_us(self, assignment_id: str) -> bool:
        """Say whether we look again at what has to be done once more, so that it need not be done meanwhile."""
        return any(retry.waits_for_us for retry in self.retries if retry.assignment_id == assignment_id)

    def planned(self, assignment: Assignment) -> Assignment:
        """Return an assignment as the student's track has it, whatever became of it since."""
        return _by_track(assignment, self.track)

    def has_dropped(self, assignment: Assignment) -> bool:
        """Say whether the student leaves it out; what can't be left out never is."""
        return assignment.id in self.dropped and assignment.droppable

    def owed(self, assignment: Assignment) -> Assignment:
        """Return an assignment with the due time, the last moment and the requirement that hold for this student.

        Optional work counts as required for those who chose it, and nothing does that was dropped. What is owed
        comes out of this unchanged.
        """
        if self.is_empty:
            return assignment
        own = self.planned(assignment)
        retry = self.retry_of(assignment.id)
        if retry is not None:
            own = replace(own, due_at=retry.due_at, hard_due_at=retry.until_at, opens_at=None)
        is_required = (own.required or assignment.id in self.chosen) and not self.has_dropped(assignment)
        return replace(own, required=is_required)

    def handed_in(self, submissions: Iterable[Submission]) -> frozenset[str]:
        """Return the ids of the assignments that are handed in as they are owed now.

        What is to be handed in once more is not, until that was done, or what was handed in before passed after all.
        """
        if not self.retries:
            return frozenset(s.assignment_id for s in submissions)
        return frozenset(s.assignment_id for s in submissions if self.counts(s))

    def counts(self, submission: Submission) -> bool:
        """Say whether an attempt is one at what is owed now, and not what has to be done again."""
        retry = self.retry_of(submission.assignment_id)
        if retry is None or submission.passed or self.waits_for_us(submission.assignment_id):
            return True
        is_later = submission.submitted_at > retry.opened_at or submission.attempt > retry.attempt
        return is_later and submission.hand_in_id != retry.hand_in_id

    def granted(self, assignment: Assignment, extensions: Iterable[Extension]) -> list[Extension]:
        """Return the extensions of what is owed now: those for an earlier try are over."""
        return self.granted_now(e for e in extensions if e.assignment_id == assignment.id)

    def granted_now(self, extensions: Iterable[Extension]) -> list[Extension]:
        """Return those of many extensions that are for what is owed now."""
        if not self.retries:
            return list(extensions)
        opened = {a: r.opened_at for a in {r.assignment_id for r in self.retries} if (r := self.retry_of(a))}
        return [e for e in extensions if e.assignment_id not in opened or e.granted_at >= opened[e.assignment_id]]


def _by_track(assignment: Assignment, track: Mapping[str, TrackItem]) -> Assignment:
    """Return an assignment as a track has it; on a track, work that it does not name is optional."""
    if not track:
        return assignment
    item = track.get(assignment.id)
    if item is None:
        return replace(assignment, required=False)
    due_at = item.due_at or assignment.due_at
    hard_due_at = max(assignment.hard_due_at, due_at) if due_at else assignment.hard_due_at
    return replace(assignment, required=item.required, due_at=due_at, hard_due_at=hard_due_at)
