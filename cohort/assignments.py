"""What students hand in, and when it is due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum


class Kind(StrEnum):
    """What sort of work it is; lectures and readings have no hand-in."""

    LECTURE = "lecture"
    READING = "reading"
    WRITTEN = "written"
    PROGRAMMING = "programming"
    PAPER_READING = "paper_reading"
    PROJECT = "project"
    EXAM = "exam"

    @property
    def is_handed_in(self) -> bool:
        """Whether there is anything to hand in."""
        return self not in {Kind.LECTURE, Kind.READING}


@dataclass(frozen=True, slots=True)
class Assignment:
    """Something to hand in, or to read or hear. `hard_due_at` is the last moment anyone may hand in."""

    id: str
    slug: str
    title: str
    kind: Kind
    hard_due_at: datetime
    due_at: datetime | None = None
    opens_at: datetime | None = None
    week: int | None = None
    pass_mark: float | None = None
    required: bool = True
    estimated_hours: float | None = None
    url: str = ""
    cancelled: bool = False
    droppable: bool = True
    corrected_hours: float | None = None

    @property
    def hours(self) -> float | None:
        """How long it takes, as far as anyone knows: what students reported counts more than the estimate."""
        return self.corrected_hours or self.estimated_hours

    def is_open(self, now: datetime) -> bool:
        """Say whether it can be handed in at an instant."""
        return self.is_still_ahead(now) and (self.opens_at is None or self.opens_at <= now)

    def is_still_ahead(self, now: datetime) -> bool:
        """Say whether it can be handed in at an instant or after it."""
        return self.kind.is_handed_in and not self.cancelled and now < self.hard_due_at


def named(assignments: Iterable[Assignment], name: str) -> Assignment | None:
    """Return the assignment that a person means: its slug or title, whatever the case."""
    wanted = name.strip().casefold()
    for assignment in assignments:
        if wanted in {assignment.slug.casefold(), assignment.title.casefold()}:
            return assignment
    return None


def closest_names(assignments: Iterable[Assignment], name: str) -> Sequence[str]:
    """Return up to three slugs that look like what was typed, best first."""
    slugs = [assignment.slug for assignment in assignments]
    return get_close_matches(name.strip().casefold(), slugs, n=3, cutoff=0.4)
