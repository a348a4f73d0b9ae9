"""Integrity cases: something handed in that a grader could not grade in good faith. Confidential to organizers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands. A decided one is never opened again; a new doubt is a new case."""

    OPEN = "open"
    CLEARED = "cleared"
    UPHELD = "upheld"


@dataclass(frozen=True, slots=True)
class IntegrityCase:
    """One case about one thing handed in. `note` is the grader's, `reason` the organizer's who decided."""

    id: str
    hand_in_id: str
    flagged_by: str
    flagged_at: datetime
    note: str
    state: CaseState = CaseState.OPEN
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str = ""
