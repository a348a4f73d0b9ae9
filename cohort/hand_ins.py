"""What is handed in: its fields by kind, what is wrong with them, and until when it is taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cohort.assignments import Kind


class HandInState(StrEnum):
    """Where something handed in stands on its way to a grade."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    IN_REVIEW = "in_review"
    GRADED = "graded"

    @property
    def is_graded(self) -> bool:
        """Whether a grade was given."""
        return self is HandInState.GRADED


@dataclass(frozen=True, slots=True)
class HandIn:
    """One thing handed in, by one student or by several together; each of them has a `Submission` of it.

    `due_at` is the own due time it was handed in for, the latest of the partners'. `ready_at` is the later of that
    and of when it came, from which the time to grade it counts. `tools` are those the student named.
    """

    id: str
    assignment_id: str
    by_id: str
    submitted_at: datetime
    ready_at: datetime
    grade_by_at: datetime
    due_at: datetime | None = None
    is_part: bool = False
    is_retry: bool = False
    hours: float | None = None
    tools: str = ""
    state: HandInState = HandInState.WAITING
    owner_id: str | None = None
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    claim_expires_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Whether it came after the student's own due time."""
        return self.due_at is not None and self.submitted_at > self.due_at


@dataclass(frozen=True, slots=True)
class File:
    """A file as Slack knows it, and the SHA-256 of its bytes once they were read, in hexadecimal."""

    id: str
    name: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of what was handed in; every one stays. `content` is by field: link, text, summary and so on."""

    hand_in_id: str
    number: int
    submitted_at: datetime
    content: Mapping[str, str]
    file: File | None = None


LINK, TEXT, FILE = "link", "text", "file"
SUMMARY, STRENGTH, WEAKNESS = "summary", "strength", "weakness"

ANY_OF = (LINK, TEXT, FILE)
ALL_OF = (SUMMARY, STRENGTH, WEAKNESS)


def fields_of(kind: Kind) -> tuple[str, ...]:
    """Return the fields in which a kind of work is handed in: of a paper reading all, of the rest at least one."""
    return ALL_OF if kind is Kind.PAPER_READING else ANY_OF
