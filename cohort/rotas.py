"""Rotas: which duties there are, and who has one in which week when people take turns."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum


class Duty(StrEnum):
    """What somebody has for a week: to decide extensions, or to answer what students ask."""

    EXTENSIONS = "extensions"
    QUESTIONS = "questions"


def turns(people: Sequence[str], first_on: date, last_on: date) -> dict[date, str]:
    """Return whose each week is, by its Monday, when people take turns in their order from one Monday to another.

    Both Mondays count; without anybody, or where the last lies before the first, there is no week.
    """
    weeks = (last_on - first_on).days // 7 + 1
    return {first_on + timedelta(weeks=n): people[n % len(people)] for n in range(weeks)} if people else {}
