"""`check`: everything that is wrong with the set-up, in one list, each with its mend."""

from collections.abc import Callable, Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Final, TypeVar

import yaml
from slack_sdk.errors import SlackApiError

from bot.channels import in_workspace
from bot.policy import load_policy
from bot.problems import Problem, Problems
from bot.settings import Settings, load_for_slack, unknown_names, where_files_are
from bot.slack import Self, app_client, bot_client, who_am_i
from cohort.errors import StoreUnusable
from cohort.policy import Policy
from storage.database import Database
from storage.opening import open_database
from storage.places import check_place
from storage.programme import Identity

MANIFEST: Final = Path(__file__).parents[1] / "app.yaml"
T = TypeVar("T")


def problems(environ: Mapping[str, str], env_file: Path) -> list[Problem]:
    """Return everything that is wrong, the settings first. Writes nothing to Slack."""
    found: list[Problem] = []
    settings = _or_note(lambda: load_for_slack(environ, env_file), found)
    found += unknown_names(env_file)
    config, database = where_files_are(environ, env_file)
    policy = _or_note(lambda: load_policy(config), found)
    me = _or_note(lambda: who_am_i(bot_client(settings)), found) if settings else None
    store = _or_note(lambda: _opened(database, policy, me), found) if policy else None
    if settings and me:
        found += [*_missing_scopes(me), *_connection(settings, me)]
    if settings and me and policy:
        found += in_workspace(bot_client(settings), me, policy, store)
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
        found.append(Problem(f"The database can't be used: {error.why}.", error.mend))
    return None


def _opened(database: Path, policy: Policy, me: Self | None) -> Database | None:
    """Return the database if there is one: a look at the set-up makes none."""
    check_place(database)
    if not database.exists():
        return None
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
