"""Handing over what a TA holds: evenly among those who may take it; and until when someone says they are away."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cohort.times import add_days, at_wall, local_day, read_wall
from cohort.wishes import ForDays, UntilDate, UntilDayAhead, UntilInstant, UntilWall, UntilWeekday, Wish, day_of


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that someone holds. `takers` are the ids of those it can go to; with none it is left to all.

    `before` is how it stood in words of its own sort, where giving it back takes more than whose it was.
    """

    sort: str
    id: str
    takers: tuple[str, ...]
    before: str = ""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One thing that changed hands; `to_id` is None where it was left to everyone. `before` is as in `Held`."""

    sort: str
    item_id: str
    to_id: str | None
    before: str = ""


@dataclass(frozen=True, slots=True)
class Handover:
    """Everything that left one member's hands at an instant, by whom, and until when they are away, if that is known.

    `made_by` is None where nobody said so: the member takes part no more.
    """

    id: str
    from_id: str
    made_at: datetime
    made_by: str | None = None
    until_at: datetime | None = None
    undone_at: datetime | None = None


def share(held: Sequence[Held], load: Mapping[str, int]) -> list[tuple[Held, str | None]]:
    """Give each thing to one of its takers, whoever holds least by then; None where it has none.

    What few can take is given first, so that the rest evens out what they got. `load` is what each holds before.
    """
    holds = Counter(load)
    shared = []
    for one in sorted(held, key=lambda each: len(each.takers)):
        to_id = min(one.takers, key=lambda member_id: (holds[member_id], member_id), default=None)
        if to_id is not None:
            holds[to_id] += 1
        shared.append((one, to_id))
    return shared


def back_at(wish: Wish, now: datetime, tz: ZoneInfo) -> datetime:
    """Return when someone is back who says until when they are away, in their own zone.

    A day is the first one back, from its midnight on; so many days are counted from now.
    """
    match wish:
        case ForDays(days):
            return add_days(now, days, tz)
        case UntilWeekday(weekday):
            today = local_day(now, tz)
            return at_wall(today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1), time.min, tz)
        case UntilDayAhead() | UntilDate():
            return at_wall(day_of(wish, local_day(now, tz)), time.min, tz)
        case UntilInstant(until_at):
            return until_at
        case UntilWall(naive, has_time):
            return read_wall(naive if has_time else datetime.combine(naive.date(), time.min), tz)
