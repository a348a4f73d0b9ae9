"""What forms hold of numbers, days and times of day, read with suspicion: anyone can send anything."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any, Final

from cohort.errors import Unclear
from handlers.extensions import read_choice, read_element

MINUTES_MOST: Final = 720

State = Mapping[str, Mapping[str, Any]]


def read_number(state: State, block: str, example: str, most: int = MINUTES_MOST) -> int:
    """Return the number chosen in a select, 0 where nothing was. Raises Unclear for what no form of ours sends."""
    chosen = read_choice(state, block) or "0"
    if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 5 and int(chosen) <= most):
        raise unread(example)
    return int(chosen)


def read_clock(state: State, block: str, example: str) -> time:
    """Return the time of day chosen, to the minute. Raises Unclear."""
    chosen = read_element(state, block).get("selected_time")
    try:
        return time.fromisoformat(str(chosen)).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise unread(example) from None


def read_day(state: State, block: str, example: str) -> date | None:
    """Return the day chosen, None without one. Raises Unclear."""
    chosen = read_element(state, block).get("selected_date")
    if chosen is None:
        return None
    try:
        return date.fromisoformat(str(chosen))
    except ValueError:
        raise unread(example) from None


def unread(example: str) -> Unclear:
    """Return what is raised for a form that nobody can have filled in."""
    return Unclear("I can't read that form.", example)
