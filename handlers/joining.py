"""The welcome: counting oneself in, what is wrong with it, and dates that are known to be hard."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cohort.errors import WrongDates
from cohort.joining import HardDates
from handlers.answers import Answer, Ask, FieldErrors, Listener, OpenModal, Say
from handlers.errors import stretch_sentence
from handlers.extensions import read_element
from handlers.views import joining as views
from handlers.views.blocks import unmarked
from services import joining
from services.desk import Desk

State = Mapping[str, Mapping[str, Any]]


def count_in(ask: Ask, desk: Desk) -> Answer:
    """Note that a student has the time."""
    return Say(views.counted_in(is_new=joining.count_in(ask.member, ask.now, desk)))


def that_is_wrong(ask: Ask, desk: Desk) -> Answer:
    """Say how zone and address are put right."""
    return Say(views.put_right(joining.welcome_of(ask.member, ask.now, desk)))


def form(ask: Ask, desk: Desk) -> Answer:
    """Open the form for dates that are hard, with those named before."""
    return OpenModal(views.dates_form(joining.named_dates(ask.member, ask.now, desk), desk.policy))


def submit(ask: Ask, desk: Desk) -> Answer:
    """Keep the dates, and show what would be due later; what is wrong stands beside its field."""
    named = _named(ask.state)
    unbegun = {last: "Choose the first day here too, or clear the last one." for last, one in named.items() if not one}
    if unbegun:
        return FieldErrors({block.replace("to_", "from_"): text for block, text in unbegun.items()})
    blocks, dates = list(named), [one for one in named.values() if one]
    try:
        found = joining.name_dates(dates, ask.member, ask.now, desk)
    except WrongDates as error:
        return FieldErrors({blocks[one.place]: unmarked(stretch_sentence(one)) for one in error.wrong})
    return Say(views.proposed(found, ask.member.tz))


def accept(ask: Ask, desk: Desk) -> Answer:
    """Move what was proposed."""
    return Say(views.proposed(joining.accept_dates(ask.member, ask.now, desk), ask.member.tz))


def _named(state: State) -> dict[str, HardDates | None]:
    """Return each stretch by the field that says how long it is; None where it has a last day and no first one."""
    named: dict[str, HardDates | None] = {}
    for place in range(views.STRETCHES):
        first, last = _day(state, f"from_{place}"), _day(state, f"to_{place}")
        if first is not None:
            named[f"to_{place}" if last else f"from_{place}"] = HardDates(first, last or first)
        elif last is not None:
            named[f"to_{place}"] = None
    return named


def _day(state: State, name: str) -> date | None:
    chosen = read_element(state, name).get("selected_date")
    if not isinstance(chosen, str):
        return None
    try:
        return date.fromisoformat(chosen)
    except ValueError:
        return None


PRESSES: dict[str, Listener] = {
    "joining.count_in": count_in,
    "joining.wrong": that_is_wrong,
    "joining.dates": form,
    "joining.accept": accept,
}
SUBMISSIONS: dict[str, Listener] = {"joining.dates": submit}
