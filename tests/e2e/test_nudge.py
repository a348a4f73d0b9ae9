"""Missed work: one message in waking hours, with more time one press away, in the running program."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import ticks
from cohort.submissions import Submission
from sandbox.client import Message, Person
from tests.e2e.conftest import Programme

THE_MORNING_AFTER = datetime(2026, 7, 3, 13, tzinfo=UTC)


def miss_hw3(programme: Programme, who: str = "ada") -> tuple[Person, Message]:
    """Let hw3 fall due (Thursday 18:00 in London) and the job run on Friday; return who missed it and the message."""
    others = {"ada", "bo", "chen"} - {who}
    with programme.desk.store.transaction() as records:
        for name in others:
            submission = Submission(f"sub_{name}", "asg_hw3", f"mem_{name}", 1, THE_MORNING_AFTER - timedelta(days=2))
            records.submissions.save_many([submission])
    programme.clock.set(THE_MORNING_AFTER)
    programme.bot.parts.runner.wake_overdue()
    person = programme.person(who)
    return person, person.wait_for("reached me yet", timeout=15, after=0)


def grants(programme: Programme) -> int:
    with programme.desk.store.reading() as records:
        return len(list(records.extensions.every()))


def test_taking_the_offer_is_the_grant(programme: Programme) -> None:
    ada, note = miss_hw3(programme)
    assert "*Problem set 3* (hw3) was due" in note
    assert "hw3" in ada.press("Take 2 more days", in_=note).shown
    assert ada.wait_for("You have more time for *Problem set 3*", timeout=15)
    updated = ada.wait_for(lambda m: m.ts == note.ts and "Take 2 more days" not in m.shown, timeout=15)
    assert "Problem set 3" in updated.shown
    with programme.desk.store.reading() as records:
        [extension] = records.extensions.every()
    assert THE_MORNING_AFTER + timedelta(days=2) <= extension.until_at <= THE_MORNING_AFTER + timedelta(days=2, hours=1)


def test_pressing_again_changes_nothing_and_says_how_it_stands(programme: Programme) -> None:
    ada, note = miss_hw3(programme)
    first = ada.press("Take 2 more days", in_=note).shown
    again = ada.press("Take 2 more days", in_=note).shown
    assert "You took this before" in again
    assert first.split(" due ")[1] == again.split(" due ")[1]
    assert grants(programme) == 1


def test_saying_that_it_is_handed_in_reaches_staff_and_ends_it(programme: Programme) -> None:
    ada, note = miss_hw3(programme)
    ada.press("I did hand it in", in_=note)
    tara = programme.person("tara")
    assert "hw3" in tara.wait_for(lambda m: m.channel_name == "staff" and "Ada" in m.shown, timeout=15, after=0)


def test_another_date_opens_the_form_with_the_assignment_chosen(programme: Programme) -> None:
    ada, note = miss_hw3(programme)
    form = ada.press("Another date", in_=note).view
    assert form is not None
    assert form.values["assignment"]["assignment"]["selected_option"]["value"] == "asg_hw3"


def test_talking_to_a_ta_reaches_staff(programme: Programme) -> None:
    ada, note = miss_hw3(programme)
    assert "A TA will write to you" in ada.press("Talk to a TA", in_=note).shown
    assert programme.person("tara").wait_for("would like to talk about", timeout=15, after=0)


def test_nobody_takes_the_offer_of_another(programme: Programme) -> None:
    _, note = miss_hw3(programme)
    bo = programme.person("bo")
    value = next(
        element["value"]
        for block in note.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"].startswith("nudges.take")
    )
    bo.press({"action_id": "nudges.take", "value": value}, in_=note)
    assert grants(programme) == 0


@pytest.mark.parametrize("hour", [2, 7])
def test_nobody_is_written_to_at_night(programme: Programme, hour: int) -> None:
    """Chen lives in Singapore, eight hours ahead of UTC: 2:00 there is 18:00 the day before in UTC."""
    night = datetime(2026, 7, 4, hour, tzinfo=UTC) - timedelta(hours=8)
    programme.clock.set(night)
    programme.bot.parts.runner.wake_overdue()
    until_ran(programme, night)
    with programme.desk.store.reading() as records:
        chens = {student for student, _ in records.nudges.nudged("missed")} & {"mem_chen"}
    assert chens == set()


def until_ran(programme: Programme, at: datetime) -> None:
    """Wait until the job has run for the quarter of an hour; each look is a round trip through the sandbox."""
    due = at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)
    until = ticks() + 15
    while ticks() < until:
        with programme.desk.store.reading() as records:
            last = records.jobs.last_due("nudge-missed")
        if last is not None and last >= due:
            return
        programme.person("orla").read(limit=1)
    pytest.fail("the job never ran")
