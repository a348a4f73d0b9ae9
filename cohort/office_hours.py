"""A TA's office hours: series by the week, the sessions they make, the slots in them, and what overlaps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cohort.times import DAY, at_wall, zone


class HoursKind(StrEnum):
    """Whether anyone comes, slots are booked, or both in turn: the first part open, then slots."""

    OPEN = "open"
    BOOKABLE = "bookable"
    BOTH = "both"


class HoursProblem(StrEnum):
    """What is wrong with hours as they were entered."""

    NO_PLACE = "no_place"
    ENDS_FIRST = "ends_first"
    NO_SLOT = "no_slot"
    SLOT_TOO_LONG = "slot_too_long"
    NO_OPEN_PART = "no_open_part"
    NO_DATE = "no_date"


@dataclass(frozen=True, slots=True)
class Series:
    """Hours that come every week at one wall time of one zone, which they keep across its clock changes.

    `weekday` counts from Monday = 0. Lengths are minutes. `open_minutes` is the open part of hours of both kinds,
    at their beginning. `capacity` is how many people may be there at once: in line, or in one booking. `place` is
    where to come to, usually a link. `topic` is what the TA helps with, if not with everything.
    """

    id: str
    ta_id: str
    weekday: int
    starts: time
    zone: str
    minutes: int
    place: str
    kind: HoursKind
    first_on: date
    last_on: date
    created_at: datetime
    slot_minutes: int = 0
    buffer_minutes: int = 0
    open_minutes: int = 0
    capacity: int | None = None
    topic: str = ""
    ended_at: datetime | None = None

    @property
    def tz(self) -> ZoneInfo:
        """The zone whose wall time the hours keep, wherever the TA is."""
        return zone(self.zone)


@dataclass(frozen=True, slots=True)
class Session:
    """Hours on one date, as instants. From the start to `open_until_at` anyone comes; slots fill the rest.

    `on_day` is the date the series gave it, and stays when it is moved. `started_at` is when a TA took the first in
    line, `closed_at` when its end was dealt with.
    """

    id: str
    ta_id: str
    on_day: date
    starts_at: datetime
    ends_at: datetime
    open_until_at: datetime
    place: str
    series_id: str | None = None
    capacity: int | None = None
    topic: str = ""
    moved_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_by: str | None = None
    reason: str = ""
    started_at: datetime | None = None
    started_by: str | None = None
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether any of it is open to whoever comes."""
        return self.open_until_at > self.starts_at

    def is_on(self, now: datetime) -> bool:
        """Say whether it takes place at an instant."""
        return self.cancelled_at is None and self.starts_at <= now < self.ends_at

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Say whether it takes place at any time of a span; to begin as the other ends is no overlap."""
        return self.cancelled_at is None and self.starts_at < ends_at and starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Slot:
    """A block of a session that one booking can have. While it is held, only `held_for` (a member id) can take it.

    Since `dropped_at` its session has other slots, and it can't be booked any more.
    """

    id: str
    session_id: str
    starts_at: datetime
    ends_at: datetime
    held_for: str | None = None
    held_until_at: datetime | None = None
    dropped_at: datetime | None = None

    def is_held_from(self, student_id: str, now: datetime) -> bool:
        """Say whether it is being kept for somebody else."""
        return self.held_for not in (None, student_id) and self.held_until_at is not None and now < self.held_until_at


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A slot that can be booked, with what someone choosing needs to know of its session."""

    slot: Slot
    session: Session


def problem_with(series: Series) -> HoursProblem | None:
    """Return the first thing that is wrong with a series, or None. Whether it has any dates to come is not asked."""
    bookable = series.minutes - series.open_minutes
    checks = (
        (HoursProblem.NO_PLACE, not series.place),
        (HoursProblem.ENDS_FIRST, series.last_on < series.first_on),
        (HoursProblem.NO_SLOT, series.kind is not HoursKind.OPEN and series.slot_minutes < 1),
        (HoursProblem.NO_OPEN_PART, series.kind is HoursKind.BOTH and not 0 < series.open_minutes < series.minutes),
        (HoursProblem.SLOT_TOO_LONG, series.kind is not HoursKind.OPEN and series.slot_minutes > bookable),
    )
    return next((problem for problem, holds in checks if holds), None)


def dates_of(series: Series, from_on: date) -> Iterator[date]:
    """Yield the dates of a series from a day on, up to and including its last."""
    first_on = max(series.first_on, from_on)
    on = first_on + ((series.weekday - first_on.weekday()) % 7) * DAY
    while on <= series.last_on:
        yield on
        on += 7 * DAY


def session_on(series: Series, on: date, session_id: str) -> Session:
    """Return the session of a series on a date. It lasts its minutes, also where the clocks change in it."""
    starts_at = at_wall(on, series.starts, series.tz)
    ends_at = starts_at + timedelta(minutes=series.minutes)
    open_part = {
        HoursKind.OPEN: ends_at,
        HoursKind.BOOKABLE: starts_at,
        HoursKind.BOTH: starts_at + timedelta(minutes=series.open_minutes),
    }
    return Session(
        session_id,
        series.ta_id,
        on,
        starts_at,
        ends_at,
        open_part[series.kind],
        series.place,
        series.id,
        series.capacity,
        series.topic,
    )


def slot_times(session: Session, slot_minutes: int, buffer_minutes: int) -> list[tuple[datetime, datetime]]:
    """Return from when to when each slot of a session lasts: one after the other, with the buffer in between."""
    if slot_minutes < 1:
        return []
    length, step = timedelta(minutes=slot_minutes), timedelta(minutes=slot_minutes + buffer_minutes)
    times, starts_at = [], session.open_until_at
    while starts_at + length <= session.ends_at:
        times.append((starts_at, starts_at + length))
        starts_at += step
    return times


def overlapping(sessions: Sequence[Session], others: Sequence[Session]) -> tuple[Session, Session] | None:
    """Return the first two, one of each, that take place at the same time; a session never overlaps itself."""
    for session in sessions:
        for other in others:
            if session.id != other.id and other.overlaps(session.starts_at, session.ends_at):
                return session, other
    return None
