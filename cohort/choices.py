"""What students choose about messages nobody asked for: which kinds, from when on, and what to bring up later."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo

from cohort.nudge_limits import NudgeKind
from cohort.policy import NudgePolicy
from cohort.times import at_wall, local_day, shift

PAUSE = timedelta(days=7)
FARTHEST = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Choices:
    """One student's choices: kinds refused, a pause of everything, and things not to be named until later."""

    refused: frozenset[NudgeKind] = frozenset()
    paused_until_at: datetime | None = None
    later: Mapping[str, datetime] = field(default_factory=dict)

    def hears(self, kind: NudgeKind, now: datetime) -> bool:
        """Say whether the student wants messages of a kind now."""
        return kind not in self.refused and not self.is_paused(now)

    def is_paused(self, now: datetime) -> bool:
        """Say whether the student wants none at all now."""
        return self.paused_until_at is not None and now < self.paused_until_at

    def not_yet(self, now: datetime) -> frozenset[str]:
        """Return the assignments of which nothing is to be said yet."""
        return frozenset(assignment_id for assignment_id, until_at in self.later.items() if now < until_at)


def pause_until(now: datetime, tz: tzinfo) -> datetime:
    """Return when a week's pause ends: seven days later at the same wall time."""
    return shift(now, PAUSE, tz)


def remind_at(on: date, now: datetime, tz: tzinfo, policy: NudgePolicy) -> datetime | None:
    """Return when to remind on a local day, as soon as the student is awake; None for a day that can't be."""
    today = local_day(now, tz)
    if not today < on <= today + FARTHEST:
        return None
    return at_wall(on, policy.quiet_until, tz) if policy.quiet_until < policy.quiet_from else at_wall(on, NINE, tz)


NINE = time(9)
