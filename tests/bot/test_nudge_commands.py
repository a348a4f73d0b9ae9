"""`nudges preview` and `report`, as someone types them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.policy import load_policy
from bot.previewing import preview
from bot.problems import Problems
from bot.reporting import hour_lines, nudge_lines
from bot.settings import DEFAULTS, TOKENS
from cohort.check_ins import CheckIn
from cohort.nudge_limits import NudgeKind
from services.nudge_outcomes import note_outcomes
from tests.services.nudge_world import NOW, new_world, person

EXAMPLE = Path(__file__).parents[2] / "cohort.example.toml"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [*TOKENS, *DEFAULTS]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LOG_LEVEL", "ERROR")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cohort.toml").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def test_every_message_is_shown_in_the_words_of_the_programme(folder: Path) -> None:
    with (folder / "cohort.toml").open("a", encoding="utf-8") as file:
        file.write('\n[nudges.words]\nplan_opening = "Hello {name}, your week:"\n')
    result = CliRunner().invoke(main, ["nudges", "preview"])
    assert result.exit_code == 0
    assert "Hello Ada, your week:" in result.output
    ways = "[Take 2 more days]  [Hand in what I have]  [Another date]  [Talk to a TA]  [I did hand it in]"
    assert ways in result.output
    assert "[Not these messages]  [A week's pause]  [Remind me on …]" in result.output


def test_a_preview_is_plain_text_with_dates_that_can_be_read() -> None:
    shown = "\n".join(preview(load_policy(EXAMPLE), datetime(2026, 10, 7, 12, tzinfo=UTC)))
    assert "Problem set 3 (hw3) is due Thu 8 Oct 13:00 BST" in shown
    assert "<!date" not in shown
    assert "*" not in shown
    assert shown.count("=== ") == 11


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('missed_one = "Hi {nmae}"', "nudges.words.missed_one is wrong: {nmae} is not known here; use {name}."),
        ('missed_one = "Hi {name"', "nudges.words.missed_one is wrong: can't be read"),
        ('missed_one = "Hi {name!r}"', "write {name} without anything after the name"),
        ('missed_one = ""', "nudges.words.missed_one must not be empty."),
        ('missed_two = "Hi"', "nudges.words.missed_two is not a key. Did you mean nudges.words.missed_one?"),
    ],
)
def test_words_that_can_not_be_filled_in_are_told_at_the_start(folder: Path, words: str, said: str) -> None:
    with (folder / "cohort.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[nudges.words]\n{words}\n")
    with pytest.raises(Problems) as told:
        load_policy(folder / "cohort.toml")
    assert said in str(told.value)


def test_a_report_of_nothing_shows_nothing(folder: Path) -> None:
    result = CliRunner().invoke(main, ["report", "nudges"])
    assert result.exit_code == 0
    assert result.output.count("fewer than five, not shown") == len(NudgeKind)
    assert (folder / "cohort.db").exists()


def test_a_report_counts_by_kind_and_claims_no_cause(tmp_path: Path) -> None:
    world = new_world(tmp_path)
    people = [person(f"Student {n}") for n in range(6)]
    world.add(*people)
    with world.desk.store.transaction() as records:
        for member in people:
            records.nudges.add(f"ndg_{member.id}", member.id, "plan", NOW)
            records.nudges.begin(f"ndg_{member.id}", NOW)
    note_outcomes(world.desk, datetime(2026, 3, 1, tzinfo=UTC))
    lines = list(nudge_lines(world.desk))
    [plan] = [line.split() for line in lines if line.startswith("plan")]
    assert plan == ["plan", "6", "0", "0", "0", "0", "6", "0"]
    assert lines[-1] == "It says nothing about what would have happened without the message."


def test_a_report_of_hours_is_of_the_middle_half_and_never_of_a_few(tmp_path: Path) -> None:
    world = new_world(tmp_path)
    people = [person(f"Student {n}") for n in range(9)]
    world.add(*people)
    week_on, every = NOW.date(), []
    for hours, student in enumerate(people, start=10):
        every.append(CheckIn(f"chk_{hours}", student.id, week_on, NOW, hours=float(hours)))
    with world.desk.store.transaction() as records:
        for one in every[:4]:
            records.check_ins.add(one)
            records.check_ins.save(one)
    assert list(hour_lines(world.desk)) == [
        "Fewer than five students have said how many hours they spent: nothing is shown."
    ]
    with world.desk.store.transaction() as records:
        for one in every[4:]:
            records.check_ins.add(one)
            records.check_ins.save(one)
    lines = list(hour_lines(world.desk))
    assert lines[0].startswith("9 check-ins of 9 students")
    assert "between 12 and 16, and 14 is in the middle" in lines[1]
    assert lines[-1] == "hours_last_time = [12, 16]"


def test_hours_can_be_reported_from_the_terminal(folder: Path) -> None:
    result = CliRunner().invoke(main, ["report", "hours"])
    assert (result.exit_code, "nothing is shown" in result.output) == (0, True)
    assert (folder / "cohort.db").exists()
