"""Posting, updating and response_url: who may, who sees it, and what is refused."""

from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from sandbox.client import Admin, Person
from sandbox.server import running
from sandbox.timing import Timing
from tests.sandbox.small_world import PEOPLE, BareApp, Json, installed, web_client
from tests.sandbox.test_web_api import refused

BUTTON = {
    "type": "actions",
    "block_id": "row",
    "elements": [{"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}, "value": "1"}],
}


def test_a_users_id_as_channel_opens_their_direct_messages(slack: WebClient, ada: Person, ids: dict[str, str]) -> None:
    answer = slack.chat_postMessage(channel=ids["ada"], text="Hello <@" + ids["bo"] + ">")
    assert answer["channel"].startswith("D")
    assert answer["message"]["bot_id"] == "B0SANDBOX1"
    assert [message.shown for message in ada.read()] == ["Hello @Bo Diddley"]


def test_each_reads_only_what_they_may(
    slack: WebClient, ada: Person, bo: Person, tara: Person, ids: dict[str, str], admin: Admin
) -> None:
    slack.chat_postMessage(channel="#staff", text="for staff")
    slack.chat_postMessage(channel=ids["bo"], text="for Bo")
    slack.chat_postEphemeral(channel=ids["staff"], user=ids["tara"], text="for Tara")
    assert ada.read() == []
    assert [message.shown for message in bo.read()] == ["for Bo"]
    assert [(message.shown, message.ephemeral) for message in tara.read("staff")] == [
        ("for staff", False),
        ("for Tara", True),
    ]
    assert [message.shown for message in admin.person("orla").read()] == ["for staff"]


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("closed", "channel_not_found"),
        ("lounge", "not_in_channel"),
        ("nowhere", "channel_not_found"),
        ("", "channel_not_found"),
    ],
)
def test_the_app_posts_only_where_it_is_a_member(
    slack: WebClient, ids: dict[str, str], channel: str, error: str
) -> None:
    assert refused(slack.chat_postMessage, channel=ids.get(channel, channel), text="x")["error"] == error


def test_what_a_post_is_refused_for(slack: WebClient, ids: dict[str, str], admin: Admin) -> None:
    def post(**content: object) -> Json:
        return refused(slack.api_call, "chat.postMessage", json={"channel": ids["ada"], **content})

    assert post(text="")["error"] == "no_text"
    assert post(text="x" * 40_001)["error"] == "msg_too_long"
    answer = post(text="x", blocks=[{"type": "marquee"}])
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == ["[ERROR] /blocks/0: unsupported block type: 'marquee'"]
    assert post(text="x", metadata={"event_type": "e"})["error"] == "invalid_metadata_format"
    assert post(text="x", thread_ts="1.1")["error"] == "invalid_thread_ts"
    me = slack.auth_test()["user_id"]
    assert refused(slack.chat_postMessage, channel=me, text="x")["error"] == "channel_not_found"
    admin.change_user("ada", deleted=True)
    assert post(text="x")["error"] == "is_archived"


def test_an_app_without_a_messages_tab_writes_to_nobody(ids: dict[str, str]) -> None:
    features = {"bot_user": {"display_name": "Helper"}, "app_home": {"messages_tab_enabled": False}}
    with running(PEOPLE, installed(features=features)) as sandbox:
        slack = web_client(sandbox)
        direct = slack.conversations_open(users=ids["ada"])["channel"]["id"]
        for channel in (ids["ada"], direct):
            assert refused(slack.chat_postMessage, channel=channel, text="x")["error"] == "messages_tab_disabled"


def test_threads_and_metadata_are_kept(slack: WebClient, ada: Person, ids: dict[str, str]) -> None:
    parent = slack.chat_postMessage(channel=ids["ada"], text="Parent")
    metadata = {"event_type": "card", "event_payload": {"id": "1"}}
    reply = slack.chat_postMessage(channel=ids["ada"], text="Reply", thread_ts=parent["ts"], metadata=metadata)
    assert reply["message"]["metadata"] == metadata
    assert ada.read()[-1].thread_ts == parent["ts"]


def test_an_update_keeps_blocks_until_it_is_given_others(slack: WebClient, ada: Person, ids: dict[str, str]) -> None:
    posted = slack.chat_postMessage(channel=ids["ada"], text="Before", blocks=[BUTTON])
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    slack.chat_update(**where, text="After")
    assert (ada.read()[0].text, len(ada.read()[0].blocks), ada.read()[0].edited) == ("After", 1, True)
    slack.chat_update(**where, text="Bare", blocks=[])
    assert ada.read()[0].blocks == []
    assert refused(slack.chat_update, **where, text="x" * 4001)["error"] == "msg_too_long"
    assert refused(slack.chat_update, channel=where["channel"], ts="1.1", text="x")["error"] == "message_not_found"


