"""The settings: what the environment and `.env` say about tokens, files and the log."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, SecretStr

from bot.problems import Problem, Problems

SLACK: Final = "https://slack.com/api/"
LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
FORMATS: Final = ("text", "json")
DEFAULTS: Final = {
    "SLACK_API_URL": SLACK,
    "COHORT_CONFIG": "cohort.toml",
    "COHORT_DB": "cohort.db",
    "LOG_LEVEL": "INFO",
    "LOG_FORMAT": "text",
}
# What each token starts with, what it is, and where Slack shows it.
TOKENS: Final = {
    "SLACK_BOT_TOKEN": ("xoxb-", "bot token", "“OAuth & Permissions” of your app"),
    "SLACK_APP_TOKEN": ("xapp-", "app-level token", "“Basic Information” of your app, under “App-Level Tokens”"),
}
OURS: Final = ("COHORT_", "SLACK_", "LOG_")
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class Settings(BaseModel):
    """Everything that is set outside cohort.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    bot_token: SecretStr
    app_token: SecretStr
    api_url: str
    config: Path
    database: Path
    log_level: str
    log_format: str

    @property
    def is_on_loopback(self) -> bool:
        """Whether Slack is played by a sandbox on this machine, whose clock people can move."""
        return urlsplit(self.api_url).hostname in LOOPBACK

    @property
    def has_tokens(self) -> bool:
        """Whether there is a workspace to connect to."""
        return bool(self.bot_token.get_secret_value() and self.app_token.get_secret_value())


def load(environ: Mapping[str, str], env_file: Path) -> Settings:
    """Read the settings for what works without Slack; the environment wins over the file.

    Raises Problems with everything that is wrong.
    """
    values = _values(environ, env_file)
    return _checked(values, _problems(values))


def load_for_slack(environ: Mapping[str, str], env_file: Path) -> Settings:
    """Read the settings for what needs Slack, tokens included. Raises Problems with everything that is wrong."""
    values = _values(environ, env_file)
    return _checked(values, [*_missing_tokens(values), *_problems(values)])


def where_files_are(environ: Mapping[str, str], env_file: Path) -> tuple[Path, Path]:
    """Return where the policy and the database are, however wrong the other settings may be."""
    values = _values(environ, env_file)
    return Path(values["COHORT_CONFIG"]), Path(values["COHORT_DB"])


def unknown_names(env_file: Path) -> list[Problem]:
    """Return a problem for every name in `.env` that looks like a setting and is none, with the closest that is."""
    known = [*TOKENS, *DEFAULTS]
    found = []
    for name in dotenv_values(env_file):
        close = get_close_matches(name.upper(), known, n=1, cutoff=0.75)
        if name not in known and (close or name.upper().startswith(OURS)):
            mend = f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."
            found.append(Problem(f"{env_file}: {name} is not a setting.", mend))
    return found


def _values(environ: Mapping[str, str], env_file: Path) -> dict[str, str]:
    names = [*TOKENS, *DEFAULTS]
    written = {**dotenv_values(env_file), **environ}
    return {name: (written.get(name) or DEFAULTS.get(name, "")).strip() for name in names}


def _checked(values: Mapping[str, str], problems: list[Problem]) -> Settings:
    if problems:
        raise Problems(problems)
    return Settings(
        bot_token=SecretStr(values["SLACK_BOT_TOKEN"]),
        app_token=SecretStr(values["SLACK_APP_TOKEN"]),
        api_url=values["SLACK_API_URL"].rstrip("/") + "/",
        config=Path(values["COHORT_CONFIG"]),
        database=Path(values["COHORT_DB"]),
        log_level=values["LOG_LEVEL"].upper(),
        log_format=values["LOG_FORMAT"].lower(),
    )


def _missing_tokens(values: Mapping[str, str]) -> list[Problem]:
    return [
        Problem(f"{name} is not set.", f"Put the {what} ({start}…) into .env; Slack shows it under {where}.")
        for name, (start, what, where) in TOKENS.items()
        if not values[name]
    ]


def _problems(values: Mapping[str, str]) -> list[Problem]:
    checks = (_wrong_tokens(values), _wrong_url(values["SLACK_API_URL"]), _wrong_choices(values))
    return [problem for found in checks for problem in found]


def _wrong_tokens(values: Mapping[str, str]) -> list[Problem]:
    return [
        Problem(
            f"{name} is not {_a(what)}: it should start with {start}.",
            f"Slack shows the {what} under {where}.",
        )
        for name, (start, what, where) in TOKENS.items()
        if values[name] and not values[name].startswith(start)
    ]


def _wrong_url(url: str) -> list[Problem]:
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return []
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        return []
    return [
        Problem(
            "SLACK_API_URL is not an https address (plain http only for 127.0.0.1).",
            f"Leave it out for Slack itself, {SLACK}.",
        )
    ]


def _wrong_choices(values: Mapping[str, str]) -> list[Problem]:
    choices = {"LOG_LEVEL": LEVELS, "LOG_FORMAT": FORMATS}
    return [
        Problem(f"{name} is “{values[name]}”.", f"Use one of {', '.join(allowed)}.")
        for name, allowed in choices.items()
        if values[name].casefold() not in {choice.casefold() for choice in allowed}
    ]


def _a(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"
