"""The brake: where much of the cohort has not handed something in, organizers are asked before anyone is written to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.errors import DateNotLater, DatePassed, DateTooLate
from cohort.policy import NudgePolicy
from cohort.times import next_waking

# Of fewer students no share says anything.
LEAST_STUDENTS = 5


class BrakeDecision(StrEnum):
    """What organizers did about work that much of the cohort had not handed in."""

    NONE = ""
    MOVED = "moved"
    CANCELLED = "cancelled"
    CARRIED_ON = "carried_on"


@dataclass(frozen=True, slots=True)
class Brake:
    """One look at one due time: who was missing, and until when messages wait, if they do."""

    id: str
    assignment_id: str
    due_at: datetime
    missing: int
    expected: int
    raised_at: datetime
    holds_until_at: datetime | None
    decision: BrakeDecision = BrakeDecision.NONE
    decided_at: datetime | None = None
    decided_by: str | None = None


def holds_until(due_at: datetime, policy: NudgePolicy, tz: ZoneInfo) -> datetime:
    """Return until when messages may wait: so many hours from the due time, or from the morning after it.

    `tz` is the programme's, by which organizers wake: a brake that ends while they sleep would be of no use.
    """
    awake_at = next_waking(due_at, tz, policy.quiet_from, policy.quiet_until)
    return awake_at + timedelta(hours=policy.brake_hours)


def is_pulled(missing: int, expected: int, policy: NudgePolicy) -> bool:
    """Say whether so many are missing that it is rather the work than the students."""
    return expected >= LEAST_STUDENTS and missing * 100 > expected * policy.brake_percent


def check_move(until_at: datetime, assignment: Assignment, now: datetime) -> None:
    """Refuse a new due time that is none: raises DatePassed, DateTooLate or DateNotLater."""
    if until_at <= now:
        raise DatePassed(until_at)
    if until_at > assignment.hard_due_at:
        raise DateTooLate(assignment.hard_due_at)
    if assignment.due_at is not None and until_at <= assignment.due_at:
        raise DateNotLater(assignment.due_at)
