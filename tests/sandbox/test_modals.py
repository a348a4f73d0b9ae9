"""Modals: triggers, the stack of three, fields, submission and what the app may answer."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.client import Admin, CannotDo, NothingCame, Person, Reaction
from sandbox.server import running
from tests.sandbox.small_world import PEOPLE, Answer, BareApp, Json, hasty, installed, web_client
from tests.sandbox.test_presses import button, options, plain
from tests.sandbox.test_web_api import refused

App = Callable[[Answer], BareApp]


def field(label: str, element: Json, **more: Any) -> Json:
    block_id = label.lower()
    element = {"action_id": "x", **element}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


WHY = field("Why", {"type": "plain_text_input", "min_length": 3, "max_length": 20})
NOTE = field("Note", {"type": "plain_text_input"}, optional=True)


def modal(*blocks: Json, title: str = "Ask", **more: Any) -> Json:
    shown = {"type": "modal", "callback_id": "ask", "title": plain(title), "blocks": list(blocks), **more}
    return shown | {"submit": plain("Send")} if any(block["type"] == "input" for block in blocks) else shown


def opening(slack: WebClient, view: Json, answer: Answer = lambda _frame: {}) -> Answer:
    """An app that opens a view on a command, and answers everything else with `answer`."""

    def answers(frame: Json) -> Json | None:
        if frame["type"] == "slash_commands":
            slack.views_open(trigger_id=frame["payload"]["trigger_id"], view=view)
            return {}
        return answer(frame)

    return answers


def test_a_command_opens_a_modal(app: App, slack: WebClient, ada: Person) -> None:
    app(opening(slack, modal(WHY, NOTE, private_metadata="m")))
    view = ada.command("/hello").view
    assert view is not None
    assert view.shown.splitlines()[1:3] == ["│ Why: <empty>", "│ Note (optional): <empty>"]
    assert view.values["why"]["x"] == {"type": "plain_text_input", "value": None}
    assert ada.view == view
    assert (view.body["private_metadata"], view.body["root_view_id"]) == ("m", view.id)


@hasty
def test_a_trigger_works_once_and_not_for_long(app: App, slack: WebClient, ada: Person) -> None:
    connected = app(lambda _frame: {})

    def trigger() -> str:
        ada.command("/hello", patience=0)
        return str(connected.next("slash_commands")["payload"]["trigger_id"])

    first = trigger()
    slack.views_open(trigger_id=first, view=modal())
    assert refused(slack.views_open, trigger_id=first, view=modal())["error"] == "exchanged_trigger_id"
    assert refused(slack.views_open, trigger_id="1.2.3", view=modal())["error"] == "invalid_trigger_id"
    second = trigger()
    threading.Event().wait(0.45)  # the trigger's own life time is what this shows
    assert refused(slack.views_open, trigger_id=second, view=modal())["error"] == "expired_trigger_id"


def test_a_malformed_view_is_refused_and_uses_up_no_trigger(app: App, slack: WebClient, ada: Person) -> None:
    connected = app(lambda _frame: {})
    ada.command("/hello", patience=0)
    trigger = connected.next("slash_commands")["payload"]["trigger_id"]
    answer = refused(slack.views_open, trigger_id=trigger, view=modal(title="x" * 25))
    assert answer["error"] == "invalid_arguments"
    assert "/view/title/text: must be less than 25" in answer["response_metadata"]["messages"][0]
    home = {"type": "home", "blocks": []}
    assert refused(slack.views_open, trigger_id=trigger, view=home)["error"] == "invalid_arguments"
    large = modal(*[{"type": "section", "text": plain("x" * 3000)}] * 90)
    assert refused(slack.views_open, trigger_id=trigger, view=large)["error"] == "view_too_large"
    assert refused(slack.views_push, trigger_id=trigger, view=modal())["error"] == "not_found"
    assert slack.views_open(trigger_id=trigger, view=modal(external_id="mine"))["view"]["state"] == {"values": []}


@pytest.fixture
def asked(app: App, slack: WebClient, ada: Person) -> Callable[..., Reaction]:
    """Open a modal for Ada; the app then answers submissions as told."""

    def ask(view: Json, answer: Answer = lambda _frame: {}) -> Reaction:
        app(opening(slack, view, answer))
        return ada.command("/hello")

    return ask


def test_slack_itself_refuses_what_is_missing_or_malformed(
    asked: Callable[..., Reaction], ada: Person, admin: Admin
) -> None:
    number = {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "9"}
    asked(
        modal(
            WHY,
            NOTE,
            field("Age", number),
            field("Mail", {"type": "email_text_input"}),
            field("Site", {"type": "url_text_input"}),
        )
    )
    assert set(ada.submit().errors) == {"why", "age", "mail", "site"}
    ada.fill({"why": "ab", "age": "x", "mail": "nobody", "site": "example"})
    assert ada.submit().errors == {
        "why": "Must be at least 3 characters.",
        "age": "Enter a valid number.",
        "mail": "Enter a valid email address.",
        "site": "Enter a valid URL.",
    }
    ada.fill({"why": "x" * 21, "age": "0", "mail": "ada@example.org", "site": "https://example.org"})
    assert ada.submit().errors == {"why": "Must be at most 20 characters.", "age": "Enter a number of at least 1."}
    ada.fill({"age": "10"})
    assert ada.submit().errors["age"] == "Enter a number of at most 9."
    assert [entry["kind"] for entry in admin.traffic()] == ["slash_commands"]


def test_a_submission_carries_the_state_of_every_field(
    app: App, slack: WebClient, ada: Person, ids: dict[str, str]
) -> None:
    view = modal(
        WHY,
        field("Until", {"type": "datetimepicker", "initial_date_time": 1_800_000_000}),
        field("Kind", {"type": "static_select", "options": options("Health", "Other")}),
        field("Agree", {"type": "checkboxes", "options": options("Yes"), "initial_options": options("Yes")}),
        field("Pick", {"type": "radio_buttons", "options": options("A", "B")}, optional=True),
        field("Who", {"type": "users_select"}, optional=True),
        field("Words", {"type": "rich_text_input"}, optional=True),
        {"type": "section", "text": plain("x"), "block_id": "s", "accessory": button("Go")},
    )
    connected = app(opening(slack, view))
    ada.command("/hello")
    ada.fill({"Why": "because", "kind": "health", "Until": "2026-07-04 18:00", "who": "Bo Diddley"})
    assert ada.submit().closed
    payload = connected.next("interactive")["payload"]
    assert (payload["type"], payload["response_urls"]) == ("view_submission", [])
    assert payload["view"]["state"]["values"] == {
        "why": {"x": {"type": "plain_text_input", "value": "because"}},
        "until": {"x": {"type": "datetimepicker", "selected_date_time": 1_783_184_400}},
        "kind": {"x": {"type": "static_select", "selected_option": options("Health")[0]}},
        "agree": {"x": {"type": "checkboxes", "selected_options": options("Yes")}},
        "pick": {"x": {"type": "radio_buttons", "selected_option": None}},
        "who": {"x": {"type": "users_select", "selected_user": ids["bo"]}},
        "words": {"x": {"type": "rich_text_input", "rich_text_value": None}},
    }
    assert ada.view is None


def test_what_is_not_in_the_modal_cannot_be_filled(asked: Callable[..., Reaction], ada: Person) -> None:
    with pytest.raises(CannotDo, match="ada has no modal open"):
        ada.submit()
    asked(modal(WHY, field("Kind", {"type": "static_select", "options": options("Health")})))
    with pytest.raises(CannotDo, match="no field 'Bogus'; there is Why, Kind"):
        ada.fill({"Bogus": "x"})
    with pytest.raises(CannotDo, match="no option 'Fun'; there is Health"):
        ada.fill({"Kind": "Fun"})


def test_errors_of_the_app_stand_beside_their_fields(asked: Callable[..., Reaction], ada: Person) -> None:
    asked(modal(WHY), lambda _frame: {"response_action": "errors", "errors": {"why": "Say more"}})
    ada.fill({"Why": "because"})
    reaction = ada.submit()
    assert (reaction.errors, reaction.closed) == ({"why": "Say more"}, False)
    assert "! Say more" in reaction.shown
    assert "because" in reaction.shown


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"bogus": "x"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "vanish"},
        {"text": "Thanks"},
        {"response_action": "update", "view": {"type": "modal"}},
    ],
)
def test_an_answer_slack_does_not_understand_leaves_the_modal_open(
    asked: Callable[..., Reaction], ada: Person, admin: Admin, answer: Json
) -> None:
    asked(modal(WHY), lambda _frame: answer)
    ada.fill({"Why": "because"})
    reaction = ada.submit()
    assert reaction.error == "We had some trouble connecting. Try again?"
    assert ada.view is not None
    assert admin.refusals()


@hasty
def test_a_submission_not_acknowledged_leaves_the_modal_open(asked: Callable[..., Reaction], ada: Person) -> None:
    asked(modal(WHY), lambda _frame: None)
    ada.fill({"Why": "because"})
    reaction = ada.submit()
    assert (reaction.timed_out, reaction.closed) == (True, False)


def test_the_app_may_update_push_or_clear(asked: Callable[..., Reaction], ada: Person) -> None:
    answers = iter(
        [
            {"response_action": "update", "view": modal(WHY, title="Second")},
            {"response_action": "push", "view": modal(NOTE, title="Third")},
            {},
            {"response_action": "clear"},
        ]
    )
    first = asked(modal(WHY), lambda _frame: next(answers)).view
    assert first is not None
    ada.fill({"Why": "because"})
    updated = ada.submit().view
    assert updated is not None
    assert (updated.title, updated.id, updated.values["why"]["x"]["value"]) == ("Second", first.id, "because")
    pushed = ada.submit().view
    assert pushed is not None
    assert (pushed.title, pushed.body["previous_view_id"], ada.stacked) == ("Third", first.id, 2)
    back = ada.submit()
    assert (back.closed, back.view.title if back.view else "") == (True, "Second")
    assert ada.submit().closed
    assert ada.view is None


def test_three_modals_and_no_more(app: App, slack: WebClient, ada: Person) -> None:
    view = modal({"type": "actions", "elements": [button("Deeper")]})
    errors = []

    def deeper(frame: Json) -> Json:
        try:
            slack.views_push(trigger_id=frame["payload"]["trigger_id"], view=view)
        except SlackApiError as error:
            errors.append(error.response["error"])
        return {}

    app(opening(slack, view, deeper))
    ada.command("/hello")
    ada.press("Deeper")
    ada.press("Deeper")
    assert ada.stacked == 3
    ada.press("Deeper", patience=0)
    assert ada.stacked == 3
    assert errors == ["push_limit_reached"]


def test_a_press_in_a_modal_carries_the_view_and_may_update_it(app: App, slack: WebClient, ada: Person) -> None:
    view = modal(
        WHY,
        {"type": "section", "block_id": "s", "text": plain("x"), "accessory": button("More")},
        field("Kind", {"type": "static_select", "options": options("A", "B")}, dispatch_action=True),
    )

    def update(frame: Json) -> Json:
        opened = frame["payload"]["view"]
        slack.views_update(view_id=opened["id"], hash=opened["hash"], view=modal(WHY, NOTE))
        return {"text": "ignored"}

    connected = app(opening(slack, view, update))
    ada.command("/hello")
    ada.fill({"Why": "because"})
    reaction = ada.fill({"Kind": "B"})
    assert "Note (optional)" in reaction.shown
    payload = connected.next("interactive")["payload"]
    assert payload["container"]["type"] == "view"
    assert payload["view"]["state"]["values"]["kind"]["x"]["selected_option"]["value"] == "b"
    assert payload["actions"][0]["selected_option"]["value"] == "b"
    assert reaction.view is not None
    assert reaction.view.values["why"]["x"]["value"] == "because"
    stale = payload["view"]
    answer = refused(slack.views_update, view_id=stale["id"], hash=stale["hash"], view=modal())
    assert answer["error"] == "hash_conflict"


def test_views_are_found_by_external_id_while_they_are_open(
    asked: Callable[..., Reaction], slack: WebClient, ada: Person, ids: dict[str, str]
) -> None:
    asked(modal(external_id="mine"))
    slack.views_update(external_id="mine", view=modal(title="Again", external_id="mine"))
    assert ada.wait_for_view(lambda view: view.title == "Again").body["external_id"] == "mine"
    answer = refused(slack.views_publish, user_id=ids["bo"], view={"type": "home", "blocks": [], "external_id": "mine"})
    assert answer["error"] == "duplicate_external_id"
    ada.close()
    assert refused(slack.views_update, external_id="mine", view=modal())["error"] == "not_found"
    assert refused(slack.views_update, view_id="V404", view=modal())["error"] == "not_found"


def test_closing_tells_the_app_where_it_asked_to_be_told(app: App, slack: WebClient, ada: Person) -> None:
    connected = app(opening(slack, modal(WHY, notify_on_close=True)))
    ada.command("/hello")
    reaction = ada.close()
    payload = connected.next("interactive")["payload"]
    assert (payload["type"], payload["is_cleared"], "trigger_id" in payload) == ("view_closed", False, False)
    assert reaction.closed
    ada.command("/hello")
    ada.close(all_=True)
    assert connected.next("interactive")["payload"]["is_cleared"]
    with pytest.raises(CannotDo, match="no modal open"):
        ada.close()


def test_a_modal_without_submit_cannot_be_submitted(asked: Callable[..., Reaction], ada: Person) -> None:
    asked(modal())
    with pytest.raises(CannotDo, match="can't be submitted"):
        ada.submit()


def test_a_second_command_replaces_the_modal(asked: Callable[..., Reaction], ada: Person) -> None:
    asked(modal(WHY))
    ada.command("/hello")
    assert ada.stacked == 1


def test_a_view_that_never_shows_what_is_waited_for(asked: Callable[..., Reaction], ada: Person) -> None:
    asked(modal(WHY))
    with pytest.raises(NothingCame, match="for 'Bogus' and sees:\n┌─ Ask"):
        ada.wait_for_view("Bogus", timeout=0.05)


def test_home_is_published_for_people_only_and_within_its_hash(slack: WebClient, ids: dict[str, str]) -> None:
    home = {"type": "home", "blocks": []}
    assert refused(slack.views_publish, user_id="U404", view=home)["error"] == "user_not_found"
    assert refused(slack.views_publish, user_id=ids["ada"], view=home, hash="x")["error"] == "hash_conflict"
    first = slack.views_publish(user_id=ids["ada"], view=home)["view"]
    again = slack.views_publish(user_id=ids["ada"], view=home, hash=first["hash"])["view"]
    assert again["id"] == first["id"]
    assert refused(slack.views_publish, user_id=ids["ada"], view=home, hash=first["hash"])["error"] == "hash_conflict"
    assert refused(slack.views_publish, user_id=ids["ada"], view=modal())["error"] == "invalid_arguments"


def test_an_app_without_home_publishes_none(ids: dict[str, str]) -> None:
    features = {"bot_user": {"display_name": "Helper"}}
    with running(PEOPLE, installed(features=features)) as sandbox:
        answer = refused(web_client(sandbox).views_publish, user_id=ids["ada"], view={"type": "home", "blocks": []})
        assert answer["error"] == "not_enabled"
        with pytest.raises(CannotDo, match="no Home tab"):
            Person(sandbox.url, "ada").open_home()
        with pytest.raises(CannotDo, match="turned off"):
            Person(sandbox.url, "ada").write("Hello")
