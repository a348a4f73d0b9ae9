"""What a person sees in the sandbox: messages, views and what came of an act; and what can go wrong for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


class CannotDo(Exception):
    """A person could not do this in Slack; the text says why."""


class NothingCame(AssertionError):
    """What was waited for did not come; the text shows what this person sees instead."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as one person sees it; `shown` is its content as plain text in that person's zone."""

    channel: str
    channel_name: str
    ts: str
    user: str
    user_name: str
    text: str
    blocks: list[Json]
    thread_ts: str | None
    ephemeral: bool
    edited: bool
    from_app: bool
    seq: int
    shown: str

    def __contains__(self, words: str) -> bool:
        """Whether these words stand in what is shown or in the text."""
        return words in self.shown or words in self.text

    @property
    def place(self) -> Json:
        """Where it stands, for `in_=`."""
        return {"channel": self.channel, "ts": self.ts}


@dataclass(frozen=True, slots=True)
class View:
    """A modal or Home as one person sees it; `body` is Slack's view object with its state."""

    body: Json
    shown: str
    errors: Mapping[str, str]
    seq: int

    def __contains__(self, words: str) -> bool:
        """Whether these words stand in what is shown."""
        return words in self.shown

    @property
    def id(self) -> str:
        """The view's id."""
        return str(self.body["id"])

    @property
    def title(self) -> str:
        """The title of a modal."""
        return str(self.body["title"]["text"])

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        return list(self.body["blocks"])

    @property
    def values(self) -> Json:
        """What `state.values` holds."""
        return dict(self.body["state"]["values"])


@dataclass(frozen=True, slots=True)
class Reaction:
    """What came of an act: `ack_ms` milliseconds to the acknowledgement, and what the person saw."""

    ack_ms: float
    timed_out: bool
    error: str
    messages: list[Message]
    view: View | None
    errors: Mapping[str, str]
    closed: bool
    ack: Json = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """Everything this act made visible, as plain text."""
        parts = [self.error, *(message.shown for message in self.messages)]
        if self.view is not None:
            parts.append(self.view.shown)
        return "\n".join(part for part in parts if part)
