"""Asking for more time: what a student does, and how a grant is written."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from cohort.assignments import Assignment
from cohort.extensions import (
    Case,
    Extension,
    ExtensionRequest,
    Granted,
    NeedsReview,
    Origin,
    Outcome,
    RequestExtension,
    State,
    decide,
    length_of,
    review_by,
)
from cohort.nudges import OfferState
from cohort.own_work import Arrangements
from cohort.roster import Member, Role
from cohort.submissions import Submission
from cohort.wishes import asked_until
from services import access, outbox
from services.desk import Desk
from services.own_work import arrangements_of
from storage.ids import new_id
from storage.outbox import Post
from storage.records import Records


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a request; `request_id` where one was written, `replaces` where it took the place of another."""

    assignment: Assignment
    outcome: Outcome
    request_id: str | None = None
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """An assignment a student may ask about, with their own due time."""

    assignment: Assignment
    due_at: datetime
    is_handed_in: bool = False


def case_of(records: Records, student: Member, assignment: Assignment, now: datetime) -> Case:
    """Read all that is known about one student and one assignment at an instant; what came later is left out."""
    extensions = [e for e in records.extensions.of(student.id) if e.granted_at <= now]
    submissions = records.submissions.of(student.id, assignment.id)
    excused = {assignment.id} if records.submissions.is_excused(student.id, assignment.id) else set()
    known = Known(student, arrangements_of(records, student, now), extensions, excused)
    return known.case(assignment, submissions, now)


def cases_of(records: Records, student: Member, now: datetime) -> list[Case]:
    """Read the same about one student and every assignment, with a fixed number of queries."""
    extensions = [e for e in records.extensions.of(student.id) if e.granted_at <= now]
    submissions = records.submissions.of_student(student.id)
    excused = records.submissions.excused_of(student.id)
    known = Known(student, arrangements_of(records, student, now), extensions, excused)
    return [known.case(a, [s for s in submissions if s.assignment_id == a.id], now) for a in records.assignments.all()]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about one student, whichever assignment is asked about."""

    student: Member
    arranged: Arrangements
    extensions: Sequence[Extension]
    excused: AbstractSet[str]

    def case(self, assignment: Assignment, submissions: Iterable[Submission], now: datetime) -> Case:
        """Return the case of an assignment, given the student's submissions of it."""
        return Case(
            assignment=self.arranged.owed(assignment),
            student=self.student,
            extensions=self.arranged.granted(assignment, self.extensions),
            submissions=[s for s in submissions if s.submitted_at <= now],
            automatic_grants=sum(e.origin.is_automatic for e in self.extensions),
            is_excused=assignment.id in self.excused,
            is_dropped=self.arranged.has_dropped(assignment),
        )


def request_extension(command: RequestExtension, actor: Member, now: datetime, desk: Desk) -> Answered:
    """Ask for more time, or for a talk, and answer at once.

    Raises NotAllowed for staff, NotActive, NotFound for an unknown assignment, and DatePassed.
    """
    access.require_student(actor, "extensions.request", now)
    policy, tz = desk.policy.extensions, desk.policy.programme.tz
    with desk.transaction(now) as records:
        assignment = access.assignment(records, command.assignment_id)
        case = case_of(records, actor, assignment, now)
        until = _wished(command, case, now, desk)
        outcome = decide(until, case, policy, now, tz)
        waited = records.requests.open_of(actor.id, assignment.id)
        request_id = _write(records, command, case, outcome, waited, now, desk)
        replaces = waited is not None and request_id not in {None, waited.id}
        return Answered(assignment, outcome, request_id, replaces)


def consider(command: RequestExtension, actor: Member, now: datetime, desk: Desk) -> Answered:
    """Say what asking would lead to, without asking. Raises as `request_extension` does."""
    access.require_student(actor, "extensions.request", now)
    with desk.store.reading() as records:
        case = case_of(records, actor, access.assignment(records, command.assignment_id), now)
        until = _wished(command, case, now, desk)
        outcome = decide(until, case, desk.policy.extensions, now, desk.policy.programme.tz)
        return Answered(case.assignment, outcome)


def _wished(command: RequestExtension, case: Case, now: datetime, desk: Desk) -> datetime | None:
    if command.wish is None:
        return None
    due = case.effective_due_at or case.assignment.hard_due_at
    return asked_until(command.wish, due, now, case.student.tz, desk.policy.programme.tz)


def _write(
    records: Records,
    command: RequestExtension,
    case: Case,
    outcome: Outcome,
    waiting: ExtensionRequest | None,
    now: datetime,
    desk: Desk,
) -> str | None:
    """Write what the outcome changes; return the id of the request that stands now."""
    if not isinstance(outcome, Granted | NeedsReview):
        return None
    if waiting is not None and isinstance(outcome, NeedsReview) and waiting.until_at == outcome.until_at:
        _add_reason(records, command, waiting, now)
        return waiting.id
    if waiting is not None:
        close_request(records, replace(waiting, state=State.REPLACED, decided_at=now), now)
    request = _new_request(command, case, outcome, now, desk)
    records.requests.add(request)
    records.audit.add(case.student.id, "extension.requested", request.id, now)
    if isinstance(outcome, Granted):
        grant(records, Grant(case, outcome.until_at, outcome.origin, request_id=request.id), now, desk)
    else:
        outbox.post(records, "extensions.card", outbox.STAFF, {"request": request.id}, f"card:{request.id}", now)
    return request.id


def _add_reason(records: Records, command: RequestExtension, waiting: ExtensionRequest, now: datetime) -> None:
    """Keep what a student adds to a request that waits, and show on its cards that there is a reason."""
    if not command.note and command.category is None:
        return
    category, note = command.category or waiting.category, command.note or waiting.note
    records.requests.set_reason(waiting.id, category, note)
    stamp = f"reason:{now.isoformat()}"
    outbox.refresh(records, "extensions.card", {"request": waiting.id}, card_subject(waiting.id), stamp, now)


