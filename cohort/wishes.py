"""How a student says until when: so many days, a weekday, a date; and which instant that is."""

from calendar import isleap
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from cohort.times import add_days, shift, wall

FEBRUARY: Final = 2
LEAP_DAY: Final = 29
# At most so many years lie between two leap years.
LEAP_GAP: Final = 8


@dataclass(frozen=True, slots=True)
class ForDays:
    """So many days from the later of the due time and now."""

    days: int


@dataclass(frozen=True, slots=True)
class UntilWeekday:
    """The next such weekday (Monday is 0) after the later of the due time and now, at the due time's hour."""

    weekday: int


@dataclass(frozen=True, slots=True)
class UntilDayAhead:
    """The day that is so many days from today in the student's own zone, at the due time's hour: tomorrow is 1."""

    days: int


@dataclass(frozen=True, slots=True)
class UntilDate:
    """The next such day of a month from today on, at the due time's hour; one that some year has."""

    day: int
    month: int


@dataclass(frozen=True, slots=True)
class UntilInstant:
    """An instant in UTC."""

    until_at: datetime


@dataclass(frozen=True, slots=True)
class UntilWall:
    """A wall time in the student's own zone; without a time of day, the due time's hour."""

    naive: datetime
    has_time: bool


Wish = ForDays | UntilWeekday | UntilDayAhead | UntilDate | UntilInstant | UntilWall


def asked_until(wish: Wish, due_at: datetime, now: datetime, own: ZoneInfo, programme: ZoneInfo) -> datetime:
    """Return the instant a student means.

    Numbers of days are counted in the programme's zone; weekdays and dates someone writes are read in their
    own zone, since that is the zone in which they see every due time.
    """
    start = max(due_at, now)
    match wish:
        case ForDays(days):
            return add_days(start, days, programme)
        case UntilWeekday(weekday):
            return _next_weekday(weekday, due_at, start, own)
        case UntilDayAhead() | UntilDate():
            return _at_hour_of(due_at, day_of(wish, wall(now, own).date()), own)
        case UntilInstant(until_at):
            return until_at
        case UntilWall(naive, has_time):
            return shift(due_at, naive - wall(due_at, own), own) if has_time else _at_hour_of(due_at, naive.date(), own)


def day_of(wish: UntilDayAhead | UntilDate, today: date) -> date:
    """Return which day is meant where today is a day of the student's own zone."""
    if isinstance(wish, UntilDayAhead):
        return today + timedelta(days=wish.days)
    return next_on(wish.day, wish.month, today)


def next_on(day: int, month: int, today: date) -> date:
    """Return the next such day from today on. Raises ValueError where no year has it."""
    for year in range(today.year, today.year + LEAP_GAP + 1):
        if month == FEBRUARY and day == LEAP_DAY and not isleap(year):
            continue
        if (on := date(year, month, day)) >= today:
            return on
    raise ValueError(f"no {day} of month {month}")


def _at_hour_of(due_at: datetime, on: date, own: ZoneInfo) -> datetime:
    local = wall(due_at, own)
    return shift(due_at, datetime.combine(on, local.time()) - local, own)


def _next_weekday(weekday: int, due_at: datetime, start: datetime, own: ZoneInfo) -> datetime:
    """Return the first such weekday after the start, at the due time's hour."""
    local = wall(due_at, own)
    ahead = (wall(start, own).date() - local.date()).days
    ahead += (weekday - local.weekday() - ahead) % 7
    until = add_days(due_at, ahead, own)
    return until if until > start else add_days(due_at, ahead + 7, own)
