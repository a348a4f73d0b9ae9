"""“Ask a question”: the form of someone who is stuck, the answer of a TA, and how it went."""

from handlers.answers import Answer, Ask, Listener, OpenModal, Say
from handlers.extensions import read_choice, read_text
from handlers.views import asking as views
from services import asking
from services.desk import Desk


def form(ask: Ask, desk: Desk) -> Answer:
    """Open the form, which says who will read it."""
    return OpenModal(views.question_form(asking.to_ask(ask.value, ask.member, ask.now, desk)))


def submit(ask: Ask, desk: Desk) -> Answer:
    """Take a question in."""
    words = read_text(ask.state, "question")
    about = ask.metadata or read_choice(ask.state, "assignment")
    return Say(views.asked(asking.ask(about, words, ask.member, ask.now, desk)))


def open_answer(ask: Ask, desk: Desk) -> Answer:
    """Open the form for an answer."""
    return OpenModal(views.answer_form(asking.to_answer(ask.value, ask.member, ask.now, desk)))


def submit_answer(ask: Ask, desk: Desk) -> Answer:
    """Take an answer in."""
    words = read_text(ask.state, "answer")
    return Say(views.answered(asking.answer(ask.metadata, words, ask.member, ask.now, desk)))


def pass_on(ask: Ask, desk: Desk) -> Answer:
    """Hand a question to the next who may answer."""
    return Say(views.passed_on(asking.pass_on(ask.value, ask.member, ask.now, desk)))


def withdraw(ask: Ask, desk: Desk) -> Answer:
    """Take back a question that nobody has answered."""
    return Say(views.withdrawn(asking.take_back(ask.value, ask.member, ask.now, desk)))


def helped(ask: Ask, desk: Desk) -> Answer:
    """Thank a student for saying that an answer helped."""
    return Say(views.helped(asking.own(ask.value, ask.member, ask.now, desk)))


def still_stuck(ask: Ask, desk: Desk) -> Answer:
    """Offer a student whom the answer did not help what else there is."""
    return Say(views.still_stuck(asking.own(ask.value, ask.member, ask.now, desk)))


PRESSES: dict[str, Listener] = {
    "asking.form": form,
    "asking.answer": open_answer,
    "asking.pass_on": pass_on,
    "asking.withdraw": withdraw,
    "asking.helped": helped,
    "asking.still_stuck": still_stuck,
}
SUBMISSIONS: dict[str, Listener] = {"asking.ask": submit, "asking.answer": submit_answer}
