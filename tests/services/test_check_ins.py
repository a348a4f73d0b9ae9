"""Check-ins: one a week whatever happens, kept for the week they were asked for, and what is asked for happens."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cohort.check_ins import Reply, Wish, read_reply
from cohort.errors import NotAllowed, NotFound, Unclear
from cohort.follow_ups import Origin
from cohort.nudge_limits import NudgeKind
from cohort.pictures import ALT_MOST
from cohort.policy import CheckInPolicy
from cohort.roster import Member, Status
from services.check_in_answers import Answered, answer, current, pause, skip, snooze, write_back
from services.check_in_weeks import CheckInReport, WeekSums, report, words
from services.check_ins import CheckInCard, ask_everyone, remind
from services.choices import refuse
from services.drawing import draw_check_ins
from services.letters import Obsolete
from services.messages import Ready, prepare
from services.nudge_hearing import note_reaction
from services.nudges import nudge_missed
from services.pictures import CheckInPicture, show_check_ins
from storage.outbox import Letter
from tests.services.follow_through_world import case_of
from tests.services.grading_world import heard
from tests.services.nudge_world import ADA, BO, CHEN, HW3, ORLA, TARA, World, new_world, person, policy

ZONES = ["Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
# Thursday, 17:00 in London, when everyone there is asked.
NOW = datetime(2026, 2, 19, 17, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A programme in which nothing was missed."""
    world = new_world(tmp_path)
    world.assign(replace(HW3, due_at=NOW + 90 * DAY, hard_due_at=NOW + 99 * DAY))
    return world


def cards(world: World, student: Member = ADA) -> list[Letter]:
    return [letter for letter in world.letters("check_ins.card") if letter.data["student"] == student.id]


def asked(world: World, student: Member = ADA, at: datetime = NOW) -> str:
    """Ask everyone, and return the id of a student's check-in."""
    ask_everyone(world.desk, at)
    return str(cards(world, student)[-1].data["check_in"])


# ---- asking


def test_everyone_is_asked_once_a_week_at_the_time_of_their_own_day(world: World) -> None:
    world.add(replace(BO, zone="America/New_York"))
    assert ask_everyone(world.desk, NOW - HOUR) == 0
    assert ask_everyone(world.desk, NOW) == 2
    assert ask_everyone(world.desk, NOW + HOUR / 4) == 0
    assert ask_everyone(world.desk, NOW + 5 * HOUR) == 1
    assert [len(cards(world, student)) for student in (ADA, BO, CHEN)] == [1, 1, 1]
    note_reaction(ADA, "message_press", NOW + DAY, world.desk)
    assert ask_everyone(world.desk, NOW + WEEK) == 2


@settings(max_examples=30, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.integers(1, 40), st.sampled_from(ZONES)),
        max_size=40,
    )
)
def test_nobody_is_asked_twice_in_a_week_whatever_zones_and_restarts_do(steps: list[tuple[int, str]]) -> None:
    with TemporaryDirectory() as folder:
        world, now = new_world(Path(folder)), NOW - 3 * DAY
        for hours, zone in steps:
            now += hours * HOUR
            world.add(replace(ADA, zone=zone))
            note_reaction(ADA, "message_press", now, world.desk)
            ask_everyone(world.desk, now)
            ask_everyone(world.desk, now)
        with world.desk.store.reading() as records:
            every = [one for week in records.check_ins.weeks() for one in records.check_ins.of_everyone(week)]
        mine = [one for one in every if one.student_id == ADA.id]
        assert len(mine) == len({one.week_on for one in mine})
        times = sorted(one.asked_at for one in mine if one.asked_at is not None)
        assert all(later - earlier > 2 * DAY for earlier, later in pairwise(times))


def test_a_bot_that_was_down_asks_late_and_never_for_a_week_that_is_over(world: World) -> None:
    assert ask_everyone(world.desk, NOW + 2 * DAY) == 0
    assert ask_everyone(world.desk, NOW + DAY) == 3


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Sydney"])
def test_the_wall_time_holds_across_clock_changes(world: World, zone: str) -> None:
    world.add(replace(ADA, zone=zone))
    found: list[datetime] = []
    for quarter in range(4 * 24 * 7 * 8):
        at = NOW - 3 * DAY + quarter * HOUR / 4
        if quarter % 96 == 0:
            note_reaction(ADA, "message_press", at, world.desk)
        if ask_everyone(world.desk, at) and len(cards(world)) > len(found):
            found.append(at.astimezone(replace(ADA, zone=zone).tz))
    assert len(found) >= 6
    assert {(at.weekday(), at.hour, at.minute) for at in found} == {(3, 17, 0)}


