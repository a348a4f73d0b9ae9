"""Slash commands from the keystroke to the answer."""

from collections.abc import Callable

import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from sandbox.client import Admin, CannotDo, Person
from tests.sandbox.small_world import Answer, BareApp, Json, hasty

App = Callable[[Answer], BareApp]


def test_a_command_carries_what_slack_sends(app: App, ada: Person, ids: dict[str, str]) -> None:
    connected = app(lambda _frame: {"text": "Hello"})
    ada.command("/hello  two words ", channel="lounge")
    frame = connected.next("slash_commands")
    payload = frame["payload"]
    assert frame["accepts_response_payload"]
    assert {key: payload[key] for key in ("command", "text", "user_id", "user_name", "channel_id", "channel_name")} == {
        "command": "/hello",
        "text": "two words",
        "user_id": ids["ada"],
        "user_name": "ada",
        "channel_id": ids["lounge"],
        "channel_name": "lounge",
    }
    assert payload["response_url"].startswith("http://127.0.0.1:")
    assert payload["trigger_id"].count(".") == 2


def test_the_answer_is_ephemeral_unless_it_says_otherwise(app: App, ada: Person, bo: Person) -> None:
    answers = iter([{"text": "Only you"}, {"text": "All", "response_type": "in_channel"}])
    app(lambda _frame: next(answers))
    first = ada.command("/hello", channel="lounge")
    assert [(message.shown, message.ephemeral) for message in first.messages] == [("Only you", True)]
    second = ada.command("/hello", channel="lounge")
    assert second.ack == {"text": "All", "response_type": "in_channel"}
    assert [message.shown for message in bo.read()] == ["All"]


def test_where_a_command_may_be_typed(app: App, ada: Person, tara: Person) -> None:
    connected = app(lambda _frame: {"text": "Hello"})
    ada.command("/hello")
    tara.command("/hello", channel="staff")
    names = [connected.next("slash_commands")["payload"]["channel_name"] for _ in range(2)]
    assert names == ["directmessage", "privategroup"]
    with pytest.raises(CannotDo, match="ada is not in a channel called 'staff'"):
        ada.command("/hello", channel="staff")


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("/hello @bo", "<@{bo}|bo>"),
        ("/hello @nobody a@example.org", "@nobody a@example.org"),
        ("/hello #lounge #none", "<#{lounge}|lounge> #none"),
        ("/hello https://example.org/a?b=1&c=2", "<https://example.org/a?b=1&amp;c=2>"),
        ("/hello a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("/plain @bo & https://example.org", "@bo & https://example.org"),
    ],
)
def test_text_is_escaped_where_the_manifest_asks_for_it(
    app: App, ada: Person, ids: dict[str, str], typed: str, sent: str
) -> None:
    connected = app(lambda _frame: {"text": "Hello"})
    ada.command(typed)
    assert connected.next("slash_commands")["payload"]["text"] == sent.format(**ids)


def test_a_command_nobody_registered_does_not_reach_the_app(app: App, ada: Person, admin: Admin) -> None:
    app(lambda _frame: {})
    assert "/bogus is not a valid command" in ada.command("/bogus").error
    assert admin.traffic() == []


@hasty
def test_a_command_not_acknowledged_in_time_fails_in_front_of_the_person(app: App, ada: Person) -> None:
    app(lambda _frame: None)
    reaction = ada.command("/hello")
    assert reaction.timed_out
    assert reaction.error == "/hello failed with the error “operation_timeout”"


@hasty
def test_a_late_acknowledgement_is_no_longer_read(app: App, ada: Person) -> None:
    connected = app(lambda _frame: None)
    assert ada.command("/hello").timed_out
    connected.acknowledge(connected.next("slash_commands"), {"text": "Too late"})
    assert ada.read() == []


def test_a_command_without_a_connected_app_fails(ada: Person) -> None:
    reaction = ada.command("/hello")
    assert reaction.error == "/hello failed with the error “dispatch_failed”"
    assert not reaction.timed_out


def test_an_answer_slack_would_not_show_fails_and_is_noted(app: App, ada: Person, admin: Admin) -> None:
    app(lambda _frame: {"blocks": [{"type": "marquee"}]})
    assert "invalid_blocks" in ada.command("/hello").error
    assert "unsupported block type" in admin.refusals()[0]


def test_an_answer_may_come_through_the_response_url(app: App, ada: Person) -> None:
    def later(frame: Json) -> Json:
        WebhookClient(frame["payload"]["response_url"]).send(text="Later")
        return {}

    app(later)
    assert ada.command("/hello").shown == "Later"


def test_patience_with_an_app_that_says_nothing_ends(app: App, ada: Person) -> None:
    app(lambda _frame: {})
    reaction = ada.command("/hello", patience=0.05)
    assert (reaction.messages, reaction.view, reaction.error) == ([], None, "")


def test_traffic_shows_commands_and_how_long_they_took(app: App, ada: Person, admin: Admin) -> None:
    app(lambda _frame: {"text": "Hello"})
    reaction = ada.command("/hello there")
    (entry,) = admin.traffic()
    assert (entry["what"], entry["user"], entry["failed"]) == ("/hello there", "ada", "")
    assert 0 < entry["ack_ms"] == reaction.ack_ms


def test_people_are_found_by_any_of_their_names(sandbox_url: str) -> None:
    for who in ("ada", "@ADA", "Ada Lovelace", "ada@example.org"):
        assert Person(sandbox_url, who).read() == []
    with pytest.raises(CannotDo, match="nobody here is called 'eve'"):
        Person(sandbox_url, "eve").read()
    with pytest.raises(CannotDo, match="nobody here is called 'eve'"):
        Person(sandbox_url, "eve").command("/hello")


def test_a_forged_command_is_sent_as_it_is(app: App, ada: Person, slack: WebClient) -> None:
    connected = app(lambda _frame: {"text": "Who?"})
    reaction = ada.send_raw({"command": "/hello", "user_id": "U404", "text": 7}, "slash_commands")
    payload = connected.next("slash_commands")["payload"]
    assert (payload["user_id"], payload["text"]) == ("U404", 7)
    assert reaction.ack == {"text": "Who?"}
    assert slack.views_open(trigger_id=payload["trigger_id"], view=EMPTY)["ok"]
    ada.send_raw({"type": "event_callback", "event": 3}, "events_api")
    assert "trigger_id" not in connected.next("events_api")["payload"]


EMPTY = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": []}
