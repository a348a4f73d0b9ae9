"""Integrity review: what organizers see, and that nobody else can tell that anything is looked at."""

from pathlib import Path

import pytest

from cohort.errors import AlreadyDecided, AlreadySeen, CohortError, GradeNotTaken, NotAllowed, ReasonNeeded
from cohort.grading import Verdict
from cohort.hand_ins import HandIn, HandInState
from cohort.integrity import CaseState
from cohort.roster import Member
from services.desk import Desk
from services.grading_queue import claim, claim_next, opened, queue
from services.integrity import CaseFile, Uphold, case_file, clear, flag, open_cases, to_flag, uphold
from services.letters import Obsolete
from services.nudges import nudge_missed
from tests.services.grading_world import GOOD, WEAK, grades_of, hand_in, heard, letters, new_version, state_of
from tests.services.nudge_world import ADA, BO, HW3, NOW, ORLA, TARA, TOM, World, new_world

NOTE = "Word for word the same as another one."


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


@pytest.fixture
def desk(world: World) -> Desk:
    return world.desk


@pytest.fixture
def work(desk: Desk) -> HandIn:
    """Something of Ada's that Tara has claimed."""
    made = hand_in(desk, HW3, ADA, at=NOW)
    claim(made.id, TARA, NOW, desk)
    return made


@pytest.fixture
def case_id(desk: Desk, work: HandIn) -> str:
    """The case that Tara opened about it."""
    flag(work.id, NOTE, TARA, NOW, desk)
    [file] = open_cases(ORLA, NOW, desk)
    return file.case.id


def test_a_flag_takes_the_work_out_of_the_queue_and_tells_organizers_alone(desk: Desk, work: HandIn) -> None:
    assert to_flag(work.id, TARA, NOW, desk).entry.hand_in.id == work.id
    flag(work.id, NOTE, TARA, NOW, desk)
    assert state_of(desk, work).state is HandInState.IN_REVIEW
    [letter] = letters(desk, "integrity.flagged")
    assert letter.recipient == f"member:{ORLA.id}"
    assert NOTE not in str(letter.data)
    content = heard(desk, letter, NOW)
    assert isinstance(content, CaseFile)
    assert (content.case.note, content.flagged_by) == (NOTE, TARA)


def test_to_everyone_else_it_waits(desk: Desk, work: HandIn, case_id: str) -> None:
    del case_id
    assert queue(TOM, NOW, desk).total == 0
    assert claim_next(TOM, NOW, desk) is None
    assert opened(work.id, TOM, NOW, desk).entry.hand_in.state is HandInState.WAITING
    assert claim(work.id, TOM, NOW, desk) is None
    assert state_of(desk, work).state is HandInState.IN_REVIEW


def test_nothing_is_nudged_about_it(world: World, case_id: str) -> None:
    del case_id
    nudge_missed(world.desk, NOW)
    assert f"member:{ADA.id}" not in {letter.recipient for letter in world.letters("nudges.missed")}
    assert f"member:{BO.id}" in {letter.recipient for letter in world.letters("nudges.missed")}


def test_cleared_it_is_back_at_its_place(desk: Desk, work: HandIn, case_id: str) -> None:
    cleared = clear(case_id, ORLA, NOW, desk)
    assert (cleared.case.state, cleared.decided_by) == (CaseState.CLEARED, ORLA)
    back = state_of(desk, work)
    assert (back.state, back.grade_by_at, back.owner_id) == (HandInState.WAITING, work.grade_by_at, work.owner_id)
    assert open_cases(ORLA, NOW, desk) == []
    [letter] = letters(desk, "integrity.flagged")
    assert heard(desk, letter, NOW) == Obsolete("decided meanwhile")


def test_upheld_the_organizer_grades_and_the_student_hears_as_ever(desk: Desk, work: HandIn, case_id: str) -> None:
    grade = uphold(Uphold(case_id, 1, WEAK_RESULT, "Copied."), ORLA, NOW, desk)
    assert (grade.verdict, grade.grader_id) == (Verdict.NOT_YET, ORLA.id)
    assert grades_of(desk, work)[-1].why == ""
    assert state_of(desk, work).state is HandInState.GRADED
    assert [letter.recipient for letter in letters(desk, "grading.graded")] == [f"member:{ADA.id}"]
    file = case_file(case_id, ORLA, NOW, desk)
    assert (file.case.state, file.case.reason) == (CaseState.UPHELD, "Copied.")


