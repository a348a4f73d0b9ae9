"""The pictures of a cohort: every state in its place, worst first, with words for who can't see them."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cohort.levels import Level, LevelSince
from cohort.pictures import ALT_MOST, Cell, Grid, GridRow, grid_words, levels_words
from cohort.roster import Status
from services.digest_messages import show
from services.drawing import CELLS, LEVELS, draw_grid, draw_levels
from services.messages import Ready
from services.pictures import GRID_FILE, ROWS_MOST, GridPicture, grid, levels
from tests.services.nudge_world import ADA, BO, CHEN, DUE, HARD, HW3, NOW, ORLA, World, homework, new_world, person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PNG = b"\x89PNG\r\n"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def seen(world: World) -> Grid:
    with world.desk.store.reading() as records:
        return grid(records, world.desk, NOW)


def test_each_state_stands_in_its_place(world: World) -> None:
    made = [homework(f"hw{n}", DUE - (9 - n) * DAY, pass_mark=50) for n in range(1, 9)]
    hw1, hw2, hw3, hw4, hw5, hw6, _, hw8 = made
    ahead = homework("hw9", NOW + DAY)
    world.assign(*made, ahead)
    world.hand_in(ADA, hw1, DUE - 10 * DAY, 80)
    world.hand_in(ADA, hw2, DUE - 9 * DAY)
    world.hand_in(ADA, hw3, NOW)
    world.hand_in(ADA, hw4, DUE - 9 * DAY, 20)
    world.extend(ADA, hw5, NOW + DAY, DUE - 9 * DAY)
    world.excuse(ADA, hw6)
    with world.desk.store.transaction() as records:
        records.own_work.drop(ADA.id, hw8.id, NOW)
    found = seen(world)
    (row,) = [row for row in found.rows if row.name == "Ada"]
    assert dict(zip(found.assignments, row.cells, strict=True)) == {
        "hw1": Cell.PASSED,
        "hw2": Cell.HANDED_IN,
        "hw3": Cell.LATE,
        "hw4": Cell.NOT_PASSED,
        "hw5": Cell.EXTENDED,
        "hw6": Cell.EXCUSED,
        "hw7": Cell.MISSED,
        "hw8": Cell.DROPPED,
        "hw9": Cell.DUE,
    }
    assert found.past == 8


def test_nothing_is_missed_while_a_request_waits(world: World) -> None:
    world.ask(ADA, HW3)
    assert {row.name: row.cells for row in seen(world).rows} == {
        "Ada": [Cell.EXTENDED],
        "Bo": [Cell.MISSED],
        "Chen": [Cell.MISSED],
    }


def test_the_worst_come_first_and_the_unknown_last(world: World) -> None:
    with world.desk.store.transaction() as records:
        records.risk.note(LevelSince(BO.id, NOW - DAY, Level.CRITICAL, 2.0))
        records.risk.note(LevelSince(CHEN.id, NOW - DAY, Level.SLIPPING, 0.5))
    assert [(row.name, row.level) for row in seen(world).rows] == [
        ("Bo", Level.CRITICAL),
        ("Chen", Level.SLIPPING),
        ("Ada", None),
    ]


def test_of_many_students_the_worst_are_shown(world: World) -> None:
    world.add(*(person(f"Student {number:03}") for number in range(ROWS_MOST)))
    with world.desk.store.transaction() as records:
        records.risk.note(LevelSince("mem_student119", NOW - DAY, Level.AT_RISK, 1.0))
    found = seen(world)
    assert (len(found.rows), found.total, found.rows[0].name) == (ROWS_MOST, ROWS_MOST + 3, "Student 119")


def test_each_week_ends_with_how_all_stood_then(world: World) -> None:
    with world.desk.store.transaction() as records:
        records.risk.note(LevelSince(ADA.id, NOW - 20 * DAY, Level.SLIPPING, 0.5))
        records.risk.note(LevelSince(ADA.id, NOW - 6 * DAY, Level.CRITICAL, 2.0))
    world.add(replace(BO, status=Status.WITHDRAWN, left_at=NOW - 13 * DAY))
    world.add(replace(CHEN, joined_at=NOW - 13 * DAY))
    with world.desk.store.reading() as records:
        weeks = levels(records, world.desk, NOW)
    seen_as = [
        (w.week_on.isoformat(), w.counts[Level.SLIPPING], w.counts[Level.CRITICAL], w.unknown, w.left) for w in weeks
    ]
    assert seen_as == [
        ("2026-01-12", 0, 0, 2, 0),
        ("2026-01-19", 0, 0, 2, 0),
        ("2026-01-26", 1, 0, 1, 0),
        ("2026-02-02", 1, 0, 1, 1),
        ("2026-02-09", 0, 1, 1, 1),
        ("2026-02-16", 0, 1, 1, 1),
    ]
    assert draw_levels(weeks).startswith(PNG)
    told = levels_words(weeks)
    assert told.startswith("Stacked bars of how many students stood how in each of 6 weeks. Week of 16 Feb: 1 critical")


def test_words_name_no_student_and_fit_what_slack_takes(world: World) -> None:
    found = seen(world)
    assert "missed 3. Missed most: hw3 (3)." in grid_words(found)
    assert "Ada" not in grid_words(found)
    slugs = [f"a-rather-long-name-of-an-assignment-{number}" for number in range(60)]
    rows = [GridRow("Ada", None, [Cell.MISSED] * 60)] * 120
    assert len(grid_words(Grid(slugs * 9, [GridRow("Ada", None, [Cell.MISSED] * 540)], 540, 1, found.on))) <= ALT_MOST
    assert draw_grid(Grid(slugs, rows, 60, 2000, found.on)).startswith(PNG)


def test_a_cohort_without_anything_can_be_drawn() -> None:
    assert draw_grid(Grid([], [], 0, 0, HARD.date())).startswith(PNG)
    assert draw_levels([]).startswith(PNG)


def test_no_two_states_share_a_colour_or_a_mark() -> None:
    shown = [look for cell, look in CELLS.items() if cell is not Cell.NOTHING]
    for part in (1, 2):
        assert len({look[part] for look in shown}) == len(shown)
        assert len({look[part] for look in LEVELS.values()}) == len(LEVELS)


def test_whoever_asks_gets_both_in_their_direct_messages_also_at_night(world: World) -> None:
    night = NOW.replace(hour=2)
    show(ORLA, night, world.desk)
    sent = [ready for _, ready in world.deliver(night) if isinstance(ready, Ready)]
    assert [ready.attached.name for ready in sent if ready.attached] == [GRID_FILE, "cohort-levels.png"]
    first = sent[0]
    assert first.content == GridPicture(3, 3)
    assert first.attached is not None
    assert first.attached.content.startswith(PNG)
    assert first.attached.alt_text.startswith("A grid of 3 students and 1 assignment, 1 of them due.")


def test_work_due_for_one_only_is_seen_by_that_one(world: World) -> None:
    world.assign(replace(HW3, cancelled=True))
    assert seen(world).assignments == []
