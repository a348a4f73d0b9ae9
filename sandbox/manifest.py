"""Reads a Slack app manifest and answers what the installed app may do and gets told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

EVENT_SCOPES = {
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "team_join": "users:read",
    "user_change": "users:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "app_home_opened": None,
}


class ManifestError(Exception):
    """Slack would not accept this manifest; the text lists every problem."""


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command the app has registered."""

    name: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an app is allowed, and what Slack sends it."""

    name: str
    bot_name: str
    commands: Mapping[str, Command]
    scopes: frozenset[str]
    events: frozenset[str]
    socket_mode: bool
    interactivity: bool
    home_tab: bool
    messages_tab: bool
    messages_tab_read_only: bool
    description: str = ""
    long_description: str = ""
    shortcuts: Mapping[str, str] = field(default_factory=dict)


def load_manifest(path: Path) -> Manifest:
    """Read `app.yaml`; raises ManifestError with every problem Slack would report."""
    return read_manifest(yaml.safe_load(path.read_text(encoding="utf-8")))


def read_manifest(content: Mapping[str, Any]) -> Manifest:
    """Turn a parsed manifest into what the sandbox asks of it; raises ManifestError."""
    features, settings = content.get("features", {}), content.get("settings", {})
    home = features.get("app_home", {})
    bot_user = features.get("bot_user", {})
    manifest = Manifest(
        name=content.get("display_information", {}).get("name", ""),
        bot_name=bot_user.get("display_name", ""),
        commands={row["command"]: _command(row) for row in features.get("slash_commands", [])},
        scopes=frozenset(content.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
        socket_mode=bool(settings.get("socket_mode_enabled", False)),
        interactivity=bool(settings.get("interactivity", {}).get("is_enabled", False)),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", True)),
        messages_tab_read_only=bool(home.get("messages_tab_read_only_enabled", True)),
        description=content.get("display_information", {}).get("description", ""),
        long_description=content.get("display_information", {}).get("long_description", ""),
        shortcuts={row["callback_id"]: row["type"] for row in features.get("shortcuts", [])},
    )
    problems = _problems(manifest)
    if problems:
        raise ManifestError("; ".join(problems))
    return manifest


def _command(row: Mapping[str, Any]) -> Command:
    return Command(
        row["command"],
        row.get("description", ""),
        row.get("usage_hint", ""),
        bool(row.get("should_escape", False)),
    )


def _problems(manifest: Manifest) -> list[str]:
    problems = []
    if not manifest.name:
        problems.append("display_information.name is missing")
    if manifest.scopes and not manifest.bot_name:
        problems.append("bot scopes need features.bot_user.display_name")
    if manifest.commands and "commands" not in manifest.scopes:
        problems.append("slash commands need the scope commands")
    for command in manifest.commands.values():
        problems.extend(_command_problems(command))
    for event in sorted(manifest.events):
        if event not in EVENT_SCOPES:
            problems.append(f"the sandbox does not know the event {event}")
        elif (scope := EVENT_SCOPES[event]) and scope not in manifest.scopes:
            problems.append(f"the event {event} needs the scope {scope}")
    return problems


def _command_problems(command: Command) -> list[str]:
    problems = []
    if not command.name.startswith("/") or len(command.name) > 32 or command.name != command.name.lower():
        problems.append(f"{command.name}: a command starts with / and has at most 32 lower-case characters")
    if not command.description:
        problems.append(f"{command.name}: a description is required")
    return problems
