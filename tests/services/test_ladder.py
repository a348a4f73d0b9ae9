"""Going up the ladder: who gets which step, what happens with a press, and who is left alone."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cohort.errors import NotAllowed, NotFound, SlotRefused
from cohort.extensions import Origin as GrantedBy
from cohort.follow_ups import Origin, Outcome
from cohort.ladder import Help, Step
from cohort.levels import Level
from cohort.nudge_limits import NudgeKind
from cohort.policy import LadderPolicy
from cohort.roster import Member, Status
from handlers.views.ladder import critical
from services.choices import refuse
from services.follow_ups import close_all, log_contact
from services.ladder import climb
from services.ladder_answers import accept
from services.ladder_messages import CriticalNote, Offered
from services.letters import Obsolete
from services.nudges import nudge_missed
from storage.outbox import Letter
from tests.services.booking_world import booked, hours
from tests.services.follow_through_world import case_of, stands, the_case
from tests.services.grading_world import heard
from tests.services.nudge_world import ADA, BO, CHEN, HW3, NOW, ORLA, TARA, TOM, World, new_world, policy

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A programme in which the message about what was missed has been sent, days before."""
    return told(new_world(tmp_path), ADA, BO, CHEN)


def told(world: World, *students: Member, about: str = HW3.id) -> World:
    """Note that students were written to about missed work, and answered."""
    with world.desk.store.transaction() as records:
        for student in students:
            nudge_id = f"ndg_{student.id}_{about}"
            records.nudges.add(nudge_id, student.id, "missed", NOW - 9 * DAY)
            records.nudges.begin(nudge_id, NOW - 9 * DAY)
            records.nudges.add_items(nudge_id, student.id, "missed", [about])
            records.nudges.react(student.id, "message_press", NOW - 9 * DAY)
    return world


def steps(world: World, student: Member = ADA) -> list[Step]:
    with world.desk.store.reading() as records:
        return [taken.step for taken in records.ladder.taken_by(student.id)]


def offer(world: World, student: Member = ADA, at: datetime = NOW) -> Offered:
    """Bring a student to where help is offered, and return the message."""
    stands(world.desk, student, Level.AT_RISK, at)
    climb(world.desk, at)
    said = heard(world.desk, help_for(world, student)[-1], at)
    assert isinstance(said, Offered)
    return said


def help_for(world: World, student: Member = ADA) -> list[Letter]:
    return [letter for letter in world.letters("ladder.help") if letter.data["student"] == student.id]


# ---- steps


def test_who_slips_gets_one_thing_to_do_then_an_offer_once_each(world: World) -> None:
    stands(world.desk, ADA, Level.SLIPPING, NOW)
    for hour in range(0, 24 * 20, 2):
        at = NOW + hour * HOUR
        climb(world.desk, at)
        world.deliver(at)
    assert steps(world) == [Step.TO_DO, Step.OFFER]
    assert steps(world, BO) == []
    first, _ = help_for(world)
    assert first.data["student"] == ADA.id


def test_the_one_thing_is_the_newest_that_was_missed(world: World) -> None:
    world.assign(replace(HW3, id="asg_hw2", slug="hw2", due_at=NOW - 9 * DAY))
    told(world, ADA, about="asg_hw2")
    stands(world.desk, ADA, Level.SLIPPING, NOW)
    climb(world.desk, NOW)
    said = heard(world.desk, help_for(world)[0], NOW)
    assert isinstance(said, Offered)
    assert (said.step, said.to_do and said.to_do.id, list(said.helps)) == (Step.TO_DO, HW3.id, [])


def test_who_is_at_risk_and_takes_nothing_hears_from_a_person(world: World) -> None:
    offer(world)
    climb(world.desk, NOW + 2 * DAY)
    assert case_of(world.desk, ADA) is None
    climb(world.desk, NOW + 3 * DAY)
    case = the_case(world.desk, ADA)
    assert (case.origin, case.reason, case.owner_id is not None) == (Origin.LADDER, "hw3 was not handed in", True)


def test_critical_brings_a_person_at_once_and_the_organizer_days_later(world: World) -> None:
    stands(world.desk, ADA, Level.CRITICAL, NOW)
    climb(world.desk, NOW)
    assert (steps(world), help_for(world)) == ([Step.FOLLOW_UP], [])
    climb(world.desk, NOW + 5 * DAY)
    climb(world.desk, NOW + 9 * DAY)
    [letter] = world.letters("ladder.critical")
    said = heard(world.desk, letter, NOW + 5 * DAY)
    assert isinstance(said, CriticalNote)
    assert letter.recipient == f"member:{ORLA.id}"
    assert [each.student for each in said.students] == [ADA]
    assert said.students[0].owner is not None
    assert "A follow-up is open with" in str(critical(said, ORLA.tz).blocks)
    assert "*has not begun*" in str(critical(said, ORLA.tz).blocks)
    case = the_case(world.desk, ADA)
    owner = next(one for one in (TARA, TOM, ORLA) if one.id == case.owner_id)
    log_contact(case.id, "", owner, NOW + 5 * DAY, world.desk)
    begun = heard(world.desk, letter, NOW + 5 * DAY)
    assert isinstance(begun, CriticalNote)
    assert "follows them up, last on" in str(critical(begun, ORLA.tz).blocks)


