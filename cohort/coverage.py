"""Office hours against when students are awake: by the hours of a day, by region, and who came to what was held."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from cohort.office_hours import Session
from cohort.times import DAY, at_wall, days_between, is_waking, local_day, zone

# Groups of fewer students are reported together with others, or not at all.
GROUP_LEAST: Final = 5
BLOCK_HOURS: Final = 3
STARTS: Final = range(0, 24, BLOCK_HOURS)
HOUR: Final = timedelta(hours=1)
# Wherever clocks change, they do so on a half hour of UTC.
CLOCK_STEP: Final = timedelta(minutes=30)
OTHERS: Final = "Elsewhere"
# Hours to which so many times as many come in an hour as in the middle are crowded.
FAR_ABOVE: Final = 2

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Quiet:
    """From when until when nobody is awake, by the clock they live by."""

    from_: time
    until: time

    def waking(self, name: str, from_at: datetime, until_at: datetime) -> list[Span]:
        """Return when people of a zone are awake within a span, also where its clocks change in it."""
        tz = zone(name)
        cuts = sorted({from_at, until_at, *self._turns(tz, from_at, until_at)})
        return [each for each in pairwise(cuts) if is_waking(each[0], tz, self.from_, self.until)]

    def _turns(self, tz: ZoneInfo, from_at: datetime, until_at: datetime) -> list[datetime]:
        """Return every instant of a span at which people could fall asleep, wake up, or change their clocks."""
        days = days_between(local_day(from_at, tz), local_day(until_at, tz))
        walls = [wall.replace(fold=fold) for wall in (self.from_, self.until) for fold in (0, 1)]
        first_at = from_at.replace(minute=0, second=0, microsecond=0)
        steps = (first_at + CLOCK_STEP * n for n in range(int((until_at - first_at) / CLOCK_STEP) + 1))
        turns = [*(at_wall(on, wall, tz) for on in days for wall in walls), *steps]
        return [at for at in turns if from_at < at < until_at]


@dataclass(frozen=True, slots=True)
class Block:
    """Three hours of each day of the programme: how many hours are held in them, and how many are awake on average."""

    starts: int
    hours: float
    awake: float


@dataclass(frozen=True, slots=True)
class Region:
    """Students of one part of the world: the hours held while the median one is awake, and how many have none.

    `longest` is the longest time the median one has to wait for such hours, asleep or awake. `zones` are those of the
    students without any, where there are five of them in a zone; `best` is the beginning of the block in which most
    of them are awake.
    """

    name: str
    students: int
    hours: float
    longest: timedelta
    without: int = 0
    zones: tuple[str, ...] = ()
    best: int | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """A span of office hours against when students are awake; no regions where there are too few students."""

    from_at: datetime
    students: int
    hours: float
    blocks: Sequence[Block]
    regions: Sequence[Region]


@dataclass(frozen=True, slots=True)
class _Life:
    """What hours are to people of one zone, and how long they are awake in the blocks of the days."""

    hours: float
    longest: timedelta
    awake: Mapping[int, timedelta]


@dataclass(frozen=True, slots=True)
class Attended:
    """Who came to a session: from the line and with bookings, and how many in the line were not reached."""

    session: Session
    slots: int
    booked: int
    came: int
    unreached: int

    @property
    def is_crowded(self) -> bool:
        """Whether somebody may have found no room."""
        return self.unreached > 0 or 0 < self.slots <= self.booked

    @property
    def is_empty(self) -> bool:
        """Whether nobody came."""
        return self.came == 0


@dataclass(frozen=True, slots=True)
class Used:
    """What came of hours that repeat: the dates of a series, or one TA's at one weekday and time; `last` is the latest.

    `an_hour` is how many people came in an hour. `empty` is on how many of the dates nobody came.
    """

    last: Session
    dates: int
    empty: int
    slots: int
    booked: int
    came: int
    unreached: int
    an_hour: float
    is_crowded: bool

    @property
    def is_empty(self) -> bool:
        """Whether nobody came on any date."""
        return self.came == 0


def used(attended: Iterable[Attended], tz: ZoneInfo) -> list[Used]:
    """Return what came of hours, the dates of each counted together: those with the most people in an hour first.

    Crowded is where far more came in an hour than in the middle of all hours to which anyone came, or where on half of
    the dates somebody may have found no room.
    """
    groups: dict[tuple[object, ...], list[Attended]] = {}
    for one in attended:
        groups.setdefault(_same(one.session, tz), []).append(one)
    rates = {key: _rate(dates) for key, dates in groups.items()}
    middle = median([rate for rate in rates.values() if rate] or [0])
    found = [_used(dates, rates[key], middle) for key, dates in groups.items()]
    return sorted(found, key=lambda each: (-each.an_hour, each.last.starts_at, each.last.id))


def _same(session: Session, tz: ZoneInfo) -> tuple[object, ...]:
    local = session.starts_at.astimezone(tz)
    return (session.series_id,) if session.series_id else (session.ta_id, local.weekday(), local.time())


def _rate(dates: Sequence[Attended]) -> float:
    return sum(one.came for one in dates) / (
        _length((one.session.starts_at, one.session.ends_at) for one in dates) / HOUR
    )


def _used(dates: Sequence[Attended], rate: float, middle: float) -> Used:
    no_room = sum(one.is_crowded for one in dates)
    return Used(
        max((one.session for one in dates), key=lambda session: session.starts_at),
        len(dates),
        sum(one.is_empty for one in dates),
        sum(one.slots for one in dates),
        sum(one.booked for one in dates),
        sum(one.came for one in dates),
        sum(one.unreached for one in dates),
        rate,
        0 < FAR_ABOVE * middle <= rate or 2 * no_room >= len(dates),
    )


def coverage(
    sessions: Iterable[Session],
    zones: Mapping[str, int],
    quiet: Quiet,
    from_at: datetime,
    until_at: datetime,
    tz: ZoneInfo,
) -> Coverage:
    """Return a span of office hours against when students are awake.

    `zones` is how many students live in each; `tz` is the zone of the programme, whose days have the blocks. Hours of
    several TAs at one time count each.
    """
    held = [(max(one.starts_at, from_at), min(one.ends_at, until_at)) for one in sessions]
    held = sorted(each for each in held if each[0] < each[1])
    blocks = _windows(from_at, until_at, tz)
    lives = {name: _life(quiet.waking(name, from_at, until_at), held, blocks, (from_at, until_at)) for name in zones}
    return Coverage(
        from_at,
        sum(zones.values()),
        _length(held) / HOUR,
        [_block(starts, blocks[starts], held, zones, lives) for starts in STARTS],
        [_region(name, group, lives) for name, group in _grouped(zones)],
    )


def _windows(from_at: datetime, until_at: datetime, tz: ZoneInfo) -> dict[int, list[Span]]:
    """Return when each block of the day is on, on each day of a span."""
    windows: dict[int, list[Span]] = {starts: [] for starts in STARTS}
    for on in days_between(local_day(from_at, tz), local_day(until_at, tz)):
        cuts = [*(at_wall(on, time(starts), tz) for starts in STARTS), at_wall(on + DAY, time(0), tz)]
        for starts, (begins_at, ends_at) in zip(STARTS, pairwise(cuts), strict=True):
            windows[starts] += _common([(begins_at, ends_at)], [(from_at, until_at)])
    return windows


def _life(awake: Sequence[Span], held: Sequence[Span], blocks: Mapping[int, Sequence[Span]], within: Span) -> _Life:
    useful = sorted(_common(awake, held))
    times = {starts: _length(_common(awake, spans)) for starts, spans in blocks.items()}
    return _Life(_length(useful) / HOUR, _longest(useful, within), times)


def _longest(useful: Sequence[Span], within: Span) -> timedelta:
    """Return the longest time of a span in which nothing useful is on."""
    longest, free_at = timedelta(0), within[0]
    for begins_at, ends_at in [*useful, (within[1], within[1])]:
        longest, free_at = max(longest, begins_at - free_at), max(free_at, ends_at)
    return longest


def _common(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """Return what spans have in common with others, each pair by itself."""
    return [(max(a, c), min(b, d)) for a, b in some for c, d in others if a < d and c < b]


def _length(spans: Iterable[Span]) -> timedelta:
    return sum((ends_at - begins_at for begins_at, ends_at in spans), timedelta(0))


def _block(
    starts: int, on: Sequence[Span], held: Sequence[Span], zones: Mapping[str, int], lives: Mapping[str, _Life]
) -> Block:
    awake = sum((count * lives[name].awake[starts] for name, count in zones.items()), timedelta(0))
    length = _length(on)
    return Block(starts, _length(_common(held, on)) / HOUR, awake / length if length else 0.0)


def _grouped(zones: Mapping[str, int]) -> list[tuple[str, dict[str, int]]]:
    """Return students by part of the world, the largest group first; none of fewer than five."""
    parts: dict[str, dict[str, int]] = {}
    for name, count in sorted(zones.items()):
        parts.setdefault(name.partition("/")[0], {})[name] = count
    large = sorted(parts.items(), key=lambda part: (-sum(part[1].values()), part[0]))
    others: dict[str, int] = {}
    while large and _size(large[-1][1]) < GROUP_LEAST:
        others |= large.pop()[1]
    return [*large, (OTHERS, others)] if _size(others) >= GROUP_LEAST else large


def _size(group: Mapping[str, int]) -> int:
    return sum(group.values())


def _region(name: str, group: Mapping[str, int], lives: Mapping[str, _Life]) -> Region:
    each = [lives[zone_name] for zone_name, count in group.items() for _ in range(count)]
    hours, longest = median(life.hours for life in each), median(life.longest / HOUR for life in each) * HOUR
    without = {zone_name: count for zone_name, count in group.items() if not lives[zone_name].hours}
    if not without:
        return Region(name, _size(group), hours, longest)
    zones = sorted((zone_name for zone_name in without if without[zone_name] >= GROUP_LEAST), key=lambda z: -without[z])
    best = max(STARTS, key=lambda starts: sum(count * lives[z].awake[starts] / HOUR for z, count in without.items()))
    return Region(name, _size(group), hours, longest, _size(without), tuple(zones), best)
