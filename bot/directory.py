"""Who people are in Slack: the services' Directory, on the Web API."""

import logging
from collections.abc import Callable, Iterator
from functools import partial
from http.client import HTTPException
from threading import Event
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from cohort.errors import UnknownZone
from cohort.times import zone
from services.desk import Account

log = logging.getLogger(__name__)

PAGE: Final = 200
# Seconds after each failure; as many tries as there are pauses.
PAUSES: Final = (1.0, 2.0, 4.0)
SLACKBOT: Final = "USLACKBOT"
NOBODY: Final = frozenset({"users_not_found", "user_not_found", "user_not_visible", "invalid_user_id"})


class SlackDirectory:
    """Asks Slack about accounts.

    Each call waits as long as Slack wants to be left alone, tries again what may work later, and raises
    ConnectionError in the end; a list goes on from the page at which it was stopped.
    """

    def __init__(self, client: WebClient, zone_otherwise: str, stopping: Event) -> None:
        self._client = client
        self._zone_otherwise = zone_otherwise
        self._stopping = stopping

    def account(self, slack_id: str) -> Account | None:
        """Return an account by its Slack id. Raises ConnectionError where Slack does not answer."""
        return self._one(lambda: self._client.users_info(user=slack_id))

    def account_by_email(self, email: str) -> Account | None:
        """Return the account with an email address. Raises ConnectionError where Slack does not answer."""
        return self._one(lambda: self._client.users_lookupByEmail(email=email))

    def accounts(self) -> Iterator[Account]:
        """Yield every account of the workspace, page by page. Raises ConnectionError as above."""
        cursor = ""
        while True:
            page = self._asked(partial(self._client.users_list, limit=PAGE, cursor=cursor))
            for user in page["members"]:
                yield self._account(user)
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return

    def _one(self, call: Callable[[], Any]) -> Account | None:
        try:
            return self._account(self._asked(call)["user"])
        except SlackApiError as error:
            if error.response.get("error") in NOBODY:
                return None
            raise ConnectionError(f"Slack answered {error.response.get('error')}") from None

    def _asked(self, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - what Slack answers
        """Call until Slack answers with yes or no."""
        for pause in PAUSES:
            try:
                return call()
            except SlackApiError as error:
                wait = _pause_after(error, pause)
            except (OSError, HTTPException):
                wait = pause
            if self._stopping.wait(wait):
                break
        raise ConnectionError("Slack does not answer")

    def _account(self, user: dict[str, Any]) -> Account:
        profile = user.get("profile") or {}
        is_person = not (user.get("is_bot") or user.get("deleted") or user["id"] == SLACKBOT)
        return Account(
            slack_id=user["id"],
            email=profile.get("email") or "",
            name=user.get("real_name") or profile.get("real_name") or user.get("name") or user["id"],
            zone=self._zone(user),
            is_person=is_person,
        )

    def _zone(self, user: dict[str, Any]) -> str:
        """Return the zone by its name; the offset that Slack also tells is wrong after the next clock change."""
        name = user.get("tz") or self._zone_otherwise
        try:
            zone(name)
        except UnknownZone:
            log.warning("unknown time zone of account %s, taken as %s", user["id"], self._zone_otherwise)
            return self._zone_otherwise
        return str(name)


def _pause_after(error: SlackApiError, pause: float) -> float:
    """Return how long to wait before the next try; raises the error itself where no try will help."""
    status = error.response.status_code
    if status == 429:
        return float(error.response.headers.get("Retry-After", pause))
    if status >= 500:
        return pause
    raise error


class NoDirectory:
    """Stands in for Slack where a command runs without it: nobody is known there."""

    def account(self, slack_id: str) -> Account | None:  # noqa: ARG002 - the Protocol's signature
        """Return nobody."""
        return None

    def account_by_email(self, email: str) -> Account | None:  # noqa: ARG002 - the Protocol's signature
        """Return nobody."""
        return None

    def accounts(self) -> Iterator[Account]:
        """Yield nobody."""
        return iter(())
