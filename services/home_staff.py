"""The Home of a TA or organizer: what waits for them, their hours and duties, and the cohort for those who run it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cohort.asking import Question
from cohort.assignments import Assignment
from cohort.extensions import ExtensionRequest
from cohort.home import Backlog
from cohort.levels import Level, of_everyone
from cohort.roster import Member, Role, Status
from cohort.times import local_day, week_of
from cohort.workload import Crowd, crowds, told_to_all
from services import access
from services.desk import Desk
from services.duties import EXTENSIONS, QUESTIONS, duty_ta
from services.follow_ups import Listed, Which, is_wanted, worst_first
from services.grading_queue import Queue, page_of
from services.handovers import absence_of
from services.lines import Panel
from services.office_hours import HeldDate, next_dates
from services.open_hours_panel import panels_of
from storage.records import Records

# What a message shows of a list.
SHOWN_MOST = 40
QUEUE_MOST, REQUESTS_MOST, QUESTIONS_MOST, CASES_MOST, DATES_MOST = 5, 6, 4, 5, 5
AHEAD, TODAY = timedelta(days=7), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests for more time: how many wait, and the longest waiting for someone who decides them.

    `on_duty` is who decides this week, where somebody does; then the requests are theirs first.
    """

    total: int
    first: Sequence[tuple[ExtensionRequest, Assignment, Member]]
    on_duty: Member | None


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions that wait for an answer of someone who was asked: without the words, which stand behind a button."""

    total: int
    first: Sequence[tuple[Question, Assignment | None, Member]]


@dataclass(frozen=True, slots=True)
class Cases:
    """Open follow-ups of a sort: how many, and the worst of them."""

    which: Which
    total: int
    first: Sequence[Listed]


@dataclass(frozen=True, slots=True)
class Load:
    """Something that falls due within a week for everyone, and how many have handed it in."""

    assignment: Assignment
    due_at: datetime
    handed_in: int


@dataclass(frozen=True, slots=True)
class CohortToday:
    """The cohort in numbers, without a name, and what nobody has in hand."""

    students: dict[Status, int]
    levels: dict[Level, int]
    grading: Backlog
    requests: Backlog
    questions: Backlog
    open_cases: int
    unowned: Cases
    overdue: Cases
    load: Sequence[Load]
    crowds: Sequence[Crowd]


@dataclass(frozen=True, slots=True)
class StaffHome:
    """All that a TA or organizer sees on their Home; `cohort` is for organizers alone.

    `urgent` are the students who are to be written to now, by this person or by nobody yet.

    `duties` are weeks by their Monday with the duty's name; `absence` since when they are away and until when.
    """

    member: Member
    now: datetime
    panels: Sequence[Panel]
    requests: Requests
    questions: Questions
    queue: Queue
    cases: Cases
    dates: Sequence[HeldDate]
    duties: Sequence[tuple[date, str]]
    this_week_on: date
    absence: tuple[datetime, datetime | None] | None
    urgent: Sequence[Listed] = ()
    cohort: CohortToday | None = None


def of_staff(records: Records, member: Member, now: datetime, desk: Desk) -> StaffHome:
    """Return the Home of a TA or organizer within what is being read."""
    assignments = {assignment.id: assignment for assignment in records.assignments.all()}
    week_on = week_of(local_day(now, desk.policy.programme.tz))
    return StaffHome(
        member=member,
        now=now,
        panels=panels_of(records, member, now),
        requests=_requests(records, assignments, now, desk),
        questions=_questions(records, member, assignments),
        queue=page_of(records, member, now, size=QUEUE_MOST),
        cases=_cases(records, Which.MINE, member, now),
        dates=next_dates(records, member, now, DATES_MOST),
        duties=_duties(records, member, week_on),
        this_week_on=week_on,
        absence=absence_of(records, member, now),
        urgent=_urgent(records, member, now),
        cohort=_cohort(records, member, assignments.values(), now, desk) if member.role is Role.ORGANIZER else None,
    )


def _requests(records: Records, assignments: dict[str, Assignment], now: datetime, desk: Desk) -> Requests:
    waiting = records.requests.waiting()
    shown = waiting[:REQUESTS_MOST]
    people = records.roster.some({request.student_id for request in shown})
    first = [(request, assignments[request.assignment_id], people[request.student_id]) for request in shown]
    return Requests(len(waiting), first, duty_ta(records, now, desk.policy.programme.tz))


def questions_of(actor: Member, now: datetime, desk: Desk) -> Questions:
    """Return the questions that wait for somebody, the oldest first, as many as a message shows. Raises NotAllowed."""
    access.require_staff(actor, "asking.see", now)
    with desk.store.reading() as records:
        assignments = {assignment.id: assignment for assignment in records.assignments.all()}
        return _questions(records, actor, assignments, SHOWN_MOST)


def _questions(
    records: Records, member: Member, assignments: dict[str, Assignment], most: int = QUESTIONS_MOST
) -> Questions:
    never = records.graders.in_conflict(member.id)
    waiting = [q for q in records.asking.open_with(member.id) if q.student_id not in never]
    shown = waiting[:most]
    people = records.roster.some({question.student_id for question in shown})
    first = [(q, assignments.get(q.assignment_id or ""), people[q.student_id]) for q in shown]
    return Questions(len(waiting), first)


def _cases(records: Records, which: Which, member: Member, now: datetime) -> Cases:
    wanted = [case for case in records.follow_ups.every_open() if is_wanted(case, which, member, now)]
    return Cases(which, len(wanted), worst_first(records, wanted, now, CASES_MOST))


def _urgent(records: Records, member: Member, now: datetime) -> list[Listed]:
    whose = {member.id, None} if member.role is Role.ORGANIZER else {member.id}
    wanted = [case for case in records.follow_ups.every_open() if case.is_urgent and case.owner_id in whose]
    return worst_first(records, wanted, now, CASES_MOST)


def _duties(records: Records, member: Member, week_on: date) -> list[tuple[date, str]]:
    """Return the weeks from this one on in which someone has a duty, soonest first."""
    return sorted(
        (on, duty)
        for duty in (EXTENSIONS, QUESTIONS)
        for on, holder in records.duties.from_week(duty, week_on)
        if holder == member.id
    )


def _cohort(
    records: Records, member: Member, assignments: Collection[Assignment], now: datetime, desk: Desk
) -> CohortToday:
    told = told_to_all(assignments)
    return CohortToday(
        students=records.home.students(now),
        levels=of_everyone(records.home.levels(now), records.home.students(now).get(Status.ACTIVE, 0)),
        grading=records.home.grading(now),
        requests=records.home.requests(now),
        questions=records.home.questions(),
        open_cases=sum(records.follow_ups.open_counts().values()) + records.home.unowned(),
        unowned=_cases(records, Which.UNOWNED, member, now),
        overdue=_cases(records, Which.OVERDUE, member, now),
        load=_load(records, [(a, due_at) for a, due_at in told if now - TODAY < due_at <= now + AHEAD]),
        crowds=_crowds(told, now, desk),
    )


def _load(records: Records, dues: Sequence[tuple[Assignment, datetime]]) -> list[Load]:
    counts = records.home.handed_in([assignment.id for assignment, _ in dues])
    return [Load(a, due_at, counts.get(a.id, 0)) for a, due_at in sorted(dues, key=lambda due: (due[1], due[0].slug))]


def _crowds(told: Sequence[tuple[Assignment, datetime]], now: datetime, desk: Desk) -> list[Crowd]:
    tz = desk.policy.programme.tz
    first_on, last_on = local_day(now, tz), local_day(now + AHEAD, tz)
    return [c for c in crowds(told, desk.policy.workload, tz) if first_on <= c.second.on and c.first.on <= last_on]
