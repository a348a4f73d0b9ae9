"""The command `replay`: a term on record, week by week, under one policy or two."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.settings import DEFAULTS, TOKENS
from examples import oulad

ROOT = Path(__file__).parents[2]
OULAD = ROOT.parent / "shared" / "data" / "oulad"
POLICY = """\
[programme]
name = "Autumn"
zone = "Europe/London"
starts_on = 2025-10-06
ends_on = 2025-10-31
wrap_up_days = 3
staff_channel = "staff"
announcement_channel = "announcements"
organizers = ["orla@example.org"]
"""
ROSTER = """\
email,name,role,status,joined_at,left_at
ada@example.org,Ada,student,active,2025-10-01,
bo@example.org,Bo,student,withdrawn,2025-10-01,2025-10-24
chen@example.org,Chen,student,active,2025-10-14,
orla@example.org,Orla,organizer,active,,
tara@example.org,Tara,ta,active,,
"""
ASSIGNMENTS = """\
slug,title,kind,due_at,estimated_hours
hw1,Homework 1,written,2025-10-09 23:59,2
hw2,Homework 2,written,2025-10-16 23:59,2
"""
SUBMISSIONS = """\
email,assignment,submitted_at
ada@example.org,hw1,2025-10-09 12:00
ada@example.org,hw2,2025-10-16 12:00
chen@example.org,hw2,2025-10-16 12:00
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a small term on record."""
    for name in [*TOKENS, *DEFAULTS]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cohort.toml").write_text(POLICY)
    for what, text in (("roster", ROSTER), ("assignments", ASSIGNMENTS), ("submissions", SUBMISSIONS)):
        (tmp_path / f"{what}.csv").write_text(text)
        assert bot("import", what, f"{what}.csv").exit_code == 0
    return tmp_path


def bot(*words: str) -> Result:
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def table(output: str) -> list[dict[str, str]]:
    """Return the rows of the table as the titles name them; titles are apart by two spaces or more."""
    lines = [line for line in output.splitlines() if line.strip()]
    start = next(place for place, line in enumerate(lines) if line.split()[:2] == ["week", "from"])
    end = next(place for place, line in enumerate(lines) if " in all" in line)
    titles = [title.strip() for title in lines[start].split("  ") if title.strip()]
    cells = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines[start + 1 : end]]
    return [dict(zip(titles, row, strict=True)) for row in cells]


def test_a_term_is_shown_week_by_week(here: Path) -> None:
    bot("export", "submissions", "before.csv")
    result = bot("replay")
    assert result.exit_code == 0
    weeks = table(result.output)
    assert [(week["week"], week["from"], week["active"]) for week in weeks] == [
        ("1", "2025-10-06", "2"),
        ("2", "2025-10-13", "2"),
        ("3", "2025-10-20", "3"),
        ("4", "2025-10-27", "2"),
        ("5", "2025-11-03", "2"),
    ]
    assert {value for week in weeks for title, value in week.items() if title.startswith("over ")} == {"0"}
    assert sum(int(week["missed"]) for week in weeks) >= 1
    assert "cohort.toml: 1 student left. Days before leaving:" in result.output
    [nudge] = [line for line in result.output.splitlines() if "first nudge" in line]
    assert nudge.endswith("; 0 left without")
    assert "2 stayed. Messages a week: median" in result.output
    assert "  from the first offer to the first person: median" in result.output
    assert "of them had an offer, and" in result.output
    assert "Follow-ups: " in result.output
    assert "Nobody takes an offer or answers" in result.output
    bot("export", "submissions", "after.csv")
    assert (here / "after.csv").read_bytes() == (here / "before.csv").read_bytes()


def test_what_is_sent_tells_no_names(here: Path) -> None:
    output = bot("replay").output
    assert [name for name in ("Ada", "Bo", "example.org") if name in output] == []
    assert here.exists()


def test_two_policies_stand_side_by_side(here: Path) -> None:
    (here / "shy.toml").write_text(POLICY + "[nudges]\nstop_after = 1\n[extensions]\noffer_days = 0\n")
    result = bot("replay", "--from", "2025-10-06", "--to", "2025-10-19", "--against", "shy.toml")
    assert result.exit_code == 0, result.output
    assert "under cohort.toml | shy.toml" in result.output
    assert len(table(result.output)) == 2
    assert " | 0" in result.output
    assert "shy.toml: 0 students left" in result.output


def test_a_policy_other_than_the_one_in_use_can_be_tried(here: Path) -> None:
    (here / "other.toml").write_text(POLICY + "[extensions]\noffer_days = 0\n")
    assert "offers (missed)" in bot("replay").output
    assert "offers (missed)" not in bot("replay", "--policy", "other.toml").output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--from", "2025-10-20", "--to", "2025-10-06"], "--from must not be after --to"),
        (["--to", "2999-01-01"], "is not over"),
    ],
)
def test_days_that_make_no_term_are_a_sentence(here: Path, words: list[str], told: str) -> None:
    result = bot("replay", *words)
    assert (result.exit_code, told in result.stderr) == (1, True)
    assert here.exists()


def test_another_programme_s_policy_is_refused(here: Path) -> None:
    (here / "spring.toml").write_text(POLICY.replace("Autumn", "Spring"))
    result = bot("replay", "--policy", "spring.toml")
    assert result.exit_code == 1
    assert "belongs to another programme" in result.stderr


def test_without_a_database_there_is_nothing_to_replay(here: Path) -> None:
    (here / "cohort.db").unlink()
    result = bot("replay")
    assert (result.exit_code, "no database" in result.stderr) == (1, True)


def test_days_are_dates(here: Path) -> None:
    assert bot("replay", "--from", "soon").exit_code == 2
    assert here.exists()


@pytest.mark.skipif(not OULAD.is_dir(), reason="The dataset is not part of the project and is not beside it.")
def test_the_first_weeks_of_a_real_term_are_replayed(tmp_path: Path) -> None:
    oulad.main([str(OULAD), "AAA", "2013J", str(tmp_path)])
    for what in ("roster", "assignments", "submissions"):
        process("import", what, f"{what}.csv", folder=tmp_path)
    output = process("replay", "--from", "2013-10-01", "--to", "2013-11-03", folder=tmp_path)
    weeks = table(output)
    assert (len(weeks), weeks[0]["active"]) == (5, "372")
    assert {value for week in weeks for title, value in week.items() if title.startswith("over ")} == {"0"}


def process(*words: str, folder: Path) -> str:
    """Run a command in a process of its own, at its own speed whatever watches the tests, and return its output."""
    unset = {name: value for name, value in os.environ.items() if name not in {*TOKENS, *DEFAULTS}}
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env={**unset, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
