"""Questions about grades: who answers them, and what an answer may change."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cohort.grading import DAY_AHEAD, Grade, Verdict
from cohort.roster import Member, Role


class RegradeState(StrEnum):
    """Where a question stands: with the grader, answered, with somebody else, or settled for good."""

    ASKED = "asked"
    ANSWERED = "answered"
    SECOND_LOOK = "second_look"
    SETTLED = "settled"

    @property
    def is_open(self) -> bool:
        """Whether somebody owes an answer."""
        return self in {RegradeState.ASKED, RegradeState.SECOND_LOOK}


@dataclass(frozen=True, slots=True)
class Regrade:
    """A student's question about a grade; `with_id` is who answers or answered it, `answer` what they last said."""

    id: str
    grade_id: str
    student_id: str
    question: str
    asked_at: datetime
    with_id: str
    state: RegradeState = RegradeState.ASKED
    answer: str = ""
    answered_at: datetime | None = None
    changed: bool = False


def is_old(regrade: Regrade, now: datetime) -> bool:
    """Say whether an open question has waited for a day, since it was asked or last answered."""
    return regrade.state.is_open and now - (regrade.answered_at or regrade.asked_at) >= DAY_AHEAD


def is_dropped(regrade: Regrade) -> bool:
    """Say whether a question was closed with nobody's answer, as when the student left; it can be asked anew."""
    return regrade.state is RegradeState.SETTLED and regrade.answered_at is None


def answered(state: RegradeState) -> RegradeState:
    """Return where a question stands once it is answered: the second answer settles it."""
    return RegradeState.ANSWERED if state is RegradeState.ASKED else RegradeState.SETTLED


def takes_a_pass_away(before: Grade, verdict: Verdict) -> bool:
    """Say whether an answer would turn a pass into something else, which no question ever does."""
    return before.verdict is Verdict.PASSED and verdict is not Verdict.PASSED


def who_answers(
    first: Sequence[str],
    staff: Sequence[Member],
    never: Collection[str],
    load: Mapping[str, int],
) -> Member | None:
    """Return who answers a question, of the staff that is there: one of `first`, another TA, or an organizer.

    Among equals it is whoever has least to grade. `never` are those in conflict, and whoever answered before.
    """
    may = [member for member in staff if member.id not in never]
    return min(may, key=lambda m: (_rank(m, first), load.get(m.id, 0), m.id), default=None)


def _rank(member: Member, first: Sequence[str]) -> int:
    if member.id in first:
        return 0
    return 1 if member.role is Role.TA else 2
