"""One call of a Web API method: its arguments, how it is refused, and what every family of methods shares."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from sandbox import Json
from sandbox.records import Channel, Message, User
from sandbox.workspace import Workspace


class Refused(Exception):
    """Slack answers ok: false with this error, and with what else it says."""

    def __init__(self, error: str, **said: object) -> None:
        super().__init__(error)
        self.error = error
        self.said = said


@dataclass(slots=True)
class Call:
    """The arguments of one call, as form fields or JSON, and the workspace it is about."""

    method: str
    args: Json
    workspace: Workspace
    new_ticket: Callable[[], str]

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text argument; refuses with invalid_arguments where it is needed and missing."""
        value = self.args.get(name)
        if value is None or value == "":
            if default is None:
                raise invalid(f"missing required field: {name}")
            return default
        if isinstance(value, (dict, list)):
            raise invalid(f"{name} must be a string")
        return str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a true-or-false argument, in any form clients send it."""
        value = self.args.get(name)
        return default if value is None else value in (True, 1, "1", "true", "True")

    def number(self, name: str, default: int) -> int:
        """Return a whole number."""
        try:
            return int(self.args.get(name) or default)
        except (TypeError, ValueError):
            raise invalid(f"{name} must be a whole number") from None

    def structure(self, name: str) -> object:
        """Return an argument that is JSON, whether it came as text or as it is."""
        value = self.args.get(name)
        if isinstance(value, str) and value:
            try:
                return json.loads(value)
            except ValueError:
                raise invalid(f"{name} is not valid JSON") from None
        return value

    def need(self, *scopes: str) -> None:
        """Refuse with missing_scope unless the app was granted every one of them."""
        granted = self.workspace.manifest.scopes
        missing = [scope for scope in scopes if scope not in granted]
        if missing:
            raise Refused("missing_scope", needed=",".join(missing), provided=",".join(sorted(granted)))

    def user(self, name: str, error: str) -> User:
        """Return the user an argument names by id."""
        user = self.workspace.users.get(self.text(name, ""))
        if user is None:
            raise Refused(error)
        return user

    def channel(self, name: str = "channel") -> Channel:
        """Return the channel an argument names by id, as far as the app can see it."""
        channel = self.workspace.channels.get(self.text(name, ""))
        if channel is None or not self.can_see(channel):
            raise Refused("channel_not_found")
        return channel

    def can_see(self, channel: Channel) -> bool:
        """Whether the app may know of a channel: public, or with the app in it."""
        return channel.kind == "public" or self.workspace.bot.id in channel.members

    def page(self, items: list[Json], name: str, default: int) -> Json:
        """Return one page of a listing, with the cursor of the next."""
        limit = self.number("limit", default)
        if not 0 < limit <= 1000:
            raise Refused("invalid_limit")
        cursor = self.text("cursor", "")
        if cursor and not cursor.startswith("next:"):
            raise Refused("invalid_cursor")
        start = int(cursor.removeprefix("next:") or 0)
        following = f"next:{start + limit}" if start + limit < len(items) else ""
        return {name: items[start : start + limit], "response_metadata": {"next_cursor": following}}

    def message_json(self, message: Message) -> Json:
        """Return a message as the app sees it."""
        return message.as_json(self.workspace.team_id, self.workspace.app())


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method: what it does, the scopes it needs, and the kind of token it takes."""

    run: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    token: str = "bot"  # noqa: S105 - a kind of token, not one
    reads_json: bool = True


def invalid(*messages: str) -> Refused:
    """Return the refusal of malformed arguments."""
    return Refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] {each}" for each in messages]})


def invalid_blocks(problems: list[str]) -> Refused:
    """Return the refusal of malformed blocks."""
    return Refused("invalid_blocks", response_metadata={"messages": [f"[ERROR] {each}" for each in problems]})


@dataclass(frozen=True, slots=True)
class Tokens:
    """The two harmless tokens of the sandbox."""

    bot: str = "xoxb-sandbox-bot-token"
    app: str = "xapp-sandbox-app-token"


FIXED_TOKENS = Tokens()
