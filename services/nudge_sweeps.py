"""Going through a whole cohort for a nudge: one student after the other, with a fixed number of queries."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Generic, TypeVar

from cohort.choices import Choices
from cohort.nudge_limits import NudgeKind, last_sign, may_send
from cohort.nudges import Work
from cohort.own_work import Arrangements
from cohort.policy import NudgePolicy
from cohort.roster import Member, Role
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
    past, choices = Alongside(records.nudges.every_past(now), itemgetter(0)), records.choices.every()
    booked = Alongside(records.bookings.every_made(), itemgetter(0))
    for work, handed_in_at in everyone(records, spared, _awake(records, policy, now), now):
        theirs = [nudge for _, nudge in past.of(work.student.id)]
        chosen = choices.get(work.student.id, Choices())
        booked_at = (at for _, at in booked.of(work.student.id))
        sign_at = last_sign(theirs, chain(handed_in_at, booked_at), now)
        if chosen.hears(kind, now) and may_send(kind, theirs, sign_at, now, work.student.tz, policy):
            yield replace(work, quiet=work.quiet | chosen.not_yet(now))


def everyone(
    records: Records, spared: Iterable[Collection[Pair]], students: Sequence[Member], now: datetime
) -> Iterator[tuple[Work, list[datetime]]]:
    """Yield the work of some students, who come by id, and when each handed anything in."""
    quiet = _by_student(spared)
    submissions = Alongside(records.submissions.every(), attrgetter("student_id"))
    extensions = Alongside(records.extensions.every(), attrgetter("student_id"))
    arranged, nothing = records.own_work.every(students, now), Arrangements()
    for student in students:
        own = arranged.get(student.id, nothing)
        submitted = [s for s in submissions.of(student.id) if s.submitted_at <= now]
        granted = own.granted_now(e for e in extensions.of(student.id) if e.granted_at <= now)
        spared_of = quiet.get(student.id, frozenset())
        yield (
            Work(student, own.handed_in(submitted), spared_of, granted, arranged=own),
            [s.submitted_at for s in submitted],
        )


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


def _by_student(pairs: Iterable[Collection[Pair]]) -> Mapping[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for student_id, assignment_id in chain(*pairs):
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
