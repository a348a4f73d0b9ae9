"""Payloads that Slack would not send, given to the whole app: nothing leaves the boundary and no row changes.

Each is made from a real one by taking away, swapping or overgrowing parts of it. `make storm` tries ten thousand.
"""

import copy
import os
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.clock import SetClock
from cohort.assignments import Assignment, Kind
from cohort.extensions import RequestExtension
from cohort.policy import Policy
from cohort.roster import Status
from cohort.wishes import ForDays
from handlers.commands import COMMANDS
from handlers.registration import LISTENING, Understanding, register, take
from sandbox.server import Sandbox, running
from services.desk import Desk
from services.extensions import request_extension
from storage.database import Database
from storage.migrations import migrations
from tests.conftest import NOON, PhoneBook, a_member

ROOT = Path(__file__).parents[2]
WORKSPACE = """
[team]
id = "T0COHORT"
name = "Cohort"
[[users]]
name = "ada"
real_name = "Ada"
email = "ada@example.org"
tz = "Europe/London"
"""
EXAMPLES = int(os.environ.get("STORM_PAYLOADS", "300"))
NOTES = {"audit", "deliveries", "_sqlite_migrations"}
IDS = st.sampled_from(["U0ADA", "U0BO", "U0TARA", "U0ORLA", "U0NOBODY", "", "B1", "*", "U0ADA' OR 1=1 --"])
WORDS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["x" * 20_000, "\x00\x07\x1b[31m", "<!channel> <@U0ADA>", "\u202eRTL", "req_1", "../../etc", "{}"]),
)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
    WORDS,
    IDS,
    st.lists(st.integers(), max_size=3),
    st.dictionaries(WORDS, WORDS, max_size=3),
    st.recursive(st.none(), lambda inner: st.lists(inner, max_size=2), max_leaves=30),
)


def command(name: str, text: str) -> dict[str, Any]:
    who = {"user_id": "U0BO", "team_id": "T0COHORT", "channel_id": "D1", "response_url": ""}
    return {"command": name, "text": text, "trigger_id": "1.1", "token": "t", **who}


def press(action: str, value: str) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "user": {"id": "U0BO", "team_id": "T0COHORT"},
        "team": {"id": "T0COHORT"},
        "trigger_id": "1.2",
        "container": {"type": "message", "channel_id": "C1", "message_ts": "1.0"},
        "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": value}],
        "state": {"values": {}},
        "response_url": "",
    }


def submission(callback: str, metadata: str) -> dict[str, Any]:
    until = {"until": {"until": {"type": "datetimepicker", "selected_date_time": 1783900800}}}
    chosen = {"assignment": {"assignment": {"type": "static_select", "selected_option": {"value": "asg_hw4"}}}}
    view = {"id": "V1", "type": "modal", "callback_id": callback, "private_metadata": metadata}
    user = {"user": {"id": "U0BO"}, "team": {"id": "T0COHORT"}}
    return {"type": "view_submission", **user, "view": view | {"state": {"values": until | chosen}}}


def event(kind: str) -> dict[str, Any]:
    inner = {"type": kind, "user": "U0BO", "channel": "D1", "channel_type": "im", "text": "hello", "tab": "home"}
    return {"type": "event_callback", "event_id": "Ev1", "team_id": "T0COHORT", "event": inner}


REAL = [
    *(command(c.name, f"{c.sub} @ada hw3 2d".strip()) for c in COMMANDS if c.sub not in {"", "help"}),
    *(press(action, "req_1") for action in LISTENING.presses),
    *(submission(callback, "req_1") for callback in LISTENING.submissions),
    *(event(kind) for kind in ("message", "app_home_opened", "user_change", "team_join")),
]


@st.composite
def payloads(draw: st.DrawFn) -> dict[str, Any]:
    """Return a real payload of which up to four parts are gone, swapped or overgrown."""
    payload: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(REAL)))
    for _ in range(draw(st.integers(1, 4))):
        holder = payload
        while True:
            key = draw(st.sampled_from(sorted(holder))) if holder else None
            if key is None:
                break
            inner = holder[key]
            if isinstance(inner, list) and inner and isinstance(inner[0], dict):
                inner = inner[0]
            if isinstance(inner, dict) and inner and draw(st.booleans()):
                holder = inner
                continue
            if draw(st.booleans()):
                holder[key] = draw(ODD)
            else:
                del holder[key]
            break
    return payload


class Hall:
    """An app as the bot makes it, before which the programme lies as it was."""

    def __init__(self, desk: Desk, sandbox: Sandbox) -> None:
        self.desk = desk
        self.pool = ThreadPoolExecutor(4)
        client = WebClient(token=sandbox.tokens.bot, base_url=sandbox.api_url, retry_handlers=[])
        self.app = App(
            client=client,
            process_before_response=True,
            before_authorize=Understanding(),
            listener_executor=self.pool,
        )
        register(self.app, desk, SetClock(NOON))

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        with self.desk.store.reading() as records:
            found = records.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            names = sorted({name for (name,) in found if not name.startswith("sqlite_")} - NOTES)
            return {name: records.connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}  # noqa: S608 - own names


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "workspace.toml").write_text(WORKSPACE)
    with running(folder / "workspace.toml", ROOT / "app.yaml") as sandbox:
        store = Database(folder / "cohort.db")
        migrations.apply(store.tables())
        policy = Policy.model_validate(tomllib.loads((ROOT / "cohort.example.toml").read_text()))
        desk = Desk(store, policy, PhoneBook())
        fill(desk)
        hall = Hall(desk, sandbox)
        yield hall
        hall.pool.shutdown()
        store.close()


def fill(desk: Desk) -> None:
    """Let Ada wait for an answer, and Bo be someone who has paused: nothing that he sends may change a row."""
    ada, bo = a_member("Ada"), replace(a_member("Bo"), status=Status.PAUSED)
    hard, due = NOON + timedelta(days=60), NOON + timedelta(days=2)
    with desk.store.transaction() as records:
        for slug in ("hw3", "hw4"):
            records.assignments.save(Assignment(f"asg_{slug}", slug, slug, Kind.WRITTEN, hard, due))
        records.roster.save(ada)
        records.roster.save(bo)
    request_extension(RequestExtension("hw3", ForDays(9)), ada, NOON, desk)


def only_bo(payload: Any) -> bool:
    """Say whether nobody but Bo or a stranger is named as the one who acts: Ada may do what is hers."""
    return "U0ADA" not in str(payload)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(payloads())
def test_nothing_hostile_gets_through(hall: Hall, payload: dict[str, Any]) -> None:
    before = hall.rows()
    response = take(hall.app, SocketModeRequest("hostile", "e1", payload))
    assert response.status == 200
    assert "Traceback" not in str(response.body)
    if only_bo(payload):
        assert hall.rows() == before
