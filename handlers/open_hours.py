"""Open hours: a student's place in line, and the TA's panel."""

from collections.abc import Mapping
from typing import Any

from handlers.answers import Answer, Ask, FieldErrors, Listener, OpenModal, Say
from handlers.extensions import read_element, read_text
from handlers.views import open_hours as views
from handlers.views import open_hours_panel as panel_views
from services import open_hours, open_hours_panel
from services.desk import Desk

TOGETHER_MOST = 10


def join(ask: Ask, desk: Desk) -> Answer:
    """Stand in line."""
    return Say(views.in_line(open_hours.join(ask.value, ask.member, ask.now, desk), ask.member.tz))


def about_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form for a student's question in a word."""
    return OpenModal(views.about_form(open_hours.to_say(ask.value, ask.member, ask.now, desk)))


def say_about(ask: Ask, desk: Desk) -> Answer:
    """Keep a student's question in a word."""
    about = read_text(ask.state, views.ABOUT)
    return Say(views.in_line(open_hours.say_about(ask.metadata, about, ask.member, ask.now, desk), ask.member.tz))


def step_out(ask: Ask, desk: Desk) -> Answer:
    """Step out for a while."""
    return Say(views.in_line(open_hours.step_out(ask.value, ask.member, ask.now, desk), ask.member.tz))


def come_back(ask: Ask, desk: Desk) -> Answer:
    """Be there again."""
    return Say(views.in_line(open_hours.come_back(ask.value, ask.member, ask.now, desk), ask.member.tz))


def leave(ask: Ask, desk: Desk) -> Answer:
    """Leave the line."""
    return Say(views.in_line(open_hours.leave(ask.value, ask.member, ask.now, desk), ask.member.tz))


def take_next(ask: Ask, desk: Desk) -> Answer:
    """Take who is next."""
    session_id, _, shown = ask.value.partition("|")
    taken = open_hours_panel.take_next(session_id, shown.split(","), ask.member, ask.now, desk)
    return Say(panel_views.taken(taken))


def group_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form for taking several together."""
    return OpenModal(panel_views.group_form(open_hours_panel.to_group(ask.value, ask.member, ask.now, desk)))


def take_together(ask: Ask, desk: Desk) -> Answer:
    """Take those together who were chosen."""
    chosen = _chosen(ask.state)
    if not chosen:
        return FieldErrors({panel_views.WHO: "Choose at least one."})
    taken = open_hours_panel.take_together(ask.metadata, chosen, ask.member, ask.now, desk)
    return Say(panel_views.taken(taken))


def did_not_answer(ask: Ask, desk: Desk) -> Answer:
    """Ask someone who did not come whether they are there."""
    open_hours_panel.did_not_answer(ask.value, ask.member, ask.now, desk)
    return Say(panel_views.asked())


def done_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form for being done with someone, with a word on what it was about."""
    return OpenModal(panel_views.done_form(open_hours_panel.of_group(ask.value, ask.member, ask.now, desk), ask.value))


def done(ask: Ask, desk: Desk) -> Answer:
    """Note that someone was helped."""
    note = read_text(ask.state, panel_views.NOTE)
    return Say(panel_views.done(open_hours_panel.done(ask.metadata, note, ask.member, ask.now, desk)))


def _chosen(state: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the places that were ticked in the form."""
    ticked = read_element(state, panel_views.WHO).get("selected_options")
    values = [each.get("value") for each in ticked or [] if isinstance(each, Mapping)]
    return [value for value in values[:TOGETHER_MOST] if isinstance(value, str)]


PRESSES: dict[str, Listener] = {
    "open_hours.join": join,
    "open_hours.about": about_form,
    "open_hours.step_out": step_out,
    "open_hours.come_back": come_back,
    "open_hours.leave": leave,
    "open_hours.next": take_next,
    "open_hours.group": group_form,
    "open_hours.no_answer": did_not_answer,
    "open_hours.done": done_form,
}
SUBMISSIONS: dict[str, Listener] = {
    "open_hours.about": say_about,
    "open_hours.group": take_together,
    "open_hours.done": done,
}
