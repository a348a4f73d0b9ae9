"""How a student stands at one moment, in one word, with the reasons a person would give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Level(StrEnum):
    """How much concern there is about a student, from none to the most."""

    ON_TRACK = "on_track"
    SLIPPING = "slipping"
    AT_RISK = "at_risk"
    CRITICAL = "critical"

    @property
    def height(self) -> int:
        """How high it lies: 0 is on track, 3 critical."""
        return list(Level).index(self)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a level: the name of its signal, and its evidence as a sentence about facts."""

    signal: str
    words: str


@dataclass(frozen=True, slots=True)
class LevelSince:
    """The level a student came to at an instant. `concern` is in log-odds; the strongest reason comes first."""

    student_id: str
    since_at: datetime
    level: Level
    concern: float
    reasons: Sequence[Reason] = ()


def of_everyone(noted: Mapping[Level, int], students: int) -> dict[Level, int]:
    """Return how many of so many students stand how, from the levels that are noted.

    Who was always on track has none noted: once anybody has one, the others are on track. Before, nobody has any.
    """
    if not any(noted.values()):
        return dict.fromkeys(Level, 0)
    others = max(0, students - sum(noted.values()))
    return {level: noted.get(level, 0) + (others if level is Level.ON_TRACK else 0) for level in Level}
