"""Questions about a grade: asked, answered by the grader, looked at by somebody else, and what an answer changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cohort.assignments import Assignment
from cohort.errors import AlreadyDecided, NotAllowed, NotFound, ReasonNeeded
from cohort.grading import Grade, Marked, Verdict
from cohort.hand_ins import HandIn
from cohort.regrades import Regrade, RegradeState, answered, is_dropped, who_answers
from cohort.roster import Member, Role
from services import access, outbox
from services.case_limits import barred_now
from services.desk import Desk
from services.grading import announce, settle, students_of, write
from services.letters import Composed, Obsolete, Said
from storage.ids import new_id
from storage.records import Records


@dataclass(frozen=True, slots=True)
class Asked:
    """A student's question, and who answers it; not new where it was asked before."""

    assignment: Assignment
    regrade: Regrade
    by: Member
    is_new: bool


@dataclass(frozen=True, slots=True)
class Questioned:
    """A question with all it is about: what was handed in, and the grade that counts now."""

    regrade: Regrade
    student: Member
    hand_in: HandIn
    assignment: Assignment
    grade: Grade
    with_: Member


@dataclass(frozen=True, slots=True)
class RegradeCard:
    """For whoever answers: the question and the grade; after an answer what it was; closed where nobody asks more."""

    about: Questioned
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class RegradeNote:
    """For the student: the answer, and the grade as it is now."""

    about: Questioned


def to_ask(grade_id: str, actor: Member, now: datetime, desk: Desk) -> Assignment:
    """Return the assignment whose grade a student may ask about. Raises NotAllowed and NotFound."""
    access.require_student(actor, "regrades.ask", now)
    with desk.store.reading() as records:
        return access.assignment(records, _own_grade(records, grade_id, actor)[1].assignment_id)


def ask(grade_id: str, question: str, actor: Member, now: datetime, desk: Desk) -> Asked:
    """Ask about a grade; the grader answers, or another TA where the grader is not there.

    Raises NotAllowed, NotFound, and ReasonNeeded for an empty question.
    """
    access.require_student(actor, "regrades.ask", now)
    if not question.strip():
        raise ReasonNeeded("a question")
    with desk.transaction(now) as records:
        grade, hand_in = _own_grade(records, grade_id, actor)
        assignment = access.assignment(records, hand_in.assignment_id)
        before = records.regrades.of(hand_in.id, actor.id)
        if before and not is_dropped(before[-1]):
            return Asked(assignment, before[-1], access.known(records, before[-1].with_id), is_new=False)
        by = _who(records, hand_in, grade.grader_id, set(), now)
        regrade = Regrade(new_id("rgd"), grade.id, actor.id, question.strip(), now, by.id)
        records.regrades.add(regrade)
        send_card(records, regrade, now)
        records.audit.add(actor.id, "regrade.asked", regrade.id, now, detail=hand_in.id)
        return Asked(assignment, regrade, by, is_new=True)


def ask_somebody_else(regrade_id: str, actor: Member, now: datetime, desk: Desk) -> Asked:
    """Have somebody else look at what the grader answered. Raises NotAllowed and NotFound."""
    access.require_student(actor, "regrades.ask", now)
    with desk.transaction(now) as records:
        about = _questioned(records, regrade_id)
        regrade = about.regrade
        if regrade.student_id != actor.id:
            raise NotAllowed("regrades.ask", "the student who asked")
        if regrade.state is not RegradeState.ANSWERED:
            return Asked(about.assignment, regrade, about.with_, is_new=False)
        by = _who(records, about.hand_in, "", {regrade.with_id, about.grade.grader_id}, now)
        records.regrades.pass_on(regrade.id, by.id)
        regrade = replace(regrade, state=RegradeState.SECOND_LOOK, with_id=by.id)
        send_card(records, regrade, now)
        records.audit.add(actor.id, "regrade.second_look", regrade.id, now, detail=about.hand_in.id)
        return Asked(about.assignment, regrade, by, is_new=True)


