"""How assignments are named in messages."""

from cohort.assignments import Assignment
from handlers.views.blocks import escape


def title_of(assignment: Assignment) -> str:
    """Return an assignment's title with its short name, safe to put into mrkdwn."""
    if assignment.title.casefold() == assignment.slug.casefold():
        return f"*{escape(assignment.title)}*"
    return f"*{escape(assignment.title)}* ({escape(assignment.slug)})"
