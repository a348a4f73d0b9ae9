"""A question of someone who is stuck: asked, brought to a TA and on to the next, and answered by the first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cohort.asking import Question, asked_first, asked_next, has_time
from cohort.assignments import Assignment
from cohort.errors import AlreadyDecided, NotAllowed, NotFound, ReasonNeeded
from cohort.roster import GONE, Member, Role
from cohort.times import local_day, week_of
from services import access, outbox
from services.desk import Desk
from services.duties import EXTENSIONS, QUESTIONS
from services.letters import Composed, Obsolete, Said
from storage.ids import new_id
from storage.records import Records

ASK, ANSWER = "asking.ask", "asking.answer"
# What stands as the answer where a TA would rather meet; the student reads it as an offer of their slots.
OFFER = "Let us talk it through: book one of my slots."


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads a question first, and what it is about, if about an assignment.

    `choices` are the assignments it could be about where none was named; `question_id` is empty until it is asked.
    """

    assignment: Assignment | None
    members: Sequence[Member]
    choices: Sequence[Assignment] = ()
    question_id: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with who asked it, what it is about, who answered it, if anyone has, and whose it is until then."""

    question: Question
    student: Member
    assignment: Assignment | None
    by: Member | None
    now_with: Member | None = None


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """For whoever may answer: the question; after an answer whose it was."""

    about: Asked


@dataclass(frozen=True, slots=True)
class AnswerNote:
    """For the student: the answer."""

    about: Asked


def to_ask(assignment: str, actor: Member, now: datetime, desk: Desk) -> Readers:
    """Return who would read a question about an assignment, or in general where it is empty.

    Raises NotAllowed for staff, NotActive and NotFound.
    """
    access.require_student(actor, ASK, now)
    with desk.store.reading() as records:
        readers = _readers(records, assignment, actor, now, desk)
        return readers if assignment else replace(readers, choices=_choices(records, now))


def ask(assignment: str, words: str, actor: Member, now: datetime, desk: Desk) -> Readers:
    """Ask about an assignment, or in general where it is empty; whoever is on duty hears of it, or all TAs.

    Raises NotAllowed for staff, NotActive, NotFound, and ReasonNeeded for an empty question.
    """
    access.require_student(actor, ASK, now)
    if not words.strip():
        raise ReasonNeeded("a question")
    with desk.transaction(now) as records:
        return put(assignment, words.strip(), actor, now, records, desk)


def put(assignment: str, words: str, actor: Member, now: datetime, records: Records, desk: Desk) -> Readers:
    """Put a student's question to whoever reads it first, within a transaction. Raises NotFound."""
    readers = _readers(records, assignment, actor, now, desk)
    about = readers.assignment.id if readers.assignment else None
    question = Question(new_id("qst"), actor.id, about, words, now)
    records.asking.add(question)
    _tell(records, question, readers.members, now)
    records.audit.add(actor.id, "question.asked", question.id, now, detail=about or "")
    return replace(readers, question_id=question.id)


def to_answer(question_id: str, actor: Member, now: datetime, desk: Desk) -> Asked:
    """Return an open question for someone who may answer it. Raises NotAllowed, NotFound and AlreadyDecided."""
    with desk.store.reading() as records:
        return _to_answer(records, question_id, actor, now)


def answer(question_id: str, words: str, actor: Member, now: datetime, desk: Desk) -> Asked:
    """Answer a question: the student reads it in their waking hours, and every card says whose answer it was.

    Raises NotAllowed, NotFound, AlreadyDecided where someone was first, and ReasonNeeded for an empty answer.
    """
    if not words.strip():
        raise ReasonNeeded("an answer for the student")
    with desk.transaction(now) as records:
        about = _to_answer(records, question_id, actor, now)
        records.asking.answer(question_id, words.strip(), actor.id, now)
        records.audit.add(actor.id, "question.answered", question_id, now)
        data = {"question": question_id}
        key = f"question_answered:{question_id}"
        outbox.post(records, "asking.answered", outbox.to(about.student), data, key, now)
        show_standing(records, question_id, "answered", now)
        return asked(records, question_id)


