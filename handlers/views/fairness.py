"""How groups of students fare, as organizers see it: sums and nothing else."""

from datetime import timedelta

from cohort.fairness import LEAST
from cohort.levels import Level
from handlers.views.blocks import Rendered, context, escape, in_chunks, say, section
from services.fairness import Fairness, Fared

TRAITS_MOST = 20
NAMED_MOST = 10
NOTE = (
    f"Groups of fewer than {LEAST} are taken together, or left out where they could be found by subtraction. Nothing "
    "here is read by any rule: levels, offers and messages know nothing of it. A difference is a question, not a cause."
)
NOTHING = (
    "There are no groups to compare. `python -m bot import fairness FILE` reads them, and at least two of five or more "
    "students are needed."
)


def compared(report: Fairness) -> Rendered:
    """Return the groups of each trait, a line each."""
    if not report.traits:
        return say(NOTHING, *([context(_left_out(report))] if report.left_out else []))
    blocks = [section("*How groups fare*")]
    for trait, groups in report.traits[:TRAITS_MOST]:
        blocks += map(section, in_chunks([f"*{escape(trait)}*", *map(_line, groups)]))
    small_print = [NOTE, *([_left_out(report)] if report.left_out else [])]
    return Rendered("How groups fare", [*blocks[:48], context(*small_print)])


def _line(fared: Fared) -> str:
    who = escape(fared.value) or "all others"
    return f"• *{who}*, {fared.students} students: {_asked(fared)}; {_standing(fared)}; {fared.left} left"


def _asked(fared: Fared) -> str:
    each = f"{fared.offers / fared.students:.1f} offers and {fared.requests / fared.students:.1f} requests each"
    granted = "" if fared.granted is None else f", {fared.granted:.0%} granted"
    answered = "" if fared.answered_in is None else f", answered in {_length(fared.answered_in)} (median)"
    return f"{each}{granted}{answered}"


def _standing(fared: Fared) -> str:
    levels = fared.levels
    worried = levels[Level.AT_RISK] + levels[Level.CRITICAL]
    return f"{levels[Level.ON_TRACK]} on track, {levels[Level.SLIPPING]} slipping, {worried} at risk or critical"


def _length(length: timedelta) -> str:
    hours = length.total_seconds() / 3600
    if hours < 1:
        return "under an hour"
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.1f} days"


def _left_out(report: Fairness) -> str:
    names = ", ".join(escape(trait) for trait in report.left_out[:NAMED_MOST])
    more = f" and {len(report.left_out) - NAMED_MOST} more" if len(report.left_out) > NAMED_MOST else ""
    return f"Not shown, since their groups are too small or too nearly those of another: {names}{more}."
