"""How a student says until when: so many days, a weekday, a date; and which instant that is."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cohort.times import add_days, shift, wall


@dataclass(frozen=True, slots=True)
class ForDays:
    """So many days from the later of the due time and now."""

    days: int


@dataclass(frozen=True, slots=True)
class UntilWeekday:
    """The next such weekday (Monday is 0) after the later of the due time and now, at the due time's hour."""

    weekday: int


@dataclass(frozen=True, slots=True)
class UntilInstant:
    """An instant in UTC."""

    until_at: datetime


@dataclass(frozen=True, slots=True)
class UntilWall:
    """A wall time in the student's own zone; without a time of day, the due time's hour."""

    naive: datetime
    has_time: bool


Wish = ForDays | UntilWeekday | UntilInstant | UntilWall


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
        case UntilInstant(until_at):
            return until_at
        case UntilWall(naive, has_time):
            hour = wall(due_at, own).time()
            local = naive if has_time else datetime.combine(naive.date(), hour)
            return shift(due_at, local - wall(due_at, own), own)


def _next_weekday(weekday: int, due_at: datetime, start: datetime, own: ZoneInfo) -> datetime:
    """Return the first such weekday after the start, at the due time's hour."""
    local = wall(due_at, own)
    ahead = (wall(start, own).date() - local.date()).days
    ahead += (weekday - local.weekday() - ahead) % 7
    until = add_days(due_at, ahead, own)
    return until if until > start else add_days(due_at, ahead + 7, own)
