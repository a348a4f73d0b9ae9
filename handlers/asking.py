"""“Ask a question”: the form of someone who is stuck, the answer of a TA, and how it went."""

from handlers.answers import Answer, Ask, Listener, OpenModal, Say
from handlers.extensions import read_text
from handlers.views import asking as views
from services import asking
from services.desk import Desk


def form(ask: Ask, desk: Desk) -> Answer:
    """Open the form, which says who will read it."""
    return OpenModal(views.question_form(asking.to_ask(ask.value, ask.member, ask.now, desk)))


def submit(ask: Ask, desk: Desk) -> Answer:
    """Take a question in."""
    words = read_text(ask.state, "question")
    return Say(views.asked(asking.ask(ask.metadata, words, ask.member, ask.now, desk)))


def open_answer(ask: Ask, desk: Desk) -> Answer:
    """Open the form for an answer."""
    return OpenModal(views.answer_form(asking.to_answer(ask.value, ask.member, ask.now, desk)))


def submit_answer(ask: Ask, desk: Desk) -> Answer:
    """Take an answer in."""
    words = read_text(ask.state, "answer")
    return Say(views.answered(asking.answer(ask.metadata, words, ask.member, ask.now, desk)))


def helped(ask: Ask, desk: Desk) -> Answer:
    """Thank a student for saying that an answer helped."""
    return Say(views.helped(asking.own(ask.value, ask.member, ask.now, desk)))


def still_stuck(ask: Ask, desk: Desk) -> Answer:
    """Offer a student whom the answer did not help what else there is."""
    return Say(views.still_stuck(asking.own(ask.value, ask.member, ask.now, desk)))


PRESSES: dict[str, Listener] = {
    "asking.form": form,
    "asking.answer": open_answer,
    "asking.helped": helped,
    "asking.still_stuck": still_stuck,
}
SUBMISSIONS: dict[str, Listener] = {"asking.ask": submit, "asking.answer": submit_answer}
