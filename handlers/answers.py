"""What a listener is asked and what it answers, whichever surface the question came from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cohort.roster import Member
from handlers.views.blocks import Rendered, View
from services.desk import Desk


@dataclass(frozen=True, slots=True)
class Ask:
    """One question of one member: a command, a press, a form or an event, already understood as far as Slack goes.

    `text` is what follows a command and its subcommand, or the text of a direct message; `value` that of a
    button; `state` what a form or message holds, by block and action; `metadata` what a form was opened with.
    """

    member: Member
    now: datetime
    text: str = ""
    value: str = ""
    state: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    metadata: str = ""
    channel: str = ""
    message_ts: str = ""
    event: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Say:
    """Tell the one who asked, on the surface that asked."""

    rendered: Rendered


@dataclass(frozen=True, slots=True)
class OpenModal:
    """Open a form, on top of one that is open."""

    view: View


@dataclass(frozen=True, slots=True)
class FieldErrors:
    """Keep the form open and show what is wrong, by block id."""

    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ShowHome:
    """Publish the asking person's Home."""

    view: View


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing to say."""


@dataclass(frozen=True, slots=True)
class Lazily:
    """What takes a call to Slack to find out: acknowledged at once, then worked out and answered."""

    work: Callable[[], "Answer"]


Answer = Lazily | Say | OpenModal | FieldErrors | ShowHome | Nothing
Listener = Callable[[Ask, Desk], Answer]
