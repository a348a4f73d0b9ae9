"""Where a student stands towards graduating: each piece of required work, and what is still needed of it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from cohort.assignments import Assignment
from cohort.extensions import Case
from cohort.own_work import Arrangements
from cohort.submissions import has_passed


class Mark(StrEnum):
    """Where one piece of work stands."""

    PASSED = "passed"
    WAITING = "waiting"
    DUE = "due"
    RETRY = "retry"
    MISSED = "missed"
    DROPPED = "dropped"
    EXCUSED = "excused"


# What waits for the student.
TO_DO: Final = frozenset({Mark.DUE, Mark.RETRY, Mark.MISSED})


@dataclass(frozen=True, slots=True)
class Standing:
    """One piece of work of one student, as they owe it. `due_at` is their own due time, where there is one.

    `is_open` says whether it can still come to a pass: it can be handed in, or waits for its grade. What is not
    `needed` is optional work that they chose, and stands in nobody's way.
    """

    assignment: Assignment
    mark: Mark
    is_open: bool
    due_at: datetime | None = None
    needed: bool = True


class Outlook(StrEnum):
    """What can be said about graduating."""

    DONE = "done"
    ON_COURSE = "on_course"
    SOME = "some"
    TAKE_BACK = "take_back"
    OUT_OF_REACH = "out_of_reach"


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a student needs to graduate: to pass so many of what is `left`, all of `must` among them.

    With TAKE_BACK, `left` holds what was dropped too. Out of reach, it is without one or more of `without` being
    waived, of which `too_many` stand in the way.
    """

    outlook: Outlook
    passes: int = 0
    left: Sequence[Assignment] = ()
    must: Sequence[Assignment] = ()
    without: Sequence[Assignment] = ()
    too_many: int = 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """All of one student's work that counts or was chosen, and how many pieces may be left out."""

    standings: Sequence[Standing]
    drops_allowed: int

    @property
    def counted(self) -> list[Standing]:
        """What is needed to graduate, or would be if it were not waived."""
        return [s for s in self.standings if s.needed]

    @property
    def lost(self) -> list[Standing]:
        """What can't come to a pass any more, dropped or not: each uses up one that may be left out."""
        return [s for s in self.counted if s.mark not in {Mark.PASSED, Mark.EXCUSED} and not s.is_open]

    @property
    def dropped(self) -> list[Standing]:
        """What the student leaves out and could still take back."""
        return [s for s in self.counted if s.mark is Mark.DROPPED and s.is_open]

    @property
    def drops_left(self) -> int:
        """How many more pieces may be left out; negative where too many are lost."""
        return self.drops_allowed - len(self.lost) - len(self.dropped)

    def of(self, assignment_id: str) -> Standing | None:
        """Return where one assignment stands, None where it does not count."""
        return next((s for s in self.standings if s.assignment.id == assignment_id), None)


class NoDrop(StrEnum):
    """Why something can't be left out."""

    NOT_COUNTED = "not_counted"
    UNDROPPABLE = "undroppable"
    USED_UP = "used_up"
    PASSED = "passed"
    EXCUSED = "excused"
    WAITING = "waiting"
    OVER = "over"


def standing_of(
    assignment: Assignment, case: Case, arranged: Arrangements, claimed: Collection[str], now: datetime
) -> Standing | None:
    """Return where an assignment stands for a student, whose case has it as they owe it; None where it does not count.

    What is cancelled does not count, nor what was closed before they joined. `claimed` are the assignments that they
    say are handed in, though the records have nothing: unknown is not missing.
    """
    own, joined_at = case.assignment, case.student.joined_at
    is_needed = arranged.planned(assignment).required
    if own.cancelled or not own.kind.is_handed_in or not (is_needed or own.required):
        return None
    if joined_at is not None and own.hard_due_at <= joined_at and not case.submissions:
        return None
    mark = _mark(case, arranged, own.id in claimed, now)
    is_open = own.is_still_ahead(now) or _waits(case, arranged, own.id in claimed)
    if not is_open and mark in {Mark.DUE, Mark.RETRY}:
        mark = Mark.MISSED
    return Standing(own, mark, is_open, _own_due(case), is_needed)


def _mark(case: Case, arranged: Arrangements, is_claimed: bool, now: datetime) -> Mark:  # noqa: FBT001 - a fact, no switch
    checks = (
        (has_passed(case.assignment, case.submissions), Mark.PASSED),
        (case.is_excused, Mark.EXCUSED),
        (case.is_dropped, Mark.DROPPED),
        (_waits(case, arranged, is_claimed), Mark.WAITING),
        (_tries_again(case, arranged, now), Mark.RETRY),
        (_is_overdue(case, now), Mark.MISSED),
    )
    return next((mark for holds, mark in checks if holds), Mark.DUE)


