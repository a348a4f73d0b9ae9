"""Reports for organizers in a terminal."""

from collections.abc import Iterator

from cohort.nudge_outcomes import NudgeOutcome
from services.check_in_weeks import hours_spent
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


def hour_lines(desk: Desk) -> Iterator[str]:
    """Yield what the cohort spent a week by its own check-ins, and how the next one is told."""
    spent = hours_spent(desk)
    if spent is None:
        yield "Fewer than five students have said how many hours they spent: nothing is shown."
        return
    yield f"{spent.answers} check-ins of {spent.students} students say how many hours a week took."
    yield f"Half of them lie between {spent.least:.0f} and {spent.most:.0f}, and {spent.median:.0f} is in the middle."
    yield "To tell the next cohort, write under [checkins] in its cohort.toml:"
    yield f"hours_last_time = [{spent.least:.0f}, {spent.most:.0f}]"


def _line(each: KindReport) -> str:
    name = each.kind.value.replace("_", " ")
    if each.outcomes is None:
        return f"{name:<10}  fewer than five, not shown"
    counts = "".join(f"{each.outcomes[outcome]:>13}" for outcome in NAMES)
    return f"{name:<10}{each.sent:>7}{counts}{each.open:>14}"
