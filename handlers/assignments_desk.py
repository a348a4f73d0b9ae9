"""`/cohort assignment hw3 …`: what organizers do to an assignment for everyone, each with a preview first."""

from collections.abc import Callable, Mapping
from datetime import datetime

from cohort.errors import Unclear
from handlers.answers import Answer, Ask, Listener, Say
from handlers.reading import read_wish, unescaped
from handlers.views import assignment_changes as change_views
from handlers.views import grading_messages
from services import assignment_changes, grade_releases
from services.desk import Desk

MOVE = "/cohort assignment hw3 move 2d"
EXAMPLE = "/cohort assignment hw3 release"
# What is done to an assignment, by its word: given who asks, its name and the rest of the line.
Deed = Callable[[Ask, Desk, str, str], Answer]


def command(ask: Ask, desk: Desk) -> Answer:
    """`/cohort assignment hw3 release`, `… move 2d` and `… cancel`."""
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


def preview_move(ask: Ask, desk: Desk, name: str, rest: str) -> Answer:
    """Say what moving the due time would do."""
    found = assignment_changes.preview_move(name, read_wish(rest, MOVE), ask.member, ask.now, desk)
    return Say(change_views.move_preview(found, ask.member.tz))


def move(ask: Ask, desk: Desk) -> Answer:
    """Move the due time to what the preview said."""
    assignment_id, was_at, due_at = _read_move(ask.value)
    done = assignment_changes.move(assignment_id, was_at, due_at, ask.member, ask.now, desk)
    return Say(change_views.changed(done, ask.member.tz))


def _read_move(value: str) -> tuple[str, datetime | None, datetime]:
    """Read what the button of a preview holds. Raises Unclear for what no button holds."""
    assignment_id, _, times = value.partition("|")
    was, _, due = times.partition("|")
    try:
        was_at, due_at = datetime.fromisoformat(was) if was else None, datetime.fromisoformat(due)
    except ValueError:
        raise Unclear("I can't read that button.", MOVE) from None
    if due_at.tzinfo is None or (was_at is not None and was_at.tzinfo is None):
        raise Unclear("I can't read that button.", MOVE)
    return assignment_id, was_at, due_at


def preview_cancel(ask: Ask, desk: Desk, name: str, rest: str) -> Answer:
    """Say what cancelling would do."""
    if rest:
        raise Unclear("Nothing comes after “cancel”.", "/cohort assignment hw3 cancel")
    return Say(change_views.cancel_preview(assignment_changes.preview_cancel(name, ask.member, ask.now, desk)))


def cancel(ask: Ask, desk: Desk) -> Answer:
    """Cancel it for everyone."""
    return Say(change_views.changed(assignment_changes.cancel(ask.value, ask.member, ask.now, desk), ask.member.tz))


DEEDS: Mapping[str, Deed] = {"release": preview_release, "move": preview_move, "cancel": preview_cancel}
PRESSES: dict[str, Listener] = {
    "assignments_desk.release": release,
    "assignments_desk.move": move,
    "assignments_desk.cancel": cancel,
}
