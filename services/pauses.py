"""Pauses that end by themselves: who takes part again from the day that was named."""

from datetime import datetime

from cohort.roster import Status
from services import access
from services.desk import Desk
from services.roster import set_status


def end_pauses(desk: Desk, now: datetime) -> int:
    """Bring back everyone whose pause is over, each in a transaction of their own; return how many those are.

    Who wants to leave stays paused until that is settled.
    """
    with desk.store.reading() as records:
        due = records.pauses.due(now)
    return sum(_end(student_id, desk, now) for student_id in due)


def _end(student_id: str, desk: Desk, now: datetime) -> bool:
    with desk.store.transaction() as records:
        if student_id not in records.pauses.due(now):
            return False
        return set_status(records, access.known(records, student_id), Status.ACTIVE, None, now, desk).is_new
