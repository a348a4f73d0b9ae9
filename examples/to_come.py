"""What the students of the example will do in the weeks to come, so that a demonstration can let time pass."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from examples.writing import Assignment, Coming, Member, Submission

ON_TIME = 0.8
LATE = 0.15
FAILED = 0.06


@dataclass(frozen=True, slots=True)
class Rest:
    """A student, the work not handed in yet, and what was handed in and has no grade."""

    student: Member
    ahead: Sequence[Assignment]
    ungraded: Sequence[Submission]


def to_come(rest: Rest, now: datetime, seed: str) -> Iterator[Coming]:
    """Yield what a student hands in from now on and the grades for it, the same for a seed. Instants are in UTC.

    `due_at` of the work ahead is an instant too.
    """
    dice = random.Random(f"{seed} {rest.student.email}")
    for submission in rest.ungraded:
        yield _graded(dice, submission, now)
    for assignment in rest.ahead:
        if assignment.due_at is None:
            continue
        luck = dice.random()
        early = assignment.due_at - timedelta(minutes=dice.randrange(5, 60 * 60))
        at = early if luck < ON_TIME else assignment.due_at + timedelta(minutes=dice.randrange(10, 72 * 60))
        if luck < ON_TIME + LATE:
            first = Submission(email=rest.student.email, assignment=assignment.slug, submitted_at=max(at, now))
            yield _coming(first.submitted_at, first)
            yield _graded(dice, first, now)


def _graded(dice: random.Random, submission: Submission, now: datetime) -> Coming:
    score = dice.randrange(20, 50) if dice.random() < FAILED else round(dice.triangular(50, 100, 80))
    at = max(submission.submitted_at + timedelta(minutes=dice.randrange(24 * 60, 6 * 24 * 60)), now)
    return _coming(at, replace(submission, score=score))


def _coming(at: datetime, row: Submission) -> Coming:
    return Coming(
        at=at,
        email=row.email,
        assignment=row.assignment,
        attempt=row.attempt,
        submitted_at=row.submitted_at,
        score=row.score,
    )
