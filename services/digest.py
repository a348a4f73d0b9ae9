"""The week for organizers and TAs: put together from the records, sent once a week, and shown to whoever asks."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from cohort.assignments import Assignment
from cohort.digest import WEEK, Counted, Figure, Move, OpenCase, Queue, Waiting, missed_dues, moves
from cohort.levels import Level, LevelSince, of_everyone
from cohort.roster import Member, Role
from cohort.times import add_days, at_wall, local_day
from cohort.workload import Crowd, crowds, told_to_all
from services.desk import Desk
from services.nudge_sweeps import everyone, spared_from
from storage.records import Records

# How far ahead days with too much due are told.
AHEAD = timedelta(days=21)
WAITING_MOST = 6


@dataclass(frozen=True, slots=True)
class Waits:
    """How much waits in one queue, and since when the first of it."""

    queue: Queue
    count: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    """The week in numbers, without a name. `levels` are now and a week before; `nudges` by what followed them.

    `nudges` has those of which it is not known yet under an empty name; `nudges_before` counts the week before.
    """

    since_at: datetime
    until_at: datetime
    students: int
    figures: Sequence[Figure]
    levels: Sequence[tuple[Level, int, int]]
    worse: int
    better: int
    open: int
    overdue: int
    unowned: int
    waits: Sequence[Waits]
    nudges: Mapping[str, int]
    nudges_before: int
    crowds: Sequence[Crowd]


@dataclass(frozen=True, slots=True)
class Names:
    """The same week by name, for those who may read it: `members` and `assignments` by id.

    `standing` is how those stand whom a TA follows; `cases` what is overdue or nobody's, for a TA all they own.
    """

    moved: Sequence[Move]
    standing: Sequence[LevelSince]
    cases: Sequence[OpenCase]
    waiting: Sequence[Waiting]
    members: Mapping[str, Member]
    assignments: Mapping[str, Assignment]


@dataclass(frozen=True, slots=True)
class Digest:
    """For organizers: the week in numbers and by name. `has_pictures` where there is something to draw them with.

    `leaving` is why students left, since the programme began: how many named each reason, where five or more did.
    """

    counts: Counts
    names: Names
    now: datetime
    has_pictures: bool
    leaving: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OwnDigest:
    """For a TA: the week of the students they follow."""

    since_at: datetime
    names: Names
    now: datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time and the one before that it stands against: `before_at` to `since_at` to `until_at`."""

    before_at: datetime
    since_at: datetime
    until_at: datetime


def week_until(until_at: datetime, desk: Desk) -> Stretch:
    """Return the week that ends at an instant, at the same wall time in the programme's zone, and the one before."""
    tz = desk.policy.programme.tz
    since_at = add_days(until_at, -WEEK, tz)
    return Stretch(add_days(since_at, -WEEK, tz), since_at, until_at)


def days_until(now: datetime, desk: Desk) -> Stretch:
    """Return the last seven days with the whole of the first, so that what was done a week ago today is in them."""
    tz = desk.policy.programme.tz
    since_at = at_wall(local_day(add_days(now, -WEEK, tz), tz), time(0), tz)
    return Stretch(since_at - (now - since_at), since_at, now)


def counted(records: Records, desk: Desk, stretch: Stretch, now: datetime) -> Counts:
    """Return the numbers of a stretch of time; what waits and is open is that of now."""
    here = _here(records, now)
    was, became = _levels(records, here, stretch.since_at), _levels(records, here, stretch.until_at)
    moved, cases = moves(was, became), records.digest.open_cases()
    now_so_many, then_so_many = _how_many(became, len(here)), _how_many(was, len(here))
    this = records.digest.nudges(stretch.since_at, stretch.until_at)
    last = records.digest.nudges(stretch.before_at, stretch.since_at)
    return Counts(
        since_at=stretch.since_at,
        until_at=stretch.until_at,
        students=len(here),
        figures=_figures(records, stretch, now),
        levels=[(level, now_so_many[level], then_so_many[level]) for level in Level],
        worse=sum(move.rise > 0 for move in moved),
        better=sum(move.rise < 0 for move in moved),
        open=len(cases),
        overdue=sum(case.due_at <= now for case in cases),
        unowned=sum(case.owner_id is None for case in cases),
        waits=_waits(records, now),
        nudges=this,
        nudges_before=sum(last.values()),
        crowds=_crowds(records, desk, now),
    )


def named(records: Records, stretch: Stretch, now: datetime) -> Names:
    """Return who moved, which follow-ups are overdue or nobody's, and what waited longest, of the whole cohort."""
    here = _here(records, now)
    cases = [case for case in records.digest.open_cases() if case.due_at <= now or case.owner_id is None]
    moved = moves(_levels(records, here, stretch.since_at), _levels(records, here, stretch.until_at))
    return _names(records, moved, [], cases, _longest(records, now))


