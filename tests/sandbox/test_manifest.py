from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.manifest import ManifestError, load_manifest, read_manifest
from tests.sandbox.small_world import MANIFEST


def test_a_manifest_file_says_what_the_app_may_do(tmp_path: Path) -> None:
    path = tmp_path / "app.yaml"
    path.write_text(yaml.safe_dump(MANIFEST), encoding="utf-8")
    manifest = load_manifest(path)
    assert manifest.commands["/hello"].should_escape
    assert not manifest.commands["/plain"].should_escape
    assert "chat:write" in manifest.scopes
    assert manifest.socket_mode
    assert manifest.home_tab
    assert manifest.shortcuts == {"ask": "global"}


def changed(section: str, **values: Any) -> dict[str, Any]:
    return {**MANIFEST, section: {**MANIFEST[section], **values}}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (changed("display_information", name=""), "name is missing"),
        (changed("features", bot_user={}), "bot_user.display_name"),
        (changed("oauth_config", scopes={"bot": []}), "slash commands need the scope commands"),
        (changed("settings", event_subscriptions={"bot_events": ["message.mpim"]}), "needs the scope mpim:history"),
        (changed("settings", event_subscriptions={"bot_events": ["star_added"]}), "does not know the event"),
        (changed("features", slash_commands=[{"command": "Hello", "description": "x"}]), "starts with /"),
        (changed("features", slash_commands=[{"command": "/hello"}]), "a description is required"),
    ],
)
def test_a_manifest_slack_would_not_take_is_refused(content: dict[str, Any], problem: str) -> None:
    with pytest.raises(ManifestError, match=problem):
        read_manifest(content)
