"""Settings from the environment and .env: everything wrong at once, and never a token in what is said."""

from pathlib import Path

import pytest

from bot.problems import Problems
from bot.settings import DEFAULTS, TOKENS, load, load_for_slack

EXAMPLE = Path(__file__).parents[2] / ".env.example"
GOOD = {"SLACK_BOT_TOKEN": "xoxb-1-secretbot", "SLACK_APP_TOKEN": "xapp-1-secretapp"}


def env_file(folder: Path, text: str = "") -> Path:
    file = folder / ".env"
    file.write_text(text, encoding="utf-8")
    return file


def test_defaults_hold_where_nothing_is_said(tmp_path: Path) -> None:
    settings = load({}, tmp_path / ".env")
    assert not settings.has_tokens
    assert settings.api_url == "https://slack.com/api/"
    assert (settings.config, settings.database) == (Path("cohort.toml"), Path("cohort.db"))
    assert (settings.log_level, settings.log_format) == ("INFO", "text")


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = env_file(tmp_path, "COHORT_DB=from-file.db\nLOG_LEVEL=debug\n")
    settings = load({"COHORT_DB": "from-environment.db"}, file)
    assert settings.database == Path("from-environment.db")
    assert settings.log_level == "DEBUG"


def test_every_problem_is_told_at_once_and_no_token_is_shown(tmp_path: Path) -> None:
    wrong = {
        "SLACK_BOT_TOKEN": "xoxp-secret",
        "SLACK_API_URL": "http://slack.com/api/",
        "LOG_LEVEL": "loud",
        "LOG_FORMAT": "xml",
    }
    with pytest.raises(Problems) as told:
        load_for_slack(wrong, tmp_path / ".env")
    said = str(told.value)
    assert len(told.value.problems) == 5
    assert all(
        name in said for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL", "LOG_LEVEL", "LOG_FORMAT")
    )
    assert "secret" not in said + repr(told.value)


def test_tokens_that_were_swapped_are_told(tmp_path: Path) -> None:
    swapped = {"SLACK_BOT_TOKEN": GOOD["SLACK_APP_TOKEN"], "SLACK_APP_TOKEN": GOOD["SLACK_BOT_TOKEN"]}
    with pytest.raises(Problems) as told:
        load(swapped, tmp_path / ".env")
    assert [str(problem).split(":")[0] for problem in told.value.problems] == [
        "SLACK_BOT_TOKEN is not a bot token",
        "SLACK_APP_TOKEN is not an app-level token",
    ]


def test_tokens_are_never_shown_by_the_settings(tmp_path: Path) -> None:
    settings = load_for_slack(GOOD, tmp_path / ".env")
    assert settings.has_tokens
    assert "secret" not in f"{settings} {settings!r} {settings.model_dump_json()}"


def test_a_loopback_address_may_be_plain_http(tmp_path: Path) -> None:
    settings = load({"SLACK_API_URL": "http://127.0.0.1:8790/api"}, tmp_path / ".env")
    assert settings.api_url == "http://127.0.0.1:8790/api/"


@pytest.mark.parametrize("name", [*TOKENS, *DEFAULTS])
def test_example_explains_every_setting(name: str) -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    (at,) = (number for number, line in enumerate(lines) if line.removeprefix("# ").startswith(f"{name}="))
    assert lines[at].removeprefix("# ") == f"{name}={DEFAULTS.get(name, '')}"
    assert lines[at - 1].startswith("# ")
