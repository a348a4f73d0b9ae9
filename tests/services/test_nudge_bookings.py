"""Booking office hours is a sign of life, and what followed a nudge."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from cohort.nudge_limits import NudgeKind
from cohort.nudge_outcomes import NudgeOutcome
from services.nudge_hearing import can_be_nudged
from services.nudge_outcomes import note_outcomes, report
from services.nudge_sweeps import hearing
from services.silence import report_silent
from storage.ids import new_id
from tests.services.calendar_world import a_series, booked, hours
from tests.services.nudge_world import ADA, BO, CHEN, HW3, NOW, TARA, World, homework, new_world, person

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def nudged(world: World, student_id: str, *times: datetime) -> str:
    nudge_id = ""
    with world.desk.store.transaction() as records:
        for at in times:
            nudge_id = new_id("ndg")
            records.nudges.add(nudge_id, student_id, "missed", at)
            records.nudges.begin(nudge_id, at)
        records.nudges.add_items(nudge_id, student_id, "missed", [HW3.id])
    return nudge_id


def book(world: World, student_id: str, at: datetime, about: str | None = None) -> str:
    """Book the first slot of hours of its own; return the booking's id."""
    slot = hours(world.desk, a_series(TARA, date(2026, 2, 25), time(18), "Europe/London"))[0]
    with world.desk.store.reading() as records:
        student = records.roster.get(student_id)
    assert student is not None
    booking = booked(world.desk, slot, student, now=at)
    with world.desk.store.transaction() as records:
        records.connection.execute("UPDATE bookings SET assignment_id = ? WHERE id = ?", (about, booking.id))
    return booking.id


def may_be_nudged(world: World, student_id: str, now: datetime) -> bool:
    """Say so for one student, and make sure that the sweep over everyone agrees."""
    with world.desk.store.reading() as records:
        student = records.roster.get(student_id)
        assert student is not None
        may = can_be_nudged(records, student, NudgeKind.MISSED, world.desk.policy.nudges, now)
        swept = hearing(records, NudgeKind.MISSED, [], world.desk.policy.nudges, now)
        assert (student_id in {work.student.id for work in swept}) is may
    return may


def test_booking_is_a_sign_of_life(world: World) -> None:
    nudged(world, ADA.id, NOW, NOW + 2 * DAY)
    book(world, BO.id, NOW + 2 * DAY + HOUR)
    assert not may_be_nudged(world, ADA.id, NOW + 4 * DAY)
    book(world, ADA.id, NOW + 2 * DAY + HOUR)
    assert may_be_nudged(world, ADA.id, NOW + 4 * DAY)


def test_whoever_booked_is_not_silent(world: World) -> None:
    nudged(world, ADA.id, NOW, NOW + 2 * DAY)
    nudged(world, BO.id, NOW, NOW + 2 * DAY)
    book(world, ADA.id, NOW + 2 * DAY + HOUR)
    book(world, BO.id, NOW - HOUR)
    assert report_silent(world.desk, NOW + 4 * DAY) == 1
    [letter] = world.letters("nudges.silent")
    assert letter.data["students"] == [BO.id]
    book(world, BO.id, NOW + 4 * DAY)
    prepared = {letter.kind: prepared for letter, prepared in world.deliver(NOW + 5 * DAY)}
    assert getattr(prepared["nudges.silent"], "why", "") == "they gave a sign of life"


def test_a_booking_within_three_days_is_what_followed(world: World) -> None:
    hw4, more = homework("hw4"), [person(f"Student {n}") for n in range(3)]
    world.assign(hw4)
    world.add(*more)
    about_it, about_nothing, about_other, too_late, was_named = (ADA, BO, CHEN, *more[:2])
    for student in (*(ADA, BO, CHEN), *more):
        nudged(world, student.id, NOW)
    book(world, about_it.id, NOW + HOUR, HW3.id)
    book(world, about_nothing.id, NOW + 3 * DAY)
    book(world, about_other.id, NOW + HOUR, hw4.id)
    book(world, too_late.id, NOW + 3 * DAY + HOUR)
    slot = hours(world.desk, a_series(TARA, date(2026, 2, 26), time(18), "Europe/London"))[0]
    booked(world.desk, slot, more[2], was_named, now=NOW + HOUR)
    world.hand_in(about_it, HW3, NOW + 2 * HOUR)

    assert note_outcomes(world.desk, NOW + 4 * DAY) == 6

    missed = report(world.desk)[0].outcomes
    assert missed is not None
    assert Counter(missed) == Counter({NudgeOutcome.HANDED_IN: 1, NudgeOutcome.BOOKED: 2, NudgeOutcome.NOTHING: 3})
