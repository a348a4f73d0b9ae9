"""What everyone reads when the rules change."""

from zoneinfo import ZoneInfo

from handlers.views.blocks import Rendered, Renderers, context, date, escape, section
from handlers.views.policy import student_rules
from services.policy_changes import PolicyChange


def changed(content: PolicyChange, zone: ZoneInfo) -> Rendered:
    """Return the rules that changed, as they were and as they are, and from when on."""
    before, after = student_rules(content.old, zone), student_rules(content.new, zone)
    heading = (
        f"*The rules of {escape(content.new.programme.name)} have changed*, from {date(content.since_at, zone)} on."
    )
    parts = [
        heading,
        *_listed("Until now:", [line for line in before if line not in after]),
        *_listed("From now on:", [line for line in after if line not in before]),
    ]
    calm = "Nothing that was granted is taken back. `/cohort policy` shows all the rules."
    return Rendered("The rules have changed", [section("\n".join(parts)), context(calm)])


def _listed(title: str, lines: list[str]) -> list[str]:
    return [title, *(f"• {line}" for line in lines)] if lines else []


RENDERERS: Renderers = {PolicyChange: changed}
