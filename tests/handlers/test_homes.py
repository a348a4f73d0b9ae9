"""Homes that are kept as they stand: published once for many changes, in time, and only to whoever opened them."""

from collections import Counter
from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from handlers.homes import AT_ONCE, SECONDS_EACH, Homes
from handlers.views.blocks import View


class Slack(WebClient):
    """A Slack that notes what is published, and has had enough as often as it is told."""

    def __init__(self) -> None:
        super().__init__(token="xoxb-none")
        self.published: list[str] = []
        self.refusals: list[str] = []

    def views_publish(self, **given: Any) -> SlackResponse:
        if self.refusals:
            answer = self._answer({"ok": False, "error": self.refusals.pop()})
            raise SlackApiError("refused", answer)  # type: ignore[no-untyped-call] # slack_sdk leaves it untyped
        self.published.append(given["user_id"])
        return self._answer({"ok": True})

    def _answer(self, data: dict[str, Any]) -> SlackResponse:
        headers = {"Retry-After": "1"}
        return SlackResponse(
            client=self, http_verb="POST", api_url="", req_args={}, data=data, headers=headers, status_code=200
        )


class Bench:
    """Homes whose work is done when it is asked for; `state` is what stands on each."""

    def __init__(self) -> None:
        self.slack, self.state = Slack(), Counter[str]()
        self.jobs: list[Callable[[], None]] = []
        self.came = Event()
        self.homes = Homes(self._make, self.slack, self._later)

    def _make(self, slack_id: str) -> View | None:
        if slack_id == "UGONE":
            return None
        if slack_id == "UBROKEN":
            raise ValueError("words of a student")
        return {"type": "home", "blocks": [self.state[slack_id]]}

    def _later(self, work: Callable[[], None]) -> None:
        self.jobs.append(work)
        self.came.set()

    def open(self, *slack_ids: str) -> None:
        for slack_id in slack_ids:
            view = self._make(slack_id) if slack_id not in {"UGONE", "UBROKEN"} else {}
            assert view is not None
            self.homes.opened(slack_id, view)
        self.work()

    def work(self) -> None:
        while self.jobs:
            self.jobs.pop(0)()

    def wait_for(self, count: int) -> None:
        """Do what is to be done until so many are published."""
        ends_at = monotonic() + 5
        while len(self.slack.published) < count:
            assert self.came.wait(max(0.0, ends_at - monotonic()))
            self.came.clear()
            self.work()

    def change(self, slack_id: str) -> None:
        self.state[slack_id] += 1
        self.homes.changed(slack_id)
        self.homes.renew_changed(slack_id)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_many_changes_of_one_person_are_published_once(bench: Bench) -> None:
    bench.open("UADA")
    for _ in range(50):
        bench.change("UADA")
    assert len(bench.jobs) == 1
    bench.work()
    assert bench.slack.published == ["UADA"]


def test_nobody_who_never_opened_home_gets_one(bench: Bench) -> None:
    bench.open("UADA")
    bench.change("UBO")
    bench.homes.renew("UBO")
    bench.work()
    assert bench.slack.published == []


def test_what_changed_nothing_publishes_nothing(bench: Bench) -> None:
    bench.open("UADA")
    bench.homes.renew_changed("UADA")
    assert bench.jobs == []
    bench.homes.renew("UADA")
    bench.work()
    assert bench.slack.published == []


def test_a_press_in_home_publishes_it_also_after_a_restart(bench: Bench) -> None:
    bench.homes.pressed("UADA")
    bench.work()
    assert bench.slack.published == ["UADA"]


def test_a_change_while_home_is_opened_is_published_after_it(bench: Bench) -> None:
    old = {"type": "home", "blocks": [0]}
    bench.state["UADA"] = 1
    bench.homes.opened("UADA", old)
    bench.work()
    assert bench.slack.published == ["UADA"]


def test_a_crowd_is_published_at_the_rate_that_slack_takes(bench: Bench) -> None:
    people = [f"U{n}" for n in range(AT_ONCE - 3)]
    bench.open(*people)
    for slack_id in people:
        bench.change(slack_id)
    began = monotonic()
    bench.work()
    # Opening counts, too: three more go at once, and the next waits for its turn.
    assert len(bench.slack.published) == 3
    bench.wait_for(4)
    assert monotonic() - began > SECONDS_EACH / 2


def test_who_left_or_can_not_be_shown_stops_nobody_else(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.open("UGONE", "UBROKEN", "UADA")
    bench.slack.refusals = ["user_not_found"]
    for slack_id in ("UGONE", "UBROKEN", "UADA"):
        bench.change(slack_id)
    bench.work()
    assert bench.slack.published == []
    bench.change("UADA")
    bench.work()
    assert bench.slack.published == ["UADA"]
    assert "UBROKEN" in caplog.text
    assert "words of a student" not in caplog.text


def test_when_slack_has_had_enough_it_is_tried_again_after_a_while(bench: Bench) -> None:
    bench.open("UADA")
    bench.slack.refusals = ["ratelimited"]
    bench.change("UADA")
    bench.work()
    assert bench.slack.published == []
    bench.wait_for(1)
    assert bench.slack.published == ["UADA"]


def test_when_the_pool_takes_nothing_any_more_nothing_breaks(bench: Bench) -> None:
    bench.open("UADA")

    def closed(work: Callable[[], None]) -> None:
        del work
        raise RuntimeError("cannot schedule new futures after shutdown")

    homes = Homes(bench._make, bench.slack, closed)
    homes.pressed("UADA")
    assert bench.slack.published == []