def test_the_first_decision_counts(desk: Desk, work: HandIn, case_id: str) -> None:
    clear(case_id, ORLA, NOW, desk)
    for second in (
        lambda: clear(case_id, ORLA, NOW, desk),
        lambda: uphold(Uphold(case_id, 1, WEAK_RESULT, "Copied."), ORLA, NOW, desk),
    ):
        with pytest.raises(AlreadyDecided) as told:
            second()
        assert told.value.decided_by == ORLA
    assert grades_of(desk, work) == []


def test_a_newer_version_is_looked_at_before_it_is_graded(desk: Desk, work: HandIn, case_id: str) -> None:
    new_version(desk, work, 2, NOW)
    with pytest.raises(GradeNotTaken):
        uphold(Uphold(case_id, 1, WEAK_RESULT, "Copied."), ORLA, NOW, desk)
    assert case_file(case_id, ORLA, NOW, desk).case.state is CaseState.OPEN
    uphold(Uphold(case_id, 2, WEAK_RESULT, "Copied."), ORLA, NOW, desk)


@pytest.mark.parametrize("who", [ADA, TARA, TOM], ids=["student", "who flagged it", "another TA"])
def test_nobody_else_can_look_or_decide(desk: Desk, case_id: str, who: Member) -> None:
    for act in (
        lambda: open_cases(who, NOW, desk),
        lambda: case_file(case_id, who, NOW, desk),
        lambda: case_file("int_none", who, NOW, desk),
        lambda: clear(case_id, who, NOW, desk),
        lambda: uphold(Uphold(case_id, 1, GOOD, "x"), who, NOW, desk),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert case_file(case_id, ORLA, NOW, desk).case.state is CaseState.OPEN


@pytest.mark.parametrize(
    ("who", "note", "error"),
    [
        pytest.param(TOM, NOTE, GradeNotTaken, id="who has not claimed it"),
        pytest.param(TARA, "", ReasonNeeded, id="no note"),
        pytest.param(ADA, NOTE, NotAllowed, id="a student"),
    ],
)
def test_what_can_not_be_flagged_stays(
    desk: Desk, work: HandIn, who: Member, note: str, error: type[CohortError]
) -> None:
    with pytest.raises(error):
        flag(work.id, note, who, NOW, desk)
    assert state_of(desk, work).state is HandInState.CLAIMED
    assert open_cases(ORLA, NOW, desk) == []


def test_an_upheld_case_needs_a_reason_and_a_whole_grade(desk: Desk, case_id: str) -> None:
    for decision in (Uphold(case_id, 1, WEAK_RESULT, ""), Uphold(case_id, 1, WEAK_UNSAID, "Copied.")):
        with pytest.raises(ReasonNeeded):
            uphold(decision, ORLA, NOW, desk)
    assert case_file(case_id, ORLA, NOW, desk).case.state is CaseState.OPEN


def test_the_same_flag_twice_is_one_case(desk: Desk, work: HandIn) -> None:
    delivery = desk.for_delivery("view:V1:integrity.flag")
    flag(work.id, NOTE, TARA, NOW, delivery)
    with pytest.raises((AlreadySeen, GradeNotTaken)):
        flag(work.id, NOTE, TARA, NOW, delivery)
    assert len(open_cases(ORLA, NOW, desk)) == 1


def test_the_words_of_decided_cases_are_erased_with_the_others(desk: Desk, case_id: str) -> None:
    with desk.store.transaction() as records:
        assert records.integrity.erase_words() == 0
    clear(case_id, ORLA, NOW, desk)
    with desk.store.transaction() as records:
        assert records.integrity.erase_words() == 1
        assert records.integrity.erase_words() == 0
    assert case_file(case_id, ORLA, NOW, desk).case.note == ""


# HW3 of this world has no pass mark, so that a result is said rather than a score.
WEAK_RESULT = WEAK.__class__(passed=False, feedback=WEAK.feedback)
WEAK_UNSAID = WEAK.__class__(passed=False)
