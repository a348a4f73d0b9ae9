"""Tokens, scopes, arguments, users and conversations, as the app's own client meets them."""

import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.client import Admin
from sandbox.server import Sandbox, running
from tests.sandbox.small_world import PEOPLE, SCOPES, installed, web_client, without_scopes


def refused(call: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as told:
        call(*args, **kwargs)
    response: dict[str, Any] = told.value.response.data
    return response


def test_auth_test_says_who_the_app_is_and_what_it_may(slack: WebClient) -> None:
    answer = slack.auth_test()
    assert (answer["user"], answer["bot_id"], answer["team"]) == ("helper", "B0SANDBOX1", "Sandbox")
    assert answer.headers["x-oauth-scopes"].split(",") == sorted(SCOPES)
    assert slack.bots_info(bot=answer["bot_id"])["bot"]["app_id"] == "A0SANDBOX1"
    assert refused(slack.bots_info, bot="B1")["error"] == "bot_not_found"


@pytest.mark.parametrize(
    ("token", "error"),
    [(None, "not_authed"), ("xoxb-other", "invalid_auth"), ("xapp-sandbox-app-token", "not_allowed_token_type")],
)
def test_tokens_of_the_wrong_kind_are_refused(sandbox: Sandbox, token: str | None, error: str) -> None:
    client = WebClient(token, base_url=sandbox.api_url, retry_handlers=[])
    assert refused(client.auth_test)["error"] == error


def test_a_bot_token_opens_no_connection(slack: WebClient, sandbox: Sandbox) -> None:
    assert refused(slack.apps_connections_open, app_token=sandbox.tokens.bot)["error"] == "not_allowed_token_type"


def test_without_socket_mode_no_connection_is_opened() -> None:
    manifest = installed(settings={"interactivity": {"is_enabled": True}})
    with running(PEOPLE, manifest) as sandbox:
        client = WebClient(base_url=sandbox.api_url, retry_handlers=[])
        assert refused(client.apps_connections_open, app_token=sandbox.tokens.app)["error"] == "access_denied"


def test_an_unknown_method_is_refused(slack: WebClient) -> None:
    answer = refused(slack.api_call, "chat.postMesage")
    assert (answer["error"], answer["req_method"]) == ("unknown_method", "chat.postMesage")


def test_a_missing_scope_is_named() -> None:
    with running(PEOPLE, without_scopes("users:read.email", "chat:write", "groups:read", "im:write")) as sandbox:
        slack = web_client(sandbox)
        answer = refused(slack.users_lookupByEmail, email="ada@example.org")
        assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read.email")
        assert "channels:read" in answer["provided"]
        assert refused(slack.chat_postMessage, channel="C1", text="x")["needed"] == "chat:write"
        assert refused(slack.conversations_list, types="public_channel,private_channel")["needed"] == "groups:read"
        ada = next(user for user in slack.users_list()["members"] if user["name"] == "ada")
        assert refused(slack.conversations_open, users=ada["id"])["needed"] == "im:write"
        assert "email" not in ada["profile"]


def test_arguments_may_come_as_json_as_form_or_in_the_query(sandbox: Sandbox, ids: dict[str, str]) -> None:
    def post(body: bytes, kind: str, query: str = "") -> dict[str, Any]:
        headers = {"Content-Type": kind, "Authorization": f"Bearer {sandbox.tokens.bot}"}
        request = Request(f"{sandbox.api_url}chat.postMessage{query}", body, headers)  # noqa: S310 - http to loopback
        with urlopen(request) as answer:  # noqa: S310 - http to loopback
            content: dict[str, Any] = json.loads(answer.read())
        return content

    blocks = '[{"type":"divider"}]'
    form = f"channel={ids['ada']}&text=x&blocks={blocks}".encode()
    assert post(form, "application/x-www-form-urlencoded")["message"]["blocks"][0]["type"] == "divider"
    assert post(b"", "application/x-www-form-urlencoded", f"?channel={ids['ada']}&text=x")["ok"]
    as_text = json.dumps({"channel": ids["ada"], "text": "x", "blocks": blocks}).encode()
    assert post(as_text, "application/json")["ok"]
    assert post(b"{", "application/json")["error"] == "channel_not_found"
    broken = f"channel={ids['ada']}&blocks=%5B".encode()
    assert post(broken, "application/x-www-form-urlencoded")["error"] == "invalid_arguments"


def test_reading_methods_do_not_read_json(slack: WebClient, ids: dict[str, str]) -> None:
    assert refused(slack.api_call, "users.info", json={"user": ids["ada"]})["error"] == "user_not_found"
    assert slack.api_call("users.info", params={"user": ids["ada"]})["ok"]


def test_a_token_in_a_form_will_do_and_in_json_it_will_not(sandbox: Sandbox) -> None:
    def ask(body: bytes, kind: str) -> dict[str, Any]:
        request = Request(f"{sandbox.api_url}auth.test", body, {"Content-Type": kind})  # noqa: S310 - loopback
        with urlopen(request) as answer:  # noqa: S310 - http to loopback
            content: dict[str, Any] = json.loads(answer.read())
        return content

    assert ask(f"token={sandbox.tokens.bot}".encode(), "application/x-www-form-urlencoded")["ok"]
    assert ask(json.dumps({"token": sandbox.tokens.bot}).encode(), "application/json")["error"] == "not_authed"


def test_users_carry_zone_and_email_and_come_in_pages(slack: WebClient, ids: dict[str, str]) -> None:
    user = slack.users_info(user=ids["tara"])["user"]
    assert (user["tz"], user["tz_offset"], user["profile"]["email"]) == ("Asia/Kolkata", 19800, "tara@example.org")
    assert user["profile"]["display_name"] == "Tara Q"
    names = [user["name"] for page in slack.users_list(limit=2) for user in page["members"]]
    assert sorted(names) == ["ada", "bo", "helper", "orla", "slackbot", "tara"]
    assert slack.users_lookupByEmail(email="ADA@example.org")["user"]["name"] == "ada"
    assert refused(slack.users_info, user="U404")["error"] == "user_not_found"
    assert refused(slack.users_lookupByEmail, email="no@example.org")["error"] == "users_not_found"
    assert refused(slack.users_lookupByEmail, email="")["error"] == "invalid_arguments"
    assert refused(slack.users_list, limit=5000)["error"] == "invalid_limit"
    assert refused(slack.api_call, "users.list", params={"limit": "many"})["error"] == "invalid_arguments"
    assert refused(slack.users_list, cursor="x")["error"] == "invalid_cursor"
    assert refused(slack.api_call, "views.open", json={"trigger_id": {}})["error"] == "invalid_arguments"


def test_the_app_lists_public_channels_and_private_ones_it_is_in(slack: WebClient, ids: dict[str, str]) -> None:
    def names(types: str) -> list[str]:
        pages = slack.conversations_list(types=types, limit=1)
        return sorted(channel["name"] for page in pages for channel in page["channels"])

    assert names("public_channel") == ["general", "lounge"]
    assert names("private_channel") == ["staff"]
    staff = slack.conversations_info(channel=ids["staff"], include_num_members=True)["channel"]
    assert (staff["is_private"], staff["is_member"], staff["num_members"]) == (True, True, 3)
    assert not slack.conversations_info(channel=ids["lounge"])["channel"]["is_member"]
    assert refused(slack.conversations_info, channel=ids["closed"])["error"] == "channel_not_found"
    assert refused(slack.conversations_list, types="secret")["error"] == "invalid_types"


def test_members_of_a_channel_come_in_pages(slack: WebClient, ids: dict[str, str]) -> None:
    pages = slack.conversations_members(channel=ids["staff"], limit=1)
    members = [member for page in pages for member in page["members"]]
    assert sorted(members) == sorted([ids["tara"], ids["orla"], slack.auth_test()["user_id"]])
    assert refused(slack.conversations_members, channel=ids["closed"])["error"] == "channel_not_found"


def test_direct_conversations_are_opened_once(slack: WebClient, ids: dict[str, str]) -> None:
    first = slack.conversations_open(users=ids["ada"])
    again = slack.conversations_open(users=[ids["ada"]], return_im=True)
    assert first["channel"] == {"id": again["channel"]["id"]}
    assert again["already_open"]
    assert again["channel"]["user"] == ids["ada"]
    three = slack.conversations_open(users=[ids["ada"], ids["tara"]])["channel"]["id"]
    assert three != first["channel"]["id"]
    assert slack.conversations_open(channel=three)["already_open"]
    assert slack.chat_postMessage(channel=three, text="Hello both")["ok"]


@pytest.mark.parametrize(
    ("users", "error"),
    [
        ("", "users_list_not_supplied"),
        ("U404", "user_not_found"),
        (",".join(f"U{n}" for n in range(9)), "too_many_users"),
    ],
)
def test_conversations_that_cannot_be_opened(slack: WebClient, users: str, error: str) -> None:
    assert refused(slack.conversations_open, users=users)["error"] == error


def test_nobody_talks_to_a_bot_or_to_an_account_that_is_gone(
    slack: WebClient, admin: Admin, ids: dict[str, str]
) -> None:
    admin.change_user("bo", deleted=True)
    assert refused(slack.conversations_open, users=ids["bo"])["error"] == "user_disabled"
    me = slack.auth_test()["user_id"]
    assert refused(slack.conversations_open, users=me)["error"] == "cannot_dm_bot"


def test_only_this_machine_is_answered(sandbox: Sandbox) -> None:
    for header in ({"Host": "sandbox.example.org"}, {"Origin": "https://example.org"}, {"Origin": "null"}):
        with pytest.raises(HTTPError) as told:
            urlopen(Request(f"{sandbox.url}/sandbox/people", headers=header))  # noqa: S310 - http to loopback
        assert told.value.code == 403
        told.value.close()
    with urlopen(Request(f"{sandbox.url}/sandbox/people", headers={"Origin": sandbox.url})) as answer:  # noqa: S310 - http to loopback
        assert answer.status == 200


def test_calls_are_logged_without_tokens(slack: WebClient, admin: Admin, ids: dict[str, str]) -> None:
    slack.chat_postMessage(channel=ids["ada"], text="Hello")
    slack.api_call("users.list", params={"limit": 1})
    call = admin.calls("chat.postMessage")[-1]
    assert (call["args"], call["status"], call["ok"]) == ({"channel": ids["ada"], "text": "Hello"}, 200, True)
    assert "xoxb" not in str(admin.calls())
    refused(slack.chat_postMessage, channel="C404", text="x")
    assert admin.refusals() == ["chat.postMessage: channel_not_found"]
    admin.forget_calls()
    assert admin.calls() == []
