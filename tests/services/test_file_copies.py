"""Copies of a file that was handed in: for whoever grades it or looks at it again, and for nobody else."""

from datetime import datetime
from pathlib import Path

import pytest

from cohort.errors import NotAllowed
from cohort.grading import Marked
from cohort.hand_ins import File, HandIn, Version
from cohort.roster import Member
from services.file_copies import FileCopy, ask_copy
from services.grading import GiveGrade, grade
from services.grading_queue import claim, opened
from services.integrity import case_file, flag, open_cases
from services.letters import Obsolete
from services.regrades import answer, ask, ask_somebody_else
from tests.services.grading_world import conflict, grades_of, hand_in, heard, letters
from tests.services.nudge_world import ADA, HW3, NOW, ORLA, TARA, TOM, World, new_world

FILE = File("F1", "solution.pdf")
FAILS = Marked(passed=False, feedback="The proof of the second part is missing")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


@pytest.fixture
def work(world: World) -> HandIn:
    """Something of Ada's with a file, claimed by Tara."""
    made = hand_in(world.desk, HW3, ADA, at=NOW)
    with world.desk.store.transaction() as records:
        records.hand_ins.add_version(Version(made.id, 2, NOW, {}, FILE))
    claim(made.id, TARA, NOW, world.desk)
    return made


def came(world: World, now: datetime) -> dict[str, object]:
    """Return what the last copy for each person says."""
    return {letter.recipient: heard(world.desk, letter, now) for letter in letters(world.desk, "grading.file")}


def comes_to(world: World, member: Member, now: datetime) -> bool:
    copy = came(world, now).get(f"member:{member.id}")
    return isinstance(copy, FileCopy) and copy.file == FILE


def test_an_organizer_who_looks_into_a_case_has_the_file_sent(world: World, work: HandIn) -> None:
    flag(work.id, "Word for word the same as another one.", TARA, NOW, world.desk)
    case = open_cases(ORLA, NOW, world.desk)[0].case.id
    assert case_file(case, ORLA, NOW, world.desk).opened.has_copy
    assert not comes_to(world, ORLA, NOW)
    assert ask_copy(work.id, ORLA, NOW, world.desk) == FILE
    assert comes_to(world, ORLA, NOW)
    assert not comes_to(world, TARA, NOW)


def test_who_gives_a_second_look_has_the_file_sent_until_it_is_answered(world: World, work: HandIn) -> None:
    graded_by_tara(world, work)
    question = ask(grades_of(world.desk, work)[-1].id, "Why?", ADA, NOW, world.desk).regrade.id
    assert opened(work.id, TARA, NOW, world.desk).has_copy
    answer(question, "It lacks a proof", None, TARA, NOW, world.desk)
    assert not opened(work.id, TOM, NOW, world.desk).has_copy
    assert ask_somebody_else(question, ADA, NOW, world.desk).by == TOM
    assert opened(work.id, TOM, NOW, world.desk).has_copy
    assert ask_copy(work.id, TOM, NOW, world.desk) == FILE
    assert comes_to(world, TOM, NOW)
    answer(question, "It does", None, TOM, NOW, world.desk)
    assert came(world, NOW)[f"member:{TOM.id}"] == Obsolete("not theirs to read any more")


def graded_by_tara(world: World, made: HandIn) -> None:
    grade(GiveGrade(made.id, 2, FAILS), TARA, NOW, world.desk)


@pytest.mark.parametrize("who", [ADA, TOM], ids=["the student", "another TA"])
def test_nobody_else_has_it_sent(world: World, work: HandIn, who: Member) -> None:
    with pytest.raises(NotAllowed):
        ask_copy(work.id, who, NOW, world.desk)
    assert not comes_to(world, who, NOW)


def test_it_is_not_for_an_organizer_with_a_conflict_of_interest(world: World, work: HandIn) -> None:
    conflict(world.desk, ORLA, ADA)
    with pytest.raises(NotAllowed):
        ask_copy(work.id, ORLA, NOW, world.desk)


def test_where_the_latest_version_has_no_file_nothing_comes(world: World) -> None:
    made = hand_in(world.desk, HW3, ADA, at=NOW)
    assert not opened(made.id, ORLA, NOW, world.desk).has_copy
    assert ask_copy(made.id, ORLA, NOW, world.desk) is None
    assert letters(world.desk, "grading.file") == []
