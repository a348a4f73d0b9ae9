"""What a letter of the outbox becomes at the moment of sending: something to say, nothing, or later."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.desk import Desk
from storage.records import Records


@dataclass(frozen=True, slots=True)
class Attached:
    """A file made from the records, to go into someone's direct messages with what is said.

    `alt_text` says what a picture shows, in at most 1,000 characters.
    """

    name: str
    content: bytes
    alt_text: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be said: a content value of the feature, and under what name its post is kept, if at all.

    What goes to a person waits for their morning. `latest_at` is an instant by which it is of use: where that
    passes before the morning, it is said at once. With a file, only the text of what is said goes along, and
    nobody learns where it stands: it can't be updated.
    """

    content: object
    subject: str = ""
    latest_at: datetime | None = None
    attached: Attached | None = None


@dataclass(frozen=True, slots=True)
class Obsolete:
    """Nothing is to be said any more, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Later:
    """To be said, but not before an instant."""

    not_before_at: datetime


Composed = Said | Obsolete | Later
Composer = Callable[[Records, Mapping[str, Any], Desk, datetime], Composed]
Told = Callable[[Records, Mapping[str, Any], Desk, datetime], None]
