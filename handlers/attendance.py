"""The list of who was there, and a student's button to say so."""

from collections.abc import Mapping
from datetime import UTC, datetime

from handlers.answers import Answer, Ask, Listener, OpenModal, Say
from handlers.extensions import read_element
from handlers.form_fields import unread
from handlers.views import attendance as views
from services import attendance
from services.desk import Desk

EXAMPLE = "/office-hours events"


def open_list(ask: Ask, desk: Desk) -> Answer:
    """Open the list of who was there."""
    return OpenModal(views.list_form(attendance.to_note(ask.value, ask.member, ask.now, desk)))


def note(ask: Ask, desk: Desk) -> Answer:
    """Keep the list as it was ticked."""
    event_id, _, opened = ask.metadata.partition("|")
    event = attendance.to_note(event_id, ask.member, ask.now, desk).event
    return Say(views.noted(attendance.note(event.id, _ticked(ask), _opened_at(opened), ask.member, ask.now, desk)))


def here(ask: Ask, desk: Desk) -> Answer:
    """Note that a student is there."""
    return Say(views.here(attendance.here(ask.value, ask.member, ask.now, desk)))


def _ticked(ask: Ask) -> list[str]:
    """Return the students ticked in every select of the form."""
    chosen = [
        read_element(ask.state, block).get("selected_options") for block in ask.state if block.startswith(views.WHO)
    ]
    options = [each for some in chosen if isinstance(some, list) for each in some if isinstance(each, Mapping)]
    values = [each.get("value") for each in options]
    return [value for value in values if isinstance(value, str)]


def _opened_at(written: str) -> datetime:
    try:
        opened_at = datetime.fromisoformat(written)
    except ValueError:
        raise unread(EXAMPLE) from None
    return opened_at if opened_at.tzinfo else opened_at.replace(tzinfo=UTC)


PRESSES: dict[str, Listener] = {"attendance.list": open_list, "attendance.here": here}
SUBMISSIONS: dict[str, Listener] = {"attendance.list": note}
