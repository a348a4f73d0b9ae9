"""What organizers press when much of the cohort missed one thing."""

from handlers.answers import Answer, Ask, FieldErrors, Listener, OpenModal, Say
from handlers.extensions import read_moment
from handlers.views import brakes as views
from services import brakes
from services.desk import Desk


def open_move(ask: Ask, desk: Desk) -> Answer:
    """Open the form for a new due time; what was decided before is only said."""
    done = brakes.to_move(ask.value, ask.member, ask.now, desk)
    if done.decided_by is not None:
        return Say(views.decided(done, ask.member.tz))
    return OpenModal(views.move_form(done))


def move(ask: Ask, desk: Desk) -> Answer:
    """Take the new due time in."""
    until_at = read_moment(ask.state, "until")
    if until_at is None:
        return FieldErrors({"until": "Choose the new due time."})
    return Say(views.decided(brakes.move_for_all(ask.metadata, until_at, ask.member, ask.now, desk), ask.member.tz))


def cancel(ask: Ask, desk: Desk) -> Answer:
    """Cancel it for everyone."""
    return Say(views.decided(brakes.cancel_for_all(ask.value, ask.member, ask.now, desk), ask.member.tz))


def carry_on(ask: Ask, desk: Desk) -> Answer:
    """Let the messages go out."""
    return Say(views.decided(brakes.carry_on(ask.value, ask.member, ask.now, desk), ask.member.tz))


PRESSES: dict[str, Listener] = {
    "nudges.brake_move": open_move,
    "nudges.brake_cancel": cancel,
    "nudges.brake_carry_on": carry_on,
}
SUBMISSIONS: dict[str, Listener] = {"nudges.brake_move": move}
