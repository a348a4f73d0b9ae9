"""The one boundary around every listener: who asks, what went wrong, and an answer on the surface that asked."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import uuid4

from slack_bolt import Ack, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from cohort.errors import CohortError, NotAllowed, NotOnRoster, StoreBusy, StoreUnusable
from cohort.roster import Member
from handlers.answers import Answer, Ask, FieldErrors, Lazily, Nothing, Say, ShowHome
from handlers.errors import sentence
from handlers.homes import Homes, Later
from handlers.listening import Listening
from handlers.questions import Kind, Question, is_echo
from handlers.repeats import Repeats
from handlers.replies import acknowledgement, follow, is_complete
from handlers.views.blocks import View, say, unmarked
from handlers.views.home import stranger
from services import access, accounts
from services.desk import Desk
from services.nudge_hearing import note_reaction

log = logging.getLogger(__name__)

# What Slack tells of somebody that is not an answer of theirs to anything.
UNASKED = frozenset({"app_home_opened"})


class Clock(Protocol):
    """Something that knows what time it is."""

    def now(self) -> datetime:
        """Return the present instant, aware and in UTC."""
        ...


class Boundary:
    """Runs listeners: once a delivery, for a member, with every error turned into a sentence."""

    def __init__(self, desk: Desk, clock: Clock, listening: Listening, slack: WebClient, later: Later) -> None:
        self._desk = desk
        self._clock = clock
        self._listening = listening
        self._slack = slack
        self._later = later
        self._repeats = Repeats()
        self._homes = Homes(self._home_of, slack, later)

    def handle(self, question: Question, ack: Ack) -> BoltResponse:
        """Answer one delivery: the local work, then the acknowledgement, then what needs Slack."""
        answer, is_repeat = self._repeats.once(question.key, partial(self._answer, question))
        if not is_repeat and not is_complete(question, answer):
            self._later(partial(self._follow, question, answer))
        elif not is_repeat:
            self._homes.renew_changed(question.slack_id)
        return ack(**acknowledgement(question, answer))

    def _answer(self, question: Question) -> Answer:
        try:
            now = self._clock.now()
            if is_echo(question):
                return Nothing()
            if question.kind is Kind.EVENT and question.name in self._listening.happenings:
                self._later(partial(self._happened, question, now))
                return Nothing()
            member = access.member_of(question.slack_id, self._desk)
            if member is None:
                self._later(partial(self._look_up, question))
                return _looking(question)
            return self._ask(question, member, now)
        except Exception as error:  # noqa: BLE001 - the boundary: nothing may leave it
            return self._failed(question, error)

    def _ask(self, question: Question, member: Member, now: datetime) -> Answer:
        listener, text = self._listening.find(question)
        ask = Ask(
            member=member,
            now=now,
            text=text,
            value=question.value,
            state=question.state,
            metadata=question.metadata,
            channel=question.channel,
            message_ts=question.message_ts,
            event=question.event,
        )

        def work() -> Answer:
            if question.name not in UNASKED:
                note_reaction(member, question.kind.value, now, self._desk)
            changed = partial(self._homes.changed, question.slack_id)
            return listener(ask, self._desk.for_delivery(question.key, changed))

        return self._worked(question, member, now, work)

    def _worked(self, question: Question, member: Member, now: datetime, work: Callable[[], Answer]) -> Answer:
        """Return what comes of some work; of what takes Slack, the same work to be done later."""
        try:
            answer = work()
        except NotAllowed as error:
            access.note_refused(member, error, question.name, now, self._desk)
            return _told(question, sentence(error, member.tz))
        except CohortError as error:
            _note_trouble(question, error)
            return _told(question, sentence(error, member.tz))
        if isinstance(answer, Lazily):
            return Lazily(partial(self._worked, question, member, now, answer.work))
        return answer

    def _look_up(self, question: Question) -> None:
        """Link someone who writes for the first time, and answer them then."""
        try:
            member = accounts.link(question.slack_id, self._desk, self._clock.now())
            now = self._clock.now()
            whom = access.organizers(now, self._desk)
            answer = self._ask(question, member, now) if member else _unknown(question, whom)
        except Exception as error:  # noqa: BLE001 - the boundary: nothing may leave it
            answer = self._failed(question, error)
        self._follow(question, answer)

    def _happened(self, question: Question, now: datetime) -> None:
        try:
            self._listening.happenings[question.name](question.event, now, self._desk)
        except Exception as error:  # noqa: BLE001 - the boundary: nothing may leave it
            self._failed(question, error)

    def _follow(self, question: Question, answer: Answer) -> None:
        try:
            if isinstance(answer, Lazily):
                answer = answer.work()
            follow(question, answer, self._slack)
            self._keep_home(question, answer)
        except (SlackApiError, SlackClientError, OSError) as error:
            code = error.response.get("error") if isinstance(error, SlackApiError) else type(error).__name__
            log.warning("could not answer %s: %s", question.name, code)
            if not isinstance(answer, Say):
                self._follow(question, Say(say("Slack took too long to open that. Please try once more.")))
        except Exception as error:  # noqa: BLE001 - the boundary: nothing may leave it
            self._failed(question, error)

    def _keep_home(self, question: Question, answer: Answer) -> None:
        """Remember who has Home open, and publish it again after a press in it, which may have been an old one."""
        if isinstance(answer, ShowHome):
            self._homes.opened(question.slack_id, answer.view)
        elif question.kind is Kind.HOME_PRESS:
            self._homes.pressed(question.slack_id)
        else:
            self._homes.renew_changed(question.slack_id)

    def _home_of(self, slack_id: str) -> View | None:
        """Return someone's Home as it is now; None for who is not on the roster."""
        member = access.member_of(slack_id, self._desk)
        if member is None:
            return None
        answer = self._listening.events["app_home_opened"](Ask(member, self._clock.now()), self._desk)
        answer = answer.work() if isinstance(answer, Lazily) else answer
        return answer.view if isinstance(answer, ShowHome) else None

    def _failed(self, question: Question, error: Exception) -> Answer:
        """Log what nobody expected, under an id that the person is shown; their words are in neither."""
        if isinstance(error, CohortError):
            _note_trouble(question, error)
            return _told(question, sentence(error))
        incident = uuid4().hex[:8]
        log.error("%s failed [%s]", question.name, incident, exc_info=_without_values(error))
        return _told(
            question,
            f"Something broke on our side, and nothing was changed. Please try again in a minute; if it happens "
            f"again, tell an organizer the number {incident}.",
        )


def _note_trouble(question: Question, error: CohortError) -> None:
    """Log what is wrong with the records rather than with what was asked."""
    match error:
        case StoreBusy():
            log.warning("%s could not be done: the database was locked for two seconds", question.name)
        case StoreUnusable(why, mend):
            log.error("%s could not be done: %s. %s", question.name, why, mend)


def _without_values(error: Exception) -> Exception:
    """Return the error with its message cut to its type: messages of libraries may quote what someone typed."""
    return Exception(type(error).__name__).with_traceback(error.__traceback__)


def _told(question: Question, text: str) -> Answer:
    """Return a sentence for the surface; a form stays open with all that was typed."""
    if question.kind is Kind.SUBMISSION and question.state:
        return FieldErrors({next(iter(question.state)): unmarked(text)})
    return Say(say(text))


def _looking(question: Question) -> Answer:
    if question.kind is Kind.COMMAND:
        return Say(say("One moment: we haven't met, so I'm looking you up on the roster…"))
    return Nothing()


def _unknown(question: Question, organizers: Sequence[Member]) -> Answer:
    if question.name == "app_home_opened":
        return ShowHome(stranger(organizers))
    return Say(say(sentence(NotOnRoster(question.slack_id, organizers))))
