"""What organizers press on the card about work that many missed."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import brakes
from handlers.answers import Answer, Ask, FieldErrors, OpenModal, Say
from services.nudges import nudge_missed
from tests.services.nudge_world import HW3, NOW, ORLA, World, new_world, person

DUE = NOW - timedelta(hours=1)


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = new_world(tmp_path)
    made.add(*(person(f"Student {n}") for n in range(7)))
    made.assign(replace(HW3, due_at=DUE))
    nudge_missed(made.desk, NOW)
    return made


def brake_id(world: World) -> str:
    return str(world.letters("nudges.brake")[0].data["brake"])


def press(world: World, action: str) -> Answer:
    return brakes.PRESSES[action](Ask(ORLA, NOW, value=brake_id(world)), world.desk)


def submit(world: World, seconds: int | None) -> Answer:
    state = {"until": {"until": {"type": "datetimepicker", "selected_date_time": seconds}}}
    listener = brakes.SUBMISSIONS["nudges.brake_move"]
    return listener(Ask(ORLA, NOW, state=state, metadata=brake_id(world)), world.desk)


def said(answer: Answer) -> str:
    assert isinstance(answer, Say)
    return answer.rendered.text


def test_moving_asks_for_the_new_time_and_does_it_once(world: World) -> None:
    form = press(world, "nudges.brake_move")
    assert isinstance(form, OpenModal)
    assert form.view["private_metadata"] == brake_id(world)
    assert isinstance(submit(world, None), FieldErrors)
    until = int((NOW + timedelta(days=2)).timestamp())
    assert "for everyone, and every student gets a message" in said(submit(world, until))
    assert said(submit(world, until)) == "Orla moved it for everyone before; nothing was changed now."
    assert "Orla moved it for everyone before" in said(press(world, "nudges.brake_move"))


def test_cancelling_and_carrying_on(world: World) -> None:
    assert "go out as usual" in said(press(world, "nudges.brake_carry_on"))
    assert "Orla let the messages go out before" in said(press(world, "nudges.brake_cancel"))


def test_cancelling_is_told(world: World) -> None:
    assert "is cancelled, and every student gets a message" in said(press(world, "nudges.brake_cancel"))
