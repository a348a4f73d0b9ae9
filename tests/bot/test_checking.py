"""check: all that is wrong with a workspace, in one list, each with its mend."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.checking import granted_in_manifest, problems
from bot.clock import real_now
from bot.exhibiting import post_everything
from bot.policy import load_policy
from bot.problems import Problems
from bot.settings import load_for_slack
from cohort.roster import Member, Role
from handlers.views.gallery import gallery
from sandbox.client import Admin
from sandbox.server import Sandbox, running
from storage.opening import open_database
from storage.programme import Identity

ROOT = Path(__file__).parents[2]
WORKSPACE = """
[[users]]
name = "ada"
real_name = "Ada"
email = "ada@example.org"
[[users]]
name = "orla"
real_name = "Orla"
email = "orla@example.org"
[[channels]]
name = "staff"
private = true
members = ["orla", "bot"]
[[channels]]
name = "announcements"
members = ["ada", "orla", "bot"]
"""


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    workspace = tmp_path / "workspace.toml"
    workspace.write_text(WORKSPACE)
    with running(workspace, ROOT / "app.yaml") as started:
        yield started


@pytest.fixture
def environ(sandbox: Sandbox, tmp_path: Path) -> dict[str, str]:
    (tmp_path / "cohort.toml").write_text((ROOT / "cohort.example.toml").read_text())
    ids = {person["name"]: person["id"] for person in Admin(sandbox.url).people()}
    store = open_database(tmp_path / "cohort.db", Identity("Example Cohort"))
    with store.transaction() as records:
        for name, role in (("ada", Role.STUDENT), ("orla", Role.ORGANIZER)):
            records.roster.save(Member(f"mem_{name}", f"{name}@example.org", name.title(), role, "UTC", ids[name]))
    store.close()
    places = {"COHORT_CONFIG": str(tmp_path / "cohort.toml"), "COHORT_DB": str(tmp_path / "cohort.db")}
    return {**sandbox.environment, **places}


def found(environ: dict[str, str], tmp_path: Path) -> list[str]:
    return [str(problem) for problem in problems(environ, tmp_path / ".env")]


def change(tmp_path: Path, old: str, new: str) -> None:
    file = tmp_path / "cohort.toml"
    file.write_text(file.read_text().replace(old, new))


def test_a_workspace_that_is_set_up_as_it_should_has_no_problems(environ: dict[str, str], tmp_path: Path) -> None:
    assert found(environ, tmp_path) == []


def test_problems_of_settings_policy_and_database_come_in_one_list(environ: dict[str, str], tmp_path: Path) -> None:
    change(tmp_path, "# offer_days = 2\n\n", "offer_dais = 2\n\n")
    said = found({**environ, "SLACK_BOT_TOKEN": "xoxp-1", "LOG_LEVEL": "loud"}, tmp_path)
    assert len(said) == 3
    assert "SLACK_BOT_TOKEN is not a bot token" in said[0]
    assert "LOG_LEVEL" in said[1]
    assert "extensions.offer_dais" in said[2]


def test_names_in_the_file_that_are_no_settings_are_told_with_the_closest(
    environ: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("COHRT_DB=x.db\nLOG_COLOUR=red\nEDITOR=vi\nLOG_LEVEL=INFO\n")
    typo, unknown = found(environ, tmp_path)
    assert "COHRT_DB is not a setting. Did you mean COHORT_DB?" in typo
    assert "LOG_COLOUR is not a setting. Known: SLACK_BOT_TOKEN, " in unknown


def test_tokens_that_slack_does_not_know_are_told(environ: dict[str, str], tmp_path: Path) -> None:
    (said,) = found({**environ, "SLACK_BOT_TOKEN": "xoxb-1-unknown"}, tmp_path)
    assert said.startswith("Slack does not accept SLACK_BOT_TOKEN (invalid_auth).")
    (said,) = found({**environ, "SLACK_APP_TOKEN": "xapp-unknown"}, tmp_path)
    assert said.startswith("Socket Mode does not open (invalid_auth).")


def test_a_staff_channel_that_is_public_and_holds_a_student_is_told(environ: dict[str, str], tmp_path: Path) -> None:
    change(tmp_path, 'staff_channel = "staff"', 'staff_channel = "#announcements"')
    same, public, student = found(environ, tmp_path)
    assert "programme.staff_channel and programme.announcement_channel are the same, #announcements." in same
    assert "#announcements is public" in public
    assert "not staff on the roster, but in #announcements: Ada." in student


def test_staff_are_known_by_email_before_their_accounts_are_linked(
    environ: dict[str, str], sandbox: Sandbox, tmp_path: Path
) -> None:
    admin = Admin(sandbox.url)
    for name in ("tara", "bo"):
        admin.add_user(name, f"{name.title()}@example.org", name.title())
        admin.add_member("staff", name)
    store = open_database(tmp_path / "cohort.db", Identity("Example Cohort"))
    with store.transaction() as records:
        records.roster.save(Member("mem_tara", "tara@example.org", "Tara", Role.TA, "UTC"))
        records.roster.erase("mem_orla")
    store.close()
    (said,) = found(environ, tmp_path)
    assert "not staff on the roster, but in #staff: Bo." in said


def test_without_a_database_the_rest_is_checked_and_none_is_made(environ: dict[str, str], tmp_path: Path) -> None:
    for file in tmp_path.glob("cohort.db*"):
        file.unlink()
    assert found(environ, tmp_path) == []
    assert list(tmp_path.glob("cohort.db*")) == []
    (said,) = found({**environ, "COHORT_DB": str(tmp_path / "nowhere" / "cohort.db")}, tmp_path)
    assert "nowhere is not there. Make it" in said


def test_an_organizer_whom_nobody_in_slack_is_is_told(environ: dict[str, str], tmp_path: Path) -> None:
    change(tmp_path, '["orla@example.org"]', '["orla@example.org", "olga@example.org"]')
    (said,) = found(environ, tmp_path)
    assert said.startswith("programme.organizers: nobody in Slack has the address olga@example.org.")


def test_channels_that_are_not_there_or_without_the_bot_are_told(
    environ: dict[str, str], sandbox: Sandbox, tmp_path: Path
) -> None:
    Admin(sandbox.url).add_channel("lounge", ["ada"])
    change(tmp_path, 'announcement_channel = "announcements"', 'announcement_channel = "lounge"')
    change(tmp_path, 'staff_channel = "staff"', 'staff_channel = "stuff"')
    staff, announcements = found(environ, tmp_path)
    assert staff.startswith("programme.staff_channel: the bot sees no channel “stuff”.")
    assert "the bot is not in #lounge. Type `/invite @Cohort Bot` there." in announcements


def test_a_database_of_another_programme_is_told(environ: dict[str, str], tmp_path: Path) -> None:
    change(tmp_path, '"Example Cohort"', '"Another Cohort"')
    assert any("belongs to another programme" in line for line in found(environ, tmp_path))


def test_missing_scopes_are_told(environ: dict[str, str], tmp_path: Path) -> None:
    manifest = tmp_path / "app.yaml"
    lines = (ROOT / "app.yaml").read_text().splitlines(keepends=True)
    manifest.write_text("".join(line for line in lines if "groups:read" not in line))
    with running(tmp_path / "workspace.toml", manifest) as lesser:
        said = found({**environ, **lesser.environment}, tmp_path)
    assert "groups:read" in granted_in_manifest()
    assert said[0].startswith("The app lacks the scopes groups:read.")


def test_a_workspace_that_fails_is_told_and_not_a_traceback(
    environ: dict[str, str], sandbox: Sandbox, tmp_path: Path
) -> None:
    admin = Admin(sandbox.url)
    for method, said in (
        ("auth.test", "can't be reached"),
        ("apps.connections.open", "Socket Mode does not open"),
        ("conversations.list", "The channels can't be looked at"),
    ):
        for kind in ("500", "drop_before"):
            admin.fault(method, kind)
            assert any(said in line for line in found(environ, tmp_path))
            admin.clear_faults()


def test_every_view_is_shown_to_the_organizers_and_slack_takes_all(
    environ: dict[str, str], sandbox: Sandbox, tmp_path: Path
) -> None:
    settings = load_for_slack(environ, tmp_path / ".env")
    assert post_everything(settings, load_policy(settings.config)) == []
    sent = [call["method"] for call in Admin(sandbox.url).calls()]
    shown = gallery(real_now(), ZoneInfo("Europe/London"))
    assert sent.count("chat.postMessage") + sent.count("views.publish") == 1 + len(shown) > 20
    first = Admin(sandbox.url).calls("chat.postMessage")[0]["args"]["text"]
    assert first.startswith(f"What follows is a test of everything I can show: {sent.count('chat.postMessage') - 1} ")


def test_what_slack_refuses_is_listed_by_name(environ: dict[str, str], sandbox: Sandbox, tmp_path: Path) -> None:
    settings = load_for_slack(environ, tmp_path / ".env")
    Admin(sandbox.url).fault("views.publish", "error", error="invalid_blocks", times=1)
    Admin(sandbox.url).fault("chat.postMessage", "drop_after", times=1)
    refused = post_everything(settings, load_policy(settings.config))
    assert len(refused) == 2
    assert any("invalid_blocks" in line for line in refused)


def test_without_an_organizer_in_slack_nothing_is_shown(environ: dict[str, str], tmp_path: Path) -> None:
    change(tmp_path, "orla@example.org", "nobody@example.org")
    settings = load_for_slack(environ, tmp_path / ".env")
    with pytest.raises(Problems, match="No organizer has a Slack account"):
        post_everything(settings, load_policy(settings.config))
