"""Leaving a programme: why, what might help instead, and the days in which it can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cohort.roster import Status


class LeavingReason(StrEnum):
    """Why somebody leaves; several may hold."""

    TIME = "time"
    OTHER_COMMITMENTS = "other_commitments"
    HEALTH_OR_FAMILY = "health_or_family"
    TOO_HARD = "too_hard"
    TOO_EASY = "too_easy"
    NOT_FOR_ME = "not_for_me"
    MONEY = "money"
    OTHER = "other"


class Instead(StrEnum):
    """What might help instead of leaving."""

    LIGHTER_TRACK = "lighter_track"
    PAUSE = "pause"
    LATER_COHORT = "later_cohort"


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody's wish to leave: it takes effect at an instant, unless it is undone before.

    `was` is their status until then, to which undoing it leads back: active or paused.
    """

    id: str
    student_id: str
    asked_at: datetime
    takes_effect_at: datetime
    reasons: Sequence[LeavingReason] = ()
    helps: Sequence[Instead] = ()
    words: str = ""
    undone_at: datetime | None = None
    done_at: datetime | None = None
    was: Status = Status.ACTIVE

    @property
    def is_open(self) -> bool:
        """Whether it can still be undone."""
        return self.undone_at is None and self.done_at is None
