"""`/office-hours coverage`: where office hours are missing, and where nobody comes."""

from handlers.answers import Answer, Ask, Say
from handlers.views import coverage as views
from services import coverage
from services.desk import Desk


def command(ask: Ask, desk: Desk) -> Answer:
    """Show hours against when students are awake, and who came."""
    return Say(views.report(coverage.report(ask.member, ask.now, desk), ask.member.tz))
