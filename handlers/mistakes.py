"""`/cohort mistake`: saying that something in an assignment was our mistake."""

from cohort.errors import Unclear
from cohort.mistakes import AdmitMistake
from handlers.answers import Answer, Ask, FieldErrors, OpenModal, Say
from handlers.extensions import read_text
from handlers.views import mistakes as views
from services import mistakes
from services.desk import Desk


def form(ask: Ask, desk: Desk) -> Answer:
    """`/cohort mistake hw3` opens the form, which says whom it touches."""
    if not ask.text:
        raise Unclear("I don't see in which assignment.", "/cohort mistake hw3")
    return OpenModal(views.form(mistakes.to_admit(ask.text, ask.member, ask.now, desk)))


def submit(ask: Ask, desk: Desk) -> Answer:
    """Tell everyone who holds the work; without words on what holds instead the form stays open."""
    question, words = read_text(ask.state, "question"), read_text(ask.state, "words")
    if not words:
        return FieldErrors({"words": "Say what holds instead: that is what students need to go on."})
    touched = mistakes.admit(AdmitMistake(ask.metadata, question, words), ask.member, ask.now, desk)
    return Say(views.done(touched))


SUBMISSIONS = {"mistakes.admit": submit}
