"""Our own mistakes in an assignment: what was wrong, what holds instead, and whose work it touched."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake that staff made in an assignment; `question` is empty where it is about the whole of it."""

    id: str
    assignment_id: str
    question: str
    words: str
    admitted_at: datetime
    admitted_by: str


@dataclass(frozen=True, slots=True)
class AdmitMistake:
    """What a member of staff says: in which assignment, in which question if in one, and what holds instead."""

    assignment_id: str
    question: str
    words: str
