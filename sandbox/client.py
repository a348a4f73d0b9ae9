"""A client that acts as a person in a running sandbox, and one that administers it; standard library only."""

import http.client
import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from datetime import time as wall_time
from typing import Self
from urllib.parse import urlencode, urlsplit

from sandbox.seen import CannotDo, Json, Message, NothingCame, Reaction, View

__all__ = ["DEFAULT_URL", "Admin", "CannotDo", "Message", "NothingCame", "Person", "Reaction", "View"]

DEFAULT_URL = "http://127.0.0.1:8790"
SLACK = 90.0
NONE: Mapping[str, str] = {}


class _Http:
    """JSON over HTTP to a sandbox; a connection a call, so that it may be shared by threads."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._address = urlsplit(self.url)

    def ask(self, verb: str, path: str, body: Json | None = None, **query: object) -> Json:
        """Make one call; raises CannotDo with the sandbox's sentence."""
        connection = http.client.HTTPConnection(self._address.hostname or "", self._address.port, timeout=SLACK)
        asked = {key: value for key, value in query.items() if value is not None}
        try:
            text = json.dumps(body, default=_plain) if body is not None else None
            target = f"/sandbox/{path}?{urlencode(asked)}"
            connection.request(verb, target, text, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            content = answer.read().decode()
        finally:
            connection.close()
        if answer.status == 200:
            return dict(json.loads(content))
        if answer.status == 409:
            raise CannotDo(json.loads(content)["error"])
        raise RuntimeError(f"the sandbox answered {answer.status}: {content[:300]}")


def _plain(value: object) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, wall_time):
        return value.strftime("%H:%M")
    raise TypeError(f"{type(value).__name__} can't be sent")


def _view(content: Json | None) -> View | None:
    if content is None:
        return None
    content = dict(content)
    return View(shown=content.pop("shown"), errors=content.pop("errors"), seq=content.pop("seq"), body=content)


