"""Grading on a real database: what is written, who is told what and when, and what comes in between."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cohort.assignments import Assignment, Kind
from cohort.errors import AlreadySeen, GradeNotTaken, NotAllowed, ReasonNeeded
from cohort.grading import Marked, Verdict
from cohort.hand_ins import HandInState
from cohort.own_work import RetryReason
from cohort.policy import GradingPolicy
from cohort.roster import Member, Status
from services.desk import Desk
from services.grade_releases import preview, release
from services.grading import GiveGrade, grade, to_grade
from services.grading_messages import GradedNote
from services.grading_queue import claim
from services.grading_queue import release as give_back
from services.letters import Obsolete
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
    new_version,
    retries_of,
    state_of,
    submissions_of,
)

PART = Marked(feedback="A good start; the second half is still to come")


def held_desk(desk: Desk) -> Desk:
    """Return a desk whose policy holds back written work."""
    grading = GradingPolicy(held=frozenset({Kind.WRITTEN}))
    return replace(desk, policy=desk.policy.model_copy(update={"grading": grading}))


def test_a_pass_is_written_and_told_to_everyone_who_handed_it_in(
    desk: Desk, ada: Member, bo: Member, tara: Member, hw3: Assignment
) -> None:
    made = hand_in(desk, hw3, ada, bo)
    done = graded(desk, made, tara)
    assert [s.name for s in done.students] == ["Ada", "Bo"]
    assert (done.is_held, done.had_expired) == (False, False)
    assert [(s.score, s.passed) for s in submissions_of(desk, made)] == [(90.0, True), (90.0, True)]
    assert state_of(desk, made).state is HandInState.GRADED
    assert retries_of(desk, ada) == []
    notes = [heard(desk, letter, NOON + HOUR) for letter in letters(desk, "grading.graded")]
    [first, second] = [note for note in notes if isinstance(note, GradedNote)]
    assert {first.student.name, second.student.name} == {"Ada", "Bo"}
    assert (first.grader.name, first.grade.feedback, first.due_at) == ("Tara", GOOD.feedback, None)
    assert audited(desk, made) == ["grading.claimed", "grade.given"]


def test_not_yet_opens_one_date_for_all_and_is_told_in_each_ones_morning(
    desk: Desk, ada: Member, chen: Member, tara: Member, hw3: Assignment
) -> None:
    made = hand_in(desk, hw3, ada, chen)
    graded(desk, made, tara, WEAK)
    # At noon in UTC it is eight in the morning in New York, and evening in Singapore.
    singapore_morning = datetime(2026, 7, 2, 0, tzinfo=UTC)
    retries = [*retries_of(desk, ada), *retries_of(desk, chen)]
    assert {retry.due_at for retry in retries} == {singapore_morning + 5 * DAY}
    assert {retry.reason for retry in retries} == {RetryReason.NOT_YET}
    assert {retry.until_at for retry in retries} == {desk.policy.programme.closes_at}
    assert [(s.score, s.passed) for s in submissions_of(desk, made)] == [(40.0, False)] * 2
    told = {letter.recipient: heard(desk, letter, NOON) for letter in letters(desk, "grading.graded")}
    at_once = told[f"member:{ada.id}"]
    assert isinstance(at_once, GradedNote)
    assert at_once.due_at == singapore_morning + 5 * DAY
    assert told[f"member:{chen.id}"] == singapore_morning


def test_a_part_gets_feedback_and_a_date_and_is_no_fail(desk: Desk, ada: Member, tara: Member, hw3: Assignment) -> None:
    made = hand_in(desk, hw3, ada, is_part=True)
    done = graded(desk, made, tara, replace(PART, score=20.0, passed=False))
    assert (done.grade.verdict, done.grade.score) == (Verdict.PART, None)
    assert [retry.reason for retry in retries_of(desk, ada)] == [RetryReason.PART]
    assert [retry.due_at for retry in retries_of(desk, ada)] == [NOON + 5 * DAY]


def test_who_handed_in_the_rest_already_needs_no_date(desk: Desk, ada: Member, tara: Member, hw3: Assignment) -> None:
    part = hand_in(desk, hw3, ada, is_part=True)
    hand_in(desk, hw3, ada, attempt=2)
    graded(desk, part, tara, PART)
    assert retries_of(desk, ada) == []


def test_who_passed_meanwhile_needs_no_date(desk: Desk, ada: Member, bo: Member, tara: Member, hw3: Assignment) -> None:
    graded(desk, hand_in(desk, hw3, ada), tara)
    graded(desk, hand_in(desk, hw3, bo, ada, attempt=2), tara, WEAK)
    assert retries_of(desk, ada) == []
    assert len(retries_of(desk, bo)) == 1


def test_when_the_programme_has_closed_there_is_no_date_and_the_note_says_so(
    desk: Desk, ada: Member, tara: Member, hw3: Assignment
) -> None:
    late = desk.policy.programme.closes_at + DAY
    graded(desk, hand_in(desk, hw3, ada), tara, WEAK, late)
    assert retries_of(desk, ada, late) == []
    [letter] = letters(desk, "grading.graded")
    note = heard(desk, letter, late.replace(hour=12) + DAY)
    assert isinstance(note, GradedNote)
    assert note.due_at is None


def test_deciding_otherwise_than_the_pass_mark_goes_on_record(
    desk: Desk, ada: Member, tara: Member, hw3: Assignment
) -> None:
    made = hand_in(desk, hw3, ada)
    graded(desk, made, tara, Marked(68.0, passed=True, why="A slip of the pen"))
    [written] = grades_of(desk, made)
    assert (written.verdict, written.why) == (Verdict.PASSED, "A slip of the pen")
    assert audited(desk, made) == ["grading.claimed", "grade.given", "grade.overridden"]


@pytest.mark.parametrize(
    "marked", [Marked(), Marked(40.0), Marked(40.0, passed=True), Marked(90.0, passed=False, feedback="f")]
)
def test_what_is_missing_keeps_a_grade_from_being_taken(
    desk: Desk, ada: Member, tara: Member, hw3: Assignment, marked: Marked
) -> None:
    made = hand_in(desk, hw3, ada)
    with pytest.raises(ReasonNeeded):
        graded(desk, made, tara, marked)
    assert grades_of(desk, made) == []
    assert state_of(desk, made).claimed_by == tara.id


def test_what_is_held_stays_with_staff_until_it_is_released(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member, orla: Member, hw3: Assignment
) -> None:
    desk = held_desk(desk)
    first, second = hand_in(desk, hw3, ada), hand_in(desk, hw3, bo)
    waiting = hand_in(desk, hw3, chen)
    assert graded(desk, first, tara).is_held
    assert graded(desk, second, tara, WEAK).is_held
    assert [s.is_graded for s in [*submissions_of(desk, first), *submissions_of(desk, second)]] == [False, False]
    assert letters(desk, "grading.graded") == []
    assert retries_of(desk, bo) == []
    seen = preview("hw3", orla, NOON, desk)
    assert (seen.students, seen.waiting, seen.is_new) == ({"passed": 1, "not_yet": 1, "part": 0}, 1, False)
    done = release("hw3", orla, NOON + DAY, desk)
    assert (done.total, done.is_new) == (2, True)
    assert len(letters(desk, "grading.graded")) == 2
    assert len(retries_of(desk, bo, NOON + DAY)) == 1
    assert not graded(desk, waiting, tara, now=NOON + DAY).is_held
    assert release("hw3", orla, NOON + DAY, desk).total == 0
    assert len(letters(desk, "grading.graded")) == 3


def test_only_organizers_release(desk: Desk, ada: Member, tara: Member) -> None:
    for actor in (ada, tara):
        for act in (preview, release):
            with pytest.raises(NotAllowed):
                act("hw3", actor, NOON, desk)


def test_a_claim_that_ran_out_is_renewed_where_nobody_else_took_it(
    desk: Desk, ada: Member, tara: Member, hw3: Assignment
) -> None:
    made = hand_in(desk, hw3, ada)
    claim(made.id, tara, NOON, desk)
    give_back(made.id, tara, NOON, desk)
    done = grade(GiveGrade(made.id, 1, GOOD), tara, NOON + HOUR, desk)
    assert done.had_expired
    assert state_of(desk, made).state is HandInState.GRADED


def test_what_somebody_else_took_is_not_graded(
    desk: Desk, ada: Member, tara: Member, tom: Member, hw3: Assignment
) -> None:
    made = hand_in(desk, hw3, ada)
    claim(made.id, tom, NOON, desk)
    with pytest.raises(GradeNotTaken) as told:
        grade(GiveGrade(made.id, 1, GOOD), tara, NOON, desk)
    assert told.value.why == "taken"
    with pytest.raises(GradeNotTaken) as told:
        to_grade(made.id, tara, NOON, desk)
    assert told.value.why == "not_claimed"


def test_what_organizers_look_into_is_not_graded_and_says_no_more(
    desk: Desk, ada: Member, tara: Member, hw3: Assignment
) -> None:
    made = hand_in(desk, hw3, ada)
    claim(made.id, tara, NOON, desk)
    with desk.store.transaction() as records:
        records.hand_ins.set_aside(made.id)
    with pytest.raises(GradeNotTaken) as told:
        grade(GiveGrade(made.id, 1, GOOD), tara, NOON, desk)
    assert (told.value.why, told.value.by) == ("taken", None)


def test_what_is_graded_already_says_by_whom(
    desk: Desk, ada: Member, tara: Member, tom: Member, hw3: Assignment
) -> None:
    made = hand_in(desk, hw3, ada)
    graded(desk, made, tom)
    with pytest.raises(GradeNotTaken) as told:
        grade(GiveGrade(made.id, 1, WEAK), tara, NOON + HOUR, desk)
    assert (told.value.why, told.value.by, told.value.at) == ("graded", tom, NOON)
    assert [g.verdict for g in grades_of(desk, made)] == [Verdict.PASSED]


def test_a_newer_version_is_to_be_seen_before_it_is_graded(
    desk: Desk, ada: Member, tara: Member, hw3: Assignment
) -> None:
    made = hand_in(desk, hw3, ada)
    new_version(desk, made, 2)
    claim(made.id, tara, NOON, desk)
    with pytest.raises(GradeNotTaken) as told:
        grade(GiveGrade(made.id, 1, GOOD), tara, NOON, desk)
    assert told.value.why == "replaced"
    assert grade(GiveGrade(made.id, 2, GOOD), tara, NOON, desk).grade.verdict is Verdict.PASSED


def test_a_form_that_is_refused_can_be_sent_again_and_one_that_was_taken_counts_once(
    desk: Desk, ada: Member, tara: Member, hw3: Assignment
) -> None:
    made = hand_in(desk, hw3, ada)
    new_version(desk, made, 2)
    claim(made.id, tara, NOON, desk)
    pressed = desk.for_delivery("view:1")
    with pytest.raises(GradeNotTaken):
        grade(GiveGrade(made.id, 1, GOOD), tara, NOON, pressed)
    grade(GiveGrade(made.id, 2, GOOD), tara, NOON, pressed)
    with pytest.raises(AlreadySeen):
        grade(GiveGrade(made.id, 2, GOOD), tara, NOON, pressed)
    assert len(grades_of(desk, made)) == 1


def test_nobody_grades_who_may_not(desk: Desk, ada: Member, bo: Member, tara: Member, hw3: Assignment) -> None:
    made = hand_in(desk, hw3, ada)
    conflict(desk, tara, ada)
    for actor in (tara, bo):
        with pytest.raises(NotAllowed):
            grade(GiveGrade(made.id, 1, GOOD), actor, NOON, desk)


def left(desk: Desk, ada: Member) -> None:
    with desk.store.transaction() as records:
        records.roster.save(replace(ada, status=Status.WITHDRAWN))


def graded_anew(desk: Desk, ada: Member) -> None:
    del ada
    with desk.store.transaction() as records:
        [old] = [grade for place in records.connection.execute("SELECT id FROM hand_ins") for grade in
                 records.grading.of(place[0])]  # fmt: skip
        records.grading.add(replace(old, id="grd_new", number=2))


@pytest.mark.parametrize("change", [left, graded_anew])
def test_what_is_not_true_any_more_is_not_told(
    desk: Desk, ada: Member, tara: Member, hw3: Assignment, change: Callable[[Desk, Member], None]
) -> None:
    graded(desk, hand_in(desk, hw3, ada), tara)
    change(desk, ada)
    [letter] = letters(desk, "grading.graded")
    assert isinstance(heard(desk, letter, NOON), Obsolete)


def test_a_pass_waits_for_nobody_to_be_woken(desk: Desk, ada: Member, tara: Member, hw3: Assignment) -> None:
    midnight = datetime(2026, 7, 2, 4, tzinfo=UTC)
    graded(desk, hand_in(desk, hw3, ada), tara, now=midnight)
    [letter] = letters(desk, "grading.graded")
    assert heard(desk, letter, midnight) == midnight + timedelta(hours=8)
    assert isinstance(heard(desk, letter, midnight + timedelta(hours=14)), GradedNote)
