"""Joining a programme: when somebody is welcomed, and what dates that are hard do to due times."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment, Kind
from cohort.policy import Programme
from cohort.roster import Member
from cohort.times import DAY, at_wall, local_day
from cohort.workload import DayLoad, Due

# Nobody is welcomed earlier before the start, nor later after they have joined: who is here knows their way.
BEFORE: Final = timedelta(days=14)
WITHIN: Final = timedelta(days=14)
FIRST_WEEK: Final = timedelta(days=7)
# How many hard dates a student can have in a row, and in all.
IN_A_ROW: Final = 14
IN_ALL: Final = 21


@dataclass(frozen=True, slots=True)
class HardDates:
    """Days that are hard for a student, both included; no reason goes with them."""

    from_on: date
    to_on: date

    @property
    def days(self) -> int:
        """How many days these are."""
        return (self.to_on - self.from_on).days + 1

    def holds(self, on: date) -> bool:
        """Whether a day is one of them."""
        return self.from_on <= on <= self.to_on


class DatesProblem(StrEnum):
    """Why a stretch of hard dates can't be taken."""

    BACKWARDS = "backwards"
    OVER = "over"
    TOO_LONG = "too_long"
    JOINED = "joined"
    IN_ALL = "in_all"


@dataclass(frozen=True, slots=True)
class WrongStretch:
    """A stretch that can't be taken: its place among those named, why, and how many days it comes to."""

    place: int
    problem: DatesProblem
    days: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A piece of work with its due time and the one that is proposed.

    `is_cut` where the last moment comes before the hard dates are over, so that it is still due on one of them.
    """

    assignment: Assignment
    due_at: datetime
    until_at: datetime
    is_cut: bool = False


class Why(StrEnum):
    """Why a piece of work keeps its due time though it falls on hard dates."""

    EXAM = "exam"
    LAST_MOMENT = "last_moment"


@dataclass(frozen=True, slots=True)
class Kept:
    """A piece of work that keeps its due time though it falls on hard dates, and why."""

    assignment: Assignment
    due_at: datetime
    why: Why


def is_welcomed(member: Member, added_at: datetime, programme: Programme, now: datetime) -> bool:
    """Say whether a member of the roster is to be welcomed now; whoever joined long ago is not."""
    if member.slack_id is None or not member.is_active(now) or now >= programme.closes_at:
        return False
    opens_at = at_wall(programme.starts_on, datetime.min.time(), programme.tz) - BEFORE
    here_since = max(opens_at, member.joined_at or added_at)
    return here_since <= now < max(here_since + WITHIN, opens_at + BEFORE + FIRST_WEEK)


def can_name_dates(programme: Programme, now: datetime, tz: ZoneInfo) -> bool:
    """Say whether hard dates still move due times by themselves: until the end of the first week."""
    return local_day(now, tz) < programme.starts_on + FIRST_WEEK


def joined(dates: Iterable[HardDates]) -> list[HardDates]:
    """Return the stretches with those that touch or overlap made into one, the first first."""
    found: list[HardDates] = []
    for one in sorted(dates, key=lambda dates: dates.from_on):
        if found and one.from_on - found[-1].to_on <= DAY:
            found[-1] = HardDates(found[-1].from_on, max(found[-1].to_on, one.to_on))
        else:
            found.append(one)
    return found


def wrong_stretches(dates: Sequence[HardDates], used: Sequence[HardDates], today: date) -> list[WrongStretch]:
    """Return what is wrong with stretches as a student names them; nothing where they can be taken.

    `used` are stretches that moved due times before: they count like those that are named now.
    """
    alone = [WrongStretch(n, why, one.days) for n, one in enumerate(dates) if (why := _wrong_alone(one, today))]
    return alone or too_many_days(dates, used)


def too_many_days(dates: Sequence[HardDates], used: Sequence[HardDates]) -> list[WrongStretch]:
    """Return which stretches make too many days in a row, or else the last of them where all make too many."""
    stretches = joined([*dates, *used])
    wrong = []
    for stretch in stretches:
        places = [place for place, one in enumerate(dates) if stretch.holds(one.from_on)]
        if stretch.days > IN_A_ROW and places:
            wrong.append(WrongStretch(places[-1], DatesProblem.JOINED, stretch.days))
    total = sum(stretch.days for stretch in stretches)
    if wrong or total <= IN_ALL or not dates:
        return wrong
    return [WrongStretch(len(dates) - 1, DatesProblem.IN_ALL, total)]


def not_used_yet(dates: Iterable[HardDates], used: Sequence[HardDates]) -> list[HardDates]:
    """Return the stretches made into one where they touch, each from its first day that moved nothing before."""
    taken, found = joined(used), []
    for one in joined(dates):
        held = next((before for before in taken if before.holds(one.from_on)), None)
        if held is None:
            found.append(one)
        elif held.to_on < one.to_on:
            found.append(HardDates(held.to_on + DAY, one.to_on))
    return found


def last_moment(programme: Programme) -> datetime:
    """Return up to when hard dates can move anything: the end of the programme's last day (23:59 wall time), in UTC."""
    return at_wall(programme.ends_on, time(23, 59), programme.tz)


def effect_of(dues: Iterable[Due], hard: Iterable[HardDates], tz: ZoneInfo, last_at: datetime) -> list[Moved | Kept]:
    """Return what becomes of all that falls due on hard dates, in the order of the due times given.

    It moves to the same wall time on the first day after, never past the last moment nor the assignment's own; exams
    never move. Days are those of the student's zone.
    """
    stretches = joined(hard)
    held = [(due, stretch) for due in dues for stretch in stretches if stretch.holds(local_day(due[1], tz))]
    return [_effect(due, stretch, tz, last_at) for due, stretch in held]


def shared_days(dues: Iterable[Due], moved: Sequence[Moved], tz: ZoneInfo) -> list[DayLoad]:
    """Return the days on which something that was moved would be due together with something else, in their order."""
    later = {one.assignment.id: one.until_at for one in moved}
    landing = {local_day(at, tz) for at in later.values()}
    by_day: dict[date, list[Assignment]] = {}
    for assignment, due_at in dues:
        by_day.setdefault(local_day(later.get(assignment.id, due_at), tz), []).append(assignment)
    return [DayLoad(on, by_day[on]) for on in sorted(landing & set(by_day)) if len(by_day[on]) > 1]


def _wrong_alone(one: HardDates, today: date) -> DatesProblem | None:
    if one.to_on < one.from_on:
        return DatesProblem.BACKWARDS
    if one.to_on < today:
        return DatesProblem.OVER
    return DatesProblem.TOO_LONG if one.days > IN_A_ROW else None


def _effect(due: Due, stretch: HardDates, tz: ZoneInfo, last_at: datetime) -> Moved | Kept:
    assignment, due_at = due
    if assignment.kind is Kind.EXAM:
        return Kept(assignment, due_at, Why.EXAM)
    free_at = at_wall(stretch.to_on + DAY, due_at.astimezone(tz).time(), tz)
    until_at = min(free_at, assignment.hard_due_at, last_at)
    if until_at <= due_at:
        return Kept(assignment, due_at, Why.LAST_MOMENT)
    return Moved(assignment, due_at, until_at, is_cut=stretch.holds(local_day(until_at, tz)))
