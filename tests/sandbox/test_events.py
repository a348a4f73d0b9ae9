"""Events: messages, people who come and change, and what happens when nobody acknowledges them."""

import queue
from collections.abc import Callable

import pytest
from slack_sdk import WebClient

from sandbox.client import Admin, CannotDo, NothingCame, Person
from sandbox.server import running
from tests.sandbox.small_world import PEOPLE, Answer, BareApp, Json, hasty, without_scopes

App = Callable[[Answer], BareApp]


def test_a_direct_message_reaches_the_app_and_is_answered(
    app: App, slack: WebClient, ada: Person, ids: dict[str, str]
) -> None:
    def reply(frame: Json) -> Json:
        event = frame["payload"]["event"]
        if "bot_id" not in event:
            slack.chat_postMessage(channel=event["channel"], text="Noted")
        return {"text": "ignored"}

    connected = app(reply)
    assert ada.write("Hi @bo, 1 < 2").shown == "Noted"
    frame = connected.next("events_api")
    payload, event = frame["payload"], frame["payload"]["event"]
    assert not frame["accepts_response_payload"]
    assert (payload["type"], payload["api_app_id"]) == ("event_callback", "A0SANDBOX1")
    assert (event["channel_type"], event["user"]) == ("im", ids["ada"])
    assert event["text"] == f"Hi <@{ids['bo']}>, 1 &lt; 2"
    assert connected.next_event("message")["bot_id"] == "B0SANDBOX1"
    assert [message.shown for message in ada.read()] == ["Hi @Bo Diddley, 1 < 2", "Noted"]


def test_the_app_hears_of_its_own_edits_in_direct_messages(app: App, slack: WebClient, ids: dict[str, str]) -> None:
    connected = app(lambda _frame: {})
    posted = slack.chat_postMessage(channel=ids["ada"], text="Before")
    slack.chat_update(channel=posted["channel"], ts=posted["ts"], text="After")
    assert connected.next_event("message")["text"] == "Before"
    edited = connected.next_event("message")
    assert (edited["subtype"], edited["message"]["text"], edited["previous_message"]["text"]) == (
        "message_changed",
        "After",
        "Before",
    )


def test_people_who_come_and_change_are_announced(app: App, admin: Admin, slack: WebClient) -> None:
    connected = app(lambda _frame: {})
    admin.add_user("chen", "chen@example.org", "Chen Li", "Asia/Shanghai")
    joined = connected.next_event("team_join")["user"]
    assert (joined["name"], joined["profile"]["email"]) == ("chen", "chen@example.org")
    admin.change_user("chen", tz="Europe/Rome")
    assert connected.next_event("user_change")["user"]["tz"] == "Europe/Rome"
    admin.add_member("staff", "chen")
    moved = connected.next_event("member_joined_channel")
    assert (moved["user"], moved["channel_type"]) == (joined["id"], "G")
    admin.remove_member("staff", "chen")
    members = slack.conversations_members(channel=moved["channel"])["members"]
    assert joined["id"] not in members
    general = next(channel for channel in admin.channels() if channel["name"] == "general")
    assert joined["id"] in general["members"]


def test_what_the_manifest_does_not_subscribe_to_is_not_sent() -> None:
    with running(PEOPLE, without_scopes(events=("team_join",))) as sandbox:
        connected = BareApp(sandbox, lambda _frame: {})
        admin = Admin(sandbox.url)
        admin.person("ada").write("Hello", patience=0)
        admin.add_member("lounge", "tara")
        admin.add_member("lounge", "bot")
        admin.add_user("chen", "chen@example.org")
        assert connected.next()["payload"]["event"]["type"] == "team_join"
        connected.close()


@hasty
def test_an_event_not_acknowledged_comes_again(app: App, ada: Person, admin: Admin) -> None:
    seen: list[Json] = []

    def third_time(frame: Json) -> Json | None:
        seen.append(frame)
        return {} if len(seen) == 3 else None

    connected = app(third_time)
    ada.write("Hello", patience=0)
    frames = [connected.next("events_api") for _ in range(3)]
    assert [frame.get("retry_attempt") for frame in frames] == [None, 1, 2]
    assert frames[1]["retry_reason"] == "timeout"
    assert len({frame["payload"]["event_id"] for frame in frames}) == 1
    with pytest.raises(queue.Empty):
        connected.frames.get(timeout=0.2)
    assert [entry["failed"] for entry in admin.traffic()] == ["operation_timeout", "operation_timeout", ""]


def test_an_event_waits_for_an_app_that_is_away(app: App, ada: Person) -> None:
    ada.write("Hello", patience=0)
    assert app(lambda _frame: {}).next("events_api")["retry_reason"] == "connection_failed"


def test_a_message_in_a_channel_is_read_by_its_members(ada: Person, bo: Person, tara: Person) -> None:
    ada.write("Coffee?", "lounge", patience=0)
    assert bo.wait_for("Coffee").user_name == "Ada Lovelace"
    assert tara.read() == []
    with pytest.raises(CannotDo, match="tara is not in lounge"):
        tara.write("Me too", "lounge")
    with pytest.raises(CannotDo, match="no channel 'nowhere'"):
        ada.read("nowhere")


def test_waiting_sees_what_is_new_since_the_last_act(slack: WebClient, ada: Person, ids: dict[str, str]) -> None:
    slack.chat_postMessage(channel=ids["ada"], text="First")
    assert ada.wait_for("First").shown == "First"
    ada.mark()
    with pytest.raises(NothingCame, match="for 'First' and saw:\nnothing"):
        ada.wait_for("First", timeout=0.05)
    posted = slack.chat_postMessage(channel=ids["ada"], text="Second")
    slack.chat_update(channel=posted["channel"], ts=posted["ts"], text="Third")
    assert ada.wait_for(lambda message: message.edited).shown == "Third"
    with pytest.raises(NothingCame, match="- Third"):
        ada.wait_for("Second", timeout=0.05)
    assert ada.wait_for("First", after=0).shown == "First"


def test_a_channel_can_be_added_with_the_app_in_it(admin: Admin, slack: WebClient, tara: Person) -> None:
    channel = admin.add_channel("grading", ["tara", "bot"], private=True)
    slack.chat_postMessage(channel=channel, text="Hello graders")
    assert tara.read("grading")[0].shown == "Hello graders"


@pytest.mark.parametrize(
    "order",
    [
        {"do": "dance"},
        {"do": "change_user", "who": "ada", "id": "U1"},
        {"do": "change_user", "who": "ada", "tz": "Mars/Olympus"},
        {"do": "change_user", "who": "eve"},
        {"do": "fault", "method": "*", "kind": "gremlins"},
        {"do": "restart", "hours": 1},
    ],
)
def test_orders_that_make_no_sense_are_refused(admin: Admin, order: Json) -> None:
    with pytest.raises(CannotDo):
        admin._order(**order)
