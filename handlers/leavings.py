"""`/cohort leave`, its form, and staying after all."""

from collections.abc import Mapping
from typing import Any

from cohort.leavings import Instead, LeavingReason
from handlers.answers import Answer, Ask, Listener, OpenModal, Say
from handlers.extensions import read_element, read_text
from handlers.form_fields import unread
from handlers.views import leavings as views
from services import distress, follow_up_cards, leavings
from services.desk import Desk
from services.leavings import WantsToLeave

EXAMPLE = "/cohort leave"


def form(ask: Ask, desk: Desk) -> Answer:
    """`/cohort leave`: open the form; for who wants to leave already, say how it stands."""
    there = leavings.to_leave(ask.member, desk)
    if there is not None:
        return Say(views.notice(there, ask.member.tz))
    return OpenModal(views.form(desk.policy.follow_ups.leaving_days))


def submit(ask: Ask, desk: Desk) -> Answer:
    """Take the form in; words that sound like distress bring a person besides. Raises Unclear for no form of ours."""
    leavings.to_leave(ask.member, desk)
    if views.REASONS not in ask.state:
        # Slack sends every field of a form, filled in or not: nobody leaves by a payload without any.
        raise unread(EXAMPLE)
    wish = _wish(ask)
    shown = leavings.begin(wish, ask.member, ask.now, desk)
    found = distress.wrote(wish.words, ask.member, ask.now, desk)
    return Say(views.begun(shown, found, ask.member.tz))


def _wish(ask: Ask) -> WantsToLeave:
    reasons = [LeavingReason(each) for each in _ticked(ask.state, views.REASONS) if each in set(LeavingReason)]
    helps = [Instead(each) for each in _ticked(ask.state, views.HELPS) if each in set(Instead)]
    return WantsToLeave(reasons, helps, read_text(ask.state, views.WORDS))


def form_for(ask: Ask, desk: Desk) -> Answer:
    """Open the form for whoever follows a student up."""
    follow_up_cards.to_work_on(ask.value, ask.member, ask.now, desk)
    return OpenModal(views.form(desk.policy.follow_ups.leaving_days, ask.value))


def submit_for(ask: Ask, desk: Desk) -> Answer:
    """Note that a student told somebody that they want to leave."""
    return Say(views.begun_for(leavings.begin_for(ask.metadata, _wish(ask), ask.member, ask.now, desk), ask.member.tz))


def why(ask: Ask, desk: Desk) -> Answer:
    """Show the reasons to whoever follows the student up."""
    return OpenModal(views.why(leavings.why(ask.value, ask.member, ask.now, desk)))


def stay(ask: Ask, desk: Desk) -> Answer:
    """Stay after all."""
    return Say(views.stays(leavings.undo(ask.value, ask.member, ask.now, desk)))


def _ticked(state: Mapping[str, Mapping[str, Any]], block: str) -> list[str]:
    options = read_element(state, block).get("selected_options")
    found = [each.get("value") for each in options if isinstance(each, Mapping)] if isinstance(options, list) else []
    return [each for each in found if isinstance(each, str)]


PRESSES: dict[str, Listener] = {
    "leavings.stay": stay,
    "leavings.form": form,
    "leavings.form_for": form_for,
    "leavings.why": why,
}
SUBMISSIONS: dict[str, Listener] = {"leavings.leave": submit, "leavings.leave_for": submit_for}
