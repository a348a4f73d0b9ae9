"""`/cohort policy`."""

from handlers.answers import Answer, Ask, Say
from handlers.views.policy import policy_words
from services.desk import Desk


def policy(ask: Ask, desk: Desk) -> Answer:
    """Show the policy in plain words."""
    return Say(policy_words(desk.policy, ask.member))
