"""Turns Slack's mrkdwn into what a person reads: names for mentions, their own zone for date tokens."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

_TOKEN = re.compile(r"<([^<>]+)>")
_FORMAT = re.compile(r"\{(\w+)\}")


class Reader:
    """Reads mrkdwn as one person; `names` gives a name for a user or channel id."""

    def __init__(self, names: Mapping[str, str], zone: ZoneInfo, now: datetime | None = None) -> None:
        self._names, self._zone = names, zone
        self._now = now or datetime.now(UTC)

    def read(self, text: str) -> str:
        """Return mrkdwn as plain words."""
        return unescape(_TOKEN.sub(self._token, text))

    def _token(self, match: re.Match[str]) -> str:
        inside, _, label = match.group(1).partition("|")
        sign, rest = inside[:1], inside[1:]
        if sign == "@":
            return "@" + self._names.get(rest, label or rest)
        if sign == "#":
            return "#" + self._names.get(rest, label or rest)
        if inside.startswith("!date^"):
            return self._date(inside, label)
        if sign == "!":
            return label or "@" + rest.partition("^")[0]
        return f"{label} ({inside})" if label and label != inside else inside

    def _date(self, inside: str, fallback: str) -> str:
        parts = inside.split("^")
        try:
            at = datetime.fromtimestamp(int(parts[1]), UTC).astimezone(self._zone)
        except (ValueError, IndexError, OverflowError):
            return fallback
        return _FORMAT.sub(lambda match: self._form(match.group(1), at), parts[2] if len(parts) > 2 else "{date}")

    def _form(self, name: str, at: datetime) -> str:
        if name.endswith("_pretty"):
            near = self._near(at)
            return near or self._form(name.removesuffix("_pretty"), at)
        if name == "ago":
            return _ago(at - self._now)
        return FORMS[name](at) if name in FORMS else "{" + name + "}"

    def _near(self, at: datetime) -> str:
        days = (at.date() - self._now.astimezone(self._zone).date()).days
        return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days, "")


def _ordinal(day: int) -> str:
    suffix = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{suffix}"


def _ago(gap: timedelta) -> str:
    seconds = abs(gap.total_seconds())
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            words = f"{count} {name}" + ("s" if count > 1 else "")
            return f"in {words}" if gap > timedelta() else f"{words} ago"
    return "now"


FORMS: Mapping[str, Callable[[datetime], str]] = {
    "date_num": lambda at: f"{at:%Y-%m-%d}",
    "date_slash": lambda at: f"{at:%m/%d/%Y}",
    "date": lambda at: f"{at:%B} {_ordinal(at.day)}, {at.year}",
    "date_short": lambda at: f"{at:%b} {at.day}, {at.year}",
    "date_long": lambda at: f"{at:%A, %B} {_ordinal(at.day)}, {at.year}",
    "date_long_full": lambda at: f"{at:%A, %B} {_ordinal(at.day)}, {at.year}",
    "day_divider": lambda at: f"{at:%A, %B} {_ordinal(at.day)}",
    "time": lambda at: f"{at:%I:%M %p}".lstrip("0"),
    "time_secs": lambda at: f"{at:%I:%M:%S %p}".lstrip("0"),
}
