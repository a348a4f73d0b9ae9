"""A workspace to act in, and what connects the small apps to it."""

import threading
from collections.abc import Callable, Iterator

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient

from sandbox.client import Admin, Person
from sandbox.server import Sandbox, running
from sandbox.timing import Timing
from tests.sandbox.small_world import PEOPLE, QUICK, Answer, BareApp, installed, web_client


@pytest.fixture
def timing() -> Timing:
    return QUICK


@pytest.fixture
def sandbox(timing: Timing) -> Iterator[Sandbox]:
    with running(PEOPLE, installed(), timing=timing) as started:
        yield started


@pytest.fixture
def sandbox_url(sandbox: Sandbox) -> str:
    return sandbox.url


@pytest.fixture
def slack(sandbox: Sandbox) -> WebClient:
    return web_client(sandbox)


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
def ids(admin: Admin) -> dict[str, str]:
    """The ids of people and channels by name."""
    people = {person["name"]: person["id"] for person in admin.people()}
    return people | {channel["name"]: channel["id"] for channel in admin.channels()}


@pytest.fixture
def app(sandbox: Sandbox) -> Iterator[Callable[[Answer], BareApp]]:
    """Connect a bare app with what it answers."""
    apps: list[BareApp] = []

    def connect(answer: Answer = lambda _frame: {}) -> BareApp:
        apps.append(BareApp(sandbox, answer))
        return apps[-1]

    yield connect
    for each in apps:
        each.close()


@pytest.fixture
def bolt(slack: WebClient) -> App:
    return App(client=slack, process_before_response=True, raise_error_for_unhandled_request=False)


@pytest.fixture
def connect(sandbox: Sandbox, admin: Admin, bolt: App) -> Iterator[Callable[[], SocketModeHandler]]:
    """Connect the Bolt app, once its listeners are registered."""
    handlers: list[SocketModeHandler] = []

    def connect() -> SocketModeHandler:
        web = WebClient(sandbox.tokens.app, base_url=sandbox.api_url, retry_handlers=[])
        handler = SocketModeHandler(bolt, sandbox.tokens.app, web_client=web, ping_interval=1)
        handlers.append(handler)
        handler.connect()  # type: ignore[no-untyped-call]  # the adapter is not typed
        admin.wait_connected(len(handlers))
        return handler

    yield connect
    # Closed from its own side, this client may wait 10 s for a socket that is gone: cut it from ours.
    gone = threading.Event()
    for handler in handlers:
        handler.client.auto_reconnect_enabled = handler.client.default_auto_reconnect_enabled = False
        handler.client.on_close_listeners.append(lambda _session: gone.set())
    admin.drop()
    gone.wait(5)
    for handler in handlers:
        # It also waits up to a second for one more message before it stops: give it one.
        handler.client.closed = True
        handler.client.enqueue_message("")
        handler.close()  # type: ignore[no-untyped-call]  # the adapter is not typed