def _waits(case: Case, arranged: Arrangements, is_claimed: bool) -> bool:  # noqa: FBT001 - a fact, no switch
    """Say whether anything handed in still has to be graded, now or again, or nobody can say if its score passes."""
    if arranged.waits_for_us(case.assignment.id):
        return True
    tries = [s for s in case.submissions if arranged.counts(s)]
    is_unknown = case.assignment.pass_mark is None
    return (is_claimed and not tries) or any(s.passed is None and (s.score is None or is_unknown) for s in tries)


def _tries_again(case: Case, arranged: Arrangements, now: datetime) -> bool:
    if arranged.retry_of(case.assignment.id) is not None:
        return not _is_overdue(case, now)
    return bool(case.submissions)


def _is_overdue(case: Case, now: datetime) -> bool:
    due_at, joined_at = case.effective_due_at, case.student.joined_at
    return due_at is not None and due_at < now and (joined_at is None or joined_at <= due_at)


def _own_due(case: Case) -> datetime | None:
    """Return the student's own due time; None where it fell before they joined."""
    due_at, joined_at = case.effective_due_at, case.student.joined_at
    if due_at is None or (joined_at is not None and due_at < joined_at):
        return None
    return due_at


def ledger_of(standings: Iterable[Standing | None], drops_allowed: int) -> Ledger:
    """Return a student's ledger, what is due first at the start."""
    found = [standing for standing in standings if standing is not None]
    return Ledger(sorted(found, key=_by_due), drops_allowed)


def still_to_do(ledger: Ledger, now: datetime) -> list[Standing]:
    """Return what can and should still be handed in, now or once it opens: the earliest due time first."""
    found = [s for s in ledger.standings if s.mark in TO_DO and s.assignment.is_still_ahead(now)]
    return sorted(found, key=lambda s: (s.due_at or s.assignment.hard_due_at, s.assignment.slug))


def _by_due(standing: Standing) -> tuple[datetime, str]:
    return standing.assignment.due_at or standing.assignment.hard_due_at, standing.assignment.slug


def forecast(ledger: Ledger) -> Forecast:
    """Return what a student needs to graduate: all that is required, but for what may be left out.

    It holds whatever becomes of what is left, as long as nothing is waived or changed and, but where it says so,
    nothing dropped is taken back.
    """
    lost, dropped = _work(ledger.lost), _work(ledger.dropped)
    left = _work(s for s in ledger.counted if s.is_open and s.mark not in _SETTLED)
    must, never = _undroppable(left), _undroppable(lost)
    over = len(lost) - ledger.drops_allowed
    if never or over > 0:
        without = never if len(never) >= over else lost
        return Forecast(Outlook.OUT_OF_REACH, must=never, without=without, too_many=max(over, len(never)))
    if ledger.drops_left < 0:
        everything = [*left, *dropped]
        return Forecast(Outlook.TAKE_BACK, len(everything) + over, everything, must)
    passes = max(len(left) - ledger.drops_left, len(must), 0)
    return Forecast(_outlook(ledger, passes), passes, left, must)


_SETTLED = frozenset({Mark.PASSED, Mark.EXCUSED, Mark.DROPPED})


def _outlook(ledger: Ledger, passes: int) -> Outlook:
    if passes == 0:
        return Outlook.DONE
    is_behind = any(s.mark in {Mark.MISSED, Mark.RETRY} for s in ledger.counted)
    return Outlook.SOME if is_behind or ledger.dropped else Outlook.ON_COURSE


def _work(standings: Iterable[Standing]) -> list[Assignment]:
    return [standing.assignment for standing in standings]


def _undroppable(work: Iterable[Assignment]) -> list[Assignment]:
    return [assignment for assignment in work if not assignment.droppable]


def why_not_dropped(standing: Standing | None, ledger: Ledger, closes_at: datetime, now: datetime) -> NoDrop | None:
    """Return why a student can't leave something out, or None where they can; what is left out already, they can."""
    if standing is None or not standing.needed:
        return NoDrop.NOT_COUNTED
    uses_another = standing.is_open and standing.mark is not Mark.DROPPED
    checks = (
        (now >= closes_at, NoDrop.OVER),
        (standing.mark is Mark.PASSED, NoDrop.PASSED),
        (standing.mark is Mark.EXCUSED, NoDrop.EXCUSED),
        (not standing.assignment.droppable, NoDrop.UNDROPPABLE),
        (standing.mark is Mark.WAITING, NoDrop.WAITING),
        (uses_another and ledger.drops_left < 1, NoDrop.USED_UP),
    )
    return next((why for holds, why in checks if holds), None)
