"""`/cohort assignment hw3 …`: what organizers do to an assignment for everyone, each with a preview first."""

from collections.abc import Callable, Mapping

from cohort.errors import Unclear
from handlers.answers import Answer, Ask, Listener, Say
from handlers.reading import unescaped
from handlers.views import grading_messages
from services import grade_releases
from services.desk import Desk

EXAMPLE = "/cohort assignment hw3 release"
# What is done to an assignment, by its word: given who asks, its name and the rest of the line.
Deed = Callable[[Ask, Desk, str, str], Answer]


def command(ask: Ask, desk: Desk) -> Answer:
    """`/cohort assignment hw3 release`."""
    name, word, rest = _read(ask.text)
    return DEEDS[word](ask, desk, name, rest)


def _read(text: str) -> tuple[str, str, str]:
    """Read an assignment's name, which may be of several words, what is to be done, and the rest."""
    words = unescaped(text).split()
    places = [place for place, word in enumerate(words) if place and word.casefold() in DEEDS]
    if not places:
        raise Unclear("I don't see which assignment, and what is to become of it.", EXAMPLE)
    at = places[-1]
    return " ".join(words[:at]), words[at].casefold(), " ".join(words[at + 1 :])


def preview_release(ask: Ask, desk: Desk, name: str, rest: str) -> Answer:
    """Say what releasing would tell."""
    if rest:
        raise Unclear("Nothing comes after “release”.", EXAMPLE)
    return Say(grading_messages.release_preview(grade_releases.preview(name, ask.member, ask.now, desk)))


def release(ask: Ask, desk: Desk) -> Answer:
    """Tell the grades that are held."""
    return Say(grading_messages.release_done(grade_releases.release(ask.value, ask.member, ask.now, desk)))


DEEDS: Mapping[str, Deed] = {"release": preview_release}
PRESSES: dict[str, Listener] = {"assignments_desk.release": release}
