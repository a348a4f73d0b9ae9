"""Keeping requests for more time alive: what is settled lapses, what waits too long is brought up."""

from dataclasses import replace
from datetime import datetime

from cohort.assignments import Assignment
from cohort.extensions import ExtensionRequest, Lapse, State, lapse_reason
from cohort.roster import Member
from cohort.times import DAY
from services import access, outbox
from services.desk import Desk
from services.duties import duty_ta
from services.extensions import case_of, close_request
from storage.records import Records

DUTY, STAFF, ORGANIZERS = 1, 2, 3


def lapse_settled(records: Records, desk: Desk, now: datetime) -> int:
    """Close every open request that has nothing left to decide, and return how many."""
    del desk
    # Who wants to leave and can still undo it keeps what they asked for.
    undoable = records.leavings.undoable()
    waiting = [request for request in records.requests.waiting() if request.student_id not in undoable]
    return sum(_lapse(records, request, now) for request in waiting)


def lapse_about(records: Records, student: Member, assignment: Assignment, now: datetime) -> None:
    """Close a student's open request for an assignment if it has nothing left to decide."""
    request = records.requests.open_of(student.id, assignment.id)
    if request is not None:
        _lapse(records, request, now)


def _lapse(records: Records, request: ExtensionRequest, now: datetime) -> bool:
    student = access.known(records, request.student_id)
    case = case_of(records, student, access.assignment(records, request.assignment_id), now)
    reason = lapse_reason(case, request, now)
    if reason is None:
        return False
    close_request(records, replace(request, state=State.LAPSED, lapse=reason, decided_at=now), now)
    records.audit.add(None, "extension.lapsed", request.id, now, detail=reason.value)
    if reason is Lapse.CLOSED:
        data = {"request": request.id}
        outbox.post(records, "extensions.closed", outbox.to(student), data, f"closed:{request.id}", now)
    return True


def lapse_waiting(desk: Desk, now: datetime) -> int:
    """Close what has nothing left to decide, in a transaction of its own."""
    with desk.store.transaction() as records:
        return lapse_settled(records, desk, now)


def remind_waiting(desk: Desk, now: datetime) -> int:
    """Bring up requests whose time to be answered runs out: the TA on duty, then all, then organizers.

    The TA on duty hears of it when three quarters of the time have passed, the staff channel when all of it
    has, organizers when half as much again has, and then once a day: at once where something ends within a day, else
    in the one message of the morning. Returns how many were brought up.
    """
    with desk.store.reading() as records:
        due = [request for request in records.requests.waiting() if _stage(request, now) > request.reminded]
        daily = [r for r in records.requests.waiting() if r.reminded >= ORGANIZERS]
    for request in [*due, *daily]:
        with desk.store.transaction() as records:
            _remind(records, request, now, desk)
    return len(due)


def stages(request: ExtensionRequest) -> tuple[datetime, datetime, datetime]:
    """Return from when the TA on duty, all TAs and organizers are to hear that a request waits."""
    window = request.review_by_at - request.asked_at
    return request.asked_at + window * 3 / 4, request.review_by_at, request.review_by_at + window / 2


def _stage(request: ExtensionRequest, now: datetime) -> int:
    return sum(now >= at for at in stages(request))


def _remind(records: Records, request: ExtensionRequest, now: datetime, desk: Desk) -> None:
    stage = _stage(request, now)
    data = {"request": request.id}
    key = f"waiting:{request.id}:{stage}"
    tz = desk.policy.programme.tz
    if stage == ORGANIZERS and _can_wait(records, request, now):
        outbox.tell_organizers_daily(records, "extensions.all_waiting", "requests", [request.id], now, tz)
    elif stage == ORGANIZERS:
        day = now.astimezone(tz).date().isoformat()
        outbox.tell_organizers(records, "extensions.waiting", data, f"{key}:{day}", now)
    else:
        duty = duty_ta(records, now, tz) if stage == DUTY else None
        address = outbox.to(duty) if duty else outbox.STAFF
        outbox.post(records, "extensions.waiting", address, data, key, now)
    records.requests.set_reminded(request.id, stage)


def _can_wait(records: Records, request: ExtensionRequest, now: datetime) -> bool:
    """Say whether nothing about a request ends within a day: neither the student's due time nor the last moment."""
    student = access.known(records, request.student_id)
    case = case_of(records, student, access.assignment(records, request.assignment_id), now)
    ends = (case.effective_due_at, case.assignment.hard_due_at)
    return not any(at is not None and now < at <= now + DAY for at in ends)
