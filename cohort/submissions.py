"""Work handed in: attempts and what became of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cohort.assignments import Assignment


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's attempt at an assignment.

    `score` and `passed` are None until the student may know them; `passed` alone is None where only a score is
    known, as for imported work. `hand_in_id` names what was handed in, which partners share; empty for what was
    handed in elsewhere.
    """

    id: str
    assignment_id: str
    student_id: str
    attempt: int
    submitted_at: datetime
    score: float | None = None
    passed: bool | None = None
    hand_in_id: str = ""

    @property
    def is_graded(self) -> bool:
        """Whether the student may know what became of it."""
        return self.score is not None or self.passed is not None

    def passes(self, assignment: Assignment) -> bool:
        """Say whether this attempt passed: as a grader said, or else by its score and the pass mark."""
        if self.passed is not None:
            return self.passed
        mark = assignment.pass_mark
        return self.score is not None and mark is not None and self.score >= mark


def has_passed(assignment: Assignment, submissions: Iterable[Submission]) -> bool:
    """Say whether any attempt at the assignment passed."""
    return any(s.assignment_id == assignment.id and s.passes(assignment) for s in submissions)
