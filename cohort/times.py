"""Instants, days and zones: how this programme counts time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cohort.errors import UnknownZone

DAY = timedelta(days=1)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip


def zone(name: str) -> ZoneInfo:
    """Return the zone of an IANA name. Raises UnknownZone, whatever way zoneinfo chose to fail."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone(name) from error


def at_wall(on: date, wall: time, tz: tzinfo) -> datetime:
    """Return the UTC instant of a wall time on a local date; a skipped wall time is read as the one after."""
    return datetime.combine(on, wall, tz).astimezone(UTC)


def read_wall(naive: datetime, tz: tzinfo) -> datetime:
    """Return the UTC instant at which clocks in the zone show this naive wall time."""
    return naive.replace(tzinfo=tz).astimezone(UTC)


def wall(at: datetime, tz: tzinfo) -> datetime:
    """Return the naive wall time that clocks in the zone show at an instant."""
    return at.astimezone(tz).replace(tzinfo=None)


def local_day(at: datetime, tz: tzinfo) -> date:
    """Return the calendar day of an instant in a zone."""
    return at.astimezone(tz).date()


def add_days(at: datetime, days: int, tz: tzinfo) -> datetime:
    """Return the instant some calendar days later at the same wall time: 23, 24 or 25 hours a day."""
    return shift(at, timedelta(days=days), tz)


def shift(at: datetime, length: timedelta, tz: tzinfo) -> datetime:
    """Return the instant whose wall time in the zone is a length of wall-clock time later.

    Within an hour that clocks repeat, what begins in its second pass stays in it.
    """
    local = at.astimezone(tz)
    first = (local + length).replace(fold=0)
    again = first.replace(fold=local.fold)
    is_repeated = first.astimezone(UTC) < again.astimezone(UTC)
    return (again if is_repeated else first).astimezone(UTC)


def wall_length(start: datetime, end: datetime, tz: tzinfo) -> timedelta:
    """Return the wall-clock time between two instants: two calendar days are two days at any clock change."""
    return wall(end, tz) - wall(start, tz)


def week_of(on: date) -> date:
    """Return the Monday of a date's week."""
    return on - timedelta(days=on.weekday())


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield every date from the first to the last, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def is_waking(at: datetime, tz: tzinfo, quiet_from: time, quiet_until: time) -> bool:
    """Say whether an instant lies outside the quiet hours of a zone; quiet hours may span midnight."""
    return is_waking_clock(at.astimezone(tz).time(), quiet_from, quiet_until)


def is_waking_clock(clock: time, quiet_from: time, quiet_until: time) -> bool:
    """Say whether a time of day lies outside the quiet hours."""
    if quiet_from <= quiet_until:
        return not quiet_from <= clock < quiet_until
    return quiet_until <= clock < quiet_from


def next_wall(at: datetime, clock: time, tz: tzinfo) -> datetime:
    """Return the first instant after another at which clocks in the zone show a time of day."""
    today = local_day(at, tz)
    then = at_wall(today, clock, tz)
    return then if then > at else at_wall(today + DAY, clock, tz)


def next_waking(at: datetime, tz: tzinfo, quiet_from: time, quiet_until: time) -> datetime:
    """Return the instant itself in waking hours, else the end of the quiet hours it falls into."""
    if is_waking(at, tz, quiet_from, quiet_until):
        return at
    today = local_day(at, tz)
    morning = at_wall(today, quiet_until, tz)
    return morning if morning > at else at_wall(today + DAY, quiet_until, tz)


def waking_after(at: datetime, length: timedelta, tz: tzinfo, quiet_from: time, quiet_until: time) -> datetime:
    """Return the instant by which a length of waking time has passed; quiet hours don't count."""
    awake_at = next_waking(at, tz, quiet_from, quiet_until)
    while awake_at + length > (sleeps_at := _next_quiet(awake_at, tz, quiet_from)):
        length -= sleeps_at - awake_at
        awake_at = next_waking(sleeps_at, tz, quiet_from, quiet_until)
    return awake_at + length


def _next_quiet(at: datetime, tz: tzinfo, quiet_from: time) -> datetime:
    """Return the first beginning of quiet hours after an instant."""
    today = local_day(at, tz)
    evening = at_wall(today, quiet_from, tz)
    return evening if evening > at else at_wall(today + DAY, quiet_from, tz)
