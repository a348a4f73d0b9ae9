"""“Our mistake”: who is told, what is looked at again, and that it happens once."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cohort.errors import AlreadySeen, NotAllowed, NotFound, ReasonNeeded
from cohort.grading import Grade, Verdict
from cohort.hand_ins import HandIn, HandInState
from cohort.mistakes import AdmitMistake
from cohort.roster import Member, Status
from cohort.submissions import Submission
from services.messages import Ready
from services.mistakes import MistakeNote, MistakeReport, Touched, admit, to_admit
from tests.services.nudge_world import ADA, BO, CHEN, HW3, NOW, ORLA, TARA, TOM, World, new_world

DAY = timedelta(days=1)
SORRY = AdmitMistake("hw3", "Question 2b", "Take n > 0, not n < 0.")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def graded(world: World, student: Member, verdict: Verdict, at: datetime = NOW - DAY) -> str:
    """Let Tom have graded what a student handed in, and the student know it."""
    hand_in_id, passed = f"hin_{student.id}", verdict is Verdict.PASSED
    with world.desk.store.transaction() as records:
        records.hand_ins.add(HandIn(hand_in_id, HW3.id, student.id, at - DAY, at - DAY, at, state=HandInState.GRADED))
        records.submissions.add(
            Submission(f"sub_{student.id}", HW3.id, student.id, 1, at - DAY, None, passed, hand_in_id)
        )
        records.grading.add(Grade(f"grd_{student.id}", hand_in_id, 1, TOM.id, verdict, "Nearly.", at))
    return hand_in_id


def notes(world: World) -> dict[str, object]:
    return {letter.recipient: sent.content for letter, sent in world.deliver(NOW) if isinstance(sent, Ready)}


def test_who_holds_the_work_is_told_once_and_organizers_hear_of_it(world: World) -> None:
    graded(world, BO, Verdict.PASSED)
    assert to_admit("hw3", TARA, NOW, world.desk) == Touched(HW3, 2, 0)
    assert admit(SORRY, TARA, NOW, world.desk) == Touched(HW3, 2, 0)
    told = notes(world)
    assert {to for to, note in told.items() if isinstance(note, MistakeNote)} == {
        f"member:{ADA.id}",
        f"member:{CHEN.id}",
    }
    note = told[f"member:{ADA.id}"]
    assert isinstance(note, MistakeNote)
    assert (note.mistake.question, note.mistake.words, note.looked_at_again) == (SORRY.question, SORRY.words, False)
    report = told[f"member:{ORLA.id}"]
    assert isinstance(report, MistakeReport)
    assert (report.by, report.students, report.failed) == (TARA, 2, 0)


def test_what_failed_is_looked_at_again_by_who_graded_it(world: World) -> None:
    failed, passed = graded(world, ADA, Verdict.NOT_YET), graded(world, BO, Verdict.PASSED)
    assert admit(SORRY, TARA, NOW, world.desk).failed == 1
    with world.desk.store.reading() as records:
        again, stays = records.hand_ins.get(failed), records.hand_ins.get(passed)
    assert again is not None
    assert (again.state, again.owner_id, again.ready_at) == (HandInState.WAITING, TOM.id, NOW)
    assert again.grade_by_at == NOW + 2 * DAY
    assert stays is not None
    assert stays.state is HandInState.GRADED
    note = notes(world)[f"member:{ADA.id}"]
    assert isinstance(note, MistakeNote)
    assert note.looked_at_again


def test_a_second_mistake_touches_nothing_that_waits_already(world: World) -> None:
    graded(world, ADA, Verdict.NOT_YET)
    assert admit(SORRY, TARA, NOW, world.desk).failed == 1
    assert admit(replace(SORRY, question=""), TARA, NOW + DAY, world.desk).failed == 0


def test_those_who_owe_nothing_are_not_told(world: World) -> None:
    world.excuse(ADA, HW3)
    world.add(replace(BO, status=Status.PAUSED))
    with world.desk.store.transaction() as records:
        records.own_work.drop(CHEN.id, HW3.id, NOW)
    assert admit(SORRY, TARA, NOW, world.desk).students == 0


def test_nobody_is_told_who_has_left_meanwhile(world: World) -> None:
    admit(SORRY, TARA, NOW, world.desk)
    world.add(replace(ADA, status=Status.WITHDRAWN, left_at=NOW))
    assert f"member:{ADA.id}" not in notes(world)


@pytest.mark.parametrize(
    ("actor", "command", "error"),
    [
        pytest.param(ADA, SORRY, NotAllowed, id="a student"),
        pytest.param(TARA, replace(SORRY, words=""), ReasonNeeded, id="no words"),
        pytest.param(TARA, replace(SORRY, assignment_id="hw99"), NotFound, id="no such assignment"),
    ],
)
def test_what_is_refused_changes_nothing(
    world: World, actor: Member, command: AdmitMistake, error: type[Exception]
) -> None:
    failed = graded(world, BO, Verdict.NOT_YET)
    with pytest.raises(error):
        admit(command, actor, NOW, world.desk)
    with world.desk.store.reading() as records:
        found = records.hand_ins.get(failed)
    assert found is not None
    assert found.state is HandInState.GRADED
    assert world.letters("mistakes.told") == []


def test_the_same_form_twice_tells_once(world: World) -> None:
    desk = world.desk.for_delivery("view:V1:mistakes.admit")
    admit(SORRY, TARA, NOW, desk)
    with pytest.raises(AlreadySeen):
        admit(SORRY, TARA, NOW, desk)
    assert len(world.letters("mistakes.told")) == 3
