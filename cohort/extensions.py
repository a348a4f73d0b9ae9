"""More time for an assignment: what is granted without asking anyone, by whom else, and what it changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.errors import AlreadySettled, DateNotLater, DatePassed, DateTooLate
from cohort.policy import ExtensionPolicy, ExtensionRules
from cohort.roster import Member
from cohort.submissions import Submission, has_passed
from cohort.times import DAY, add_days, shift, wall_length
from cohort.wishes import Wish

REFUSAL_LEAVES = timedelta(hours=24)
ASKED_AHEAD = timedelta(hours=3)


class Category(StrEnum):
    """Why a student asks, as coarse as it may be."""

    HEALTH = "health"
    FAMILY = "family"
    COMMITMENTS = "commitments"
    WORKLOAD = "workload"
    TECHNICAL = "technical"
    OTHER = "other"


class State(StrEnum):
    """Where a request stands; the first two wait for us."""

    PENDING = "pending"
    TALKING = "talking"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    LAPSED = "lapsed"

    @property
    def is_open(self) -> bool:
        """Whether the request still waits for a person."""
        return self in {State.PENDING, State.TALKING}


class Lapse(StrEnum):
    """Why a request ended without anyone deciding."""

    HANDED_IN = "handed_in"
    CANCELLED = "cancelled"
    GONE = "gone"
    EXCUSED = "excused"
    CLOSED = "closed"
    COVERED = "covered"
    DROPPED = "dropped"


class Origin(StrEnum):
    """How time came to be granted; the first three need nobody's decision."""

    POLICY = "policy"
    GRACE = "grace"
    OFFER = "offer"
    TA = "ta"
    REFUSAL = "refusal"

    @property
    def is_automatic(self) -> bool:
        """Whether it counts towards the limit of what is granted without asking."""
        return self in {Origin.POLICY, Origin.GRACE, Origin.OFFER}


