"""What is known of students on a day: gathered from the records, with all that counts as nothing left out."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import chain
from operator import attrgetter
from statistics import median

from cohort.assignments import Assignment
from cohort.nudges import Work as OwnWork
from cohort.risk import Day, HandedIn, OtherFacts, Work, WorkFacts, day_of, facts_of, margin_of
from cohort.roster import Member, Role
from cohort.submissions import Submission
from cohort.times import at_wall
from services.desk import Desk
from services.nudge_sweeps import by_student, everyones_own, spared_from
from services.risk_beside import Beside
from storage.records import Records

DAY = timedelta(days=1)
FULL_MARKS = 100.0


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of one student on a day: as facts of the rule, and as things to name in words.

    `silent_days` counts no day of a pause.
    """

    student: Member
    work: WorkFacts
    other: OtherFacts
    owed: int
    missed: Sequence[Assignment]
    not_tried_again: Sequence[Assignment]
    silent_days: int
    late_days: float
    scores: Sequence[float]


@dataclass(frozen=True, slots=True)
class _Cohort:
    """What is the same for every student of a day; `assignments` are those that count, of `every` there is."""

    every: Sequence[Assignment]
    assignments: Sequence[Assignment]
    day: Day
    starts_at: datetime
    length: timedelta


def gather(records: Records, desk: Desk, now: datetime, only: Member | None = None) -> Iterator[Known]:
    """Yield, by id, what is known of every student who takes part, or of one; rows stream past in the same order.

    There are as many queries for a hundred students as for a hundred thousand. Nothing is known before the first piece
    of work was due.
    """
    here = [s for s in records.roster.with_role(Role.STUDENT) if s.is_active(now)]
    cohort = _cohort(records, here, desk, now)
    if cohort is None:
        return
    students = sorted((s for s in here if only in {None, s}), key=attrgetter("id"))
    beside = Beside(records, cohort.every, desk, now)
    quiet = by_student(chain(*spared_from(records)))
    for own in everyones_own(records, students, now):
        known = beside.of(own)
        work = own.as_work(quiet.get(own.student.id, frozenset()))
        acted_at = max([one.submitted_at for one in own.submitted], default=None)
        signs = [at for at in (acted_at, known.acted_at) if at is not None]
        yield _known(cohort, work, own.submitted, known.away, max(signs, default=None), known.facts, now)


def _cohort(records: Records, here: Sequence[Member], desk: Desk, now: datetime) -> _Cohort | None:
    programme = desk.policy.programme
    starts_at = at_wall(programme.starts_on, time(0), programme.tz)
    length = at_wall(programme.ends_on + DAY, time(0), programme.tz) - starts_at
    every = records.assignments.all()
    counted = [a for a in every if a.due_at is not None and a.required and a.kind.is_handed_in and not a.cancelled]
    counted.sort(key=lambda a: (a.due_at or now, a.slug))
    if now <= starts_at or not any(a.due_at is not None and a.due_at <= now for a in counted):
        return None
    return _Cohort(every, counted, _day(records, here, counted, (now - starts_at) / length, now), starts_at, length)


def _day(
    records: Records, here: Sequence[Member], assignments: Sequence[Assignment], elapsed: float, now: datetime
) -> Day:
    """Return the day with what became of each piece of work among those who take part."""
    handed_in, scores = _handed_in_by(records, {student.id for student in here}, now)
    hours = [a.hours for a in assignments if a.hours]
    usual = median(hours) if hours else 1.0
    works = [
        Work(
            a.hours or usual,
            handed_in[a.id] / len(here) if here else 0.0,
            median(scores[a.id]) if a.id in scores else None,
        )
        for a in assignments
    ]
    return day_of(min(elapsed, 1.0), works)


def _handed_in_by(
    records: Records, here: Collection[str], now: datetime
) -> tuple[Mapping[str, int], Mapping[str, Sequence[float]]]:
    """Return by assignment id how many of some students have handed it in, and every score they have."""
    count: Counter[str] = Counter()
    scores: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))
    before = ("", "")
    for student_id, assignment_id, score in records.submissions.every_score(now):
        if student_id not in here:
            continue
        if (student_id, assignment_id) != before:
            before = (student_id, assignment_id)
            count[assignment_id] += 1
        if score is not None and score <= FULL_MARKS:
            scores[assignment_id].append(score)
    return count, scores