class Person:
    """Someone in the workspace, by name, email or id; waits `patience` seconds for what follows an act."""

    def __init__(self, url: str, who: str, patience: float = 1.5) -> None:
        self.who, self.patience = who, patience
        self._http = _Http(url)
        self._since = 0

    def __repr__(self) -> str:
        return f"Person({self.who!r})"

    def command(self, text: str, channel: str | None = None, patience: float | None = None) -> Reaction:
        """Type a slash command, in the app's direct messages unless a channel is given."""
        return self._act("command", patience, text=text, channel=channel)

    def press(
        self,
        what: str | tuple[str, str] | Json,
        value: object = None,
        *,
        in_: Message | View | Json | str | None = None,
        patience: float | None = None,
    ) -> Reaction:
        """Press a button or choose in a select, by action_id, text, or (action_id, value), where it was last seen.

        `in_` is a message, a view, "modal" or "home". A dict as `what` is sent as the action it is, existing or not.
        """
        where: object = in_
        if isinstance(in_, Message):
            where = {"channel": in_.channel, "ts": in_.ts, "text": in_.text, "blocks": in_.blocks}
        elif isinstance(in_, View):
            where = in_.body
        return self._act("press", patience, what=what, where=where, value=value)

    def fill(self, fields: Mapping[str, object], patience: float | None = None) -> Reaction:
        """Fill fields of the modal in front, by label, block_id or action_id.

        A file is its name, or a mapping of its name and its content.
        """
        return self._act("fill", patience, fields=dict(fields))

    def submit(self) -> Reaction:
        """Submit the modal in front."""
        return self._act("submit", None)

    def close(self, *, all_: bool = False) -> Reaction:
        """Close the modal in front, or every one of them."""
        return self._act("close", None, all=all_)

    def open_home(self, patience: float | None = None) -> View:
        """Open the app's Home and return it, once it was published or patience has run out."""
        view = self._act("home", patience).view
        if view is None:
            raise NothingCame(f"{self.who} opened Home and nothing was published")
        return view

    def open_messages(self) -> None:
        """Open the app's direct messages, which the app is told like Home."""
        self._act("home", 0.0, tab="messages")

    def shortcut(self, callback_id: str, patience: float | None = None) -> Reaction:
        """Use a global shortcut of the app."""
        return self._act("shortcut", patience, callback_id=callback_id)

    def write(
        self, text: str, channel: str | None = None, patience: float | None = None, *, files: Mapping[str, str] = NONE
    ) -> Reaction:
        """Write a message to the app, or into a channel, with files by name and content dropped into it."""
        dropped = [{"name": name, "content": content} for name, content in files.items()]
        return self._act("write", patience, text=text, channel=channel, files=dropped)

    def send_raw(self, payload: Json, kind: str, channel: str | None = None) -> Reaction:
        """Send an envelope of kind slash_commands, interactive or events_api exactly as given."""
        return self._act("raw", None, payload=payload, kind=kind, channel=channel)

    def read(self, channel: str | None = None, limit: int = 100) -> list[Message]:
        """Return what this person can read, oldest first: their channels, direct messages, their ephemerals."""
        content = self._http.ask("GET", "read", who=self.who, channel=channel, limit=limit)
        return [Message(**message) for message in content["messages"]]

    @property
    def view(self) -> View | None:
        """The modal in front."""
        return _view(self._http.ask("GET", "screen", who=self.who)["view"])

    @property
    def home(self) -> View | None:
        """Home as it was last published."""
        return _view(self._http.ask("GET", "screen", who=self.who)["home"])

    @property
    def stacked(self) -> int:
        """How many modals are open, one above the other."""
        return int(self._http.ask("GET", "screen", who=self.who)["stacked"])

    def mark(self) -> None:
        """Let the next wait look only at what comes from now on."""
        self._since = int(self._http.ask("GET", "read", who=self.who, limit=1)["seq"])

    def wait_for(
        self, wanted: str | Callable[[Message], bool], timeout: float = 15.0, *, after: int | None = None
    ) -> Message:
        """Wait for a message with these words, or that a predicate accepts; new, or changed, since the last act.

        Of several the newest is returned. Raises NothingCame.
        """
        matches = wanted if callable(wanted) else lambda message: wanted in message
        since = self._since if after is None else after
        seen: list[Message] = []
        for messages in self._changes(since, timeout):
            seen += messages
            found = [message for message in messages if matches(message)]
            if found:
                return found[-1]
        shown = "\n".join(f"- {message.shown}" for message in seen[-10:]) or "nothing"
        raise NothingCame(f"{self.who} waited {timeout} s for {wanted!r} and saw:\n{shown}")

    def _changes(self, since: int, timeout: float) -> Iterator[list[Message]]:
        until = time.monotonic() + timeout
        limit = 100_000
        content = self._http.ask("GET", "read", who=self.who, since=since, limit=limit)
        while True:
            yield [Message(**message) for message in content["messages"]]
            left = until - time.monotonic()
            if left <= 0:
                return
            content = self._http.ask("GET", "read", who=self.who, since=content["seq"], wait=left, limit=limit)

    def wait_for_view(self, wanted: str | Callable[[View], bool], timeout: float = 15.0, *, on: str = "view") -> View:
        """Wait until the modal in front (or, with on="home", Home) shows these words; raises NothingCame."""
        matches = wanted if callable(wanted) else lambda view: wanted in view
        until = time.monotonic() + timeout
        content = self._http.ask("GET", "screen", who=self.who)
        while True:
            view = _view(content[on])
            if view is not None and matches(view):
                return view
            left = until - time.monotonic()
            if left <= 0:
                shown = view.shown if view else "nothing"
                raise NothingCame(f"{self.who} waited {timeout} s for {wanted!r} and sees:\n{shown}")
            content = self._http.ask("GET", "screen", who=self.who, since=content["seq"], wait=left)

    def _act(self, do: str, patience: float | None, **rest: object) -> Reaction:
        patience = self.patience if patience is None else patience
        content = self._http.ask("POST", "act", {"who": self.who, "do": do, "patience": patience, **rest})
        self._since = int(content["began"])
        return Reaction(
            ack_ms=content["ack_ms"],
            timed_out=content["timed_out"],
            error=content["error"],
            messages=[Message(**message) for message in content["messages"]],
            view=_view(content["view"]),
            errors=content["errors"],
            closed=content["closed"],
            ack=content["ack"],
        )


