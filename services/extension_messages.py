"""What is said about requests for more time, read from the records at the moment of sending."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cohort.assignments import Assignment
from cohort.extensions import (
    Case,
    Extension,
    ExtensionRequest,
    Origin,
    State,
    effective_due_at,
    near,
)
from cohort.roster import Member
from cohort.workload import Crowd, crowds
from services import access, outbox
from services.desk import Desk
from services.duties import duty_ta
from services.extension_decisions import leave_a_day
from services.extensions import card_subject, case_of, cases_of
from services.letters import Composed, Obsolete, Said
from services.own_work import arrangements_of
from storage.records import Records

Due = tuple[Assignment, datetime]
STILL_AWAKE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier extension of the student and its use: whether the work was handed in by then."""

    assignment: Assignment
    until_at: datetime
    handed_in: bool


@dataclass(frozen=True, slots=True)
class RequestCard:
    """Everything a TA needs to decide a request; the reason itself stays behind a button."""

    request: ExtensionRequest
    student: Member
    assignment: Assignment
    due_at: datetime
    earlier: list[Earlier]
    declined: list[Due]
    near: list[Due]
    duty: Member | None
    decided_by: Member | None
    crowds: Sequence[Crowd] = ()
    running: Sequence[Due] = ()


@dataclass(frozen=True, slots=True)
class GrantedNote:
    """For the student: the new due time and what else is due near it."""

    student: Member
    assignment: Assignment
    until_at: datetime
    origin: Origin
    by: Member | None
    near: list[Due]


@dataclass(frozen=True, slots=True)
class DeclinedNote:
    """For the student: the answer, its reason, and until when there is time in any case."""

    student: Member
    assignment: Assignment
    reason: str
    by: Member | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class TalkNote:
    """For the student: a TA would like to talk first."""

    student: Member
    assignment: Assignment
    by: Member


@dataclass(frozen=True, slots=True)
class ClosedNote:
    """For the student: nobody answered before the last moment to hand in."""

    student: Member
    assignment: Assignment


@dataclass(frozen=True, slots=True)
class WaitingNote:
    """For staff: a request has waited; `is_over` once it is past the time policy gives."""

    request: ExtensionRequest
    student: Member
    assignment: Assignment
    waiting_since_at: datetime
    is_over: bool
    duty: Member | None


@dataclass(frozen=True, slots=True)
class AllWaiting:
    """For organizers: the requests that should have been answered by now, the oldest first."""

    notes: Sequence[WaitingNote]


def dues_of(records: Records, student: Member, now: datetime) -> list[Due]:
    """Return what a student still has to hand in, with their own due times, soonest first."""
    submissions = [s for s in records.submissions.of_student(student.id) if s.submitted_at <= now]
    handed_in = arrangements_of(records, student, now).handed_in(submissions)
    owed = [c for c in cases_of(records, student, now) if c.assignment.required and c.assignment.is_still_ahead(now)]
    dues = [(c.assignment, due) for c in owed if (due := c.effective_due_at) is not None and not c.is_excused]
    return sorted([d for d in dues if d[1] > now and d[0].id not in handed_in], key=lambda pair: pair[1])


