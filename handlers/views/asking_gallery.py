"""One example of every view of questions, for the gallery."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from cohort.asking import Question
from cohort.assignments import Assignment
from cohort.roster import Member
from cohort.shared_questions import Shared
from handlers.views import asking as views
from handlers.views import shared_questions as shared_views
from handlers.views.blocks import Rendered, View
from services.asking import OFFER, AnswerNote, Asked, QuestionCard, Readers
from services.shared_questions import FoundQuestions, TakenOut, ToShare

LONG = ("What someone asks, <at length> & with care. " * 50)[: views.WORDS_MOST]


def question_views(
    work: Assignment, student: Member, ta: Member, now: datetime
) -> Iterator[tuple[str, Rendered | View]]:
    """Yield the forms, and what follows each of them and each press."""
    for assignment in (work, None):
        about = _asked(assignment, student, ta, now)
        for readers in (Readers(assignment, [ta]), Readers(assignment, [ta] * 9)):
            name = f"{len(readers.members)} {assignment is None}"
            yield f"ask a question, {name}", views.question_form(readers)
            yield f"asked a question, {name}", views.asked(replace(readers, question_id="qst_0"))
        yield f"answer a question, {assignment is None}", views.answer_form(about)
        yield f"still stuck, {assignment is None}", views.still_stuck(about)
    many = [replace(work, id=f"asg_{number}") for number in range(120)]
    yield "ask about one of many", views.question_form(Readers(None, [ta], many))
    yield "passed on", views.passed_on(ta)
    yield "passed on to nobody", views.passed_on(None)
    yield "took a question back", views.withdrawn(_asked(work, student, ta, now))
    full = Shared("qst_0", LONG, LONG, work.id, now)
    titles = {work.id: "A <long> title & " * 20}
    for reader in (student, ta):
        for shared in ([], [full] * 3, [full] * 40):
            found = FoundQuestions("proofs", shared, titles, len(shared))
            yield f"shared questions, {len(shared)}", shared_views.found(found, reader)
    about = _asked(work, student, ta, now)
    yield "share a question", shared_views.share_form(ToShare(about, []))
    yield "share a question with names", shared_views.share_form(ToShare(about, ["<Ada>" * 10] * 40))
    yield "shared a question", shared_views.shared(about)
    yield from (("taken back", shared_views.taken_back(is_new=is_new)) for is_new in (True, False))
    yield "answered a question", views.answered(_asked(work, student, ta, now))
    yield "helped", views.helped(_asked(work, student, ta, now))


def question_notes(work: Assignment, student: Member, ta: Member, now: datetime) -> Iterator[object]:
    """Yield what whoever may answer is told, and the student."""
    answered = _asked(work, student, ta, now)
    is_open = replace(answered, question=replace(answered.question, answered_by=None, answered_at=None), by=None)
    offered = replace(answered, question=replace(answered.question, answer=OFFER))
    closed = replace(is_open, question=replace(is_open.question, closed_at=now))
    yield from (QuestionCard(closed), QuestionCard(replace(is_open, now_with=ta)))
    yield from (QuestionCard(is_open), QuestionCard(answered), AnswerNote(answered), AnswerNote(offered))
    yield TakenOut(answered, ta)


def _asked(work: Assignment | None, student: Member, ta: Member, now: datetime) -> Asked:
    about = work.id if work else None
    question = Question("qst_0", student.id, about, LONG, now, ta.id, LONG, ta.id, now)
    return Asked(question, student, work, ta)
