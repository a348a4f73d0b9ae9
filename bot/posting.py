"""One call that posts or updates a message, and what its answer means for the message."""

import errno
import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final, TypeVar
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from handlers.views.blocks import Rendered
from services.messages import Address, Channel, Direct, Standing, Together

T = TypeVar("T")

# Slack says by these that it did nothing and that it may work later; by the others that it may have done part.
TRANSIENT: Final = frozenset({"service_unavailable", "request_timeout", "team_added_to_org"})
UNCERTAIN: Final = frozenset({"internal_error", "fatal_error"})
LIMITED: Final = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
# These are about the app as a whole, never about one message.
OF_THE_APP: Final = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "missing_scope",
        "no_permission",
        "org_login_required",
        "accesslimited",
        "team_access_not_granted",
        "ekm_access_denied",
    }
)
# An update of a message that nobody can see any more has nothing left to do.
GONE: Final = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_archived"}
)
NEVER_LEFT: Final = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)
NO_WAY_THERE: Final = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN})
_CODE: Final = re.compile(r"[a-z_]+")


@dataclass(frozen=True, slots=True)
class Posted:
    """Slack has it, and it stands there."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Limited:
    """Slack did nothing and wants to be left alone for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class NotDone:
    """Slack surely did nothing, and it may work later."""

    why: str


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Nobody knows whether Slack did it."""

    why: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The message to be updated is not there any more."""

    error: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack will never take this message."""

    error: str


@dataclass(frozen=True, slots=True)
class ShutOut:
    """Slack does not let this app do anything of the kind."""

    error: str


Answer = Posted | Limited | NotDone | NoAnswer | Gone | Refused | ShutOut


def send(client: WebClient, address: Address, message: Rendered) -> Answer:
    """Post a message, or update the one that stands. Never raises for anything Slack or the network does."""
    match address:
        case Direct(slack_id):
            return _call(lambda: client.chat_postMessage(channel=slack_id, **_shown(message)), frozenset())
        case Together(slack_ids):
            return _call(lambda: _post_together(client, slack_ids, message), frozenset())
        case Channel(name):
            return _call(lambda: client.chat_postMessage(channel=name, **_shown(message)), frozenset())
        case Standing(channel, ts):
            return _call(
                lambda: client.chat_update(channel=channel, ts=ts, text=message.text, blocks=message.blocks),
                GONE,
            )


def _post_together(client: WebClient, slack_ids: tuple[str, ...], message: Rendered) -> SlackResponse:
    """Post into the conversation of several accounts with the bot; opening it again finds the same one."""
    opened: dict[str, Any] = client.conversations_open(users=",".join(slack_ids))["channel"]
    return client.chat_postMessage(channel=str(opened["id"]), **_shown(message))


def error_code(response: SlackResponse) -> str:
    """Return Slack's code; empty for anything else, such as the page of a proxy."""
    code = response.data.get("error", "") if isinstance(response.data, dict) else ""
    return code if _CODE.fullmatch(str(code)) else ""


def _shown(message: Rendered) -> dict[str, Any]:
    return {
        "text": message.text,
        "blocks": message.blocks,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _call(call: Callable[[], SlackResponse], gone: frozenset[str]) -> Answer:
    return attempt(lambda: _posted(call()), gone)


def _posted(response: SlackResponse) -> Posted:
    return Posted(str(response["channel"]), str(response["ts"]))


def attempt(call: Callable[[], T], gone: frozenset[str] = frozenset()) -> T | Answer:
    """Make one or several calls, and say what it means where one of them fails. Raises nothing of Slack's."""
    try:
        return call()
    except SlackApiError as error:
        return _meaning(error.response, gone)
    except URLError as error:
        return _unreached(error)
    except (OSError, HTTPException) as error:
        return NoAnswer(type(error).__name__)


def _meaning(response: SlackResponse, gone: frozenset[str]) -> Answer:
    """Return what an answer other than yes means."""
    error = error_code(response)
    if response.status_code == 429 or error in LIMITED:
        return Limited(_retry_after(response))
    if response.status_code >= 500 or not error or error in UNCERTAIN:
        return NoAnswer(error or f"status {response.status_code}")
    return _meaning_of(error, gone)


def _meaning_of(error: str, gone: frozenset[str]) -> Answer:
    if error in TRANSIENT:
        return NotDone(error)
    if error in OF_THE_APP:
        return ShutOut(error)
    return Gone(error) if error in gone else Refused(error)


def _retry_after(response: SlackResponse) -> float:
    written = str(response.headers.get("Retry-After", ""))
    return float(written) if written.replace(".", "", 1).isdigit() else 1.0


def _unreached(error: URLError) -> NotDone | NoAnswer:
    """Tell a call that never left from one that was cut off on its way."""
    reason = error.reason
    if isinstance(reason, NEVER_LEFT) or getattr(reason, "errno", None) in NO_WAY_THERE:
        return NotDone(type(reason).__name__)
    return NoAnswer(type(reason).__name__)
