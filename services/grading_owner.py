"""Whose it is to grade something that was handed in."""

from collections.abc import Iterable
from datetime import datetime

from cohort.hand_ins import HandIn
from storage.records import Records


def owner_for(records: Records, hand_in: HandIn, now: datetime) -> str | None:
    """Return the id of the TA whose it is to grade something; None where it is free for everyone.

    What is tried again goes to whoever graded it before, the rest to the one of the assignment's graders who holds
    least. Nobody gets what they are in conflict with, nobody who is away, and nobody who takes no part. Those who
    handed it in are read from their submissions.
    """
    students = [submission.student_id for submission in records.submissions.of_hand_in(hand_in.id)]
    barred = records.graders.in_conflict_with(students) | records.graders.away(now)
    if hand_in.is_retry:
        before = _free(records, records.graders.before(hand_in.assignment_id, students), barred, now)
        if before:
            return before[0]
    load = records.hand_ins.load()
    owners = _free(records, records.graders.of(hand_in.assignment_id), barred, now)
    return min(owners, key=lambda member_id: (load.get(member_id, 0), member_id), default=None)


def in_conflict(records: Records, hand_in: HandIn) -> bool:
    """Say whether whoever it waits for may not grade one of those who handed it in."""
    students = [submission.student_id for submission in records.submissions.of_hand_in(hand_in.id)]
    return hand_in.owner_id in records.graders.in_conflict_with(students)


def _free(records: Records, member_ids: Iterable[str], barred: set[str], now: datetime) -> list[str]:
    """Return those of some people who may grade it, in their order."""
    found = (records.roster.get(member_id) for member_id in member_ids)
    return [m.id for m in found if m is not None and m.is_staff and m.is_active(now) and m.id not in barred]
