"""The form for dates that are hard: what is wrong stands beside its field, and what was named comes back."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from cohort.assignments import Kind
from cohort.joining import IN_A_ROW, IN_ALL
from cohort.times import at_wall
from handlers import extensions, home, joining
from handlers.answers import Answer, Ask, FieldErrors, OpenModal, Say
from handlers.views.policy import policy_words
from tests.services.nudge_world import ADA, World, homework, new_world, policy

PROGRAMME = policy().programme
STARTS = at_wall(PROGRAMME.starts_on, datetime.min.time(), PROGRAMME.tz)
NOW = STARTS + timedelta(hours=10)


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = new_world(tmp_path)
    made.assign(homework("hw1", STARTS + timedelta(days=4, hours=18)))
    return made


def submit(world: World, *stretches: tuple[str, str]) -> Answer:
    state = {
        f"{end}_{place}": {f"{end}_{place}": {"type": "datepicker", "selected_date": day or None}}
        for place, ends in enumerate(stretches)
        for end, day in zip(("from", "to"), ends, strict=True)
    }
    return joining.SUBMISSIONS["joining.dates"](Ask(ADA, NOW, state=state), world.desk)


def opened(world: World) -> str:
    answer = joining.PRESSES["joining.dates"](Ask(ADA, NOW), world.desk)
    assert isinstance(answer, OpenModal)
    return str(answer.view)


JAN = "2026-01-"


@pytest.mark.parametrize(
    ("stretches", "told"),
    [
        pytest.param([("", JAN + "20")], {"from_0": "Choose the first day here too"}, id="no first day"),
        pytest.param(
            [(JAN + "20", JAN + "21"), ("", ""), (JAN + "24", JAN + "23")],
            {"to_2": "The last day lies before the first one. Choose"},
            id="backwards",
        ),
        pytest.param([("2026-01-02", "")], {"from_0": "These days are over already."}, id="one day that is over"),
        pytest.param([(JAN + "02", JAN + "05")], {"to_0": "These days are over already."}, id="over"),
        pytest.param([(JAN + "14", JAN + "28")], {"to_0": "15 days in a row, and 14 is the most"}, id="too long"),
        pytest.param(
            [(JAN + "14", JAN + "20"), (JAN + "21", JAN + "28")],
            {"to_1": "these make 15 days in a row, and 14 is the most"},
            id="joined",
        ),
        pytest.param(
            [(JAN + "14", JAN + "27"), ("", ""), ("2026-02-10", "2026-02-20")],
            {"to_2": "All your dates together make 25 days, and 21 is the most"},
            id="in all",
        ),
        pytest.param(
            [(JAN + "14", JAN + "28"), (JAN + "24", JAN + "23")],
            {"to_0": "15 days in a row", "to_1": "lies before"},
            id="two at once",
        ),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    world: World, stretches: list[tuple[str, str]], told: dict[str, str]
) -> None:
    answer = submit(world, *stretches)
    assert isinstance(answer, FieldErrors)
    assert set(answer.errors) == set(told)
    for block, words in told.items():
        assert words in answer.errors[block]
        assert "`" not in answer.errors[block], "Slack shows errors as plain text"
    assert "initial_date" not in opened(world), "what is refused is not kept"


def test_what_was_named_comes_back_and_what_moved_something_is_told(world: World) -> None:
    answer = submit(world, (JAN + "16", JAN + "17"), ("2026-02-02", ""))
    assert isinstance(answer, Say)
    assert opened(world).count("initial_date") == 4
    done = joining.PRESSES["joining.accept"](Ask(ADA, NOW), world.desk)
    assert isinstance(done, Say)
    assert "Done. These are due later" in done.rendered.text
    assert "have moved due times already, and count: Fri 16 Jan to Sat 17 Jan." in opened(world)
    assert opened(world).count("initial_date") == 2


def test_the_limits_stand_on_the_form_and_in_the_rules(world: World) -> None:
    rules = str(policy_words(world.desk.policy, ADA).blocks)
    for words in (opened(world), rules):
        assert f"{IN_A_ROW} in a row and {IN_ALL} in all at most; stretches that touch or overlap count as one" in words
        assert "no exam, and nothing past 3 April 2026" in words
    assert date(2026, 4, 3) == PROGRAMME.ends_on


def test_what_stands_beside_an_exam_leads_somewhere(world: World) -> None:
    world.assign(homework("exam", STARTS + timedelta(days=4, hours=18), kind=Kind.EXAM))
    answer = submit(world, (JAN + "16", JAN + "17"))
    assert isinstance(answer, Say)
    pressed = [element for block in answer.rendered.blocks for element in block.get("elements", ())]
    offered = {element["action_id"]: element.get("value", "") for element in pressed if "action_id" in element}
    assert set(offered) == {"joining.accept", "joining.dates", "home.talk", "extensions.form"}
    talk = home.PRESSES["home.talk"](Ask(ADA, NOW, value=offered["home.talk"]), world.desk)
    assert isinstance(talk, Say)
    form = extensions.PRESSES["extensions.form"](Ask(ADA, NOW, value=offered["extensions.form"]), world.desk)
    assert isinstance(form, OpenModal)
    assert "exam" in str(form.view)
