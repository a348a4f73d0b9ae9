"""Going up the ladder: for everyone who falls behind the next step, taken once for a reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from cohort.assignments import Assignment
from cohort.choices import Choices
from cohort.extensions import offered_days
from cohort.follow_ups import Origin
from cohort.graduation import why_not_dropped
from cohort.ladder import Help, Step, next_step, reason_of
from cohort.levels import Level, LevelSince
from cohort.nudge_limits import NudgeKind, may_send
from cohort.nudges import Work, missed
from cohort.office_hours import FreeSlot
from cohort.reminders import upcoming
from cohort.roster import Member, Role
from cohort.times import is_waking
from services import access, follow_ups, graduation, outbox
from services.appointments import free_for
from services.desk import Desk
from services.extensions import case_of
from services.nudge_hearing import can_be_nudged
from services.nudge_sweeps import Signs, everyone, in_batches, spared_from
from services.nudges import work_of
from storage.ids import new_id
from storage.ladder import Rung
from storage.nudges import Mention
from storage.records import Records

KIND = NudgeKind.HELP
# For so long a message with help is of use, and a slot counts as “this week”.
OF_USE = timedelta(days=3)
THIS_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Found:
    """A student, how they stand, and the step that is next, for a reason."""

    student_id: str
    level: LevelSince
    step: Step
    reason: str


def climb(desk: Desk, now: datetime) -> int:
    """Take the next step for every student who falls behind and for whom it is time; return for how many."""
    with desk.store.reading() as records:
        found = list(_found(records, desk, now))
    for_organizers = [each for each in found if each.step is Step.ORGANIZER]
    others = [each for each in found if each.step is not Step.ORGANIZER]
    return in_batches(others, partial(_take, desk=desk, now=now), desk) + _tell_organizers(for_organizers, desk, now)


def _found(records: Records, desk: Desk, now: datetime) -> Iterator[Found]:
    """Yield whom there is a step for, with as many queries for many as for few."""
    levels = {one.student_id: one for one in records.risk.every_latest(now) if one.level is not Level.ON_TRACK}
    members = [m for m in records.roster.with_role(Role.STUDENT) if m.id in levels and m.is_active(now)]
    if not members or not desk.policy.ladder.is_on:
        return
    taken, with_a_person = records.ladder.taken(), records.follow_ups.students_with_open()
    left_alone, assignments = records.help.students(), records.assignments.all()
    told = records.nudges.nudged(NudgeKind.MISSED.value)
    signs, choices = Signs(records, now), records.choices.every()
    for work, handed_in_at in everyone(records, spared_from(records), sorted(members, key=lambda m: m.id), now):
        student, level = work.student, levels[work.student.id]
        late = missed(work, assignments, now)
        reason = reason_of(level, late)
        step = next_step(
            level,
            reason,
            taken.get(student.id, []),
            desk.policy.ladder,
            now,
            desk.policy.programme.tz,
            is_with_a_person=student.id in with_a_person or student.id in left_alone,
        )
        if step is None or (step.is_message and any((student.id, one.id) not in told for one in late)):
            # The message about missed work comes first, with its offer of more time.
            continue
        past, sign_at = signs.of(student.id, handed_in_at)
        hears = student.id not in left_alone and choices.get(student.id, Choices()).hears(KIND, now)
        may = student.slack_id is not None and may_send(KIND, past, sign_at, now, student.tz, desk.policy.nudges)
        if not step.is_message or (hears and may):
            yield Found(student.id, level, step, reason)


def _can_be_written_to(records: Records, student: Member, desk: Desk, now: datetime) -> bool:
    return student.slack_id is not None and can_be_nudged(records, student, KIND, desk.policy.nudges, now)


def _take(records: Records, found: Found, desk: Desk, now: datetime) -> bool:
    """Take a step for a student who is looked at once more; say whether it still was to be taken."""
    student = access.known(records, found.student_id)
    if not student.is_active(now):
        return False
    if found.step is Step.FOLLOW_UP:
        return _follow_up(records, student, found, desk, now)
    return _can_be_written_to(records, student, desk, now) and _write(records, student, found, desk, now)


def _follow_up(records: Records, student: Member, found: Found, desk: Desk, now: datetime) -> bool:
    if not records.ladder.add(Rung(new_id("lad"), student.id, found.step, found.reason, now)):
        return False
    words = "; ".join(reason.words for reason in found.level.reasons)
    follow_ups.open_case(records, student, Origin.LADDER, words, now, desk)
    records.audit.add(None, "ladder.follow_up", student.id, now)
    return True


def _write(records: Records, student: Member, found: Found, desk: Desk, now: datetime) -> bool:
    """Queue the message with the step, and write what it holds."""
    nudge_id, rung_id, until = new_id("ndg"), new_id("lad"), now + OF_USE
    offered = helps(records, student, desk, now) if found.step is Step.OFFER else ()
    records.nudges.add(nudge_id, student.id, KIND.value, now, until)
    if not records.ladder.add(Rung(rung_id, student.id, found.step, found.reason, now, nudge_id, offered)):
        records.nudges.drop(nudge_id, now)
        return False
    about = focus(records, student, now)
    if about is not None:
        records.nudges.add_mentions(nudge_id, student.id, [Mention(about.id, about.due_at or until, is_reminder=False)])
    data = {"rung": rung_id, "nudge": nudge_id, "student": student.id}
    outbox.post_nudge(records, "ladder.help", outbox.to(student), data, f"ladder:{rung_id}", now, until)
    records.audit.add(None, f"ladder.{found.step}", nudge_id, now, detail=rung_id)
    return True


def helps(records: Records, student: Member, desk: Desk, now: datetime) -> tuple[tuple[Help, str], ...]:
    """Return what can be offered to a student now, each with the id of what it is about; a lighter plan always."""
    found: list[tuple[Help, str]] = []
    about = focus(records, student, now)
    if about is not None:
        if days_for(records, student, about, desk, now):
            found.append((Help.MORE_DAYS, about.id))
        ledger = graduation.ledger(records, student, desk, now)
        if why_not_dropped(ledger.of(about.id), ledger, desk.policy.programme.closes_at, now) is None:
            found.append((Help.DROP, about.id))
    slot = soonest(records, student, desk, now)
    if slot is not None:
        found.append((Help.SLOT, slot.slot.id))
    return (*found, (Help.LIGHTER_PLAN, ""))


def days_for(records: Records, student: Member, assignment: Assignment, desk: Desk, now: datetime) -> int:
    """Return how many days more can be offered for a piece of work; none for what was handed in."""
    if assignment.id in own_work(records, student, [assignment], now).handed_in:
        return 0
    return offered_days(case_of(records, student, assignment, now), desk.policy.extensions, now)


def focus(records: Records, student: Member, now: datetime) -> Assignment | None:
    """Return the one piece of work to take up: the newest that was missed, else what is due next."""
    assignments = records.assignments.all()
    work = own_work(records, student, assignments, now)
    late = missed(work, assignments, now)
    ahead = upcoming(work, assignments, now)
    return late[-1] if late else next((due.assignment for due in ahead), None)


def own_work(records: Records, student: Member, assignments: Sequence[Assignment], now: datetime) -> Work:
    """Return a student's side of all work."""
    return work_of(records, student, assignments, now)


def soonest(records: Records, student: Member, desk: Desk, now: datetime) -> FreeSlot | None:
    """Return the first slot this week that a student may book and would be awake for."""
    quiet = desk.policy.nudges
    for free in free_for(records, student, now, desk):
        times = (free.slot.starts_at, free.slot.ends_at)
        if free.slot.starts_at > now + THIS_WEEK:
            return None
        if all(is_waking(at, student.tz, quiet.quiet_from, quiet.quiet_until) for at in times):
            return free
    return None


def _tell_organizers(found: Sequence[Found], desk: Desk, now: datetime) -> int:
    """Tell organizers once of everyone who stays critical, in the one message of the next morning."""
    if not found:
        return 0
    with desk.store.transaction() as records:
        rungs = [(each, Rung(new_id("lad"), each.student_id, each.step, each.reason, now)) for each in found]
        new = [(each, rung) for each, rung in rungs if records.ladder.add(rung)]
        if new:
            ids = [each.student_id for each, _ in new]
            outbox.tell_organizers_daily(records, "ladder.critical", "students", ids, now, desk.policy.programme.tz)
        for each, _ in new:
            records.audit.add(None, "ladder.organizer", each.student_id, now)
    return len(new)
