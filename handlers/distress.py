"""What students write that sounds like distress, and the end of the quiet that follows."""

from handlers.answers import Answer, Ask, Listener, Nothing, Say
from handlers.views import distress as views
from services import distress
from services.desk import Desk


def wrote(ask: Ask, desk: Desk) -> Answer | None:
    """Look at a message before anything else does; None where it does not sound like distress.

    The answer is on its way as a message of its own, which no trouble with Slack can lose.
    """
    return None if distress.wrote(ask.text, ask.member, ask.now, desk) is None else Nothing()


def typed(ask: Ask, desk: Desk) -> Answer | None:
    """Answer with a person and with help where a command sounds like distress; None where it does not."""
    found = distress.wrote(ask.text, ask.member, ask.now, desk)
    return None if found is None else Say(views.help_now(found))


def left_alone(ask: Ask, desk: Desk) -> Answer | None:
    """Lead a student whom the bot does not understand to the person who is with them; None for everyone else."""
    person = None if ask.member.is_staff else distress.companion(ask.member, ask.now, desk)
    return None if person is None else Say(views.with_you(person))


def let_the_bot_write(ask: Ask, desk: Desk) -> Answer:
    """Let the bot write to a student again."""
    return Say(views.ended(distress.let_the_bot_write(ask.value, ask.member, ask.now, desk).called))


PRESSES: dict[str, Listener] = {"distress.end": let_the_bot_write}
