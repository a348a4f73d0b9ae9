"""Presses in messages, in Home and in modals, and forged ones."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from slack_sdk import WebClient

from sandbox.client import Admin, CannotDo, NothingCame, Person
from sandbox.server import running
from tests.sandbox.small_world import MANIFEST, PEOPLE, Answer, BareApp, Json, hasty, installed, web_client

App = Callable[[Answer], BareApp]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def options(*names: str) -> list[Json]:
    return [{"text": plain(name), "value": name.lower()} for name in names]


def button(name: str, value: str = "1", action_id: str = "") -> Json:
    return {"type": "button", "action_id": action_id or name.lower(), "text": plain(name), "value": value}


CARD: list[Json] = [
    {
        "type": "section",
        "block_id": "who",
        "text": {"type": "mrkdwn", "text": "*Who decides*"},
        "accessory": {"type": "users_select", "action_id": "user"},
    },
    {
        "type": "actions",
        "block_id": "row",
        "elements": [
            button("Approve"),
            button("Approve", "2", "approve_other"),
            {
                "type": "static_select",
                "action_id": "why",
                "options": options("Late", "Long"),
                "placeholder": plain("Why"),
            },
            {"type": "overflow", "action_id": "more", "options": options("Hide", "Mute")},
            {"type": "datetimepicker", "action_id": "until"},
            {"type": "checkboxes", "action_id": "ticks", "options": options("One", "Two")},
        ],
    },
]


@pytest.fixture
def posted(slack: WebClient, ids: dict[str, str]) -> Json:
    answer = slack.chat_postMessage(channel=ids["ada"], text="Card", blocks=CARD)
    return {"channel": answer["channel"], "ts": answer["ts"]}


def test_a_press_in_a_message_carries_the_message_and_its_state(app: App, ada: Person, posted: Json) -> None:
    connected = app(lambda _frame: {"text": "ignored"})
    reaction = ada.press("Approve", patience=0)
    payload = connected.next("interactive")["payload"]
    assert payload["type"] == "block_actions"
    assert payload["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": posted["channel"],
        "is_ephemeral": False,
    }
    assert payload["message"]["blocks"][1]["block_id"] == "row"
    assert payload["actions"][0] | {"action_ts": ""} == {
        "type": "button",
        "action_id": "approve",
        "block_id": "row",
        "text": plain("Approve"),
        "value": "1",
        "action_ts": "",
    }
    assert payload["state"]["values"] == {
        "who": {"user": {"type": "users_select", "selected_user": None}},
        "row": {
            "why": {"type": "static_select", "selected_option": None},
            "until": {"type": "datetimepicker", "selected_date_time": None},
            "ticks": {"type": "checkboxes", "selected_options": []},
        },
    }
    assert "view" not in payload
    assert reaction.messages == []


@pytest.mark.usefixtures("posted")
def test_what_a_person_chooses_stays_chosen_for_that_person(app: App, ada: Person, ids: dict[str, str]) -> None:
    connected = app(lambda _frame: {})
    at = datetime(2026, 7, 4, 16, 0, tzinfo=UTC)
    ada.press("Why", "Long", patience=0)
    ada.press("until", at, patience=0)
    ada.press("ticks", ["One", "two"], patience=0)
    ada.press("Who decides", "tara", patience=0)
    ada.press("more", "Mute", patience=0)
    presses = [connected.next("interactive")["payload"] for _ in range(5)]
    assert [press["actions"][0].get("selected_option", {}).get("value") for press in presses] == [
        "long", None, None, None, "mute"
    ]  # fmt: skip
    values = presses[-1]["state"]["values"]
    assert values["row"]["why"]["selected_option"]["value"] == "long"
    assert values["row"]["until"]["selected_date_time"] == int(at.timestamp())
    assert [option["value"] for option in values["row"]["ticks"]["selected_options"]] == ["one", "two"]
    assert values["who"]["user"]["selected_user"] == ids["tara"]
    ada.press("why", None, patience=0)
    cleared = connected.next("interactive")["payload"]["state"]["values"]
    assert cleared["row"]["why"]["selected_option"] is None


def test_buttons_alike_are_told_apart_by_value(app: App, ada: Person, posted: Json) -> None:
    connected = app(lambda _frame: {})
    ada.press(("Approve", "2"), in_=posted, patience=0)
    assert connected.next("interactive")["payload"]["actions"][0]["action_id"] == "approve_other"


def test_a_press_in_an_ephemeral_message_does_not_repeat_the_message(
    app: App, slack: WebClient, tara: Person, ids: dict[str, str]
) -> None:
    connected = app(lambda _frame: {})
    slack.chat_postEphemeral(channel=ids["staff"], user=ids["tara"], text="Card", blocks=CARD)
    tara.press("Approve", patience=0)
    payload = connected.next("interactive")["payload"]
    assert payload["container"]["is_ephemeral"]
    assert payload["channel"] == {"id": ids["staff"], "name": "privategroup"}
    assert "message" not in payload


def test_only_what_is_there_can_be_pressed_and_chosen(app: App, ada: Person, bo: Person, posted: Json) -> None:
    app(lambda _frame: {})
    with pytest.raises(CannotDo, match="ada sees nothing called 'Decline'"):
        ada.press("Decline")
    with pytest.raises(CannotDo, match="bo sees nothing"):
        bo.press("Approve", in_=posted)
    with pytest.raises(CannotDo, match="no option 'Never'; there is Late, Long"):
        ada.press("why", "Never")
    with pytest.raises(CannotDo, match="nobody here is called 'eve'"):
        ada.press("user", "eve")
    with pytest.raises(CannotDo, match="not a date and time"):
        ada.press("until", "soon")
    for nowhere in ("modal", "home", {"id": "V404"}):
        with pytest.raises(CannotDo, match="sees nothing"):
            ada.press("Approve", in_=nowhere)


def test_the_newest_of_several_is_pressed(app: App, slack: WebClient, ada: Person, ids: dict[str, str]) -> None:
    connected = app(lambda _frame: {})
    for value in ("old", "new"):
        blocks = [{"type": "actions", "elements": [button("Take", value)]}]
        slack.chat_postMessage(channel=ids["ada"], text="x", blocks=blocks)
    ada.press("Take", patience=0)
    assert connected.next("interactive")["payload"]["actions"][0]["value"] == "new"
    ada.press("Take", in_=ada.read()[0], patience=0)
    assert connected.next("interactive")["payload"]["actions"][0]["value"] == "old"


def test_the_app_updates_the_card_that_was_pressed(app: App, slack: WebClient, ada: Person, posted: Json) -> None:
    def decide(frame: Json) -> Json:
        if frame["type"] == "interactive":
            slack.chat_update(**posted, text="Approved", blocks=[])
        return {}

    app(decide)
    assert ada.press("Approve").messages[0].shown == "Approved"


@hasty
@pytest.mark.usefixtures("posted")
def test_a_press_not_acknowledged_fails(app: App, ada: Person) -> None:
    app(lambda _frame: None)
    reaction = ada.press("Approve")
    assert reaction.timed_out
    assert "operation_timeout" in reaction.error


def test_an_app_without_interactivity_is_not_told() -> None:
    settings = {**MANIFEST["settings"], "interactivity": {"is_enabled": False}}
    with running(PEOPLE, installed(settings=settings)) as sandbox:
        ada = Person(sandbox.url, "ada")
        home = {"type": "home", "blocks": [{"type": "actions", "elements": [button("Go")]}]}
        user = next(each["id"] for each in Admin(sandbox.url).people() if each["name"] == "ada")
        web_client(sandbox).views_publish(user_id=user, view=home)
        assert "not configured" in ada.press("Go").error


def test_a_forged_press_is_sent_as_it_is(app: App, ada: Person, bo: Person, posted: Json) -> None:
    connected = app(lambda _frame: {})
    bo.press({"action_id": "approve", "value": "other"}, in_=posted, patience=0)
    payload = connected.next("interactive")["payload"]
    assert (payload["actions"][0]["value"], payload["user"]["username"]) == ("other", "bo")
    assert payload["container"]["message_ts"] == posted["ts"]
    ada.press({"action_id": "approve", "type": "static_select"}, patience=0)
    assert connected.next("interactive")["payload"]["actions"][0]["type"] == "static_select"


def test_a_press_on_a_view_that_is_gone_is_forged_from_what_was_seen(
    app: App, slack: WebClient, ada: Person, ids: dict[str, str]
) -> None:
    connected = app(lambda _frame: {})
    home = {"type": "home", "blocks": [{"type": "actions", "elements": [button("Go")]}]}
    slack.views_publish(user_id=ids["ada"], view=home)
    stale = ada.home
    assert stale is not None
    slack.views_publish(user_id=ids["ada"], view={"type": "home", "blocks": []})
    with pytest.raises(CannotDo):
        ada.press("Go", in_=stale)
    ada.press({"action_id": "go", "value": "1"}, in_=stale, patience=0)
    payload = connected.next("interactive")["payload"]
    assert payload["container"] == {"type": "view", "view_id": stale.id}
    assert "response_url" not in payload


def test_home_is_published_when_it_is_opened_and_pressed_there(
    app: App, slack: WebClient, ada: Person, ids: dict[str, str]
) -> None:
    def publish(frame: Json) -> Json:
        words = "Pressed" if frame["type"] == "interactive" else "Welcome"
        blocks = [
            {"type": "section", "text": {"type": "mrkdwn", "text": words}},
            {"type": "actions", "elements": [button("Go")]},
        ]
        slack.views_publish(user_id=ids["ada"], view={"type": "home", "blocks": blocks})
        return {}

    connected = app(publish)
    assert "Welcome" in ada.open_home()
    event = connected.next_event("app_home_opened")
    assert (event["tab"], event["user"], "view" in event) == ("home", ids["ada"], False)
    assert "Pressed" in ada.press("Go").shown
    assert ada.wait_for_view("Pressed", on="home").title == "View Title"
    payload = connected.next("interactive")["payload"]
    assert payload["view"]["type"] == "home"
    assert "channel" not in payload
    ada.open_home(patience=0)
    assert connected.next_event("app_home_opened")["view"]["id"] == payload["view"]["id"]
    ada.open_messages()
    assert connected.next_event("app_home_opened")["tab"] == "messages"


def test_home_nobody_published_stays_empty(ada: Person) -> None:
    with pytest.raises(NothingCame, match="nothing was published"):
        ada.open_home(patience=0)


def test_a_shortcut_opens_a_modal(app: App, slack: WebClient, ada: Person) -> None:
    view = {"type": "modal", "title": plain("Ask"), "blocks": []}

    def opened(frame: Json) -> Json:
        slack.views_open(trigger_id=frame["payload"]["trigger_id"], view=view)
        return {}

    app(opened)
    reaction = ada.shortcut("ask")
    assert reaction.view is not None
    assert reaction.view.title == "Ask"
    with pytest.raises(CannotDo, match="no global shortcut 'other'"):
        ada.shortcut("other")


def test_other_pickers_take_what_a_person_means(app: App, slack: WebClient, ada: Person, ids: dict[str, str]) -> None:
    connected = app(lambda _frame: {})
    elements = [
        {"type": "datepicker", "action_id": "day"},
        {"type": "timepicker", "action_id": "hour"},
        {"type": "channels_select", "action_id": "place"},
        {"type": "multi_users_select", "action_id": "people"},
    ]
    slack.chat_postMessage(channel=ids["ada"], text="x", blocks=[{"type": "actions", "elements": elements}])

    def chosen(action_id: str, wanted: object) -> Json:
        ada.press(action_id, wanted, patience=0)
        action: Json = connected.next("interactive")["payload"]["actions"][0]
        return action

    assert chosen("day", date(2026, 7, 4))["selected_date"] == "2026-07-04"
    assert chosen("hour", time(18, 30))["selected_time"] == "18:30"
    assert chosen("hour", "2026-07-04 07:05")["selected_time"] == "07:05"
    assert chosen("place", "#lounge")["selected_channel"] == ids["lounge"]
    assert chosen("people", ["bo", "tara"])["selected_users"] == [ids["bo"], ids["tara"]]
    with pytest.raises(CannotDo, match="no channel 'nowhere'"):
        ada.press("place", "nowhere")
    with pytest.raises(TypeError, match="object can't be sent"):
        ada.press("day", object())
