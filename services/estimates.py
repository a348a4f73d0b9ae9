"""Correcting the estimates by the hours that students reported, and showing both to organizers."""

from datetime import datetime

from cohort.estimates import Estimate, corrects_from, estimates
from cohort.roster import Member
from services import access
from services.desk import Desk
from storage.records import Records


def correct_estimates(desk: Desk, now: datetime) -> int:
    """Write how long each assignment takes going by the reports; return how many changed. Nothing in the first week."""
    if now < corrects_from(desk.policy.programme):
        return 0
    with desk.store.reading() as records:
        new = [e for e in _all(records, now) if e.corrected != e.assignment.corrected_hours]
    if new:
        with desk.store.transaction() as records:
            for each in new:
                records.assignments.correct_hours(each.assignment.id, each.corrected)
                records.audit.add(None, "estimate.corrected", each.assignment.id, now)
    return len(new)


def listed(actor: Member, now: datetime, desk: Desk) -> list[Estimate]:
    """Return what is known of how long each assignment takes. Raises NotAllowed for all but organizers."""
    access.require_organizer(actor, "estimates.see", now)
    with desk.store.reading() as records:
        return [e for e in _all(records, now) if e.assignment.estimated_hours or e.reports]


def _all(records: Records, now: datetime) -> list[Estimate]:
    work = [a for a in records.assignments.all() if a.kind.is_handed_in and not a.cancelled]
    return estimates(work, records.hand_ins.reported_hours(now))