def compose_card(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the card of a request as it stands now."""
    request, case = _request(records, data, now)
    due = case.effective_due_at or case.assignment.hard_due_at
    card = RequestCard(
        request=request,
        student=case.student,
        assignment=case.assignment,
        due_at=_due_before(case, request) or due,
        earlier=[one for one, has_ended in _others(records, case, request, now) if has_ended],
        running=[(one.assignment, one.until_at) for one, ended in _others(records, case, request, now) if not ended],
        declined=_declined(records, case, request),
        near=_near(records, case, request.until_at, now),
        duty=duty_ta(records, now, desk.policy.programme.tz),
        decided_by=access.known(records, request.decided_by) if request.decided_by else None,
        crowds=_crowds(records, case, request.until_at, desk, now) if request.state.is_open else (),
    )
    return Said(card, card_subject(request.id))


def told_card(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> None:
    """Bring a card up to date that was decided while it was on its way."""
    del desk
    request, _ = _request(records, data, now)
    if request.state is not State.PENDING:
        outbox.refresh(records, "extensions.card", data, card_subject(request.id), request.state.value, now)


def _due_before(case: Case, request: ExtensionRequest) -> datetime | None:
    """Return the due time the student had apart from what this request brought."""
    others = [e for e in case.extensions if e.request_id != request.id]
    return effective_due_at(case.assignment, others)


def _others(records: Records, case: Case, request: ExtensionRequest, now: datetime) -> Iterator[tuple[Earlier, bool]]:
    """Yield the other extensions, each with whether it was used or has ended: of one that runs it can't be said yet."""
    handed_in = records.submissions.of_student(case.student.id)
    for extension in records.extensions.of(case.student.id):
        if extension.request_id == request.id or extension.origin is Origin.REFUSAL:
            continue
        used = any(
            s.assignment_id == extension.assignment_id and s.submitted_at <= extension.until_at for s in handed_in
        )
        assignment = access.assignment(records, extension.assignment_id)
        yield Earlier(assignment, extension.until_at, used), used or extension.until_at <= now


def _declined(records: Records, case: Case, request: ExtensionRequest) -> list[Due]:
    """Return what else this student was declined, and when."""
    others = [r for r in records.requests.of(case.student.id) if r.state is State.DECLINED and r.id != request.id]
    return [(access.assignment(records, r.assignment_id), r.decided_at) for r in others if r.decided_at is not None]


def _near(records: Records, case: Case, until_at: datetime | None, now: datetime) -> list[Due]:
    if until_at is None:
        return []
    return near(until_at, [due for due in dues_of(records, case.student, now) if due[0].id != case.assignment.id])


def _crowds(records: Records, case: Case, until_at: datetime | None, desk: Desk, now: datetime) -> list[Crowd]:
    """Return where too much would fall due with the time that is asked for, by the student's own days."""
    if until_at is None:
        return []
    others = [due for due in dues_of(records, case.student, now) if due[0].id != case.assignment.id]
    full = crowds([*others, (case.assignment, until_at)], desk.policy.workload, case.student.tz)
    return [crowd for crowd in full if crowd.holds(case.assignment.id)]


def compose_granted(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what a student reads about time they were granted."""
    del desk
    extension = _extension(records, data)
    student = access.known(records, extension.student_id)
    case = case_of(records, student, access.assignment(records, extension.assignment_id), now)
    by = access.known(records, extension.granted_by) if extension.granted_by else None
    until = max(extension.until_at, case.effective_due_at or extension.until_at)
    nearby = _near(records, case, until, now)
    note = GrantedNote(student, case.assignment, until, extension.origin, by, nearby)
    # Who got it by an act of their own is awake; what somebody else granted is of use until it ends.
    latest_at = until if by else extension.granted_at + STILL_AWAKE
    return Said(note, latest_at=latest_at)


def compose_declined(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what a student reads about a request that was declined."""
    del desk
    request, case = _request(records, data, now)
    by = access.known(records, request.decided_by) if request.decided_by else None
    due = case.effective_due_at or case.assignment.hard_due_at
    least = min(now + timedelta(hours=24), case.assignment.hard_due_at)
    return Said(DeclinedNote(case.student, case.assignment, request.decline_reason, by, max(due, least)))


def told_declined(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> None:
    """Note that a refusal was told, and let the 24 hours run from then."""
    request, case = _request(records, data, now)
    if records.requests.set_told(request.id, now):
        leave_a_day(records, case, request.id, now, desk)


def compose_talk(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what a student reads when a TA would like to talk first; nothing once it is decided."""
    del desk
    request, case = _request(records, data, now)
    if request.state is not State.TALKING or request.decided_by is None:
        return Obsolete("decided meanwhile")
    return Said(TalkNote(case.student, case.assignment, access.known(records, request.decided_by)))


def compose_closed(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what a student reads when nobody answered in time."""
    del desk
    _, case = _request(records, data, now)
    return Said(ClosedNote(case.student, case.assignment))


def compose_waiting(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the reminder about a request that waits; nothing once it is decided."""
    note = _waiting(records, data["request"], desk, now)
    if note is None:
        return Obsolete("decided meanwhile")
    latest_at = note.assignment.hard_due_at if note.is_over else note.request.review_by_at
    return Said(note, card_subject(note.request.id), latest_at)


def compose_all_waiting(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the requests that still wait of those a note was made about; nothing once all are decided."""
    found = [_waiting(records, request_id, desk, now) for request_id in data["requests"]]
    notes = sorted((note for note in found if note is not None), key=lambda note: note.waiting_since_at)
    return Said(AllWaiting(notes)) if notes else Obsolete("decided meanwhile")


def _waiting(records: Records, request_id: str, desk: Desk, now: datetime) -> WaitingNote | None:
    request, case = _request(records, {"request": request_id}, now)
    if not request.state.is_open:
        return None
    duty, is_over = duty_ta(records, now, desk.policy.programme.tz), now >= request.review_by_at
    return WaitingNote(request, case.student, case.assignment, request.asked_at, is_over, duty)


def _request(records: Records, data: Mapping[str, Any], now: datetime) -> tuple[ExtensionRequest, Case]:
    request = records.requests.get(data["request"])
    if request is None:
        raise LookupError("a letter names a request that is not there")
    student = access.known(records, request.student_id)
    return request, case_of(records, student, access.assignment(records, request.assignment_id), now)


def _extension(records: Records, data: Mapping[str, Any]) -> Extension:
    return next(e for e in records.extensions.of(data["student"]) if e.id == data["extension"])


COMPOSERS = {
    "extensions.card": compose_card,
    "extensions.granted": compose_granted,
    "extensions.declined": compose_declined,
    "extensions.talk": compose_talk,
    "extensions.closed": compose_closed,
    "extensions.waiting": compose_waiting,
    "extensions.all_waiting": compose_all_waiting,
}
TOLD = {"extensions.card": told_card, "extensions.declined": told_declined}
