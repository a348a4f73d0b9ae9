"""Looking for students who missed work, and writing to them with an offer, in short transactions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from cohort.assignments import Assignment
from cohort.extensions import ExtensionRequest, State, offered_days
from cohort.nudge_limits import NudgeKind
from cohort.nudges import Offer, OfferState, Work, could_be_missed, missed
from cohort.policy import NudgePolicy
from cohort.roster import Member
from services import access, outbox
from services.brakes import look_at_due_times
from services.desk import Desk
from services.extensions import case_of
from services.nudge_hearing import as_wanted, can_be_nudged
from services.nudge_sweeps import hearing, in_batches, spared_from
from services.own_work import arrangements_of
from storage.ids import new_id
from storage.records import Records

MISSED = NudgeKind.MISSED.value

Found = tuple[str, list[Assignment]]


def nudge_missed(desk: Desk, now: datetime) -> int:
    """Queue one message for every student who missed work they were not written to about; return how many.

    Those who are asleep or had enough messages are left for a later sweep, and so are those whose Slack account
    is not known.
    """
    look_at_due_times(desk, now)
    with desk.store.reading() as records:
        found = list(_overdue(records, desk.policy.nudges, now))
    return in_batches(found, partial(_nudge, desk=desk, now=now), desk)


def lapse_offers(desk: Desk, now: datetime) -> int:
    """Let the offers lapse whose time is over, and return how many."""
    with desk.store.transaction() as records:
        return records.nudges.lapse_offers(now)


def work_of(records: Records, student: Member, about: Iterable[Assignment], now: datetime) -> Work:
    """Read one student's side of some work as it stands at an instant."""
    arranged = arrangements_of(records, student, now)
    handed_in = arranged.handed_in(s for s in records.submissions.of_student(student.id) if s.submitted_at <= now)
    extensions = arranged.granted_now(e for e in records.extensions.of(student.id) if e.granted_at <= now)
    waiting = {r.assignment_id for r in records.requests.of(student.id) if waits_for_us(r)}
    excused = {a.id for a in about if records.submissions.is_excused(student.id, a.id)}
    quiet = waiting | excused | records.submissions.claimed_by(student.id)
    return Work(student, handed_in, frozenset(quiet), extensions, frozenset(waiting), arranged)


def waits_for_us(request: ExtensionRequest) -> bool:
    """Say whether a student waits for our answer: undecided, or refused without knowing it yet."""
    return request.state.is_open or (request.state is State.DECLINED and request.told_at is None)


def own_due_at(work: Work, assignment: Assignment) -> datetime:
    """Return the student's own due time of an assignment; its hard end where it has none."""
    return work.own_due_at(assignment) or work.owed(assignment).hard_due_at


def _overdue(records: Records, policy: NudgePolicy, now: datetime) -> Iterator[Found]:
    """Yield the id of every student who is to be told of missed work now, with that work."""
    held = records.brakes.holding(now)
    everything = [a for a in records.assignments.all() if a.id not in held]
    usual = could_be_missed(everything, now)
    if not usual and not records.own_work.has_any():
        return
    spared = [*spared_from(records), records.nudges.nudged(MISSED)]
    for work in hearing(records, NudgeKind.MISSED, spared, policy, now):
        new = missed(work, usual if work.arranged.is_empty else everything, now)
        if new:
            yield work.student.id, new


def _nudge(records: Records, found: Found, desk: Desk, now: datetime) -> bool:
    """Write to a student who is looked at once more; say whether there still was a reason to."""
    student_id, late = found
    student = access.known(records, student_id)
    if not can_be_nudged(records, student, NudgeKind.MISSED, desk.policy.nudges, now):
        return False
    held = records.brakes.holding(now)
    assignments = [access.assignment(records, a.id) for a in late if a.id not in held]
    new = missed(as_wanted(records, work_of(records, student, assignments, now), now), assignments, now)
    return bool(new) and _write(records, _Nudge(new_id("ndg"), student, new), desk, now)


@dataclass(frozen=True, slots=True)
class _Nudge:
    id: str
    student: Member
    assignments: Sequence[Assignment]


def _write(records: Records, nudge: _Nudge, desk: Desk, now: datetime) -> bool:
    """Write the nudge, what it is about, its offers and its letter; say whether no other sweep was first."""
    student, lapses_at = nudge.student, now + timedelta(hours=desk.policy.nudges.offer_lapses_hours)
    ids = [assignment.id for assignment in nudge.assignments]
    data = {"nudge": nudge.id, "student": student.id, "assignments": ids}
    if records.nudges.nudged_about(student.id, MISSED) & set(ids):
        return False
    key = f"missed:{nudge.id}"
    outbox.post_nudge(records, "nudges.missed", outbox.to(student), data, key, now, lapses_at)
    records.nudges.add(nudge.id, student.id, MISSED, now, lapses_at)
    records.nudges.add_items(nudge.id, student.id, MISSED, ids)
    for offer in _offers(records, nudge, lapses_at, desk, now):
        records.nudges.add_offer(offer)
    records.audit.add(None, "nudge.missed", nudge.id, now)
    return True


def _offers(records: Records, nudge: _Nudge, lapses_at: datetime, desk: Desk, now: datetime) -> Iterator[Offer]:
    """Yield an offer for each assignment that may have one; each counts as if those before it were taken."""
    had = records.nudges.offered(nudge.student.id)
    made = 0
    for assignment in nudge.assignments:
        case = case_of(records, nudge.student, assignment, now)
        case = replace(case, automatic_grants=case.automatic_grants + made)
        days = offered_days(case, desk.policy.extensions, now)
        if days and assignment.id not in had:
            made += 1
            yield Offer(new_id("off"), nudge.student.id, assignment.id, nudge.id, days, OfferState.OPEN, lapses_at)