class Why(StrEnum):
    """Why an outcome is what it is."""

    LATE = "late"
    LONG = "long"
    TALK = "talk"
    PASSED = "passed"
    EXCUSED = "excused"
    NO_DUE_TIME = "no_due_time"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    NOT_HANDED_IN = "not_handed_in"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class RequestExtension:
    """What a student asks for; without a wish they would rather talk to someone."""

    assignment_id: str
    wish: Wish | None
    category: Category | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """Time granted. `length` is wall-clock time after the due time as it was then."""

    id: str
    student_id: str
    assignment_id: str
    until_at: datetime
    length: timedelta
    origin: Origin
    granted_at: datetime
    granted_by: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class ExtensionRequest:
    """A request and what became of it. Category and note are for those who decide, and nobody else."""

    id: str
    student_id: str
    assignment_id: str
    state: State
    asked_at: datetime
    review_by_at: datetime
    until_at: datetime | None = None
    why: Why | None = None
    category: Category | None = None
    note: str = ""
    decided_at: datetime | None = None
    decided_by: str | None = None
    granted_until_at: datetime | None = None
    decline_reason: str = ""
    lapse: Lapse | None = None
    told_at: datetime | None = None
    reminded: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """All that is known about one student and one assignment when time is asked for."""

    assignment: Assignment
    student: Member
    extensions: Sequence[Extension] = ()
    submissions: Sequence[Submission] = ()
    automatic_grants: int = 0
    is_excused: bool = False
    is_dropped: bool = False

    @property
    def effective_due_at(self) -> datetime | None:
        """The student's own due time."""
        return effective_due_at(self.assignment, self.extensions)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is owed any more: passed, excused or cancelled."""
        return self.assignment.cancelled or self.is_excused or has_passed(self.assignment, self.submissions)

    @property
    def had_offer(self) -> bool:
        """Whether the short extension of the grace days was already given for this assignment."""
        return any(extension.origin in {Origin.GRACE, Origin.OFFER} for extension in self.extensions)


@dataclass(frozen=True, slots=True)
class Granted:
    """Granted at once; past the limit of automatic grants it is one day, and a talk is offered."""

    until_at: datetime
    origin: Origin
    is_clipped: bool = False
    offers_talk: bool = False


@dataclass(frozen=True, slots=True)
class NeedsReview:
    """Goes to a TA; without a date it is a wish to talk."""

    until_at: datetime | None
    why: Why
    is_clipped: bool = False


@dataclass(frozen=True, slots=True)
class AlreadyCovered:
    """What was asked for is not later than what the student already has."""

    effective_due_at: datetime
    is_hard_end: bool


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """Nothing is due: passed, excused or without a due time."""

    why: Why


@dataclass(frozen=True, slots=True)
class Refused:
    """No TA could grant it either."""

    why: Why


Outcome = Granted | NeedsReview | AlreadyCovered | NotNeeded | Refused


def effective_due_at(assignment: Assignment, extensions: Iterable[Extension]) -> datetime | None:
    """Return the later of due_at and the longest extension, never after hard_due_at."""
    if assignment.due_at is None:
        return None
    latest = max((e.until_at for e in extensions), default=assignment.due_at)
    return min(max(assignment.due_at, latest), assignment.hard_due_at)


def decide(until_at: datetime | None, case: Case, policy: ExtensionPolicy, now: datetime, tz: ZoneInfo) -> Outcome:
    """Grant, send to a TA, or refuse; never refuses what a TA could still grant.

    `until_at` None means a talk; `tz` is the programme's zone. Raises DatePassed for a date before now that
    lies after the student's own due time.
    """
    settled = _settled(case, now)
    if settled is not None:
        return settled
    if until_at is None:
        return NeedsReview(None, Why.TALK)
    due, hard = _due(case), case.assignment.hard_due_at
    until = min(until_at, hard)
    if until <= due:
        return AlreadyCovered(due, is_hard_end=due == hard)
    if until <= now:
        raise DatePassed(until)
    return _weigh(until, case, policy, now, tz, is_clipped=until < until_at)


def _settled(case: Case, now: datetime) -> NotNeeded | Refused | None:
    """Return the outcome where no time needs to be granted, or none can be."""
    assignment = case.assignment
    checks: tuple[tuple[bool, NotNeeded | Refused], ...] = (
        (assignment.cancelled, Refused(Why.CANCELLED)),
        (not assignment.kind.is_handed_in, NotNeeded(Why.NOT_HANDED_IN)),
        (case.is_excused, NotNeeded(Why.EXCUSED)),
        (has_passed(assignment, case.submissions), NotNeeded(Why.PASSED)),
        (case.is_dropped, NotNeeded(Why.DROPPED)),
        (now >= assignment.hard_due_at, Refused(Why.CLOSED)),
        (assignment.due_at is None, NotNeeded(Why.NO_DUE_TIME)),
    )
    return next((outcome for holds, outcome in checks if holds), None)


def _due(case: Case) -> datetime:
    """Return the student's own due time of an assignment that has one."""
    return case.effective_due_at or case.assignment.hard_due_at


def _weigh(
    until: datetime, case: Case, policy: ExtensionPolicy, now: datetime, tz: ZoneInfo, *, is_clipped: bool
) -> Granted | NeedsReview:
    """Grant at once what policy allows, and hand everything else to a TA."""
    rules = policy.rules_for(case.assignment.kind)
    due = _due(case)
    if now > add_days(due, rules.grace_days, tz):
        return NeedsReview(until, Why.LATE, is_clipped)
    usual = _usual_end(case, rules, tz)
    if until > max(usual, _grace_end(case, rules, now, tz)):
        return NeedsReview(until, Why.LONG, is_clipped)
    origin = Origin.POLICY if until <= usual else Origin.GRACE
    if not _is_past_limit(case, rules):
        return Granted(until, origin, is_clipped)
    one_day = add_days(max(due, now), 1, tz)
    return Granted(min(until, one_day), origin, is_clipped, offers_talk=True)


def _usual_end(case: Case, rules: ExtensionRules, tz: ZoneInfo) -> datetime:
    """Return how far past the original due time is granted; an accommodation may lengthen it.

    It lengthens nothing where nothing is granted without a person: what is arranged for an exam, a TA arranges.
    """
    days = max(rules.auto_approve_days, case.student.accommodation_days) if rules.auto_approve_days else 0
    return add_days(case.assignment.due_at or case.assignment.hard_due_at, days, tz)


