"""Every view the bot can show, drawn once by a real browser: nothing unknown, nothing left out."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from handlers.views.gallery import Exhibit, gallery
from sandbox.client import Person
from sandbox.elements import walk
from sandbox.server import Sandbox
from tests.browser.conftest import Look, id_of
from tests.sandbox.small_world import BareApp, web_client

EXHIBITS = gallery(datetime(2026, 7, 1, 12, tzinfo=UTC), ZoneInfo("Europe/London"))
# As many as the page shows of one conversation when it is opened.
AT_ONCE = 60


def drawn(page: Page, place: str) -> int:
    """Count the elements one can use in what is drawn, however many parts each has."""
    fields = ":scope :is(.act, details.overflow, select, textarea, fieldset, .block input:not(fieldset input))"
    return page.locator(place).locator(fields).count()


def usable(exhibit: Exhibit) -> int:
    blocks = exhibit.view["blocks"] if exhibit.view is not None else exhibit.blocks
    return len(list(walk(blocks)))


def test_every_message_is_drawn_with_all_that_can_be_pressed(look: Look, sandbox: Sandbox) -> None:
    slack, ada = web_client(sandbox), id_of(sandbox, "ada")
    messages = [exhibit for exhibit in EXHIBITS if exhibit.surface == "message"]
    page = look(sandbox.url)
    for start in range(0, len(messages), AT_ONCE):
        some = messages[start : start + AT_ONCE]
        stamps = [
            slack.chat_postMessage(channel=ada, text=each.text or each.name, blocks=each.blocks or None)["ts"]
            for each in some
        ]
        expect(page.locator(f'[data-ts="{stamps[-1]}"]')).to_be_visible()
        counts = {
            each.name: (drawn(page, f'[data-ts="{ts}"] .blocks'), usable(each))
            for each, ts in zip(some, stamps, strict=True)
        }
        assert {name: pair for name, pair in counts.items() if pair[0] != pair[1]} == {}
    expect(page.locator(".unknown")).to_have_count(0)
    assert not [
        words for words in page.locator(".message").all_inner_texts() if "undefined" in words or "[object" in words
    ]


def test_every_modal_and_home_is_drawn_with_all_its_fields(look: Look, sandbox: Sandbox) -> None:
    slack, ada = web_client(sandbox), Person(sandbox.url, "ada")
    views = [exhibit for exhibit in EXHIBITS if exhibit.view is not None]
    page = look(sandbox.url)
    app = BareApp(sandbox, lambda _frame: {})
    wrong = {}
    for exhibit in views:
        assert exhibit.view is not None
        if exhibit.surface == "home":
            place = ".home"
            slack.views_publish(user_id=id_of(sandbox, "ada"), view=exhibit.view)
            page.click("[data-person=ada]")
            page.click("[data-tab=home]")
        else:
            place = "dialog.modal .inside"
            ada.command("/hello", patience=0.0)
            slack.views_open(trigger_id=app.next("slash_commands")["payload"]["trigger_id"], view=exhibit.view)
        expect(page.locator(place).locator("> .block").first).to_be_visible()
        count = drawn(page, place)
        if count != usable(exhibit) or page.locator(f"{place} .unknown").count():
            wrong[exhibit.name] = (count, usable(exhibit))
        if exhibit.surface != "home":
            page.keyboard.press("Escape")
            expect(page.locator("dialog.modal")).to_have_count(0)
    app.close()
    assert wrong == {}
