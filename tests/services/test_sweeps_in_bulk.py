"""Looks at a whole cohort: as many queries for forty students as for ten, counted by SQLite itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cohort.check_ins import CheckIn
from cohort.events import Event, EventKind
from cohort.graduation import Outlook, forecast
from cohort.levels import Level
from cohort.nudge_limits import NudgeKind
from cohort.policy import GradingPolicy
from cohort.sections import missed
from services import access, graduation
from services.check_ins import ask_everyone, remind
from services.desk import Desk
from services.ladder import climb
from services.risk import assess_all
from services.risk_facts import gather
from services.sections import weeks_of
from storage.records import Records
from storage.risk import RiskRecords
from tests.services.follow_through_world import stands
from tests.services.nudge_world import ADA, BO, CHEN, NOW, World, homework, new_world, person, policy

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


@pytest.mark.parametrize("drops_allowed", [0, 1, 2])
def test_facts_beside_work_are_those_that_each_student_is_shown(tmp_path: Path, drops_allowed: int) -> None:
    folder = tmp_path / "cohort"
    world = a_cohort(folder, 3)
    desk = replace(world.desk, policy=policy(grading=GradingPolicy(drops_allowed=drops_allowed)))
    ended = [replace(work, hard_due_at=NOW - DAY) for work in WORK[:2]]
    world.assign(*ended, replace(WORK[4], droppable=True))
    world.hand_in(BO, WORK[0], NOW - 27 * DAY, 90)
    world.excuse(CHEN, WORK[0])
    with desk.store.transaction() as records:
        records.own_work.drop(BO.id, WORK[4].id, NOW - 5 * DAY)
        records.events.attend("evt_1", BO.id, BO.id, NOW - 9 * DAY)
        records.events.excuse(CHEN.id, (NOW - 9 * DAY).date(), BO.id, NOW - 9 * DAY)
    with desk.store.reading() as records:
        found = {known.student.id: known.other for known in gather(records, desk, THURSDAY)}
        assert {student_id: shown(records, student_id, desk) for student_id in found} == {
            student_id: (other.drops_used, other.out_of_reach, other.sections_missed)
            for student_id, other in found.items()
        }
    assert found[ADA.id].sections_missed == 1
    assert found[ADA.id].out_of_reach == int(drops_allowed < 2)


def shown(records: Records, student_id: str, desk: Desk) -> tuple[int, int, int]:
    """Return the same as `/cohort progress` reckons it for one student."""
    student = access.known(records, student_id)
    ledger = graduation.ledger(records, student, desk, THURSDAY)
    is_out = forecast(ledger).outlook in {Outlook.TAKE_BACK, Outlook.OUT_OF_REACH}
    weeks = missed(weeks_of(records, student, THURSDAY, desk.policy))
    return int(bool(ledger.counted) and ledger.drops_left <= 0), int(is_out), len(weeks)
