"""What is handed in, and whether it is taken: as a new attempt, in the place of what waits, or not at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment, Kind
from cohort.extensions import Case
from cohort.policy import GradingPolicy, HandInPolicy
from cohort.times import add_days


class HandInState(StrEnum):
    """Where something handed in stands on its way to a grade."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    IN_REVIEW = "in_review"
    GRADED = "graded"

    @property
    def is_graded(self) -> bool:
        """Whether a grade was given."""
        return self is HandInState.GRADED


@dataclass(frozen=True, slots=True)
class HandIn:
    """One thing handed in, by one student or by several together; each of them has a `Submission` of it.

    `due_at` is the own due time it was handed in for, the latest of the partners'. `ready_at` is the later of that
    and of when it came, from which the time to grade it counts. `tools` are those the student named.
    """

    id: str
    assignment_id: str
    by_id: str
    submitted_at: datetime
    ready_at: datetime
    grade_by_at: datetime
    due_at: datetime | None = None
    is_part: bool = False
    is_retry: bool = False
    hours: float | None = None
    tools: str = ""
    state: HandInState = HandInState.WAITING
    owner_id: str | None = None
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    claim_expires_at: datetime | None = None

    @property
    def is_replaceable(self) -> bool:
        """Whether a newer version may take its place: nobody is reading it who the student may know of."""
        return self.state in {HandInState.WAITING, HandInState.IN_REVIEW}

    @property
    def is_late(self) -> bool:
        """Whether it came after the student's own due time."""
        return self.due_at is not None and self.submitted_at > self.due_at


@dataclass(frozen=True, slots=True)
class File:
    """A file as Slack knows it, and the SHA-256 of its bytes once they were read, in hexadecimal."""

    id: str
    name: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of what was handed in; every one stays. `content` is by field: link, text, summary and so on."""

    hand_in_id: str
    number: int
    submitted_at: datetime
    content: Mapping[str, str]
    file: File | None = None


LINK, TEXT, FILE = "link", "text", "file"
SUMMARY, STRENGTH, WEAKNESS = "summary", "strength", "weakness"

ANY_OF = (LINK, TEXT, FILE)
ALL_OF = (SUMMARY, STRENGTH, WEAKNESS)


def fields_of(kind: Kind) -> tuple[str, ...]:
    """Return the fields in which a kind of work is handed in: of a paper reading all, of the rest at least one."""
    return ALL_OF if kind is Kind.PAPER_READING else ANY_OF


@dataclass(frozen=True, slots=True)
class HandInWork:
    """What a student hands in: the fields they filled, with whom and with what help. Partners are Slack or member ids.

    `hours` is how long it took them, if they say. `kept_file` names the file of an earlier version that still belongs
    to it, where no other is given.
    """

    assignment_id: str
    content: Mapping[str, str]
    file: File | None = None
    kept_file: str = ""
    partners: tuple[str, ...] = ()
    tools: str = ""
    hours: float | None = None
    is_part: bool = False


class Why(StrEnum):
    """Why something is not taken."""

    CANCELLED = "cancelled"
    NOT_HANDED_IN = "not_handed_in"
    EXCUSED = "excused"
    PASSED = "passed"
    NOT_OPEN = "not_open"
    CLOSED = "closed"
    LATE = "late"
    NOT_CHOSEN = "not_chosen"
    CLAIMED = "claimed"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Refused:
    """It is not taken, and why."""

    why: Why


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """It is taken as an attempt of its own."""

    is_retry: bool = False


@dataclass(frozen=True, slots=True)
class NewVersion:
    """It is taken in the place of what waits already."""

    of: HandIn


Taking = NewAttempt | NewVersion | Refused


@dataclass(frozen=True, slots=True)
class Side:
    """One student's side of an assignment they hand in, with the assignment in `case` as they owe it.

    `last` is what they handed in before, if it was handed in here; `is_known` says whether they know what became of
    that. `is_chosen` is False for work that is optional for them and that they did not take on, `is_dropped` True for
    work they leave out, and `tries_again` where a date of its own was opened for them.
    """

    case: Case
    last: HandIn | None = None
    is_known: bool = False
    is_optional: bool = False
    is_chosen: bool = True
    is_dropped: bool = False
    tries_again: bool = False

    @property
    def assignment(self) -> Assignment:
        """The assignment as this student owes it."""
        return self.case.assignment

    @property
    def replaceable(self) -> HandIn | None:
        """What they handed in before, if a newer version would take its place."""
        return None if self.last is None or self.is_known or not self.last.is_replaceable else self.last


def take(side: Side, due_at: datetime | None, policy: HandInPolicy, now: datetime) -> Taking:
    """Decide whether something is taken now that is due at an instant, which is the latest of the partners' own."""
    why = why_closed(side, now) or _why_late(due_at, policy, now) or _why_settled(side)
    if why is not None:
        return Refused(why)
    if not side.is_chosen:
        return Refused(Why.NOT_CHOSEN)
    before = side.replaceable
    return NewAttempt(side.tries_again) if before is None else NewVersion(before)


def why_closed(side: Side, now: datetime) -> Why | None:
    """Return why nothing can be handed in by a student now, whatever they handed in before."""
    assignment = side.assignment
    checks = (
        (assignment.cancelled, Why.CANCELLED),
        (not assignment.kind.is_handed_in, Why.NOT_HANDED_IN),
        (side.case.is_excused, Why.EXCUSED),
        (side.case.is_settled, Why.PASSED),
        (assignment.opens_at is not None and now < assignment.opens_at, Why.NOT_OPEN),
        (now >= assignment.hard_due_at, Why.CLOSED),
    )
    return next((why for holds, why in checks if holds), None)


def _why_late(due_at: datetime | None, policy: HandInPolicy, now: datetime) -> Why | None:
    is_refused = policy.late == "refused" and due_at is not None and now > due_at
    return Why.LATE if is_refused else None


def _why_settled(side: Side) -> Why | None:
    """Return why what was handed in before stands in the way: it is being read, or read and not told of yet."""
    last = side.last
    if last is None or last.is_replaceable or side.is_known:
        return None
    if last.state is HandInState.CLAIMED:
        return None if last.is_part else Why.CLAIMED
    return Why.HELD


def may_join(side: Side, shared: HandIn | None, now: datetime) -> bool:
    """Say whether a student can be named by someone who hands in: they have a part in what is shared already, or it
    is theirs to hand in and nothing of their own waits for a grade.
    """
    own = side.last
    if own is not None and shared is not None and own.id == shared.id:
        return True
    is_theirs = side.case.student.is_active(now) and side.is_chosen and not side.is_dropped
    return is_theirs and why_closed(side, now) is None and (own is None or side.is_known)


def latest_due(sides: Iterable[Side]) -> datetime | None:
    """Return the latest of some students' own due times; None where none of them has one."""
    return max((due for side in sides if (due := side.case.effective_due_at) is not None), default=None)


def ready_at(due_at: datetime | None, now: datetime) -> datetime:
    """Return from when on the time to grade it counts: from when it came, or from its due time if that is later."""
    return max(due_at or now, now)


def grade_by(ready: datetime, policy: GradingPolicy, tz: ZoneInfo, *, is_retry: bool) -> datetime:
    """Return until when something is to be graded, in calendar days of the programme's zone."""
    return add_days(ready, policy.retry_within_days if is_retry else policy.grade_within_days, tz)
