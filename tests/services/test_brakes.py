"""The brake: much of the cohort missed one thing, and organizers are asked before anyone is written to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cohort.brakes import BrakeDecision
from cohort.errors import DateNotLater, DatePassed, DateTooLate, NotAllowed, NotFound
from cohort.policy import NudgePolicy
from services import brakes
from services.brakes import BrakeCard
from services.for_everyone import ForEveryone
from services.letters import Later, Obsolete
from services.messages import Ready
from services.nudges import nudge_missed
from tests.services.nudge_world import ADA, BO, HARD, HW3, NOW, ORLA, TARA, World, new_world, person, policy

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Due at 11:00 in London.
DUE = NOW - HOUR
STUDENTS = 10


def a_world(folder: Path, missing: int, nudges: NudgePolicy | None = None) -> World:
    """Return a cohort of ten of which so many did not hand hw3 in by its due time."""
    world = new_world(folder, policy(nudges=nudges or NudgePolicy()))
    more = [person(f"Student {n}") for n in range(STUDENTS - 3)]
    world.add(*more)
    world.assign(replace(HW3, due_at=DUE))
    with world.desk.store.reading() as records:
        students = [m for m in records.roster.all() if not m.is_staff]
    for member in students[missing:]:
        world.hand_in(member, HW3, DUE - HOUR)
    return world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return a_world(tmp_path, 5)


def brake_id(world: World) -> str:
    return str(world.letters("nudges.brake")[0].data["brake"])


@pytest.mark.parametrize(("missing", "written"), [(4, 4), (5, 0), (10, 0)])
def test_messages_wait_where_more_than_two_in_five_are_missing(tmp_path: Path, missing: int, written: int) -> None:
    world = a_world(tmp_path, missing)
    assert nudge_missed(world.desk, NOW) == written
    assert len(world.letters("nudges.brake")) == (written == 0)


def test_organizers_get_one_card_and_the_messages_go_after_four_hours(world: World) -> None:
    assert nudge_missed(world.desk, NOW) == 0
    [(letter, sent)] = world.deliver(NOW)
    assert letter.recipient == f"member:{ORLA.id}"
    assert isinstance(sent, Ready)
    assert isinstance(sent.content, BrakeCard)
    assert (sent.content.brake.missing, sent.content.brake.expected) == (5, 10)
    assert nudge_missed(world.desk, DUE + 4 * HOUR - timedelta(minutes=1)) == 0
    assert len(world.letters("nudges.brake")) == 1
    assert nudge_missed(world.desk, DUE + 4 * HOUR) == 5


def test_a_few_students_are_no_share(tmp_path: Path) -> None:
    world = new_world(tmp_path)
    world.assign(replace(HW3, due_at=DUE))
    assert nudge_missed(world.desk, NOW) == 3


def test_what_is_due_at_midnight_waits_for_the_morning_of_the_programme(tmp_path: Path) -> None:
    world = a_world(tmp_path, 5)
    midnight = datetime(2026, 2, 19, 0, tzinfo=UTC)
    world.assign(replace(HW3, due_at=midnight))
    morning = datetime(2026, 2, 19, 8, tzinfo=UTC)
    nudge_missed(world.desk, midnight + HOUR)
    assert [sent for _, sent in world.deliver(midnight + HOUR)] == [Later(morning)]
    assert nudge_missed(world.desk, morning + 4 * HOUR - timedelta(minutes=1)) == 0
    assert nudge_missed(world.desk, morning + 4 * HOUR) == 5


def test_without_hours_there_is_no_brake(tmp_path: Path) -> None:
    world = a_world(tmp_path, 10, NudgePolicy(brake_hours=0))
    assert nudge_missed(world.desk, NOW) == 10


def test_moving_it_is_one_act_and_one_message_a_student(world: World) -> None:
    nudge_missed(world.desk, NOW)
    world.deliver(NOW)
    world.extend(ADA, HW3, DUE + DAY, NOW)
    done = brakes.move_for_all(brake_id(world), NOW + 2 * DAY, ORLA, NOW, world.desk)
    assert (done.is_new, done.assignment.due_at) == (True, NOW + 2 * DAY)
    sent = [(letter, prepared) for letter, prepared in world.deliver(NOW) if isinstance(prepared, Ready)]
    told = [p.content for _, p in sent if isinstance(p, Ready) and isinstance(p.content, ForEveryone)]
    assert len(told) == len({content.student.id for content in told}) == STUDENTS
    assert {c.due_at for c in told if c.student != ADA} == {NOW + 2 * DAY}
    assert {c.due_at for c in told if c.student == ADA} == {NOW + 3 * DAY}
    [card] = [p.content for _, p in sent if isinstance(p, Ready) and isinstance(p.content, BrakeCard)]
    assert card.decided_by == ORLA
    assert nudge_missed(world.desk, NOW + DAY) == 0
    with world.desk.store.reading() as records:
        assert [line.action for line in records.audit.all() if line.actor_id == ORLA.id] == ["brake.moved"]


def test_who_comes_second_changes_nothing(world: World) -> None:
    nudge_missed(world.desk, NOW)
    brakes.carry_on(brake_id(world), ORLA, NOW, world.desk)
    done = brakes.cancel_for_all(brake_id(world), ORLA, NOW, world.desk)
    assert (done.is_new, done.brake.decision, done.decided_by) == (False, BrakeDecision.CARRIED_ON, ORLA)
    assert not done.assignment.cancelled
    assert [sent for _, sent in world.deliver(NOW)] == [Obsolete("decided, or over")]


def test_carrying_on_sends_what_waited(world: World) -> None:
    nudge_missed(world.desk, NOW)
    brakes.carry_on(brake_id(world), ORLA, NOW, world.desk)
    assert nudge_missed(world.desk, NOW) == 5
    assert world.letters("nudges.for_everyone") == []


def test_cancelling_ends_it_for_everyone(world: World) -> None:
    nudge_missed(world.desk, NOW)
    done = brakes.cancel_for_all(brake_id(world), ORLA, NOW, world.desk)
    assert done.assignment.cancelled
    told = [p.content for _, p in world.deliver(NOW) if isinstance(p, Ready) and isinstance(p.content, ForEveryone)]
    assert [content.due_at for content in told] == [None] * STUDENTS
    assert nudge_missed(world.desk, NOW + 5 * HOUR) == 0


@pytest.mark.parametrize(
    ("until_at", "error"),
    [(NOW - HOUR * 2, DatePassed), (HARD + HOUR, DateTooLate), (NOW, DatePassed)],
)
def test_a_due_time_that_is_none_is_refused_and_changes_nothing(
    world: World, until_at: datetime, error: type[Exception]
) -> None:
    nudge_missed(world.desk, NOW)
    with pytest.raises(error):
        brakes.move_for_all(brake_id(world), until_at, ORLA, NOW, world.desk)
    assert brakes.to_move(brake_id(world), ORLA, NOW, world.desk).decided_by is None


def test_it_can_only_move_later(world: World) -> None:
    nudge_missed(world.desk, NOW)
    world.assign(replace(HW3, due_at=NOW + DAY))
    with pytest.raises(DateNotLater):
        brakes.move_for_all(brake_id(world), NOW + HOUR, ORLA, NOW, world.desk)


def test_only_organizers_decide(world: World) -> None:
    nudge_missed(world.desk, NOW)
    for other in (TARA, BO):
        with pytest.raises(NotAllowed):
            brakes.carry_on(brake_id(world), other, NOW, world.desk)
        with pytest.raises(NotAllowed):
            brakes.to_move(brake_id(world), other, NOW, world.desk)
    with pytest.raises(NotFound):
        brakes.carry_on("brk_none", ORLA, NOW, world.desk)
