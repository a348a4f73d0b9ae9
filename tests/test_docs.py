"""What is not documented is not finished."""

import re
from pathlib import Path

import pytest

from cohort.roster import Role
from handlers.commands import COMMANDS
from handlers.listening import Command

ROOT = Path(__file__).parents[1]
FOR = {Role.STUDENT: "For students", Role.TA: "For TAs and organizers", Role.ORGANIZER: "For organizers"}
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: f"{command.name} {command.sub}")
def test_every_command_is_documented(command: Command) -> None:
    page = (ROOT / "docs" / "commands.md").read_text().replace("\\|", "|")
    assert f"`{command.usage}`" in page


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: f"{command.name} {command.sub}")
def test_every_command_stands_among_those_of_whom_it_is_for(command: Command) -> None:
    page = (ROOT / "docs" / "commands.md").read_text().replace("\\|", "|")
    title = next(title for role, title in FOR.items() if role in command.roles)
    section = next(part for part in page.split("\n## ") if part.startswith(title))
    assert f"`{command.usage}`" in section


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_table_is_in_the_architecture() -> None:
    schema = "".join(file.read_text() for file in (ROOT / "storage" / "migrations").glob("*.py"))
    page = (ROOT / "docs" / "architecture.md").read_text()
    assert [table for table in re.findall(r"CREATE TABLE (\w+)", schema) if table not in page] == []