def test_the_app_updates_neither_a_persons_message_nor_an_ephemeral_one(
    slack: WebClient, tara: Person, ids: dict[str, str]
) -> None:
    tara.write("Mine", "staff", patience=0)
    theirs = tara.read("staff")[0]
    assert refused(slack.chat_update, channel=theirs.channel, ts=theirs.ts, text="x")["error"] == "cant_update_message"
    ephemeral = slack.chat_postEphemeral(channel=ids["staff"], user=ids["tara"], text="x")
    answer = refused(slack.chat_update, channel=ids["staff"], ts=ephemeral["message_ts"], text="y")
    assert answer["error"] == "message_not_found"


def test_ephemeral_messages_go_to_members_only(slack: WebClient, ids: dict[str, str]) -> None:
    def post(channel: str, user: str, text: str = "x") -> str:
        answer = refused(slack.chat_postEphemeral, channel=ids[channel], user=user, text=text)
        return str(answer["error"])

    assert post("staff", ids["ada"]) == "user_not_in_channel"
    assert post("staff", "U404") == "user_not_in_channel"
    assert post("lounge", ids["ada"]) == "not_in_channel"
    assert post("closed", ids["orla"]) == "channel_not_found"
    assert post("staff", ids["tara"], "x" * 40_001) == "msg_too_long"


@pytest.fixture
def response_url(app: Callable[..., BareApp], slack: WebClient, ada: Person, ids: dict[str, str]) -> str:
    """Ada has pressed a button in her direct messages; the app has this url to answer."""
    connected = app()
    slack.chat_postMessage(channel=ids["ada"], text="Card", blocks=[BUTTON])
    ada.press("Go", patience=0)
    return str(connected.next("interactive")["payload"]["response_url"])


def test_an_answer_is_ephemeral_unless_it_says_otherwise(response_url: str, ada: Person) -> None:
    answer = WebhookClient(response_url)
    assert answer.send(text="Only you").body == "ok"
    answer.send(text="All", response_type="in_channel")
    assert [(message.shown, message.ephemeral) for message in ada.read()[1:]] == [("Only you", True), ("All", False)]


def test_an_answer_replaces_or_deletes_the_message_it_came_from(response_url: str, ada: Person) -> None:
    answer = WebhookClient(response_url)
    answer.send(text="Done", blocks=[], replace_original=True)
    assert [message.shown for message in ada.read()] == ["Done"]
    answer.send(delete_original=True)
    assert ada.read() == []
    late = answer.send(text="Again", replace_original=True)
    assert (late.status_code, "message_not_found" in late.body) == (400, True)


def test_five_answers_and_no_more(response_url: str, admin: Admin) -> None:
    answer = WebhookClient(response_url)
    assert [answer.send(text="x").status_code for _ in range(6)] == [200] * 5 + [404]
    assert admin.calls("response_url")[-1]["error"] == "used_url"
    assert "response_url: used_url" in admin.refusals()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"blocks": [{"type": "marquee"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": "["}, "invalid_blocks"),
    ],
)
def test_an_answer_slack_would_not_show_is_refused(response_url: str, admin: Admin, body: Json, error: str) -> None:
    answer = WebhookClient(response_url).send_dict(body)
    assert answer.status_code == 400
    assert error in answer.body
    assert any(error in refusal for refusal in admin.refusals())


def test_an_unknown_response_url_is_refused(response_url: str) -> None:
    assert WebhookClient(response_url + "x").send(text="x").status_code == 404


def test_an_answer_must_be_json(response_url: str) -> None:
    with pytest.raises(HTTPError) as told:
        urlopen(Request(response_url, b"text=x"))  # noqa: S310 - http to loopback
    assert told.value.code == 400
    assert b"invalid_payload" in told.value.read()
    told.value.close()


def test_an_answer_in_a_view_has_nowhere_to_go(app: Callable[..., BareApp], ada: Person) -> None:
    connected = app()
    ada.send_raw({"type": "block_actions"}, "interactive")
    url = connected.next("interactive")["payload"]["response_url"]
    assert "channel_not_found" in WebhookClient(url).send(text="x").body


@pytest.mark.parametrize("timing", [Timing(response_url=0.0)], ids=["short"])
def test_a_response_url_expires(response_url: str) -> None:
    assert WebhookClient(response_url).send(text="x").body == '{"ok": false, "error": "expired_url"}'
