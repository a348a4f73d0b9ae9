"""Telling Bolt who listens: one listener a surface, the tables decide the rest."""

import logging
import re
from collections.abc import Callable

from slack_bolt import Ack, App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.adapter.socket_mode.internals import run_bolt_app
from slack_bolt.middleware import Middleware
from slack_sdk.socket_mode.request import SocketModeRequest

from handlers import (
    asking,
    assignments_desk,
    attendance,
    bookings,
    brakes,
    check_ins,
    choices,
    desk_forms,
    direct_messages,
    distress,
    dropped_files,
    events,
    extension_decisions,
    extensions,
    follow_ups,
    grading,
    graduation,
    groups,
    hand_ins,
    handovers,
    home,
    integrity,
    joining,
    ladder,
    leavings,
    mistakes,
    new_plans,
    no_shows,
    nudges,
    office_hours,
    open_hours,
    organizers,
    plain_words,
    regrades,
    roster,
    rotas,
    shared_questions,
    tracks,
    waitlist,
)
from handlers.boundary import Boundary, Clock
from handlers.commands import COMMANDS
from handlers.listening import Listening
from handlers.questions import Malformed, read
from services.desk import Desk

log = logging.getLogger(__name__)

ANYTHING = re.compile(".*", re.DOTALL)

LISTENING = Listening(
    commands=COMMANDS,
    presses={
        **extensions.PRESSES,
        **hand_ins.PRESSES,
        **extension_decisions.PRESSES,
        **nudges.PRESSES,
        **choices.PRESSES,
        **asking.PRESSES,
        **bookings.PRESSES,
        **office_hours.PRESSES,
        **events.PRESSES,
        **attendance.PRESSES,
        **groups.PRESSES,
        **brakes.PRESSES,
        **grading.PRESSES,
        **graduation.PRESSES,
        **regrades.PRESSES,
        **integrity.PRESSES,
        **assignments_desk.PRESSES,
        **tracks.PRESSES,
        **waitlist.PRESSES,
        **open_hours.PRESSES,
        **no_shows.PRESSES,
        **handovers.PRESSES,
        **dropped_files.PRESSES,
        **check_ins.PRESSES,
        **distress.PRESSES,
        **follow_ups.PRESSES,
        **ladder.PRESSES,
        **leavings.PRESSES,
        **new_plans.PRESSES,
        **home.PRESSES,
        **plain_words.PRESSES,
        **shared_questions.PRESSES,
        **organizers.PRESSES,
        **desk_forms.PRESSES,
        **rotas.PRESSES,
        **joining.PRESSES,
    },
    submissions={
        **extensions.SUBMISSIONS,
        **hand_ins.SUBMISSIONS,
        **extension_decisions.SUBMISSIONS,
        **nudges.SUBMISSIONS,
        **asking.SUBMISSIONS,
        **shared_questions.SUBMISSIONS,
        **joining.SUBMISSIONS,
        **desk_forms.SUBMISSIONS,
        **rotas.SUBMISSIONS,
        **bookings.SUBMISSIONS,
        **office_hours.SUBMISSIONS,
        **events.SUBMISSIONS,
        **attendance.SUBMISSIONS,
        **groups.SUBMISSIONS,
        **brakes.SUBMISSIONS,
        **grading.SUBMISSIONS,
        **regrades.SUBMISSIONS,
        **integrity.SUBMISSIONS,
        **mistakes.SUBMISSIONS,
        **handovers.SUBMISSIONS,
        **waitlist.SUBMISSIONS,
        **open_hours.SUBMISSIONS,
        **check_ins.SUBMISSIONS,
        **follow_ups.SUBMISSIONS,
        **new_plans.SUBMISSIONS,
        **leavings.SUBMISSIONS,
    },
    events={**home.EVENTS, **direct_messages.EVENTS},
    happenings=roster.HAPPENINGS,
)


class Understanding(Middleware):
    """Reads every delivery before Bolt does, and acknowledges what Slack would never send without doing anything.

    Bolt looks into a payload wherever it matches listeners, and breaks where a part of it is missing. A middleware
    of this class, unlike a function, is given the request as it came.
    """

    def process(
        self,
        *,
        req: BoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt's own name, and None here
        next: Callable[[], BoltResponse],  # noqa: A002 - Bolt's own name
    ) -> BoltResponse | None:
        """Put the question into the context, or refuse it."""
        try:
            question = read(req.body)
        except Malformed as problem:
            log.warning("refused a malformed delivery: %s", problem)
            return BoltResponse(status=200, body="")
        req.context["question"] = question
        return next()


def take(app: App, request: SocketModeRequest) -> BoltResponse:
    """Give one envelope to the app, and return an acknowledgement whatever it held.

    Bolt looks into a payload even before the first middleware, and refuses what nobody listens to; sent again, it
    would be no better. The log names the kind of trouble and nothing of the payload.
    """
    try:
        response: BoltResponse = run_bolt_app(app, request)
    except Exception as error:  # noqa: BLE001 - the outer wall: what breaks Bolt must not break the connection
        log.warning("refused a delivery that breaks Bolt: %s", type(error).__name__)
        return BoltResponse(status=200, body="")
    if response.status == 200:
        return response
    log.warning("refused a delivery that nobody listens to")
    return BoltResponse(status=200, body="")


def register(app: App, desk: Desk, clock: Clock) -> None:
    """Register every listener on a Bolt app that processes before it responds and understands before it authorizes.

    What needs a call to Slack after the acknowledgement runs on the app's own pool of listeners.
    """
    later = app.listener_runner.listener_executor.submit
    boundary = Boundary(desk, clock, LISTENING, app.client, later)

    def listen(context: BoltContext, ack: Ack) -> BoltResponse:
        return boundary.handle(context["question"], ack)

    for name in dict.fromkeys(command.name for command in COMMANDS):
        app.command(name)(listen)
    app.action(ANYTHING)(listen)
    app.view(ANYTHING)(listen)
    for event in (*LISTENING.events, *LISTENING.happenings):
        app.event(event)(listen)
