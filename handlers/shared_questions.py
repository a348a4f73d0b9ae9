"""`/cohort ask`, `/cohort questions`, and sharing a question without a name."""

from handlers.answers import Answer, Ask, Listener, OpenModal, Say
from handlers.extensions import read_text
from handlers.reading import unescaped
from handlers.views import asking as asking_views
from handlers.views import shared_questions as views
from services import asking, shared_questions
from services.desk import Desk


def ask(ask: Ask, desk: Desk) -> Answer:
    """`/cohort ask why does …`: open the form, with the words filled in, which says who will read them."""
    readers = asking.to_ask("", ask.member, ask.now, desk)
    return OpenModal(asking_views.question_form(readers, unescaped(ask.text)))


def find(ask: Ask, desk: Desk) -> Answer:
    """`/cohort questions proofs`: what was shared and fits."""
    return Say(views.found(shared_questions.find(unescaped(ask.text), ask.member, ask.now, desk), ask.member))


def form(ask: Ask, desk: Desk) -> Answer:
    """Open what would be shared, to be looked through first."""
    return OpenModal(views.share_form(shared_questions.to_share(ask.value, ask.member, ask.now, desk)))


def submit(ask: Ask, desk: Desk) -> Answer:
    """Share a question as it stands in the form."""
    words, answer = read_text(ask.state, "question"), read_text(ask.state, "answer")
    return Say(views.shared(shared_questions.share(ask.metadata, words, answer, ask.member, ask.now, desk)))


def take_back(ask: Ask, desk: Desk) -> Answer:
    """Take a shared question back."""
    return Say(views.taken_back(is_new=shared_questions.take_back(ask.value, ask.member, ask.now, desk)))


def offer_slot(ask: Ask, desk: Desk) -> Answer:
    """Answer a question with an offer to meet."""
    return Say(asking_views.answered(asking.offer_to_meet(ask.value, ask.member, ask.now, desk)))


PRESSES: dict[str, Listener] = {
    "asking.share": form,
    "asking.take_back": take_back,
    "asking.offer_slot": offer_slot,
}
SUBMISSIONS: dict[str, Listener] = {"asking.share": submit}
