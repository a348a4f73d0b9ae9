"""`/cohort leave`, its form, and staying after all."""

from collections.abc import Mapping
from typing import Any

from cohort.leavings import Instead, LeavingReason
from handlers.answers import Answer, Ask, Listener, OpenModal, Say
from handlers.extensions import read_element, read_text
from handlers.views import leavings as views
from services import distress, leavings
from services.desk import Desk
from services.leavings import WantsToLeave


def form(ask: Ask, desk: Desk) -> Answer:
    """`/cohort leave`: open the form."""
    leavings.to_leave(ask.member, ask.now)
    return OpenModal(views.form(desk.policy.follow_ups.leaving_days))


def submit(ask: Ask, desk: Desk) -> Answer:
    """Take the form in; words that sound like distress bring a person besides."""
    reasons = [LeavingReason(each) for each in _ticked(ask.state, views.REASONS) if each in set(LeavingReason)]
    helps = [Instead(each) for each in _ticked(ask.state, views.HELPS) if each in set(Instead)]
    words = read_text(ask.state, views.WORDS)
    shown = leavings.begin(WantsToLeave(reasons, helps, words), ask.member, ask.now, desk)
    found = distress.wrote(words, ask.member, ask.now, desk)
    return Say(views.begun(shown, found, ask.member.tz))


def stay(ask: Ask, desk: Desk) -> Answer:
    """Stay after all."""
    return Say(views.stays(leavings.undo(ask.value, ask.member, ask.now, desk)))


def _ticked(state: Mapping[str, Mapping[str, Any]], block: str) -> list[str]:
    options = read_element(state, block).get("selected_options")
    found = [each.get("value") for each in options if isinstance(each, Mapping)] if isinstance(options, list) else []
    return [each for each in found if isinstance(each, str)]


PRESSES: dict[str, Listener] = {"leavings.stay": stay, "leavings.form": form}
SUBMISSIONS: dict[str, Listener] = {"leavings.leave": submit}
