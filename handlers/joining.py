"""The welcome: counting oneself in, what is wrong with it, and dates that are known to be hard."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cohort.joining import HardDates
from handlers.answers import Answer, Ask, FieldErrors, Listener, OpenModal, Say
from handlers.views import joining as views
from services import joining
from services.desk import Desk


def count_in(ask: Ask, desk: Desk) -> Answer:
    """Note that a student has the time."""
    return Say(views.counted_in(is_new=joining.count_in(ask.member, ask.now, desk)))


def that_is_wrong(ask: Ask, desk: Desk) -> Answer:
    """Say how zone and address are put right."""
    return Say(views.put_right(joining.welcome_of(ask.member, ask.now, desk)))


def form(ask: Ask, desk: Desk) -> Answer:
    """Open the form for dates that are hard, with those named before."""
    return OpenModal(views.dates_form(joining.named_dates(ask.member, ask.now, desk)))


def submit(ask: Ask, desk: Desk) -> Answer:
    """Keep the dates, and show what would be due later."""
    dates, errors = [], {}
    for place in range(views.STRETCHES):
        first, last = _day(ask.state, f"from_{place}"), _day(ask.state, f"to_{place}")
        if first is None and last is None:
            continue
        if first is None or (last is not None and last < first):
            errors[f"to_{place}" if first else f"from_{place}"] = "The last day comes after the first one."
            continue
        dates.append(HardDates(first, last or first))
    if errors:
        return FieldErrors(errors)
    return Say(views.proposed(joining.name_dates(dates, ask.member, ask.now, desk), ask.member.tz))


def accept(ask: Ask, desk: Desk) -> Answer:
    """Move what was proposed."""
    return Say(views.proposed(joining.accept_dates(ask.member, ask.now, desk), ask.member.tz))


def _day(state: Mapping[str, Mapping[str, Any]], name: str) -> date | None:
    element = state.get(name, {}).get(name)
    chosen = element.get("selected_date") if isinstance(element, Mapping) else None
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
