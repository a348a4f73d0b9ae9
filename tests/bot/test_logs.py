"""The log: no tokens, no payloads, one line of JSON where asked."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.logs import redact, start_logging, without_words


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Give the root logger back to pytest."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    "token",
    ["xoxb-1-2-abcDEF", "xoxp-1", "xapp-1-A0-3-f00", "xoxe.xoxb-1-abc", "XOXB-1-2"],
)
def test_every_kind_of_token_is_redacted(token: str) -> None:
    assert redact(f"Bearer {token}, and more") in {
        "Bearer [token], and more",
        "Bearer xoxe.[token], and more",
    }


@pytest.mark.parametrize("sort", ["text", "json"])
def test_tokens_are_redacted_in_messages_arguments_and_tracebacks(sort: str) -> None:
    stream = io.StringIO()
    start_logging("INFO", sort, stream)
    log = logging.getLogger("bot.test")
    try:
        int("xoxb-1-in-error")
    except ValueError:
        log.exception("xoxb-1-in-message %s", "xapp-1-in-argument")
    written = stream.getvalue()
    assert "[token]" in written
    assert "Traceback" in written
    assert "xoxb" not in written
    assert "xapp" not in written


def test_json_is_one_object_a_line() -> None:
    stream = io.StringIO()
    start_logging("INFO", "json", stream)
    logging.getLogger("bot.test").warning("two\nlines")
    line = json.loads(stream.getvalue())
    assert (line["level"], line["logger"], line["message"]) == ("WARNING", "bot.test", "two\nlines")
    assert line["at"].endswith("+00:00")


@pytest.mark.parametrize("name", ["slack_sdk.web.base_client", "slack_bolt.App", "websocket"])
def test_payloads_are_not_logged_at_any_level(name: str) -> None:
    stream = io.StringIO()
    start_logging("DEBUG", "text", stream)
    noisy = logging.getLogger(name)
    noisy.setLevel(logging.DEBUG)
    noisy.debug("what a student wrote")
    noisy.info("a session was established")
    logging.getLogger("bot.test").debug("ours")
    assert "what a student wrote" not in stream.getvalue()
    assert "a session was established" in stream.getvalue()
    assert "ours" in stream.getvalue()


def test_traceback_goes_without_words() -> None:
    try:
        dict[str, str]()["what a student wrote"]
    except KeyError as error:
        bare = without_words(error)
    assert str(bare) == "KeyError"
    assert bare.__traceback__ is not None
