"""A Bolt app lives here as it does in Slack."""

import gc
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler

from sandbox.client import Admin, Person
from tests.sandbox.test_modals import WHY, modal

Connect = Callable[[], SocketModeHandler]


def test_bolt_opens_a_modal_answers_it_and_writes(bolt: App, connect: Connect, ada: Person, admin: Admin) -> None:
    @bolt.command("/hello")
    def hello(ack: Any, client: Any, body: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(WHY))
        ack()

    @bolt.view("ask")
    def asked(ack: Any, view: Any, client: Any, body: Any) -> None:
        ack()
        reason = view["state"]["values"]["why"]["x"]["value"]
        client.chat_postMessage(channel=body["user"]["id"], text=f"You said: {reason}")

    connect()
    assert ada.command("/hello").view is not None
    ada.fill({"Why": "because"})
    assert ada.submit().closed
    assert ada.wait_for("You said: because").from_app
    assert admin.refusals() == []


def test_bolt_ignores_its_own_messages_and_hears_others(bolt: App, connect: Connect, ada: Person) -> None:
    heard: list[str] = []

    @bolt.event("message")
    def message(event: Any, say: Any) -> None:
        heard.append(event["text"])
        say("Noted")

    connect()
    assert ada.write("Hello").shown == "Noted"
    assert heard == ["Hello"]


# The client leaves the socket of a connection that was cut to the garbage collector, which comes here and not later.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_bolt_comes_back_when_it_was_cut_off(bolt: App, connect: Connect, ada: Person, admin: Admin) -> None:
    @bolt.command("/hello")
    def hello(ack: Any) -> None:
        ack("Hello")

    connect()
    admin.drop()
    admin.wait_connected(1)
    # This client may read its new connection only after ten seconds, so someone types until it does.
    answers = (ada.command("/hello").shown for _ in range(5))
    assert "Hello" in answers
    gc.collect()


def test_many_commands_at_once_are_all_answered(bolt: App, connect: Connect, sandbox_url: str) -> None:
    here = threading.Lock()
    answered: list[str] = []

    @bolt.command("/hello")
    def hello(ack: Any, command: Any) -> None:
        with here:
            answered.append(command["text"])
        ack(command["text"])

    connect()
    names = ["ada", "bo", "tara", "orla"]

    def ask(number: int) -> str:
        return Person(sandbox_url, names[number % 4]).command(f"/hello {number}").shown

    with ThreadPoolExecutor(50) as pool:
        assert list(pool.map(ask, range(200))) == [str(number) for number in range(200)]
