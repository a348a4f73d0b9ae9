"""`/cohort messages`, the row under every nudge, and what is pressed in a plan."""

from pathlib import Path
from typing import Any

import pytest

from cohort.errors import NotFound, Unclear
from handlers import choices, nudges
from handlers.answers import Answer, Ask, Say
from handlers.views.choices import LATER
from services.nudges import nudge_missed
from tests.services.nudge_world import ADA, HW3, NOW, World, new_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = new_world(tmp_path)
    nudge_missed(made.desk, NOW)
    return made


def said(answer: Answer) -> str:
    assert isinstance(answer, Say)
    return answer.rendered.text + str(answer.rendered.blocks)


def press(world: World, action: str, value: str = "", state: Any = None) -> str:
    listener = {**choices.PRESSES, **nudges.PRESSES}[action]
    return said(listener(Ask(ADA, NOW, value=value, state=state or {}), world.desk))


def picked(world: World, day: object) -> dict[str, dict[str, dict[str, object]]]:
    with world.desk.store.reading() as records:
        [past] = records.nudges.past_of(ADA.id, NOW)
    return {
        "other": {"nudges.take": {"type": "button"}},
        f"{LATER}{past.id}": {"nudges.remind_on": {"type": "datepicker", "selected_date": day}},
    }


def test_each_press_answers_with_what_holds_now(world: World) -> None:
    assert "offer of more time: *off*" in press(world, "nudges.refuse", "missed")
    assert "offer of more time: *on*" in press(world, "nudges.allow", "missed")
    assert "All of them are paused until" in press(world, "nudges.pause")
    assert "None are paused." in press(world, "nudges.resume")
    assert "None are paused." in said(choices.messages(Ask(ADA, NOW), world.desk))


def test_a_day_that_is_picked_is_kept(world: World) -> None:
    assert "I'll bring it up again" in press(world, "nudges.remind_on", state=picked(world, "2026-02-23"))
    assert "• hw3" in said(choices.messages(Ask(ADA, NOW), world.desk))


@pytest.mark.parametrize("day", ["soon", None, 5])
def test_a_day_that_no_picker_sends_is_refused(world: World, day: object) -> None:
    with pytest.raises(Unclear):
        press(world, "nudges.remind_on", state=picked(world, day))


def test_a_kind_that_is_none_is_refused(world: World) -> None:
    with pytest.raises(NotFound):
        press(world, "nudges.refuse", "weather")


def test_stuck_opens_help_and_the_other_two_are_thanked(world: World) -> None:
    assert "Homework 3* (hw3) is on its way" in press(world, "nudges.started", HW3.id)
    assert "An hour is enough" in press(world, "nudges.not_yet", HW3.id)
    stuck = press(world, "nudges.stuck", HW3.id)
    assert "extensions.talk_please" in stuck
    assert "asking.form" in stuck
    assert "extensions.form" in stuck
