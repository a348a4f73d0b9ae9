"""`/cohort hours`: how long work takes, as estimated and as students reported."""

from handlers.answers import Answer, Ask, Say
from handlers.views import estimates as views
from services import estimates
from services.desk import Desk


def command(ask: Ask, desk: Desk) -> Answer:
    """Show estimates and reports side by side."""
    return Say(views.listed(estimates.listed(ask.member, ask.now, desk)))
