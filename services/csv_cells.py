"""What stands in single cells: instants, days, numbers, words of a list, addresses; read and written."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from cohort.errors import UnknownZone
from cohort.times import read_wall, wall, zone
from services.csv_tables import Unfit

EXAMPLE = "write it like 2026-07-04 18:00"
YEARS = range(1990, 2200)
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}(\.\d{1,20})?(e-\d{1,3})?", re.ASCII)
# The second form is what erasing leaves of a member; an export holds it, so that it can be imported.
_EMAIL = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\".]+(\.[^\s@,;<>\".]+)+|erased-\w+@invalid")
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_URL = re.compile(r"https?://[^\s<>|]+")

E = TypeVar("E", bound=StrEnum)


def instant(tz: ZoneInfo) -> Callable[[str], datetime]:
    """Return a reader of instants: wall time in a zone, or ISO 8601 with an offset; in UTC, to the millisecond.

    A wall time that the clock change repeats is its first pass; one that it skips is read an hour later.
    """

    def read(text: str) -> datetime:
        found = _INSTANT.fullmatch(text)
        if found is None:
            raise Unfit(_unread(text))
        on, clock, offset = found.groups()
        at = _parsed(text, f"{on}T{clock}{offset or ''}")
        exact = read_wall(at, tz) if offset is None else at.astimezone(UTC)
        return exact - timedelta(microseconds=exact.microsecond % 1000) if exact.microsecond else exact

    return read


def instant_or_day(tz: ZoneInfo) -> Callable[[str], datetime]:
    """Return a reader of instants that takes a bare date for its midnight in the zone."""
    read_instant = instant(tz)

    def read(text: str) -> datetime:
        if _DAY.fullmatch(text):
            return read_wall(datetime.combine(day(text), time.min), tz)
        return read_instant(text)

    return read


def _parsed(text: str, iso: str) -> datetime:
    try:
        at = datetime.fromisoformat(iso)
    except ValueError:
        raise Unfit(f"“{text}” is not in the calendar or not on the clock; {EXAMPLE}") from None
    if at.year not in YEARS:
        raise Unfit(f"“{text}” has a year that can't be meant; {EXAMPLE}")
    return at


def _unread(text: str) -> str:
    if _DAY.fullmatch(text):
        return f"“{text}” needs a time of day; {EXAMPLE}"
    return f"“{_cut(text)}” can't be read as date and time; {EXAMPLE}, or with an offset: 2026-07-04T18:00+02:00"


def written(at: datetime | None, tz: ZoneInfo) -> str:
    """Return an instant as wall time in a zone, with an offset where the clock change repeats that wall time."""
    if at is None:
        return ""
    local = wall(at, tz)
    precise = "minutes" if not (local.second or local.microsecond) else "seconds"
    precise = "milliseconds" if local.microsecond else precise
    if read_wall(local.replace(fold=0), tz) == read_wall(local.replace(fold=1), tz):
        return local.isoformat(" ", precise)
    return at.astimezone(tz).isoformat("T", precise)


def day(text: str) -> date:
    """Read a date such as 2026-07-06."""
    if not _DAY.fullmatch(text):
        raise Unfit(f"“{_cut(text)}” can't be read as a date; write it like 2026-07-06")
    return _parsed(text, text).date()


def word(words: type[E]) -> Callable[[str], E]:
    """Return a reader of the words of a list, whatever their case."""

    def read(text: str) -> E:
        try:
            return words(text.casefold().replace(" ", "_"))
        except ValueError:
            raise Unfit(f"“{_cut(text)}” is none of {', '.join(words)}") from None

    return read


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers within bounds."""

    def read(text: str) -> int:
        if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
            raise Unfit(f"“{_cut(text)}” is not a whole number from {least} to {most}")
        return int(text)

    return read


def number(text: str) -> float:
    """Read a number from 0, with a decimal point."""
    if _NUMBER.fullmatch(text):
        return float(text)
    if _NUMBER.fullmatch(text.replace(",", ".", 1)):
        raise Unfit(f"“{text}” has a comma; write {text.replace(',', '.')} with a point")
    raise Unfit(f"“{_cut(text)}” is not a number from 0, such as 85 or 85.5")


def written_number(value: float | None) -> str:
    """Return a number as it is read back, without a needless fraction."""
    return "" if value is None else repr(value).removesuffix(".0")


def phrase(most: int) -> Callable[[str], str]:
    """Return a reader of text of one line."""

    def read(text: str) -> str:
        if len(text) > most:
            raise Unfit(f"has {len(text)} characters; {most} are the most")
        if len(text.splitlines()) > 1 or "\t" in text:
            raise Unfit("has a line break or a tab in it")
        return text

    return read


def email(text: str) -> str:
    """Read an email address."""
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        raise Unfit(f"“{_cut(text)}” is not an email address; write it like ada@example.org")
    return text


def slug(text: str) -> str:
    """Read the short name of an assignment, which people will type."""
    if len(text) > 40 or not _SLUG.fullmatch(text):
        raise Unfit(f"“{_cut(text)}” is no short name; use letters, digits, dots and dashes, such as hw3")
    return text


def url(text: str) -> str:
    """Read a web address."""
    if len(text) > 2000 or not _URL.fullmatch(text):
        raise Unfit(f"“{_cut(text)}” is not a web address; write it like https://example.org/hw3")
    return text


def zone_name(text: str) -> str:
    """Read a time zone's name."""
    try:
        return zone(text).key
    except UnknownZone:
        closest = get_close_matches(text, available_timezones(), n=1, cutoff=0.6)
        hint = f"did you mean {closest[0]}?" if closest else "use a name like Europe/London"
        raise Unfit(f"“{_cut(text)}” is not a time zone; {hint}") from None


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
