"""Starting and stopping in this process: what refuses a start, and what a stop waits for."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random

import pytest

from bot.clock import SetClock, SystemClock, ticks
from bot.policy import load_policy
from bot.problems import Problems
from bot.running import Bot
from bot.settings import load_for_slack
from bot.wiring import assemble
from sandbox.client import Admin
from sandbox.server import Sandbox
from tests.bot.conftest import NOON, a_letter, queue, states
from tests.bot.test_processes import ROOT, sandbox, wide_awake

__all__ = ["sandbox"]


@pytest.fixture
def environ(sandbox: Sandbox, tmp_path: Path) -> dict[str, str]:
    (tmp_path / "cohort.toml").write_text(wide_awake((ROOT / "cohort.example.toml").read_text()))
    places = {"COHORT_CONFIG": str(tmp_path / "cohort.toml"), "COHORT_DB": str(tmp_path / "cohort.db")}
    return {**sandbox.environment, **places}


def a_bot(environ: dict[str, str], folder: Path) -> Bot:
    settings = load_for_slack(environ, folder / ".env")
    return Bot(assemble(settings, load_policy(settings.config), SystemClock()))


def start_and_stop(environ: dict[str, str], folder: Path) -> None:
    bot = a_bot(environ, folder)
    try:
        bot.start()
    finally:
        bot.stop()


def spares_the_first_of_two(seed: int) -> bool:
    """Say whether a fault that comes every other time comes the second time only."""
    chance = Random(seed)
    return chance.random() >= 0.5 > chance.random()


@pytest.fixture
def bot(environ: dict[str, str], tmp_path: Path) -> Iterator[Bot]:
    bot = a_bot(environ, tmp_path)
    bot.start()
    yield bot
    bot.stop()


def test_a_start_puts_the_organizers_of_the_policy_on_the_roster(bot: Bot) -> None:
    with bot.parts.desk.store.reading() as records:
        orla = records.roster.by_email("orla@example.org")
        heartbeat = records.jobs.heartbeat()
    assert orla is not None
    assert orla.role.value == "organizer"
    assert heartbeat is not None
    assert heartbeat.is_connected


def test_an_app_token_that_slack_does_not_know_stops_the_start(environ: dict[str, str], tmp_path: Path) -> None:
    bot = a_bot({**environ, "SLACK_APP_TOKEN": "xapp-unknown"}, tmp_path)
    with pytest.raises(Problems, match="does not accept SLACK_APP_TOKEN"):
        bot.start()
    bot.stop()


def test_a_bot_token_that_slack_does_not_know_stops_the_start(environ: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(Problems, match="does not accept SLACK_BOT_TOKEN"):
        a_bot({**environ, "SLACK_BOT_TOKEN": "xoxb-unknown"}, tmp_path)


@pytest.mark.parametrize(
    ("method", "sort"),
    [
        ("auth.test", "error"),
        ("auth.test", "429"),
        ("auth.test", "500"),
        ("apps.connections.open", "error"),
        ("apps.connections.open", "500"),
    ],
)
def test_a_start_that_slack_has_no_answer_for_just_now_blames_no_token(
    environ: dict[str, str], sandbox: Sandbox, tmp_path: Path, method: str, sort: str
) -> None:
    Admin(sandbox.url).fault(method, sort)
    with pytest.raises(Problems, match=r"can't be reached|no answer just now") as told:
        start_and_stop(environ, tmp_path)
    assert "TOKEN" not in str(told.value)


@pytest.mark.parametrize("sort", ["error", "429", "500", "drop_before"])
def test_a_start_that_slack_does_not_answer_the_second_time_ends_with_a_sentence(
    environ: dict[str, str], sandbox: Sandbox, tmp_path: Path, sort: str
) -> None:
    admin = Admin(sandbox.url)
    admin.clear_faults(next(seed for seed in count() if spares_the_first_of_two(seed)))
    admin.fault("auth.test", sort, probability=0.5)
    with pytest.raises(Problems, match="can't be reached"):
        start_and_stop(environ, tmp_path)
    assert len(admin.calls("auth.test")) == 2


def test_slack_that_goes_away_during_the_start_stops_it(
    environ: dict[str, str], sandbox: Sandbox, tmp_path: Path
) -> None:
    bot = a_bot(environ, tmp_path)
    Admin(sandbox.url).fault("apps.connections.open", "drop_before")
    with pytest.raises(Problems, match="can't be reached"):
        bot.start()
    bot.stop()


def test_the_connection_comes_back_after_slack_was_away(bot: Bot, sandbox: Sandbox) -> None:
    admin = Admin(sandbox.url)
    admin.disconnect()
    admin.wait_connected()
    assert bot.parts.gate.wait_for_hello(10)


def test_a_stop_gives_up_in_the_time_it_has_and_says_so(bot: Bot, sandbox: Sandbox) -> None:
    Admin(sandbox.url).fault("chat.postMessage", "latency", seconds=3)
    # Nothing else goes to this channel, so that the letter waits for none before it.
    queue(bot.parts.desk, a_letter("channel:announcements", "hello", now=SystemClock().now()))
    ends_at = ticks() + 10
    while not states(bot.parts.desk).get("sending"):
        assert ticks() < ends_at
    began = ticks()
    assert not bot.stop(0.5)
    assert ticks() - began < 3


def test_a_clock_that_is_set_goes_on_from_there() -> None:
    clock = SetClock(NOON)
    first = clock.now()
    assert NOON <= first <= clock.now()
    assert first.microsecond % 1000 == 0
