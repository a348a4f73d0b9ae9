"""A student's Home: what is next, the week, the way to graduating, what is open, and whom to talk to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from cohort.asking import Question
from cohort.assignments import Assignment
from cohort.extensions import Case, ExtensionRequest
from cohort.graduation import Ledger, Standing, forecast, ledger_of, standing_of, still_to_do
from cohort.nudges import Work
from cohort.own_work import Arrangements
from cohort.reminders import Due
from cohort.roster import Member
from cohort.times import at_wall
from cohort.week_plans import plan_of, start_by
from services.appointments import Appointment, upcoming
from services.desk import Desk
from services.duties import QUESTIONS, duty_ta
from services.events import Shown, next_announced
from services.extensions import Known
from services.graduation import Progress, contact
from services.nudges import waits_for_us
from services.open_hours import OnNow, on_now
from services.own_work import arrangements_of
from services.waitlist import Offered, waiting
from services.week_plans import PlanItem
from storage.records import Records

EVENTS_MOST = 4


@dataclass(frozen=True, slots=True)
class StudentHome:
    """All that a student sees on their Home, and nobody else's.

    `begins_at` is when the programme begins while that lies ahead; `due` what can be handed in, the earliest due
    first; `on_duty` answers questions this week; `organizer` is there for everything else. `elsewhere` are the
    assignments that were not handed in through the bot: they are graded where they were, and in no queue here.
    """

    student: Member
    now: datetime
    due: Sequence[Standing]
    plan: Sequence[PlanItem]
    to_attend: Sequence[Assignment]
    progress: Progress
    requests: Sequence[tuple[ExtensionRequest, Assignment]]
    questions: Sequence[tuple[Question, Assignment | None]]
    lines: OnNow
    own: Sequence[Appointment]
    waiting: Sequence[Offered]
    events: Sequence[Shown]
    on_duty: Member | None
    organizer: Member | None
    begins_at: datetime | None = None
    is_over: bool = False
    elsewhere: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Own:
    """What the records hold of one student's work, each read once."""

    student: Member
    assignments: Sequence[Assignment]
    arranged: Arrangements
    known: Known
    cases: Sequence[Case]
    requests: Sequence[ExtensionRequest]
    claimed: frozenset[str]

    def titled(self, assignment_id: str | None) -> Assignment | None:
        return next((a for a in self.assignments if a.id == assignment_id), None)


def of_student(records: Records, student: Member, now: datetime, desk: Desk) -> StudentHome:
    """Return a student's Home within what is being read."""
    own, programme = _read(records, student, now), desk.policy.programme
    ledger, organizer = _ledger(own, desk, now), contact(records, now)
    plan, to_attend = _plan(records, own, desk, now)
    begins_at = at_wall(programme.starts_on, time(0), programme.tz)
    return StudentHome(
        student=student,
        now=now,
        due=[each for each in still_to_do(ledger, now) if each.assignment.is_open(now)],
        plan=plan,
        to_attend=to_attend,
        progress=Progress(student, ledger, forecast(ledger), organizer, programme.closes_at),
        requests=[(r, a) for r in own.requests if r.state.is_open and (a := own.titled(r.assignment_id)) is not None],
        questions=[(q, own.titled(q.assignment_id)) for q in records.asking.open_of(student.id)],
        lines=on_now(records, student, now),
        own=upcoming(records, student.id, now),
        waiting=waiting(records, student.id),
        events=next_announced(records, student, now, EVENTS_MOST),
        on_duty=_on_duty(records, student, now, desk),
        organizer=organizer,
        begins_at=begins_at if now < begins_at else None,
        is_over=now >= programme.closes_at,
        elsewhere=_elsewhere(own),
    )


def _read(records: Records, student: Member, now: datetime) -> _Own:
    assignments, arranged = records.assignments.all(), arrangements_of(records, student, now)
    extensions = [e for e in records.extensions.of(student.id) if e.granted_at <= now]
    known = Known(student, arranged, extensions, records.submissions.excused_of(student.id))
    submissions = records.submissions.of_student(student.id)
    cases = [known.case(a, [s for s in submissions if s.assignment_id == a.id], now) for a in assignments]
    claimed = frozenset(records.submissions.claimed_by(student.id))
    return _Own(student, assignments, arranged, known, cases, records.requests.of(student.id), claimed)


def _elsewhere(own: _Own) -> frozenset[str]:
    """Return what was handed in, but never here: the latest try at it came with an import, or is only claimed."""
    latest = {
        case.assignment.id: max(case.submissions, key=lambda s: s.attempt) for case in own.cases if case.submissions
    }
    imported = {assignment_id for assignment_id, submission in latest.items() if not submission.hand_in_id}
    return frozenset(imported | (own.claimed - set(latest)))


def _ledger(own: _Own, desk: Desk, now: datetime) -> Ledger:
    pairs = zip(own.assignments, own.cases, strict=True)
    standings = (standing_of(a, case, own.arranged, own.claimed, now) for a, case in pairs)
    return ledger_of(standings, desk.policy.grading.drops_allowed)


def _plan(records: Records, own: _Own, desk: Desk, now: datetime) -> tuple[Sequence[PlanItem], Sequence[Assignment]]:
    """Return the plan of the seven days from now, with what the student said of it."""
    policy, tz = desk.policy.nudges, own.student.tz
    plan = plan_of(_work(own), own.assignments, policy, now)
    said = records.nudges.progress_of(own.student.id)

    def item(due: Due) -> PlanItem:
        start_by_at = max(now, start_by(due, policy, tz))
        return PlanItem(due.assignment, due.due_at, start_by_at, said.get(due.assignment.id))

    return [item(due) for due in plan.to_do], plan.to_attend


def _work(own: _Own) -> Work:
    submissions = [s for case in own.cases for s in case.submissions]
    waits = frozenset(r.assignment_id for r in own.requests if waits_for_us(r))
    return Work(
        student=own.student,
        handed_in=own.arranged.handed_in(submissions),
        quiet=waits | own.known.excused | own.claimed,
        extensions=own.arranged.granted_now(own.known.extensions),
        waiting=waits,
        arranged=own.arranged,
    )


def _on_duty(records: Records, student: Member, now: datetime, desk: Desk) -> Member | None:
    """Return who answers questions this week, else who decides extensions; nobody with a conflict of interest."""
    tz, never = desk.policy.programme.tz, records.graders.in_conflict_with([student.id])
    found = duty_ta(records, now, tz, QUESTIONS) or duty_ta(records, now, tz)
    return found if found is not None and found.id not in never else None
