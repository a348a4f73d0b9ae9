"""What is known of students on a day: gathered from the records, with all that counts as nothing left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from operator import attrgetter
from statistics import median

from cohort.assignments import Assignment
from cohort.graduation import Ledger, Outlook, forecast
from cohort.nudges import Work as OwnWork
from cohort.policy import CheckInPolicy
from cohort.risk import Day, HandedIn, OtherFacts, Work, WorkFacts, day_of, facts_of, margin_of
from cohort.roster import Member, Role
from cohort.submissions import Submission
from cohort.times import at_wall
from services.desk import Desk
from services.graduation import ledger
from services.nudge_sweeps import Alongside, everyone, spared_from
from services.sections import missed_weeks
from storage.records import Records
from storage.signs import CheckInSign

DAY = timedelta(days=1)
# So long after it was asked a check-in without an answer counts as missed.
ANSWER_WITHIN = 3 * DAY
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
    """What is the same for every student of a day."""

    assignments: Sequence[Assignment]
    day: Day
    starts_at: datetime
    length: timedelta


def gather(records: Records, desk: Desk, now: datetime, only: Member | None = None) -> Iterator[Known]:
    """Yield what is known of every student who takes part, or of one; with as many queries of work for many as for few.

    Nothing is known before the first piece of work was due.
    """
    cohort = _cohort(records, desk, now)
    if cohort is None:
        return
    students = [s for s in records.roster.with_role(Role.STUDENT) if s.is_active(now) and only in {None, s}]
    students.sort(key=lambda student: student.id)
    signs, away, not_kept = records.signs.latest(now), records.signs.away(now), records.signs.not_kept()
    check_ins = records.signs.check_ins(now)
    submissions = Alongside(records.submissions.every(), attrgetter("student_id"))
    for work, handed_in_at in everyone(records, spared_from(records), students, now):
        student = work.student
        theirs = [one for one in submissions.of(student.id) if one.submitted_at <= now]
        spans = away.get(student.id, [])
        acted = [*handed_in_at, *([signs[student.id]] if student.id in signs else [])]
        other = _other(records, student, check_ins.get(student.id, ()), not_kept.get(student.id, 0), desk, now)
        yield _known(cohort, work, theirs, spans, max(acted, default=None), other, now)


def _cohort(records: Records, desk: Desk, now: datetime) -> _Cohort | None:
    programme = desk.policy.programme
    starts_at = at_wall(programme.starts_on, time(0), programme.tz)
    length = at_wall(programme.ends_on + DAY, time(0), programme.tz) - starts_at
    every = records.assignments.all()
    counted = [a for a in every if a.due_at is not None and a.required and a.kind.is_handed_in and not a.cancelled]
    counted.sort(key=lambda a: (a.due_at or now, a.slug))
    if now <= starts_at or not any(a.due_at is not None and a.due_at <= now for a in counted):
        return None
    return _Cohort(counted, _day(records, counted, (now - starts_at) / length, now), starts_at, length)


def _day(records: Records, assignments: Sequence[Assignment], elapsed: float, now: datetime) -> Day:
    """Return the day with what became of each piece of work in the whole cohort."""
    here = {s.id for s in records.roster.with_role(Role.STUDENT) if s.is_active(now)}
    handed_in: dict[str, set[str]] = {}
    scores: dict[str, list[float]] = {}
    for one in records.submissions.every():
        if one.student_id in here and one.submitted_at <= now:
            handed_in.setdefault(one.assignment_id, set()).add(one.student_id)
            if one.score is not None and one.score <= FULL_MARKS:
                scores.setdefault(one.assignment_id, []).append(one.score)
    hours = [a.hours for a in assignments if a.hours]
    usual = median(hours) if hours else 1.0
    works = [
        Work(
            a.hours or usual,
            len(handed_in.get(a.id, ())) / len(here) if here else 0.0,
            median(scores[a.id]) if a.id in scores else None,
        )
        for a in assignments
    ]
    return day_of(min(elapsed, 1.0), works)


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


def _other(
    records: Records,
    student: Member,
    check_ins: Sequence[CheckInSign],
    not_kept: int,
    desk: Desk,
    now: datetime,
) -> OtherFacts:
    found = ledger(records, student, desk, now)
    other = OtherFacts(
        sections_missed=len(missed_weeks(records, student.id, now, desk.policy)),
        bookings_not_kept=not_kept,
        drops_used=int(bool(found.counted) and found.drops_left <= 0),
        out_of_reach=int(_is_out_of_reach(found)),
    )
    return _with_check_ins(other, check_ins, desk.policy.checkins, now)


def _is_out_of_reach(found: Ledger) -> bool:
    return forecast(found).outlook in {Outlook.TAKE_BACK, Outlook.OUT_OF_REACH}


def _with_check_ins(
    other: OtherFacts, signs: Sequence[CheckInSign], policy: CheckInPolicy, now: datetime
) -> OtherFacts:
    """Add the facts of check-ins: how many of the latest were not answered, and what the last answer says."""
    row = 0
    for sign in reversed(signs):
        if sign.is_answered:
            break
        if not sign.is_skipped and sign.asked_at is not None and now - sign.asked_at >= ANSWER_WITHIN:
            row += 1
    last = next((sign for sign in reversed(signs) if sign.is_answered), None)
    other = other._replace(check_ins_missed=row, mood=last.mood if last else None)
    if last is None or last.hours is None:
        return other
    least, most = policy.hours_promised
    over = last.hours - most
    under = 1 - last.hours / least if least and last.hours <= least / 2 else 0.0
    return other._replace(hours_over=over if over >= policy.over_by_hours else 0.0, hours_under=under)
