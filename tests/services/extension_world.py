"""Asking for more time in tests: short ways to ask, and to look at what came of it."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from cohort.assignments import Assignment
from cohort.errors import (
    CohortError,
)
from cohort.extensions import (
    Category,
    ExtensionRequest,
    RequestExtension,
)
from cohort.roster import Member
from cohort.wishes import ForDays, Wish
from services.desk import Desk
from services.extensions import Answered, case_of, request_extension
from services.messages import Ready, prepare, told
from storage.outbox import Letter, Post
from tests.conftest import NOON

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LATER = NOON + timedelta(days=400)
SIX_DAYS = ForDays(6)


def ask(
    desk: Desk, student: Member, wish: Wish | None = SIX_DAYS, about: str = "hw3", now: datetime = NOON
) -> Answered:
    return request_extension(RequestExtension(about, wish, Category.HEALTH, "a private note"), student, now, desk)


def a_pending_request(desk: Desk, student: Member, now: datetime = NOON) -> str:
    answered = ask(desk, student, now=now)
    assert answered.request_id is not None
    return answered.request_id


def request(desk: Desk, request_id: str) -> ExtensionRequest:
    with desk.store.reading() as records:
        found = records.requests.get(request_id)
    assert found is not None
    return found


def letters(desk: Desk, kind: str) -> list[Letter]:
    with desk.store.reading() as records:
        return [letter for letter, _ in records.outbox.of_kind(kind)]


def own_due(desk: Desk, student: Member, assignment: Assignment) -> datetime | None:
    with desk.store.reading() as records:
        return case_of(records, student, assignment, LATER).effective_due_at


def deliver(desk: Desk, now: datetime) -> list[tuple[Letter, Ready]]:
    """Do what the delivery does, without Slack: claim, compose, note as told."""
    with desk.store.transaction() as records:
        claimed = records.outbox.claim("test", now, 100)
    sent = []
    for letter in claimed:
        ready = prepare(letter, desk, now)
        if isinstance(ready, Ready):
            told(letter, ready, Post("C1", f"{letter.id}.000", ready.subject, letter.kind), desk, now)
            sent.append((letter, ready))
    return sent


def at_once(work: list[Callable[[], object]]) -> list[object]:
    """Run every function on a thread of its own, all starting together; an error is a result."""
    barrier, results = threading.Barrier(len(work)), []

    def run(function: Callable[[], object]) -> None:
        barrier.wait(10)
        try:
            results.append(function())
        except CohortError as error:
            results.append(error)

    threads = [threading.Thread(target=run, args=(function,)) for function in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results
