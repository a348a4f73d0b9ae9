"""Reports for organizers in a terminal."""

from collections.abc import Iterator

from cohort.nudge_outcomes import NudgeOutcome
from services.desk import Desk
from services.nudge_outcomes import KindReport, report

NAMES = {
    NudgeOutcome.HANDED_IN: "handed in",
    NudgeOutcome.OFFER_TAKEN: "offer taken",
    NudgeOutcome.BOOKED: "booked",
    NudgeOutcome.ANSWERED: "answered",
    NudgeOutcome.NOTHING: "nothing",
}


def nudge_lines(desk: Desk) -> Iterator[str]:
    """Yield the table of what followed nudges, by kind, and what it does not say."""
    yield "What followed within three days of a message, by kind; of several things the first column counts."
    yield f"{'kind':<10}{'sent':>7}" + "".join(f"{name:>13}" for name in NAMES.values()) + f"{'not yet over':>14}"
    yield from (_line(each) for each in report(desk))
    yield "It says nothing about what would have happened without the message."


def _line(each: KindReport) -> str:
    name = each.kind.value.replace("_", " ")
    if each.outcomes is None:
        return f"{name:<10}  fewer than five, not shown"
    counts = "".join(f"{each.outcomes[outcome]:>13}" for outcome in NAMES)
    return f"{name:<10}{each.sent:>7}{counts}{each.open:>14}"
