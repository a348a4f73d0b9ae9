"""Looks at a whole cohort: as many queries for forty students as for ten, counted by SQLite itself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cohort.check_ins import CheckIn
from cohort.events import Event, EventKind
from cohort.levels import Level
from cohort.nudge_limits import NudgeKind
from services.check_ins import ask_everyone, remind
from services.desk import Desk
from services.ladder import climb
from services.risk import assess_all
from storage.risk import RiskRecords
from tests.services.follow_through_world import stands
from tests.services.nudge_world import ADA, BO, CHEN, NOW, World, homework, new_world, person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Thursday, 17:00 in London, when everyone there is asked how it goes.
THURSDAY = NOW + DAY + 5 * HOUR
WORK = [homework(f"hw{n}", NOW - (30 - 5 * n) * DAY, pass_mark=70) for n in range(1, 6)]


def a_cohort(folder: Path, students: int) -> World:
    """A programme of so many more students, who were all written to on the day that is looked at, and a section."""
    folder.mkdir()
    world, everyone = new_world(folder), [person(f"Student {n:03}") for n in range(students)]
    world.assign(*WORK)
    world.add(*everyone)
    for student in everyone:
        for work in WORK:
            world.hand_in(student, work, (work.due_at or NOW) - HOUR, 85)
    everyone += [ADA, BO, CHEN]
    begins_at = NOW - 9 * DAY
    section = Event("evt_1", "s1", EventKind.SECTION, "Section", begins_at, begins_at + HOUR, NOW, announced_at=NOW)
    with world.desk.store.transaction() as records:
        records.events.add(section)
        for student in everyone:
            records.nudges.add(f"ndg_{student.id}", student.id, NudgeKind.PLAN.value, THURSDAY - HOUR)
            records.nudges.begin(f"ndg_{student.id}", THURSDAY - HOUR)
            monday = (NOW - 9 * DAY).date()
            records.check_ins.add(CheckIn(f"chk_{student.id}", student.id, monday, THURSDAY - 26 * HOUR))
    for student in everyone:
        stands(world.desk, student, Level.SLIPPING, NOW - DAY)
    return world


def statements(world: World, look: Callable[[Desk, datetime], object]) -> list[str]:
    """Return what SQLite was asked."""
    found: list[str] = []
    for note in (found.append, None):
        with world.desk.store.reading() as records:
            records.connection.set_trace_callback(note)
        if note is not None:
            look(world.desk, THURSDAY)
    return [statement for statement in found if statement.startswith("SELECT")]


def assess(desk: Desk, now: datetime) -> None:
    with desk.store.reading() as records:
        assert len(assess_all(records, desk, now)) >= 10


@pytest.mark.parametrize("look", [assess, ask_everyone, remind, climb])
def test_queries_do_not_grow_with_the_cohort(tmp_path: Path, look: Callable[[Desk, datetime], object]) -> None:
    few, many = (statements(a_cohort(tmp_path / str(n), n), look) for n in (10, 40))
    assert len(few) == len(many) > 2


def test_the_latest_levels_come_in_the_order_of_students(tmp_path: Path) -> None:
    world = a_cohort(tmp_path / "cohort", 3)
    stands(world.desk, ADA, Level.CRITICAL, NOW)
    stands(world.desk, ADA, Level.ON_TRACK, NOW + DAY)
    with world.desk.store.reading() as records:
        risk: RiskRecords = records.risk
        found = list(risk.every_latest(NOW))
        assert {one.student_id: one for one in found} == risk.latest(NOW)
        assert [one.student_id for one in found] == sorted(one.student_id for one in found)
        assert risk.latest(NOW)[ADA.id].level is Level.CRITICAL
        assert risk.latest(NOW + DAY)[ADA.id].level is Level.ON_TRACK
