"""Levels of students written directly into the records, and short ways to look at what followed."""

from datetime import datetime

from cohort.follow_ups import FollowUp
from cohort.levels import Level, LevelSince, Reason
from cohort.roster import Member
from services.desk import Desk

FACT = "hw3 was not handed in"


def stands(desk: Desk, student: Member, level: Level, since_at: datetime, signal: str = "missed") -> None:
    """Note that a student came to a level."""
    with desk.store.transaction() as records:
        records.risk.note(LevelSince(student.id, since_at, level, 0.0, (Reason(signal, FACT),)))


def case_of(desk: Desk, student: Member) -> FollowUp | None:
    """Return the open case about a student."""
    with desk.store.reading() as records:
        return records.follow_ups.open_of(student.id)


def the_case(desk: Desk, student: Member) -> FollowUp:
    """Return the open case about a student, which has to be there."""
    found = case_of(desk, student)
    assert found is not None
    return found
