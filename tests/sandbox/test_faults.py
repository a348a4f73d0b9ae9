"""What the sandbox can be told to get wrong, as the app's client meets it."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import RemoteDisconnected
from urllib.error import URLError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from sandbox.client import Admin, Person
from sandbox.server import Sandbox
from tests.sandbox.small_world import Answer, BareApp, Json, hasty
from tests.sandbox.test_web_api import refused

App = Callable[[Answer], BareApp]
DROPPED = (URLError, RemoteDisconnected, ConnectionError)


def test_latency_delays_calls(slack: WebClient, admin: Admin) -> None:
    admin.fault("auth.*", "latency", seconds=0.1)
    slack.auth_test()
    assert admin.calls("auth.test")[-1]["ms"] >= 100
    admin.clear_faults()
    slack.auth_test()
    assert admin.calls("auth.test")[-1]["ms"] < 100


def test_latency_does_not_keep_others_waiting(slack: WebClient, admin: Admin) -> None:
    admin.fault("auth.test", "latency", seconds=0.2)
    began = time.monotonic()
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _n: slack.auth_test(), range(20)))
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_a_dropped_connection_may_or_may_not_have_posted(
    slack: WebClient, admin: Admin, ada: Person, ids: dict[str, str], kind: str
) -> None:
    admin.fault("chat.postMessage", kind, times=1)
    with pytest.raises(DROPPED):
        slack.chat_postMessage(channel=ids["ada"], text="x")
    assert len(ada.read()) == (1 if kind == "drop_after" else 0)
    assert slack.chat_postMessage(channel=ids["ada"], text="x")["ok"]


def test_statuses_and_errors_slack_may_answer(slack: WebClient, admin: Admin) -> None:
    admin.fault("auth.test", "429", seconds=7, times=1)
    with pytest.raises(SlackApiError) as told:
        slack.auth_test()
    assert (told.value.response.status_code, told.value.response.headers["Retry-After"]) == (429, "7")
    admin.fault("auth.test", "500", times=1)
    with pytest.raises(SlackApiError) as told:
        slack.auth_test()
    assert told.value.response.status_code == 500
    admin.fault("auth.test", "error", error="fatal_error", times=1)
    assert refused(slack.auth_test)["error"] == "fatal_error"
    assert slack.auth_test()["ok"]


def test_chance_is_repeated_by_its_seed(slack: WebClient, admin: Admin) -> None:
    def outcomes() -> list[bool]:
        admin.clear_faults(seed=5)
        admin.fault("auth.test", "500", probability=0.5)
        return [_fine(slack) for _ in range(20)]

    first = outcomes()
    assert first == outcomes()
    assert set(first) == {True, False}


def _fine(slack: WebClient) -> bool:
    try:
        slack.auth_test()
    except SlackApiError:
        return False
    return True


def test_envelopes_come_twice(app: App, ada: Person, admin: Admin) -> None:
    connected = app(lambda _frame: {"text": "Hello"})
    admin.duplicate_next()
    assert [message.shown for message in ada.command("/hello").messages] == ["Hello"]
    first, second = connected.next(), connected.next()
    assert first == second
    ada.command("/hello")
    assert connected.next()["envelope_id"] != first["envelope_id"]
    assert len(ada.read()) == 2


@hasty
def test_an_envelope_may_be_lost(app: App, ada: Person, admin: Admin) -> None:
    app(lambda _frame: {"text": "Hello"})
    admin.fault("envelope.slash_commands", "lose", times=1)
    assert ada.command("/hello").timed_out
    assert not ada.command("/hello").timed_out


@pytest.mark.parametrize(
    ("kind", "outcome", "seen"),
    [("drop_before", None, 0), ("drop_after", None, 1), ("500", 500, 0), ("429", 429, 0), ("latency", 200, 1)],
)
def test_response_urls_fail_in_the_same_ways(
    app: App, ada: Person, admin: Admin, kind: str, outcome: int | None, seen: int
) -> None:
    urls: list[str] = []

    def keep(frame: Json) -> Json:
        urls.append(frame["payload"]["response_url"])
        return {}

    app(keep)
    ada.command("/hello", patience=0)
    admin.fault("response_url", kind, seconds=0.01)
    answer = WebhookClient(urls[0], retry_handlers=[])
    if outcome is None:
        with pytest.raises(DROPPED):
            answer.send(text="x")
    else:
        assert answer.send(text="x").status_code == outcome
    assert len(ada.read()) == seen


def test_a_restart_cuts_everything_and_forgets_nothing(
    app: App, sandbox: Sandbox, slack: WebClient, admin: Admin, ada: Person, ids: dict[str, str]
) -> None:
    slack.chat_postMessage(channel=ids["ada"], text="Before")
    app(lambda _frame: {})
    admin.restart(seconds=0.2)
    admin.wait_connected(0)
    with pytest.raises(DROPPED):
        slack.auth_test()
    assert "dispatch_failed" in ada.command("/hello").error
    threading.Event().wait(0.25)  # the time the workspace is away is what this shows
    assert slack.auth_test()["ok"]
    assert [message.shown for message in ada.read()] == ["Before"]
    assert sandbox.environment["SLACK_API_URL"] == sandbox.api_url


def test_slacks_rates_are_enforced_when_asked(slack: WebClient, admin: Admin, ids: dict[str, str]) -> None:
    for _ in range(5):
        slack.chat_postMessage(channel=ids["ada"], text="x")
    admin.enforce_rates()
    for _ in range(2):
        slack.chat_postMessage(channel=ids["ada"], text="x")
    with pytest.raises(SlackApiError) as told:
        slack.chat_postMessage(channel=ids["ada"], text="x")
    assert (told.value.response.status_code, told.value.response.headers["Retry-After"]) == (429, "1")
    assert slack.chat_postMessage(channel=ids["bo"], text="x")["ok"]
    slack.auth_test()
    admin.enforce_rates(on=False)
    slack.chat_postMessage(channel=ids["ada"], text="x")


def test_tiers_count_calls_a_minute(slack: WebClient, admin: Admin, ids: dict[str, str]) -> None:
    admin.enforce_rates()
    for _ in range(20):
        slack.users_list()
    with pytest.raises(SlackApiError) as told:
        slack.users_list()
    assert int(told.value.response.headers["Retry-After"]) == 3
    for _ in range(50):
        slack.users_info(user=ids["ada"])
    admin.enforce_rates(scale=100_000)
    for _ in range(40):
        slack.users_list()
