"""Who may not decide about work that organizers look into or have upheld a case about."""

from collections.abc import Iterable
from datetime import datetime

from cohort.roster import Member, Role
from storage.records import Records


def barred(records: Records, hand_in_id: str, there: Iterable[Member]) -> set[str]:
    """Return the ids of those who may not decide: TAs, and whoever upheld it where another organizer is there.

    Nobody where there is no case, or organizers cleared it.
    """
    cases = records.integrity.not_cleared(hand_in_id)
    if not cases:
        return set()
    upheld_by = {case.decided_by for case in cases if case.decided_by}
    others = {member.id for member in there if member.role is Role.ORGANIZER} - upheld_by
    return {ta.id for ta in records.roster.with_role(Role.TA)} | (upheld_by if others else set())


def barred_now(records: Records, hand_in_id: str, now: datetime) -> set[str]:
    """Return the same as of an instant: those who are active and not away are there."""
    away = records.graders.away(now)
    organizers = records.roster.with_role(Role.ORGANIZER)
    return barred(records, hand_in_id, [o for o in organizers if o.is_active(now) and o.id not in away])
