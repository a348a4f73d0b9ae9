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
from cohort.roster import Status
from handlers.views.messages import render
from services import regrades
from services.grading_messages import GradedNote
from services.grading_queue import claim, claim_next, queue, release
from services.integrity import Uphold, flag, open_cases, uphold
from services.mistakes import MistakeNote, admit
from tests.services.grading_world import conflict, graded, hand_in, heard, letters, retries_of, state_of, submissions_of
from tests.services.nudge_world import ADA, BO, CHEN, HW3, NOW, ORLA, TARA, TOM, World, homework, new_world, policy

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


def test_work_of_who_has_left_is_nobodys_to_grade(world: World) -> None:
    hand_in(world.desk, HW3, ADA, at=NOW)
    together = hand_in(world.desk, HW3, BO, CHEN, at=NOW)
    world.add(*(replace(gone, status=Status.WITHDRAWN, left_at=NOW) for gone in (ADA, BO)))
    assert [entry.hand_in.id for entry in queue(TARA, NOW, world.desk).entries] == [together.id]


def test_a_mistake_does_not_give_work_to_who_may_not_grade_it(world: World) -> None:
    work = hand_in(world.desk, HW3, ADA, at=NOW)
    graded(world.desk, work, TARA, FAILED, NOW)
    conflict(world.desk, TARA, ADA)
    admit(SORRY, TOM, NOW, world.desk)
    assert state_of(world.desk, work).owner_id is None
    assert claim_next(TOM, NOW, world.desk) is not None


def test_who_has_passed_is_not_told_that_a_later_try_has_not(world: World) -> None:
    first, second = hand_in(world.desk, HW3, ADA, at=NOW), hand_in(world.desk, HW3, ADA, at=NOW, attempt=2)
    graded(world.desk, first, TARA, PASSED, NOW)
    graded(world.desk, second, TARA, FAILED, NOW)
    note = heard(world.desk, letters(world.desk, "grading.graded")[-1], NOW + timedelta(hours=20))
    assert isinstance(note, GradedNote)
    assert "You have passed" in render(note, ADA.tz).text
    assert "organizer" not in str(render(note, ADA.tz).blocks)


def test_who_claims_again_gets_the_file_again(world: World) -> None:
    work = hand_in(world.desk, HW3, ADA, at=NOW)
    with world.desk.store.transaction() as records:
        records.hand_ins.add_version(Version(work.id, 2, NOW, {}, File("F1", "solution.pdf")))
    for minutes in (0, 5):
        claim(work.id, TARA, NOW + timedelta(minutes=minutes), world.desk)
        release(work.id, TARA, NOW + timedelta(minutes=minutes + 1), world.desk)
    assert len(letters(world.desk, "grading.file")) == 2
