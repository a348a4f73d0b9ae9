"""Socket Mode's connections: tickets, hello, which one gets an envelope, and leaving."""

from collections.abc import Callable

import pytest
import websocket
from slack_sdk import WebClient

from sandbox.client import Admin, NothingCame, Person
from sandbox.server import Sandbox
from tests.sandbox.small_world import Answer, BareApp

App = Callable[[Answer], BareApp]


def test_hello_says_how_many_are_connected(app: App, admin: Admin) -> None:
    first, second = app(lambda _frame: {}), app(lambda _frame: {})
    assert (first.hello["type"], first.hello["num_connections"]) == ("hello", 1)
    assert second.hello["num_connections"] == 2
    assert second.hello["connection_info"] == {"app_id": "A0SANDBOX1"}
    admin.wait_connected(2)
    first.close()
    second.close()
    admin.wait_connected(0)
    with pytest.raises(NothingCame, match="had not 1 connections"):
        admin.wait_connected(1, timeout=0.01)


def test_an_address_opens_one_connection_once(sandbox: Sandbox) -> None:
    slack = WebClient(base_url=sandbox.api_url)
    url = slack.apps_connections_open(app_token=sandbox.tokens.app)["url"]
    websocket.create_connection(url).close()
    for used in (url, url.split("?")[0]):
        with pytest.raises(websocket.WebSocketBadStatusException, match="401"):
            websocket.create_connection(used)


def test_ten_connections_and_no_more(app: App) -> None:
    for _ in range(10):
        app(lambda _frame: {})
    with pytest.raises(websocket.WebSocketBadStatusException, match="409"):
        app(lambda _frame: {})


def test_each_envelope_goes_to_one_connection(app: App, ada: Person) -> None:
    apps = [app(lambda _frame: {"text": "Hello"}) for _ in range(2)]
    for _ in range(4):
        ada.command("/hello")
    for each in apps:
        frames = [each.next(), each.next()]
        assert [frame["type"] for frame in frames] == ["slash_commands"] * 2
        assert each.frames.empty()


def test_a_connection_asked_to_refresh_gets_no_more_envelopes(app: App, ada: Person, admin: Admin) -> None:
    leaving = app(lambda _frame: {"text": "old"})
    admin.disconnect("refresh_requested")
    request = leaving.next("disconnect")
    assert request["reason"] == "refresh_requested"
    app(lambda _frame: {"text": "new"})
    assert [ada.command("/hello").shown for _ in range(2)] == ["new", "new"]


def test_a_warned_connection_works_until_it_is_closed(app: App, ada: Person, admin: Admin) -> None:
    leaving = app(lambda _frame: {"text": "old"})
    admin.disconnect("warning")
    assert leaving.next("disconnect")["reason"] == "warning"
    assert ada.command("/hello").shown == "old"
    admin.wait_connected(0)


def test_cut_connections_are_gone_at_once(app: App, ada: Person, admin: Admin) -> None:
    app(lambda _frame: {})
    admin.drop()
    assert "dispatch_failed" in ada.command("/hello").error
    admin.wait_connected(0)


def test_what_is_not_an_acknowledgement_is_ignored(app: App, ada: Person) -> None:
    connected = app(lambda _frame: {"text": "Hello"})
    connected.socket.send("nonsense")
    connected.socket.send("[1]")
    connected.socket.send_binary(b"\x00")
    connected.socket.send('{"envelope_id": "unknown"}')
    assert ada.command("/hello").shown == "Hello"
