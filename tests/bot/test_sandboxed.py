"""The sandbox command: an example programme that shows itself, and can be taken over by hand."""

import subprocess
import sys
from pathlib import Path

from bot.sandboxed import ADDRESS, living

ROOT = Path(__file__).parents[2]


def test_a_request_and_a_decision_are_shown_and_others_can_go_on_by_hand(tmp_path: Path) -> None:
    said: list[str] = []
    with living(tmp_path / "demo", 0, said.append) as bot:
        try:
            shown = "\n".join(said)
            url = next(found.group() for line in said if (found := ADDRESS.search(line)))
            by_hand = [sys.executable, "-m", "sandbox", "act", "bo", "/extension list", "--url", url]
            acted = subprocess.run(by_hand, cwd=ROOT, capture_output=True, text=True, check=True)
        finally:
            stopped = bot.stop()
    assert "113 added" in shown
    assert "hw5" in acted.stdout + shown
    lines = ("Ada asks for two days", "asks for six days more", "Tara approves", "is told:")
    places = [shown.index(words) for words in lines]
    assert places == sorted(places)
    assert "Tara gave you more time" in shown[places[-1] :]
    assert f"--url {url}" in shown
    assert acted.returncode == 0
    assert stopped
