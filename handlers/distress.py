"""What students write that sounds like distress, and the end of the quiet that follows."""

from handlers.answers import Answer, Ask, Listener, Say
from handlers.views import distress as views
from services import distress
from services.desk import Desk


def wrote(ask: Ask, desk: Desk) -> Answer | None:
    """Answer with a person and with help where a message sounds like distress; None where it does not."""
    found = distress.wrote(ask.text, ask.member, ask.now, desk)
    return None if found is None else Say(views.help_now(found))


def let_the_bot_write(ask: Ask, desk: Desk) -> Answer:
    """Let the bot write to a student again."""
    return Say(views.ended(distress.let_the_bot_write(ask.value, ask.member, ask.now, desk).called))


PRESSES: dict[str, Listener] = {"distress.end": let_the_bot_write}
