"""Keeps the Homes that people have opened as they stand: published again after what they do, one by one, in time."""

import json
import logging
from collections.abc import Callable
from hashlib import sha256
from threading import Lock, Timer
from time import monotonic
from typing import Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from handlers.views.blocks import View

log = logging.getLogger(__name__)

Later = Callable[[Callable[[], None]], object]
# Slack takes a hundred a minute from one workspace: twenty at once, and then one in so many seconds.
AT_ONCE: Final = 20
SECONDS_EACH: Final = 0.75
BURST_SECONDS: Final = (AT_ONCE - 1) * SECONDS_EACH
HELD_SECONDS: Final = 30.0


class Homes:
    """The Homes that are open somewhere, by Slack id, and those of them that wait to be published again.

    Nobody waits more than once, and nobody is here who never opened Home since the process began. `make` returns
    Home as it is now, None for someone who has none.
    """

    def __init__(self, make: Callable[[str], View | None], slack: WebClient, later: Later) -> None:
        self._make = make
        self._slack = slack
        self._later = later
        self._guard = Lock()
        self._shown: dict[str, str] = {}
        self._changed: set[str] = set()
        self._waiting: dict[str, None] = {}
        self._is_working = False
        self._free_at = 0.0

    def opened(self, slack_id: str, view: View) -> None:
        """Note what was published for someone who opened Home, and look once more whether it still is so."""
        with self._guard:
            self._shown[slack_id] = _mark(view)
            self._take()
        self.renew(slack_id)

    def pressed(self, slack_id: str) -> None:
        """Publish the Home again of someone who pressed something in it."""
        with self._guard:
            self._shown.setdefault(slack_id, "")
        self.renew(slack_id)

    def changed(self, slack_id: str) -> None:
        """Note that what someone did changed something: their Home is to be published once they are answered."""
        with self._guard:
            if slack_id in self._shown:
                self._changed.add(slack_id)

    def renew_changed(self, slack_id: str) -> None:
        """Let the Home be published again of someone who was answered, if anything was changed."""
        with self._guard:
            is_changed = slack_id in self._changed
        if is_changed:
            self.renew(slack_id)

    def renew(self, slack_id: str) -> None:
        """Let someone's Home be published again soon, if they have opened it; never raises and never waits."""
        with self._guard:
            if slack_id not in self._shown:
                return
            self._changed.discard(slack_id)
            self._waiting[slack_id] = None
            if self._is_working:
                return
            self._is_working = True
        self._go_on()

    def _go_on(self) -> None:
        try:
            self._later(self._work)
        except RuntimeError:
            # The pool takes nothing any more: the process ends, and Home is published when it is opened next.
            with self._guard:
                self._is_working = False

    def _work(self) -> None:
        """Publish for whoever waits the longest, then go on with the next in time."""
        with self._guard:
            slack_id = next(iter(self._waiting), None)
            seconds = self._seconds_left()
            if slack_id is None:
                self._is_working = False
                return
            if seconds <= 0:
                del self._waiting[slack_id]
        if seconds > 0:
            timer = Timer(seconds, self._go_on)
            timer.daemon = True
            timer.start()
            return
        self._publish(slack_id)
        self._go_on()

    def _publish(self, slack_id: str) -> None:
        try:
            view = self._make(slack_id)
            if view is None or self._shown.get(slack_id) == _mark(view):
                return
            with self._guard:
                self._take()
            self._slack.views_publish(user_id=slack_id, view=view)
            with self._guard:
                self._shown[slack_id] = _mark(view)
        except SlackApiError as error:
            self._refused(slack_id, error)
        except (SlackClientError, OSError) as error:
            log.warning("could not publish the Home of %s again: %s", slack_id, type(error).__name__)
        except Exception as error:  # noqa: BLE001 - whatever breaks one Home must not end the work on the others
            log.warning("could not make the Home of %s again: %s", slack_id, type(error).__name__)

    def _refused(self, slack_id: str, error: SlackApiError) -> None:
        """Try again later where Slack has had enough; else leave it, until it is opened next."""
        code = error.response.get("error")
        log.warning("could not publish the Home of %s again: %s", slack_id, code)
        if code == "ratelimited":
            with self._guard:
                self._waiting[slack_id] = None
                self._free_at = monotonic() + _retry_after(error) + BURST_SECONDS

    def _take(self) -> None:
        self._free_at = max(self._free_at, monotonic()) + SECONDS_EACH

    def _seconds_left(self) -> float:
        return self._free_at - BURST_SECONDS - monotonic()


def _mark(view: View) -> str:
    """Return something short that is another for another view."""
    return sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()


def _retry_after(error: SlackApiError) -> float:
    seconds = str(error.response.headers.get("Retry-After", ""))
    return float(seconds) if seconds.isdecimal() else HELD_SECONDS
