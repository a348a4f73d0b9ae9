"""cohort.toml: what is wrong is named with its key, all of it at once."""

import re
from datetime import date
from pathlib import Path

import pytest

from bot.policy import keys_of, load_policy
from bot.problems import Problems
from cohort.policy import DeliveryPolicy, ExtensionPolicy, NudgePolicy

EXAMPLE = Path(__file__).parents[2] / "cohort.example.toml"
PROGRAMME = """
[programme]
name = "Cohort"
zone = "Europe/London"
starts_on = 2026-09-07
ends_on = 2026-11-13
staff_channel = "staff"
announcement_channel = "all"
organizers = ["orla@example.org"]
"""


def problems_of(folder: Path, text: str) -> list[str]:
    file = folder / "cohort.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Problems) as told:
        load_policy(file)
    return [str(problem).replace(f"{file}: ", "") for problem in told.value.problems]


def test_example_loads_and_shows_the_defaults() -> None:
    policy = load_policy(EXAMPLE)
    assert policy.extensions == ExtensionPolicy()
    assert policy.nudges == NudgePolicy()
    assert policy.delivery == DeliveryPolicy()
    assert policy.programme.starts_on == date(2026, 9, 7)


def test_example_stays_the_same_with_every_default_written_out(tmp_path: Path) -> None:
    text = re.sub(r"^# (\[.*\]|\w+ = .*)$", r"\1", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    file = tmp_path / "cohort.toml"
    file.write_text(text, encoding="utf-8")
    assert load_policy(file) == load_policy(EXAMPLE)


@pytest.mark.parametrize("key", sorted({key.rpartition(".")[2] for key in keys_of()}))
def test_example_explains_every_key(key: str) -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if re.match(rf"(# (For instance: )?)?{key} = ", line))
    assert any(re.match(r"# [A-Z]", line) for line in lines[max(0, at - 4) : at]), f"{key} has no explanation"


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    text = PROGRAMME.replace('"Europe/London"', '"Mars/Base"').replace("2026-11-13", '"soon"')
    text += "[extensions]\ngrace_dais = 3\nauto_approve_days = -1\n"
    assert problems_of(tmp_path, text) == [
        "programme.zone is wrong: not a time zone; use a name like Europe/London or America/New_York.",
        "programme.ends_on must be a date, like 2026-09-07.",
        "extensions.auto_approve_days must be at least 0.",
        "extensions.grace_dais is not a key. Did you mean extensions.grace_days?",
    ]


def test_dates_in_the_wrong_order_are_told_beside_other_problems(tmp_path: Path) -> None:
    text = PROGRAMME.replace('"Europe/London"', '"Mars/Base"').replace("2026-11-13", "2026-09-01")
    assert problems_of(tmp_path, text) == [
        "programme.zone is wrong: not a time zone; use a name like Europe/London or America/New_York.",
        "programme is wrong: ends_on must be after starts_on.",
    ]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[extensions.kinds.exams]\ngrace_days = 1", "extensions.kinds.exams is not a kind that is handed in"),
        ("[extensions.kinds.exam]\ngrace_dayz = 1", "Did you mean extensions.kinds.exam.grace_days?"),
        ("[extensions.kinds.exam]\ngrace_days = 99", "extensions.kinds.exam.grace_days must be at most 60."),
        (
            "[extensions.kinds.essay]\ngrace_days = 1",
            "is not a kind that is handed in; use one of written, programming, paper_reading, project, exam.",
        ),
        ("[extensions]\nauto_approved_limit = 'no'", 'must be a whole number, or "none" for no limit.'),
        ("[extensions.kinds.exam]\nauto_approved_limit = 1.5", 'must be a whole number, or "none" for no limit.'),
        ("[extension]\n", "extension is not a key. Did you mean extensions?"),
        ("[nudges]\nzone = 'UTC'", "nudges.zone is not a key. Did you mean programme.zone?"),
        ("[nudges]\nbeep = 1", "nudges.beep is not a key. Known there: quiet_from, quiet_until"),
        ("[nudges]\nquiet_from = 'late'", "nudges.quiet_from must be a time of day, like 21:00:00."),
        ("[nudges]\nquiet_from = 08:00:00", "nudges is wrong: quiet_from and quiet_until must differ"),
        ("[delivery]\nmessages_a_minute = 'many'", "delivery.messages_a_minute must be a whole number."),
    ],
)
def test_each_problem_names_its_key_and_what_is_right(tmp_path: Path, written: str, said: str) -> None:
    (problem,) = problems_of(tmp_path, PROGRAMME + written)
    assert said in problem


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name = ", "# ", "programme.name is missing."),
        ('"Cohort"', "3", "programme.name must be text in quotes."),
        ('"Cohort"', '""', "programme.name must not be empty."),
        ('"Cohort"', f'"{"x" * 61}"', "programme.name must be at most 60 characters long."),
        ('["orla@example.org"]', '"orla@example.org"', "programme.organizers must be a list, like"),
        ('["orla@example.org"]', "[]", "programme.organizers must name at least one."),
        ("orla@example.org", "orla", "programme.organizers (entry 1) is wrong: not an email address"),
        ("2026-11-13", "2026-09-01", "programme is wrong: ends_on must be after starts_on."),
        ("[programme]\n", "", "programme is missing."),
    ],
)
def test_each_key_of_the_programme_is_checked(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert any(problem.startswith(said) for problem in problems_of(tmp_path, PROGRAMME.replace(old, new)))


def test_a_table_that_is_none_is_named(tmp_path: Path) -> None:
    assert "nudges must be a table, written as [nudges]." in problems_of(tmp_path, "nudges = 3\n" + PROGRAMME)


def test_broken_toml_is_told_with_line_and_column(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, PROGRAMME + "[extensions]\ngrace_days 3\n")
    assert "at line 11, column 12" in problem


def test_a_missing_file_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Problems, match=r"Copy cohort\.example\.toml"):
        load_policy(tmp_path / "none.toml")


def test_a_folder_or_another_encoding_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="can't be read"):
        load_policy(tmp_path)
    (tmp_path / "cohort.toml").write_bytes(b'name = "\xff"')
    with pytest.raises(Problems, match="not UTF-8"):
        load_policy(tmp_path / "cohort.toml")
