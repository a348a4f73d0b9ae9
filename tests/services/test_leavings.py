"""Leaving: paused at once, undone with one press for some days, then all that is open closes in one step."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cohort.errors import NotActive, NotAllowed, NotFound
from cohort.extensions import State
from cohort.follow_ups import Origin
from cohort.leavings import Instead, LeavingReason
from cohort.roster import Member, Status
from services.booking_changes import give_up_gone
from services.extension_upkeep import lapse_waiting
from services.leavings import LeavingShown, WantsToLeave, begin, take_effect, totals, undo
from services.letters import Obsolete
from services.nudges import nudge_missed
from tests.services.booking_world import booked, hours, stored
from tests.services.follow_through_world import case_of, the_case
from tests.services.grading_world import heard
from tests.services.nudge_world import ADA, BO, HW3, NOW, TARA, World, new_world, person

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
    with pytest.raises(NotActive):
        undo(shown.leaving.id, student, NOW + 4 * DAY, world.desk)


def test_an_import_in_between_does_not_lose_it(world: World) -> None:
    begin(WISH, ADA, NOW, world.desk)
    world.add(ADA)
    take_effect(world.desk, NOW + 3 * DAY)
    assert now_is(world).status is Status.WITHDRAWN


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
