"""`/cohort messages`, and what students press to hear less, or later."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cohort.errors import NotFound, Unclear
from cohort.nudge_limits import NudgeKind
from handlers.answers import Answer, Ask, Listener, Say
from handlers.views import choices as views
from services import choices
from services.desk import Desk

PICK = "nudges.remind_on"


def messages(ask: Ask, desk: Desk) -> Answer:
    """`/cohort messages` shows what a student hears of."""
    return Say(views.overview(choices.chosen(ask.member, ask.now, desk)))


def refuse(ask: Ask, desk: Desk) -> Answer:
    """Hear no more of a kind."""
    return Say(views.overview(choices.refuse(_kind(ask.value), ask.member, ask.now, desk)))


def allow(ask: Ask, desk: Desk) -> Answer:
    """Hear of a kind again."""
    return Say(views.overview(choices.allow(_kind(ask.value), ask.member, ask.now, desk)))


def pause(ask: Ask, desk: Desk) -> Answer:
    """Hear nothing unasked for a week, or until the day that is given."""
    return Say(views.overview(choices.pause(ask.member, ask.now, desk, _day(ask.text) if ask.text else None)))


def resume(ask: Ask, desk: Desk) -> Answer:
    """End the pause."""
    return Say(views.overview(choices.resume(ask.member, ask.now, desk)))


def remind_on(ask: Ask, desk: Desk) -> Answer:
    """Hear of something again on a day of one's own."""
    nudge_id, on = _picked(ask.state)
    return Say(views.reminder_set(choices.remind_on(nudge_id, on, ask.member, ask.now, desk), ask.member.tz))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unclear("I can't read that day.", "/cohort messages") from None


def _kind(value: str) -> NudgeKind:
    if value not in set(NudgeKind):
        raise NotFound("kind of message", value)
    return NudgeKind(value)


def _picked(state: Mapping[str, Mapping[str, Any]]) -> tuple[str, date]:
    """Return which message a day was picked under, and the day. Raises Unclear for what no picker sends."""
    for block_id, block in state.items():
        element = block.get(PICK)
        chosen = element.get("selected_date") if isinstance(element, Mapping) else None
        if block_id.startswith(views.LATER) and isinstance(chosen, str):
            try:
                return block_id.removeprefix(views.LATER), date.fromisoformat(chosen)
            except ValueError:
                break
    raise Unclear("I can't read that day.", "a day of next week")


PRESSES: dict[str, Listener] = {
    "nudges.refuse": refuse,
    "nudges.allow": allow,
    "nudges.pause": pause,
    "nudges.resume": resume,
    PICK: remind_on,
}
