"""How too much at once is told: what falls due on two days, and how full the days around them are."""

from collections.abc import Sequence

from cohort.workload import Crowd, DayLoad
from handlers.views.blocks import Block, cut, escape, section

NAMED_MOST = 8


def crowd_warning(crowd: Crowd) -> Block:
    """Return a warning with what falls due within two days, and the days around them."""
    first, second = crowd.first.on, crowd.second.on
    days = "\n".join(f"• {_day(load)}" for load in crowd.around)
    text = f":warning: {_amount(crowd.work, crowd.hours)} due on {first:%a} {first.day} and {second:%a} {second.day}:"
    return section(cut(f"{text}\n{days}", 2900))


def _amount(work: Sequence[object], hours: float) -> str:
    things = "one thing" if len(work) == 1 else f"{len(work)} things"
    return f"{things}, about {hours:g} hours," if hours else things


def _day(load: DayLoad) -> str:
    names = ", ".join(escape(assignment.slug) for assignment in load.work[:NAMED_MOST]) or "nothing"
    more = f" and {len(load.work) - NAMED_MOST} more" if len(load.work) > NAMED_MOST else ""
    hours = f", about {load.hours:g} hours" if load.hours else ""
    return f"{load.on:%a} {load.on.day} {load.on:%b}: {names}{more}{hours}"
