"""Grading: what a TA is offered and in which order, what a grade comes to, and what follows from it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import isfinite
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment, Kind
from cohort.hand_ins import HandInState
from cohort.policy import GradingPolicy, NudgePolicy
from cohort.reminders import before_night
from cohort.roster import Member, Role
from cohort.times import add_days, at_wall, is_waking, local_day, next_waking

# So long after the quiet hours it still is someone's morning.
MORNING = timedelta(hours=4)
DAY_AHEAD = timedelta(hours=24)
SCORE_MOST = 1000


class Verdict(StrEnum):
    """What a grade comes to. A part is neither passed nor not: it leads to a date for the rest."""

    PASSED = "passed"
    NOT_YET = "not_yet"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Grade:
    """What a grader said of a hand-in. `number` counts the grades of one hand-in, of which the last one counts.

    `feedback` is for the student, `staff_note` for staff; `why` is the reason where a grader decided otherwise than
    the pass mark, or changed a grade. `released_at` is None until the student may know it.
    """

    id: str
    hand_in_id: str
    number: int
    grader_id: str
    verdict: Verdict
    feedback: str
    graded_at: datetime
    score: float | None = None
    staff_note: str = ""
    why: str = ""
    released_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """What a grader filled in. `passed` is None where it follows from the score and the pass mark."""

    score: float | None = None
    passed: bool | None = None
    feedback: str = ""
    staff_note: str = ""
    why: str = ""


class Fault(StrEnum):
    """What is missing or wrong in what a grader filled in."""

    NO_SCORE = "no_score"
    NO_RESULT = "no_result"
    NO_FEEDBACK = "no_feedback"
    NO_REASON = "no_reason"


def fault_of(marked: Marked, assignment: Assignment, *, is_part: bool) -> Fault | None:
    """Return the first thing that keeps a grade from being taken, or None.

    A score is needed where there is a pass mark, feedback on everything that has not passed, and a reason where a
    grader decides otherwise than the pass mark.
    """
    if is_part:
        return None if marked.feedback else Fault.NO_FEEDBACK
    if assignment.pass_mark is not None and not is_score(marked.score):
        return Fault.NO_SCORE
    if assignment.pass_mark is None and marked.passed is None:
        return Fault.NO_RESULT
    if verdict_of(marked, assignment, is_part=False) is Verdict.NOT_YET and not marked.feedback:
        return Fault.NO_FEEDBACK
    return Fault.NO_REASON if is_override(marked, assignment) and not marked.why else None


def is_score(score: float | None) -> bool:
    """Say whether something is a score: a number from 0 to 1,000."""
    return score is not None and isfinite(score) and 0 <= score <= SCORE_MOST


def verdict_of(marked: Marked, assignment: Assignment, *, is_part: bool) -> Verdict:
    """Return what a grade comes to: as the grader said, else by the pass mark; a part is always a part."""
    if is_part:
        return Verdict.PART
    passed = marked.passed if marked.passed is not None else _by_mark(marked, assignment)
    return Verdict.PASSED if passed else Verdict.NOT_YET


def is_override(marked: Marked, assignment: Assignment) -> bool:
    """Say whether a grader decided otherwise than the pass mark."""
    return (
        assignment.pass_mark is not None and marked.passed is not None and marked.passed != _by_mark(marked, assignment)
    )


def _by_mark(marked: Marked, assignment: Assignment) -> bool:
    mark = assignment.pass_mark
    return marked.score is not None and mark is not None and marked.score >= mark


def kept(marked: Marked, assignment: Assignment, *, is_part: bool) -> Marked:
    """Return what is kept of what was filled in: no score of work without one, no reason where none is needed."""
    score = None if is_part or assignment.pass_mark is None else marked.score
    why = marked.why if not is_part and is_override(marked, assignment) else ""
    return replace(marked, score=score, why=why)


def is_held(kind: Kind, policy: GradingPolicy, *, is_released: bool) -> bool:
    """Say whether students are told a grade only once an organizer lets them."""
    return kind in policy.held and not is_released


def morning_from(at: datetime, tz: ZoneInfo, policy: NudgePolicy) -> datetime:
    """Return the instant itself in someone's morning, else when their next morning begins.

    A morning is the first four hours after the quiet hours, and ends where the next quiet hours begin.
    """
    wakes_at = at_wall(local_day(at, tz), policy.quiet_until, tz)
    awake = is_waking(at, tz, policy.quiet_from, policy.quiet_until)
    if awake and wakes_at <= at < wakes_at + MORNING:
        return at
    if not awake:
        return next_waking(at, tz, policy.quiet_from, policy.quiet_until)
    if wakes_at > at:
        return wakes_at
    return at_wall(local_day(at, tz) + timedelta(days=1), policy.quiet_until, tz)


def retry_due(told_at: datetime, policy: GradingPolicy, closes_at: datetime, tz: ZoneInfo) -> datetime | None:
    """Return until when something is to be handed in again: so many calendar days after its students are told.

    Never after the programme closes; None where it has closed by then. `tz` is the programme's.
    """
    if told_at >= closes_at:
        return None
    return min(add_days(told_at, policy.resubmit_days, tz), closes_at)


@dataclass(frozen=True, slots=True)
class Place:
    """Something in the queue: whose it is to grade, who has claimed it, since when and until when it waits."""

    id: str
    assignment_id: str
    state: HandInState
    owner_id: str | None
    claimed_by: str | None
    ready_at: datetime
    grade_by_at: datetime


class Standing(StrEnum):
    """What something in the queue is to one grader, in the order in which it is shown."""

    CLAIMED = "claimed"
    MINE = "mine"
    FREE = "free"
    OTHERS = "others"


ORDER = tuple(Standing)


def standing(place: Place, viewer: Member, present: Collection[str]) -> Standing:
    """Say what something is to a grader; what waits for someone who is not there is free for everyone."""
    if place.claimed_by is not None:
        return Standing.CLAIMED if place.claimed_by == viewer.id else Standing.OTHERS
    if place.owner_id == viewer.id:
        return Standing.MINE
    is_free = place.owner_id is None or place.owner_id not in present
    return Standing.FREE if is_free else Standing.OTHERS


def offered(
    places: Iterable[Place], viewer: Member, present: Collection[str], never: Collection[str]
) -> list[tuple[Standing, Place]]:
    """Return what a grader is shown: their own claims, what is theirs to grade, what is free; each by its time.

    `never` are the hand-ins of students with whom they have a conflict of interest. Organizers see everyone's.
    """
    found = [(standing(place, viewer, present), place) for place in places if place.id not in never]
    seen = [pair for pair in found if pair[0] is not Standing.OTHERS or viewer.role is Role.ORGANIZER]
    return sorted(seen, key=lambda pair: (ORDER.index(pair[0]), pair[1].grade_by_at, pair[1].id))


def remind_claim_from(expires_at: datetime, policy: GradingPolicy, quiet: NudgePolicy, tz: ZoneInfo) -> datetime:
    """Return from when on a TA is reminded that a claim ends: some hours before, and before a night in between."""
    at = expires_at - timedelta(hours=policy.claim_reminder_hours)
    return before_night(at, tz, quiet.quiet_from, quiet.quiet_until)


def near(places: Iterable[Place], now: datetime) -> list[Place]:
    """Return what is to be graded within a day or is overdue, the most urgent first."""
    return sorted((p for p in places if p.grade_by_at <= now + DAY_AHEAD), key=lambda p: (p.grade_by_at, p.id))


def overdue(places: Iterable[Place], now: datetime) -> list[Place]:
    """Return what should have been graded by now, the longest overdue first."""
    return sorted((p for p in places if p.grade_by_at < now), key=lambda p: (p.grade_by_at, p.id))


def oldest(places: Sequence[Place]) -> Place | None:
    """Return what waits the longest."""
    return min(places, key=lambda place: (place.ready_at, place.id), default=None)
