from pathlib import Path

import pytest

from sandbox.people import PeopleError, SeedChannel, SeedUser, load_people

TOML = """
[team]
name = "Cohort"
domain = "cohort"

[[users]]
name = "ada"
real_name = "Ada Lovelace"
email = "ada@example.org"
tz = "Europe/London"

[[users]]
name = "orla"
email = "orla@example.org"
is_admin = true
id = "UORLA"

[[channels]]
name = "#staff"
private = true
members = ["orla@example.org", "bot"]
"""


def written(tmp_path: Path, name: str, content: str) -> Path:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return path


def test_toml_gives_team_people_and_channels(tmp_path: Path) -> None:
    people = load_people(written(tmp_path, "people.toml", TOML))
    assert (people.team_name, people.team_domain) == ("Cohort", "cohort")
    assert people.users == (
        SeedUser("ada", "Ada Lovelace", "ada@example.org", "Europe/London"),
        SeedUser("orla", "orla", "orla@example.org", "UTC", id="UORLA", is_admin=True),
    )
    assert people.channels == (SeedChannel("staff", ("orla@example.org", "bot"), private=True),)


def test_csv_gives_people_and_a_second_csv_channels(tmp_path: Path) -> None:
    users = written(tmp_path, "users.csv", "\ufeffname,real_name,email,tz\nbo,Bo Diddley,bo@example.org,Asia/Tokyo\n")
    channels = written(tmp_path, "channels.csv", "name,private,members\nstaff,true,bo bot\n")
    people = load_people(users, channels)
    assert people.users == (SeedUser("bo", "Bo Diddley", "bo@example.org", "Asia/Tokyo"),)
    assert people.channels == (SeedChannel("staff", ("bo", "bot"), private=True),)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("name,email,tz\n,a@example.org,UTC\n", "line 2: name must be a non-empty text"),
        ("name,email,tz\nada,a@example.org,Mars/Olympus\n", "'Mars/Olympus' is not a time zone"),
        ("name,email\nada,a@example.org\nada,b@example.org\n", "name 'ada' is there twice"),
        ("name,email\nada,A@example.org\nbo,a@example.org\n", "email 'a@example.org' is there twice"),
    ],
)
def test_a_csv_that_cannot_be_used_says_why(tmp_path: Path, content: str, problem: str) -> None:
    with pytest.raises(PeopleError, match=problem):
        load_people(written(tmp_path, "users.csv", content))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("[[users]\n", "people.toml: "),
        ('[[users]]\nname = 3\nemail = "a@example.org"\n', "user 1: name must be a non-empty text"),
        ('[[channels]]\nname = "staff"\nmembers = ["nobody"]\n', "channel staff: nobody is called 'nobody'"),
        ('[[channels]]\nname = "staff"\nmembers = 3\n', "members must be a list"),
        ("[team]\nname = 3\n", "team: name must be"),
    ],
)
def test_a_toml_that_cannot_be_used_says_why(tmp_path: Path, content: str, problem: str) -> None:
    with pytest.raises(PeopleError, match=problem):
        load_people(written(tmp_path, "people.toml", content))