class Admin:
    """Changes the workspace, makes it fail, and looks at what went through it."""

    def __init__(self, url: str) -> None:
        self._http = _Http(url)

    def person(self, who: str) -> Person:
        """Return someone to act as."""
        return Person(self._http.url, who)

    def people(self) -> list[Json]:
        """Return everyone with an account."""
        return list(self._http.ask("GET", "people")["people"])

    def channels(self) -> list[Json]:
        """Return every channel with its members."""
        return list(self._http.ask("GET", "people")["channels"])

    def add_user(self, name: str, email: str, real_name: str = "", tz: str = "UTC") -> Json:
        """Let someone join; the app gets team_join."""
        return self._order("add_user", name=name, email=email, real_name=real_name or name, tz=tz)

    def change_user(self, who: str, **fields: object) -> Json:
        """Change someone's tz, email, names or deleted; the app gets user_change."""
        return self._order("change_user", who=who, **fields)

    def add_channel(self, name: str, members: list[str], *, private: bool = False) -> str:
        """Create a channel; members are names, "bot" user's name among them if the app is in it."""
        return str(self._order("add_channel", name=name, members=members, private=private)["id"])

    def add_member(self, channel: str, who: str) -> None:
        """Put someone into a channel."""
        self._order("add_member", channel=channel, who=who)

    def remove_member(self, channel: str, who: str) -> None:
        """Take someone out of a channel."""
        self._order("remove_member", channel=channel, who=who)

    def fault(self, method: str, kind: str, **rule: object) -> Self:
        """Put a fault in force: see sandbox.faults for kinds, times, probability, seconds, error."""
        self._order("fault", method=method, kind=kind, **rule)
        return self

    def clear_faults(self, seed: int | None = None) -> None:
        """Let everything work again."""
        self._order("clear_faults", seed=seed)

    def duplicate_next(self, count: int = 1, kind: str = "*") -> None:
        """Send the next envelopes twice."""
        self.fault(f"envelope.{kind}", "twice", times=count)

    def enforce_rates(self, *, on: bool = True, scale: float = 1.0) -> None:
        """Refuse with 429 beyond Slack's rates; `scale` 10 allows ten times as much."""
        self._order("rates", on=on, scale=scale)

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to leave: "warning" or "refresh_requested"."""
        self._order("disconnect", reason=reason)

    def drop(self) -> None:
        """Cut every Socket Mode connection without a word."""
        self._order("drop")

    def restart(self, seconds: float = 1.0) -> None:
        """Be away for some seconds: connections cut, calls refused; nothing is forgotten."""
        self._order("restart", seconds=seconds)

    def wait_connected(self, count: int = 1, timeout: float = 10.0) -> None:
        """Wait until the app has at least so many connections (0: none); raises NothingCame."""
        if not self._http.ask("GET", "connected", count=count, wait=timeout)["connected"]:
            raise NothingCame(f"the app had not {count} connections within {timeout} s")

    def calls(self, method: str | None = None) -> list[Json]:
        """Return the calls the app made: method, args without tokens, at, ms, status, ok, error."""
        calls = self._http.ask("GET", "state")["calls"]
        return [call for call in calls if method in (None, call["method"])]

    def traffic(self) -> list[Json]:
        """Return the envelopes sent: kind, what, user, at, ack_ms, failed."""
        return list(self._http.ask("GET", "state")["traffic"])

    def refusals(self) -> list[str]:
        """Return everything the app did that Slack would have refused."""
        return list(self._http.ask("GET", "state")["refusals"])

    def forget_calls(self) -> None:
        """Empty the logs of calls, traffic and refusals."""
        self._order("forget_calls")

    def _order(self, do: str, **rest: object) -> Json:
        return self._http.ask("POST", "admin", {"do": do, **rest})
