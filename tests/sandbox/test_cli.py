"""The command line, against a workspace that runs."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from sandbox.__main__ import main
from sandbox.client import Admin, Person
from sandbox.server import Sandbox, running, serve_until
from tests.sandbox.small_world import MANIFEST, PEOPLE, Answer, BareApp, installed, web_client
from tests.sandbox.test_modals import NOTE, WHY, modal
from tests.sandbox.test_presses import button

App = Callable[[Answer], BareApp]
USERS = "name,real_name,email,tz\nada,Ada Lovelace,ada@example.org,Europe/London\n"


@pytest.fixture
def run(sandbox: Sandbox) -> Callable[..., Result]:
    def run(*args: str) -> Result:
        return CliRunner().invoke(main, args, env={"SANDBOX_URL": sandbox.url})

    return run


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    people, manifest = tmp_path / "people.csv", tmp_path / "app.yaml"
    people.write_text(USERS, encoding="utf-8")
    manifest.write_text(yaml.safe_dump(MANIFEST), encoding="utf-8")
    return str(people), str(manifest)


def test_a_whole_visit_in_the_terminal(app: App, run: Callable[..., Result], sandbox: Sandbox) -> None:
    client = web_client(sandbox)

    def answers(frame: dict[str, object]) -> dict[str, object]:
        payload: dict[str, object] = frame["payload"]  # type: ignore[assignment]  # an envelope always has one
        if frame["type"] == "slash_commands" and payload["text"] == "modal":
            client.views_open(trigger_id=str(payload["trigger_id"]), view=modal(WHY, NOTE))
        elif frame["type"] == "slash_commands":
            blocks = [{"type": "actions", "elements": [button("Go")]}]
            return {"text": "Hello", "blocks": blocks}
        return {}

    app(answers)
    assert "Helper in direct message · only visible to you\n    [Go]\n" in run("act", "ada", "/hello").output
    assert "(acknowledged in " in run("press", "ada", "Go").output
    assert "│ Why: <empty>" in run("act", "ada", "/hello modal", "--channel", "lounge").output
    assert "! Please complete this required field." in run("submit", "ada").output
    assert "│ Why: <because>\n│ Note (optional): <empty>" in run("fill", "ada", "Why=because").output
    assert "(the modal is closed)" in run("fill", "ada", "Note=x=y", "--submit").output
    run("act", "ada", "/hello modal")
    assert "(the modal is closed)" in run("close", "ada").output
    assert run("write", "ada", "Coffee?", "--channel", "lounge").exit_code == 0
    assert run("read", "bo").output == "Ada Lovelace in #lounge\n  Coffee?\n"
    assert "/bogus is not a valid command" in run("act", "ada", "/bogus").output
    assert "Tara Quill" in run("people").output


def test_what_goes_wrong_is_a_sentence(run: Callable[..., Result]) -> None:
    for args, sentence in (
        (("press", "ada", "Go"), "ada sees nothing called 'Go'"),
        (("read", "eve"), "nobody here is called 'eve'"),
        (("home", "ada"), "nothing was published"),
        (("fill", "ada", "Why"), "fields are LABEL=VALUE"),
        (("people", "--url", "http://127.0.0.1:9"), "no sandbox answers at http://127.0.0.1:9"),
    ):
        result = run(*args)
        assert result.exit_code in (1, 2)
        assert sentence in result.output


def test_home_is_shown(run: Callable[..., Result], sandbox: Sandbox, ids: dict[str, str]) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "Welcome"}}]
    web_client(sandbox).views_publish(user_id=ids["ada"], view={"type": "home", "blocks": blocks})
    assert run("home", "ada").output == "Welcome\n"


def test_serve_prints_what_the_app_needs_and_stops_on_a_signal(files: tuple[str, str]) -> None:
    people, manifest = files
    command = [sys.executable, "-m", "sandbox", "serve", "--people", people, "--manifest", manifest, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdout is not None
        address = serving.stdout.readline().split()[4].rstrip(".")
        needs = [serving.stdout.readline().strip() for _ in range(3)]
        assert [person["name"] for person in Admin(address).people()] == ["ada"]
        assert needs[0] == f"SLACK_API_URL={address}/api/"
        assert needs[1].startswith("SLACK_BOT_TOKEN=xoxb-")
        assert needs[2].startswith("SLACK_APP_TOKEN=xapp-")
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(10) == 0


def test_serving_ends_when_it_is_told_to(files: tuple[str, str]) -> None:
    addresses: list[str] = []

    async def serve() -> None:
        stop = asyncio.Event()

        def told(sandbox: Sandbox) -> None:
            addresses.append(sandbox.url)
            stop.set()

        await serve_until(stop, Sandbox(PEOPLE, installed()), 0, told)

    asyncio.run(serve())
    assert addresses[0].startswith("http://127.0.0.1:")
    with running(*files) as started:
        assert Person(started.url, "ada").read() == []


def test_files_that_cannot_be_used_are_named(files: tuple[str, str], tmp_path: Path) -> None:
    people, manifest = files
    broken = tmp_path / "broken.csv"
    broken.write_text("name,email\n,\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["serve", "--people", str(broken), "--manifest", manifest])
    assert "line 2: name must be a non-empty text" in result.output
    result = CliRunner().invoke(main, ["serve", "--people", str(broken), "--channels", people, "--manifest", manifest])
    assert result.exit_code == 1


def test_a_port_that_is_taken_is_a_sentence(files: tuple[str, str], sandbox: Sandbox) -> None:
    people, manifest = files
    port = sandbox.url.rsplit(":", 1)[1]
    result = CliRunner().invoke(main, ["serve", "--people", people, "--manifest", manifest, "--port", port])
    assert f"port {port} can't be used" in result.output
