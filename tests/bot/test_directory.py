"""The directory: accounts as Slack has them, page by page, whatever Slack does in between."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from slack_sdk import WebClient

from bot.directory import NoDirectory, SlackDirectory
from sandbox.client import Admin
from sandbox.server import Sandbox, running
from services.desk import Account

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    workspace = tmp_path_factory.mktemp("directory") / "workspace.toml"
    people = [("ada", "America/New_York"), *((f"student-{n:03}", "Europe/London") for n in range(250))]
    workspace.write_text(
        "".join(
            f'[[users]]\nname = "{name}"\nreal_name = "{name.title()}"\nemail = "{name}@example.org"\ntz = "{tz}"\n'
            for name, tz in people
        )
    )
    with running(workspace, ROOT / "app.yaml") as started:
        yield started


@pytest.fixture
def admin(sandbox: Sandbox) -> Iterator[Admin]:
    admin = Admin(sandbox.url)
    yield admin
    admin.clear_faults()


@pytest.fixture
def directory(sandbox: Sandbox) -> SlackDirectory:
    client = WebClient(token=sandbox.tokens.bot, base_url=sandbox.api_url, timeout=5, retry_handlers=[])
    return SlackDirectory(client, "Europe/Paris", Event())


def test_an_account_is_found_by_email_and_by_id(directory: SlackDirectory) -> None:
    ada = directory.account_by_email("ada@example.org")
    assert ada is not None
    assert (ada.email, ada.name, ada.zone, ada.is_person) == ("ada@example.org", "Ada", "America/New_York", True)
    assert directory.account(ada.slack_id) == ada


def test_nobody_is_none(directory: SlackDirectory) -> None:
    assert directory.account_by_email("nobody@example.org") is None
    assert directory.account("U0NOBODY") is None


def test_the_list_goes_on_from_the_page_that_failed(directory: SlackDirectory, admin: Admin) -> None:
    listed = directory.accounts()
    first = next(listed)
    admin.fault("users.list", "429", times=1, seconds=1)
    people = [first, *listed]
    assert len({account.email for account in people if account.is_person and account.email}) >= 251
    assert any(not account.is_person for account in people)


@pytest.mark.parametrize("kind", ["500", "drop_before", "drop_after"])
def test_what_may_work_later_is_tried_again(directory: SlackDirectory, admin: Admin, kind: str) -> None:
    admin.fault("users.lookupByEmail", kind, times=1)
    assert directory.account_by_email("ada@example.org") is not None


def test_who_stops_does_not_wait_for_slack(sandbox: Sandbox, admin: Admin) -> None:
    stopping = Event()
    stopping.set()
    client = WebClient(token=sandbox.tokens.bot, base_url=sandbox.api_url, timeout=5, retry_handlers=[])
    admin.fault("users.info", "500")
    with pytest.raises(ConnectionError):
        SlackDirectory(client, "UTC", stopping).account("U0ADA")


def test_an_error_that_no_try_will_mend_is_a_connection_error(directory: SlackDirectory, admin: Admin) -> None:
    admin.fault("users.info", "error", error="missing_scope")
    with pytest.raises(ConnectionError, match="missing_scope"):
        directory.account("U0ADA")


@pytest.mark.parametrize("tz", ["", "Mars/Base", "../etc/passwd"])
def test_an_unknown_zone_is_taken_as_the_programmes(directory: SlackDirectory, tz: str) -> None:
    user = {"id": "U1", "name": "ada", "tz": tz, "tz_offset": 3600, "profile": {"email": "ada@example.org"}}
    assert directory._account(user) == Account("U1", "ada@example.org", "ada", "Europe/Paris")


def test_without_slack_nobody_is_known() -> None:
    nobody = NoDirectory()
    assert (nobody.account("U1"), nobody.account_by_email("a@example.org"), list(nobody.accounts())) == (None, None, [])
