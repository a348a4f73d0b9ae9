"""Reminders over a cohort: once a due time, in one message, and checked again when they are sent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cohort.assignments import Assignment
from cohort.nudges import Offer, OfferState
from cohort.roster import Status
from services import choices
from services.due_soon import DueSoon, _found, remind_due_soon
from services.letters import Obsolete
from services.messages import Ready
from services.nudge_hearing import note_reaction
from tests.services.nudge_world import ADA, BO, CHEN, HARD, HW3, NOW, World, homework, new_world, person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Due on Thursday at 11:00 in London, a day after 11:00 on Wednesday.
SOON = homework("hw4", NOW + 23 * HOUR)


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = new_world(tmp_path)
    made.add(*(replace(member, status=Status.PAUSED) for member in (BO, CHEN)))
    made.hand_in(ADA, HW3, NOW - 5 * DAY)
    made.assign(SOON)
    return made


def reminded(world: World, now: datetime) -> list[str]:
    """Sweep and deliver once, and return what Ada was reminded of."""
    remind_due_soon(world.desk, now)
    notes = [sent.content for _, sent in world.deliver(now) if isinstance(sent, Ready)]
    return [due.assignment.slug for note in notes if isinstance(note, DueSoon) for due in note.dues]


def test_several_things_are_one_message_and_each_is_said_once(world: World) -> None:
    world.assign(homework("hw5", NOW + 70 * HOUR, estimated_hours=6.0))
    assert reminded(world, NOW) == ["hw4", "hw5"]
    note_reaction(ADA, "command", NOW + HOUR, world.desk)
    assert reminded(world, NOW + 20 * HOUR) == []


def test_a_due_time_that_moved_is_a_new_one(world: World) -> None:
    assert reminded(world, NOW) == ["hw4"]
    note_reaction(ADA, "command", NOW + HOUR, world.desk)
    world.extend(ADA, SOON, NOW + 4 * DAY, NOW + HOUR)
    assert reminded(world, NOW + 2 * DAY) == []
    assert reminded(world, NOW + 3 * DAY + HOUR) == ["hw4"]


def test_an_offer_stands_in_the_place_of_a_reminder(world: World) -> None:
    with world.desk.store.transaction() as records:
        records.nudges.add("ndg_x", ADA.id, "missed", NOW - 3 * DAY, NOW - 2 * DAY)
        offer = Offer("off_x", ADA.id, SOON.id, "ndg_x", 2, OfferState.OPEN, NOW + DAY)
        records.nudges.add_offer(offer)
    assert reminded(world, NOW) == []


def test_what_is_settled_meanwhile_is_not_sent(world: World) -> None:
    remind_due_soon(world.desk, NOW)
    world.hand_in(ADA, SOON, NOW)
    [(_, sent)] = world.deliver(NOW)
    assert sent == Obsolete("nothing is due soon any more")


def test_on_the_day_of_the_plan_the_reminder_is_left_to_it(world: World) -> None:
    sunday = datetime(2026, 2, 22, 12, tzinfo=UTC)
    world.assign(replace(SOON, due_at=sunday + 23 * HOUR))
    assert reminded(world, sunday) == []
    assert reminded(world, sunday + 8 * HOUR) == ["hw4"]


def test_two_sweeps_make_one_message(world: World) -> None:
    assert remind_due_soon(world.desk, NOW) == 1
    assert remind_due_soon(world.desk, NOW) == 0


def test_a_clock_that_steps_back_makes_no_second_message(world: World) -> None:
    """Nor do two sweeps at once, of which the one that comes second may have looked at the clock first."""
    assert remind_due_soon(world.desk, NOW) == 1
    for back in (timedelta(milliseconds=2), HOUR):
        assert remind_due_soon(world.desk, NOW - back) == 0
    assert reminded(world, NOW) == ["hw4"]


def test_who_wants_none_gets_none(world: World) -> None:
    choices.pause(ADA, NOW, world.desk)
    assert reminded(world, NOW) == []


def test_as_many_questions_for_many_students_as_for_few(tmp_path: Path) -> None:
    def questions(students: int) -> int:
        folder = tmp_path / str(students)
        folder.mkdir()
        world = new_world(folder)
        world.assign(SOON)
        people = [person(f"Student {n:04}") for n in range(students)]
        world.add(*people)
        for member in (*people, ADA, BO, CHEN):
            world.hand_in(member, SOON, NOW - DAY)
        return _asked(world)

    assert questions(5) == questions(60)


def _asked(world: World) -> int:
    asked: list[str] = []
    with world.desk.store.reading() as records:
        records.connection.set_trace_callback(asked.append)
        try:
            assert list(_found(records, world.desk.policy.nudges, NOW)) == []
        finally:
            records.connection.set_trace_callback(None)
    return len(asked)


def test_nothing_is_read_where_nothing_is_near(world: World) -> None:
    far: Assignment = replace(SOON, due_at=HARD - DAY)
    world.assign(far, replace(HW3, cancelled=True))
    assert _asked(world) <= 2
