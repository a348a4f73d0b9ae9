"""How students stand on a real database: what counts, what counts as nothing, and what is noted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cohort.levels import Level
from cohort.roster import Member, Status
from services.risk import assess_all, note_levels, of, own_facts
from services.risk_facts import gather
from tests.services.nudge_world import ADA, BO, CHEN, NOW, TARA, World, homework, new_world, person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORK = [homework(f"hw{n}", NOW - (30 - 5 * n) * DAY, pass_mark=70) for n in range(1, 6)]
OTHERS = [person(f"Student {n:03}") for n in range(12)]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Twelve others who hand everything in on time with 85 points, and three of whom nothing has come."""
    world = new_world(tmp_path)
    world.assign(*WORK, homework("hw9", NOW + 5 * DAY, pass_mark=70))
    world.add(*OTHERS)
    for student in OTHERS:
        for work in WORK:
            world.hand_in(student, work, (work.due_at or NOW) - HOUR, 85)
    return world


def level(world: World, student: Member = ADA) -> Level:
    with world.desk.store.reading() as records:
        found = of(records, student, world.desk, NOW)
    assert found is not None
    return found.level


def said(world: World, student: Member = ADA) -> list[str]:
    return list(own_facts(student, NOW, world.desk))


def test_who_hands_everything_in_is_on_track_and_who_hands_in_nothing_is_not(world: World) -> None:
    with world.desk.store.reading() as records:
        found = assess_all(records, world.desk, NOW)
    assert {found[student.id].level for student in OTHERS} == {Level.ON_TRACK}
    assert found[ADA.id].level is Level.CRITICAL
    assert 2 <= len(found[ADA.id].reasons) <= 3
    assert TARA.id not in found


def test_reasons_name_what_a_person_would(world: World) -> None:
    for work in WORK[:2]:
        world.hand_in(ADA, work, (work.due_at or NOW) - HOUR, 60)
    facts = said(world)
    assert "3 of 5 pieces of work not handed in: hw3, hw4, hw5" in facts
    assert "scores of 60 on average" in facts
    assert any(fact.startswith("nothing handed in, booked or answered for") for fact in facts)


def test_one_student_is_assessed_as_among_all(world: World) -> None:
    with world.desk.store.reading() as records:
        every = assess_all(records, world.desk, NOW)
        assert {s.id: of(records, s, world.desk, NOW) for s in (ADA, BO, OTHERS[3])} == {
            s.id: every[s.id] for s in (ADA, BO, OTHERS[3])
        }


def excuse(world: World) -> None:
    for work in WORK[1:]:
        world.excuse(ADA, work)


def extend(world: World) -> None:
    for work in WORK[1:]:
        world.extend(ADA, work, NOW + 3 * DAY, NOW - 20 * DAY)


def leave_out(world: World) -> None:
    with world.desk.store.transaction() as records:
        for work in WORK[1:]:
            records.own_work.drop(ADA.id, work.id, NOW - 20 * DAY)


def ask(world: World) -> None:
    for work in WORK[1:]:
        world.ask(ADA, work)


def say_handed_in(world: World) -> None:
    with world.desk.store.transaction() as records:
        for work in WORK[1:]:
            records.submissions.claim_handed_in(ADA.id, work.id, NOW - 20 * DAY)


def pause(world: World) -> None:
    with world.desk.store.transaction() as records:
        records.roster.add_status(ADA.id, Status.PAUSED, NOW - 24 * DAY, None)
        records.roster.add_status(ADA.id, Status.ACTIVE, NOW - HOUR, None)


def join_late(world: World) -> None:
    world.add(replace(ADA, joined_at=NOW - 2 * HOUR))


@pytest.mark.parametrize("why", [excuse, extend, leave_out, ask, say_handed_in, pause, join_late])
def test_what_is_arranged_or_waits_for_us_counts_as_nothing(world: World, why: Callable[[World], None]) -> None:
    world.hand_in(ADA, WORK[0], (WORK[0].due_at or NOW) - HOUR, 85)
    assert level(world) is not Level.ON_TRACK
    assert any("not handed in" in fact for fact in said(world))
    why(world)
    assert not any("not handed in" in fact for fact in said(world))


def test_days_of_a_pause_are_not_silence(world: World) -> None:
    world.hand_in(ADA, WORK[0], NOW - 25 * DAY, 85)
    pause(world)
    with world.desk.store.reading() as records:
        [known] = gather(records, world.desk, NOW, ADA)
    assert known.silent_days <= 1


def test_answers_to_the_bot_and_bookings_are_signs_of_life(world: World) -> None:
    with world.desk.store.transaction() as records:
        records.connection.execute(
            "INSERT INTO check_ins (id, student_id, week_on, asked_at, answered_at, hours, mood)"
            " VALUES ('chk_1', ?, '2026-02-16', ?, ?, 45, 2)",
            (ADA.id, (NOW - 2 * DAY).isoformat(), (NOW - DAY).isoformat()),
        )
    facts = said(world)
    assert "the last check-in said 2 of 5" in facts
    assert "15 hours more than asked for, by the last check-in" in facts
    assert not any("booked or answered" in fact for fact in facts)


def test_nothing_is_known_before_work_was_due(world: World) -> None:
    with world.desk.store.reading() as records:
        assert assess_all(records, world.desk, NOW - 36 * DAY) == {}


def test_only_changes_are_noted_and_nobody_who_always_was_on_track(world: World) -> None:
    assert note_levels(world.desk, NOW) == 3
    assert note_levels(world.desk, NOW + HOUR) == 0
    with world.desk.store.reading() as records:
        assert set(records.risk.latest(NOW + HOUR)) == {ADA.id, BO.id, CHEN.id}
    for work in WORK:
        world.hand_in(ADA, work, NOW + HOUR, 85)
        world.excuse(BO, work)
    note_levels(world.desk, NOW + 2 * HOUR)
    with world.desk.store.reading() as records:
        latest = records.risk.latest(NOW + 2 * HOUR)
    assert latest[CHEN.id].level is Level.CRITICAL
    assert latest[BO.id].level.height < Level.CRITICAL.height


def test_nobody_else_reads_the_facts(world: World) -> None:
    assert own_facts(TARA, NOW, world.desk) == []
    assert said(world, replace(ADA, status=Status.PAUSED)) == []
