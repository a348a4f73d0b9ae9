"""What students and staff read of nudges: what is offered, what a press answers, and Slack's limits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cohort.nudges import Offer, OfferState
from cohort.roster import Status
from handlers import nudges as listeners
from handlers.answers import Ask, Say
from handlers.views import nudges as views
from handlers.views.blocks import Rendered
from handlers.views.choices import LATER
from handlers.views.messages import render
from sandbox.limits import check_message
from services.housekeeping import JobProblem, Problem
from services.nudge_answers import HandedIn, OfferOver, Over, Taken
from services.nudge_messages import ClaimedHandIn, Item, ItemState, MissedWork
from services.nudges import nudge_missed
from tests.services.nudge_world import ADA, BO, CHEN, DUE, HW3, NOW, World, homework, new_world

LAPSES = NOW + timedelta(hours=72)
BLAME = ("fail", "must", "should have", "late", "behind schedule", "%", "warning", "overdue", "unfortunately")


def offer(name: str, days: int = 2) -> Offer:
    return Offer(f"off_{name}", ADA.id, f"asg_{name}", "ndg_1", days, OfferState.OPEN, LAPSES)


def missed(*items: Item) -> MissedWork:
    return MissedWork("ndg_1", ADA, items)


def many(count: int, days: int = 2) -> MissedWork:
    return missed(*(Item(homework(f"hw{n}"), DUE, offer=offer(f"hw{n}", days)) for n in range(count)))


def words(rendered: Rendered) -> str:
    texts = [rendered.text]
    for block in rendered.blocks:
        texts += [block["text"]["text"]] if "text" in block else []
        texts += [e["text"] for e in block.get("elements", []) if isinstance(e.get("text"), str)]
    return "\n".join(texts)


def buttons(rendered: Rendered) -> list[tuple[str, str, str]]:
    elements: list[dict[str, Any]] = [
        element
        for block in rendered.blocks
        if block["type"] == "actions" and not block.get("block_id", "").startswith(LATER)
        for element in block["elements"]
    ]
    return [(element["text"]["text"], element["action_id"], element["value"]) for element in elements]


def shown(note: MissedWork) -> Rendered:
    return render(note, ADA.tz)


def test_one_miss_is_a_few_lines_and_five_buttons() -> None:
    rendered = shown(missed(Item(HW3, DUE, offer=offer("hw3"))))
    assert buttons(rendered) == [
        ("Take 2 more days", "nudges.take", "off_hw3"),
        ("Hand in what I have", "hand_ins.part", "asg_hw3"),
        ("Another date", "extensions.form", "asg_hw3"),
        ("Talk to a TA", "extensions.talk_please", "asg_hw3"),
        ("I did hand it in", "nudges.handed_in", "asg_hw3"),
    ]
    assert rendered.text == "About hw3: there is still time"
    assert "Hi Ada, this hasn't reached me yet" in words(rendered)


def test_without_an_offer_the_other_ways_remain() -> None:
    rendered = shown(missed(Item(HW3, DUE)))
    labels = [label for label, _, _ in buttons(rendered)]
    assert labels == ["Hand in what I have", "Another date", "Talk to a TA", "I did hand it in"]
    assert "one press" not in words(rendered)


def test_a_day_is_a_day() -> None:
    assert buttons(shown(missed(Item(HW3, DUE, offer=offer("hw3", 1)))))[0][0] == "Take 1 more day"


@pytest.mark.parametrize(
    ("note", "label"),
    [
        (many(3), "Take 2 more days for all 3"),
        (
            missed(Item(HW3, DUE, offer=offer("hw3")), Item(homework("hw4"), DUE, offer=offer("hw4", 1))),
            "Take the extra days for all 2",
        ),
    ],
)
def test_several_offers_can_be_taken_at_once(note: MissedWork, label: str) -> None:
    assert (label, "nudges.take_all", "ndg_1") in buttons(shown(note))


def test_what_was_settled_is_shown_without_buttons() -> None:
    states = [state for state in ItemState if state is not ItemState.OPEN]
    rendered = shown(missed(*(Item(HW3, DUE, state) for state in states)))
    assert buttons(rendered) == []
    assert "all of this is taken care of" in words(rendered)


@pytest.mark.parametrize("count", [1, 2, 15, 16, 60])
def test_any_number_of_misses_is_one_message_slack_takes(count: int) -> None:
    rendered = shown(many(count))
    assert check_message({"text": rendered.text, "blocks": rendered.blocks}) == []
    assert sum(action == "nudges.take" for _, action, _ in buttons(rendered)) == min(count, 15)
    assert ("… and 45 more; `/extension` shows them all." in words(rendered)) == (count == 60)


def test_titles_are_shown_as_text_and_never_as_mentions() -> None:
    note = missed(Item(homework("hw<!here>", title="<!channel> & <@U1>" * 30), DUE, offer=offer("hw3")))
    rendered = shown(note)
    assert check_message({"text": rendered.text, "blocks": rendered.blocks}) == []
    assert "<!channel>" not in words(rendered)
    assert "<!here>" not in words(rendered)


@pytest.mark.parametrize("note", [many(1), many(4), missed(Item(HW3, DUE))], ids=["one", "four", "no offer"])
def test_nobody_is_blamed_and_nothing_is_counted_in_percent(note: MissedWork) -> None:
    assert [word for word in BLAME if word in words(shown(note)).casefold()] == []


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (Taken(HW3, NOW), "Done: *Homework 3* (hw3) is now due"),
        (Taken(HW3, NOW, is_new=False), "You took this before: *Homework 3* (hw3) is due"),
        (OfferOver(HW3, 2, Over.LAPSED, DUE), "You can still ask: `/extension hw3 2d`"),
        (OfferOver(HW3, 2, Over.REPLACED, DUE), "You were given more time for *Homework 3* (hw3) already"),
        (OfferOver(HW3, 2, Over.SETTLED, DUE), "Nothing more is needed for *Homework 3* (hw3)"),
        (OfferOver(HW3, 2, Over.CLOSED, DUE), "Please write to an organizer"),
    ],
)
def test_every_press_is_answered_with_what_is_true_now(outcome: Taken | OfferOver, sentence: str) -> None:
    rendered = views.answers([outcome], ADA.tz)
    assert sentence in rendered.text
    assert check_message({"text": rendered.text, "blocks": rendered.blocks}) == []


def test_staff_and_organizers_read_what_concerns_them() -> None:
    for content in (
        ClaimedHandIn(ADA, HW3),
        JobProblem("backup", Problem.FAILED, "StoreUnusable", NOW),
        JobProblem("backup", Problem.MISSED, "", NOW),
    ):
        rendered = render(content, ADA.tz)
        assert check_message({"text": rendered.text, "blocks": rendered.blocks}) == []
    assert "Ada says *Homework 3* (hw3) is handed in" in render(ClaimedHandIn(ADA, HW3), ADA.tz).text


# ---- presses, through the listeners


def told(answers: Sequence[object]) -> list[str]:
    return [answer.rendered.text for answer in answers if isinstance(answer, Say)]


def test_the_presses_do_what_they_say(tmp_path: Path) -> None:
    world: World = new_world(tmp_path)
    hw4 = homework("hw4", datetime(2026, 2, 17, 20, tzinfo=UTC))
    world.assign(hw4)
    world.add(*(replace(m, status=Status.PAUSED) for m in (BO, CHEN)))
    nudge_missed(world.desk, NOW)
    with world.desk.store.reading() as records:
        offers = {o.assignment_id: o for o in records.nudges.offers_of(ADA.id)}
    nudge_id = offers[HW3.id].nudge_id
    presses = [
        ("nudges.handed_in", hw4.id),
        ("nudges.take", offers[HW3.id].id),
        ("nudges.take_all", nudge_id),
    ]
    answers = [
        listeners.PRESSES[action](Ask(ADA, NOW + timedelta(minutes=n), value=value), world.desk)
        for n, (action, value) in enumerate(presses)
    ]
    first, second, third = told(answers)
    assert first.startswith(":inbox_tray: Thank you, noted.")
    assert second.startswith(":white_check_mark: Done: *Homework 3*")
    assert third.startswith(":white_check_mark: You took this before: *Homework 3*")
    assert ":white_check_mark: Done: *Homework 4*" in third


def test_work_that_is_in_the_records_is_thanked_for() -> None:
    assert "it arrived" in views.handed_in(HandedIn(HW3, is_recorded=True)).text
