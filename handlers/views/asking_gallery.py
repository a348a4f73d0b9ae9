"""One example of every view of questions, for the gallery."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from cohort.asking import Question
from cohort.assignments import Assignment
from cohort.roster import Member
from handlers.views import asking as views
from handlers.views.blocks import Rendered, View
from services.asking import AnswerNote, Asked, QuestionCard, Readers

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
            yield f"asked a question, {name}", views.asked(readers)
        yield f"answer a question, {assignment is None}", views.answer_form(about)
        yield f"still stuck, {assignment is None}", views.still_stuck(about)
    yield "answered a question", views.answered(_asked(work, student, ta, now))
    yield "helped", views.helped(_asked(work, student, ta, now))


def question_notes(work: Assignment, student: Member, ta: Member, now: datetime) -> Iterator[object]:
    """Yield what whoever may answer is told, and the student."""
    answered = _asked(work, student, ta, now)
    is_open = replace(answered, question=replace(answered.question, answered_by=None, answered_at=None), by=None)
    yield from (QuestionCard(is_open), QuestionCard(answered), AnswerNote(answered))


def _asked(work: Assignment | None, student: Member, ta: Member, now: datetime) -> Asked:
    about = work.id if work else None
    question = Question("qst_0", student.id, about, LONG, now, ta.id, LONG, ta.id, now)
    return Asked(question, student, work, ta)
