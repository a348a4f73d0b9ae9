"""Telling Bolt who listens: one listener a surface, the tables decide the rest."""

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltResponse

from handlers import cohort, extension_decisions, extensions, nudges, roster
from handlers.boundary import Boundary, Clock, Read
from handlers.commands import COMMANDS, wrote
from handlers.listening import Listening
from handlers.questions import read_command, read_event, read_press, read_submission
from services.desk import Desk

ANYTHING = re.compile(".*", re.DOTALL)

LISTENING = Listening(
    commands=COMMANDS,
    presses={**extensions.PRESSES, **extension_decisions.PRESSES, **nudges.PRESSES},
    submissions={**extensions.SUBMISSIONS, **extension_decisions.SUBMISSIONS, **nudges.SUBMISSIONS},
    events={**cohort.EVENTS, "message": wrote},
    happenings=roster.HAPPENINGS,
)


def register(app: App, desk: Desk, clock: Clock) -> None:
    """Register every listener on a Bolt app that processes before it responds.

    What needs a call to Slack after the acknowledgement runs on the app's own pool of listeners.
    """
    later = app.listener_runner.listener_executor.submit
    boundary = Boundary(desk, clock, LISTENING, app.client, later)
    for name in dict.fromkeys(command.name for command in COMMANDS):
        app.command(name)(_listener(boundary, read_command))
    app.action(ANYTHING)(_listener(boundary, read_press))
    app.view(ANYTHING)(_listener(boundary, read_submission))
    for event in (*LISTENING.events, *LISTENING.happenings):
        app.event(event)(_listener(boundary, read_event))


def _listener(boundary: Boundary, read: Read) -> Callable[..., BoltResponse]:
    def listen(body: dict[str, Any], ack: Ack) -> BoltResponse:
        return boundary.handle(read, body, ack)

    return listen
