"""A small workspace, its manifest, and a bare app on one socket that a test can make answer as it likes."""

import contextlib
import json
import queue
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import websocket
from slack_sdk import WebClient

from sandbox.manifest import Manifest, read_manifest
from sandbox.people import People, SeedChannel, SeedUser
from sandbox.server import Sandbox
from sandbox.timing import Timing

Json = dict[str, Any]
Answer = Callable[[Json], Json | None]

SCOPES = [
    "commands",
    "chat:write",
    "im:write",
    "im:history",
    "im:read",
    "mpim:write",
    "users:read",
    "users:read.email",
    "channels:read",
    "groups:read",
    "files:read",
    "files:write",
]
MANIFEST: Json = {
    "display_information": {"name": "Helper"},
    "features": {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "Helper"},
        "shortcuts": [{"name": "Ask", "type": "global", "callback_id": "ask", "description": "Ask"}],
        "slash_commands": [
            {"command": "/hello", "description": "Say hello", "should_escape": True},
            {"command": "/plain", "description": "Unescaped", "should_escape": False},
        ],
    },
    "oauth_config": {"scopes": {"bot": SCOPES}},
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "message.im",
                "app_home_opened",
                "team_join",
                "user_change",
                "member_joined_channel",
            ]
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}

PEOPLE = People(
    users=(
        SeedUser("ada", "Ada Lovelace", "ada@example.org", "Europe/London"),
        SeedUser("bo", "Bo Diddley", "bo@example.org", "America/New_York"),
        SeedUser("tara", "Tara Quill", "tara@example.org", "Asia/Kolkata", display_name="Tara Q"),
        SeedUser("orla", "Orla Byrne", "orla@example.org", "Europe/Dublin", is_admin=True),
    ),
    channels=(
        SeedChannel("staff", ("tara", "orla@example.org", "bot"), private=True),
        SeedChannel("lounge", ("ada", "bo"), private=False),
        SeedChannel("closed", ("orla",), private=True),
    ),
)

# Slack's own limits where something is to be in time, so that a busy machine breaks no test …
QUICK = Timing(event_retries=(0.0, 0.05, 0.1), after_warning=0.2, after_refresh_request=0.1)
# … and short ones where something is to be late.
hasty = pytest.mark.parametrize("timing", [replace(QUICK, acknowledge=0.25, trigger=0.4)], ids=["hasty"])


def installed(**changes: Any) -> Manifest:
    """Return the manifest with some of its sections replaced."""
    return read_manifest({**MANIFEST, **changes})


def without_scopes(*scopes: str, events: tuple[str, ...] = ()) -> Manifest:
    """Return the manifest of an app that was granted less."""
    kept = [scope for scope in SCOPES if scope not in scopes]
    settings = {**MANIFEST["settings"], "event_subscriptions": {"bot_events": list(events)}}
    return installed(oauth_config={"scopes": {"bot": kept}}, settings=settings)


def web_client(sandbox: Sandbox) -> WebClient:
    """Return the app's Web API client, without retries."""
    return WebClient(sandbox.tokens.bot, base_url=sandbox.api_url, retry_handlers=[])


class BareApp:
    """One Socket Mode connection; `answer` returns what to acknowledge with, or None not to."""

    def __init__(self, sandbox: Sandbox, answer: Answer) -> None:
        slack = WebClient(base_url=sandbox.api_url, retry_handlers=[])
        self.socket = websocket.create_connection(
            slack.apps_connections_open(app_token=sandbox.tokens.app)["url"], timeout=10
        )
        self.hello = json.loads(self.socket.recv())
        self.frames: queue.Queue[Json] = queue.Queue()
        self._answer = answer
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        # The connection may end while an envelope is being read or answered.
        with contextlib.suppress(OSError, websocket.WebSocketException):
            while text := self.socket.recv():
                frame = json.loads(text)
                self.frames.put(frame)
                if "envelope_id" in frame:
                    payload = self._answer(frame)
                    if payload is not None:
                        self.acknowledge(frame, payload)

    def acknowledge(self, frame: Json, payload: Json | None = None) -> None:
        """Acknowledge an envelope, perhaps with a payload."""
        answer = {"envelope_id": frame["envelope_id"]} | ({"payload": payload} if payload else {})
        self.socket.send(json.dumps(answer))

    def next(self, kind: str | None = None) -> Json:
        """Return the next frame, of a kind if given."""
        while True:
            frame = self.frames.get(timeout=5)
            if kind in (None, frame["type"]):
                return frame

    def next_event(self, kind: str) -> Json:
        """Return the next event of a kind."""
        while True:
            event: Json = self.next("events_api")["payload"]["event"]
            if event["type"] == kind:
                return event

    def close(self) -> None:
        """Leave, and wait until the listening thread has."""
        # Closing it here while the thread reads would pull the socket from under it: let it read the end instead.
        with contextlib.suppress(OSError):
            if self.socket.sock is not None:
                self.socket.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self.socket.shutdown()  # type: ignore[no-untyped-call]  # the library is not typed here
