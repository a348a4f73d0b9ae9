"""What people write to the bot: who reads a direct message first, and who is left to answer it."""

from handlers import check_ins, distress, dropped_files, plain_words
from handlers.answers import Answer, Ask, Listener, Nothing
from handlers.commands import help_me
from services.desk import Desk


def wrote(ask: Ask, desk: Desk) -> Answer:
    """Answer a direct message."""
    if ask.event.get("channel_type") != "im":
        return Nothing()
    found = distress.wrote(ask, desk) or dropped_files.dropped(ask, desk) or check_ins.wrote(ask, desk)
    return found or distress.left_alone(ask, desk) or plain_words.wrote(ask, desk, help_me)


EVENTS: dict[str, Listener] = {"message": wrote}
