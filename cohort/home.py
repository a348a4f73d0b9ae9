"""What waits for the staff, in numbers."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits of a sort, since when the first of it, and how much of it is past the time it was promised by."""

    count: int
    oldest_at: datetime | None
    overdue: int = 0
