"""What a student presses under an offer of the ladder."""

from cohort.errors import NotFound
from cohort.ladder import Help
from handlers.answers import Answer, Ask, Listener, Say
from handlers.views import ladder as views
from services import ladder_answers
from services.desk import Desk


def accept(ask: Ask, desk: Desk) -> Answer:
    """Accept one kind of help; the button's value holds the step and the kind."""
    rung_id, _, which = ask.value.partition(":")
    if which not in set(Help):
        raise NotFound("offer", which)
    accepted = ladder_answers.accept(rung_id, Help(which), ask.member, ask.now, desk)
    return Say(views.answer(accepted, ask.member.tz))


PRESSES: dict[str, Listener] = {f"ladder.{each}": accept for each in Help}
