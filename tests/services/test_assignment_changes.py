"""Moving and cancelling an assignment for everyone, after a preview of whom it touches."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cohort.errors import DateNotLater, DateTooLate, NotAllowed
from cohort.extensions import State
from cohort.own_work import TrackItem
from cohort.wishes import ForDays
from handlers.views import assignment_changes as views
from services import assignment_changes
from services.for_everyone import ForEveryone
from services.messages import Ready
from tests.services.nudge_world import ADA, BO, CHEN, NOW, ORLA, TARA, World, homework, new_world

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HW4 = homework("hw4", NOW + DAY)
LATER = NOW + 3 * DAY


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = new_world(tmp_path)
    made.assign(HW4)
    return made


def told(world: World) -> list[ForEveryone]:
    sent = [prepared.content for _, prepared in world.deliver(NOW) if isinstance(prepared, Ready)]
    return [content for content in sent if isinstance(content, ForEveryone)]


def move(world: World) -> assignment_changes.Change:
    return assignment_changes.move(HW4.id, HW4.due_at, LATER, ORLA, NOW, world.desk)


def test_a_preview_says_whom_a_move_touches_and_changes_nothing(world: World) -> None:
    world.hand_in(ADA, HW4, NOW)
    world.extend(BO, HW4, NOW + 2 * DAY, NOW)
    found = assignment_changes.preview_move("hw4", ForDays(2), ORLA, NOW, world.desk)
    assert (found.students, found.extensions, found.due_at, found.crowds) == (2, 1, LATER, [])
    assert told(world) == []
    assert "One extension moves with it" in views.move_preview(found, ORLA.tz).text


def test_a_move_is_one_act_and_one_message_for_each_it_touches(world: World) -> None:
    world.hand_in(ADA, HW4, NOW)
    world.extend(BO, HW4, NOW + 2 * DAY, NOW)
    assert move(world).is_new
    assert {content.student: content.due_at for content in told(world)} == {BO: LATER + DAY, CHEN: LATER}
    with world.desk.store.reading() as records:
        assert [line.action for line in records.audit.all()] == ["assignment.moved"]


def test_a_second_press_changes_and_tells_nothing(world: World) -> None:
    move(world)
    told(world)
    again = move(world)
    assert (again.is_new, again.is_stale) == (False, False)
    assert told(world) == []


def test_a_preview_that_is_no_longer_true_does_nothing(world: World) -> None:
    world.assign(replace(HW4, due_at=NOW + 2 * DAY))
    assert move(world).is_stale
    assert told(world) == []


def test_a_track_with_a_date_of_its_own_and_a_second_try_stay(world: World) -> None:
    world.add(replace(BO, track="slow"))
    with world.desk.store.transaction() as records:
        records.own_work.save_track_items([TrackItem("slow", HW4.id, required=True, due_at=NOW + 9 * DAY)])
        records.own_work.drop(CHEN.id, HW4.id, NOW)
    assert move(world).students == 1
    assert [content.student for content in told(world)] == [ADA]


def test_what_would_pile_up_is_in_the_preview(world: World) -> None:
    world.assign(*(homework(f"x{n}", LATER + n * HOUR, estimated_hours=4.0) for n in range(3)))
    [crowd] = assignment_changes.preview_move("hw4", ForDays(2), ORLA, NOW, world.desk).crowds
    assert ([a.slug for a in crowd.work], crowd.hours) == (["hw4", "x0", "x1", "x2"], 12.0)


def test_a_due_time_only_moves_later_and_not_past_the_end(world: World) -> None:
    with pytest.raises(DateTooLate):
        assignment_changes.preview_move("hw4", ForDays(90), ORLA, NOW, world.desk)
    with pytest.raises(DateNotLater):
        assignment_changes.move(HW4.id, HW4.due_at, NOW + HOUR, ORLA, NOW, world.desk)


def test_cancelling_tells_everyone_for_whom_it_counted_and_closes_requests(world: World) -> None:
    world.hand_in(ADA, HW4, NOW)
    world.excuse(BO, HW4)
    request = world.ask(CHEN, HW4)
    assert assignment_changes.preview_cancel("hw4", ORLA, NOW, world.desk).students == 2
    assert assignment_changes.cancel(HW4.id, ORLA, NOW, world.desk).is_new
    assert {content.student: content.due_at for content in told(world)} == {ADA: None, CHEN: None}
    with world.desk.store.reading() as records:
        found = records.requests.get(request.id)
        assert [line.action for line in records.audit.all() if line.actor_id] == ["assignment.cancelled"]
    assert found is not None
    assert found.state is State.LAPSED
    assert not assignment_changes.cancel(HW4.id, ORLA, NOW, world.desk).is_new
    assert told(world) == []


def test_only_organizers_change_work_for_everyone(world: World) -> None:
    for other in (TARA, BO):
        with pytest.raises(NotAllowed):
            assignment_changes.preview_cancel("hw4", other, NOW, world.desk)
        with pytest.raises(NotAllowed):
            assignment_changes.cancel(HW4.id, other, NOW, world.desk)
        with pytest.raises(NotAllowed):
            assignment_changes.preview_move("hw4", ForDays(2), other, NOW, world.desk)
        with pytest.raises(NotAllowed):
            assignment_changes.move(HW4.id, HW4.due_at, LATER, other, NOW, world.desk)
