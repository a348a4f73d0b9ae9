"""`/cohort policy`, and Home."""

from handlers import bookings, events, office_hours, open_hours
from handlers.answers import Answer, Ask, Nothing, Say, ShowHome
from handlers.views import cohort as views
from handlers.views.blocks import Block
from handlers.views.home import home
from services.desk import Desk
from services.extensions import choices, listed
from services.handovers import absence_of


def policy(ask: Ask, desk: Desk) -> Answer:
    """Show the policy in plain words."""
    return Say(views.policy_words(desk.policy, ask.member.tz, ask.member.accommodation_days))


def opened_home(ask: Ask, desk: Desk) -> Answer:
    """Publish Home for the person who opens it."""
    if ask.event.get("tab", "home") != "home":
        return Nothing()
    if not ask.member.is_active(ask.now):
        return ShowHome(home(ask.member, [], [], ask.now))
    absence = absence_of(ask.member, ask.now, desk) if ask.member.is_staff else None
    offered = [] if ask.member.is_staff else choices(ask.member, ask.now, desk)
    due = [c for c in offered if c.assignment.is_open(ask.now) and c.assignment.required and not c.is_handed_in]
    waiting = [entry for entry in listed(ask.member, ask.now, desk) if entry.request.state.is_open]
    due = sorted(due, key=lambda choice: choice.due_at)
    return ShowHome(home(ask.member, due, waiting, ask.now, absence, _more(ask, desk)))


def _more(ask: Ask, desk: Desk) -> list[Block]:
    """Return what the features add to Home, below what is due or waits."""
    hours = office_hours.home_part if ask.member.is_staff else bookings.home_part
    on = [] if ask.member.is_staff else events.home_part(ask, desk)
    return [*open_hours.home_part(ask, desk), *hours(ask, desk), *on]


EVENTS = {"app_home_opened": opened_home}