def _known(
    cohort: _Cohort,
    work: OwnWork,
    submissions: Sequence[Submission],
    away: Sequence[tuple[datetime, datetime | None]],
    acted_at: datetime | None,
    other: OtherFacts,
    now: datetime,
) -> Known:
    owed, left_out, missed = [], [], []
    for place, assignment in enumerate(cohort.assignments):
        due_at = work.own_due_at(assignment)
        if assignment.id in work.handed_in:
            owed += [place] if due_at is not None and due_at <= now else []
        elif due_at is None or not _counts(work, assignment, due_at, away):
            left_out.append(place)
        elif due_at <= now:
            owed.append(place)
            missed.append(assignment)
        elif assignment.due_at is not None and due_at > assignment.due_at:
            left_out.append(place)
    handed_in, late_days = _handed_in(cohort, work, submissions)
    silent = _without(away, max(acted_at or cohort.starts_at, _here_since(work.student, cohort)), now)
    not_tried = [a for a in cohort.assignments if work.arranged.retry_of(a.id) and a.id not in work.handed_in]
    return Known(
        work.student,
        facts_of(cohort.day, silent / cohort.length, owed, handed_in, left_out),
        other._replace(not_tried_again=len(not_tried)),
        len(owed),
        missed,
        not_tried,
        silent // DAY,
        late_days,
        [one.score for one in handed_in if one.score is not None],
    )


def _counts(
    work: OwnWork, assignment: Assignment, due_at: datetime, away: Sequence[tuple[datetime, datetime | None]]
) -> bool:
    """Say whether a piece counts for a student who has not handed it in, as soon as it is due.

    Not what is excused, waits for us, or is said to be handed in; not what is left out or optional for them, and not
    what fell due before they joined or while they were away.
    """
    owed, joined = work.owed(assignment), work.student.joined_at
    if assignment.id in work.quiet or work.arranged.has_dropped(assignment) or not owed.required:
        return False
    if joined is not None and due_at < joined:
        return False
    return not any(since <= due_at and (until is None or due_at < until) for since, until in away)


def _handed_in(cohort: _Cohort, work: OwnWork, submissions: Sequence[Submission]) -> tuple[list[HandedIn], float]:
    """Return what was handed in, in the order of due times, and by how many days it was late on average."""
    by_assignment: dict[str, list[Submission]] = {}
    for one in submissions:
        by_assignment.setdefault(one.assignment_id, []).append(one)
    found, late_days = [], 0.0
    for place, assignment in enumerate(cohort.assignments):
        theirs = by_assignment.get(assignment.id)
        if not theirs:
            continue
        due_at, first_at = work.own_due_at(assignment), min(one.submitted_at for one in theirs)
        late = max(timedelta(), first_at - due_at) if due_at is not None else timedelta()
        late_days += late / DAY
        scores = [one.score for one in theirs if one.score is not None and one.score <= FULL_MARKS]
        score = scores[-1] if scores else None
        mark = assignment.pass_mark
        margin = margin_of(score, mark) if score is not None and mark and mark <= FULL_MARKS else None
        found.append(HandedIn(place, late / cohort.length, score if margin is not None else None, margin))
    return found, late_days / len(found) if found else 0.0


def _here_since(student: Member, cohort: _Cohort) -> datetime:
    return max(student.joined_at or cohort.starts_at, cohort.starts_at)


def _without(away: Sequence[tuple[datetime, datetime | None]], since_at: datetime, now: datetime) -> timedelta:
    """Return how long it is since an instant, spans in which the student was away left out."""
    gone = timedelta()
    for from_at, until_at in away:
        gone += max(timedelta(), min(until_at or now, now) - max(from_at, since_at))
    return max(timedelta(), now - since_at - gone)
