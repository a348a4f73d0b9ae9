"""Discussion sections that are to be attended every week: which weeks are met, missed, excused, or still open."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from cohort.events import Event, EventKind
from cohort.times import local_day, week_of

# From when to when a student took part; None for no end.
Span = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class TakingPart:
    """What is known of a student: events attended (ids), weeks excused (Mondays), and when they took no part."""

    attended: Collection[str] = ()
    excused: Collection[date] = ()
    away: Sequence[Span] = ()
    joined_at: datetime | None = None


class WeekMark(StrEnum):
    """How a week stands for a student."""

    MET = "met"
    OPEN = "open"
    EXCUSED = "excused"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class SectionWeek:
    """One week with sections: how many were attended, how many are asked for, and what can still be attended."""

    week_on: date
    mark: WeekMark
    attended: int
    needed: int
    left: tuple[Event, ...] = ()


def section_weeks(
    events: Sequence[Event], student: TakingPart, needed: int, now: datetime, tz: ZoneInfo
) -> list[SectionWeek]:
    """Return every week that has sections and concerns a student, the first one first.

    Sections that were cancelled or never announced ask nothing of anyone, nor do those that took place before
    someone joined or while they were away. Where fewer were on than are asked for (`needed`), those are enough.
    Weeks are the programme's, which `tz` is the zone of.
    """
    return weeks_among(by_week(events, tz), student, needed, now)


def by_week(events: Sequence[Event], tz: ZoneInfo) -> list[tuple[date, Event]]:
    """Return the sections that can ask anything of anyone, the first one first, each with the Monday of its week."""
    found = [one for one in events if one.kind is EventKind.SECTION and one.announced_at and one.cancelled_at is None]
    found.sort(key=lambda one: (one.starts_at, one.id))
    return [(week_of(local_day(one.starts_at, tz)), one) for one in found]


def weeks_among(
    sections: Sequence[tuple[date, Event]], student: TakingPart, needed: int, now: datetime
) -> list[SectionWeek]:
    """Return the same as `section_weeks` of what `by_week` returns, which is one for all students."""
    if needed < 1:
        return []
    weeks: dict[date, list[Event]] = {}
    for on, event in sections:
        if _concerns(event, student):
            weeks.setdefault(on, []).append(event)
    return [_week(on, found, student, needed, now) for on, found in weeks.items()]


def missed(weeks: Sequence[SectionWeek]) -> list[date]:
    """Return the Mondays of the weeks that were missed."""
    return [week.week_on for week in weeks if week.mark is WeekMark.MISSED]


def _concerns(event: Event, student: TakingPart) -> bool:
    if event.id in student.attended:
        return True
    if student.joined_at is not None and event.starts_at < student.joined_at:
        return False
    return not any(
        (since is None or since <= event.starts_at) and (until is None or event.starts_at < until)
        for since, until in student.away
    )


def _week(on: date, events: Sequence[Event], student: TakingPart, needed: int, now: datetime) -> SectionWeek:
    came = sum(event.id in student.attended for event in events)
    asked = min(needed, len(events))
    left = tuple(event for event in events if event.id not in student.attended and event.ends_at > now)
    if came >= asked:
        mark = WeekMark.MET
    elif on in student.excused:
        mark = WeekMark.EXCUSED
    elif came + len(left) >= asked:
        mark = WeekMark.OPEN
    else:
        mark = WeekMark.MISSED
    return SectionWeek(on, mark, came, asked, left if mark is WeekMark.OPEN else ())