def of_followed(records: Records, ta: Member, stretch: Stretch, now: datetime) -> Names:
    """Return the same of the students whose open follow-ups a TA owns, and how each of them stands."""
    cases = [case for case in records.digest.open_cases() if case.owner_id == ta.id]
    theirs = {case.student_id for case in cases}
    became = _levels(records, theirs, stretch.until_at)
    moved = moves(_levels(records, theirs, stretch.since_at), became)
    standing = sorted(became.values(), key=lambda since: (-since.level.height, -since.concern, since.student_id))
    return _names(records, moved, standing, cases, _longest_of(records, theirs, now))


def _here(records: Records, now: datetime) -> set[str]:
    return {student.id for student in records.roster.with_role(Role.STUDENT) if student.is_active(now)}


def _levels(records: Records, among: Collection[str], at: datetime) -> dict[str, LevelSince]:
    return {student_id: since for student_id, since in records.risk.latest(at).items() if student_id in among}


def _how_many(levels: Mapping[str, LevelSince], students: int) -> dict[Level, int]:
    return of_everyone(Counter(since.level for since in levels.values()), students)


def _figures(records: Records, stretch: Stretch, now: datetime) -> list[Figure]:
    last = records.digest.counts(stretch.before_at, stretch.since_at)
    this = records.digest.counts(stretch.since_at, stretch.until_at)
    last[Counted.MISSED], this[Counted.MISSED] = _missed(records, stretch, now)
    return [Figure(each, this[each], last[each]) for each in Counted]


def _missed(records: Records, stretch: Stretch, now: datetime) -> tuple[int, int]:
    """Count what fell due in the week before and in this one, by each student's own due time, and is missed still."""
    students = sorted((s for s in records.roster.with_role(Role.STUDENT) if s.is_active(now)), key=lambda s: s.id)
    assignments = _due_by(records, stretch.until_at)
    last = this = 0
    for work, _ in everyone(records, spared_from(records), students, now):
        dues = missed_dues(work, assignments)
        last += sum(stretch.before_at < at <= stretch.since_at for at in dues)
        this += sum(stretch.since_at < at <= stretch.until_at for at in dues)
    return last, this


def _due_by(records: Records, until_at: datetime) -> list[Assignment]:
    """Return what can have been due by an instant for anyone: only tracks have due times before those for all."""
    assignments = records.assignments.all()
    if records.own_work.tracks():
        return assignments
    return [a for a in assignments if a.due_at is not None and a.due_at <= until_at]


@dataclass(frozen=True, slots=True)
class _Item:
    """Something that waits: `whose` is a student, or a hand-in of which it is not looked up yet whose it is."""

    queue: Queue
    since_at: datetime
    whose: str
    assignment_id: str | None


def _items(records: Records, now: datetime) -> dict[Queue, list[_Item]]:
    """Return all that waits by its queue, the longest first."""
    places = sorted((p for p in records.grading.places() if p.ready_at <= now), key=lambda p: (p.ready_at, p.id))
    asked, questions = records.requests.waiting(), records.asking.open()
    return {
        Queue.GRADING: [_Item(Queue.GRADING, p.ready_at, p.id, p.assignment_id) for p in places],
        Queue.REQUESTS: [_Item(Queue.REQUESTS, r.asked_at, r.student_id, r.assignment_id) for r in asked],
        Queue.QUESTIONS: [_Item(Queue.QUESTIONS, q.asked_at, q.student_id, q.assignment_id) for q in questions],
    }


def _waits(records: Records, now: datetime) -> list[Waits]:
    found = _items(records, now)
    return [Waits(queue, len(items), items[0].since_at if items else None) for queue, items in found.items()]


def _longest(records: Records, now: datetime) -> list[Waiting]:
    """Return what waited longest of all."""
    return _first(records, [item for items in _items(records, now).values() for item in items])


def _longest_of(records: Records, student_ids: Collection[str], now: datetime) -> list[Waiting]:
    """Return what waited longest of some students."""
    theirs = records.digest.handed_in_by(student_ids) | set(student_ids)
    every = (item for items in _items(records, now).values() for item in items)
    return _first(records, [item for item in every if item.whose in theirs])


def _first(records: Records, items: Sequence[_Item]) -> list[Waiting]:
    first = sorted(items, key=lambda item: (item.since_at, item.whose))[:WAITING_MOST]
    who = records.grading.who([item.whose for item in first if item.queue is Queue.GRADING])
    return [
        Waiting(item.queue, item.since_at, [s for s, _ in who.get(item.whose, [(item.whose, 1)])], item.assignment_id)
        for item in first
    ]


def _names(
    records: Records,
    moved: Sequence[Move],
    standing: Sequence[LevelSince],
    cases: Sequence[OpenCase],
    waiting: Sequence[Waiting],
) -> Names:
    members = {member.id: member for member in records.roster.all()}
    assignments = {assignment.id: assignment for assignment in records.assignments.all()}
    return Names(moved, standing, cases, waiting, members, assignments)


def _crowds(records: Records, desk: Desk, now: datetime) -> list[Crowd]:
    tz = desk.policy.programme.tz
    found = crowds(told_to_all(records.assignments.all()), desk.policy.workload, tz)
    return [c for c in found if local_day(now, tz) <= c.second.on and c.first.on <= local_day(now + AHEAD, tz)]
