"""`/cohort graders` and `/cohort conflict`: who grades what, and whose work never."""

from cohort.errors import Unclear
from handlers.answers import Answer, Ask, Say
from handlers.reading import read_person, unescaped
from handlers.views import graders as views
from services import graders
from services.desk import Desk

GRADERS = "/cohort graders hw3 @tara @tom"
CONFLICT = "/cohort conflict @tara @ada"
REMOVE = "remove"


def command(ask: Ask, desk: Desk) -> Answer:
    """`/cohort graders` shows who grades what, `/cohort graders hw3 @tara @tom` sets it."""
    if not ask.text.strip():
        return Say(views.every(graders.every(ask.member, ask.now, desk)))
    assignment, people = _read(ask.text)
    return Say(views.graders(graders.set_graders(assignment, people, ask.member, ask.now, desk)))


def _read(text: str) -> tuple[str, list[str]]:
    """Read an assignment, which ends where the first person is named, and the people."""
    words = text.split()
    start = next((place for place, word in enumerate(words) if place and _is_person(word)), len(words))
    people, rest = [], " ".join(words[start:])
    while rest:
        person, rest = read_person(rest, GRADERS)
        people.append(person)
    return unescaped(" ".join(words[:start])), people


def _is_person(word: str) -> bool:
    return "@" in word


def conflict(ask: Ask, desk: Desk) -> Answer:
    """`/cohort conflict @ta @student [remove]`."""
    ta, rest = read_person(ask.text, CONFLICT)
    student, word = read_person(rest, CONFLICT)
    if word.casefold() not in {"", REMOVE}:
        raise Unclear(f"After the two people I only read “{REMOVE}”.", f"{CONFLICT} {REMOVE}")
    change = graders.remove_conflict if word else graders.set_conflict
    return Say(views.conflict(change(ta, student, ask.member, ask.now, desk)))
