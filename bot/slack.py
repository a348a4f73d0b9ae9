"""Slack as the bot reaches it: clients without hidden retries, and whose bot this is."""

import logging
import re
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.posting import LIMITED, TRANSIENT, UNCERTAIN, error_code
from bot.problems import Problems, one
from bot.settings import Settings

log = logging.getLogger(__name__)

# Long enough for a slow Slack, short enough to end within the time a stop may take.
CALL_SECONDS: Final = 8
_SCOPES_HEADER: Final = "x-oauth-scopes"


@dataclass(frozen=True, slots=True)
class Self:
    """Who the bot is in Slack, and what it may do."""

    team_id: str
    team: str
    app_id: str
    user_id: str
    scopes: frozenset[str]


def bot_client(settings: Settings) -> WebClient:
    """Return a client with the bot token. It never repeats a call by itself: that would post things twice."""
    return _client(settings.api_url, settings.bot_token.get_secret_value())


def app_client(settings: Settings) -> WebClient:
    """Return a client with the app-level token."""
    return _client(settings.api_url, settings.app_token.get_secret_value())


def who_am_i(client: WebClient) -> Self:
    """Ask Slack whose bot this is. Raises Problems where it does not answer or does not know the token."""
    me = _asked(client, "auth.test")
    app = _asked(client, "bots.info", bot=me["bot_id"])["bot"]
    granted = str(me.headers.get(_SCOPES_HEADER, ""))
    scopes = frozenset(filter(None, re.split(r"[\s,]+", granted)))
    return Self(me["team_id"], me.get("team", ""), app["app_id"], me["user_id"], scopes)


def unreachable(client: WebClient) -> Problems:
    """Return what to say when Slack does not answer at all."""
    return one(
        f"Slack can't be reached at {client.base_url}.",
        "Check the network and SLACK_API_URL; nothing was changed.",
    )


def refused(error: SlackApiError, client: WebClient, token: str, mend: str) -> Problems:
    """Return what to say when Slack refused a call: that it is the token's fault only where it is."""
    code = error_code(error.response)
    if error.response.status_code >= 500 or not code:
        return unreachable(client)
    if code in TRANSIENT | UNCERTAIN | LIMITED:
        return one(f"Slack has no answer just now ({code}).", "Start again in a minute; nothing was changed.")
    return one(f"Slack does not accept {token} ({code}).", mend)


def _asked(client: WebClient, method: str, **arguments: str) -> Any:  # noqa: ANN401 - what Slack answers
    try:
        return client.api_call(method, params=arguments)
    except SlackApiError as error:
        raise _refused(client, method, error) from None
    except (OSError, HTTPException):
        raise unreachable(client) from None


def _refused(client: WebClient, method: str, error: SlackApiError) -> Problems:
    if error_code(error.response) == "missing_scope":
        return one(f"The bot may not call {method}.", "Install the app again with the scopes of app.yaml.")
    mend = "Copy the bot token again from “OAuth & Permissions” of your app."
    return refused(error, client, "SLACK_BOT_TOKEN", mend)


def _client(api_url: str, token: str) -> WebClient:
    return WebClient(
        token=token,
        base_url=api_url,
        timeout=CALL_SECONDS,
        retry_handlers=[],
        logger=logging.getLogger("slack_sdk.web"),
    )
