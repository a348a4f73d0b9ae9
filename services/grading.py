"""Grading what was claimed: the grade is written, told at once or held, and what follows from it is opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cohort.assignments import Assignment
from cohort.errors import GradeNotTaken, ReasonNeeded
from cohort.grading import (
    Fault,
    Grade,
    Marked,
    Verdict,
    fault_of,
    is_held,
    is_override,
    kept,
    morning_from,
    retry_due,
    verdict_of,
)
from cohort.hand_ins import HandIn, HandInState
from cohort.own_work import Retry, RetryReason
from cohort.roster import Member
from cohort.submissions import Submission, has_passed
from cohort.times import next_waking
from services import access, outbox
from services.desk import Desk
from services.extensions import case_of
from services.grading_queue import Opened, opened_of, take
from storage.ids import new_id
from storage.records import Records

NEEDED = {
    Fault.NO_SCORE: "a score",
    Fault.NO_RESULT: "a result",
    Fault.NO_FEEDBACK: "feedback for the student",
    Fault.NO_REASON: "a reason for deciding otherwise than the pass mark",
}
REASONS = {Verdict.NOT_YET: RetryReason.NOT_YET, Verdict.PART: RetryReason.PART}


@dataclass(frozen=True, slots=True)
class GiveGrade:
    """What a grader submits: for which thing, which version of it they saw, and what they filled in."""

    hand_in_id: str
    version: int
    marked: Marked


@dataclass(frozen=True, slots=True)
class Given:
    """A grade that was written. `is_held` where an organizer releases it; `had_expired` where the claim ran out."""

    assignment: Assignment
    students: Sequence[Member]
    grade: Grade
    is_held: bool
    had_expired: bool


@dataclass(frozen=True, slots=True)
class Graded:
    """Something with the grade that is to be told about it."""

    hand_in: HandIn
    assignment: Assignment
    grade: Grade


def to_grade(hand_in_id: str, actor: Member, now: datetime, desk: Desk) -> Opened:
    """Return something a grader has claimed, for the form.

    Raises GradeNotTaken for what they have not claimed, NotAllowed and NotFound.
    """
    with desk.store.reading() as records:
        hand_in = access.hand_in_to_grade(records, hand_in_id, actor, now)
        if hand_in.claimed_by != actor.id:
            raise GradeNotTaken("not_claimed")
        return opened_of(records, hand_in, actor)


def grade(given: GiveGrade, actor: Member, now: datetime, desk: Desk) -> Given:
    """Grade what one has claimed; a claim that ran out is renewed where nobody else took it.

    Raises GradeNotTaken where a newer version came, it was graded or somebody else has it; ReasonNeeded where
    something is missing; NotAllowed and NotFound.
    """
    with desk.transaction(now) as records:
        hand_in = access.hand_in_to_grade(records, given.hand_in_id, actor, now)
        _check_still_theirs(records, hand_in, given.version, actor, now, desk)
        graded = write(records, hand_in, given.marked, actor, now)
        records.hand_ins.finish(hand_in.id, actor.id)
        held = waits_for_release(records, graded, desk)
        if not held:
            tell(records, graded, now, desk)
        had_expired = hand_in.claimed_by != actor.id
        return Given(graded.assignment, students_of(records, hand_in), graded.grade, held, had_expired)


def _check_still_theirs(
    records: Records, hand_in: HandIn, version: int, actor: Member, now: datetime, desk: Desk
) -> None:
    """Raise GradeNotTaken unless the grader holds this version, or can have it again."""
    if hand_in.state is HandInState.GRADED:
        last = records.grading.latest(hand_in.id)
        by = access.known(records, last.grader_id) if last else None
        raise GradeNotTaken("graded", by, last.graded_at if last else None)
    if hand_in.claimed_by != actor.id and not take(records, hand_in.id, actor, now, desk):
        raise GradeNotTaken("taken")
    if records.hand_ins.versions(hand_in.id)[-1].number != version:
        raise GradeNotTaken("replaced")


def write(records: Records, hand_in: HandIn, marked: Marked, actor: Member, now: datetime) -> Graded:
    """Write a grade inside a transaction, as the latest of a hand-in. Raises ReasonNeeded."""
    assignment = access.assignment(records, hand_in.assignment_id)
    fault = fault_of(marked, assignment, is_part=hand_in.is_part)
    if fault is not None:
        raise ReasonNeeded(NEEDED[fault])
    wanted = kept(marked, assignment, is_part=hand_in.is_part)
    written = Grade(
        id=new_id("grd"),
        hand_in_id=hand_in.id,
        number=len(records.grading.of(hand_in.id)) + 1,
        grader_id=actor.id,
        verdict=verdict_of(wanted, assignment, is_part=hand_in.is_part),
        feedback=wanted.feedback,
        graded_at=now,
        score=wanted.score,
        staff_note=wanted.staff_note,
        why=wanted.why,
    )
    records.grading.add(written)
    records.audit.add(actor.id, "grade.given", hand_in.id, now, detail=written.verdict.value)
    if not hand_in.is_part and is_override(wanted, assignment):
        records.audit.add(actor.id, "grade.overridden", hand_in.id, now, detail=written.verdict.value)
    return Graded(hand_in, assignment, written)


def waits_for_release(records: Records, graded: Graded, desk: Desk) -> bool:
    """Say whether students hear of a grade only once an organizer lets them; of a part they always hear at once."""
    if graded.grade.verdict is Verdict.PART:
        return False
    is_released = records.grading.is_released(graded.assignment.id)
    return is_held(graded.assignment.kind, desk.policy.grading, is_released=is_released)


def students_of(records: Records, hand_in: HandIn) -> list[Member]:
    """Return everyone who handed something in together."""
    return [access.known(records, s.student_id) for s in records.submissions.of_hand_in(hand_in.id)]


def tell(records: Records, graded: Graded, now: datetime, desk: Desk) -> None:
    """Let the students know a grade: theirs from now on, and a message each."""
    settle(records, graded, now, desk)
    announce(records, graded, students_of(records, graded.hand_in), now)


def settle(records: Records, graded: Graded, now: datetime, desk: Desk) -> None:
    """Write what the students may know from now on, and the date to try again where there is one."""
    hand_in, given = graded.hand_in, graded.grade
    records.grading.set_released(given.id, now)
    records.grading.tell(hand_in.id, given.score, passed=given.verdict is Verdict.PASSED)
    if given.verdict is Verdict.PASSED:
        records.own_work.close_retries(hand_in.id)
    else:
        _open_retries(records, graded, students_of(records, hand_in), now, desk)


def announce(records: Records, graded: Graded, students: Sequence[Member], now: datetime) -> None:
    """Tell students of a grade, a message each."""
    for student in students:
        data = {"grade": graded.grade.id, "student": student.id}
        key = f"graded:{graded.grade.id}:{student.id}"
        outbox.post(records, "grading.graded", outbox.to(student), data, key, now)


def _open_retries(records: Records, graded: Graded, students: Sequence[Member], now: datetime, desk: Desk) -> None:
    """Open one date for all who handed something in together, counted from when the last of them hears of it.

    Whoever has passed meanwhile, or has handed in again, needs none.
    """
    hand_in, closes_at = graded.hand_in, desk.policy.programme.closes_at
    told_at = max(heard_from(graded.grade.verdict, student, desk, now) for student in students)
    due_at = retry_due(told_at, desk.policy.grading, closes_at, desk.policy.programme.tz)
    if due_at is None or graded.assignment.cancelled:
        return
    # Nothing granted is taken back: whoever has time for it anyway keeps that.
    own = [case_of(records, student, graded.assignment, now).effective_due_at for student in students]
    due_at = min(closes_at, max([due_at, *(at for at in own if at is not None)]))
    # What was back in the queue was looked at again: the date counts from this grade.
    write_retry = records.own_work.open_retry if hand_in.state.is_graded else records.own_work.renew_retry
    for student in students:
        attempts = records.submissions.of(student.id, hand_in.assignment_id)
        if not has_passed(graded.assignment, attempts) and not _is_over(hand_in, attempts):
            reason = REASONS[graded.grade.verdict]
            write_retry(
                Retry(new_id("rty"), student.id, hand_in.assignment_id, hand_in.id, reason, now, due_at, closes_at)
            )


def _is_over(hand_in: HandIn, attempts: Sequence[Submission]) -> bool:
    """Say whether a student has handed in again since."""
    own = next((a.attempt for a in attempts if a.hand_in_id == hand_in.id), 0)
    return any(a.attempt > own for a in attempts)


def heard_from(verdict: Verdict, student: Member, desk: Desk, now: datetime) -> datetime:
    """Return from when a student hears of a grade: “not yet” in their morning, all else when they are awake."""
    quiet = desk.policy.nudges
    if verdict is Verdict.NOT_YET:
        return morning_from(now, student.tz, quiet)
    return next_waking(now, student.tz, quiet.quiet_from, quiet.quiet_until)
