"""The page in a real browser: what people see and press, with the keyboard and without."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect
from slack_sdk import WebClient

from sandbox.server import Sandbox
from tests.browser.conftest import Look, id_of
from tests.sandbox.small_world import Answer, BareApp, Json, web_client
from tests.sandbox.test_modals import NOTE, WHY, field, modal, opening
from tests.sandbox.test_presses import CARD, button, options, plain

App = Callable[[Answer], BareApp]
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> & <b>bold</b>"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)


def write(page: Page, words: str) -> None:
    page.locator("[data-composer=main]").fill(words)
    page.keyboard.press("Enter")


def become(page: Page, name: str) -> None:
    """Act as somebody else, and wait until the page does."""
    page.click(f"[data-person={name}]")
    expect(page.locator(f"[data-person={name}]")).to_have_attribute("aria-pressed", "true")


def direct(slack: WebClient, sandbox: Sandbox, name: str, **message: Any) -> str:
    return str(slack.chat_postMessage(channel=id_of(sandbox, name), **message)["ts"])


def test_what_anyone_writes_is_shown_as_text(look: Look, sandbox: Sandbox, app: App) -> None:
    app(lambda _frame: {})
    page = look(sandbox.url)
    write(page, HOSTILE)
    said = page.locator(".message .words")
    expect(said).to_have_text(HOSTILE)
    assert said.locator("img, script, b").count() == 0


def test_an_answer_is_marked_as_only_visible_to_whoever_asked(look: Look, sandbox: Sandbox, app: App) -> None:
    app(lambda frame: {"text": "Hi *Ada*"} if frame["type"] == "slash_commands" else {})
    page = look(sandbox.url)
    write(page, "/hello there")
    expect(page.locator(".message.ephemeral")).to_contain_text("Only visible to you")
    expect(page.locator(".message.ephemeral strong", has_text="Ada")).to_be_visible()


def test_commands_complete_and_show_how_they_are_used(look: Look, sandbox: Sandbox, app: App) -> None:
    app(lambda _frame: {"text": "Done"})
    page = look(sandbox.url)
    box = page.locator("[data-composer=main]")
    box.press_sequentially("/h")
    expect(page.locator(".hints")).to_contain_text("Say hello")
    page.keyboard.press("Tab")
    expect(box).to_have_value("/hello ")
    page.keyboard.press("Enter")
    expect(page.locator(".message.ephemeral")).to_contain_text("Done")


def test_a_command_that_is_none_is_told_and_not_lost(look: Look, sandbox: Sandbox, app: App) -> None:
    app(lambda _frame: {})
    page = look(sandbox.url)
    write(page, "/nothing at all")
    expect(page.locator("#said .problem")).to_contain_text("is not a valid command")
    expect(page.locator("[data-composer=main]")).to_have_value("/nothing at all")


def test_unread_marks_stand_beside_people_and_places_until_they_are_read(look: Look, sandbox: Sandbox) -> None:
    slack = web_client(sandbox)
    page = look(sandbox.url)
    direct(slack, sandbox, "bo", text="One")
    direct(slack, sandbox, "bo", text="Two")
    expect(page.locator("[data-person=bo] .mark")).to_have_text("2")
    page.click("[data-person=bo]")
    expect(page.locator(".message")).to_have_count(2)
    page.click("[data-person=ada]")
    expect(page.locator("[data-person=bo]")).to_be_visible()
    expect(page.locator("[data-person=bo] .mark")).to_have_count(0)


def test_a_modal_keeps_what_was_typed_shows_errors_and_is_sent(look: Look, sandbox: Sandbox, app: App) -> None:
    answers = iter([{"response_action": "errors", "errors": {"why": "Not yet"}}, {}])

    def answer(frame: Json) -> Json:
        return next(answers) if frame["payload"].get("type") == "view_submission" else {}

    connected = app(opening(web_client(sandbox), modal(WHY, NOTE), answer))
    page = look(sandbox.url)
    write(page, "/hello")
    form = page.locator("dialog.modal")
    form.get_by_label("Why").fill("hi")
    form.get_by_label("Note").fill("A note")
    form.get_by_role("button", name="Send").click()
    expect(form.locator(".error")).to_have_text("Must be at least 3 characters.")
    expect(form.get_by_label("Note")).to_have_value("A note")
    expect(form.get_by_label("Why")).to_be_focused()
    form.get_by_label("Why").fill("because")
    page.keyboard.press("Enter")
    expect(form.locator(".error")).to_have_text("Not yet")
    page.keyboard.press("Enter")
    expect(form).to_have_count(0)
    frames = list(connected.frames.queue)
    sent = [each for each in frames if each.get("payload", {}).get("type") == "view_submission"][-1]
    values = sent["payload"]["view"]["state"]["values"]
    assert (values["why"]["x"]["value"], values["note"]["x"]["value"]) == ("because", "A note")


def test_every_input_reaches_the_app_as_it_was_chosen(look: Look, sandbox: Sandbox, app: App) -> None:
    fields = [
        field("Which", {"type": "static_select", "options": options("One", "Two")}),
        field("Several", {"type": "multi_static_select", "options": options("Red", "Green", "Blue")}),
        field("Who", {"type": "users_select"}),
        field("Day", {"type": "datepicker"}),
        field("Hour", {"type": "timepicker"}),
        field("Until", {"type": "datetimepicker"}),
        field("Ticks", {"type": "checkboxes", "options": options("Tea", "Milk")}),
        field("One of", {"type": "radio_buttons", "options": options("Left", "Right")}),
        field("Points", {"type": "number_input", "is_decimal_allowed": False}),
        field("File", {"type": "file_input"}),
    ]
    connected = app(opening(web_client(sandbox), modal(*fields)))
    page = look(sandbox.url)
    become(page, "bo")
    write(page, "/hello")
    form = page.locator("dialog.modal")
    form.get_by_label("Which").select_option("Two")
    form.get_by_label("Red").check()
    form.get_by_label("Blue").check()
    form.get_by_label("Who").select_option(label="Tara Q")
    form.get_by_label("Day").fill("2026-07-04")
    form.get_by_label("Hour").fill("18:30")
    form.get_by_label("Until").fill("2026-07-04T18:00")
    form.get_by_label("Milk").check()
    form.get_by_label("Right").check()
    form.get_by_label("Points").fill("7")
    form.get_by_label("File").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": PNG})
    expect(form.locator(".files")).to_have_text("a.png")
    form.get_by_role("button", name="Send").click()
    expect(form).to_have_count(0)
    sent = [each for each in connected.frames.queue if each.get("payload", {}).get("type") == "view_submission"]
    values = {
        block: next(iter(each.values())) for block, each in sent[-1]["payload"]["view"]["state"]["values"].items()
    }
    assert values["which"]["selected_option"]["value"] == "two"
    assert [each["value"] for each in values["several"]["selected_options"]] == ["red", "blue"]
    assert values["who"]["selected_user"] == id_of(sandbox, "tara")
    assert (values["day"]["selected_date"], values["hour"]["selected_time"]) == ("2026-07-04", "18:30")
    # Bo is in New York, where it is four hours earlier than in UTC.
    assert values["until"]["selected_date_time"] == 1783202400
    assert [each["value"] for each in values["ticks"]["selected_options"]] == ["milk"]
    assert values["one of"]["selected_option"]["value"] == "right"
    assert values["points"]["value"] == "7"
    assert values["file"]["files"][0]["size"] == len(PNG)


def test_views_stack_and_close_one_by_one(look: Look, sandbox: Sandbox, app: App) -> None:
    slack = web_client(sandbox)

    def answer(frame: Json) -> Json:
        if frame["payload"].get("type") == "block_actions":
            slack.views_push(trigger_id=frame["payload"]["trigger_id"], view=modal(title="Second"))
        return {}

    row = {"type": "actions", "block_id": "row", "elements": [button("More")]}
    app(opening(slack, modal(row, title="First"), answer))
    page = look(sandbox.url)
    write(page, "/hello")
    page.get_by_role("button", name="More").click()
    expect(page.locator("dialog.modal h2")).to_have_text("Second")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.modal h2")).to_have_text("First")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.modal")).to_have_count(0)


def test_a_card_is_pressed_and_edited_in_place(look: Look, sandbox: Sandbox, app: App) -> None:
    slack = web_client(sandbox)

    def answer(frame: Json) -> Json:
        if frame["payload"].get("type") == "block_actions":
            place = frame["payload"]["container"]
            what = frame["payload"]["actions"][0]["action_id"]
            slack.chat_update(channel=place["channel_id"], ts=place["message_ts"], text=f"Pressed {what}", blocks=[])
        return {}

    app(answer)
    direct(slack, sandbox, "ada", text="Card", blocks=CARD)
    page = look(sandbox.url)
    expect(page.get_by_role("button", name="Approve")).to_have_count(2)
    page.locator("details.overflow summary").click()
    page.get_by_role("button", name="Mute").click()
    expect(page.locator(".message")).to_contain_text("Pressed more")
    expect(page.locator(".message")).to_contain_text("(edited)")


def test_a_day_and_a_menu_in_a_message_say_what_they_are_for(look: Look, sandbox: Sandbox, app: App) -> None:
    connected = app(lambda _frame: {})
    day = {"type": "datepicker", "action_id": "day", "placeholder": plain("Remind me on …")}
    mood = {"type": "static_select", "action_id": "mood", "options": options(":smile: Good", ":unheard_of: Odd")}
    direct(web_client(sandbox), sandbox, "ada", text="Card", blocks=[{"type": "actions", "elements": [day, mood]}])
    page = look(sandbox.url)
    expect(page.locator(".message .with-words")).to_have_text("Remind me on …")
    assert page.locator(".message select option").all_inner_texts()[1:] == ["😄 Good", ":unheard_of: Odd"]
    page.get_by_label("Remind me on …").fill("2026-07-04")
    assert connected.next("interactive")["payload"]["actions"][0]["selected_date"] == "2026-07-04"


def test_a_press_that_asks_first_is_only_sent_after_a_yes(look: Look, sandbox: Sandbox, app: App) -> None:
    connected = app(lambda _frame: {})
    sure = {"title": plain("Sure?"), "text": plain("It can't be undone."), "confirm": plain("Yes"), "deny": plain("No")}
    row = {"type": "actions", "elements": [button("Erase") | {"confirm": sure}]}
    direct(web_client(sandbox), sandbox, "ada", text="Card", blocks=[row])
    page = look(sandbox.url)
    page.get_by_role("button", name="Erase").click()
    page.get_by_role("button", name="No").click()
    page.get_by_role("button", name="Erase").click()
    page.get_by_role("button", name="Yes").click()
    assert connected.next("interactive")["payload"]["actions"][0]["action_id"] == "erase"
    assert connected.frames.empty()


def test_threads_open_beside_and_take_replies(look: Look, sandbox: Sandbox, app: App) -> None:
    app(lambda _frame: {})
    slack = web_client(sandbox)
    ts = direct(slack, sandbox, "ada", text="Root")
    direct(slack, sandbox, "ada", text="A reply", thread_ts=ts)
    page = look(sandbox.url)
    expect(page.locator("#main .message")).to_have_count(1)
    page.get_by_role("button", name="1 reply").click()
    page.locator("[data-composer=thread]").fill("Thanks")
    page.keyboard.press("Enter")
    expect(page.locator("#panel .message")).to_have_count(3)
    expect(page.get_by_role("button", name="2 replies")).to_be_visible()


def test_what_the_page_does_not_know_is_a_box_that_says_so(look: Look, sandbox: Sandbox) -> None:
    page = look(sandbox.url)
    shown = page.evaluate(
        """async () => {
            const { blocks } = await import("/page/blocks.js");
            const row = { type: "actions", elements: [{ type: "dial", action_id: "d" }] };
            const all = blocks([{ type: "hologram" }, row], { reader: {}, chosen: () => null });
            return all.map((each) => each.textContent);
        }"""
    )
    assert shown == [
        "A block of type “hologram” stands here; this page can't draw it.",
        "An element of type “dial” stands here; this page can't draw it.",
    ]


def test_the_traffic_shows_what_was_acknowledged_and_refused(look: Look, sandbox: Sandbox, app: App) -> None:
    app(lambda _frame: {"text": "Done"})
    page = look(sandbox.url)
    page.click("[data-tool=traffic]")
    write(page, "/hello")
    expect(page.locator(".traffic tr.in", has_text="ada: /hello")).to_contain_text("ms")
    web_client(sandbox).api_call("users.info", params={"user": id_of(sandbox, "ada")})
    expect(page.locator(".traffic tr.out", has_text="users.info")).to_contain_text("ok")


def test_anyone_can_be_found_and_played_by_the_keyboard_alone(look: Look, sandbox: Sandbox, app: App) -> None:
    app(lambda _frame: {"text": "Hi"})
    page = look(sandbox.url)
    page.keyboard.press("Control+k")
    page.keyboard.type("orla")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-person=orla]")).to_have_attribute("aria-pressed", "true")
    page.locator("[data-key=write]").focus()
    page.keyboard.type("/hello")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".message.ephemeral")).to_contain_text("Hi")


def test_a_narrow_window_and_the_dark_have_everything(look: Look, sandbox: Sandbox, app: App) -> None:
    app(lambda _frame: {"text": "Hi"})
    page = look(sandbox.url, width=420, height=800, dark=True)
    expect(page.locator("#side")).to_be_hidden()
    page.get_by_role("button", name="People and conversations").click()
    page.click("[data-person=bo]")
    expect(page.locator("#side")).to_be_hidden()
    expect(page.locator("[data-person=bo]")).to_have_attribute("aria-pressed", "true")
    write(page, "/hello x")
    expect(page.locator(".message.ephemeral")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 420
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(26, 29, 33)"


def test_a_clock_that_no_app_follows_can_t_be_moved(look: Look, sandbox: Sandbox) -> None:
    page = look(sandbox.url)
    expect(page.locator("[data-move=hour]")).to_be_disabled()
