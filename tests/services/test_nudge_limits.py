"""The limits over a real cohort: what counts as sent, what counts as a reaction, and who hears of silence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cohort.follow_ups import Origin
from cohort.nudge_limits import NudgeKind
from cohort.roster import Status
from handlers.views.silence import silent_note
from services import outbox
from services.letters import Later, Obsolete
from services.messages import Ready
from services.nudge_hearing import note_reaction
from services.nudges import nudge_missed
from services.silence import SilentNote, report_silent
from tests.services.follow_through_world import the_case
from tests.services.nudge_world import ADA, BO, CHEN, DUE, HW3, NOW, ORLA, TARA, World, homework, new_world

LONDON = ORLA.tz
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = new_world(tmp_path)
    made.add(*(replace(member, status=Status.PAUSED) for member in (BO, CHEN)))
    return made


def a_miss(world: World, number: int, now: datetime) -> None:
    """Let one more due time pass just before an instant."""
    world.assign(homework(f"hw{number}", now - HOUR))


def nudged(world: World, now: datetime) -> bool:
    """Sweep and deliver once; say whether Ada got a message."""
    nudge_missed(world.desk, now)
    return any(letter.kind == "nudges.missed" and isinstance(sent, Ready) for letter, sent in world.deliver(now))


def two_unanswered(world: World) -> datetime:
    """Write to Ada twice, and return when the second message went."""
    assert nudged(world, NOW)
    a_miss(world, 4, NOW + DAY)
    assert nudged(world, NOW + DAY)
    return NOW + DAY


def silent(world: World, now: datetime) -> list[SilentNote]:
    return [
        sent.content
        for _, sent in world.deliver(now)
        if isinstance(sent, Ready) and isinstance(sent.content, SilentNote)
    ]


def test_one_a_day_whatever_was_missed(world: World) -> None:
    assert nudged(world, NOW)
    a_miss(world, 4, NOW + 2 * HOUR)
    assert not nudged(world, NOW + 2 * HOUR)
    assert not nudged(world, NOW + 20 * HOUR - timedelta(minutes=1))
    assert nudged(world, NOW + 20 * HOUR)


def test_three_in_seven_days(world: World) -> None:
    for day in range(3):
        a_miss(world, 4 + day, NOW + day * DAY)
        assert nudged(world, NOW + day * DAY)
        note_reaction(ADA, "message_press", NOW + day * DAY, world.desk)
    a_miss(world, 9, NOW + 3 * DAY)
    assert not nudged(world, NOW + 3 * DAY)
    assert not nudged(world, NOW + 6 * DAY)
    assert nudged(world, NOW + 7 * DAY)


def test_a_message_counts_before_slack_is_called_and_one_that_is_dropped_never_does(world: World) -> None:
    nudge_missed(world.desk, NOW)
    world.hand_in(ADA, HW3, NOW)
    [(_, sent)] = world.deliver(NOW)
    assert sent == Obsolete("nothing is missed any more")
    with world.desk.store.reading() as records:
        assert records.nudges.past_of(ADA.id, NOW) == []
    a_miss(world, 4, NOW)
    assert nudged(world, NOW)
    with world.desk.store.reading() as records:
        [past] = records.nudges.past_of(ADA.id, NOW)
    assert (past.kind, past.at, past.is_waiting, past.reacted_at) == (NudgeKind.MISSED, NOW, False, None)


def test_while_one_waits_no_other_is_made(world: World) -> None:
    nudge_missed(world.desk, NOW)
    a_miss(world, 4, NOW + DAY)
    assert nudge_missed(world.desk, NOW + DAY) == 0
    assert nudge_missed(world.desk, NOW + 4 * DAY) == 1


def test_a_letter_that_waited_keeps_to_the_limits_when_it_goes(world: World) -> None:
    nudge_missed(world.desk, NOW)
    with world.desk.store.transaction() as records:
        records.nudges.add("ndg_other", ADA.id, "missed", NOW)
        records.nudges.begin("ndg_other", NOW)
    [(_, sent)] = world.deliver(NOW + HOUR)
    assert sent == Later(datetime(2026, 2, 19, 8, tzinfo=UTC))
    with world.desk.store.transaction() as records:
        records.nudges.add("ndg_third", ADA.id, "missed", NOW)
        records.nudges.begin("ndg_third", NOW)
    [(_, sent)] = world.deliver(NOW + DAY)
    assert sent == Obsolete("it is a person's turn")


def test_after_two_without_a_reaction_there_is_no_third(world: World) -> None:
    last = two_unanswered(world)
    a_miss(world, 5, last + DAY)
    assert not nudged(world, last + DAY)
    assert not nudged(world, last + 30 * DAY)


def test_any_sign_of_life_starts_anew(world: World) -> None:
    last = two_unanswered(world)
    a_miss(world, 5, last + DAY)
    note_reaction(TARA, "command", last + DAY, world.desk)
    assert not nudged(world, last + DAY)
    note_reaction(ADA, "command", last + DAY, world.desk)
    note_reaction(ADA, "command", last + DAY, world.desk)
    assert nudged(world, last + DAY)


def test_handing_in_anything_is_a_sign_of_life(world: World) -> None:
    last = two_unanswered(world)
    a_miss(world, 5, last + DAY)
    world.hand_in(ADA, HW3, last + HOUR)
    assert nudged(world, last + DAY)


def test_organizers_hear_of_silence_once_in_the_morning(world: World) -> None:
    last = two_unanswered(world)
    assert report_silent(world.desk, last + DAY - HOUR) == 0
    assert report_silent(world.desk, last + DAY) == 1
    assert report_silent(world.desk, last + 2 * DAY) == 0
    [note] = silent(world, last + 2 * DAY)
    [each] = note.silent
    assert (each.student, each.sign_at) == (ADA, None)
    assert [nudge.at for nudge in each.sent] == [NOW, last]
    [letter] = world.letters("nudges.silent")
    assert letter.recipient == f"member:{ORLA.id}"
    assert (letter.not_before_at.hour, letter.not_before_at > last + DAY) == (9, True)


def test_what_comes_of_a_day_is_one_message_that_says_what_stops_and_when_it_is_said(world: World) -> None:
    with world.desk.store.transaction() as records:
        for students, at in ((["mem_ada"], NOW), (["mem_bo", "mem_ada"], NOW + HOUR), (["mem_chen"], NOW + DAY)):
            outbox.tell_organizers_daily(records, "nudges.silent", "students", students, at, LONDON)
    assert [letter.data["students"] for letter in world.letters("nudges.silent")] == [
        ["mem_ada", "mem_bo"],
        ["mem_chen"],
    ]
    last = two_unanswered(world)
    report_silent(world.desk, last + DAY)
    [note] = silent(world, last + 2 * DAY)
    shown = str(silent_note(note, LONDON).blocks)
    assert "I stop after 2 messages in a row without any reaction" in shown
    assert "no more reminders, plans, offers or check-ins" in shown


def test_nobody_is_reported_who_answered_meanwhile(world: World) -> None:
    last = two_unanswered(world)
    report_silent(world.desk, last + DAY)
    note_reaction(ADA, "message_press", last + DAY, world.desk)
    assert silent(world, last + DAY) == []
    assert report_silent(world.desk, last + 2 * DAY) == 0


def test_those_who_hand_in_or_left_are_not_silent(world: World) -> None:
    last = two_unanswered(world)
    world.hand_in(ADA, HW3, last + HOUR)
    assert report_silent(world.desk, last + DAY) == 0
    world.hand_in(ADA, HW3, DUE)
    world.add(replace(ADA, status=Status.PAUSED))
    assert report_silent(world.desk, last + DAY) == 0


# ---- check-ins among what nobody answers


def check_in(world: World, nudge_id: str, at: datetime) -> datetime:
    """Write that Ada was asked how her week goes, or reminded of it."""
    with world.desk.store.transaction() as records:
        records.nudges.add(nudge_id, ADA.id, NudgeKind.CHECK_IN.value, at)
        records.nudges.begin(nudge_id, at)
    return at


def test_a_check_in_and_its_reminder_without_an_answer_bring_a_person_once_and_stop_nothing(world: World) -> None:
    check_in(world, "ndg_asked", NOW)
    last = check_in(world, "ndg_reminded", NOW + DAY)
    assert report_silent(world.desk, last + DAY - HOUR) == 0
    assert report_silent(world.desk, last + DAY) == 1
    case = the_case(world.desk, ADA)
    assert (case.origin, case.reason) == (
        Origin.SILENCE,
        "no reaction to 2 messages, and nothing handed in or booked",
    )
    assert case.owner_id is not None
    assert world.letters("nudges.silent") == []
    a_miss(world, 5, last + DAY)
    assert nudged(world, last + DAY)
    check_in(world, "ndg_next_week", NOW + 7 * DAY)
    assert report_silent(world.desk, NOW + 9 * DAY) == 0


def test_check_ins_of_two_weeks_without_an_answer_bring_a_person(world: World) -> None:
    check_in(world, "ndg_first", NOW)
    assert report_silent(world.desk, NOW + 3 * DAY) == 0
    check_in(world, "ndg_second", NOW + 7 * DAY)
    assert report_silent(world.desk, NOW + 8 * DAY) == 1


def test_a_check_in_left_out_says_little_of_who_gave_a_sign_of_life_that_week(world: World) -> None:
    world.hand_in(ADA, HW3, NOW - HOUR)
    check_in(world, "ndg_asked", NOW)
    check_in(world, "ndg_reminded", NOW + DAY)
    assert report_silent(world.desk, NOW + 3 * DAY) == 0
    note_reaction(ADA, "message_press", NOW + 4 * DAY, world.desk)
    assert report_silent(world.desk, NOW + 8 * DAY) == 0
    check_in(world, "ndg_third", NOW + 7 * DAY)
    check_in(world, "ndg_fourth", NOW + 14 * DAY)
    assert report_silent(world.desk, NOW + 15 * DAY) == 1


def test_silence_that_goes_on_until_messages_stop_is_told_to_organizers_too(world: World) -> None:
    check_in(world, "ndg_asked", NOW - 9 * DAY)
    check_in(world, "ndg_reminded", NOW - 8 * DAY)
    assert report_silent(world.desk, NOW - 7 * DAY) == 1
    last = two_unanswered(world)
    assert report_silent(world.desk, last + DAY) == 1
    assert [letter.recipient for letter in world.letters("nudges.silent")] == [f"member:{ORLA.id}"]
    assert report_silent(world.desk, last + 2 * DAY) == 0
