"""The words of nudges, which a programme may say in its own way: kind, concrete, one thing to do."""

from collections.abc import Iterable
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, Field

from cohort.tables import Table

LONGEST = 1000


def placeholders(text: str) -> Iterable[str]:
    """Yield the name of every placeholder in a template. Raises ValueError where a brace is not closed."""
    for _, name, spec, conversion in Formatter().parse(text):
        if name is not None:
            if spec or conversion:
                raise ValueError(f"write {{{name}}} without anything after the name")
            yield name


def _template(*known: str) -> AfterValidator:
    def check(text: str) -> str:
        try:
            unknown = [name for name in placeholders(text) if name not in known]
        except ValueError as error:
            raise ValueError(f"can't be read: {error}; a brace is written twice to be shown") from None
        if unknown:
            names = " and ".join(f"{{{name}}}" for name in known)
            raise ValueError(f"{{{unknown[0]}}} is not known here; use {names}")
        return text

    return AfterValidator(check)


Text = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Named = Annotated[Text, _template("name")]
Titled = Annotated[Text, _template("name", "title")]
Dated = Annotated[Text, _template("name", "title", "due")]


class NudgeWords(Table):
    """`[nudges.words]`: what nudges say. {name} is the student, {title} the work, {due} their own due time."""

    missed_one: Named = "Hi {name}, this hasn't reached me yet, and there is still time to hand it in."
    missed_many: Named = "Hi {name}, these haven't reached me yet, and there is still time to hand them in."
    missed_offer: Named = "If more time would help, it is yours: one press, no explanation needed."
    missed_settled: Named = "Hi {name}, all of this is taken care of. :herb:"
    due_soon_one: Dated = "Hi {name}, {title} is due {due}. If that doesn't fit, more time is one press away."
    due_soon_many: Named = "Hi {name}, these are due soon. If one doesn't fit, more time is one press away."
    plan_opening: Named = "Hi {name}, here is your week. Press what fits, and “Stuck” brings help while there is time."
    plan_started: Titled = "Great, {title} is on its way. :seedling:"
    plan_stuck: Titled = "Good that you say so. What would help with {title}?"
    plan_not_yet: Titled = "Thank you. An hour is enough to begin {title}; if something is in the way, press “Stuck”."
    moved_for_all: Dated = "{title} is now due {due}, for everyone. There is nothing you need to do."
    cancelled_for_all: Titled = "{title} is cancelled, for everyone. There is nothing you need to do."


def fill(template: str, **facts: str) -> str:
    """Return a template that was checked, with its placeholders filled in."""
    return template.format_map(facts)
