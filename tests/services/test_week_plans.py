"""The plan of the week: when it comes, what stands in it, and what the presses under it do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cohort.assignments import Kind
from cohort.errors import NotAllowed, NotFound
from cohort.roster import Status
from cohort.week_plans import Progress
from handlers.views.reminders import week_plan
from services.due_soon import remind_due_soon
from services.letters import Obsolete
from services.messages import Ready, Standing
from services.nudge_hearing import note_reaction
from services.week_plans import WeekPlan, plan_week, say_progress
from tests.services.nudge_world import ADA, BO, CHEN, HW3, TARA, World, homework, new_world

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SUNDAY = datetime(2026, 2, 22, 18, tzinfo=UTC)
MONDAY_WORK = homework("hw4", SUNDAY + 23 * HOUR)
FRIDAY_WORK = homework("hw5", SUNDAY + 5 * DAY, estimated_hours=9.0)
LECTURE = homework("lec2", None, kind=Kind.LECTURE, opens_at=SUNDAY + DAY)


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = new_world(tmp_path)
    made.add(*(replace(member, status=Status.PAUSED) for member in (BO, CHEN)))
    made.hand_in(ADA, HW3, SUNDAY - 9 * DAY)
    made.assign(MONDAY_WORK, FRIDAY_WORK, LECTURE)
    return made


def planned(world: World, now: datetime) -> list[WeekPlan]:
    plan_week(world.desk, now)
    found = [sent.content for _, sent in world.deliver(now) if isinstance(sent, Ready)]
    return [content for content in found if isinstance(content, WeekPlan)]


def test_it_comes_once_on_sunday_evening_of_the_student(world: World) -> None:
    assert planned(world, SUNDAY - timedelta(minutes=15)) == []
    [plan] = planned(world, SUNDAY)
    assert [item.assignment.slug for item in plan.items] == ["hw4", "hw5"]
    assert [item.start_by_at for item in plan.items] == [SUNDAY, SUNDAY + 2 * DAY]
    assert [assignment.slug for assignment in plan.to_attend] == ["lec2"]
    assert planned(world, SUNDAY + HOUR) == []
    note_reaction(ADA, "command", SUNDAY + DAY, world.desk)
    assert len(planned(world, SUNDAY + 7 * DAY)) == 0
    world.assign(homework("hw6", SUNDAY + 9 * DAY))
    assert len(planned(world, SUNDAY + 7 * DAY)) == 1


def test_what_the_plan_names_in_time_needs_no_reminder_and_the_rest_gets_its_own(world: World) -> None:
    planned(world, SUNDAY)
    note_reaction(ADA, "command", SUNDAY, world.desk)
    assert remind_due_soon(world.desk, SUNDAY + 16 * HOUR) == 0
    assert remind_due_soon(world.desk, SUNDAY + 2 * DAY) == 1
    assert world.letters("nudges.due_soon")[0].data["assignments"] == [FRIDAY_WORK.id]


def test_a_plan_of_which_nothing_is_left_is_not_sent(world: World) -> None:
    world.assign(replace(LECTURE, cancelled=True))
    plan_week(world.desk, SUNDAY)
    world.hand_in(ADA, MONDAY_WORK, SUNDAY)
    world.hand_in(ADA, FRIDAY_WORK, SUNDAY)
    assert [sent for _, sent in world.deliver(SUNDAY)] == [Obsolete("nothing of the plan is left")]


def test_what_someone_says_stands_in_the_plan(world: World) -> None:
    planned(world, SUNDAY)
    said = say_progress(FRIDAY_WORK.id, Progress.STUCK, ADA, SUNDAY + HOUR, world.desk)
    assert (said.assignment, said.progress) == (FRIDAY_WORK, Progress.STUCK)
    world.hand_in(ADA, MONDAY_WORK, SUNDAY)
    [(_, sent)] = world.deliver(SUNDAY + HOUR)
    assert isinstance(sent, Ready)
    assert isinstance(sent.address, Standing)
    assert isinstance(sent.content, WeekPlan)
    assert [(item.progress, item.is_settled) for item in sent.content.items] == [(None, True), (Progress.STUCK, False)]


def test_what_waits_for_us_stands_so_in_the_plan(world: World) -> None:
    planned(world, SUNDAY)
    world.ask(ADA, FRIDAY_WORK)
    say_progress(MONDAY_WORK.id, Progress.STARTED, ADA, SUNDAY + HOUR, world.desk)
    [(_, sent)] = world.deliver(SUNDAY + HOUR)
    assert isinstance(sent, Ready)
    assert isinstance(sent.content, WeekPlan)
    assert [(item.is_waiting, item.is_settled) for item in sent.content.items] == [(False, False), (True, False)]


def test_only_students_say_how_far_they_are_and_only_of_work(world: World) -> None:
    with pytest.raises(NotAllowed):
        say_progress(FRIDAY_WORK.id, Progress.STARTED, TARA, SUNDAY, world.desk)
    for unknown in ("asg_none", LECTURE.id):
        with pytest.raises(NotFound):
            say_progress(unknown, Progress.STARTED, ADA, SUNDAY, world.desk)


def test_an_empty_week_is_no_message(world: World) -> None:
    world.assign(*(replace(a, cancelled=True) for a in (MONDAY_WORK, FRIDAY_WORK, LECTURE)))
    assert plan_week(world.desk, SUNDAY) == 0


def test_too_much_at_once_is_said_in_the_plan(world: World) -> None:
    world.assign(*(homework(f"x{n}", SUNDAY + 5 * DAY, estimated_hours=4.0) for n in range(3)))
    [plan] = planned(world, SUNDAY)
    [crowd] = plan.crowds
    assert ([a.slug for a in crowd.work], crowd.hours) == (["hw5", "x0", "x1", "x2"], 21.0)
    assert "That is a lot at once" in str(week_plan(plan, ADA.tz).blocks)