def offer_to_meet(question_id: str, actor: Member, now: datetime, desk: Desk) -> Asked:
    """Answer a question with an offer to meet: the student books a slot with one press. Raises as `answer`."""
    return answer(question_id, OFFER, actor, now, desk)


def pass_on(question_id: str, actor: Member, now: datetime, desk: Desk) -> Member | None:
    """Hand a question to the next who may answer, and return whose it is now; None where nobody else is left.

    Where it went on already nothing changes. Raises NotAllowed, NotFound and AlreadyDecided.
    """
    with desk.transaction(now) as records:
        about = _to_answer(records, question_id, actor, now)
        if about.now_with is not None and about.now_with.id != actor.id:
            return about.now_with
        told = {turn.member_id for turn in records.asking.turns(question_id)}
        staff = _may_beasked(records, about.student, now)
        member = asked_next(told | {actor.id}, staff, records.asking.load())
        if member is not None:
            _hand_on(records, about.question, member, now)
            records.audit.add(actor.id, "question.passed_on", question_id, now, detail=member.id)
        return member


def take_back(question_id: str, actor: Member, now: datetime, desk: Desk) -> Asked:
    """Take a student's own question back, also twice. Raises as `own`, and AlreadyDecided once it is answered."""
    about = own(question_id, actor, now, desk)
    with desk.transaction(now) as records:
        if records.asking.close(question_id, now):
            records.audit.add(actor.id, "question.withdrawn", question_id, now)
            show_standing(records, question_id, "closed", now)
        about = asked(records, question_id)
    if about.question.answered_at is not None:
        raise AlreadyDecided("answered", about.by, about.question.answered_at)
    return about


def close_all(records: Records, student: Member, now: datetime) -> None:
    """Close what a student asked who takes part no more, within a transaction; every card says so."""
    for question in records.asking.open_of(student.id):
        records.asking.close(question.id, now)
        records.audit.add(None, "question.closed", question.id, now)
        show_standing(records, question.id, "closed", now)


def show_standing(records: Records, question_id: str, stamp: str, now: datetime) -> None:
    """Let every card of a question show how it stands; `stamp` names the change."""
    outbox.refresh(records, "asking.standing", {"question": question_id}, _subject(question_id), stamp, now)


def own(question_id: str, actor: Member, now: datetime, desk: Desk) -> Asked:
    """Return a student's own question. Raises NotFound, NotActive, and NotAllowed for anyone else's."""
    access.require_student(actor, ASK, now)
    with desk.store.reading() as records:
        about = asked(records, question_id)
    if about.student.id != actor.id:
        raise NotAllowed(ASK, "the student who asked")
    return about


def bring_up(desk: Desk, now: datetime) -> int:
    """Bring every question that nobody answered in their time to the next who may; return how many."""
    with desk.store.reading() as records:
        due = [question.id for question in records.asking.open() if _next(records, question, desk, now)]
    return sum(_bring_up(question_id, desk, now) for question_id in due)


def _bring_up(question_id: str, desk: Desk, now: datetime) -> bool:
    """Tell the next about a question that is looked at once more; say whether there still was a reason to."""
    with desk.store.transaction() as records:
        question = records.asking.get(question_id)
        member = _next(records, question, desk, now) if question and question.is_open else None
        if question is None or member is None:
            return False
        _hand_on(records, question, member, now)
        records.audit.add(None, "question.brought_up", question.id, now, detail=member.id)
        return True


def _next(records: Records, question: Question, desk: Desk, now: datetime) -> Member | None:
    """Return who is to be told of an open question now; None while someone has time for it, or nobody is left."""
    student = access.known(records, question.student_id)
    turns, staff = records.asking.turns(question.id), _may_beasked(records, student, now)
    if not student.is_active(now) or has_time(turns, staff, desk.policy, now):
        return None
    return asked_next({turn.member_id for turn in turns}, staff, records.asking.load())


