"""`/cohort excuse-section`."""

from datetime import date
from typing import Final

from cohort.errors import Unclear
from handlers.answers import Answer, Ask, Say
from handlers.reading import read_person
from handlers.views import sections as views
from services import sections
from services.desk import Desk

EXAMPLE: Final = "/cohort excuse-section @ada 2026-07-06"


def excuse(ask: Ask, desk: Desk) -> Answer:
    """`/cohort excuse-section @student`, with a day of the week it is about. Raises Unclear."""
    student, rest = read_person(ask.text, EXAMPLE)
    return Say(views.excused(sections.excuse(student, _day(rest.strip()), ask.member, ask.now, desk)))


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unclear("After the person I read one day, written like 2026-07-06.", EXAMPLE) from None
