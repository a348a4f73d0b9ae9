"""Groups for a section: the form, what comes of it, and telling everyone in them."""

from handlers.answers import Answer, Ask, Listener, OpenModal, Say
from handlers.form_fields import read_number
from handlers.views import groups as views
from services import groups
from services.desk import Desk

EXAMPLE = "/office-hours events"


def form(ask: Ask, desk: Desk) -> Answer:
    """Open the form for how large groups are."""
    return OpenModal(views.form(groups.to_group(ask.value, ask.member, ask.now, desk)))


def make(ask: Ask, desk: Desk) -> Answer:
    """Make groups, and show them before anyone is told."""
    event = groups.to_group(ask.metadata, ask.member, ask.now, desk).event
    size = read_number(ask.state, views.SIZE, EXAMPLE)
    return Say(views.made(groups.make(event.id, size, ask.member, ask.now, desk)))


def tell(ask: Ask, desk: Desk) -> Answer:
    """Tell everyone who is in their group."""
    return Say(views.told(groups.tell(ask.value, ask.member, ask.now, desk)))


PRESSES: dict[str, Listener] = {"groups.form": form, "groups.tell": tell}
SUBMISSIONS: dict[str, Listener] = {"groups.form": make}
