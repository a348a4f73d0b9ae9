"""`/cohort fairness`: how groups of students fare, for organizers."""

from handlers.answers import Answer, Ask, Say
from handlers.views import fairness as views
from services import fairness
from services.desk import Desk


def command(ask: Ask, desk: Desk) -> Answer:
    """Show the groups of each trait side by side."""
    return Say(views.compared(fairness.report(ask.member, ask.now, desk)))
