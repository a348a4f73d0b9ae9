"""Entering who did not come to what they had booked, and correcting it."""

from handlers.answers import Answer, Ask, Listener, Say
from handlers.views import no_shows as views
from services import no_shows
from services.desk import Desk


def enter(ask: Ask, desk: Desk) -> Answer:
    """Enter what was chosen for a booking: `<booking id>|<came, absent or excused>`."""
    booking_id, _, what = ask.value.partition("|")
    return Say(views.entered(no_shows.enter(booking_id, what, ask.member, ask.now, desk)))


PRESSES: dict[str, Listener] = {"no_shows.enter": enter}
