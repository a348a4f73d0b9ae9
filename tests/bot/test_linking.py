"""Importing a roster with tokens set: who has an account is linked at once, and without Slack it waits."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from sandbox.client import Admin
from sandbox.server import Sandbox
from storage.database import Database
from tests.bot.test_processes import ROOT, sandbox

__all__ = ["sandbox"]

ROSTER = "email,name,role\nada@example.org,Ada,student\nchen@example.org,Chen,student\n"


@pytest.fixture(autouse=True)
def here(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a policy and a roster, and tokens of a workspace."""
    for name, value in {**sandbox.environment, "LOG_LEVEL": "WARNING"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cohort.toml").write_text((ROOT / "cohort.example.toml").read_text())
    (tmp_path / "roster.csv").write_text(ROSTER)
    return tmp_path


def imported(*options: str) -> Result:
    result = CliRunner().invoke(main, ["import", "roster", "roster.csv", *options])
    assert result.exit_code == 0, result.output
    return result


def linked(folder: Path) -> list[str]:
    store = Database(folder / "cohort.db")
    with store.reading() as records:
        names = [member.name for member in records.roster.all() if member.slack_id]
    store.close()
    return names


def test_who_has_an_account_is_linked_by_email_and_the_others_are_named(here: Path) -> None:
    assert "Slack accounts: 1 linked by email, 1 not found: chen@example.org." in imported().output
    assert linked(here) == ["Ada"]
    assert "Slack accounts: 0 linked by email, 1 not found" in imported().output


@pytest.mark.parametrize(("method", "kind"), [("auth.test", "drop_before"), ("auth.test", "500")])
def test_without_slack_the_roster_is_imported_and_linking_waits(
    here: Path, sandbox: Sandbox, capfd: pytest.CaptureFixture[str], method: str, kind: str
) -> None:
    Admin(sandbox.url).fault(method, kind)
    said = imported().output
    assert "2 added" in said
    assert "accounts are linked by email when the bot runs." in said
    assert "ERROR" not in said + capfd.readouterr().err
    assert linked(here) == []
    Admin(sandbox.url).clear_faults()
    assert "1 linked" in imported().output


def test_slack_that_refuses_to_look_someone_up_is_told_in_a_sentence(sandbox: Sandbox) -> None:
    Admin(sandbox.url).fault("users.lookupByEmail", "error", error="missing_scope")
    said = imported().output.splitlines()
    assert said[-1] == "Slack answered missing_scope; the accounts that are left are linked when the bot runs."


def test_a_dry_run_asks_slack_nothing_and_makes_no_database(here: Path, sandbox: Sandbox) -> None:
    assert "Nothing is written: 2 added" in imported("--dry-run").output
    assert Admin(sandbox.url).calls() == []
    assert list(here.glob("cohort.db*")) == []
