"""An organizer's waiver of one assignment for one student."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cohort.assignments import Assignment
from cohort.errors import ReasonNeeded
from cohort.roster import Member
from services import access, outbox
from services.desk import Desk
from services.extension_upkeep import lapse_settled
from services.letters import Composed, Said
from storage.records import Records

REASON_MOST = 500


@dataclass(frozen=True, slots=True)
class Excused:
    """What was waived for whom, for the organizer."""

    student: Member
    assignment: Assignment
    is_new: bool


@dataclass(frozen=True, slots=True)
class ExcuseNote:
    """For the student: an assignment they need not hand in, and the reason that is on record about them."""

    student: Member
    assignment: Assignment
    by: Member
    reason: str


def excuse(actor: Member, student: str, text: str, now: datetime, desk: Desk) -> Excused:
    """Waive an assignment for a student, also a paused one; an open request about it ends with that.

    `text` names the assignment by slug or title, and then the reason. Changes nothing the second time. Raises
    NotAllowed for all but organizers, NotFound also for staff, and ReasonNeeded without a reason.
    """
    access.require_organizer(actor, "excuses.excuse", now)
    with desk.transaction(now) as records:
        found = access.must_be_student(access.person(records, student))
        waived, reason = access.assignment_and_rest(records, text)
        if not reason:
            raise ReasonNeeded("a reason after the assignment, which the student reads")
        is_new = records.submissions.excuse(found.id, waived.id, now, actor.id, reason[:REASON_MOST])
        if is_new:
            _follow(records, Excused(found, waived, is_new), actor, now)
            lapse_settled(records, desk, now)
        return Excused(found, waived, is_new)


def _follow(records: Records, excused: Excused, actor: Member, now: datetime) -> None:
    student, assignment = excused.student, excused.assignment
    records.audit.add(actor.id, "excuse.given", student.id, now, detail=assignment.id)
    data = {"student": student.id, "assignment": assignment.id, "by": actor.id}
    key = f"excused:{student.id}:{assignment.id}"
    outbox.post(records, "excuses.excused", outbox.to(student), data, key, now)


def compose_excused(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what a student reads about an assignment that was waived."""
    del desk, now
    student, by = access.known(records, data["student"]), access.known(records, data["by"])
    assignment = access.assignment(records, data["assignment"])
    reason = records.submissions.excuse_reason(student.id, assignment.id)
    return Said(ExcuseNote(student, assignment, by, reason))


COMPOSERS = {"excuses.excused": compose_excused}
