"""A small workspace and a small Bolt app in it, connected over real sockets."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient

from sandbox.client import Admin, Person
from sandbox.manifest import Manifest, read_manifest
from sandbox.people import People, SeedChannel, SeedUser
from sandbox.server import Sandbox, running
from sandbox.timing import Timing

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Helper"},
    "features": {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "Helper"},
        "slash_commands": [
            {"command": "/hello", "description": "Say hello", "should_escape": True},
            {"command": "/plain", "description": "Unescaped", "should_escape": False},
            {"command": "/modal", "description": "Open a modal", "should_escape": True},
            {"command": "/silent", "description": "Never answers"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
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
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": ["message.im", "app_home_opened", "team_join", "user_change", "member_joined_channel"]
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}

PEOPLE = People(
    users=(
        SeedUser("ada", "Ada Lovelace", "ada@example.org", "Europe/London"),
        SeedUser("bo", "Bo Diddley", "bo@example.org", "America/New_York"),
        SeedUser("tara", "Tara Quill", "tara@example.org", "Asia/Kolkata"),
        SeedUser("orla", "Orla Byrne", "orla@example.org", "Europe/Dublin", is_admin=True),
    ),
    channels=(
        SeedChannel("staff", ("tara", "orla@example.org", "bot"), private=True),
        SeedChannel("lounge", ("ada", "bo"), private=False),
        SeedChannel("closed", ("orla",), private=True),
    ),
)

QUICK = Timing(acknowledge=0.4, trigger=0.4, event_retries=(0.0, 0.1, 0.2), after_refresh_request=0.1)


def manifest(**settings: Any) -> Manifest:
    return read_manifest({**MANIFEST, **settings})


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(PEOPLE, manifest(), timing=QUICK) as started:
        yield started


@pytest.fixture
def slack(sandbox: Sandbox) -> WebClient:
    return WebClient(sandbox.tokens.bot, base_url=sandbox.api_url, retry_handlers=[])


@pytest.fixture
def admin(sandbox: Sandbox) -> Admin:
    return Admin(sandbox.url)


@pytest.fixture
def ada(sandbox: Sandbox) -> Person:
    return Person(sandbox.url, "ada")


@pytest.fixture
def bo(sandbox: Sandbox) -> Person:
    return Person(sandbox.url, "bo")


@pytest.fixture
def tara(sandbox: Sandbox) -> Person:
    return Person(sandbox.url, "tara")


@pytest.fixture
def bolt(sandbox: Sandbox, slack: WebClient) -> App:
    return App(client=slack, process_before_response=True, raise_error_for_unhandled_request=False)


@pytest.fixture
def connect(sandbox: Sandbox, admin: Admin, bolt: App) -> Iterator[Callable[[], SocketModeHandler]]:
    handlers: list[SocketModeHandler] = []

    def connect() -> SocketModeHandler:
        web = WebClient(sandbox.tokens.app, base_url=sandbox.api_url, retry_handlers=[])
        handler = SocketModeHandler(bolt, sandbox.tokens.app, web_client=web, ping_interval=1)
        handlers.append(handler)
        handler.connect()  # type: ignore[no-untyped-call]  # the adapter is not typed
        admin.wait_connected(len(handlers))
        return handler

    yield connect
    for handler in handlers:
        # The client waits up to a second for one more message before it stops: give it one.
        handler.client.closed = True
        handler.client.enqueue_message("")
        handler.close()  # type: ignore[no-untyped-call]  # the adapter is not typed