def _grace_end(case: Case, rules: ExtensionRules, now: datetime, tz: ZoneInfo) -> datetime:
    """Return how far a short extension reaches in the grace days, once an assignment.

    It is what the nudge would offer to someone who stays silent, so that asking is never slower than silence.
    """
    due = _due(case)
    if now <= due or case.had_offer:
        return due
    return add_days(now, rules.offer_days, tz)


def _is_past_limit(case: Case, rules: ExtensionRules) -> bool:
    limit = rules.auto_approved_limit
    return limit is not None and case.automatic_grants >= limit


def offered_days(case: Case, policy: ExtensionPolicy, now: datetime) -> int:
    """Return how many days to offer someone who missed this assignment; 0 for none."""
    rules = policy.rules_for(case.assignment.kind)
    if case.had_offer or case.is_settled or case.is_dropped or now >= case.assignment.hard_due_at:
        return 0
    return min(rules.offer_days, 1) if _is_past_limit(case, rules) else rules.offer_days


def offered_until(days: int, case: Case, now: datetime, tz: ZoneInfo) -> datetime:
    """Return until when an offer reaches if it is taken now."""
    return min(add_days(max(_due(case), now), days, tz), case.assignment.hard_due_at)


def check_grant(until_at: datetime, case: Case, now: datetime) -> None:
    """Refuse what a TA can't grant: raises AlreadySettled, DatePassed, DateTooLate or DateNotLater."""
    settled = _settled(case, now)
    if settled is not None and settled.why is not Why.CLOSED:
        raise AlreadySettled(settled.why.value)
    if until_at <= now:
        raise DatePassed(until_at)
    if until_at > case.assignment.hard_due_at:
        raise DateTooLate(case.assignment.hard_due_at)
    if until_at <= _due(case):
        raise DateNotLater(_due(case))


def length_of(until_at: datetime, assignment: Assignment, tz: ZoneInfo) -> timedelta:
    """Return the wall-clock time an extension adds to the due time, never negative."""
    return max(timedelta(0), wall_length(assignment.due_at or until_at, until_at, tz))


def review_by(due_at: datetime, hard_due_at: datetime, now: datetime, policy: ExtensionPolicy) -> datetime:
    """Return until when a person should have answered: within the hours of policy, and before the due time
    where it was asked three hours ahead. In any case there is as much time left to work as there was to answer.
    """
    by = now + timedelta(hours=policy.review_within_hours)
    by = min(by, now + max(hard_due_at - now, timedelta(0)) / 2)
    return min(by, due_at) if due_at - now >= ASKED_AHEAD else by


def refusal_floor(case: Case, told_at: datetime) -> datetime | None:
    """Return the due time a refusal leaves: 24 hours from when it is told; None where more is left anyway."""
    floor = min(told_at + REFUSAL_LEAVES, case.assignment.hard_due_at)
    return floor if floor > _due(case) else None


def moved_until(extension: Extension, due_at: datetime, hard_due_at: datetime, tz: ZoneInfo) -> datetime:
    """Return where an extension ends after its assignment's due time moved: nobody loses a day."""
    return min(hard_due_at, max(extension.until_at, shift(due_at, extension.length, tz)))


def lapse_reason(case: Case, request: ExtensionRequest, now: datetime) -> Lapse | None:
    """Return why an open request has nothing left to decide, or None while it has."""
    handed_in = any(request.asked_at <= s.submitted_at <= now for s in case.submissions)
    checks = (
        (not case.student.is_active(now), Lapse.GONE),
        (case.assignment.cancelled, Lapse.CANCELLED),
        (case.is_excused, Lapse.EXCUSED),
        (case.is_dropped, Lapse.DROPPED),
        (handed_in or has_passed(case.assignment, case.submissions), Lapse.HANDED_IN),
        (now >= case.assignment.hard_due_at, Lapse.CLOSED),
        (request.until_at is not None and request.until_at <= _due(case), Lapse.COVERED),
    )
    return next((lapse for holds, lapse in checks if holds), None)


def near(until_at: datetime, dues: Iterable[tuple[Assignment, datetime]]) -> list[tuple[Assignment, datetime]]:
    """Return what else falls due within two days of an instant, soonest first."""
    close = [(a, due) for a, due in dues if abs(due - until_at) <= 2 * DAY]
    return sorted(close, key=lambda pair: pair[1])
