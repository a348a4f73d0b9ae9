"""The tour as a newcomer takes it, by clicks and by keys: as a student, a TA and an organizer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.sandboxed import ADDRESS, living
from tests.browser.conftest import SCREENS, Look

A_WEEK = 240_000


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Run the example programme as `make run` does, and return where its page is."""
    said: list[str] = []
    with living(tmp_path / "demo", 0, said.append) as bot:
        yield next(found.group() for line in said if (found := ADDRESS.search(line)))
        bot.stop()


def picture(page: Page, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png")


def is_done(page: Page, title: str) -> None:
    expect(page.locator(".tour-card h2")).to_contain_text(f"✓ {title}")
    expect(page.locator(".pointed")).to_have_count(0)


def closed(page: Page) -> None:
    """Close what is open, if anything is."""
    if page.locator("dialog.modal").count():
        page.keyboard.press("Escape")
    expect(page.locator("dialog.modal")).to_have_count(0)


def go_and_type(page: Page) -> None:
    """Become whom the step names, put its words into the composer, and send them."""
    page.click("[data-tour=go]")
    page.click("[data-tour=type]")
    page.keyboard.press("Enter")


def book_a_slot(page: Page) -> None:
    page.click("[data-tour=next]")
    go_and_type(page)
    page.locator(".message.ephemeral").last.get_by_role("button", name="Book", exact=True).first.click()
    expect(page.locator("dialog.modal")).to_be_visible()
    picture(page, "book")
    page.locator("dialog.modal button[type=submit]").click()
    expect(page.locator("dialog.modal")).to_contain_text("Booked")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.modal")).to_have_count(0)
    is_done(page, "Book a slot with a TA")


def grade_something(page: Page) -> None:
    page.click("[data-tour=next]")
    go_and_type(page)
    page.locator(".message.ephemeral").last.get_by_role("button", name="Claim", exact=True).first.click()
    page.locator(".message.ephemeral").last.get_by_role("button", name="Grade", exact=True).first.click()
    form = page.locator("dialog.modal")
    form.locator("button[type=submit]").click()
    expect(form.locator(".error").first).to_be_visible()
    expect(page.locator(".tour-card h2")).not_to_contain_text("✓")
    form.get_by_label("Score").fill("88")
    form.locator("textarea").first.fill("Clear and complete. The second proof could be shorter.")
    picture(page, "grade")
    form.locator("button[type=submit]").click()
    is_done(page, "Grade from the queue")
    closed(page)


def test_the_tour_by_clicks(address: str, look: Look) -> None:
    page = look(address, tour=True)
    expect(page.locator(".tour-card h2")).to_contain_text("Ask for an extension")
    expect(page.locator(".pointed")).to_have_text("Act as Bo")
    go_and_type(page)
    is_done(page, "Ask for an extension")
    expect(page.locator(".message.ephemeral").last).to_contain_text("asked a TA for more time")
    picture(page, "ask")
    page.click("[data-tour=next]")
    page.click("[data-tour=go]")
    expect(page.locator("[data-action='extensions.approve']").last).to_be_visible()
    picture(page, "decide")
    page.locator("[data-action='extensions.approve']").last.click()
    is_done(page, "Decide it as a TA")
    expect(page.locator(".message", has_text="Problem set 6").first).to_contain_text("Tara approved it")
    book_a_slot(page)
    grade_something(page)
    page.click("[data-tour=next]")
    page.click("[data-tour=go]")
    page.click("[data-move=week]")
    expect(page.locator("#top .moving")).to_be_visible()
    expect(page.locator("#top .moving")).to_have_count(0, timeout=A_WEEK)
    is_done(page, "Let a week pass")
    expect(page.locator("[data-person=bo] .mark")).to_be_visible()
    page.click("[data-tour=next]")
    page.click("[data-tour=type]")
    page.keyboard.press("Enter")
    is_done(page, "Read the digest")
    expect(page.locator(".message.ephemeral").last).to_contain_text("Follow-ups")
    picture(page, "digest")
    page.click("[data-tour=skip]")
    expect(page.locator(".tour-card")).to_have_count(0)
    page.click("[data-person=bo]")
    page.click("[data-tab=home]")
    expect(page.locator(".home .block").first).to_be_visible()
    picture(page, "home")


def test_the_first_steps_by_keys_alone(address: str, look: Look) -> None:
    page = look(address, tour=True)

    def press(key: str) -> None:
        page.locator(f"[data-tour={key}]").focus()
        page.keyboard.press("Enter")

    press("go")
    press("type")
    page.keyboard.press("Enter")
    is_done(page, "Ask for an extension")
    press("next")
    press("go")
    page.locator("[data-action='extensions.approve']").last.focus()
    page.keyboard.press("Space")
    is_done(page, "Decide it as a TA")
    press("next")
    press("go")
    press("type")
    page.keyboard.press("Enter")
    slot = page.locator(".message.ephemeral").last.get_by_role("button", name="Book", exact=True).first
    slot.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog.modal")).to_be_visible()
    page.locator("dialog.modal button[type=submit]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog.modal")).to_contain_text("Booked")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.modal")).to_have_count(0)
    is_done(page, "Book a slot with a TA")
    press("skip")
    expect(page.locator(".tour-card")).to_have_count(0)
