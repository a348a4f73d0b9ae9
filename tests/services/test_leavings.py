"""Leaving: paused at once, undone with one press for some days, then all that is open closes in one step."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cohort.check_ins import CheckIn
from cohort.errors import AlreadyDecided, NotActive, NotAllowed, NotFound
from cohort.extensions import State
from cohort.follow_ups import Origin
from cohort.hand_ins import LINK, HandInWork
from cohort.leavings import Instead, LeavingReason
from cohort.new_plans import NewPlan, PlanItem, PlanState
from cohort.regrades import RegradeState
from cohort.roster import Member, Status
from cohort.waitlist import Wait
from services.booking_changes import give_up_gone
from services.erase import erase
from services.extension_upkeep import lapse_waiting
from services.follow_ups import open_case
from services.hand_ins import Received, submit
from services.imports import import_roster
from services.leavings import (
    LeavingShown,
    StaysNote,
    WantsToLeave,
    begin,
    begin_for,
    take_effect,
    totals,
    undo,
    why,
)
from services.letters import Obsolete
from services.messages import Ready
from services.nudges import nudge_missed
from services.regrades import RegradeCard, answer, ask, ask_somebody_else
from services.roster import change_status
from services.waitlist_offers import pass_on
from tests.services.booking_world import booked, hours, stored
from tests.services.follow_through_world import case_of, the_case
from tests.services.grading_world import WEAK, graded, hand_in, heard
from tests.services.nudge_world import ADA, BO, CHEN, HW3, NOW, ORLA, TARA, TOM, World, new_world, person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WISH = WantsToLeave([LeavingReason.TIME, LeavingReason.MONEY], [Instead.PAUSE], "it is all a bit much")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def now_is(world: World, student: Member = ADA) -> Member:
    with world.desk.store.reading() as records:
        found = records.roster.get(student.id)
    assert found is not None
    return found


def test_it_pauses_at_once_and_a_person_knows_what_might_help(world: World) -> None:
    shown = begin(WISH, ADA, NOW, world.desk)
    assert (shown.is_new, shown.leaving.takes_effect_at) == (True, NOW + 3 * DAY)
    assert now_is(world).status is Status.PAUSED
    assert not begin(WISH, now_is(world), NOW + HOUR, world.desk).is_new
    case = the_case(world.desk, ADA)
    assert (case.origin, case.reason) == (Origin.LEAVING, "wants to leave; might stay with: pause")
    [letter] = world.letters("leavings.begun")
    assert isinstance(heard(world.desk, letter, NOW), LeavingShown)
    assert "a bit much" not in str(letter.data)
    nudge_missed(world.desk, NOW)
    assert [one for one in world.letters("nudges.missed") if one.data["student"] == ADA.id] == []


def test_one_press_undoes_it_and_everything_is_as_it_was(world: World) -> None:
    [slot] = hours(world.desk, TARA, NOW + 2 * DAY, 1)
    made, request = booked(world.desk, ADA, slot, now=NOW), world.ask(ADA, HW3)
    shown = begin(WISH, ADA, NOW, world.desk)
    give_up_gone(world.desk, NOW + HOUR)
    lapse_waiting(world.desk, NOW + HOUR)
    back = undo(shown.leaving.id, now_is(world), NOW + DAY, world.desk)
    assert back.student.status is Status.ACTIVE
    assert not undo(shown.leaving.id, now_is(world), NOW + DAY, world.desk).is_new
    assert take_effect(world.desk, NOW + 9 * DAY) == 0
    assert now_is(world).status is Status.ACTIVE
    assert stored(world.desk, made.booking.id).ended_at is None
    with world.desk.store.reading() as records:
        found = records.requests.get(request.id)
    assert found is not None
    assert found.state is State.PENDING
    [letter] = world.letters("leavings.begun")
    assert isinstance(heard(world.desk, letter, NOW + DAY), Obsolete)


def test_after_three_days_all_that_is_open_closes_at_once_and_once(world: World) -> None:
    [slot] = hours(world.desk, TARA, NOW + 5 * DAY, 1)
    made, request = booked(world.desk, ADA, slot, now=NOW), world.ask(ADA, HW3)
    shown = begin(WISH, ADA, NOW, world.desk)
    assert take_effect(world.desk, NOW + 3 * DAY - HOUR) == 0
    assert take_effect(world.desk, NOW + 3 * DAY) == 1
    assert take_effect(world.desk, NOW + 3 * DAY) == 0
    student = now_is(world)
    assert (student.status, student.left_at) == (Status.WITHDRAWN, NOW + 3 * DAY)
    assert stored(world.desk, made.booking.id).ended_at is not None
    assert case_of(world.desk, ADA) is None
    with world.desk.store.reading() as records:
        found = records.requests.get(request.id)
    assert found is not None
    assert found.state is State.LAPSED
    late = undo(shown.leaving.id, student, NOW + 4 * DAY, world.desk)
    assert (late.is_new, late.leaving.is_open) == (False, False)
    assert now_is(world).status is Status.WITHDRAWN


def test_plans_check_ins_claims_and_waits_close_too(world: World) -> None:
    begin(WISH, ADA, NOW, world.desk)
    taken = submit(HandInWork("hw3", {LINK: "https://example.org/hw3"}), BO, NOW, world.desk)
    assert isinstance(taken, Received)
    with world.desk.store.transaction() as records:
        records.check_ins.add(CheckIn("chk_ada", ADA.id, NOW.date(), NOW))
        records.new_plans.add(NewPlan("npl_ada", ADA.id, TARA.id, NOW, (PlanItem(HW3.id, NOW + 9 * DAY),)))
        records.waitlist.add(Wait("wai_ada", ADA.id, NOW + 4 * DAY, NOW + 5 * DAY, NOW))
        records.submissions.claim_handed_in(ADA.id, HW3.id, NOW)
        assert records.hand_ins.claim(taken.hand_in.id, TARA.id, NOW, NOW + 9 * DAY) is not None
    begin(WISH, BO, NOW, world.desk)
    pass_on(world.desk, NOW + HOUR)
    with world.desk.store.reading() as records:
        assert records.waitlist.open_of(ADA.id)
    assert take_effect(world.desk, NOW + 3 * DAY) == 2
    with world.desk.store.reading() as records:
        check_in, plan, work = records.check_ins.get("chk_ada"), records.new_plans.get("npl_ada"), records.hand_ins
        assert check_in is not None
        assert plan is not None
        assert (check_in.skipped_at, plan.state) == (NOW + 3 * DAY, PlanState.REPLACED)
        assert records.waitlist.open_of(ADA.id) == []
        assert records.submissions.claimed_by(ADA.id) == set()
        assert work.held_by(TARA.id) == []


def test_what_breaks_off_in_between_changes_nothing_and_is_done_once_later(world: World) -> None:
    begin(WISH, ADA, NOW, world.desk)
    with world.desk.store.transaction() as records:
        records.connection.execute(
            "CREATE TRIGGER power_cut BEFORE UPDATE ON follow_ups WHEN new.closed_at IS NOT NULL"
            " BEGIN SELECT RAISE(ABORT, 'power cut'); END"
        )
    with pytest.raises(sqlite3.IntegrityError):
        take_effect(world.desk, NOW + 3 * DAY)
    assert now_is(world).status is Status.PAUSED
    with world.desk.store.transaction() as records:
        records.connection.execute("DROP TRIGGER power_cut")
    assert take_effect(world.desk, NOW + 4 * DAY) == 1
    assert take_effect(world.desk, NOW + 4 * DAY) == 0
    assert [letter.data["status"] for letter in world.letters("roster.status")] == ["withdrawn"]


def test_one_that_fails_does_not_keep_the_others_from_leaving(world: World, caplog: pytest.LogCaptureFixture) -> None:
    for student in (ADA, BO, CHEN):
        begin(WISH, student, NOW, world.desk)
    with world.desk.store.transaction() as records:
        records.connection.execute(
            "CREATE TRIGGER power_cut BEFORE UPDATE ON follow_ups WHEN new.closed_at IS NOT NULL"
            f" AND new.student_id = '{BO.id}' BEGIN SELECT RAISE(ABORT, 'power cut'); END"
        )
    with pytest.raises(sqlite3.IntegrityError):
        take_effect(world.desk, NOW + 3 * DAY)
    assert [now_is(world, student).status for student in (ADA, BO, CHEN)] == [
        Status.WITHDRAWN,
        Status.PAUSED,
        Status.WITHDRAWN,
    ]
    assert "IntegrityError" in caplog.text
    assert WISH.words not in caplog.text


def test_what_was_asked_about_a_grade_closes_and_whoever_owed_an_answer_sees_it(world: World) -> None:
    world.assign(replace(HW3, pass_mark=50.0))
    grade = graded(world.desk, hand_in(world.desk, HW3, ADA, BO, at=NOW - DAY), TARA, WEAK, NOW).grade
    mine = ask(grade.id, "Why?", ADA, NOW, world.desk).regrade
    other = ask(grade.id, "And mine?", BO, NOW, world.desk).regrade
    answer(other.id, "See page two", None, TARA, NOW, world.desk)
    second = ask_somebody_else(other.id, BO, NOW, world.desk)
    world.deliver(NOW)
    begin(WISH, ADA, NOW, world.desk)
    begin(WISH, BO, NOW, world.desk)
    assert take_effect(world.desk, NOW + 3 * DAY) == 2
    with world.desk.store.reading() as records:
        assert records.regrades.waiting() == []
        kept = records.regrades.get(other.id)
    assert kept is not None
    assert (kept.state, kept.answer) == (RegradeState.ANSWERED, "See page two")
    [shown] = [letter for letter in world.letters("regrades.standing") if letter.data["regrade"] == mine.id]
    card = heard(world.desk, shown, NOW + 3 * DAY)
    assert isinstance(card, RegradeCard)
    assert card.has_left
    for regrade, by in ((mine, TARA), (other, second.by)):
        with pytest.raises(AlreadyDecided):
            answer(regrade.id, "Too late", None, by, NOW + 4 * DAY, world.desk)
    change_status(ORLA, "Ada", Status.ACTIVE, NOW + 5 * DAY, world.desk)
    assert ask(grade.id, "Once more?", now_is(world), NOW + 5 * DAY, world.desk).is_new


@pytest.mark.parametrize("status", ["withdrawn", "active", "paused"])
def test_a_leaving_date_in_a_roster_file_closes_everything_when_it_comes(world: World, status: str) -> None:
    [slot] = hours(world.desk, TARA, NOW + 5 * DAY, 1)
    made = booked(world.desk, ADA, slot, now=NOW)
    with world.desk.store.transaction() as records:
        open_case(records, ADA, Origin.STAFF, "asked", NOW, world.desk, to=TARA)
        records.check_ins.add(CheckIn("chk_ada", ADA.id, NOW.date(), NOW))
        records.submissions.claim_handed_in(ADA.id, HW3.id, NOW)
    file = f"email,name,role,status,left_at\nada@example.org,Ada,student,{status},2026-02-20\n"
    import_roster(file, NOW + HOUR, world.desk)
    assert take_effect(world.desk, NOW + DAY) == 0
    the_case(world.desk, ADA)
    assert take_effect(world.desk, NOW + 2 * DAY) == 1
    assert case_of(world.desk, ADA) is None
    assert stored(world.desk, made.booking.id).ended_at is not None
    with world.desk.store.reading() as records:
        check_in = records.check_ins.get("chk_ada")
        assert check_in is not None
        assert check_in.skipped_at == NOW + 2 * DAY
        assert records.submissions.claimed_by(ADA.id) == set()
    assert take_effect(world.desk, NOW + 2 * DAY) == 0


def test_who_leaves_on_a_later_day_hears_of_it_on_that_day_and_once(world: World) -> None:
    file = "email,name,role,status,left_at\nada@example.org,Ada,student,withdrawn,2026-02-{}\n"
    import_roster(file.format(20), NOW, world.desk)
    assert world.deliver(NOW + HOUR) == []
    import_roster(file.format(24), NOW + HOUR, world.desk)
    assert [sent for _, sent in world.deliver(NOW + 3 * DAY)] == [Obsolete("leaves at another time")]
    [(letter, sent)] = world.deliver(NOW + 6 * DAY)
    assert letter.kind == "roster.status"
    assert isinstance(sent, Ready)
    import_roster(file.replace("ada", "bo").replace("Ada", "Bo").format(20), NOW, world.desk)
    change_status(ORLA, "Bo", Status.WITHDRAWN, NOW + HOUR, world.desk)
    told = [sent for day in range(1, 9) for _, sent in world.deliver(NOW + day * DAY)]
    assert [isinstance(sent, Ready) for sent in told] == [True, False]


def test_withdrawing_brings_a_leaving_date_forward_and_closes_at_once(world: World) -> None:
    file = "email,name,role,status,left_at\nada@example.org,Ada,student,withdrawn,2026-02-25\n"
    import_roster(file, NOW, world.desk)
    with world.desk.store.transaction() as records:
        open_case(records, ADA, Origin.STAFF, "asked", NOW, world.desk, to=TARA)
    change_status(ORLA, "Ada", Status.WITHDRAWN, NOW + HOUR, world.desk)
    assert now_is(world).left_at == NOW + HOUR
    assert case_of(world.desk, ADA) is None


def test_a_leaving_date_that_has_passed_closes_with_the_file_that_says_so(world: World) -> None:
    with world.desk.store.transaction() as records:
        open_case(records, ADA, Origin.STAFF, "asked", NOW, world.desk, to=TARA)
    import_roster("email,name,role,left_at\nada@example.org,Ada,student,2026-02-17\n", NOW, world.desk)
    assert case_of(world.desk, ADA) is None


def test_who_was_paused_before_is_paused_again(world: World) -> None:
    world.add(replace(ADA, status=Status.PAUSED))
    shown = begin(WISH, now_is(world), NOW, world.desk)
    assert undo(shown.leaving.id, now_is(world), NOW + DAY, world.desk).student.status is Status.PAUSED
    assert take_effect(world.desk, NOW + 9 * DAY) == 0


def test_a_roster_file_in_between_neither_ends_the_pause_nor_the_leaving(world: World) -> None:
    shown = begin(WISH, ADA, NOW, world.desk)
    stale = "email,name,role,status\nada@example.org,Ada,student,active\n"
    assert import_roster(stale, NOW + HOUR, world.desk).changed == 0
    assert now_is(world).status is Status.PAUSED
    assert undo(shown.leaving.id, now_is(world), NOW + DAY, world.desk).student.status is Status.ACTIVE
    begin(WISH, ADA, NOW + DAY, world.desk)
    import_roster(stale.replace("active", "withdrawn"), NOW + 2 * DAY, world.desk)
    assert now_is(world).status is Status.WITHDRAWN
    assert case_of(world.desk, ADA) is None
    assert take_effect(world.desk, NOW + 9 * DAY) == 0


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.WITHDRAWN])
def test_an_organizer_settles_it_before_its_time(world: World, status: Status) -> None:
    shown = begin(WISH, ADA, NOW, world.desk)
    change_status(ORLA, "Ada", status, NOW + HOUR, world.desk)
    assert not undo(shown.leaving.id, now_is(world), NOW + DAY, world.desk).is_new
    assert take_effect(world.desk, NOW + 9 * DAY) == 0
    assert now_is(world).status is status
    assert (case_of(world.desk, ADA) is None) == (status is Status.WITHDRAWN)


def test_whoever_follows_up_alone_reads_why_and_hears_who_stays(world: World) -> None:
    shown = begin(WISH, ADA, NOW, world.desk)
    case = the_case(world.desk, ADA)
    owner, others = (TARA, (TOM, ORLA, BO)) if case.owner_id == TARA.id else (TOM, (TARA, ORLA, BO))
    assert why(case.id, owner, NOW, world.desk).leaving == shown.leaving
    for other in others:
        with pytest.raises(NotAllowed):
            why(case.id, other, NOW, world.desk)
    with world.desk.store.reading() as records:
        assert all(WISH.words not in note.words for note in records.follow_ups.notes_of(case.id))
    undo(shown.leaving.id, now_is(world), NOW + DAY, world.desk)
    [letter] = world.letters("leavings.stays")
    assert letter.recipient == f"member:{owner.id}"
    assert heard(world.desk, letter, NOW + DAY) == StaysNote(now_is(world), case.id)
    assert the_case(world.desk, ADA).is_open


def test_whoever_follows_up_notes_what_a_student_told_them(world: World) -> None:
    with world.desk.store.transaction() as records:
        case = open_case(records, ADA, Origin.STAFF, "asked", NOW, world.desk, to=TARA)
    shown = begin_for(case.id, WISH, TARA, NOW, world.desk)
    assert (shown.is_new, shown.student.status) == (True, Status.PAUSED)
    assert not begin_for(case.id, WISH, TARA, NOW, world.desk).is_new
    with pytest.raises(NotAllowed):
        begin_for(case.id, WISH, TOM, NOW, world.desk)
    assert undo(shown.leaving.id, now_is(world), NOW, world.desk).student.status is Status.ACTIVE


def test_who_is_erased_leaves_no_reasons(world: World) -> None:
    begin(WISH, ADA, NOW, world.desk)
    erase(ADA.email, NOW + HOUR, world.desk)
    with world.desk.store.reading() as records:
        found = records.leavings.latest_of(ADA.id)
        everything = "\n".join(records.connection.iterdump())
    assert found is not None
    assert (found.reasons, found.helps, found.words, found.is_open) == ((), (), "", False)
    assert WISH.words not in everything


def test_nobody_leaves_or_stays_for_somebody_else(world: World) -> None:
    shown = begin(WISH, ADA, NOW, world.desk)
    for actor in (BO, TARA):
        with pytest.raises(NotAllowed):
            undo(shown.leaving.id, actor, NOW, world.desk)
    with pytest.raises(NotAllowed):
        begin(WISH, TARA, NOW, world.desk)
    with pytest.raises(NotActive):
        begin(WISH, replace(BO, status=Status.WITHDRAWN), NOW, world.desk)
    with pytest.raises(NotFound):
        undo("lea_forged", ADA, NOW, world.desk)


def test_reasons_are_told_in_sums_of_five(world: World) -> None:
    students = [person(f"Student {n:03}") for n in range(6)]
    world.add(*students)
    for n, student in enumerate(students):
        reasons = [LeavingReason.TIME, *([LeavingReason.MONEY] if n < 4 else [])]
        begin(WantsToLeave(reasons), student, NOW, world.desk)
    take_effect(world.desk, NOW + 3 * DAY)
    with world.desk.store.reading() as records:
        assert totals(records) == {LeavingReason.TIME: 6}