def _new_request(
    command: RequestExtension, case: Case, outcome: Granted | NeedsReview, now: datetime, desk: Desk
) -> ExtensionRequest:
    due = case.effective_due_at or case.assignment.hard_due_at
    request = ExtensionRequest(
        id=new_id("req"),
        student_id=case.student.id,
        assignment_id=case.assignment.id,
        state=State.PENDING,
        asked_at=now,
        review_by_at=review_by(due, case.assignment.hard_due_at, now, desk.policy.extensions),
        until_at=outcome.until_at,
        category=command.category,
        note=command.note,
    )
    if isinstance(outcome, NeedsReview):
        return replace(request, why=outcome.why)
    return replace(request, state=State.APPROVED, decided_at=now, granted_until_at=outcome.until_at)


@dataclass(frozen=True, slots=True)
class Grant:
    """Time to be granted; `by` is None where policy or an offer grants it."""

    case: Case
    until_at: datetime
    origin: Origin
    by: Member | None = None
    request_id: str | None = None


def grant(records: Records, granted: Grant, now: datetime, desk: Desk) -> Extension:
    """Write an extension inside a transaction, close the offer it replaces, and let the student know."""
    case, by = granted.case, granted.by
    extension = Extension(
        id=new_id("ext"),
        student_id=case.student.id,
        assignment_id=case.assignment.id,
        until_at=granted.until_at,
        length=length_of(granted.until_at, case.assignment, desk.policy.programme.tz),
        origin=granted.origin,
        granted_at=now,
        granted_by=by.id if by else None,
        request_id=granted.request_id,
    )
    records.extensions.add(extension)
    offer = OfferState.TAKEN if granted.origin is Origin.OFFER else OfferState.REPLACED
    records.nudges.close_offers_on(case.student.id, case.assignment.id, offer)
    data = {"extension": extension.id, "student": case.student.id}
    outbox.post(records, "extensions.granted", outbox.to(case.student), data, f"granted:{extension.id}", now)
    actor = by.id if by else case.student.id
    records.audit.add(actor, "extension.granted", extension.id, now, detail=granted.origin.value)
    return extension


def close_request(records: Records, request: ExtensionRequest, now: datetime) -> bool:
    """Write how an open request ended and update its cards; say whether it still was open."""
    if not records.requests.close(request):
        return False
    outbox.refresh(
        records,
        "extensions.card",
        {"request": request.id},
        card_subject(request.id),
        request.state.value,
        now,
    )
    return True


def card_subject(request_id: str) -> str:
    """Return under what name the posts of a request's card are kept."""
    return f"extension:{request_id}"


def withdraw_request(request_id: str, actor: Member, now: datetime, desk: Desk) -> ExtensionRequest:
    """Take one's own open request back; a closed one is returned as it is. Raises NotAllowed."""
    with desk.transaction(now) as records:
        request = access.own_request(records, request_id, actor)
        if request.state.is_open:
            request = replace(request, state=State.WITHDRAWN, decided_at=now)
            close_request(records, request, now)
            records.audit.add(actor.id, "extension.withdrawn", request.id, now)
        return request


def choices(actor: Member, now: datetime, desk: Desk, first: str | None = None) -> list[Choice]:
    """Return what a student may ask about: work with a due time, opened or not, neither passed, excused nor left out.

    The due time closest to now comes first, or the assignment named `first`. Raises NotAllowed, NotActive, and
    NotFound for an unknown name.
    """
    access.require_student(actor, "extensions.request", now)
    with desk.store.reading() as records:
        named = access.assignment(records, first).id if first else None
        cases = [case for case in cases_of(records, actor, now) if case.assignment.is_still_ahead(now)]
        arranged = arrangements_of(records, actor, now)
    found = [
        Choice(case.assignment, due, bool(arranged.handed_in(case.submissions)))
        for case in cases
        if (due := case.effective_due_at) is not None and not (case.is_settled or case.is_dropped)
    ]
    return sorted(found, key=lambda c: (c.assignment.id != named, abs(c.due_at - now), c.assignment.slug))


def learn_post(request_id: str, channel: str, ts: str, actor: Member, now: datetime, desk: Desk) -> None:
    """Note where a card stands that someone who may decide pressed; nothing where it is known already."""
    with desk.store.transaction() as records:
        request = access.request_to_decide(records, request_id, actor, now)
        news = records.outbox.add_post(Post(channel, ts, card_subject(request.id), "extensions.card"))
        if news and not request.state.is_open:
            data = {"request": request.id}
            outbox.refresh(records, "extensions.card", data, card_subject(request.id), request.state.value, now)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of `/extension list`: a request with names in place of ids."""

    request: ExtensionRequest
    assignment: Assignment
    student: Member
    effective_due_at: datetime | None


def listed(actor: Member, now: datetime, desk: Desk) -> list[Listed]:
    """Return a student's own requests, newest first; for staff what waits, oldest first. Raises NotActive."""
    if actor.role is not Role.STUDENT:
        access.require_staff(actor, "extensions.list", now)
    with desk.store.reading() as records:
        own = actor.role is Role.STUDENT
        requests = records.requests.of(actor.id) if own else records.requests.waiting()
        assignments = {a.id: a for a in records.assignments.all()}
        return [_listed(records, request, assignments[request.assignment_id], now) for request in requests]


def _listed(records: Records, request: ExtensionRequest, assignment: Assignment, now: datetime) -> Listed:
    student = access.known(records, request.student_id)
    return Listed(request, assignment, student, case_of(records, student, assignment, now).effective_due_at)
