"""The Slack manifest says what the code does, no more and no less."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from handlers.commands import COMMANDS
from handlers.registration import LISTENING

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT.parent / "shared" / "data" / "slack"
# What each Web API method needs: https://docs.slack.dev/reference/methods
SCOPES: dict[str, set[str]] = {
    "auth.test": set(),
    "apps.connections.open": set(),
    "bots.info": {"users:read"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.list": {"channels:read", "groups:read"},
    "conversations.members": {"channels:read", "groups:read"},
    "conversations.open": {"im:write", "mpim:write"},
    "files.info": {"files:read"},
    "files.getUploadURLExternal": {"files:write"},
    "files.completeUploadExternal": {"files:write"},
    "users.info": {"users:read"},
    "users.list": {"users:read", "users:read.email"},
    "users.lookupByEmail": {"users:read.email"},
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
    "views.update": set(),
}
# What a form needs that takes a file: https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
ELEMENT_SCOPES = {"file_input": {"files:read"}}
EVENT_SCOPES = {"message.im": {"im:history"}, "team_join": {"users:read"}, "user_change": {"users:read"}}
FAMILIES = "apps|auth|bots|chat|conversations|files|reactions|users|views"


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "app.yaml").read_text())
    return loaded


def methods_called() -> set[str]:
    """Return every Web API method that the code calls: as a method of a client, or by its name."""
    sources = "".join(path.read_text() for package in ("bot", "handlers") for path in (ROOT / package).rglob("*.py"))
    called = re.findall(rf"\.({FAMILIES})_([A-Za-z_]+)", sources)
    named = re.findall(rf'"({FAMILIES})\.([A-Za-z.]+)"', sources)
    return {f"{family}.{rest.replace('_', '.')}" for family, rest in called + named}


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
def test_slack_would_take_it(manifest: dict[str, Any], version: str) -> None:
    path = SCHEMAS / f"manifest.schema.{version}.json"
    if not path.exists():
        pytest.skip("Slack's manifest schemas are not at hand")
    schema = json.loads(path.read_text())
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(manifest)] == []


def test_commands_are_those_of_the_table(manifest: dict[str, Any]) -> None:
    told = manifest["features"]["slash_commands"]
    assert [command["command"] for command in told] == list(dict.fromkeys(command.name for command in COMMANDS))
    assert all(command["should_escape"] for command in told)


def test_hints_name_every_subcommand_that_everyone_may_need(manifest: dict[str, Any]) -> None:
    hints = {command["command"]: command["usage_hint"] for command in manifest["features"]["slash_commands"]}
    missing = [c.usage for c in COMMANDS if c.sub not in hints[c.name] and c.sub != "grant"]
    assert missing == []


def test_events_are_those_that_someone_listens_to(manifest: dict[str, Any]) -> None:
    heard = {*LISTENING.events, *LISTENING.happenings} - {"message"} | {"message.im"}
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == heard


def test_what_is_pressed_is_delivered_and_nothing_unheard_is_offered(manifest: dict[str, Any]) -> None:
    assert LISTENING.presses
    assert manifest["settings"]["interactivity"] == {"is_enabled": True}
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert "shortcuts" not in manifest["features"]


def test_people_can_write_to_the_bot_and_open_its_home(manifest: dict[str, Any]) -> None:
    home = manifest["features"]["app_home"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]


def test_every_method_that_is_called_is_known() -> None:
    called = methods_called()
    assert called == set(SCOPES)


def test_the_scopes_are_what_methods_events_and_commands_need(manifest: dict[str, Any]) -> None:
    needed = {"commands"}.union(*SCOPES.values(), *EVENT_SCOPES.values(), *ELEMENT_SCOPES.values())
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed
