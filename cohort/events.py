"""Sections, talks, socials and coworking hours: what is on, who leads it, and how many can come."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cohort.times import DAY, at_wall

# A button to say that one is there works from so long before the beginning, since people come early.
EARLY = timedelta(minutes=15)


class EventKind(StrEnum):
    """What sort of meeting it is; only sections have to be attended."""

    SECTION = "section"
    TALK = "talk"
    SOCIAL = "social"
    COWORKING = "coworking"


@dataclass(frozen=True, slots=True)
class Event:
    """One meeting. `slug` is its short name; `places` is how many can sign up, None for any number.

    `series` is what several of a kind have in common that were made together. `sequence` rises when time or place
    change. A section needs a facilitator before it is announced.
    """

    id: str
    slug: str
    kind: EventKind
    title: str
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    place: str = ""
    facilitator_id: str | None = None
    places: int | None = None
    series: str = ""
    sequence: int = 0
    announced_at: datetime | None = None
    cancelled_at: datetime | None = None
    reason: str = ""
    recording: str = ""

    @property
    def lacks_facilitator(self) -> bool:
        """Whether somebody has to be named before it can be announced."""
        return self.kind is EventKind.SECTION and self.facilitator_id is None

    def is_coming(self, now: datetime) -> bool:
        """Say whether it has not ended and takes place."""
        return self.cancelled_at is None and now < self.ends_at

    def is_on(self, now: datetime) -> bool:
        """Say whether people can be there now: from a little before the beginning until the end."""
        return self.cancelled_at is None and self.starts_at - EARLY <= now < self.ends_at

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Say whether it takes place at any time of a span."""
        return self.cancelled_at is None and self.starts_at < ends_at and starts_at < self.ends_at


def weekly(on: date, starts: time, times: int, tz: ZoneInfo) -> list[datetime]:
    """Return when something begins that is on so many weeks in a row, at one wall time of a zone."""
    return [at_wall(on + 7 * number * DAY, starts, tz) for number in range(times)]
