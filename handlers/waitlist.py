"""The waiting list for slots: joining with one press, and taking or declining what is offered."""

from handlers.answers import Answer, Ask, Listener, OpenModal, Say
from handlers.extensions import read_choice
from handlers.views import bookings as booking_views
from handlers.views import waitlist as views
from services import waitlist_offers
from services.desk import Desk


def form(ask: Ask, desk: Desk) -> Answer:
    """Open the form of what can be waited for."""
    found = waitlist_offers.lines(ask.member, ask.now, desk)
    return OpenModal(views.form(found, ask.member.tz))


def submit(ask: Ask, desk: Desk) -> Answer:
    """Wait for what was chosen in the form."""
    return _joined(read_choice(ask.state, views.WANTED), ask, desk)


def join(ask: Ask, desk: Desk) -> Answer:
    """Wait for what a button names: `slot:<id>` or `day:<date>:<member id of a TA, or nothing>`."""
    return _joined(ask.value, ask, desk)


def _joined(wanted: str, ask: Ask, desk: Desk) -> Answer:
    return Say(views.joined(waitlist_offers.join(wanted, ask.member, ask.now, desk), ask.member.tz))


def leave(ask: Ask, desk: Desk) -> Answer:
    """Wait no longer."""
    return Say(views.left(waitlist_offers.leave(ask.value, ask.member, ask.now, desk), ask.member.tz))


def take(ask: Ask, desk: Desk) -> Answer:
    """Book what is offered."""
    return Say(booking_views.booked(waitlist_offers.take(ask.value, ask.member, ask.now, desk), ask.member.tz))


def decline(ask: Ask, desk: Desk) -> Answer:
    """Let an offer go on to the next."""
    return Say(views.declined(waitlist_offers.decline(ask.value, ask.member, ask.now, desk), ask.member.tz))


PRESSES: dict[str, Listener] = {
    "waitlist.form": form,
    "waitlist.join": join,
    "waitlist.leave": leave,
    "waitlist.take": take,
    "waitlist.decline": decline,
}
SUBMISSIONS: dict[str, Listener] = {"waitlist.join": submit}
