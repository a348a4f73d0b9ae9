"""`/cohort away` and `/cohort handover`: handing over what a TA holds, and taking it back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cohort.errors import Unclear
from cohort.wishes import UntilWall, Wish
from handlers.answers import Answer, Ask, Listener, OpenModal, Say
from handlers.reading import read_person, read_until
from handlers.views import handovers as views
from services import handovers
from services.desk import Desk
from services.handovers import HandOver

AWAY = "/cohort away until friday"
HANDOVER = "/cohort handover @tara to @tom until 2026-07-10"
TO, BACK = "to", "back"


def away(ask: Ask, desk: Desk) -> Answer:
    """`/cohort away until friday` and `/cohort away back`; `/cohort away` alone asks until when first."""
    word, _, rest = ask.text.strip().partition(" ")
    if not word:
        return form(ask, desk)
    if word.casefold() == BACK and not rest:
        return back(ask, desk)
    until = read_until(ask.text, AWAY)
    return Say(views.left(handovers.go_away(until, ask.member, ask.now, desk), ask.member))


def back(ask: Ask, desk: Desk) -> Answer:
    """Note that someone is there again."""
    return Say(views.back(handovers.come_back(ask.member, ask.now, desk)))


def form(ask: Ask, desk: Desk) -> Answer:
    """Open the form."""
    del desk
    handovers.to_leave(ask.member, ask.now)
    return OpenModal(views.form())


def submit(ask: Ask, desk: Desk) -> Answer:
    """Take the form in."""
    until = _read_day(ask.state)
    return Say(views.left(handovers.go_away(until, ask.member, ask.now, desk), ask.member))


def hand_over(ask: Ask, desk: Desk) -> Answer:
    """`/cohort handover @ta [to @other] [until DATE]`."""
    member, rest = read_person(ask.text, HANDOVER)
    to = ""
    word, _, more = rest.partition(" ")
    if word.casefold() == TO:
        to, rest = read_person(more, HANDOVER)
    until = read_until(rest, HANDOVER) if rest else None
    command = HandOver(member, to, until)
    return Say(views.left(handovers.hand_over(command, ask.member, ask.now, desk), ask.member))


def undo(ask: Ask, desk: Desk) -> Answer:
    """Take a handover back."""
    return Say(views.undone(handovers.undo(ask.value, ask.member, ask.now, desk)))


def _read_day(state: Mapping[str, Mapping[str, Any]]) -> Wish | None:
    """Read the day that was chosen as the first one back; None without one."""
    chosen = state.get("until", {}).get("until", {}).get("selected_date")
    if not isinstance(chosen, str):
        return None
    try:
        return UntilWall(datetime.strptime(chosen, "%Y-%m-%d"), has_time=False)  # noqa: DTZ007 - a day of theirs
    except ValueError:
        raise Unclear("I can't read that as a day.", AWAY) from None


PRESSES: dict[str, Listener] = {"handovers.form": form, "handovers.back": back, "handovers.undo": undo}
SUBMISSIONS: dict[str, Listener] = {"handovers.away": submit}
