"""What the page asks the sandbox for: itself, what a person sees, files; and who may ask."""

import http.client
import json
from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest

from sandbox.client import Person
from sandbox.server import Sandbox
from tests.sandbox.small_world import Json, web_client

Headers = Mapping[str, str]
NONE: Headers = {}


def asked(
    sandbox: Sandbox, path: str, verb: str = "GET", body: Json | None = None, headers: Headers = NONE
) -> tuple[int, Json]:
    place = urlsplit(sandbox.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=10)
    try:
        text = json.dumps(body) if body is not None else None
        connection.request(verb, path, text, {"Content-Type": "application/json"} | dict(headers))
        answer = connection.getresponse()
        content = answer.read().decode()
    finally:
        connection.close()
    return answer.status, json.loads(content) if content.startswith("{") else {"text": content}


def watched(sandbox: Sandbox, who: str, since: int = -1) -> Json:
    return asked(sandbox, f"/sandbox/watch?who={who}&since={since}")[1]


@pytest.mark.parametrize("body", [{}, {"do": 7}, [], None])
def test_an_order_without_what_to_do_is_answered_with_what_is_wanted(sandbox: Sandbox, body: Json | None) -> None:
    status, said = asked(sandbox, "/sandbox/admin", "POST", body)
    assert status == 400
    assert "what to do" in said["error"]


def test_the_page_and_its_parts_are_served_and_nothing_beside_them(sandbox: Sandbox) -> None:
    assert "<!DOCTYPE html>" in asked(sandbox, "/")[1]["text"]
    assert asked(sandbox, "/page/main.js")[0] == 200
    for path in ("/page/nothing.js", "/page/..%2fserver.py", "/page/%2e%2e%2fpages.py", "/page/"):
        assert asked(sandbox, path)[0] == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "OWN"}, 200),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "http://evil.example.org"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "evil.example.org"}, 403),
    ],
)
def test_only_our_own_page_may_speak_to_us(sandbox: Sandbox, headers: dict[str, str], status: int) -> None:
    own = {name: value.replace("OWN", sandbox.url) for name, value in headers.items()}
    assert asked(sandbox, "/sandbox/about", headers=own)[0] == status
    assert asked(sandbox, "/sandbox/act", "POST", {"who": "ada", "do": "write", "text": "Hi"}, own)[0] == status


def test_a_person_watches_only_what_they_see(sandbox: Sandbox, ids: dict[str, str]) -> None:
    slack = web_client(sandbox)
    slack.chat_postMessage(channel=ids["bo"], text="For Bo")
    seen = {who: [message["text"] for message in watched(sandbox, who)["messages"]] for who in ("ada", "bo")}
    assert seen == {"ada": [], "bo": ["For Bo"]}
    assert [each["name"] for each in watched(sandbox, "ada")["conversations"] if each["name"]] == ["lounge", "general"]


def test_a_file_that_is_no_picture_is_kept_rather_than_shown(sandbox: Sandbox) -> None:
    bo = Person(sandbox.url, "bo")
    bo.write("", files={"page.html": "<script>alert(1)</script>"}, patience=0)
    address = watched(sandbox, "bo")["messages"][0]["files"][0]["address"]
    place = urlsplit(sandbox.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=10)
    connection.request("GET", address)
    answer = connection.getresponse()
    assert answer.getheader("Content-Type") == "application/octet-stream"
    assert answer.getheader("Content-Disposition") == "attachment"
    assert answer.read() == b"<script>alert(1)</script>"
    connection.close()


def test_a_press_on_what_is_gone_says_so(sandbox: Sandbox) -> None:
    gone = {"who": "ada", "do": "use", "where": {"channel": "C0", "ts": "1.0"}, "element": {"block_id": "b"}}
    assert asked(sandbox, "/sandbox/act", "POST", gone) == (409, {"error": "what you pressed is there no more"})


def test_the_clock_moves_only_where_an_app_follows_and_only_forward(sandbox: Sandbox, ids: dict[str, str]) -> None:
    def move(to: str) -> tuple[int, Json]:
        return asked(sandbox, "/sandbox/time", "POST", {"do": "move", "to": to, "who": "ada"})

    assert move("hour")[1] == {"error": "no app follows this clock, so it can't be moved"}
    turn = asked(sandbox, "/sandbox/time?follow=-1&wait=0")[1]["turn"]
    assert move("2020-01-01 09:00")[0] == 409
    assert move("soon")[1] == {"error": "'soon' is no time to go to"}
    assert move("deadline")[1] == {"error": "the app knows of no deadline to come"}
    status, shown = move("hour")
    assert (status, round(shown["wanted"]), shown["turn"]) == (200, 3600, turn + 1)
    assert move("hour")[1] == {"error": "the clock is on its way already"}
    assert asked(sandbox, "/sandbox/time", "POST", {"do": "reached", "ahead": 9000, "is_there": True})[0] == 409
    reached = asked(sandbox, "/sandbox/time", "POST", {"do": "reached", "ahead": shown["wanted"], "is_there": True})[1]
    assert reached["wanted"] is None
    posted = web_client(sandbox).chat_postMessage(channel=ids["ada"], text="Later")
    assert float(posted["ts"]) * 1000 == pytest.approx(reached["now"], abs=5000)
