"""A real browser on the page of a sandbox; where no chromium is installed, these tests say so and are left out."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from sandbox.client import Admin
from sandbox.server import Sandbox, running
from tests.sandbox.small_world import PEOPLE, Answer, BareApp, installed

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Nothing but the page is asked for: the browser's own errands are switched off.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 15_000
SCREENS = Path(os.environ.get("SCREENSHOTS", "build/screens"))

Look = Callable[..., Page]


def id_of(sandbox: Sandbox, name: str) -> str:
    """Return the id of someone's account."""
    return next(str(person["id"]) for person in Admin(sandbox.url).people() if person["name"] == name)


# Not for the whole run: while playwright is at work, nobody else in the thread may run an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine, so the page is not tried in a browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


@pytest.fixture
def look(browser: Browser, sandbox: Sandbox) -> Iterator[Look]:
    """Open the page of an address; whatever the browser complains of or asks for elsewhere fails the test."""
    del sandbox  # it outlives its pages
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def look(url: str, *, width: int = 1280, height: int = 860, dark: bool = False, tour: bool = False) -> Page:
        size = ViewportSize(width=width, height=height)
        context = browser.new_context(viewport=size, color_scheme="dark" if dark else "light")
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if not tour:
            context.add_init_script("localStorage.setItem('tour', 'seen')")
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith((url, "data:")) else complaints.append(asked.url))
        page.goto(url)
        page.wait_for_selector("#side button", state="attached")
        return page

    yield look
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(PEOPLE, installed()) as started:
        yield started


@pytest.fixture
def app(sandbox: Sandbox) -> Iterator[Callable[[Answer], BareApp]]:
    """Connect a bare app with what it answers."""
    apps: list[BareApp] = []

    def connect(answer: Answer = lambda _frame: {}) -> BareApp:
        apps.append(BareApp(sandbox, answer))
        return apps[-1]

    yield connect
    for each in apps:
        each.close()
