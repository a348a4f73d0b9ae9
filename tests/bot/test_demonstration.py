"""A demonstration's clock: moved in the sandbox, followed by the bot, and nowhere else."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import MovedClock, SystemClock
from bot.demonstration import SandboxTime, clock_for
from bot.running import Bot
from bot.settings import Settings, load_for_slack
from bot.wiring import assemble
from cohort.policy import Policy
from cohort.roster import Member, Role
from sandbox.server import Sandbox, running
from storage.outbox import Letter
from tests.sandbox.small_world import PEOPLE

ROOT = Path(__file__).parents[2]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(PEOPLE, ROOT / "app.yaml") as started:
        yield started


@pytest.fixture
def settings(sandbox: Sandbox, tmp_path: Path) -> Settings:
    return load_for_slack({**sandbox.environment, "COHORT_DB": str(tmp_path / "demo.db")}, tmp_path / ".env")


@pytest.fixture
def bot(settings: Settings, policy: Policy) -> Iterator[Bot]:
    started = Bot(assemble(settings, policy, clock_for(settings)))
    started.start()
    yield started
    started.stop()


def until(time: SandboxTime, holds: Callable[[dict[str, object]], bool]) -> dict[str, object]:
    """Ask the sandbox's clock until something holds of what it shows."""
    shown = time._call("GET")
    while shown is not None and not holds(shown):
        shown = time._call("GET", f"?follow={shown['turn']}&wait=0.2")
    assert shown is not None
    return shown


def test_in_production_the_clock_is_the_systems(settings: Settings) -> None:
    elsewhere = settings.model_copy(update={"api_url": "https://slack.com/api/"})
    assert isinstance(clock_for(elsewhere), SystemClock)
    assert isinstance(clock_for(settings), MovedClock)


def test_a_stand_in_for_slack_that_has_no_clock_is_left_alone(settings: Settings) -> None:
    nobody = settings.model_copy(update={"api_url": "http://127.0.0.1:9/api/"})
    assert isinstance(clock_for(nobody), SystemClock)


def test_jobs_run_at_their_own_times_while_the_clock_moves(bot: Bot, sandbox: Sandbox) -> None:
    time = SandboxTime(sandbox.api_url)
    before = bot.parts.clock.now()
    until(time, lambda shown: bool(shown["is_followed"]))
    time._call("POST", body={"do": "move", "to": "tomorrow", "who": "ada"})
    until(time, lambda shown: shown["wanted"] is None and float(str(shown["ahead"])) > 0)
    now = bot.parts.clock.now()
    assert (now.astimezone(bot.parts.desk.policy.programme.tz).hour, now > before) == (9, True)
    with bot.parts.desk.store.reading() as records:
        hourly = records.connection.execute(
            "SELECT count(*) FROM job_runs WHERE job = 'climb-ladder' AND due_at > ?", (before.isoformat(),)
        ).fetchone()[0]
    assert hourly >= int((now - before) / timedelta(minutes=30)) - 1


@pytest.mark.usefixtures("bot")
def test_a_bot_that_starts_again_lives_where_the_sandbox_is(settings: Settings, sandbox: Sandbox) -> None:
    time = SandboxTime(sandbox.api_url)
    until(time, lambda shown: bool(shown["is_followed"]))
    time._call("POST", body={"do": "move", "to": "hour", "who": "ada"})
    until(time, lambda shown: shown["wanted"] is None and float(str(shown["ahead"])) > 0)
    again = clock_for(settings)
    assert isinstance(again, MovedClock)
    assert again.ahead == pytest.approx(timedelta(hours=1), abs=timedelta(seconds=1))


def test_the_clock_never_goes_back() -> None:
    clock = MovedClock(timedelta(hours=2))
    clock.move_on(timedelta(hours=1))
    assert clock.ahead == timedelta(hours=2)


def test_a_stop_in_the_midst_of_a_week_waits_for_what_is_being_done(bot: Bot, sandbox: Sandbox) -> None:
    time = SandboxTime(sandbox.api_url)
    until(time, lambda shown: bool(shown["is_followed"]))
    time._call("POST", body={"do": "move", "to": "week", "who": "ada"})
    until(time, lambda shown: float(str(shown["ahead"])) > 0)
    assert bot.stop()
    shown = time._call("GET")
    assert shown is not None
    assert shown["wanted"] is not None


def test_a_mistake_on_the_way_is_logged_and_the_clock_is_followed_on(
    bot: Bot, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    time, mistakes = SandboxTime(sandbox.api_url), iter([LookupError("a student's words")])

    def mistaken(_: datetime) -> None:
        for mistake in mistakes:
            raise mistake

    until(time, lambda shown: bool(shown["is_followed"]))
    assert bot.parts.demonstration is not None
    bot.parts.demonstration.others = mistaken
    time._call("POST", body={"do": "move", "to": "hour", "who": "ada"})
    until(time, lambda shown: shown["wanted"] is None and float(str(shown["ahead"])) > 0)
    assert next(mistakes, None) is None
    assert "following the clock failed" in caplog.text
    assert "words" not in caplog.text


def where_it_is_ten() -> str:
    """Return a zone in which it is ten in the morning, so that somebody there is awake whenever a test runs."""
    ahead = 10 - datetime.now(UTC).hour
    ahead += 24 if ahead < -12 else 0
    return f"Etc/GMT{-ahead:+d}"


def test_no_message_is_stamped_before_its_time(bot: Bot, sandbox: Sandbox) -> None:
    time, desk, workspace = SandboxTime(sandbox.api_url), bot.parts.desk, sandbox.workspace
    ada = workspace.find_user("ada")
    due_at = bot.parts.clock.now() + timedelta(minutes=70)
    facts = {"job": "nightly", "problem": "failed", "error": "", "at": due_at.isoformat()}
    with desk.store.transaction() as records:
        records.roster.save(Member("mem_ada", ada.email, "Ada", Role.ORGANIZER, where_it_is_ten(), slack_id=ada.id))
        records.outbox.add(Letter("scheduler.problem", "member:mem_ada", facts, "one", due_at, due_at))
    until(time, lambda shown: bool(shown["is_followed"]))
    time._call("POST", body={"do": "move", "to": "tomorrow", "who": "ada"})
    until(time, lambda shown: shown["wanted"] is None and float(str(shown["ahead"])) > 0)
    [message] = [each for each in workspace.visible(ada.id, None, 50) if "nightly" in each.text]
    assert timedelta(0) <= datetime.fromtimestamp(float(message.ts), UTC) - due_at < timedelta(minutes=16)
