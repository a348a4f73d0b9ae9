"""Deciding requests for more time: what TAs and organizers do."""

from dataclasses import dataclass, replace
from datetime import datetime

from cohort.assignments import Assignment
from cohort.errors import AlreadyDecided, NotActive, ReasonNeeded
from cohort.extensions import (
    Case,
    Category,
    Extension,
    ExtensionRequest,
    Origin,
    State,
    check_grant,
    length_of,
    refusal_floor,
)
from cohort.roster import Member
from cohort.wishes import Wish, asked_until
from services import access, outbox
from services.desk import Desk
from services.extensions import Grant, card_subject, case_of, close_request, grant
from storage.ids import new_id
from storage.records import Records


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, for the one who decided it."""

    student: Member
    assignment: Assignment
    request: ExtensionRequest


@dataclass(frozen=True, slots=True)
class Reason:
    """What a student gave as their reason: for those who decide, and nobody else."""

    student: Member
    assignment: Assignment
    category: Category | None
    note: str


def approve(request_id: str, actor: Member, now: datetime, desk: Desk, until_at: datetime | None = None) -> Decided:
    """Grant what was asked for, or until another instant.

    Raises AlreadyDecided, DatePassed (also when the date asked for has passed meanwhile), DateTooLate,
    DateNotLater, NotAllowed, and ReasonNeeded for a talk that names no date.
    """
    with desk.transaction(now) as records:
        request, case = _to_decide(records, request_id, actor, now)
        if not case.student.is_active(now):
            raise NotActive(case.student.status.value, about_self=False)
        until = until_at or request.until_at
        if until is None:
            raise ReasonNeeded("a date")
        check_grant(until, case, now)
        decided = replace(request, state=State.APPROVED, decided_at=now, decided_by=actor.id, granted_until_at=until)
        close_request(records, decided, now)
        grant(records, Grant(case, until, Origin.TA, actor, request.id), now, desk)
        records.audit.add(actor.id, "extension.approved", request.id, now)
        return Decided(case.student, case.assignment, decided)


def decline(request_id: str, reason: str, actor: Member, now: datetime, desk: Desk) -> Decided:
    """Decline with a reason for the student, who keeps at least 24 hours from when they are told.

    Raises AlreadyDecided, NotAllowed, and ReasonNeeded for an empty reason.
    """
    if not reason.strip():
        raise ReasonNeeded("a reason for the student")
    with desk.transaction(now) as records:
        request, case = _to_decide(records, request_id, actor, now)
        decided = replace(
            request, state=State.DECLINED, decided_at=now, decided_by=actor.id, decline_reason=reason.strip()
        )
        close_request(records, decided, now)
        leave_a_day(records, case, request.id, now, desk)
        data = {"request": request.id}
        outbox.post(records, "extensions.declined", outbox.to(case.student), data, f"declined:{request.id}", now)
        records.audit.add(actor.id, "extension.declined", request.id, now)
        return Decided(case.student, case.assignment, decided)


def leave_a_day(records: Records, case: Case, request_id: str, told_at: datetime, desk: Desk) -> None:
    """Let the student's due time be no sooner than 24 hours after a refusal is told."""
    floor = refusal_floor(case, told_at)
    if floor is None:
        return
    earlier = next((e for e in case.extensions if e.request_id == request_id and e.origin is Origin.REFUSAL), None)
    if earlier is not None:
        records.extensions.set_until(earlier.id, floor)
        return
    tz = desk.policy.programme.tz
    records.extensions.add(
        Extension(
            id=new_id("ext"),
            student_id=case.student.id,
            assignment_id=case.assignment.id,
            until_at=floor,
            length=length_of(floor, case.assignment, tz),
            origin=Origin.REFUSAL,
            granted_at=told_at,
            request_id=request_id,
        )
    )


def talk_first(request_id: str, actor: Member, now: datetime, desk: Desk) -> Decided:
    """Take a request on to talk with the student; it stays open. Raises AlreadyDecided and NotAllowed."""
    with desk.transaction(now) as records:
        request, case = _to_decide(records, request_id, actor, now)
        if not records.requests.start_talking(request.id, actor.id):
            raise _already(records, request)
        data = {"request": request.id}
        outbox.post(records, "extensions.talk", outbox.to(case.student), data, f"talk:{request.id}", now)
        outbox.refresh(records, "extensions.card", data, card_subject(request.id), "talking", now)
        records.audit.add(actor.id, "extension.talking", request.id, now)
        return Decided(case.student, case.assignment, replace(request, state=State.TALKING, decided_by=actor.id))


@dataclass(frozen=True, slots=True)
class GrantedDirectly:
    """What was granted without a request; `answered` is the open request that it settled, if there was one."""

    student: Member
    assignment: Assignment
    extension: Extension
    answered: ExtensionRequest | None


def grant_directly(
    student: str, assignment: str, wish: Wish, actor: Member, now: datetime, desk: Desk
) -> GrantedDirectly:
    """Grant time that nobody asked for; an open request about the same thing is approved with it.

    Raises NotAllowed, NotFound, NotActive, DatePassed, DateTooLate and DateNotLater.
    """
    access.require_staff(actor, "extensions.grant", now)
    with desk.transaction(now) as records:
        case = case_of(records, access.student(records, student, now), access.assignment(records, assignment), now)
        due = case.effective_due_at or case.assignment.hard_due_at
        until = asked_until(wish, due, now, actor.tz, desk.policy.programme.tz)
        check_grant(until, case, now)
        waiting = records.requests.open_of(case.student.id, case.assignment.id)
        if waiting is not None:
            approved = replace(
                waiting, state=State.APPROVED, decided_at=now, decided_by=actor.id, granted_until_at=until
            )
            close_request(records, approved, now)
        request_id = waiting.id if waiting else None
        extension = grant(records, Grant(case, until, Origin.TA, actor, request_id), now, desk)
        return GrantedDirectly(case.student, case.assignment, extension, waiting)


def reason_of(request_id: str, actor: Member, now: datetime, desk: Desk) -> Reason:
    """Show someone who may decide what the student gave as reason; that they looked is audited."""
    with desk.transaction(now) as records:
        request = access.request_to_decide(records, request_id, actor, now)
        student = access.known(records, request.student_id)
        assignment = access.assignment(records, request.assignment_id)
        records.audit.add(actor.id, "extension.reason_read", request.id, now)
        return Reason(student, assignment, request.category, request.note)


def to_decide(request_id: str, actor: Member, now: datetime, desk: Desk) -> tuple[ExtensionRequest, Case]:
    """Return an open request with its case, for a form. Raises AlreadyDecided and NotAllowed."""
    with desk.store.reading() as records:
        return _to_decide(records, request_id, actor, now)


def _to_decide(records: Records, request_id: str, actor: Member, now: datetime) -> tuple[ExtensionRequest, Case]:
    request = access.request_to_decide(records, request_id, actor, now)
    if not request.state.is_open:
        raise _already(records, request)
    student = access.known(records, request.student_id)
    return request, case_of(records, student, access.assignment(records, request.assignment_id), now)


def _already(records: Records, request: ExtensionRequest) -> AlreadyDecided:
    by = access.known(records, request.decided_by) if request.decided_by else None
    return AlreadyDecided(request.state.value, by, request.decided_at)
