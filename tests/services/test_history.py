"""What happened to a student or a piece of work, in words; and tables as files for organizers."""

import re
from pathlib import Path

import pytest

from cohort.errors import NotAllowed, NotFound, Unclear
from cohort.extensions import RequestExtension
from cohort.history import sentence
from cohort.wishes import ForDays
from services.extension_decisions import approve
from services.extensions import request_extension
from services.history import PAGE, history
from services.letters import Attached, Obsolete
from services.messages import Ready, prepare
from services.sent_exports import OF_USE, ExportNote, send
from tests.services.nudge_world import ADA, BO, HW3, NOW, ORLA, TARA, World, new_world

ROOT = Path(__file__).parents[2]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def test_a_student_s_history_says_who_did_what_the_newest_first(world: World) -> None:
    answered = request_extension(RequestExtension("hw3", ForDays(6)), ADA, NOW, world.desk)
    assert answered.request_id is not None
    approve(answered.request_id, TARA, NOW, world.desk)
    lines = history("ada@example.org", 0, ORLA, NOW, world.desk).lines
    said = [(line.by.name if line.by else "", line.what, line.about) for line in lines]
    assert ("Tara", "the request for more time was approved", "hw3") in said
    assert ("Ada", "asked for more time", "hw3") in said
    assert said.index(("Tara", "the request for more time was approved", "hw3")) < said.index(
        ("Ada", "asked for more time", "hw3")
    )
    assert [line.what for line in history("hw3", 0, ORLA, NOW, world.desk).lines if line.what == "asked for more time"]
    assert not [line for line in history("bo@example.org", 0, ORLA, NOW, world.desk).lines if line.by == ADA]


def test_histories_come_in_pages(world: World) -> None:
    with world.desk.store.transaction() as records:
        for _ in range(PAGE + 3):
            records.audit.add(ADA.id, "nudges.pause", ADA.id, NOW)
    first, second = (history(ADA.id, page, ORLA, NOW, world.desk) for page in (0, 1))
    assert (len(first.lines), first.has_more) == (PAGE, True)
    assert (len(second.lines) >= 3, second.has_more) == (True, False)


def test_only_organizers_see_it_and_integrity_is_left_out(world: World) -> None:
    with world.desk.store.transaction() as records:
        records.audit.add(TARA.id, "integrity.flagged", ADA.id, NOW)
    for actor in (BO, TARA):
        with pytest.raises(NotAllowed):
            history(ADA.id, 0, actor, NOW, world.desk)
    assert not [line for line in history(ADA.id, 0, ORLA, NOW, world.desk).lines if "integrity" in line.what]
    with pytest.raises(NotFound):
        history("nobody@example.org", 0, ORLA, NOW, world.desk)
    with pytest.raises(Unclear):
        history(" ", 0, ORLA, NOW, world.desk)


def test_everything_that_is_written_down_has_a_sentence() -> None:
    actions = set()
    for file in (ROOT / "services").glob("*.py"):
        for call in re.findall(r"audit\.add\((.*?)\)\n", file.read_text(encoding="utf-8"), re.DOTALL):
            actions |= set(re.findall(r'f?"([a-z_]+\.[a-z_{}.]*)"', call))
    plain = {action.split("{")[0] for action in actions if not action.startswith("integrity.")}
    assert len(plain) > 80
    assert sorted(action for action in plain if sentence(action) == action) == []


def test_a_table_comes_as_a_file_to_the_organizer_who_asked_and_to_nobody_else(world: World) -> None:
    for actor in (ADA, TARA):
        with pytest.raises(NotAllowed):
            send("roster", actor, NOW, world.desk)
    with pytest.raises(Unclear):
        send("everything", ORLA, NOW, world.desk)
    send("Roster", ORLA, NOW, world.desk)
    with world.desk.store.reading() as records:
        [(letter, _)] = records.outbox.of_kind("exports.file")
    assert letter.recipient == f"member:{ORLA.id}"
    assert "@" not in str(letter.data)
    ready = prepare(letter, world.desk, NOW)
    assert isinstance(ready, Ready)
    assert isinstance(ready.content, ExportNote)
    assert isinstance(ready.attached, Attached)
    assert ready.attached.name == "roster.csv"
    assert "ada@example.org" in ready.attached.content.decode()
    assert ready.content.rows == len(ready.attached.content.decode().splitlines()) - 1
    assert isinstance(prepare(letter, world.desk, NOW + 2 * OF_USE), Obsolete)


def test_work_is_named_by_its_slug(world: World) -> None:
    assert history("hw3", 0, ORLA, NOW, world.desk).title == HW3.title
