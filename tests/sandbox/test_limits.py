from typing import Any

import pytest

from sandbox.limits import check_blocks, check_message, check_view

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def option(value: str = "v", text: str = "x") -> Json:
    return {"text": plain(text), "value": value}


def options(count: int) -> list[Json]:
    return [option(f"v{n}") for n in range(count)]


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def inputs(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain(), "element": element, **more}


def select(**more: Any) -> Json:
    return {"type": "static_select", "options": options(2), **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain(), "blocks": list(blocks), **more}


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}


TEXT_INPUT = {"type": "plain_text_input"}
DATETIME = {"type": "datetimepicker", "initial_date_time": 1_700_000_000}
NUMBER = {"type": "number_input", "is_decimal_allowed": False}
IMAGE = {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "a"}
RICH = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}


def table(*rows: list[str]) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in rows]}


@pytest.mark.parametrize(
    "block",
    [
        section(text=mrkdwn("x" * 3000)),
        {"type": "section", "fields": [mrkdwn("x" * 2000)] * 10},
        section(accessory=IMAGE),
        section(accessory=button(value="x" * 2000, style="danger", action_id="x" * 255)),
        section(accessory={"type": "overflow", "options": options(5)}),
        section(block_id="b" * 255),
        {"type": "header", "text": plain("x" * 150)},
        {"type": "divider"},
        {**IMAGE, "title": plain()},
        {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a"},
        actions(*[button(action_id=f"a{n}") for n in range(25)]),
        actions(DATETIME),
        actions(select(initial_option=option("v0"), placeholder=plain())),
        actions({"type": "static_select", "option_groups": [{"label": plain(), "options": options(100)}]}),
        actions({"type": "users_select"}, {"type": "conversations_select", "filter": {"include": ["im"]}}),
        actions({"type": "datepicker", "initial_date": "2026-07-04"}, {"type": "timepicker", "initial_time": "23:59"}),
        {"type": "context", "elements": [mrkdwn(), IMAGE, *[plain()] * 8]},
        inputs({"type": "checkboxes", "options": options(10), "initial_options": [option("v1")]}),
        inputs({"type": "radio_buttons", "options": [{"text": mrkdwn(), "value": "v", "description": mrkdwn()}]}),
        inputs({"type": "plain_text_input", "multiline": True, "max_length": 3000}, hint=plain(), optional=True),
        RICH,
        {"type": "markdown", "text": "x" * 12_000},
        table(["a", "b"], ["c", "d"]),
        actions(button(confirm={"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain()})),
    ],
    ids=lambda block: str(block["type"]),
)
def test_slack_takes_it_in_a_message(block: Json) -> None:
    assert check_blocks([block], "message") == []


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        (section(text=mrkdwn("x" * 3001)), "less than 3001"),
        (section(text=mrkdwn("")), "more than 0"),
        (section(text={"type": "html", "text": "x"}), "must be plain_text or mrkdwn"),
        (section(text={"type": "mrkdwn", "text": "x", "emoji": True}), "additional property: emoji"),
        (section(text="x"), "must be a text object"),
        ({"type": "section"}, "text or fields is needed"),
        ({"type": "section", "fields": [mrkdwn("x" * 2001)]}, "less than 2001"),
        ({"type": "section", "fields": [mrkdwn()] * 11}, "no more than 10"),
        (section(block_id="b" * 256), "less than 256"),
        (section(color="red"), "additional property: color"),
        (section(accessory={"type": "overflow", "options": options(6)}), "no more than 5"),
        (section(accessory=TEXT_INPUT), "not allowed here"),
        ({"type": "header", "text": mrkdwn()}, "must be plain_text"),
        ({"type": "header", "text": plain("x" * 151)}, "less than 151"),
        ({"type": "header"}, "missing required field: text"),
        (actions(*[button(action_id=f"a{n}") for n in range(26)]), "no more than 25"),
        (actions(), "at least 1"),
        (actions(button(action_id="a"), button(action_id="a")), "'a' is there twice"),
        (actions(button(action_id="x" * 256)), "less than 256"),
        (actions(button(text=plain("x" * 76))), "less than 76"),
        (actions(button(text=mrkdwn())), "must be plain_text"),
        (actions(button(value="x" * 2001)), "less than 2001"),
        (actions(button(style="green")), "one of primary, danger"),
        (actions(button(url="ftp://example.org")), "http or https"),
        (actions(button(confirm={"title": plain("x" * 101), "text": mrkdwn()})), "less than 101"),
        (actions(button(confirm={"title": plain()})), "missing required field: text"),
        (actions({"type": "slider"}), "unsupported element type: 'slider'"),
        (actions(select(options=options(101))), "no more than 100"),
        (actions(select(options=[option("x" * 151)])), "less than 151"),
        (actions(select(options=[option(text="x" * 76)])), "less than 76"),
        (actions(select(options=[option(), option()])), "two options have the same value"),
        (actions(select(options=[{"text": mrkdwn(), "value": "v"}])), "must be plain_text"),
        (actions(select(initial_option=option("other"))), "not among the options"),
        (actions({"type": "static_select"}), "exactly one of options"),
        (actions(select(placeholder=plain("x" * 151))), "less than 151"),
        (actions({"type": "multi_users_select", "max_selected_items": 0}), "whole number from 1"),
        (actions({"type": "datepicker", "initial_date": "July"}), "YYYY-MM-DD"),
        (actions({"type": "timepicker", "initial_time": "25:00"}), "HH:MM"),
        (actions({"type": "datetimepicker", "initial_date_time": 12}), "whole number from 1000000000"),
        (actions({"type": "datetimepicker", "placeholder": plain()}), "additional property: placeholder"),
        ({"type": "context", "elements": [mrkdwn()] * 11}, "no more than 10"),
        ({"type": "context", "elements": [button()]}, "unsupported element type: 'button'"),
        (inputs({"type": "checkboxes", "options": options(11)}), "no more than 10"),
        (inputs({"type": "radio_buttons", "options": options(11)}), "no more than 10"),
        (inputs(button()), "not allowed here"),
        (inputs({"type": "plain_text_input", "max_length": 3001}), "whole number from 1 to 3000"),
        (inputs({"type": "plain_text_input", "min_length": 5, "max_length": 4}), "above max_length"),
        (inputs(TEXT_INPUT, optional="yes"), "must be a boolean"),
        (inputs({"type": "file_input"}), "not allowed here"),
        (inputs(NUMBER), "not allowed here"),
        ({"type": "input", "element": TEXT_INPUT}, "missing required field: label"),
        ({"type": "image", "alt_text": "a"}, "exactly one of image_url"),
        ({"type": "image", "image_url": "https://example.org/a.png"}, "missing required field: alt_text"),
        ({"type": "markdown", "text": "x" * 12_001}, "less than 12001"),
        ({"type": "alert", "text": plain()}, "unsupported block type: 'alert'"),
        ({"type": "marquee"}, "unsupported block type: 'marquee'"),
        ("section", "unsupported block type"),
        (table(["a"], ["b", "c"]), "same number of cells"),
        ({"type": "rich_text", "elements": [{"type": "text"}]}, "unsupported rich text element"),
    ],
)
def test_slack_refuses_it_in_a_message(block: Json, problem: str) -> None:
    problems = check_blocks([block], "message")
    assert any(problem in each for each in problems), problems


def test_the_number_of_blocks_depends_on_the_surface() -> None:
    assert check_blocks([section()] * 50, "message") == []
    assert "no more than 50" in check_blocks([section()] * 51, "message")[0]
    assert check_blocks([section()] * 100, "modal") == []
    assert "no more than 100" in check_blocks([section()] * 101, "home")[0]
    assert check_blocks("blocks", "home") == ["/blocks: must be a list"]


def test_what_must_be_unique_over_all_blocks() -> None:
    assert "'b' is there twice" in check_blocks([section(block_id="b")] * 2, "message")[0]
    same_action = [section(accessory=button(action_id="a"))] * 2
    assert check_blocks(same_action, "message") == []
    assert "only one table" in check_blocks([table(["a"]), table(["b"])], "message")[0]
    long = {"type": "markdown", "text": "x" * 7000}
    assert "together" in check_blocks([long, long], "message")[0]
    focused = inputs({"type": "plain_text_input", "action_id": "a", "focus_on_load": True})
    assert "focus_on_load" in check_blocks([focused, focused], "modal")[0]


@pytest.mark.parametrize(
    "view",
    [
        modal(section()),
        modal(inputs(TEXT_INPUT), submit=plain("x" * 24), close=plain(), private_metadata="x" * 3000),
        modal(inputs(NUMBER), inputs({"type": "file_input", "max_files": 10}), submit=plain(), notify_on_close=True),
        modal({"type": "alert", "text": mrkdwn(), "level": "warning"}, inputs(DATETIME), submit=plain()),
        home(section(), callback_id="x" * 255, private_metadata=""),
    ],
)
def test_slack_takes_the_view(view: Json) -> None:
    assert check_view(view) == []


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        ({"type": "workflow"}, "must be modal or home"),
        ("modal", "must be modal or home"),
        (modal(section(), title=plain("x" * 25)), "less than 25"),
        (modal(section(), title=mrkdwn()), "must be plain_text"),
        ({"type": "modal", "blocks": []}, "missing required field: title"),
        ({"type": "home"}, "missing required field: blocks"),
        (modal(inputs(TEXT_INPUT)), "missing required field: submit"),
        (modal(section(), submit=plain("x" * 25)), "less than 25"),
        (modal(section(), close=plain("x" * 25)), "less than 25"),
        (modal(section(), private_metadata="x" * 3001), "less than 3001"),
        (modal(section(), callback_id="x" * 256), "less than 256"),
        (modal(section(), clear_on_close="yes"), "must be a boolean"),
        (modal(table(["a"])), "unsupported block type: 'table'"),
        (modal({"type": "markdown", "text": "x"}), "unsupported block type"),
        (home(actions(DATETIME)), "datetimepicker is not allowed here"),
        (home(section(), title=plain()), "additional property: title"),
        (home({"type": "alert", "text": plain()}), "unsupported block type"),
        (modal(inputs({**NUMBER, "min_value": "5", "max_value": "4"}), submit=plain()), "above max_value"),
        (modal(*[section(text=mrkdwn("x" * 3000))] * 90), "larger than 250000"),
    ],
)
def test_slack_refuses_the_view(view: Any, problem: str) -> None:
    problems = check_view(view)
    assert any(problem in each for each in problems), problems


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        ({}, "needs text or blocks"),
        ({"text": "x" * 4001}, "less than 4001"),
        ({"text": "x", "blocks": [{"type": "marquee"}]}, "unsupported block"),
        ({"text": "x", "metadata": {"event_type": "e"}}, "missing required field: event_payload"),
    ],
)
def test_a_message_slack_would_refuse_or_cut(message: Json, problem: str) -> None:
    assert problem in check_message(message)[0]


def test_a_message_within_every_limit() -> None:
    metadata = {"event_type": "e", "event_payload": {}}
    assert check_message({"text": "x" * 4000, "blocks": [section()], "metadata": metadata}) == []
