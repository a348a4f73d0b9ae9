"""What the week came to: the numbers against the week before, who moved between levels, and what waits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.levels import Level, LevelSince
from cohort.nudges import Work
from cohort.policy import DigestPolicy
from cohort.times import DAY, WEEKDAYS, at_wall, local_day

# Days.
WEEK = 7


class Counted(StrEnum):
    """What is counted a week, in the order in which it is told."""

    HANDED_IN = "handed_in"
    MISSED = "missed"
    GRADED = "graded"
    EXTENDED = "extended"
    QUESTIONS = "questions"
    BOOKED = "booked"
    CHECKED_IN = "checked_in"
    OPENED = "opened"
    CLOSED = "closed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the week, and what it was the week before."""

    counted: Counted
    now: int
    before: int


class Queue(StrEnum):
    """What waits for staff."""

    GRADING = "grading"
    REQUESTS = "requests"
    QUESTIONS = "questions"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for staff, since when, whose it is and what it is about."""

    queue: Queue
    since_at: datetime
    student_ids: Sequence[str]
    assignment_id: str | None = None


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A follow-up that is open, by the ids of its student and its owner."""

    student_id: str
    owner_id: str | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """A student's way from one level to another within a week; without a level before, it was the first."""

    student_id: str
    before: Level | None
    after: LevelSince

    @property
    def rise(self) -> int:
        """By how many levels concern rose; negative where it fell."""
        return self.after.level.height - (self.before.height if self.before is not None else 0)


def moves(before: Mapping[str, LevelSince], after: Mapping[str, LevelSince]) -> list[Move]:
    """Return who moved, by student id in both, the highest level first; a first level on track is no move."""
    found = [Move(each, before[each].level if each in before else None, since) for each, since in after.items()]
    return sorted((move for move in found if move.rise), key=_worst_first)


def _worst_first(move: Move) -> tuple[int, int, float, str]:
    return -move.after.level.height, -move.rise, -move.after.concern, move.student_id


def missed_dues(work: Work, assignments: Iterable[Assignment]) -> list[datetime]:
    """Return the student's own due times of the required work that is not handed in; also those that lie ahead.

    What is excused, dropped or waits for us counts for nothing, nor does what was due before the student joined.
    """
    joined_at, spared = work.student.joined_at, work.handed_in | work.quiet
    left = [a for a in assignments if a.id not in spared and a.kind.is_handed_in and not a.cancelled]
    dues = [work.own_due_at(a) for a in left if work.owed(a).required]
    return [at for at in dues if at is not None and (joined_at is None or joined_at <= at)]


def latest_time(now: datetime, policy: DigestPolicy, tz: ZoneInfo) -> datetime:
    """Return the latest instant, now or before, at which a digest goes out."""
    today = local_day(now, tz)
    on = today - (today.weekday() - WEEKDAYS.index(policy.weekday)) % WEEK * DAY
    at = at_wall(on, policy.at, tz)
    return at if at <= now else at_wall(on - timedelta(days=WEEK), policy.at, tz)
