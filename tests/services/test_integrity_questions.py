"""Questions about a grade where organizers look into the work: theirs alone, and not of whoever upheld the case."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cohort.errors import NotAllowed
from cohort.grading import Marked
from cohort.hand_ins import HandIn
from cohort.mistakes import AdmitMistake
from cohort.roster import Member, Role, Status
from services.grading_queue import claim
from services.handovers import HandOver, hand_over
from services.integrity import Uphold, clear, flag, open_cases, uphold
from services.mistakes import admit
from services.regrades import answer, ask, ask_somebody_else, to_answer
from tests.services.grading_world import graded, grades_of, hand_in
from tests.services.nudge_world import ADA, HW3, NOW, ORLA, TARA, TOM, World, new_world, person

OLGA, OMAR = person("Olga", Role.ORGANIZER), person("Omar", Role.ORGANIZER)
HOUR = timedelta(hours=1)
FAILS = Marked(passed=False, feedback="The proof of the second part is missing")
PASSES = Marked(passed=True)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = new_world(tmp_path)
    world.add(OLGA)
    return world


@pytest.fixture
def work(world: World) -> HandIn:
    """Something of Ada's that Tara failed, and of which Ada knows."""
    made = hand_in(world.desk, HW3, ADA, at=NOW - 3 * HOUR)
    graded(world.desk, made, TARA, FAILS, NOW - 2 * HOUR)
    return made


def flagged(world: World, made: HandIn) -> str:
    """Let Tara flag what she claims, and return the case."""
    claim(made.id, TARA, NOW, world.desk)
    flag(made.id, "Word for word the same as another one.", TARA, NOW, world.desk)
    return open_cases(ORLA, NOW, world.desk)[-1].case.id


def upheld(world: World, by: Member = ORLA) -> HandIn:
    """Return something of Ada's whose case an organizer upheld, and whose grade Ada knows."""
    made = hand_in(world.desk, HW3, ADA, at=NOW - 3 * HOUR)
    uphold(Uphold(flagged(world, made), 1, FAILS, "Copied."), by, NOW, world.desk)
    return made


def asked(world: World, made: HandIn) -> str:
    """Let Ada ask about the grade that counts, and return the question."""
    return ask(grades_of(world.desk, made)[-1].id, "Why?", ADA, NOW, world.desk).regrade.id


def with_whom(world: World, regrade_id: str) -> str:
    with world.desk.store.reading() as records:
        found = records.regrades.get(regrade_id)
    assert found is not None
    return found.with_id


def test_a_question_about_an_upheld_case_goes_to_another_organizer(world: World) -> None:
    assert with_whom(world, asked(world, upheld(world, ORLA))) == OLGA.id


def test_whoever_upheld_it_answers_only_where_there_is_no_other_organizer(world: World) -> None:
    question = asked(world, upheld(world, ORLA))
    with pytest.raises(NotAllowed):
        answer(question, "It stays", None, ORLA, NOW, world.desk)
    world.add(replace(OLGA, status=Status.WITHDRAWN))
    assert answer(question, "It stays", None, ORLA, NOW, world.desk).with_ == ORLA


def test_a_second_look_is_not_that_of_whoever_upheld_it_even_after_another_grade(world: World) -> None:
    question = asked(world, upheld(world, ORLA))
    answer(question, "It passes", PASSES, OLGA, NOW, world.desk)
    assert ask_somebody_else(question, ADA, NOW, world.desk).by == OLGA


def test_a_second_look_is_that_of_a_third_organizer_where_there_is_one(world: World) -> None:
    world.add(OMAR)
    question = asked(world, upheld(world, ORLA))
    first = next(one for one in (OLGA, OMAR) if one.id == with_whom(world, question))
    answer(question, "It stays", None, first, NOW, world.desk)
    assert ask_somebody_else(question, ADA, NOW, world.desk).by.id in {OLGA.id, OMAR.id} - {first.id}


def test_a_question_asked_before_is_taken_along_when_the_work_is_flagged(world: World, work: HandIn) -> None:
    question = asked(world, work)
    assert with_whom(world, question) == TARA.id
    admit(AdmitMistake("hw3", "", "Take n > 0."), TARA, NOW, world.desk)
    case = flagged(world, work)
    assert with_whom(world, question) in {ORLA.id, OLGA.id}
    with pytest.raises(NotAllowed):
        answer(question, "It passes", PASSES, TARA, NOW, world.desk)
    uphold(Uphold(case, 1, FAILS, "Copied."), OLGA, NOW, world.desk)
    with pytest.raises(NotAllowed):
        to_answer(question, OLGA, NOW, world.desk)
    assert to_answer(question, ORLA, NOW, world.desk).regrade.id == question


def test_a_question_asked_while_organizers_look_is_theirs(world: World, work: HandIn) -> None:
    admit(AdmitMistake("hw3", "", "Take n > 0."), TARA, NOW, world.desk)
    case = flagged(world, work)
    question = asked(world, work)
    assert with_whom(world, question) in {ORLA.id, OLGA.id}
    clear(case, ORLA, NOW, world.desk)
    assert to_answer(question, ORLA, NOW, world.desk).regrade.id == question


def test_a_question_that_is_handed_over_stays_with_organizers_who_did_not_uphold_it(world: World) -> None:
    world.add(OMAR)
    question = asked(world, upheld(world, ORLA))
    first = with_whom(world, question)
    hand_over(HandOver(first), ORLA, NOW, world.desk)
    assert with_whom(world, question) in {OLGA.id, OMAR.id} - {first}


def test_a_question_that_is_handed_over_to_a_ta_by_name_goes_to_an_organizer(world: World) -> None:
    question = asked(world, upheld(world, ORLA))
    hand_over(HandOver(OLGA.id, TOM.id), ORLA, NOW, world.desk)
    assert with_whom(world, question) == ORLA.id
