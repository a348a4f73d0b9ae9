"""The command line: light to load, and every ordinary problem a sentence with an exit code."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.clock import real_now
from bot.settings import DEFAULTS, TOKENS
from storage.database import Database

ROOT = Path(__file__).parents[2]
HEAVY = ("slack_bolt", "slack_sdk", "pydantic", "apscheduler", "sqlite_utils", "aiohttp", "yaml", "websocket")
OPERATIONS = ROOT / "docs" / "operations.md"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty folder without any setting, with a policy in it."""
    for name in [*TOKENS, *DEFAULTS]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LOG_LEVEL", "ERROR")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cohort.toml").write_text((ROOT / "cohort.example.toml").read_text())
    return tmp_path


def bot(*words: str, typed: str | None = None) -> Result:
    result = CliRunner().invoke(main, words, input=typed)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def commands() -> list[tuple[str, click.Command]]:
    return sorted(main.commands.items())


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    program = f"import sys, bot.cli; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("name", "command"), commands())
def test_every_command_and_option_is_documented(name: str, command: click.Command) -> None:
    text = OPERATIONS.read_text(encoding="utf-8")
    assert f"python -m bot {name}" in text
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert f"`{parameter.opts[0]}`" in text, f"{name} {parameter.opts[0]}"


@pytest.mark.parametrize(("name", "_"), commands())
def test_every_command_explains_itself(name: str, _: click.Command) -> None:
    assert bot(name, "--help").exit_code == 0


def test_unknown_commands_and_arguments_are_usage_errors() -> None:
    assert bot("dance").exit_code == 2
    assert bot("import", "cats", "x.csv").exit_code == 2
    assert bot("import", "roster", "missing.csv").exit_code == 2


def test_run_without_tokens_names_all_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_FORMAT", "xml")
    result = bot("run")
    assert result.exit_code == 1
    assert all(name in result.stderr for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "LOG_FORMAT"))
    assert "Traceback" not in result.stderr


def test_run_against_nobody_says_that_slack_can_not_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1-secret")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1-secret")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/")
    for words in (["run"], ["start"], ["check"]):
        result = bot(*words)
        assert result.exit_code == 1
        assert "can't be reached" in result.output
        assert "secret" not in result.output


def test_import_export_and_import_again_changes_nothing(here: Path) -> None:
    (here / "roster.csv").write_text("email,name,role\nada@example.org,Ada,student\ntara@example.org,Tara,ta\n")
    (here / "work.csv").write_text("slug,title,kind\nhw1,Homework 1,written\n")
    tried = bot("import", "roster", "roster.csv", "--dry-run")
    assert "Nothing is written: 2 added" in tried.output
    assert "2 added" in bot("import", "roster", "roster.csv").output
    assert "1 added" in bot("import", "assignments", "work.csv").output
    assert "2 rows of roster" in bot("export", "roster", "out.csv").output
    assert "2 unchanged" in bot("import", "roster", "out.csv").output
    (here / "one.csv").write_text("email,name,role\nada@example.org,Ada Ada,student\n")
    changed = bot("import", "roster", "one.csv").output
    assert "absent from the file, and kept:\n  tara@example.org" in changed


def test_lists_are_written_and_never_read(here: Path) -> None:
    for what in ("follow-ups", "check-ins", "leavings"):
        written = here / f"{what}.csv"
        assert bot("export", what, written.name).output.strip() == f"{written.name}: 0 rows of {what}."
        assert written.read_text().startswith("email,")
        assert bot("import", what, written.name).exit_code == 2


def test_a_bad_file_is_told_by_line_and_column_and_nothing_is_written(here: Path) -> None:
    (here / "roster.csv").write_text("email,name,role\nada,Ada,wizard\nbo@example.org,Bo,student\n")
    result = bot("import", "roster", "roster.csv")
    assert result.exit_code == 1
    assert "roster.csv, line 2, email" in result.stderr
    assert "roster.csv, line 2, role" in result.stderr
    assert "Nothing was written." in result.stderr
    assert bot("export", "roster", "out.csv").output.strip() == "out.csv: 0 rows of roster."


def test_a_hint_ends_in_one_mark(here: Path) -> None:
    (here / "roster.csv").write_text("email,name,roll\nada@example.org,Ada,student\n")
    assert "roll: is no column of this table; did you mean role?\n" in bot("import", "roster", "roster.csv").stderr