def _readers(records: Records, assignment: str, student: Member, now: datetime, desk: Desk) -> Readers:
    about = access.assignment(records, assignment) if assignment else None
    week_on = week_of(local_day(now, desk.policy.programme.tz))
    on_duty = [records.duties.holder(duty, week_on) for duty in (QUESTIONS, EXTENSIONS)]
    return Readers(about, asked_first(on_duty, _may_beasked(records, student, now)))


def _may_beasked(records: Records, student: Member, now: datetime) -> list[Member]:
    """Return the staff that is there and has no conflict of interest with a student."""
    never = records.graders.in_conflict_with([student.id]) | records.graders.away(now)
    staff = [m for role in (Role.TA, Role.ORGANIZER) for m in records.roster.with_role(role)]
    return [m for m in staff if m.is_active(now) and m.id not in never]


def _choices(records: Records, now: datetime) -> list[Assignment]:
    """Return what a question could be about: assignments that are open to work on."""
    works = [one for one in records.assignments.all() if not one.cancelled]
    return [one for one in works if one.opens_at is None or one.opens_at <= now]


def _hand_on(records: Records, question: Question, member: Member, now: datetime) -> None:
    """Tell the next of a question, and let the cards of those who were told before say whose it is."""
    _tell(records, question, [member], now)
    show_standing(records, question.id, f"with:{member.id}", now)


def _tell(records: Records, question: Question, members: Sequence[Member], now: datetime) -> None:
    records.asking.tell(question.id, [member.id for member in members], now)
    for member in members:
        key = f"question:{question.id}:{member.id}"
        outbox.post(records, "asking.card", outbox.to(member), {"question": question.id}, key, now)


def _to_answer(records: Records, question_id: str, actor: Member, now: datetime) -> Asked:
    access.require_staff(actor, ANSWER, now)
    about = asked(records, question_id)
    told = {turn.member_id for turn in records.asking.turns(question_id)}
    if actor.id not in told and actor.role is not Role.ORGANIZER:
        raise NotAllowed(ANSWER, "whoever was asked, and organizers,")
    if about.student.id in records.graders.in_conflict(actor.id):
        raise NotAllowed(ANSWER, "staff without a conflict of interest")
    if about.question.closed_at is not None:
        raise AlreadyDecided("lapsed" if about.student.has_left(now) else "withdrawn", None, about.question.closed_at)
    if not about.question.is_open:
        raise AlreadyDecided("answered", about.by, about.question.answered_at)
    return about


def asked(records: Records, question_id: str) -> Asked:
    """Return a question with all that is known of it, within a transaction. Raises NotFound."""
    question = records.asking.get(question_id)
    if question is None:
        raise NotFound("question", question_id)
    return Asked(
        question=question,
        student=access.known(records, question.student_id),
        assignment=access.assignment(records, question.assignment_id) if question.assignment_id else None,
        by=access.known(records, question.answered_by) if question.answered_by else None,
        now_with=access.known(records, question.with_id) if question.with_id else None,
    )


def _subject(question_id: str) -> str:
    return f"question:{question_id}"


def compose_card(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return a question for whoever may answer it; nothing once it is answered or the student is gone."""
    del desk
    about = asked(records, data["question"])
    if not about.question.is_open:
        return Obsolete("answered or taken back meanwhile")
    return Obsolete("takes part no more") if _is_gone(about.student, now) else _card(about)


def compose_standing(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return a question as it stands now."""
    del desk, now
    return _card(asked(records, data["question"]))


def compose_answered(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the answer for the student, also where they are paused; nothing once they are gone."""
    del desk
    about = asked(records, data["question"])
    return Obsolete("takes part no more") if _is_gone(about.student, now) else Said(AnswerNote(about))


def _card(about: Asked) -> Said:
    return Said(QuestionCard(about), _subject(about.question.id))


def _is_gone(student: Member, now: datetime) -> bool:
    return student.status in GONE and not student.is_active(now)


COMPOSERS = {
    "asking.card": compose_card,
    "asking.standing": compose_standing,
    "asking.answered": compose_answered,
}
