"""What was promised stays true: time that was granted, passes, secrets, and work that is nobody's to grade."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cohort.assignments import Kind
from cohort.grading import Marked, Verdict
from cohort.hand_ins import File, HandInState, Version
from cohort.mistakes import AdmitMistake
from cohort.policy import GradingPolicy
from services import regrades
from services.grading_queue import claim, claim_next, queue, release
from services.integrity import Uphold, flag, open_cases, uphold
from services.mistakes import MistakeNote, admit
from tests.services.grading_world import graded, hand_in, heard, letters, retries_of, state_of, submissions_of
from tests.services.nudge_world import ADA, HW3, NOW, ORLA, TARA, TOM, World, homework, new_world, policy

DAY = timedelta(days=1)
FAILED, PASSED = Marked(passed=False, feedback="Look at question 2."), Marked(passed=True)
PART = Marked(feedback="A good start.")
SOON = homework("hw4", NOW + 20 * DAY)
SORRY = AdmitMistake("hw3", "", "Take n > 0.")
HELD = policy(grading=GradingPolicy(held=frozenset({Kind.PROGRAMMING})))


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = new_world(tmp_path)
    made.assign(SOON)
    return made


@pytest.fixture
def held(tmp_path: Path) -> World:
    made = new_world(tmp_path, HELD)
    made.assign(SOON)
    return made


@pytest.mark.parametrize("marked", [FAILED, PART], ids=["a fail", "a part"])
def test_an_early_grade_takes_no_time_away(world: World, marked: Marked) -> None:
    graded(world.desk, hand_in(world.desk, SOON, ADA, at=NOW, is_part=marked is PART), TARA, marked, NOW)
    [retry] = retries_of(world.desk, ADA, NOW)
    assert retry.due_at == SOON.due_at


def test_an_extension_outlives_an_early_grade(world: World) -> None:
    until_at = NOW + 9 * DAY
    world.extend(ADA, HW3, until_at, NOW - 3 * DAY)
    graded(world.desk, hand_in(world.desk, HW3, ADA, at=NOW), TARA, FAILED, NOW)
    assert [retry.due_at for retry in retries_of(world.desk, ADA, NOW)] == [until_at]


def test_a_part_is_never_held_back(held: World) -> None:
    given = graded(held.desk, hand_in(held.desk, HW3, ADA, at=NOW, is_part=True), TARA, PART, NOW)
    assert (given.is_held, given.grade.verdict) == (False, Verdict.PART)
    assert len(retries_of(held.desk, ADA, NOW)) == 1


def test_our_mistake_does_not_tell_of_a_fail_that_is_held(held: World) -> None:
    work = hand_in(held.desk, HW3, ADA, at=NOW)
    assert graded(held.desk, work, TARA, FAILED, NOW).is_held
    admit(SORRY, TOM, NOW, held.desk)
    assert state_of(held.desk, work).state is HandInState.WAITING
    [letter] = [each for each in letters(held.desk, "mistakes.told") if each.recipient == f"member:{ADA.id}"]
    note = heard(held.desk, letter, NOW)
    assert isinstance(note, MistakeNote)
    assert not note.looked_at_again


def test_a_pass_by_an_answer_is_not_graded_again(world: World) -> None:
    work = hand_in(world.desk, HW3, ADA, at=NOW)
    grade = graded(world.desk, work, TARA, FAILED, NOW).grade
    asked = regrades.ask(grade.id, "Why?", ADA, NOW, world.desk)
    admit(SORRY, TOM, NOW, world.desk)
    assert state_of(world.desk, work).state is HandInState.WAITING
    regrades.answer(asked.regrade.id, "You are right.", PASSED, TARA, NOW, world.desk)
    assert state_of(world.desk, work).state is HandInState.GRADED
    assert claim_next(TARA, NOW, world.desk) is None
    assert [s.passed for s in submissions_of(world.desk, work)] == [True]


def test_an_upheld_case_stays_with_organizers(held: World) -> None:
    work = hand_in(held.desk, HW3, ADA, at=NOW)
    claim(work.id, TARA, NOW, held.desk)
    flag(work.id, "Alike.", TARA, NOW, held.desk)
    [file] = open_cases(ORLA, NOW, held.desk)
    uphold(Uphold(file.case.id, 1, FAILED, "Copied."), ORLA, NOW, held.desk)
    # Told with everyone else's, when an organizer releases them.
    assert letters(held.desk, "grading.graded") == []
    assert admit(SORRY, TARA, NOW, held.desk).failed == 0
    assert state_of(held.desk, work).state is HandInState.GRADED


def test_cancelled_work_is_nobodys_to_grade(world: World) -> None:
    work = hand_in(world.desk, HW3, ADA, at=NOW)
    world.assign(replace(HW3, cancelled=True))
    assert queue(TARA, NOW, world.desk).total == 0
    assert claim_next(TARA, NOW, world.desk) is None
    graded(world.desk, work, TARA, FAILED, NOW)
    assert retries_of(world.desk, ADA, NOW) == []


def test_who_claims_again_gets_the_file_again(world: World) -> None:
    work = hand_in(world.desk, HW3, ADA, at=NOW)
    with world.desk.store.transaction() as records:
        records.hand_ins.add_version(Version(work.id, 2, NOW, {}, File("F1", "solution.pdf")))
    for minutes in (0, 5):
        claim(work.id, TARA, NOW + timedelta(minutes=minutes), world.desk)
        release(work.id, TARA, NOW + timedelta(minutes=minutes + 1), world.desk)
    assert len(letters(world.desk, "grading.file")) == 2
