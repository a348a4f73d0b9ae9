"""Copying a file within Slack: what is read and sent, and what comes in its place."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_sdk import WebClient

from bot.copying import LARGEST, Copied, send, upload
from bot.posting import Limited, NoAnswer, Posted, Refused
from cohort.hand_ins import File
from services.letters import Attached

FILE = File("F1", "proof.pdf")
CONTENT = b"By induction."


@dataclass
class Store:
    """A Slack that has one file, and says of it what it is told to."""

    url: str = ""
    info: dict[str, Any] = field(default_factory=dict)
    page: tuple[int, str, bytes] = (200, "application/pdf", CONTENT)
    upload_status: int = 200
    failing: dict[str, tuple[int, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)
    uploaded: bytes = b""
    told: dict[str, list[str]] = field(default_factory=dict)
    announced: dict[str, list[str]] = field(default_factory=dict)

    @property
    def client(self) -> WebClient:
        return WebClient(token="xoxb-test", base_url=f"{self.url}/api/", timeout=5, retry_handlers=[])

    def method(self, name: str, body: bytes) -> tuple[int, Any]:
        if name in self.failing:
            return self.failing[name]
        match name:
            case "files.info":
                known = {"mimetype": "application/pdf", "size": 13, "url_private_download": f"{self.url}/file"}
                return 200, {"ok": True, "file": known | self.info}
            case "conversations.open":
                return 200, {"ok": True, "channel": {"id": "D1"}}
            case "files.getUploadURLExternal":
                self.announced = parse_qs(body.decode())
                return 200, {"ok": True, "upload_url": f"{self.url}/upload", "file_id": "F2"}
            case "chat.postMessage":
                self.told = {"text": [json.loads(body)["text"]]}
                return 200, {"ok": True, "channel": "D1", "ts": "1.1"}
            case _:
                self.told = parse_qs(body.decode())
                return 200, {"ok": True}


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            name = self.path.rpartition("/")[2]
            made.calls.append(name)
            if name == "upload":
                made.uploaded = body
                self.reply(made.upload_status, "text/plain", b"OK")
                return
            status, answer = made.method(name, body)
            self.reply(status, "application/json", json.dumps(answer).encode())

        def do_GET(self) -> None:
            made.calls.append("file")
            made.tokens.append(self.headers.get("Authorization"))
            self.reply(*made.page)

        def reply(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if status == 429:
                self.send_header("Retry-After", "7")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_bytes_arrive_as_they_were_with_their_fingerprint(store: Store) -> None:
    assert send(store.client, "U1", FILE, "From Ada.") == Copied("D1", sha256(CONTENT).hexdigest())
    assert store.uploaded == CONTENT
    assert store.tokens == ["Bearer xoxb-test"]
    steps = ["files.info", "file", "conversations.open", "files.getUploadURLExternal", "upload"]
    assert store.calls == [*steps, "files.completeUploadExternal"]
    assert store.told["channel_id"] == ["D1"]
    assert store.told["initial_comment"] == ["From Ada."]


def test_what_is_too_large_is_only_named(store: Store) -> None:
    store.info = {"size": LARGEST + 1}
    assert send(store.client, "U1", FILE, "From Ada.") == Posted("D1", "1.1")
    assert "proof.pdf is too large" in store.told["text"][0]
    assert "file" not in store.calls


@pytest.mark.parametrize(
    "page",
    [(200, "text/html; charset=utf-8", b"<title>Sign in"), (200, "application/pdf", b""), (404, "text/plain", b"no")],
    ids=["a page to sign in", "nothing", "gone"],
)
def test_what_is_not_the_file_is_never_sent(store: Store, page: tuple[int, str, bytes]) -> None:
    store.page = page
    assert send(store.client, "U1", FILE, "From Ada.") == Refused("file_not_readable")
    assert "upload" not in store.calls


@pytest.mark.parametrize("address", ["http://files.slack.com/x", "https://evil.example/x", "file:///etc/passwd"])
def test_the_token_goes_to_nobody_but_slack(store: Store, address: str) -> None:
    store.info = {"url_private_download": address}
    assert send(store.client, "U1", FILE, "From Ada.") == Refused("file_not_readable")
    assert store.tokens == []


def test_a_page_is_a_file_like_any_other(store: Store) -> None:
    store.info, store.page = {"mimetype": "text/html"}, (200, "text/html", CONTENT)
    assert isinstance(send(store.client, "U1", FILE, "From Ada."), Copied)


@pytest.mark.parametrize(
    ("method", "answer", "expected"),
    [
        ("files.info", (200, {"ok": False, "error": "file_not_found"}), Refused("file_not_found")),
        ("files.info", (429, {"ok": False, "error": "ratelimited"}), Limited(7.0)),
        ("files.completeUploadExternal", (500, {"ok": False, "error": "fatal_error"}), NoAnswer("fatal_error")),
    ],
)
def test_what_slack_says_no_to_goes_again_or_not(store: Store, method: str, answer: Any, expected: object) -> None:
    store.failing = {method: answer}
    assert send(store.client, "U1", FILE, "From Ada.") == expected


def test_an_upload_that_slack_could_not_take_goes_again(store: Store) -> None:
    store.upload_status = 503
    assert isinstance(send(store.client, "U1", FILE, "From Ada."), NoAnswer)


def test_a_file_made_from_the_records_goes_with_its_words(store: Store) -> None:
    made = Attached("office-hours.ics", CONTENT)
    assert upload(store.client, "U1", made, "For your calendar.") == Posted("D1", "")
    assert store.uploaded == CONTENT
    steps = ["conversations.open", "files.getUploadURLExternal", "upload", "files.completeUploadExternal"]
    assert store.calls == steps
    assert store.told["initial_comment"] == ["For your calendar."]


def test_a_picture_goes_with_words_for_who_cannot_see_it(store: Store) -> None:
    upload(store.client, "U1", Attached("grid.png", CONTENT, "A grid of 3 students."), "Who did what.")
    assert store.announced["alt_txt"] == ["A grid of 3 students."]


@pytest.mark.parametrize(("status", "expected"), [(503, NoAnswer), (400, Refused)], ids=["busy", "never"])
def test_a_file_that_slack_does_not_take_goes_again_or_not(store: Store, status: int, expected: type) -> None:
    store.upload_status = status
    assert isinstance(upload(store.client, "U1", Attached("office-hours.ics", CONTENT), "…"), expected)
