"""What the forms of handing in are read as, and what is said at which field."""

from dataclasses import replace
from typing import Any

import pytest

from cohort.assignments import Assignment
from cohort.hand_ins import File
from cohort.roster import Member
from handlers import hand_ins
from handlers.answers import Answer, Ask, FieldErrors, OpenModal, Say
from handlers.reading import read_link
from handlers.views.hand_ins import not_shared, pick_form, received
from sandbox.limits import check_view
from services.desk import Desk
from services.hand_in_forms import options
from services.hand_ins import NotShared, Received
from tests.conftest import NOON
from tests.services.test_hand_ins import ADDRESS, hand_in

State = dict[str, dict[str, dict[str, Any]]]


def state(**fields: dict[str, Any]) -> State:
    return {name: {name: element} for name, element in fields.items()}


def typed(words: str) -> dict[str, Any]:
    return {"type": "plain_text_input", "value": words}


def submitted(desk: Desk, student: Member, filled: State, about: str = "asg_hw3") -> Answer:
    return hand_ins.work(Ask(student, NOON, state=filled, metadata=about), desk)


def newest(desk: Desk, student: Member) -> tuple[dict[str, str], File | None, float | None, bool, str]:
    with desk.store.reading() as records:
        [kept] = records.hand_ins.of(student.id, "asg_hw3")
        version = records.hand_ins.versions(kept.id)[-1]
    return dict(version.content), version.file, kept.hours, kept.is_part, kept.tools


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("", "")),
        ("hw3", ("hw3", "")),
        ("  problem   set 3 ", ("problem set 3", "")),
        ("hw3 <https://example.org/a>", ("hw3", "https://example.org/a")),
        ("hw3 <https://example.org/a?b=1&amp;c=2|example.org/a>", ("hw3", "https://example.org/a?b=1&c=2")),
        ("hw3 https://example.org/a", ("hw3", "https://example.org/a")),
        ("hw3 <http://github.com/a|github.com/a>", ("hw3", "http://github.com/a")),
        ("hw3 github.com/a", ("hw3", "github.com/a")),
        ("hw3 www.example.org", ("hw3", "www.example.org")),
        ("hw3 ftp://example.org", ("hw3", "ftp://example.org")),
        ("<https://example.org/a>", ("", "https://example.org/a")),
        ("hw3 <https://example.org/a> and more", ("hw3", "https://example.org/a and more")),
        ("week 1.5", ("week 1.5", "")),
        ("Q&amp;A", ("Q&A", "")),
    ],
)
def test_a_line_is_read_in_every_form_slack_sends(text: str, expected: tuple[str, str]) -> None:
    assert read_link(text) == expected


def test_a_whole_form_is_read(desk: Desk, ada: Member) -> None:
    filled = state(
        link=typed(ADDRESS),
        text=typed("  words "),
        file={"type": "file_input", "files": [{"id": "F0123", "name": "a.pdf", "size": 1}]},
        tools=typed("t" * 400),
        hours={"type": "static_select", "selected_option": {"value": "0.5"}},
        part={"type": "checkboxes", "selected_options": [{"value": "part"}]},
    )
    assert isinstance(submitted(desk, ada, filled), Say)
    assert newest(desk, ada) == (
        {"link": ADDRESS, "text": "words"}, File("F0123", "a.pdf"), 0.5, True, "t" * 300,
    )  # fmt: skip


@pytest.mark.parametrize(
    "files",
    [None, "F1", [], ["F1"], [{}], [{"id": 7}], [{"id": "../F1"}], [{"id": "F" * 31}]],
)
def test_what_no_form_sends_as_a_file_is_none(desk: Desk, ada: Member, files: object) -> None:
    filled = state(
        link=typed(ADDRESS),
        file={"files": files},
        partners={"selected_users": [{}, 7, None]},
        hours={"selected_option": {"value": "1e9"}},
        kept={"selected_options": [None]},
    )
    assert isinstance(submitted(desk, ada, filled), Say)
    assert newest(desk, ada)[1:4] == (None, None, False)


def test_a_file_without_a_name_is_a_file(desk: Desk, ada: Member) -> None:
    submitted(desk, ada, state(file={"files": [{"id": "F1", "name": ""}]}))
    assert newest(desk, ada)[1] == File("F1", "file")


def test_one_thing_to_hand_in_opens_its_form_at_once(
    desk: Desk, ada: Member, hw4: Assignment, final: Assignment
) -> None:
    with desk.store.transaction() as records:
        for other in (hw4, final):
            records.assignments.save(replace(other, cancelled=True))
    opened = hand_ins.command(Ask(ada, NOON), desk)
    assert isinstance(opened, OpenModal)
    assert opened.view["callback_id"] == "hand_ins.work"


def test_a_hundred_assignments_fit_the_first_step(desk: Desk, ada: Member, hw3: Assignment) -> None:
    with desk.store.transaction() as records:
        for number in range(120):
            long = replace(hw3, id=f"asg_{number}", slug=f"x{number}", title=f"{number} {'A very long title ' * 8}")
            records.assignments.save(long)
    form = pick_form(options(ada, NOON, desk), ada.tz)
    assert list(check_view(form)) == []
    assert len(form["blocks"][0]["element"]["options"]) == 100


def test_nothing_chosen_is_said_at_the_field(desk: Desk, ada: Member) -> None:
    assert hand_ins.picked(Ask(ada, NOON), desk) == FieldErrors(
        {"assignment": "Choose what you would like to hand in."}
    )


def test_a_form_of_another_kind_still_answers_at_a_field_it_has(desk: Desk, ada: Member) -> None:
    """As where an assignment's kind was changed while its form was open."""
    answer = submitted(desk, ada, state(summary=typed("of a paper")))
    assert isinstance(answer, FieldErrors)
    assert list(answer.errors) == ["summary"]
    assert isinstance(submitted(desk, ada, {}), Say)


@pytest.mark.parametrize(
    ("declined", "words"),
    [
        (NotShared([], 1), "At most 1 other student"),
        (NotShared([], 3), "At most 3 other students"),
        (NotShared([], 0), "Nobody can share work"),
        (NotShared(["<Bo>", "Chen"], 3), "can't be shared with &lt;Bo&gt;, Chen"),
    ],
)
def test_why_something_can_not_be_shared(declined: NotShared, words: str) -> None:
    assert words in not_shared(declined)


def test_what_is_next_is_said_as_it_is(desk: Desk, ada: Member, bo: Member, chen: Member, hw3: Assignment) -> None:
    with desk.store.transaction() as records:
        records.assignments.save(replace(hw3, due_at=None))
    taken = hand_in(desk, ada, bo, chen)
    assert isinstance(taken, Received)
    shown = received(taken, desk.policy.grading, ada.tz).text
    assert "It has no due time." in shown
    assert "Together with <@U0BO> and <@U0CHEN>" in shown
    assert "you hear from me then" in shown
    held = desk.policy.grading.model_copy(update={"held": frozenset({hw3.kind})})
    assert "everyone is told when all of it is graded" in received(taken, held, ada.tz).text