def test_not_at_night_not_while_paused_not_to_who_is_silent_or_wants_none(world: World) -> None:
    lu = person("Lu", zone="Asia/Singapore")
    world.add(lu, replace(CHEN, status=Status.PAUSED))
    refuse(NudgeKind.CHECK_IN, BO, NOW, world.desk)
    with world.desk.store.transaction() as records:
        for n in range(2):
            records.nudges.add(f"ndg_{n}", ADA.id, "plan", NOW - 3 * DAY)
            records.nudges.begin(f"ndg_{n}", NOW - 3 * DAY)
    assert ask_everyone(world.desk, NOW) == 0
    note_reaction(ADA, "message_press", NOW, world.desk)
    assert ask_everyone(world.desk, NOW + HOUR) == 1
    assert cards(world, lu) == []


def test_a_day_that_had_another_message_is_left_alone(world: World) -> None:
    with world.desk.store.transaction() as records:
        records.nudges.add("ndg_1", ADA.id, "plan", NOW - 3 * HOUR)
        records.nudges.begin("ndg_1", NOW - 3 * HOUR)
    assert ask_everyone(world.desk, NOW) == 2
    assert ask_everyone(world.desk, NOW + 15 * HOUR) == 1


def test_one_reminder_after_a_day_and_none_once_answered(world: World) -> None:
    first = asked(world)
    second = asked(world, BO)
    answer(second, Reply(mood=4), BO, NOW + HOUR, world.desk)
    skip(asked(world, CHEN), CHEN, NOW + HOUR, world.desk)
    assert remind(world.desk, NOW + 23 * HOUR) == 0
    assert remind(world.desk, NOW + 25 * HOUR) == 1
    assert remind(world.desk, NOW + 42 * HOUR) == 0
    [letter] = world.letters("check_ins.reminder")
    assert letter.data["check_in"] == first
    answer(first, Reply(hours=3), ADA, NOW + 42 * HOUR, world.desk)
    assert isinstance(heard(world.desk, letter, NOW + 42 * HOUR), Obsolete)


# ---- answering


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("12 hours, stuck on backprop", Reply(12, note="stuck on backprop")),
        ("12h", Reply(12)),
        ("about 7.5 hrs this week, going 3", Reply(7.5, 3, note="about  this week")),
        ("0 hours. sorry", Reply(0, note="sorry")),
        ("30 hours 4/5", Reply(30, 4)),
        ("what's due?", None),
        ("400 hours", None),
        ("hours and hours", None),
        ("", None),
    ],
)
def test_what_is_written_back_is_read(text: str, reply: Reply | None) -> None:
    assert read_reply(text) == reply


def test_a_press_is_kept_though_the_form_is_closed_and_edits_count(world: World) -> None:
    one = asked(world)
    answer(one, Reply(mood=2), ADA, NOW + HOUR, world.desk)
    answer(one, Reply(hours=12, note="a hard week"), ADA, NOW + 2 * HOUR, world.desk)
    done = answer(one, Reply(mood=3), ADA, NOW + 3 * HOUR, world.desk).check_in
    assert (done.mood, done.hours, done.note) == (3, 12, "a hard week")
    assert (done.answered_at, done.edited_at) == (NOW + HOUR, NOW + 3 * HOUR)


def test_a_late_reply_counts_for_the_week_it_was_asked_for(world: World) -> None:
    one = asked(world)
    late: Answered = write_back(Reply(9), ADA, NOW + 5 * DAY, world.desk)
    assert (late.check_in.id, late.check_in.hours) == (one, 9)
    assert current(ADA, NOW + 5 * DAY, world.desk).check_in.id != one


def test_a_talk_brings_a_person_once_with_no_words_on_the_way(world: World) -> None:
    one = asked(world)
    for _ in range(2):
        answer(one, Reply(wish=Wish.TALK, note="I can't sleep"), ADA, NOW, world.desk)
    case = case_of(world.desk, ADA)
    assert case is not None
    assert (case.origin, "sleep" in case.reason) == (Origin.CHECK_IN, False)
    assert len(world.letters("follow_ups.card")) == 1


def test_skipping_snoozing_and_pausing_take_one_press(world: World) -> None:
    skip(asked(world), ADA, NOW, world.desk)
    assert isinstance(heard(world.desk, cards(world)[0], NOW), Obsolete)
    snooze(asked(world, BO), BO, NOW, world.desk)
    first, again = cards(world, BO)
    assert again.not_before_at == NOW + DAY
    assert isinstance(heard(world.desk, first, NOW), CheckInCard)
    pause(asked(world, CHEN), CHEN, NOW, world.desk)
    for week in (1, 2, 3):
        ask_everyone(world.desk, NOW + week * WEEK)
    assert len(cards(world, CHEN)) == 1
    current(CHEN, NOW + 3 * WEEK, world.desk)
    note_reaction(CHEN, "message_press", NOW + 3 * WEEK, world.desk)
    assert current(CHEN, NOW + 3 * WEEK, world.desk).check_in.week_on > NOW.date()


