"""Questions about a grade: who answers, what an answer changes, and who is told."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cohort.assignments import Assignment, Kind
from cohort.errors import AlreadyDecided, NotAllowed, NotFound, ReasonNeeded
from cohort.grading import Grade, Marked, Verdict
from cohort.policy import GradingPolicy
from cohort.regrades import Regrade, RegradeState
from cohort.roster import Member, Status
from services.desk import Desk
from services.erase import erase
from services.grading_upkeep import GradingDue, remind_graders
from services.letters import Obsolete
from services.regrades import RegradeCard, RegradeNote, answer, ask, ask_somebody_else, to_answer, to_ask
from tests.conftest import NOON
from tests.services.grading_world import (
    DAY,
    GOOD,
    HOUR,
    WEAK,
    audited,
    conflict,
    graded,
    grades_of,
    hand_in,
    heard,
    letters,
    retries_of,
    submissions_of,
)

LATER = NOON + HOUR


@pytest.fixture
def weak(desk: Desk, ada: Member, bo: Member, tara: Member, hw3: Assignment) -> Grade:
    """A grade of Ada and Bo together that is not a pass."""
    return graded(desk, hand_in(desk, hw3, ada, bo), tara, WEAK).grade


def regrade_of(desk: Desk, grade: Grade, student: Member) -> Regrade:
    with desk.store.reading() as records:
        return records.regrades.of(grade.hand_in_id, student.id)[-1]


def test_a_question_goes_to_the_grader_once(desk: Desk, weak: Grade, ada: Member, tara: Member) -> None:
    assert to_ask(weak.id, ada, NOON, desk).slug == "hw3"
    asked = ask(weak.id, "  Where is the mistake?  ", ada, NOON, desk)
    assert (asked.is_new, asked.by, asked.regrade.question) == (True, tara, "Where is the mistake?")
    assert not ask(weak.id, "And again?", ada, NOON, desk).is_new
    [letter] = letters(desk, "regrades.card")
    assert letter.recipient == f"member:{tara.id}"
    card = heard(desk, letter, NOON)
    assert isinstance(card, RegradeCard)
    assert card.about.regrade.question == "Where is the mistake?"


def test_an_answer_that_keeps_the_grade_is_told_with_its_reason(
    desk: Desk, weak: Grade, ada: Member, tara: Member
) -> None:
    asked = ask(weak.id, "Why?", ada, NOON, desk)
    done = answer(asked.regrade.id, "The base case is missing", None, tara, LATER, desk)
    assert (done.regrade.state, done.regrade.changed, done.grade.id) == (RegradeState.ANSWERED, False, weak.id)
    [letter] = letters(desk, "regrades.answered")
    note = heard(desk, letter, LATER)
    assert isinstance(note, RegradeNote)
    assert (note.about.regrade.answer, note.about.with_) == ("The base case is missing", tara)
    [card] = letters(desk, "regrades.card")
    assert isinstance(heard(desk, card, LATER), Obsolete)


def test_an_answer_that_makes_it_a_pass_changes_it_for_all_and_closes_the_date(
    desk: Desk, weak: Grade, ada: Member, bo: Member, tara: Member
) -> None:
    asked = ask(weak.id, "I did show it", ada, NOON, desk)
    answer(asked.regrade.id, "You did, on page two", Marked(80.0), tara, LATER, desk)
    with desk.store.reading() as records:
        hand_in_id = weak.hand_in_id
        made = records.hand_ins.get(hand_in_id)
    assert made is not None
    assert [(g.number, g.verdict, g.score) for g in grades_of(desk, made)] == [
        (1, Verdict.NOT_YET, 40.0),
        (2, Verdict.PASSED, 80.0),
    ]
    assert [(s.score, s.passed) for s in submissions_of(desk, made)] == [(80.0, True)] * 2
    assert retries_of(desk, ada, LATER) == retries_of(desk, bo, LATER) == []
    anew = [letter for letter in letters(desk, "grading.graded") if letter.data["grade"] != weak.id]
    assert [letter.recipient for letter in anew] == [f"member:{bo.id}"]
    assert audited(desk, made)[-2:] == ["grade.given", "grade.changed"]


def test_a_pass_is_never_taken_away(desk: Desk, ada: Member, tara: Member, hw3: Assignment) -> None:
    given = graded(desk, hand_in(desk, hw3, ada), tara, GOOD).grade
    asked = ask(given.id, "Was the proof right?", ada, NOON, desk)
    done = answer(asked.regrade.id, "Not quite", Marked(50.0), tara, LATER, desk)
    assert (done.grade.verdict, done.grade.score) == (Verdict.PASSED, 50.0)


def test_what_is_not_settled_goes_to_somebody_else_and_then_is(
    desk: Desk, weak: Grade, ada: Member, tara: Member, tom: Member
) -> None:
    asked = ask(weak.id, "Why?", ada, NOON, desk)
    assert not ask_somebody_else(asked.regrade.id, ada, NOON, desk).is_new
    answer(asked.regrade.id, "So", None, tara, NOON, desk)
    second = ask_somebody_else(asked.regrade.id, ada, NOON, desk)
    assert (second.is_new, second.by) == (True, tom)
    with pytest.raises(NotAllowed):
        answer(asked.regrade.id, "Still so", None, tara, NOON, desk)
    done = answer(asked.regrade.id, "It holds", Marked(passed=True, score=40.0), tom, LATER, desk)
    assert (done.regrade.state, done.grade.verdict) == (RegradeState.SETTLED, Verdict.PASSED)
    assert not ask_somebody_else(asked.regrade.id, ada, LATER, desk).is_new
    assert not ask(weak.id, "Once more?", ada, LATER, desk).regrade.state.is_open
    assert len(letters(desk, "regrades.answered")) == 2


def away(desk: Desk, tara: Member) -> None:
    with desk.store.transaction() as records:
        records.graders.set_away(tara.id, NOON - DAY, None)


def gone(desk: Desk, tara: Member) -> None:
    with desk.store.transaction() as records:
        records.roster.save(replace(tara, status=Status.WITHDRAWN))


def in_conflict(desk: Desk, tara: Member) -> None:
    with desk.store.transaction() as records:
        ada = records.roster.by_email("ada@example.org")
    assert ada is not None
    conflict(desk, tara, ada)


@pytest.mark.parametrize("change", [away, gone, in_conflict])
def test_where_the_grader_can_not_another_ta_answers(
    desk: Desk, weak: Grade, ada: Member, tara: Member, tom: Member, change: Callable[[Desk, Member], None]
) -> None:
    change(desk, tara)
    assert ask(weak.id, "Why?", ada, NOON, desk).by == tom


def test_with_no_ta_left_an_organizer_answers(
    desk: Desk, weak: Grade, ada: Member, tara: Member, tom: Member, orla: Member
) -> None:
    for ta in (tara, tom):
        away(desk, ta)
    assert ask(weak.id, "Why?", ada, NOON, desk).by == orla


def test_organizers_may_answer_for_anyone_and_nobody_twice(
    desk: Desk, weak: Grade, ada: Member, tara: Member, orla: Member
) -> None:
    asked = ask(weak.id, "Why?", ada, NOON, desk)
    answer(asked.regrade.id, "So", None, orla, NOON, desk)
    with pytest.raises(AlreadyDecided) as told:
        answer(asked.regrade.id, "Otherwise", None, orla, LATER, desk)
    assert told.value.decided_by == orla
    assert regrade_of(desk, weak, ada).answer == "So"
    with pytest.raises(NotAllowed):
        to_answer(asked.regrade.id, tara, LATER, desk)


def test_who_may_not_ask_or_answer(
    desk: Desk, weak: Grade, ada: Member, chen: Member, tara: Member, tom: Member
) -> None:
    with pytest.raises(NotAllowed):
        ask(weak.id, "Why?", chen, NOON, desk)
    with pytest.raises(NotAllowed):
        ask(weak.id, "Why?", tara, NOON, desk)
    with pytest.raises(NotFound):
        ask("grd_nothing", "Why?", ada, NOON, desk)
    with pytest.raises(ReasonNeeded):
        ask(weak.id, "  ", ada, NOON, desk)
    asked = ask(weak.id, "Why?", ada, NOON, desk)
    for actor in (ada, tom):
        with pytest.raises(NotAllowed):
            answer(asked.regrade.id, "So", None, actor, NOON, desk)
    with pytest.raises(NotAllowed):
        ask_somebody_else(asked.regrade.id, chen, NOON, desk)
    with pytest.raises(ReasonNeeded):
        answer(asked.regrade.id, " ", None, tara, NOON, desk)
    with pytest.raises(NotFound):
        to_answer("rgd_nothing", tara, NOON, desk)


def test_a_question_that_waited_for_a_day_is_brought_up_with_whoever_has_it(
    desk: Desk, weak: Grade, ada: Member, tara: Member
) -> None:
    asked = ask(weak.id, "Why?", ada, NOON, desk)
    assert remind_graders(desk, NOON + 20 * HOUR) == 0
    assert remind_graders(desk, NOON + DAY) == 1
    [letter] = letters(desk, "grading.due")
    note = heard(desk, letter, NOON + DAY)
    assert isinstance(note, GradingDue)
    assert (note.grader, note.questions) == (tara, 1)
    answer(asked.regrade.id, "So", None, tara, NOON + DAY, desk)
    assert isinstance(heard(desk, letter, NOON + DAY), Obsolete)


def test_of_someone_who_is_erased_no_words_are_left(desk: Desk, weak: Grade, ada: Member, tara: Member) -> None:
    asked = ask(weak.id, "A private question", ada, NOON, desk)
    answer(asked.regrade.id, "A private answer", Marked(80.0), tara, NOON, desk)
    erase(ada.id, LATER, desk)
    with desk.store.reading() as records:
        dump = "\n".join(records.connection.iterdump())
    assert "A private" not in dump
    assert WEAK.feedback not in dump


def test_a_grade_that_is_held_can_not_be_asked_about(desk: Desk, ada: Member, tara: Member, hw3: Assignment) -> None:
    held = GradingPolicy(held=frozenset({Kind.WRITTEN}))
    holding = replace(desk, policy=desk.policy.model_copy(update={"grading": held}))
    given = graded(holding, hand_in(desk, hw3, ada), tara).grade
    with pytest.raises(NotFound):
        ask(given.id, "Why?", ada, NOON, holding)
