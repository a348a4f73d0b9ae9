"""`/cohort digest`: the last seven days, for organizers and for TAs."""

from handlers.answers import Answer, Ask, Say
from handlers.views import digest as views
from services import digest_messages
from services.desk import Desk


def command(ask: Ask, desk: Desk) -> Answer:
    """Show the week; pictures follow in the organizer's direct messages."""
    return Say(views.shown(digest_messages.show(ask.member, ask.now, desk), ask.member.tz))
