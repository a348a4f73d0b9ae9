"""Handing over what a TA holds: evenly, without conflicts, told to all concerned, undone, and never left behind."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cohort.assignments import Assignment
from cohort.errors import DatePassed, NotActive, NotAllowed, NotFound, Unclear
from cohort.grading import Grade, Verdict
from cohort.hand_ins import HandInState
from cohort.regrades import Regrade
from cohort.roster import Member, Role, Status
from cohort.wishes import ForDays, UntilWall
from handlers.views.handovers import undone
from services.desk import Desk
from services.duties import EXTENSIONS, QUESTIONS, duty_ta
from services.erase import erase
from services.graders import set_conflict
from services.grading_owner import owner_for
from services.grading_queue import claim
from services.handover_messages import HandedToYou, HandoverReport, HandoverUndone, Share
from services.handovers import (
    HandOver,
    TakenBack,
    absence_of,
    come_back,
    go_away,
    hand_over,
    release_all_gone,
    undo,
)
from services.imports import import_roster
from services.integrity import clear, flag, open_cases
from services.letters import Obsolete
from tests.conftest import NOON, a_member
from tests.services.grading_world import DAY, audited, conflict, graded, hand_in, heard, letters, state_of


@pytest.fixture
def tess(desk: Desk) -> Member:
    """A third TA."""
    member = a_member("Tess", Role.TA)
    with desk.store.transaction() as records:
        records.roster.save(member)
    return member


def away_since(desk: Desk, member: Member, at: datetime) -> tuple[datetime, datetime | None] | None:
    with desk.store.reading() as records:
        return absence_of(records, member, at)


def owners(desk: Desk, *made: object) -> list[str | None]:
    return [state_of(desk, one).owner_id for one in made]  # type: ignore[arg-type] # hand-ins of the test


def test_everything_goes_evenly_to_those_who_hold_least(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member, tom: Member, tess: Member, hw3: Assignment
) -> None:
    made = [hand_in(desk, hw3, one, owner_id=tara.id) for one in (ada, bo, chen)]
    hand_in(desk, hw3, ada, attempt=2, owner_id=tom.id)
    claim(made[0].id, tara, NOON, desk)
    done = go_away(None, tara, NOON, desk)
    assert (done.things, done.people) == (3, 2)
    assert sorted(map(str, owners(desk, *made))) == [tess.id, tess.id, tom.id]
    assert {state_of(desk, one).state for one in made} == {HandInState.WAITING}


def test_those_who_grade_the_same_assignment_come_first_and_nobody_in_conflict(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member, tess: Member, hw3: Assignment
) -> None:
    with desk.store.transaction() as records:
        records.graders.assign(hw3.id, [tara.id, tom.id])
    conflict(desk, tom, bo)
    of_ada, of_bo = hand_in(desk, hw3, ada, owner_id=tara.id), hand_in(desk, hw3, bo, owner_id=tara.id)
    go_away(None, tara, NOON, desk)
    assert owners(desk, of_ada, of_bo) == [tom.id, tess.id]


def test_organizers_get_what_no_ta_may_have_and_else_it_is_free(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member, orla: Member, hw3: Assignment
) -> None:
    for student in (ada, bo):
        conflict(desk, tom, student)
    conflict(desk, orla, bo)
    of_ada, of_bo = hand_in(desk, hw3, ada, owner_id=tara.id), hand_in(desk, hw3, bo, owner_id=tara.id)
    go_away(None, tara, NOON, desk)
    assert owners(desk, of_ada, of_bo) == [orla.id, None]


def test_all_goes_to_whom_an_organizer_names_but_for_conflicts(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member, tess: Member, orla: Member, hw3: Assignment
) -> None:
    conflict(desk, tom, bo)
    of_ada, of_bo = hand_in(desk, hw3, ada, owner_id=tara.id), hand_in(desk, hw3, bo, owner_id=tara.id)
    hand_over(HandOver("Tara", "tom@example.org", ForDays(3)), orla, NOON, desk)
    assert owners(desk, of_ada, of_bo) == [tom.id, tess.id]
    assert away_since(desk, tara, NOON) == (NOON, NOON + 3 * DAY)
    assert away_since(desk, tara, NOON + 3 * DAY) is None


def test_what_organizers_look_into_is_neither_counted_nor_moved_until_they_clear_it(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member, orla: Member, hw3: Assignment
) -> None:
    with desk.store.transaction() as records:
        records.graders.assign(hw3.id, [tara.id, tom.id])
    seen, of_bo = hand_in(desk, hw3, ada, owner_id=tara.id), hand_in(desk, hw3, bo, owner_id=tara.id)
    claim(seen.id, tara, NOON, desk)
    flag(seen.id, "Word for word the same.", tara, NOON, desk)
    done = go_away(None, tara, NOON, desk)
    assert (done.things, owners(desk, of_bo)) == (1, [tom.id])
    (to_tom,) = letters(desk, "handovers.got")
    got = heard(desk, to_tom, NOON + 12 * timedelta(hours=1))
    assert isinstance(got, HandedToYou)
    assert [share.count for share in got.shares] == [1]
    clear(open_cases(orla, NOON, desk)[0].case.id, orla, NOON, desk)
    assert (state_of(desk, seen).owner_id, state_of(desk, seen).state) == (tom.id, HandInState.WAITING)


def test_what_is_cleared_goes_back_to_nobody_who_may_not_grade_it(
    desk: Desk, ada: Member, tara: Member, tom: Member, orla: Member, hw3: Assignment
) -> None:
    with desk.store.transaction() as records:
        records.graders.assign(hw3.id, [tara.id, tom.id])
    made = hand_in(desk, hw3, ada, owner_id=tara.id)
    claim(made.id, tara, NOON, desk)
    flag(made.id, "They are my cousin.", tara, NOON, desk)
    assert set_conflict("tara@example.org", "ada@example.org", orla, NOON, desk).moved == 0
    clear(open_cases(orla, NOON, desk)[0].case.id, orla, NOON, desk)
    assert owners(desk, made) == [tom.id]


def test_what_somebody_else_has_claimed_stays_with_them(
    desk: Desk, ada: Member, tara: Member, tom: Member, hw3: Assignment
) -> None:
    made = hand_in(desk, hw3, ada, owner_id=tara.id)
    claim(made.id, tom, NOON, desk)
    assert go_away(None, tara, NOON, desk).things == 0
    assert state_of(desk, made).claimed_by == tom.id


def test_nothing_new_comes_to_someone_away(desk: Desk, ada: Member, tara: Member, hw3: Assignment) -> None:
    with desk.store.transaction() as records:
        records.graders.assign(hw3.id, [tara.id])
    go_away(ForDays(2), tara, NOON, desk)
    made = hand_in(desk, hw3, ada)
    with desk.store.reading() as records:
        assert owner_for(records, made, NOON) is None
        assert owner_for(records, made, NOON + 2 * DAY) == tara.id


def test_each_one_concerned_reads_one_message(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member, orla: Member, hw3: Assignment, hw4: Assignment
) -> None:
    for student, work in ((ada, hw3), (bo, hw3), (ada, hw4)):
        hand_in(desk, work, student, owner_id=tara.id)
    done = go_away(None, tara, NOON, desk)
    (to_tom,) = letters(desk, "handovers.got")
    got = heard(desk, to_tom, NOON + 12 * timedelta(hours=1))
    assert isinstance(got, HandedToYou)
    assert (to_tom.recipient, got.from_, got.is_gone) == (f"member:{tom.id}", tara, False)
    assert list(got.shares) == [Share("grading", "hw3", 2), Share("grading", "hw4", 1)]
    reports = letters(desk, "handovers.made")
    assert {letter.recipient for letter in reports} == {f"member:{orla.id}", f"member:{tara.id}"}
    report = heard(desk, reports[0], NOON)
    assert isinstance(report, HandoverReport)
    assert [(taker and taker.id, list(shares)) for taker, shares in report.shares] == [(tom.id, list(got.shares))]
    undo(done.handover.id, tara, NOON, desk)
    assert isinstance(heard(desk, to_tom, NOON + 12 * timedelta(hours=1)), Obsolete)


def test_undone_is_what_nobody_worked_on_since(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member, tom: Member, orla: Member, hw3: Assignment
) -> None:
    waits, claimed, done_with = (hand_in(desk, hw3, one, owner_id=tara.id) for one in (ada, bo, chen))
    done = hand_over(HandOver("Tara"), orla, NOON, desk)
    claim(claimed.id, tom, NOON, desk)
    graded(desk, done_with, tom)
    taken_back = undo(done.handover.id, tara, NOON + DAY, desk)
    assert (taken_back.back, taken_back.kept, taken_back.is_new) == (1, 2, True)
    assert owners(desk, waits, claimed) == [tara.id, tom.id]
    assert away_since(desk, tara, NOON + DAY) is None
    (letter,) = letters(desk, "handovers.undone")
    assert heard(desk, letter, NOON + 12 * timedelta(hours=1)) == HandoverUndone(tara, tom.id, 1)
    again = undo(done.handover.id, orla, NOON + DAY, desk)
    assert (again.back, again.is_new) == (0, False)
    assert len(letters(desk, "handovers.undone")) == 1


def test_an_absence_noted_since_outlives_the_undoing_of_an_earlier_handover(desk: Desk, tara: Member) -> None:
    first = go_away(None, tara, NOON, desk)
    go_away(ForDays(9), tara, NOON + DAY, desk)
    undo(first.handover.id, tara, NOON + DAY, desk)
    assert away_since(desk, tara, NOON + DAY) == (NOON + DAY, NOON + 10 * DAY)


def test_undone_with_nothing_to_give_back_counts_no_things(tara: Member) -> None:
    assert undone(TakenBack(tara, 0, 0, is_new=True)).text.endswith("Taken back; there is nothing to give back.")
    assert "thing is Tara's again." in undone(TakenBack(tara, 1, 0, is_new=True)).text


def test_back_again_may_take_back_the_last_handover(desk: Desk, ada: Member, tara: Member, hw3: Assignment) -> None:
    assert come_back(tara, NOON, desk).was_away is False
    hand_in(desk, hw3, ada, owner_id=tara.id)
    done = go_away(None, tara, NOON, desk)
    back = come_back(tara, NOON + DAY, desk)
    assert (back.was_away, back.handover) == (True, done.handover)
    undo(done.handover.id, tara, NOON + DAY, desk)
    assert come_back(tara, NOON + DAY, desk).handover is None


def a_question(desk: Desk, student: Member, with_: Member, work: Assignment) -> str:
    made = hand_in(desk, work, student)
    grade = Grade(f"grd_{student.id}", made.id, 1, with_.id, Verdict.NOT_YET, "More", NOON, 40.0, released_at=NOON)
    with desk.store.transaction() as records:
        records.hand_ins.claim(made.id, with_.id, NOON, NOON)
        records.hand_ins.finish(made.id, with_.id)
        records.grading.add(grade)
        records.regrades.add(Regrade(f"rgd_{student.id}", grade.id, student.id, "Why?", NOON, with_.id))
    return f"rgd_{student.id}"


def who_answers(desk: Desk, regrade_id: str) -> str:
    with desk.store.reading() as records:
        regrade = records.regrades.get(regrade_id)
    assert regrade is not None
    return regrade.with_id


def test_questions_about_grades_go_along_and_come_back(
    desk: Desk, ada: Member, tara: Member, tom: Member, hw3: Assignment
) -> None:
    question = a_question(desk, ada, tara, hw3)
    done = go_away(None, tara, NOON, desk)
    assert (done.things, who_answers(desk, question)) == (1, tom.id)
    assert [letter.recipient for letter in letters(desk, "regrades.card")] == [f"member:{tom.id}"]
    undo(done.handover.id, tara, NOON, desk)
    assert who_answers(desk, question) == tara.id


@pytest.mark.parametrize("duty", [EXTENSIONS, QUESTIONS])
def test_weeks_of_duty_go_along_as_long_as_someone_is_away(desk: Desk, tara: Member, tom: Member, duty: str) -> None:
    mondays = [date(2026, 6, 22), date(2026, 6, 29), date(2026, 7, 6), date(2026, 7, 13)]
    with desk.store.transaction() as records:
        for monday in mondays:
            records.duties.assign(duty, monday, tara.id)
    done = go_away(UntilWall(datetime(2026, 7, 13), has_time=False), tara, NOON, desk)
    with desk.store.reading() as records:
        assert [records.duties.holder(duty, on) for on in mondays] == [tara.id, tom.id, tom.id, tara.id]
    undo(done.handover.id, tara, NOON + 7 * DAY, desk)
    with desk.store.reading() as records:
        assert [records.duties.holder(duty, on) for on in mondays] == [tara.id, tom.id, tara.id, tara.id]


def test_nobody_away_decides_extensions(desk: Desk, tara: Member, tom: Member, orla: Member) -> None:
    with desk.store.transaction() as records:
        records.duties.assign(EXTENSIONS, date(2026, 6, 29), tara.id)
        for other in (tom, orla):
            records.graders.set_away(other.id, NOON, None)
    go_away(None, tara, NOON, desk)
    with desk.store.reading() as records:
        assert records.duties.holder(EXTENSIONS, date(2026, 6, 29)) == tara.id
        assert duty_ta(records, NOON, desk.policy.programme.tz) is None


@pytest.mark.parametrize("how", ["erased", "withdrawn", "paused", "no TA any more", "left"])
def test_nothing_is_left_with_someone_who_is_gone(
    desk: Desk, ada: Member, tara: Member, tom: Member, orla: Member, hw3: Assignment, how: str
) -> None:
    made, question = hand_in(desk, hw3, ada, owner_id=tara.id), a_question(desk, ada, tara, replace_slug(desk, hw3))
    rows = {
        "withdrawn": "email,name,role,status\ntara@example.org,Tara,ta,withdrawn\n",
        "paused": "email,name,role,status\ntara@example.org,Tara,ta,paused\n",
        "no TA any more": "email,name,role\ntara@example.org,Tara,student\n",
    }
    if how == "erased":
        erase("tara@example.org", NOON, desk)
    elif how == "left":
        with desk.store.transaction() as records:
            records.roster.save(replace(tara, status=Status.WITHDRAWN, left_at=NOON))
        assert release_all_gone(desk, NOON) == 1
    else:
        assert import_roster(rows[how], NOON, desk).problems == ()
    assert (state_of(desk, made).owner_id, who_answers(desk, question)) == (tom.id, tom.id)
    assert release_all_gone(desk, NOON + DAY) == 0
    (to_tom,) = letters(desk, "handovers.got")
    told = heard(desk, to_tom, NOON + 12 * timedelta(hours=1))
    assert isinstance(told, HandedToYou)
    assert told.is_gone is (how != "no TA any more")
    reports = [letter.recipient for letter in letters(desk, "handovers.made")]
    assert f"member:{orla.id}" in reports


def replace_slug(desk: Desk, work: Assignment) -> Assignment:
    """Return another assignment like this one."""
    other = replace(work, id="asg_hw9", slug="hw9")
    with desk.store.transaction() as records:
        records.assignments.save(other)
    return other


def test_someone_gone_can_be_handed_over_and_does_not_count_as_away(
    desk: Desk, ada: Member, tara: Member, tom: Member, orla: Member, hw3: Assignment
) -> None:
    made = hand_in(desk, hw3, ada, owner_id=tara.id)
    with desk.store.transaction() as records:
        records.roster.save(replace(tara, status=Status.WITHDRAWN, left_at=NOON))
    done = hand_over(HandOver("Tara"), orla, NOON, desk)
    assert (state_of(desk, made).owner_id, away_since(desk, tara, NOON)) == (tom.id, None)
    with pytest.raises(NotActive):
        undo(done.handover.id, orla, NOON, desk)


def test_who_may_hand_over_and_what(desk: Desk, ada: Member, tara: Member, tom: Member, orla: Member) -> None:
    with pytest.raises(NotAllowed):
        go_away(None, ada, NOON, desk)
    with pytest.raises(NotAllowed):
        hand_over(HandOver("Tom"), tara, NOON, desk)
    with pytest.raises(NotFound):
        hand_over(HandOver("Ada"), orla, NOON, desk)
    with pytest.raises(Unclear):
        hand_over(HandOver("Tara", "Tara"), orla, NOON, desk)
    with pytest.raises(DatePassed):
        go_away(UntilWall(datetime(2026, 6, 1), has_time=False), tara, NOON, desk)
    done = go_away(None, tara, NOON, desk)
    with pytest.raises(NotActive):
        hand_over(HandOver("Tom", "Tara"), orla, NOON, desk)
    with pytest.raises(NotAllowed):
        undo(done.handover.id, tom, NOON, desk)
    with pytest.raises(NotFound):
        undo("hov_none", tom, NOON, desk)


def test_a_handover_is_on_record(desk: Desk, tara: Member, orla: Member) -> None:
    done = hand_over(HandOver("Tara"), orla, NOON, desk)
    undo(done.handover.id, orla, NOON, desk)
    assert audited(desk, tara) == ["handover.made", "handover.undone"]  # type: ignore[arg-type] # by its id
    assert done.handover.made_at == datetime(2026, 7, 1, 12, tzinfo=UTC)