def to_answer(regrade_id: str, actor: Member, now: datetime, desk: Desk) -> Questioned:
    """Return an open question for whoever answers it. Raises NotAllowed, NotFound and AlreadyDecided."""
    with desk.store.reading() as records:
        return _to_answer(records, regrade_id, actor, now)


def answer(regrade_id: str, words: str, marked: Marked | None, actor: Member, now: datetime, desk: Desk) -> Questioned:
    """Answer a question and keep the grade, or change it to what is marked; a pass is never taken away.

    Raises NotAllowed, NotFound, AlreadyDecided, and ReasonNeeded for an answer without words.
    """
    if not words.strip():
        raise ReasonNeeded("an answer for the student")
    with desk.transaction(now) as records:
        about = _to_answer(records, regrade_id, actor, now)
        if marked is not None:
            _change(records, about, marked, words.strip(), actor, now, desk)
        done = replace(
            about.regrade,
            state=answered(about.regrade.state),
            with_id=actor.id,
            answer=words.strip(),
            answered_at=now,
            changed=about.regrade.changed or marked is not None,
        )
        records.regrades.answer(done, about.regrade.state, now)
        records.audit.add(actor.id, "regrade.answered", done.id, now, detail=done.state.value)
        data = {"regrade": done.id}
        key = f"regrade_answered:{done.id}:{done.state}"
        outbox.post(records, "regrades.answered", outbox.to(about.student), data, key, now)
        outbox.refresh(records, "regrades.standing", data, _subject(done.id), done.state.value, now)
        return _questioned(records, regrade_id)


def _change(
    records: Records, about: Questioned, marked: Marked, why: str, actor: Member, now: datetime, desk: Desk
) -> None:
    """Write another grade in the place of the one that was asked about, and tell those who share it."""
    passed = True if about.grade.verdict is Verdict.PASSED else marked.passed
    wanted = replace(marked, passed=passed, feedback=about.grade.feedback or why, why=why)
    graded = write(records, about.hand_in, wanted, actor, now)
    records.hand_ins.settle(about.hand_in.id)
    settle(records, graded, now, desk)
    others = [s for s in students_of(records, about.hand_in) if s.id != about.student.id]
    announce(records, graded, others, now)
    records.audit.add(actor.id, "grade.changed", about.hand_in.id, now, detail=about.regrade.id)


def _own_grade(records: Records, grade_id: str, actor: Member) -> tuple[Grade, HandIn]:
    """Return the grade that counts now of what a student handed in, which they know. Raises NotAllowed and NotFound."""
    asked = records.grading.get(grade_id)
    hand_in = records.hand_ins.get(asked.hand_in_id) if asked else None
    if hand_in is None:
        raise NotFound("grade", grade_id)
    if actor.id not in {s.student_id for s in records.submissions.of_hand_in(hand_in.id)}:
        raise NotAllowed("regrades.ask", "the students it was given to")
    last = records.grading.latest(hand_in.id)
    if last is None or last.released_at is None:
        raise NotFound("grade", grade_id)
    return last, hand_in


def _who(records: Records, hand_in: HandIn, grader_id: str, not_again: set[str], now: datetime) -> Member:
    """Return who answers: the grader where one is named and there, else somebody else who may."""
    students = [s.student_id for s in records.submissions.of_hand_in(hand_in.id)]
    never = records.graders.in_conflict_with(students) | records.graders.away(now) | not_again
    barred = barred_now(records, hand_in.id, now)
    everyone = (m for role in (Role.TA, Role.ORGANIZER) for m in records.roster.with_role(role))
    staff = [m for m in everyone if m.is_active(now) and m.id not in barred]
    first = [grader_id] if grader_id else records.graders.of(hand_in.assignment_id)
    found = who_answers(first, staff, never, records.hand_ins.load())
    # With nobody else left it stays with whoever is there at all.
    return found or who_answers(first, staff, (), {}) or access.known(records, grader_id)


