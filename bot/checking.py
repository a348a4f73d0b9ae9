"""`check`: everything that is wrong with the set-up, in one list, each with its mend."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.policy import load_policy
from bot.problems import Problem, Problems
from bot.settings import Settings, load_for_slack, where_files_are
from bot.slack import Self, app_client, bot_client, who_am_i
from cohort.errors import StoreUnusable
from cohort.policy import Policy
from cohort.roster import Member
from storage.database import Database
from storage.opening import open_database
from storage.programme import Identity

MANIFEST: Final = Path(__file__).parents[1] / "app.yaml"
Channel = Mapping[str, Any]
T = TypeVar("T")


def problems(environ: Mapping[str, str], env_file: Path) -> list[Problem]:
    """Return everything that is wrong, the settings first. Writes nothing to Slack."""
    found: list[Problem] = []
    settings = _or_note(lambda: load_for_slack(environ, env_file), found)
    config, database = where_files_are(environ, env_file)
    policy = _or_note(lambda: load_policy(config), found)
    me = _or_note(lambda: who_am_i(bot_client(settings)), found) if settings else None
    store = _or_note(lambda: _opened(database, policy, me), found) if policy else None
    if settings and me:
        found += [*_missing_scopes(me), *_connection(settings, me)]
    if settings and me and policy and store:
        found += _channels(bot_client(settings), me, policy, store)
    if store:
        store.close()
    return found


def granted_in_manifest(manifest: Path = MANIFEST) -> frozenset[str]:
    """Return the scopes that app.yaml asks for."""
    tables = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    return frozenset(tables["oauth_config"]["scopes"]["bot"])


def _or_note(step: Callable[[], T], found: list[Problem]) -> T | None:
    """Take a step, or note what is in its way."""
    try:
        return step()
    except Problems as error:
        found += error.problems
    except StoreUnusable as error:
        found.append(Problem(f"The database can't be used: {error.why}", error.mend))
    return None


def _opened(database: Path, policy: Policy, me: Self | None) -> Database:
    name = policy.programme.name
    return open_database(database, Identity(name, me.team_id, me.app_id) if me else Identity(name))


def _missing_scopes(me: Self) -> list[Problem]:
    missing = sorted(granted_in_manifest() - me.scopes)
    if not missing:
        return []
    return [
        Problem(
            f"The app lacks the scopes {', '.join(missing)}.",
            "Paste app.yaml into “App Manifest” of your app and install it again.",
        )
    ]


def _connection(settings: Settings, me: Self) -> list[Problem]:
    parts = settings.app_token.get_secret_value().split("-")
    if len(parts) > 3 and parts[2].startswith("A") and parts[2] != me.app_id:
        return [Problem("SLACK_APP_TOKEN and SLACK_BOT_TOKEN are of two different apps.", "Copy both from one app.")]
    try:
        app_client(settings).apps_connections_open(app_token=settings.app_token.get_secret_value())
    except SlackApiError as error:
        return [
            Problem(
                f"Socket Mode does not open ({error.response.get('error')}).",
                "Turn Socket Mode on, and make SLACK_APP_TOKEN an app-level token with connections:write.",
            )
        ]
    except (OSError, HTTPException):
        return [Problem("Socket Mode does not open: Slack can't be reached.", "Check the network.")]
    return []


def _channels(client: WebClient, me: Self, policy: Policy, store: Database) -> list[Problem]:
    try:
        channels = list(_pages(client.conversations_list, "channels", types="public_channel,private_channel"))
        staff = _named(channels, policy.programme.staff_channel)
        found = [
            *_membership("programme.staff_channel", policy.programme.staff_channel, channels),
            *_membership("programme.announcement_channel", policy.programme.announcement_channel, channels),
        ]
        return found if staff is None else [*found, *_staff_only(client, me, staff, store)]
    except (SlackApiError, OSError, HTTPException) as error:
        return [Problem(f"The channels can't be looked at ({_code(error)}).", "Mend what is named above first.")]


def _membership(key: str, name: str, channels: Sequence[Channel]) -> list[Problem]:
    """Say what is wrong with one channel of cohort.toml and the bot's place in it."""
    channel = _named(channels, name)
    if channel is None:
        mend = f"Make the channel, or correct {key} in cohort.toml; invite the bot to a private one."
        return [Problem(f"{key}: the bot sees no channel “{name}”.", mend)]
    if channel.get("is_archived"):
        return [Problem(f"{key}: #{channel['name']} is archived.", "Unarchive it, or name another.")]
    if not channel.get("is_member"):
        return [Problem(f"{key}: the bot is not in #{channel['name']}.", "Type `/invite @Cohort Bot` there.")]
    return []


def _staff_only(client: WebClient, me: Self, channel: Channel, store: Database) -> Iterator[Problem]:
    name = channel["name"]
    if not channel.get("is_private"):
        yield Problem(
            f"programme.staff_channel: #{name} is public, and cards about students appear in it.",
            "Make it private in the channel's settings.",
        )
    present = set(_pages(client.conversations_members, "members", channel=channel["id"])) - {me.user_id}
    with store.reading() as records:
        known = {slack_id: records.roster.by_slack_id(slack_id) for slack_id in sorted(present)}
    others = [_called(slack_id, member) for slack_id, member in known.items() if not _is_staff(member)]
    if others:
        yield Problem(
            f"programme.staff_channel: not staff on the roster, but in #{name}: {', '.join(others)}.",
            "Remove them from the channel, or give them a role in the roster and import it.",
        )


def _pages(call: Callable[..., Any], key: str, **arguments: str) -> Iterator[Any]:
    """Yield everything of a list that Slack hands out in pages."""
    cursor = ""
    while True:
        page = call(limit=200, cursor=cursor, **arguments)
        yield from page[key]
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return


def _named(channels: Iterable[Channel], name: str) -> Channel | None:
    wanted = name.removeprefix("#")
    return next((channel for channel in channels if wanted in {channel["id"], channel["name"]}), None)


def _is_staff(member: Member | None) -> bool:
    return member is not None and member.is_staff


def _called(slack_id: str, member: Member | None) -> str:
    return member.name if member else slack_id


def _code(error: Exception) -> str:
    return str(error.response.get("error")) if isinstance(error, SlackApiError) else type(error).__name__
