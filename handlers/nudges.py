"""What a student presses under a nudge; another date and a talk are presses of `/extension`."""

from handlers.answers import Answer, Ask, Listener, Say
from handlers.views import nudges as views
from services import nudge_answers
from services.desk import Desk


def take_offer(ask: Ask, desk: Desk) -> Answer:
    """Take one offer."""
    outcome = nudge_answers.take_offer(ask.value, ask.member, ask.now, desk)
    return Say(views.answers([outcome], ask.member.tz))


def take_all(ask: Ask, desk: Desk) -> Answer:
    """Take every offer of a message."""
    return Say(views.answers(nudge_answers.take_all(ask.value, ask.member, ask.now, desk), ask.member.tz))


def handed_in(ask: Ask, desk: Desk) -> Answer:
    """Say that the work is handed in."""
    return Say(views.handed_in(nudge_answers.say_handed_in(ask.value, ask.member, ask.now, desk)))


PRESSES: dict[str, Listener] = {"nudges.take": take_offer, "nudges.take_all": take_all, "nudges.handed_in": handed_in}
SUBMISSIONS: dict[str, Listener] = {}
