"""Joining on a real database: one welcome, “count me in”, and dates that are hard before the first week is over."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from cohort.assignments import Kind
from cohort.errors import NotActive, NotAllowed, Unclear, WrongDates
from cohort.joining import HardDates, Why, is_welcomed
from cohort.roster import Member, Status
from cohort.times import at_wall, local_day
from handlers.views.joining import proposed, welcome
from services.extensions import case_of
from services.joining import Welcome, accept_dates, count_in, greet, name_dates, named_dates, welcome_of
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
        with pytest.raises(WrongDates):
            name_dates([dates], ADA, MONDAY, world.desk)
    with pytest.raises(Unclear, match="first week is over"):
        name_dates([], ADA, STARTS + 8 * DAY, world.desk)
    with pytest.raises(NotAllowed):
        name_dates([], ORLA, MONDAY, world.desk)


def test_dates_that_touch_count_as_one_and_all_of_them_have_a_limit(world: World) -> None:
    on = local_day(HW.due_at or STARTS, ADA.tz)
    touching = [HardDates(on, on + 7 * DAY), HardDates(on + 8 * DAY, on + 15 * DAY)]
    too_many = [HardDates(on, on + 11 * DAY), HardDates(on + 20 * DAY, on + 31 * DAY)]
    for dates in (touching, too_many):
        with pytest.raises(WrongDates):
            name_dates(dates, ADA, MONDAY, world.desk)
    named = named_dates(ADA, MONDAY, world.desk)
    assert (named.dates, named.used) == ([], []), "what is refused is not kept"


def test_dates_that_moved_something_count_when_more_are_named(world: World) -> None:
    on = local_day(HW.due_at or STARTS, ADA.tz)
    first = HardDates(on, on + 9 * DAY)
    name_dates([first], ADA, MONDAY, world.desk)
    accept_dates(ADA, MONDAY, world.desk)
    later = MONDAY + timedelta(minutes=1)
    for dates in (HardDates(on + 10 * DAY, on + 19 * DAY), HardDates(on, on + 14 * DAY)):
        with pytest.raises(WrongDates):
            name_dates([dates], ADA, later, world.desk)
    found = name_dates([HardDates(on, on + 13 * DAY)], ADA, later, world.desk)
    assert [local_day(one.until_at, ADA.tz) for one in found.moved] == [on + 14 * DAY]
    assert named_dates(ADA, later, world.desk).used == [first]
    name_dates([], ADA, later, world.desk)
    assert named_dates(ADA, later, world.desk).dates == [], "what moved nothing can be taken back"


def test_dates_that_moved_nothing_can_be_exchanged(world: World) -> None:
    on = local_day(HW.due_at or STARTS, ADA.tz)
    name_dates([HardDates(on, on + DAY), HardDates(on + 5 * DAY, on + 15 * DAY)], ADA, MONDAY, world.desk)
    accept_dates(ADA, MONDAY, world.desk)
    assert named_dates(ADA, MONDAY, world.desk).used == [HardDates(on, on + DAY)]
    name_dates([HardDates(on + 20 * DAY, on + 32 * DAY)], ADA, MONDAY, world.desk)


def test_an_exam_stays_and_nothing_passes_the_last_day(world: World) -> None:
    ends_at = at_wall(PROGRAMME.ends_on, time(23, 59), PROGRAMME.tz)
    exam = homework("exam", HW.due_at, kind=Kind.EXAM)
    last = homework("last", ends_at - DAY, hard_due_at=ends_at + 7 * DAY)
    wrap = homework("wrap", ends_at + DAY, hard_due_at=ends_at + 7 * DAY)
    world.assign(exam, last, wrap)
    on = local_day(HW.due_at or STARTS, ADA.tz)
    dates = [HardDates(on, on), HardDates(PROGRAMME.ends_on - DAY, PROGRAMME.ends_on + 3 * DAY)]
    found = name_dates(dates, ADA, MONDAY, world.desk)
    assert {one.assignment.slug: one.is_cut for one in found.moved} == {"hw1": False, "last": True}
    assert {one.assignment.slug: one.why for one in found.kept} == {"exam": Why.EXAM, "wrap": Why.LAST_MOMENT}
    accept_dates(ADA, MONDAY, world.desk)
    with world.desk.store.reading() as records:
        dues = {work.slug: case_of(records, ADA, work, MONDAY).effective_due_at for work in (exam, last, wrap)}
    assert dues == {"exam": exam.due_at, "last": ends_at, "wrap": wrap.due_at}


def test_where_nothing_can_be_moved_a_person_is_offered(world: World) -> None:
    world.assign(replace(HW, kind=Kind.EXAM))
    on = local_day(HW.due_at or STARTS, ADA.tz)
    found = name_dates([HardDates(on, on)], ADA, MONDAY, world.desk)
    said = str(proposed(found, ADA.tz).blocks)
    assert (found.moved, "an exam keeps its time" in said) == ([], True)
    assert ("home.talk" in said, "extensions.form" in said, "joining.accept" in said) == (True, True, False)


def test_what_would_land_on_one_day_is_shown_before_it_is_accepted(world: World) -> None:
    on = local_day(HW.due_at or STARTS, ADA.tz)
    for number in (2, 3, 6):
        world.assign(homework(f"hw1{number}", (HW.due_at or STARTS) + number * DAY))
    few = name_dates([HardDates(on, on + 2 * DAY)], ADA, MONDAY, world.desk)
    assert ([[one.slug for one in load.work] for load in few.shared], few.crowds) == ([["hw1", "hw12", "hw13"]], [])
    assert "Due on the same day then: " in str(proposed(few, ADA.tz).blocks)
    many = name_dates([HardDates(on, on + 6 * DAY)], ADA, MONDAY, world.desk)
    said = str(proposed(many, ADA.tz).blocks)
    assert "4 things due on" in said
    assert "Due on the same day then" not in said
    assert ":warning:" not in str(proposed(accept_dates(ADA, MONDAY, world.desk), ADA.tz).blocks)


def test_the_welcome_says_what_the_last_cohort_really_spent(world: World) -> None:
    added(world, ADA, STARTS - DAY)
    known = world.desk.policy.checkins.model_copy(update={"hours_last_time": (17.0, 26.0)})
    desk = replace(world.desk, policy=world.desk.policy.model_copy(update={"checkins": known}))
    said = str(welcome(welcome_of(ADA, MONDAY, desk), ADA.tz).blocks)
    assert "in the last cohort half of all weeks took 17 to 26 hours" in said
    assert "last cohort" not in str(welcome(welcome_of(ADA, MONDAY, world.desk), ADA.tz).blocks)