def test_another_piece_that_is_missed_is_a_reason_for_a_new_step(world: World) -> None:
    offer(world)
    world.assign(replace(HW3, id="asg_hw4", slug="hw4", due_at=NOW + DAY))
    told(world, ADA, about="asg_hw4")
    climb(world.desk, NOW + 2 * DAY)
    assert steps(world) == [Step.OFFER, Step.OFFER]


def test_nothing_automatic_while_a_person_follows_up_or_helps_in_distress(world: World) -> None:
    with world.desk.store.transaction() as records:
        records.help.quiet(ADA.id, NOW)
    stands(world.desk, ADA, Level.SLIPPING, NOW)
    stands(world.desk, BO, Level.CRITICAL, NOW)
    climb(world.desk, NOW)
    stands(world.desk, BO, Level.SLIPPING, NOW + DAY, signal="late")
    climb(world.desk, NOW + 2 * DAY)
    assert (help_for(world, ADA), help_for(world, BO)) == ([], [])
    with world.desk.store.transaction() as records:
        close_all(records, BO.id, Outcome.NO_NEED, NOW + 2 * DAY)
    climb(world.desk, NOW + 2 * DAY)
    assert len(help_for(world, BO)) == 1


@pytest.mark.parametrize("status", [Status.PAUSED, Status.WITHDRAWN])
def test_nobody_who_takes_no_part_gets_anything(world: World, status: Status) -> None:
    stands(world.desk, ADA, Level.CRITICAL, NOW)
    world.add(replace(ADA, status=status))
    assert climb(world.desk, NOW) == 0


def test_limits_choices_and_nights_hold_for_help_too(world: World) -> None:
    refuse(NudgeKind.HELP, ADA, NOW, world.desk)
    for student in (ADA, BO, CHEN):
        stands(world.desk, student, Level.SLIPPING, NOW)
    world.add(replace(CHEN, zone="Asia/Tokyo"))
    climb(world.desk, NOW + 2 * HOUR)
    assert [len(help_for(world, student)) for student in (ADA, BO, CHEN)] == [0, 1, 0]
    world.deliver(NOW + 2 * HOUR)
    climb(world.desk, NOW + 12 * HOUR)
    assert len(help_for(world, CHEN)) == 1


def test_who_is_on_track_again_before_it_is_sent_hears_nothing(world: World) -> None:
    offer(world)
    stands(world.desk, ADA, Level.ON_TRACK, NOW + MINUTE)
    assert isinstance(heard(world.desk, help_for(world)[0], NOW + MINUTE), Obsolete)


def test_the_ladder_can_be_turned_off(tmp_path: Path) -> None:
    world = new_world(tmp_path, policy(ladder=LadderPolicy(is_on=False)))
    stands(world.desk, ADA, Level.CRITICAL, NOW)
    assert climb(world.desk, NOW) == 0


# ---- presses


def test_each_help_takes_one_press_and_a_second_says_the_same(world: World) -> None:
    [slot] = hours(world.desk, TARA, NOW + DAY, 1)
    said = offer(world)
    assert [item.help for item in said.helps] == list(Help)
    for which in Help:
        first, again = (accept(said.rung_id, which, ADA, NOW + MINUTE, world.desk) for _ in range(2))
        assert (first.is_new, again.is_new) == (True, False), which
    with world.desk.store.reading() as records:
        [extension] = records.extensions.of(ADA.id)
        assert extension.origin is GrantedBy.OFFER
        assert HW3.id in records.own_work.of(ADA.id, "", NOW + MINUTE).dropped
        assert records.bookings.is_taken(slot.id)
    assert the_case(world.desk, ADA).reason == "asked for a lighter plan"
    standing = heard(world.desk, help_for(world)[0], NOW + MINUTE)
    assert isinstance(standing, Offered)
    assert all(item.is_accepted for item in standing.helps)


def test_a_slot_that_went_to_somebody_else_is_refused_and_nothing_else_lost(world: World) -> None:
    [slot] = hours(world.desk, TARA, NOW + DAY, 1)
    said = offer(world)
    booked(world.desk, BO, slot, now=NOW)
    with pytest.raises(SlotRefused):
        accept(said.rung_id, Help.SLOT, ADA, NOW, world.desk)
    assert accept(said.rung_id, Help.MORE_DAYS, ADA, NOW, world.desk).is_new


def test_time_that_is_not_to_be_had_any_more_is_said_so(world: World) -> None:
    said = offer(world)
    world.hand_in(ADA, HW3, NOW)
    late = accept(said.rung_id, Help.MORE_DAYS, ADA, NOW + MINUTE, world.desk)
    assert late.is_settled
    with world.desk.store.reading() as records:
        assert records.extensions.of(ADA.id) == []


def test_nobody_accepts_for_somebody_else_or_what_was_not_offered(world: World) -> None:
    said = offer(world)
    for actor in (BO, TARA):
        with pytest.raises(NotAllowed):
            accept(said.rung_id, Help.MORE_DAYS, actor, NOW, world.desk)
    with pytest.raises(NotFound):
        accept(said.rung_id, Help.SLOT, ADA, NOW, world.desk)
    with pytest.raises(NotFound):
        accept("lad_forged", Help.MORE_DAYS, ADA, NOW, world.desk)


def test_the_message_about_missed_work_comes_first(tmp_path: Path) -> None:
    world = new_world(tmp_path)
    stands(world.desk, ADA, Level.AT_RISK, NOW)
    assert climb(world.desk, NOW) == 0
    assert nudge_missed(world.desk, NOW) == 3
    world.deliver(NOW)
    climb(world.desk, NOW + DAY)
    assert len(help_for(world)) == 1
