"""How long work takes, as organizers see it."""

from collections.abc import Sequence

from cohort.estimates import REPORTS_AT_LEAST, Estimate
from handlers.views.assignments import title_of
from handlers.views.blocks import Rendered, context, say, section

A_SECTION = 20


def listed(estimates: Sequence[Estimate]) -> Rendered:
    """Return estimates, reported hours and what plans reckon with, in the order of due times."""
    if not estimates:
        return say("No assignment has estimated hours, and nobody has reported any yet.")
    lines = [_line(each) for each in estimates]
    parts = ["\n".join(lines[start : start + A_SECTION]) for start in range(0, min(len(lines), 800), A_SECTION)]
    note = (
        f"Reported hours are medians of at least {REPORTS_AT_LEAST} students. From the second week on plans and "
        "reminders reckon with them; estimates of other work are corrected by as much as those of its kind were off."
    )
    return Rendered("How long work takes", [section("*How long work takes*"), *map(section, parts), context(note)])


def _line(each: Estimate) -> str:
    planned = _hours(each.assignment.estimated_hours)
    said = f"{_hours(each.reported)} reported by {each.reports}" if each.reported is not None else "too few reports yet"
    used = _hours(each.corrected or each.assignment.estimated_hours)
    return f"• {title_of(each.assignment)}: {planned} estimated, {said}; plans reckon with {used}"


def _hours(hours: float | None) -> str:
    if hours is None:
        return "nothing"
    return "one hour" if hours == 1 else f"{hours:g} hours"
