"""Claims that run out, and who is reminded of what waits to be graded: once a day, where there is something."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

from cohort.assignments import Assignment
from cohort.hand_ins import HandInState
from cohort.roster import Member
from services.desk import Desk
from services.grading_queue import claim, release
from services.grading_upkeep import (
    ClaimsEnd,
    ClaimsOver,
    GradingDue,
    GradingOverdue,
    expire_claims,
    remind_claims,
    remind_graders,
)
from services.letters import Obsolete
from tests.conftest import NOON
from tests.services.grading_world import DAY, HOUR, audited, graded, hand_in, heard, letters, state_of

MORNING = datetime(2026, 7, 2, 7, 30, tzinfo=UTC)


def test_what_was_not_graded_in_time_is_free_again_and_its_ta_is_told_once(
    desk: Desk, ada: Member, bo: Member, tara: Member, hw3: Assignment
) -> None:
    made = [hand_in(desk, hw3, student) for student in (ada, bo)]
    for each in made:
        claim(each.id, tara, NOON, desk)
    assert expire_claims(desk, NOON + 47 * HOUR) == 0
    assert expire_claims(desk, NOON + 48 * HOUR) == 2
    assert expire_claims(desk, NOON + 49 * HOUR) == 0
    assert [state_of(desk, each).state for each in made] == [HandInState.WAITING] * 2
    assert audited(desk, made[0]) == ["grading.claimed", "grading.claim_expired"]
    [letter] = letters(desk, "grading.claims_over")
    note = heard(desk, letter, NOON + 49 * HOUR)
    assert isinstance(note, ClaimsOver)
    assert {line.students[0].name for line in note.lines} == {"Ada", "Bo"}
    assert {line.ends_at for line in note.lines} == {NOON + 48 * HOUR}


def test_a_ta_is_reminded_before_a_claim_ends_once_a_day(
    desk: Desk, ada: Member, bo: Member, tara: Member, hw3: Assignment
) -> None:
    first, second = hand_in(desk, hw3, ada), hand_in(desk, hw3, bo)
    claim(first.id, tara, NOON, desk)
    claim(second.id, tara, NOON + HOUR, desk)
    assert remind_claims(desk, NOON + 24 * HOUR) == 0
    # Six hours before it ends it is seven in the morning in London, so it is brought up the evening before.
    assert remind_claims(desk, NOON + 32 * HOUR) == 1
    assert remind_claims(desk, NOON + 33 * HOUR) == 0
    [letter] = letters(desk, "grading.claims_end")
    note = heard(desk, letter, NOON + 31 * HOUR + HOUR / 2)
    assert isinstance(note, ClaimsEnd)
    assert [line.students[0].name for line in note.lines] == ["Ada", "Bo"]
    for made in (first, second):
        graded(desk, made, tara, now=NOON + 32 * HOUR)
    assert isinstance(heard(desk, letter, NOON + 33 * HOUR), Obsolete)


def test_a_reminder_says_nothing_where_what_would_end_soon_was_given_back_renewed_or_is_nobodys(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member, hw3: Assignment, hw4: Assignment
) -> None:
    given_back, renewed = hand_in(desk, hw3, ada), hand_in(desk, hw3, bo)
    cancelled, fresh = hand_in(desk, hw4, chen), hand_in(desk, hw3, chen)
    for made in (given_back, renewed, cancelled):
        claim(made.id, tara, NOON, desk)
    soon = NOON + 31 * HOUR + HOUR / 2
    claim(fresh.id, tara, soon, desk)
    assert remind_claims(desk, soon) == 1
    [letter] = letters(desk, "grading.claims_end")
    release(given_back.id, tara, soon, desk)
    note = heard(desk, letter, soon)
    assert isinstance(note, ClaimsEnd)
    assert {line.hand_in_id for line in note.lines} == {renewed.id, cancelled.id, fresh.id}
    release(renewed.id, tara, soon, desk)
    claim(renewed.id, tara, soon, desk)
    with desk.store.transaction() as records:
        records.assignments.save(replace(hw4, cancelled=True))
    assert heard(desk, letter, soon) == Obsolete("no claim ends soon any more")
    assert remind_claims(desk, soon) == 0


def test_what_went_back_and_was_taken_again_or_graded_is_not_named(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member, tom: Member, hw3: Assignment
) -> None:
    made = [hand_in(desk, hw3, student) for student in (ada, bo, chen)]
    for each in made:
        claim(each.id, tara, NOON, desk)
    over = NOON + 48 * HOUR
    expire_claims(desk, over)
    [letter] = letters(desk, "grading.claims_over")
    claim(made[0].id, tara, over, desk)
    graded(desk, made[1], tom, now=over)
    note = heard(desk, letter, over)
    assert isinstance(note, ClaimsOver)
    assert [line.hand_in_id for line in note.lines] == [made[2].id]
    claim(made[2].id, tara, over, desk)
    assert heard(desk, letter, over) == Obsolete("graded or claimed again")


def test_tas_hear_what_is_near_and_organizers_what_is_overdue_once_a_day(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member, tom: Member, orla: Member, hw3: Assignment,
    hw4: Assignment,
) -> None:  # fmt: skip
    hand_in(desk, hw3, ada, owner_id=tara.id, grade_by_at=MORNING - HOUR)
    hand_in(desk, hw3, bo, owner_id=tara.id, grade_by_at=MORNING + 5 * HOUR)
    hand_in(desk, hw4, ada, grade_by_at=MORNING - DAY)
    hand_in(desk, hw4, chen, owner_id=tom.id, grade_by_at=MORNING + 3 * DAY)
    assert remind_graders(desk, MORNING) == 2
    assert remind_graders(desk, MORNING + HOUR) == 0
    [to_tara] = letters(desk, "grading.due")
    note = heard(desk, to_tara, MORNING)
    assert isinstance(note, GradingDue)
    assert [(line.assignment.slug, line.count, line.overdue) for line in note.lines] == [("hw3", 2, 1)]
    [to_orla] = letters(desk, "grading.overdue")
    assert to_orla.recipient == f"member:{orla.id}"
    report = heard(desk, to_orla, MORNING)
    assert isinstance(report, GradingOverdue)
    lines = [(line.assignment.slug, line.count, line.grader and line.grader.name) for line in report.lines]
    assert lines == [("hw4", 1, None), ("hw3", 1, "Tara")]
    remind_graders(desk, MORNING + DAY)
    assert Counter(letter.recipient for letter in letters(desk, "grading.due")) == {f"member:{tara.id}": 2}


def test_where_nothing_is_due_nobody_is_told_anything(
    desk: Desk, ada: Member, tara: Member, tom: Member, hw3: Assignment
) -> None:
    hand_in(desk, hw3, ada, owner_id=tom.id, grade_by_at=MORNING + HOUR)
    with desk.store.transaction() as records:
        records.graders.set_away(tom.id, MORNING - DAY, None)
    assert remind_graders(desk, MORNING) == 0
    with desk.store.transaction() as records:
        records.graders.set_back(tom.id)
    assert remind_graders(desk, MORNING) == 1
    [letter] = letters(desk, "grading.due")
    with desk.store.transaction() as records:
        [place] = records.grading.places()
        records.hand_ins.own(place.id, tara.id)
    assert isinstance(heard(desk, letter, MORNING + 8 * HOUR), Obsolete)


def test_what_was_overdue_and_is_graded_is_not_reported(desk: Desk, ada: Member, tara: Member, hw3: Assignment) -> None:
    made = hand_in(desk, hw3, ada, grade_by_at=MORNING - HOUR)
    remind_graders(desk, MORNING)
    graded(desk, made, tara, now=MORNING)
    [letter] = letters(desk, "grading.overdue")
    assert isinstance(heard(desk, letter, MORNING), Obsolete)
