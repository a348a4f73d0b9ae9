"""Going through a whole cohort for a nudge: one student after the other, with a fixed number of queries."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Generic, TypeVar

from cohort.choices import Choices
from cohort.extensions import Extension
from cohort.nudge_limits import NudgeKind, PastNudge, last_sign, may_send
from cohort.nudges import Work
from cohort.own_work import Arrangements
from cohort.policy import NudgePolicy
from cohort.roster import Member, Role
from cohort.submissions import Submission
from cohort.times import is_waking
from services.desk import Desk
from storage.records import Records

# How many students are written to in one transaction: nobody at a keyboard waits longer than for these.
BATCH = 20

Pair = tuple[str, str]
_Row = TypeVar("_Row")
_Found = TypeVar("_Found")


def hearing(
    records: Records, kind: NudgeKind, spared: Iterable[Collection[Pair]], policy: NudgePolicy, now: datetime
) -> Iterator[Work]:
    """Yield, by id, the work of every student who may get a nudge of a kind now.

    They are awake, can be reached, did not choose otherwise, no person is with them since they are in distress, and
    the limits leave room.

    `spared` are sets of (student id, assignment id) about which nothing is said. Submissions, extensions, bookings
    and nudges stream past in the order of the students, so that memory does not grow with them, and there are as
    many queries for a hundred students as for a hundred thousand.
    """
    signs, choices = Signs(records, now), records.choices.every()
    for work, handed_in_at in everyone(records, spared, _awake(records, policy, now), now):
        theirs, sign_at = signs.of(work.student.id, handed_in_at)
        chosen = choices.get(work.student.id, Choices())
        if chosen.hears(kind, now) and may_send(kind, theirs, sign_at, now, work.student.tz, policy):
            yield replace(work, quiet=work.quiet | chosen.not_yet(now))


def everyone(
    records: Records, spared: Iterable[Collection[Pair]], students: Sequence[Member], now: datetime
) -> Iterator[tuple[Work, list[datetime]]]:
    """Yield the work of some students, who come by id, and when each handed anything in."""
    quiet = by_student(chain(*spared))
    for theirs in everyones_own(records, students, now):
        work = theirs.as_work(quiet.get(theirs.student.id, frozenset()))
        yield work, [s.submitted_at for s in theirs.submitted]


@dataclass(frozen=True, slots=True)
class Own:
    """What one student handed in and was granted by an instant, and what is arranged for them."""

    student: Member
    submitted: Sequence[Submission]
    granted: Sequence[Extension]
    arranged: Arrangements

    def as_work(self, spared: frozenset[str]) -> Work:
        """Return it as their side of all work, of which some is spared."""
        own = self.arranged
        return Work(self.student, own.handed_in(self.submitted), spared, own.granted_now(self.granted), arranged=own)


def everyones_own(records: Records, students: Sequence[Member], now: datetime) -> Iterator[Own]:
    """Yield the same of some students, who come by id, as rows stream past."""
    submissions = Alongside(records.submissions.every(), attrgetter("student_id"))
    extensions = Alongside(records.extensions.every(), attrgetter("student_id"))
    arranged, nothing = records.own_work.every(students, now), Arrangements()
    for student in students:
        submitted = [s for s in submissions.of(student.id) if s.submitted_at <= now]
        granted = [e for e in extensions.of(student.id) if e.granted_at <= now]
        yield Own(student, submitted, granted, arranged.get(student.id, nothing))


def spared_from(records: Records) -> list[Collection[Pair]]:
    """Return about what nobody is written to: what waits for us, is excused, or is said to be handed in."""
    return [records.requests.unanswered(), records.submissions.excused(), records.submissions.claimed_handed_in()]


def taking_part(records: Records, now: datetime) -> list[Member]:
    """Return the students who take part and can be reached, by id."""
    here = [s for s in records.roster.with_role(Role.STUDENT) if s.slack_id is not None and s.is_active(now)]
    return sorted(here, key=lambda student: student.id)


def in_batches(found: Sequence[_Found], write: Callable[[Records, _Found], bool], desk: Desk) -> int:
    """Write for each that was found, a few in a transaction, and return for how many there was something to."""
    written = 0
    for start in range(0, len(found), BATCH):
        with desk.store.transaction() as records:
            written += sum(write(records, each) for each in found[start : start + BATCH])
    return written


def _awake(records: Records, policy: NudgePolicy, now: datetime) -> list[Member]:
    left_alone = records.help.students()
    here = [student for student in taking_part(records, now) if student.id not in left_alone]
    by_zone = {student.zone: student.tz for student in here}
    awake = {name for name, tz in by_zone.items() if is_waking(now, tz, policy.quiet_from, policy.quiet_until)}
    return [student for student in here if student.zone in awake]


def by_student(pairs: Iterable[Pair]) -> Mapping[str, frozenset[str]]:
    """Return the assignment ids of pairs by student id."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for student_id, assignment_id in pairs:
        found[student_id].add(assignment_id)
    return {student_id: frozenset(ids) for student_id, ids in found.items()}


class Alongside(Generic[_Row]):
    """Rows in the order of their students, taken by someone who goes through students in the same order."""

    def __init__(self, rows: Iterator[_Row], student_of: Callable[[_Row], str]) -> None:
        self._rows = rows
        self._student_of = student_of
        self._ahead = next(rows, None)

    def of(self, student_id: str) -> list[_Row]:
        """Return a student's rows, and pass over those of students before."""
        found = []
        while self._ahead is not None and self._student_of(self._ahead) <= student_id:
            if self._student_of(self._ahead) == student_id:
                found.append(self._ahead)
            self._ahead = next(self._rows, None)
        return found


class Signs:
    """What each student was sent, and when they last gave a sign of life; to be asked in the order of students."""

    def __init__(self, records: Records, now: datetime) -> None:
        self._past = Alongside(records.nudges.every_past(now), itemgetter(0))
        self._booked = Alongside(records.bookings.every_made(), itemgetter(0))
        self._now = now

    def of(self, student_id: str, handed_in_at: Iterable[datetime]) -> tuple[list[PastNudge], datetime | None]:
        """Return a student's nudges and their last sign of life, given when they handed in."""
        past = [nudge for _, nudge in self._past.of(student_id)]
        booked_at = (at for _, at in self._booked.of(student_id))
        return past, last_sign(past, chain(handed_in_at, booked_at), self._now)
