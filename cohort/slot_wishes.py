"""When somebody would like to meet, read from plain words: on which days, and between which hours."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from cohort.plain_reading import Reading, day_meant, day_wish_in
from cohort.times import WEEKDAYS

MIDNIGHT: Final = time(0)
LAST: Final = time(23, 59)
# What people call the parts of a day, as hours of the wall clock.
PARTS: Final = (
    (re.compile(r"\bmorning\b"), "in the morning", time(5), time(12)),
    (re.compile(r"\b(?:lunch|lunchtime|noon|midday)\b"), "around noon", time(11, 30), time(14)),
    (re.compile(r"\bafternoon\b"), "in the afternoon", time(12), time(18)),
    (re.compile(r"\b(?:evening|tonight|night)\b"), "in the evening", time(17), LAST),
)
_CLOCK: Final = r"(?P<hour>\d{1,2})(?::(?P<minute>\d\d))? ?(?P<half>am|pm)"
_HOUR: Final = rf"{_CLOCK}?\b(?! ?(?:days?|hours?|h|weeks?|min))"
_AFTER = re.compile(rf"\b(?:after|from|not before) {_HOUR}")
_BEFORE = re.compile(rf"\b(?:before|until|till) {_HOUR}")
_AT = re.compile(rf"\b(?:at|around|about) {_HOUR}")
_HALF = re.compile(rf"\b{_CLOCK}\b")
# From which hour on a bare number means the morning: nobody asks to meet at five in the morning.
_MORNING_FROM: Final = 8
_NOON: Final = 12


@dataclass(frozen=True, slots=True)
class SlotWish:
    """Days from `first_on` to `last_on` and hours of the wall clock, all in the zone of whoever wishes.

    `words` say it as a person would: “tomorrow in the afternoon”.
    """

    words: str
    first_on: date | None
    last_on: date | None
    not_before: time = MIDNIGHT
    not_after: time = LAST

    def is_met(self, starts_at: datetime, zone: ZoneInfo) -> bool:
        """Say whether something that begins at an instant fits."""
        local = starts_at.astimezone(zone)
        is_day = self.first_on is None or self.last_on is None or self.first_on <= local.date() <= self.last_on
        return is_day and self.not_before <= local.time() <= self.not_after


def slot_wish_in(reading: Reading, today: date) -> SlotWish | None:
    """Return when somebody would like to meet; None where they name no time. `today` is their own day."""
    days, hours = _days_in(reading, today), _hours_in(reading.words)
    if days is None and hours is None:
        return None
    first_on, last_on, day_words = days or (None, None, "")
    part, not_before, not_after = hours or ("", MIDNIGHT, LAST)
    return SlotWish(" ".join(word for word in (day_words, part) if word), first_on, last_on, not_before, not_after)


def _days_in(reading: Reading, today: date) -> tuple[date, date, str] | None:
    words, monday = reading.words, today - timedelta(days=today.weekday())
    if re.search(r"\bnext week\b(?! \w+day)", words) and not re.search(r"\b\w+day next week\b", words):
        return monday + timedelta(days=7), monday + timedelta(days=13), "next week"
    if re.search(r"\bweekend\b", words):
        return monday + timedelta(days=5), monday + timedelta(days=6), "at the weekend"
    if re.search(r"\bthis week\b", words):
        return today, monday + timedelta(days=6), "this week"
    if re.search(r"\b(?:today|tonight|this (?:morning|afternoon|evening))\b", words):
        return today, today, "today"
    wish = day_wish_in(reading, today)
    return _on(wish, today) if wish else None


def _on(wish: str, today: date) -> tuple[date, date, str]:
    on = day_meant(wish, today)
    if wish in WEEKDAYS:
        return on, on, f"on {wish.capitalize()}"
    return on, on, "tomorrow" if on == today + timedelta(days=1) else f"on {on.strftime('%A')}, {on.isoformat()}"


def _hours_in(words: str) -> tuple[str, time, time] | None:
    after, before = _time(_AFTER.search(words)), _time(_BEFORE.search(words))
    if after or before:
        said = [f"{word} {at:%H:%M}" for word, at in (("after", after), ("before", before)) if at]
        return " and ".join(said), after or MIDNIGHT, before or LAST
    if at := _time(_AT.search(words) or _HALF.search(words)):
        return f"around {at:%H:%M}", _moved(at, -1), _moved(at, 1)
    found = next((part for part in PARTS if part[0].search(words)), None)
    return found[1:] if found else None


def _time(found: re.Match[str] | None) -> time | None:
    """Return the hour that was named, None where there is none; a bare number below eight is one of the afternoon."""
    if found is None:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"] == "pm" or (not found["half"] and not found["minute"] and hour < _MORNING_FROM):
        hour = hour % _NOON + _NOON
    elif found["half"] == "am":
        hour %= _NOON
    return time(hour, minute) if hour <= LAST.hour and minute <= LAST.minute else None


def _moved(at: time, hours: int) -> time:
    hour = at.hour + hours
    return time(hour, at.minute) if 0 <= hour <= LAST.hour else LAST if hour > 0 else MIDNIGHT
