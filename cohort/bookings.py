"""Booking a slot: what a student may hold at once, and why one can't be taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cohort.policy import OfficeHoursPolicy
from cohort.times import add_days, local_day, week_of


class BookingState(StrEnum):
    """Whether a booking stands; a student cancels, staff call off."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    CALLED_OFF = "called_off"


class Attendance(StrEnum):
    """What is entered where someone did not simply come."""

    ABSENT = "absent"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True)
class Booking:
    """One slot taken by a student, alone or with fellow students (`with_ids`), and what it is about.

    `sequence` rises with every change that a calendar must show (RFC 5546), `moved_at` is when the student took
    another slot. `attendance` is None for whoever came,
    which is assumed. `unstuck` is the answer to one question afterwards.
    """

    id: str
    slot_id: str
    student_id: str
    booked_at: datetime
    topic: str = ""
    assignment_id: str | None = None
    link: str = ""
    with_ids: tuple[str, ...] = ()
    sequence: int = 0
    state: BookingState = BookingState.BOOKED
    ended_at: datetime | None = None
    ended_by: str | None = None
    attendance: Attendance | None = None
    unstuck: bool | None = None
    moved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A slot that a student holds or wants: whose hours, and when; `is_along` where somebody else booked it."""

    booking_id: str
    ta_id: str
    starts_at: datetime
    ends_at: datetime
    is_excused: bool = False
    is_along: bool = False


class Why(StrEnum):
    """Why a slot can't be taken by someone."""

    TAKEN = "taken"
    GONE = "gone"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    OWN_TIME = "own_time"
    FELLOWS_TIME = "fellows_time"
    SAME_TA = "same_ta"
    OPEN = "open"
    WEEK = "week"


def refusal(wanted: Held, held: Sequence[Held], policy: OfficeHoursPolicy, now: datetime, tz: ZoneInfo) -> Why | None:
    """Return why a student who holds these bookings can't take a slot, if so.

    `held` are the bookings that stand, past ones too; the one that is given up for this one left out. Coming along to
    somebody else's takes a student's time, and none of their bookings. Days and
    weeks are the programme's. Shortly before a slot begins, the limit a week no longer holds: an empty slot helps
    nobody.
    """
    mine = [one for one in held if not one.is_excused and not one.is_along]
    ahead = [one for one in mine if one.ends_at > now]
    if wanted.starts_at < now + timedelta(minutes=policy.notice_minutes):
        return Why.TOO_SOON
    if wanted.starts_at > add_days(now, policy.days_ahead, tz):
        return Why.TOO_FAR
    if is_busy(wanted, held):
        return Why.OWN_TIME
    if sum(one.ta_id == wanted.ta_id for one in ahead) >= policy.open_with_one_ta:
        return Why.SAME_TA
    if len(ahead) >= policy.open_at_once:
        return Why.OPEN
    if (
        wanted.starts_at - now > timedelta(hours=policy.limits_end_hours)
        and _in_week(wanted, mine, tz) >= policy.a_week
    ):
        return Why.WEEK
    return None


def _in_week(wanted: Held, held: Sequence[Held], tz: ZoneInfo) -> int:
    week_on = week_of(local_day(wanted.starts_at, tz))
    return sum(week_of(local_day(one.starts_at, tz)) == week_on for one in held)


def is_busy(wanted: Held, held: Sequence[Held]) -> bool:
    """Say whether someone who holds these bookings has something else at the time of a slot."""
    theirs = [one for one in held if not one.is_excused]
    return any(one.starts_at < wanted.ends_at and wanted.starts_at < one.ends_at for one in theirs)
