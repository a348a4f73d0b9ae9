"""`/cohort policy`."""

from handlers.answers import Answer, Ask, Say
from handlers.views import cohort as views
from services.desk import Desk


def policy(ask: Ask, desk: Desk) -> Answer:
    """Show the policy in plain words."""
    return Say(views.policy_words(desk.policy, ask.member.tz, ask.member.accommodation_days))
