"""Office hours against when students are awake: by the hours of a day, by region, and who came to what was held."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from statistics import median
from typing import Final

from cohort.office_hours import Session
from cohort.times import is_waking, zone

# Groups of fewer students are reported together with others, or not at all.
GROUP_LEAST: Final = 5
BLOCK_HOURS: Final = 3
STEP: Final = timedelta(minutes=15)
STEP_HOURS: Final = STEP / timedelta(hours=1)
OTHERS: Final = "Elsewhere"


@dataclass(frozen=True, slots=True)
class Quiet:
    """From when until when nobody is awake, by the clock they live by."""

    from_: time
    until: time

    def is_awake(self, at: datetime, name: str) -> bool:
        """Say whether people of a zone are awake at an instant."""
        return is_waking(at, zone(name), self.from_, self.until)


@dataclass(frozen=True, slots=True)
class Block:
    """Three hours of each day of UTC: how many hours are held in them, and how many students are awake then."""

    starts: int
    hours: float
    awake: int


@dataclass(frozen=True, slots=True)
class Region:
    """Students of one part of the world: the hours held while the median one is awake, and how many have none.

    `zones` are those without any; `best` is the beginning (hour of UTC) of the block in which most of them are awake.
    """

    name: str
    students: int
    hours: float
    without: int
    zones: tuple[str, ...] = ()
    best: int | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """A week of office hours against when students are awake; no regions where there are too few students."""

    from_at: datetime
    students: int
    hours: float
    blocks: Sequence[Block]
    regions: Sequence[Region]


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


def coverage(
    sessions: Iterable[Session], zones: Mapping[str, int], quiet: Quiet, from_at: datetime, until_at: datetime
) -> Coverage:
    """Return a span of office hours against when students are awake. `zones` is how many students live in each."""
    held = [at for session in sessions for at in _steps(session, from_at, until_at)]
    hours = {name: sum(quiet.is_awake(at, name) for at in held) * STEP_HOURS for name in zones}
    blocks = [_block(starts, held, zones, quiet, from_at) for starts in range(0, 24, BLOCK_HOURS)]
    regions = [_region(name, group, hours, quiet, from_at) for name, group in _grouped(zones)]
    return Coverage(from_at, sum(zones.values()), len(held) * STEP_HOURS, blocks, regions)


def _steps(session: Session, from_at: datetime, until_at: datetime) -> list[datetime]:
    """Return the quarter hours of a session within a span."""
    steps, at = [], session.starts_at
    while at < session.ends_at:
        if from_at <= at < until_at:
            steps.append(at)
        at += STEP
    return steps


def _block(starts: int, held: Sequence[datetime], zones: Mapping[str, int], quiet: Quiet, from_at: datetime) -> Block:
    hours = sum(starts <= at.astimezone(UTC).hour < starts + BLOCK_HOURS for at in held) * STEP_HOURS
    middle = _middle(starts, from_at)
    return Block(starts, hours, sum(count for name, count in zones.items() if quiet.is_awake(middle, name)))


def _middle(starts: int, from_at: datetime) -> datetime:
    day = from_at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(hours=starts + BLOCK_HOURS / 2)


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


def _region(name: str, group: Mapping[str, int], hours: Mapping[str, float], quiet: Quiet, from_at: datetime) -> Region:
    each = [hours[zone_name] for zone_name, count in group.items() for _ in range(count)]
    without = Counter({zone_name: count for zone_name, count in group.items() if hours[zone_name] == 0})
    zones = tuple(zone_name for zone_name, _ in without.most_common())
    best = max(range(0, 24, BLOCK_HOURS), key=lambda starts: _awake(without, _middle(starts, from_at), quiet))
    return Region(name, _size(group), median(each), _size(without), zones, best if without else None)


def _awake(group: Mapping[str, int], at: datetime, quiet: Quiet) -> int:
    return sum(count for name, count in group.items() if quiet.is_awake(at, name))
