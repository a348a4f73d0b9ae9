"""Questions about a grade: asking, having somebody else look, and answering."""

from collections.abc import Mapping
from typing import Any

from cohort.grading import Marked, is_score
from handlers.answers import Answer, Ask, FieldErrors, Listener, OpenModal, Say
from handlers.extensions import read_text
from handlers.grading import read_number
from handlers.views import regrades as views
from services import regrades
from services.desk import Desk
from services.regrades import Questioned


def form(ask: Ask, desk: Desk) -> Answer:
    """Open the form for a question."""
    return OpenModal(views.question_form(regrades.to_ask(ask.value, ask.member, ask.now, desk), ask.value))


def submit(ask: Ask, desk: Desk) -> Answer:
    """Take a question in."""
    question = read_text(ask.state, "question")
    return Say(views.asked(regrades.ask(ask.metadata, question, ask.member, ask.now, desk)))


def somebody_else(ask: Ask, desk: Desk) -> Answer:
    """Have somebody else look at it."""
    return Say(views.asked(regrades.ask_somebody_else(ask.value, ask.member, ask.now, desk)))


def open_answer(ask: Ask, desk: Desk) -> Answer:
    """Open the form for an answer."""
    return OpenModal(views.answer_form(regrades.to_answer(ask.value, ask.member, ask.now, desk)))


def submit_answer(ask: Ask, desk: Desk) -> Answer:
    """Take an answer in, with another grade where one is given."""
    about = regrades.to_answer(ask.metadata, ask.member, ask.now, desk)
    typed = read_text(ask.state, "score")
    score = read_number(typed)
    if typed and not is_score(score):
        return FieldErrors({"score": "Give a score as a number from 0, like 85 or 72.5, or leave it empty."})
    words, marked = read_text(ask.state, "answer"), _marked(ask.state, score, about)
    return Say(views.answered(regrades.answer(ask.metadata, words, marked, ask.member, ask.now, desk)))


def _marked(state: Mapping[str, Mapping[str, Any]], score: float | None, about: Questioned) -> Marked | None:
    """Return the grade that is to take the place of the old one, or None where it stays."""
    chosen = state.get("result", {}).get("result", {}).get("selected_option")
    passes = isinstance(chosen, Mapping) and chosen.get("value") == views.PASSES
    if not passes and score in {None, about.grade.score}:
        return None
    return Marked(score=score if score is not None else about.grade.score, passed=True if passes else None)


PRESSES: dict[str, Listener] = {
    "regrades.form": form,
    "regrades.somebody_else": somebody_else,
    "regrades.answer": open_answer,
}
SUBMISSIONS: dict[str, Listener] = {"regrades.ask": submit, "regrades.answer": submit_answer}
