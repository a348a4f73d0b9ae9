"""Questions about grades: the forms, the card of whoever answers, and the answer."""

from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.grading import Verdict
from cohort.regrades import RegradeState
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Block,
    Rendered,
    Renderers,
    View,
    actions,
    button,
    context,
    cut,
    date,
    escape,
    field_of,
    mention,
    modal,
    name_of,
    option,
    plain,
    say,
    section,
    select,
    text_input,
)
from handlers.views.grading import VERDICTS
from services.regrades import Asked, Questioned, RegradeCard, RegradeNote

KEEP, PASSES = "keep", "passes"
WORDS_MOST = 1500


def question_form(assignment: Assignment, grade_id: str) -> View:
    """Return the form in which a student asks about a grade."""
    blocks = [
        section(f"{title_of(assignment)}. A question is always fine, and never takes a pass away."),
        field_of(
            "question",
            "What would you like to know, or have looked at again?",
            text_input("question", multiline=True, most=WORDS_MOST),
            hint="Whoever graded it reads this; if that does not settle it, somebody else does.",
        ),
    ]
    return modal("About this grade", blocks, callback_id="regrades.ask", submit="Ask", metadata=grade_id)


def asked(done: Asked) -> Rendered:
    """Return what a student reads after asking."""
    title, by = title_of(done.assignment), name_of(done.by)
    if done.is_new:
        return say(f":white_check_mark: {by} has your question about {title}, and you will hear from me.")
    if done.regrade.state.is_open:
        return say(f"{by} has your question about {title} already, and you will hear from me.")
    if done.regrade.state is RegradeState.ANSWERED:
        second = button("Ask somebody else", "regrades.somebody_else", done.regrade.id)
        return say(f"{by} has answered your question about {title}.", actions(second))
    return say(f"Your question about {title} was looked at twice, and is settled. Please write to an organizer.")


def card(found: RegradeCard, zone: ZoneInfo) -> Rendered:
    """Return a question for whoever answers it."""
    about = found.about
    head = f"{mention(about.student)} has a question about the grade of {title_of(about.assignment)}: {_grade(about)}."
    if about.regrade.state is RegradeState.SECOND_LOOK:
        head += " It was answered once; this is a second look."
    blocks: list[Block] = [section(head), *_words(about.regrade.question)]
    if about.regrade.answer:
        blocks += [context("The first answer"), *_words(about.regrade.answer)]
    if about.regrade.state.is_open:
        answer = button("Answer", "regrades.answer", about.regrade.id, "primary")
        blocks.append(actions(answer, button("Open the work", "grading.open", about.hand_in.id)))
    elif found.has_left:
        blocks.append(context("Closed: the student takes part no more, so there is nothing left to answer."))
    else:
        when = f" {date(about.regrade.answered_at, zone)}" if about.regrade.answered_at else ""
        blocks.append(context(f"{name_of(about.with_)} answered it{when}."))
    return Rendered(f"A question about the grade of {escape(about.assignment.slug)}", blocks)


def answer_form(about: Questioned) -> View:
    """Return the form for an answer; a part and a pass without a score have nothing that could change."""
    blocks = [
        section(f"{name_of(about.student)}, {title_of(about.assignment)}: {_grade(about)}."),
        *_words(about.regrade.question),
        field_of("answer", "Answer, for the student to read", text_input("answer", multiline=True, most=WORDS_MOST)),
        *_change_fields(about),
    ]
    return modal("Answer", blocks, callback_id="regrades.answer", submit="Answer", metadata=about.regrade.id)


def _change_fields(about: Questioned) -> list[Block]:
    fields: list[Block] = []
    if about.grade.verdict is Verdict.PART:
        return fields
    if about.assignment.pass_mark is not None:
        hint = f"Left empty it stays. {about.assignment.pass_mark:g} and more passes."
        fields.append(field_of("score", "Another score", text_input("score", most=10), optional=True, hint=hint))
    if about.grade.verdict is Verdict.NOT_YET:
        options = [option("As it is, or by the score", KEEP), option("It passes", PASSES)]
        fields.append(field_of("result", "Result", select("result", options, KEEP), optional=True))
    return fields


def answered(about: Questioned) -> Rendered:
    """Return what a grader reads after answering."""
    changed = " The grade is changed, and everyone who shares it is told." if about.regrade.changed else ""
    return say(f":white_check_mark: {name_of(about.student)} gets your answer.{changed}")


def note(found: RegradeNote, zone: ZoneInfo) -> Rendered:
    """Return the answer to a student's question."""
    del zone
    about = found.about
    now = "is now" if about.regrade.changed else "stays"
    head = f"{name_of(about.with_)} looked at your question about {title_of(about.assignment)}. The grade {now}: "
    blocks: list[Block] = [section(f"{head}{_grade(about)}."), *_words(about.regrade.answer)]
    if about.regrade.state is RegradeState.ANSWERED:
        blocks.append(actions(button("Ask somebody else", "regrades.somebody_else", about.regrade.id)))
    return Rendered(f"About your question on {escape(about.assignment.slug)}", blocks)


def _grade(about: Questioned) -> str:
    score = f", {about.grade.score:g}" if about.grade.score is not None else ""
    return f"*{VERDICTS[about.grade.verdict]}{score}*"


def _words(text: str) -> list[Block]:
    return [{"type": "section", "text": plain(cut(text, 3000))}] if text else []


RENDERERS: Renderers = {RegradeCard: card, RegradeNote: note}
