"""Joining on a real database: one welcome, “count me in”, and dates that are hard before the first week is over."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from cohort.errors import NotActive, NotAllowed, Unclear
from cohort.joining import HardDates, is_welcomed, moved
from cohort.roster import Member, Status
from cohort.times import at_wall, local_day
from handlers.views.joining import welcome
from services.extensions import case_of
from services.joining import Welcome, accept_dates, count_in, greet, name_dates, welcome_of
from services.letters import Obsolete
from services.messages import Ready, prepare
from tests.services.nudge_world import ADA, BO, ORLA, TARA, World, homework, new_world, policy

DAY = timedelta(days=1)
PROGRAMME = policy().programme
STARTS = at_wall(PROGRAMME.starts_on, datetime.min.time(), PROGRAMME.tz)
MONDAY = STARTS + 10 * timedelta(hours=1)
HW = homework("hw1", STARTS + 4 * DAY + timedelta(hours=18))


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = new_world(tmp_path)
    world.assign(HW)
    return world


def added(world: World, member: Member, at: datetime) -> None:
    with world.desk.store.transaction() as records:
        records.roster.add_status(member.id, Status.ACTIVE, at, None)


def welcomes(world: World) -> list[str]:
    with world.desk.store.reading() as records:
        return [letter.recipient for letter, _ in records.outbox.of_kind("joining.welcome")]


def test_organizers_are_welcomed_with_what_they_do_and_hear_of(world: World) -> None:
    of_ta, of_organizer = (str(welcome(welcome_of(one, MONDAY, world.desk), one.tz).blocks) for one in (TARA, ORLA))
    assert "your weekly hours" in of_ta
    assert "your weekly hours" not in of_organizer
    for words in ("/cohort digest", "/cohort roster", "CSV", "/cohort policy", "once a day"):
        assert words in of_organizer
        assert words not in of_ta


def own_due(world: World, student: Member, at: datetime) -> datetime | None:
    with world.desk.store.reading() as records:
        return case_of(records, student, HW, at).effective_due_at


def test_who_comes_onto_the_roster_is_welcomed_once_whatever_restarts(world: World) -> None:
    added(world, ADA, STARTS - 3 * DAY)
    assert (greet(world.desk, STARTS - 3 * DAY), greet(world.desk, STARTS - 2 * DAY)) == (1, 0)
    assert welcomes(world) == [f"member:{ADA.id}"]
    with world.desk.store.reading() as records:
        [(letter, _)] = records.outbox.of_kind("joining.welcome")
    ready = prepare(letter, world.desk, MONDAY)
    assert isinstance(ready, Ready)
    assert isinstance(ready.content, Welcome)
    assert (ready.content.member, ready.content.can_name_dates) == (ADA, True)
    world.add(replace(ADA, status=Status.WITHDRAWN, left_at=STARTS))
    assert isinstance(prepare(letter, world.desk, MONDAY), Obsolete)


@pytest.mark.parametrize(
    ("joined", "now", "is_due"),
    [
        (STARTS - 60 * DAY, STARTS - 30 * DAY, False),
        (STARTS - 60 * DAY, STARTS - 10 * DAY, True),
        (STARTS - 60 * DAY, STARTS + 5 * DAY, True),
        (STARTS - 60 * DAY, STARTS + 30 * DAY, False),
        (STARTS + 30 * DAY, STARTS + 31 * DAY, True),
        (STARTS + 30 * DAY, STARTS + 50 * DAY, False),
    ],
)
def test_nobody_is_welcomed_long_before_or_long_after(joined: datetime, now: datetime, *, is_due: bool) -> None:
    assert is_welcomed(replace(ADA, joined_at=joined), joined, PROGRAMME, now) is is_due
    assert not is_welcomed(replace(ADA, joined_at=joined, slack_id=None), joined, PROGRAMME, now)


def test_a_student_is_counted_in_once(world: World) -> None:
    assert (count_in(ADA, MONDAY, world.desk), count_in(ADA, MONDAY, world.desk)) == (True, False)
    with pytest.raises(NotAllowed):
        count_in(TARA, MONDAY, world.desk)
    with pytest.raises(NotActive):
        welcome_of(replace(BO, status=Status.PAUSED), MONDAY, world.desk)


def test_what_falls_on_hard_dates_is_moved_by_one_press_and_for_nobody_else(world: World) -> None:
    on = local_day(HW.due_at or STARTS, ADA.tz)
    found = name_dates([HardDates(on - DAY, on + DAY)], ADA, MONDAY, world.desk)
    assert [one.assignment.slug for one in found.moved] == ["hw1"]
    assert own_due(world, ADA, MONDAY) == HW.due_at
    assert accept_dates(ADA, MONDAY, world.desk).is_done
    after = own_due(world, ADA, MONDAY + timedelta(minutes=1))
    assert after is not None
    assert local_day(after, ADA.tz) == on + 2 * DAY
    assert own_due(world, BO, MONDAY + timedelta(minutes=1)) == HW.due_at
    assert accept_dates(ADA, MONDAY + timedelta(minutes=2), world.desk).moved == []


def test_dates_that_are_none_and_dates_after_the_first_week_are_refused(world: World) -> None:
    for dates in (HardDates(date(2026, 3, 9), date(2026, 3, 8)), HardDates(date(2020, 1, 1), date(2020, 1, 2))):
        with pytest.raises(Unclear):
            name_dates([dates], ADA, MONDAY, world.desk)
    with pytest.raises(Unclear, match="first week is over"):
        name_dates([], ADA, STARTS + 8 * DAY, world.desk)
    with pytest.raises(NotAllowed):
        name_dates([], ORLA, MONDAY, world.desk)


def test_a_due_time_keeps_its_wall_time_and_never_passes_the_hard_end() -> None:
    due = at_wall(date(2026, 3, 27), datetime(2026, 1, 1, 18).time(), ADA.tz)
    work = replace(HW, due_at=due, hard_due_at=due + 60 * DAY)
    # The clocks change on 29 March.
    [later] = moved([(work, due)], [HardDates(date(2026, 3, 27), date(2026, 3, 29))], ADA.tz)
    assert later.until_at.astimezone(ADA.tz).isoformat()[:16] == "2026-03-30T18:00"
    [bound] = moved(
        [(replace(work, hard_due_at=due + DAY), due)], [HardDates(date(2026, 3, 27), date(2026, 3, 29))], ADA.tz
    )
    assert bound.until_at == due + DAY
    assert (
        moved([(replace(work, hard_due_at=due), due)], [HardDates(date(2026, 3, 27), date(2026, 3, 29))], ADA.tz) == []
    )
    [chained] = moved(
        [(work, due)],
        [HardDates(date(2026, 3, 27), date(2026, 3, 28)), HardDates(date(2026, 3, 29), date(2026, 3, 31))],
        ADA.tz,
    )
    assert local_day(chained.until_at, ADA.tz) == date(2026, 4, 1)


def test_the_welcome_says_what_the_last_cohort_really_spent(world: World) -> None:
    added(world, ADA, STARTS - DAY)
    known = world.desk.policy.checkins.model_copy(update={"hours_last_time": (17.0, 26.0)})
    desk = replace(world.desk, policy=world.desk.policy.model_copy(update={"checkins": known}))
    said = str(welcome(welcome_of(ADA, MONDAY, desk), ADA.tz).blocks)
    assert "in the last cohort half of all weeks took 17 to 26 hours" in said
    assert "last cohort" not in str(welcome(welcome_of(ADA, MONDAY, world.desk), ADA.tz).blocks)
