"""`/cohort progress`, and what students press to leave work out and take it back."""

from cohort.errors import Unclear
from handlers.answers import Answer, Ask, Listener, Say
from handlers.reading import read_person
from handlers.views import graduation as views
from services import graduation, risk
from services.desk import Desk

EXAMPLE = "/cohort progress @ada"


def progress(ask: Ask, desk: Desk) -> Answer:
    """`/cohort progress` for a student, `/cohort progress @student` for staff."""
    student, rest = read_person(ask.text, EXAMPLE) if ask.text.strip() or ask.member.is_staff else ("", "")
    if rest:
        raise Unclear("I read one person at a time, and nothing after them.", EXAMPLE)
    shown = graduation.progress(ask.member, student, ask.now, desk)
    return Say(views.progress(shown, risk.own_facts(ask.member, ask.now, desk)))


def drop(ask: Ask, desk: Desk) -> Answer:
    """Leave a piece of work out."""
    return Say(views.stepped(graduation.drop(ask.value, ask.member, ask.now, desk)))


def take_back(ask: Ask, desk: Desk) -> Answer:
    """Take a piece of work on again."""
    return Say(views.stepped(graduation.take_back(ask.value, ask.member, ask.now, desk)))


PRESSES: dict[str, Listener] = {"graduation.drop": drop, "graduation.take_back": take_back}
