"""Check-ins: a few questions once a week, when they are asked, and what somebody writes back in their own words."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from cohort.policy import CheckInPolicy
from cohort.times import DAY, WEEKDAYS, at_wall, local_day, week_of

HOURS_MOST = 168.0
MOODS = range(1, 6)


class Wish(StrEnum):
    """What a student wants from us."""

    OFFICE_HOURS = "office_hours"
    EXTENSION = "extension"
    TALK = "talk"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class CheckIn:
    """The questions of one student and week, and what was answered so far; `note` is read by who follows them up only.

    `week_on` is the Monday of the week in which it was asked, in the student's zone then.
    """

    id: str
    student_id: str
    week_on: date
    asked_at: datetime | None = None
    reminded_at: datetime | None = None
    snoozed_until_at: datetime | None = None
    skipped_at: datetime | None = None
    answered_at: datetime | None = None
    edited_at: datetime | None = None
    hours: float | None = None
    mood: int | None = None
    obstacle: str = ""
    wish: Wish | None = None
    note: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it was neither answered nor skipped."""
        return self.answered_at is None and self.skipped_at is None


@dataclass(frozen=True, slots=True)
class Reply:
    """What was read in a student's own words; None and empty for what they did not say."""

    hours: float | None = None
    mood: int | None = None
    obstacle: str = ""
    wish: Wish | None = None
    note: str = ""


def due_week(now: datetime, policy: CheckInPolicy, tz: ZoneInfo) -> date | None:
    """Return the Monday of the week whose check-in is to be asked now in a zone; None before its day and time.

    It can be asked for two days, as long as that week lasts, so that a bot that was down asks late rather than not at
    all.
    """
    week_on = week_of(local_day(now, tz))
    from_at = at_wall(week_on + WEEKDAYS.index(policy.weekday) * DAY, policy.at, tz)
    return week_on if from_at <= now < from_at + 2 * DAY else None


_HOURS = re.compile(r"(?<![\d.,/])(\d{1,3}(?:[.,]\d)?)\s*(?:h|hs|hr|hrs|hours?)\b", re.IGNORECASE)
_MOOD = re.compile(r"\b([1-5])\s*(?:/|of|out of)\s*5\b|\b(?:mood|feeling|going)\s*:?\s*([1-5])\b", re.IGNORECASE)


def read_reply(text: str) -> Reply | None:
    """Return what somebody wrote back, like “12 hours, stuck on backprop”; None where no hours are named."""
    hours = _HOURS.search(text)
    if hours is None:
        return None
    number = float(hours[1].replace(",", "."))
    if number > HOURS_MOST:
        return None
    mood = _MOOD.search(text)
    rest = _MOOD.sub("", text.replace(hours[0], "", 1)).strip(" ,.;:-\n")
    return Reply(number, int(mood[1] or mood[2]) if mood else None, note=rest)