def test_wrong_numbers_and_others_are_refused_and_nothing_is_lost(world: World) -> None:
    one = asked(world)
    answer(one, Reply(mood=4), ADA, NOW, world.desk)
    for reply in (Reply(hours=400), Reply(mood=9)):
        with pytest.raises(Unclear):
            answer(one, reply, ADA, NOW, world.desk)
    for actor in (BO, TARA):
        with pytest.raises(NotAllowed):
            answer(one, Reply(mood=1), actor, NOW, world.desk)
    with pytest.raises(NotFound):
        answer("chk_forged", Reply(mood=1), ADA, NOW, world.desk)
    assert answer(one, Reply(), ADA, NOW, world.desk).check_in.mood == 4


# ---- the week in sums


def seven_answer(world: World) -> None:
    """Let seven students answer: five within the promised hours, and one each under and over."""
    students = [person(f"Student {n:03}") for n in range(7)]
    world.add(*students)
    ask_everyone(world.desk, NOW)
    for n, student in enumerate(students):
        one = str(cards(world, student)[0].data["check_in"])
        hours = {0: 10, 6: 40}.get(n, 25)
        answer(one, Reply(hours, 1 + n % 5, "Health" if n else "Motivation", note="secret"), student, NOW, world.desk)


def test_the_check_ins_come_in_one_picture_with_words_for_who_cannot_see_it(world: World) -> None:
    assert not show_check_ins(ORLA, NOW, world.desk).has_picture
    seven_answer(world)
    assert show_check_ins(ORLA, NOW, world.desk).has_picture
    [letter] = world.letters("check_ins.picture")
    assert letter.recipient == f"member:{ORLA.id}"
    prepared = prepare(letter, world.desk, NOW)
    assert isinstance(prepared, Ready)
    assert prepared.content == CheckInPicture(1)
    assert prepared.attached is not None
    assert prepared.attached.content.startswith(b"\x89PNG\r\n")
    assert prepared.attached.alt_text == (
        "Four charts of the check-ins of one week: hours, how it goes, what is in the way, and answers."
        " Week of 16 Feb: 7 of 10 answered, on average 2.6 of 5, 20 to 30 hours 5, “Health” 6."
    )
    with pytest.raises(NotAllowed):
        show_check_ins(TARA, NOW, world.desk)


def test_a_picture_of_few_and_of_many_weeks_can_be_drawn() -> None:
    week = WeekSums(NOW.date(), 3, 2, None, {}, {})
    full = WeekSums(NOW.date(), 104, 80, 3.4, {"under": 9, "within": 50}, {"Too $little$ time": 22})
    for weeks in ([week], [week, full] * 6):
        found = CheckInReport(weeks, CheckInPolicy())
        assert draw_check_ins(found).startswith(b"\x89PNG\r\n")
        assert len(words(found)) <= ALT_MOST


def test_without_the_extra_the_bars_in_text_remain(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # As Python itself knows a module that is not to be had.
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    seven_answer(world)
    found = show_check_ins(ORLA, NOW, world.desk)
    assert (found.has_picture, found.newest.answered) == (False, 7)
    assert world.letters("check_ins.picture") == []


def test_organizers_see_sums_of_five_and_never_words(world: World) -> None:
    seven_answer(world)
    [week] = report(ORLA, NOW, world.desk).weeks
    assert (week.asked, week.answered, dict(week.hours)) == (10, 7, {"within": 5})
    assert (dict(week.obstacles), week.mood is not None) == ({"Health": 6}, True)
    assert "secret" not in str(week)
    for actor in (TARA, ADA):
        with pytest.raises(NotAllowed):
            report(actor, NOW, world.desk)


def test_what_was_missed_comes_first_and_check_ins_can_be_turned_off(tmp_path: Path) -> None:
    (tmp_path / "off").mkdir()
    world = new_world(tmp_path)
    assert ask_everyone(world.desk, NOW) == 0
    nudge_missed(world.desk, NOW)
    world.deliver(NOW)
    note_reaction(ADA, "message_press", NOW, world.desk)
    assert ask_everyone(world.desk, NOW + DAY) == 3
    off = new_world(tmp_path / "off", policy(checkins=CheckInPolicy(is_on=False)))
    off.assign(replace(HW3, due_at=NOW + 90 * DAY, hard_due_at=NOW + 99 * DAY))
    assert ask_everyone(off.desk, NOW) == 0
