"""Work handed in: attempts and their scores."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cohort.assignments import Assignment


@dataclass(frozen=True, slots=True)
class Submission:
    """One attempt at an assignment; `score` is None until it is graded."""

    id: str
    assignment_id: str
    student_id: str
    attempt: int
    submitted_at: datetime
    score: float | None = None


def has_passed(assignment: Assignment, submissions: Iterable[Submission]) -> bool:
    """Say whether any graded attempt at the assignment reached its pass mark."""
    if assignment.pass_mark is None:
        return False
    scores = [s.score for s in submissions if s.assignment_id == assignment.id and s.score is not None]
    return any(score >= assignment.pass_mark for score in scores)
