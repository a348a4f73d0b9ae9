"""Who listens to what: commands by name and subcommand, presses, forms and events by their ids."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cohort.errors import Unclear
from cohort.roster import Role
from handlers.answers import Answer, Ask, Listener, Nothing, Say
from handlers.questions import Kind, Question
from handlers.views.blocks import say
from services.desk import Desk

# Whatever command it follows.
HELP = "help"

Happening = Callable[[Mapping[str, Any], datetime, Desk], None]


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be typed. `sub` is empty for what a command does without a subcommand."""

    name: str
    sub: str
    usage: str
    summary: str
    roles: frozenset[Role]
    listener: Listener


@dataclass(frozen=True, slots=True)
class Listening:
    """Every listener there is. `happenings` are events that are not a question of anyone's."""

    commands: Sequence[Command]
    presses: Mapping[str, Listener]
    submissions: Mapping[str, Listener]
    events: Mapping[str, Listener]
    happenings: Mapping[str, Happening]

    def find(self, question: Question) -> tuple[Listener, str]:
        """Return who answers a question, and the text that is left for them to read. Raises Unclear."""
        match question.kind:
            case Kind.COMMAND:
                return self._command(question)
            case Kind.SUBMISSION:
                return self.submissions.get(question.name, _outdated), question.text
            case Kind.EVENT:
                return self.events.get(question.name, _ignored), question.text
            case _:
                return self.presses.get(question.name, _outdated), question.text

    def _command(self, question: Question) -> tuple[Listener, str]:
        first, _, rest = question.text.strip().partition(" ")
        own = {command.sub: command for command in self.commands if command.name == question.name}
        if first.casefold() in own and first:
            return own[first.casefold()].listener, rest.strip()
        if first.casefold() == HELP:
            return next(c.listener for c in self.commands if c.sub == HELP), rest.strip()
        if "" in own:
            return own[""].listener, question.text.strip()
        raise Unclear(f"I don't know `{question.name}`.", "/cohort help")


def _outdated(ask: Ask, desk: Desk) -> Answer:
    del ask, desk
    return Say(say("That button is from an earlier version of this message and does nothing any more. "
                   "Nothing was changed; `/cohort help` shows what you can do."))  # fmt: skip


def _ignored(ask: Ask, desk: Desk) -> Answer:
    del ask, desk
    return Nothing()
