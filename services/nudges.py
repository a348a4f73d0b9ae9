"""Looking for students who missed work, and writing to them with an offer, in short transactions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Generic, Protocol, TypeVar

from cohort.assignments import Assignment
from cohort.extensions import ExtensionRequest, State, effective_due_at, offered_days
from cohort.nudges import Offer, OfferState, Work, could_be_missed, missed
from cohort.policy import NudgePolicy
from cohort.roster import Member, Role
from cohort.times import is_waking, next_waking
from services import access, outbox
from services.desk import Desk
from services.extensions import case_of
from storage.ids import new_id
from storage.records import Records

MISSED = "missed"
# How many students are written to in one transaction: nobody at a keyboard waits longer than for these.
BATCH = 20

Pair = tuple[str, str]


def nudge_missed(desk: Desk, now: datetime) -> int:
    """Queue one message for every student who missed work they were not written to about; return how many.

    Those who are asleep are left for a later sweep, and so are those whose Slack account is not known.
    """
    with desk.store.reading() as records:
        found = list(_overdue(records, desk.policy.nudges, now))
    return sum(_nudge_batch(found[at : at + BATCH], desk, now) for at in range(0, len(found), BATCH))


def lapse_offers(desk: Desk, now: datetime) -> int:
    """Let the offers lapse whose time is over, and return how many."""
    with desk.store.transaction() as records:
        return records.nudges.lapse_offers(now)


def work_of(
    records: Records, student: Member, about: Iterable[Assignment], claimed: Collection[Pair], now: datetime
) -> Work:
    """Read one student's side of some work as it stands at an instant.

    `claimed` are the (student id, assignment id) that students say are handed in.
    """
    handed_in = {s.assignment_id for s in records.submissions.of_student(student.id) if s.submitted_at <= now}
    extensions = [e for e in records.extensions.of(student.id) if e.granted_at <= now]
    quiet = {r.assignment_id for r in records.requests.of(student.id) if _waits_for_us(r)}
    quiet |= {a.id for a in about if (student.id, a.id) in claimed}
    quiet |= {a.id for a in about if records.submissions.is_excused(student.id, a.id)}
    return Work(student, frozenset(handed_in), frozenset(quiet), extensions)


def _waits_for_us(request: ExtensionRequest) -> bool:
    """Say whether a student waits for our answer: undecided, or refused without knowing it yet."""
    return request.state.is_open or (request.state is State.DECLINED and request.told_at is None)


def own_due_at(work: Work, assignment: Assignment) -> datetime:
    """Return the student's own due time of an assignment; its hard end where it has none."""
    own = [extension for extension in work.extensions if extension.assignment_id == assignment.id]
    return effective_due_at(assignment, own) or assignment.hard_due_at


def may_hear_at(student: Member, policy: NudgePolicy, now: datetime) -> datetime:
    """Return from when a student may be written to unasked: now, or when their quiet hours end."""
    return next_waking(now, student.tz, policy.quiet_from, policy.quiet_until)


def _overdue(records: Records, policy: NudgePolicy, now: datetime) -> Iterator[tuple[str, list[Assignment]]]:
    """Yield the id of every student who is to be told of missed work now, with that work.

    Submissions and extensions stream past in the order of the students, so that memory does not grow with
    them, and there are as many queries for a hundred students as for a hundred thousand.
    """
    assignments = could_be_missed(records.assignments.all(), now)
    if not assignments:
        return
    spared = _by_student(
        records.requests.unanswered(),
        records.submissions.excused(),
        records.submissions.claimed_handed_in(),
        records.nudges.nudged(MISSED),
    )
    submissions, extensions = _Alongside(records.submissions.every()), _Alongside(records.extensions.every())
    for student in _awake(records.roster.with_role(Role.STUDENT), policy, now):
        handed_in = {s.assignment_id for s in submissions.of(student.id) if s.submitted_at <= now}
        granted = [e for e in extensions.of(student.id) if e.granted_at <= now]
        work = Work(student, frozenset(handed_in), spared.get(student.id, frozenset()), granted)
        new = missed(work, assignments, now)
        if new:
            yield student.id, new


def _awake(students: Iterable[Member], policy: NudgePolicy, now: datetime) -> list[Member]:
    """Return those who take part, can be reached and are not in their quiet hours, by id."""
    here = [s for s in students if s.slack_id is not None and s.is_active(now)]
    by_zone = {student.zone: student.tz for student in here}
    awake = {name for name, tz in by_zone.items() if is_waking(now, tz, policy.quiet_from, policy.quiet_until)}
    return sorted((student for student in here if student.zone in awake), key=lambda student: student.id)


def _by_student(*pairs: Collection[Pair]) -> Mapping[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for student_id, assignment_id in chain(*pairs):
        found[student_id].add(assignment_id)
    return {student_id: frozenset(ids) for student_id, ids in found.items()}


class _OfStudent(Protocol):
    @property
    def student_id(self) -> str: ...


_Row = TypeVar("_Row", bound=_OfStudent)


class _Alongside(Generic[_Row]):
    """Rows in the order of their students, taken by someone who goes through students in the same order."""

    def __init__(self, rows: Iterator[_Row]) -> None:
        self._rows = rows
        self._ahead = next(rows, None)

    def of(self, student_id: str) -> list[_Row]:
        """Return a student's rows, and pass over those of students before."""
        found = []
        while self._ahead is not None and self._ahead.student_id <= student_id:
            if self._ahead.student_id == student_id:
                found.append(self._ahead)
            self._ahead = next(self._rows, None)
        return found


def _nudge_batch(found: Sequence[tuple[str, list[Assignment]]], desk: Desk, now: datetime) -> int:
    """Write to a few students, each looked at again inside the transaction."""
    with desk.store.transaction() as records:
        claimed = records.submissions.claimed_handed_in()
        return sum(_nudge(records, student_id, new, claimed, desk, now) for student_id, new in found)


def _nudge(
    records: Records,
    student_id: str,
    found: Sequence[Assignment],
    claimed: Collection[Pair],
    desk: Desk,
    now: datetime,
) -> bool:
    student = access.known(records, student_id)
    assignments = [access.assignment(records, a.id) for a in found]
    new = missed(work_of(records, student, assignments, claimed, now), assignments, now)
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
    key = f"missed:{student.id}:{ids[0]}"
    if not outbox.post_nudge(records, "nudges.missed", outbox.to(student), data, key, now, lapses_at):
        return False
    records.nudges.add(nudge.id, student.id, MISSED, now)
    records.nudges.add_items(nudge.id, student.id, MISSED, ids)
    for offer in _offers(records, nudge, lapses_at, desk, now):
        records.nudges.add_offer(offer)
    records.audit.add(None, "nudge.missed", nudge.id, now)
    return True


def _offers(records: Records, nudge: _Nudge, lapses_at: datetime, desk: Desk, now: datetime) -> Iterator[Offer]:
    """Yield an offer for each assignment that may have one; each counts as if those before it were taken."""
    had = {offer.assignment_id for offer in records.nudges.offers_of(nudge.student.id)}
    made = 0
    for assignment in nudge.assignments:
        case = case_of(records, nudge.student, assignment)
        case = replace(case, automatic_grants=case.automatic_grants + made)
        days = offered_days(case, desk.policy.extensions, now)
        if days and assignment.id not in had:
            made += 1
            yield Offer(new_id("off"), nudge.student.id, assignment.id, nudge.id, days, OfferState.OPEN, lapses_at)