def leave_to_organizers(records: Records, hand_in: HandIn, now: datetime) -> None:
    """Let an organizer answer what was asked about something that organizers look into now."""
    for regrade in records.regrades.open_about(hand_in.id):
        if access.known(records, regrade.with_id).role is not Role.ORGANIZER:
            by = _who(records, hand_in, "", set(), now)
            records.regrades.hand_on(regrade.id, regrade.with_id, by.id)
            send_card(records, replace(regrade, with_id=by.id), now)


def close_all(records: Records, student: Member, now: datetime) -> None:
    """Close what a student asked who takes part no more, within a transaction; whoever owed an answer sees it."""
    for regrade_id in records.regrades.close_of(student.id):
        records.audit.add(None, "regrade.closed", regrade_id, now)
        data = {"regrade": regrade_id}
        outbox.refresh(records, "regrades.standing", data, _subject(regrade_id), f"left:{regrade_id}", now)


def _to_answer(records: Records, regrade_id: str, actor: Member, now: datetime) -> Questioned:
    access.require_staff(actor, "regrades.answer", now)
    about = _questioned(records, regrade_id)
    if actor.id != about.regrade.with_id and actor.role is not Role.ORGANIZER:
        raise NotAllowed("regrades.answer", "whoever was asked, and organizers,")
    if actor.id in barred_now(records, about.hand_in.id, now):
        raise NotAllowed("regrades.answer", "another organizer")
    access.hand_in_to_grade(records, about.hand_in.id, actor, now)
    if not about.regrade.state.is_open and about.student.has_left(now):
        raise AlreadyDecided("lapsed", None, None)
    if not about.regrade.state.is_open:
        raise AlreadyDecided(about.regrade.state.value, about.with_, about.regrade.answered_at)
    return about


def _questioned(records: Records, regrade_id: str) -> Questioned:
    regrade = records.regrades.get(regrade_id)
    asked = records.grading.get(regrade.grade_id) if regrade else None
    hand_in = records.hand_ins.get(asked.hand_in_id) if asked else None
    last = records.grading.latest(hand_in.id) if hand_in else None
    if regrade is None or hand_in is None or last is None:
        raise NotFound("question", regrade_id)
    return Questioned(
        regrade=regrade,
        student=access.known(records, regrade.student_id),
        hand_in=hand_in,
        assignment=access.assignment(records, hand_in.assignment_id),
        grade=last,
        with_=access.known(records, regrade.with_id),
    )


def send_card(records: Records, regrade: Regrade, now: datetime) -> None:
    """Queue a question for whoever answers it."""
    key = f"regrade:{regrade.id}:{regrade.state}:{regrade.with_id}"
    outbox.post(records, "regrades.card", f"member:{regrade.with_id}", {"regrade": regrade.id}, key, now)


def _subject(regrade_id: str) -> str:
    return f"regrade:{regrade_id}"


def compose_card(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return a question for whoever answers it; nothing once it is answered."""
    del desk, now
    about = _questioned(records, data["regrade"])
    if not about.regrade.state.is_open:
        return Obsolete("answered meanwhile")
    return Said(RegradeCard(about), _subject(about.regrade.id))


def compose_standing(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return a question as it stands now."""
    del desk
    about = _questioned(records, data["regrade"])
    has_left = about.student.has_left(now) and not about.regrade.state.is_open
    return Said(RegradeCard(about, has_left), _subject(data["regrade"]))


def compose_answered(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the answer for the student."""
    del desk, now
    about = _questioned(records, data["regrade"])
    return Obsolete("asked on") if about.regrade.state.is_open else Said(RegradeNote(about))


COMPOSERS = {
    "regrades.card": compose_card,
    "regrades.standing": compose_standing,
    "regrades.answered": compose_answered,
}