def test_a_file_of_another_table_is_told_in_one_line(here: Path) -> None:
    (here / "people.csv").write_text("email,name,role\nada@example.org,Ada,student\n")
    result = bot("import", "assignments", "people.csv")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].startswith(
        "Error: people.csv looks like a file of roster, not of assignments. Nothing was written;"
    )


def test_a_file_that_can_not_be_written_is_told_with_what_to_do(here: Path) -> None:
    told = bot("export", "roster", "nowhere/out.csv")
    assert (told.exit_code, told.stderr) == (
        1,
        "Error: The folder nowhere is not there. Make it, or name a file elsewhere.\n",
    )
    (here / "out.csv.part").mkdir()
    assert "Error: out.csv can't be written (" in bot("export", "roster", "out.csv").stderr


def test_a_single_problem_is_a_sentence_without_a_dash(here: Path) -> None:
    (here / "cohort.toml").unlink()
    assert bot("jobs").stderr.startswith("Error: There is no cohort.toml. Copy ")


def test_a_reader_who_has_seen_enough_ends_a_command_quietly(here: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as nobody:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "jobs"],
            cwd=here,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=nobody,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.stderr == ""


def test_migrate_and_backup_say_what_they_did(here: Path) -> None:
    assert re.search(r"^Made cohort\.db, in \d+ steps up to \d{4}_", bot("migrate").output)
    assert "at this version already" in bot("migrate").output
    assert "Backed up to" in bot("backup").output
    assert list((here / "backups").glob("cohort-*.db"))


def test_backup_of_nothing_is_a_sentence() -> None:
    result = bot("backup")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: There is no cohort.db to back up. COHORT_DB")


def test_a_folder_that_is_missing_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COHORT_DB", "nowhere/cohort.db")
    for words in (["jobs"], ["migrate"], ["backup"], ["export", "roster", "out.csv"]):
        result = bot(*words)
        assert (words, result.exit_code) == (words, 1)
        assert result.stderr.startswith("Error: ")


def test_health_follows_the_heartbeat(here: Path) -> None:
    assert "There is no" in bot("health").stderr
    bot("migrate")
    assert "has never run" in bot("health").stderr
    store = Database(here / "cohort.db")
    with store.transaction() as records:
        records.jobs.beat(real_now(), "this", is_connected=False)
    assert "not connected" in bot("health").stderr
    with store.transaction() as records:
        records.jobs.beat(real_now(), "this", is_connected=True)
    assert (bot("health").exit_code, "is connected" in bot("health").output) == (0, True)
    with store.transaction() as records:
        records.jobs.beat(real_now().replace(year=2020), "this", is_connected=True)
    assert "does not run" in bot("health").stderr
    with store.transaction() as records:
        records.jobs.beat(real_now(), f"{socket.gethostname()}:{a_process_that_ended()}:1", is_connected=True)
    assert "does not run: its process is gone" in bot("health").stderr
    store.close()


def a_process_that_ended() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_jobs_names_each_with_its_times() -> None:
    lines = bot("jobs").output.splitlines()
    assert any(line.startswith("nudge-missed: ") for line in lines)
    assert any("last never, next " in line for line in lines)


def test_erase_asks_first_and_names_whom(here: Path) -> None:
    (here / "roster.csv").write_text("email,name,role\nada@example.org,Ada,student\n")
    bot("import", "roster", "roster.csv")
    assert bot("erase", "nobody@example.org").exit_code == 1
    kept = bot("erase", "ada@example.org", typed="n\n")
    assert "Erase Ada (ada@example.org) for good? Backups keep what is known for 14 nights. [y/N]" in kept.output
    assert kept.exit_code == 1
    assert "Ada is" not in kept.output
    assert bot("erase", "ada@example.org", "--yes").exit_code == 0


def test_erase_says_that_someone_is_staff(here: Path) -> None:
    (here / "roster.csv").write_text("email,name,role\ntara@example.org,Tara,ta\norla@example.org,Orla,organizer\n")
    bot("import", "roster", "roster.csv")
    assert "Tara is a TA: weeks on duty" in bot("erase", "tara@example.org", typed="n\n").stderr
    orla = bot("erase", "orla@example.org", typed="n\n").stderr
    assert "Orla is an organizer: " in orla
    assert "Take them out of programme.organizers" in orla


def test_sandbox_removes_only_what_looks_like_its_own(here: Path) -> None:
    (here / "thesis").mkdir()
    result = bot("sandbox", "--fresh", "--folder", "thesis")
    assert result.exit_code == 1
    assert (here / "thesis").exists()
