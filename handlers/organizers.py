"""The organizers' desk: where everything is, tables as files, and what happened to someone or something."""

from handlers.answers import Answer, Ask, Listener, Say
from handlers.bookings import read_count
from handlers.reading import unescaped
from handlers.views import organizers as views
from services import history, sent_exports
from services.desk import Desk


def export(ask: Ask, desk: Desk) -> Answer:
    """`/cohort export roster` sends a table as a file; without a name the tables to choose from."""
    if not ask.text.strip():
        return Say(views.tables(sent_exports.tables(ask.member, ask.now)))
    return Say(views.sent(sent_exports.send(unescaped(ask.text), ask.member, ask.now, desk)))


def send_table(ask: Ask, desk: Desk) -> Answer:
    """Send the table that was chosen."""
    chosen = ask.value
    return Say(views.sent(sent_exports.send(chosen, ask.member, ask.now, desk)))


def happened(ask: Ask, desk: Desk) -> Answer:
    """`/cohort history @student` and `/cohort history hw3`: what happened, the newest first."""
    named = _named(unescaped(ask.text))
    return Say(views.history(history.history(named, 0, ask.member, ask.now, desk), ask.member.tz))


def happened_before(ask: Ask, desk: Desk) -> Answer:
    """Show what happened before, or after again."""
    page, _, of_id = ask.value.partition("|")
    found = history.history(of_id, read_count(page), ask.member, ask.now, desk)
    return Say(views.history(found, ask.member.tz))


def _named(text: str) -> str:
    """Return a name without the marks that people or Slack put around it."""
    return text.strip().strip('"“”').removeprefix("<@").removeprefix("@").partition("|")[0].removesuffix(">")


PRESSES: dict[str, Listener] = {"desk.export": export, "exports.send": send_table, "history.page": happened_before}
