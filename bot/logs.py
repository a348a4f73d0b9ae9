"""The log: text or JSON on stderr, without tokens and without what anyone wrote."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import TextIO

TOKEN = re.compile(r"\bx(?:ox[a-z]?|app)-[\w.%-]+", re.IGNORECASE)
TEXT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
# At DEBUG these log whole payloads, and with them what students write.
PAYLOAD_LOGGERS = ("slack_sdk", "slack_bolt", "websocket", "urllib3")
# Their INFO is about each wake-up, which says nothing.
CHATTY_LOGGERS = ("apscheduler",)


def redact(text: str) -> str:
    """Return text with everything that looks like a Slack token taken out."""
    return TOKEN.sub("[token]", text)


class TextFormatter(logging.Formatter):
    """One line a record, and the traceback below it; times in UTC."""

    def __init__(self) -> None:
        super().__init__(TEXT)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 - logging's own signature
        """Return when the record was made."""
        return _made_at(record)

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text, tokens redacted."""
        return redact(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON, tokens redacted."""
        line = {
            "at": _made_at(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return redact(json.dumps(line, ensure_ascii=False))


class NoPayloads(logging.Filter):
    """Keeps out what Slack's libraries log below INFO, whatever the level: it holds people's words."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a record may be written."""
        return record.levelno >= logging.INFO or not record.name.startswith(PAYLOAD_LOGGERS)


def start_logging(level: str, sort: str, stream: TextIO | None = None) -> None:
    """Log at a level (DEBUG, INFO, ...) as `text` or `json` to stderr, in place of any handler set before."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if sort == "json" else TextFormatter())
    handler.addFilter(NoPayloads())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    wanted = logging.getLevelName(level)
    for name in PAYLOAD_LOGGERS:
        logging.getLogger(name).setLevel(max(wanted, logging.INFO))
    for name in CHATTY_LOGGERS:
        logging.getLogger(name).setLevel(max(wanted, logging.WARNING))


def leave_out_slack() -> None:
    """Keep out what Slack's library says about failed calls: a command at a terminal says it in its own words."""
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)


def _made_at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def without_words(error: BaseException) -> Exception:
    """Return an error for a traceback with its message cut to its type: messages may quote what people wrote."""
    return Exception(type(error).__name__).with_traceback(error.__traceback__)
