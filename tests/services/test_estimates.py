"""Reported hours correct what plans reckon with, from the second week on, and organizers see both."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cohort.errors import NotAllowed
from cohort.reminders import Due
from cohort.week_plans import start_by
from handlers.views.estimates import listed as shown
from services.estimates import correct_estimates, listed
from tests.services.grading_world import hand_in
from tests.services.nudge_world import ADA, BO, CHEN, NOW, ORLA, TARA, World, homework, new_world, person

DAY = timedelta(days=1)
HW5 = homework("hw5", NOW + 6 * DAY, estimated_hours=6.0)
FIRST_WEEK = datetime(2026, 1, 18, 12, tzinfo=UTC)
STUDENTS = [ADA, BO, CHEN, person("Dan"), person("Eve")]


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = new_world(tmp_path)
    made.add(*STUDENTS)
    made.assign(HW5, homework("hw6", NOW + 9 * DAY, estimated_hours=2.0))
    return made


def report(world: World, count: int = 5, at: datetime = NOW) -> None:
    for student in STUDENTS[:count]:
        hand_in(world.desk, HW5, student, at=at, hours=9.0)


def hours(world: World) -> dict[str, float | None]:
    with world.desk.store.reading() as records:
        return {a.slug: a.hours for a in records.assignments.all()}


def test_reports_change_what_plans_reckon_with(world: World) -> None:
    report(world)
    assert correct_estimates(world.desk, NOW) == 2
    assert correct_estimates(world.desk, NOW) == 0
    assert hours(world) == {"hw3": None, "hw5": 9.0, "hw6": 3.0}
    with world.desk.store.reading() as records:
        [after] = [a for a in records.assignments.all() if a.slug == "hw5"]
    nudges, tz = world.desk.policy.nudges, ADA.tz
    due_at = NOW + 6 * DAY
    assert start_by(Due(HW5, due_at), nudges, tz) - start_by(Due(after, due_at), nudges, tz) == DAY


def test_nothing_is_corrected_in_the_first_week_or_by_too_few(world: World) -> None:
    report(world, count=4)
    assert correct_estimates(world.desk, NOW) == 0
    hand_in(world.desk, HW5, STUDENTS[4], at=FIRST_WEEK, hours=9.0)
    assert correct_estimates(world.desk, FIRST_WEEK) == 0
    assert correct_estimates(world.desk, NOW) == 2


def test_organizers_see_both_and_nobody_else(world: World) -> None:
    report(world)
    correct_estimates(world.desk, NOW)
    text = shown(listed(ORLA, NOW, world.desk)).blocks[1]["text"]["text"]
    assert "(hw5): 6 hours estimated, 9 hours reported by 5; plans reckon with 9 hours" in text
    assert "(hw6): 2 hours estimated, too few reports yet; plans reckon with 3 hours" in text
    for other in (ADA, TARA):
        with pytest.raises(NotAllowed):
            listed(other, NOW, world.desk)
