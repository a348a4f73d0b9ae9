"""`/extension` granted by policy, through the app with the commit, beside the same statements in plain sqlite3."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from shutil import copy
from sqlite3 import Connection
from typing import Any

from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_sdk import WebClient

from bot.clock import SystemClock
from bot.wiring import Parts, assemble
from cohort.roster import Member
from handlers.registration import register
from sandbox.manifest import load_manifest
from sandbox.server import Sandbox, running
from services.desk import Desk
from tests.bench import programme
from tests.bench.measuring import Finding, Ratios, a_folder, ratios, seconds
from tests.bench.plain import PlainGrants, shape

ROUNDS = 40
A_ROUND = 100
ASSIGNMENTS = 20
CALLERS = (1, 10)
AT_LEAST = 0.6
TEXT = "hw3 2d"

Listener = Callable[[dict[str, Any], Ack], BoltResponse]
Send = Callable[[App, Sequence[BoltRequest]], list[BoltResponse]]


class UnlikeTheBot(Exception):
    """The plain listener does not do what the bot does, so that comparing them would say nothing."""


@dataclass(frozen=True, slots=True)
class Contest:
    """The bot's app, and two like it with another listener before all of the bot's."""

    bot: App
    plain: App
    bare: App
    desk: Desk
    grants: PlainGrants


def measure() -> list[Finding]:
    """Compare requests a second, with one caller and with several at once."""
    return [finding for callers in CALLERS for finding in _measure(callers)]


def _measure(callers: int) -> list[Finding]:
    people = programme.students(ROUNDS * A_ROUND + 2)
    with a_contest(people) as contest, _sender(callers) as send:
        _check_answers(contest, people.pop())
        _check_statements(contest, people.pop())
        took = _took(contest, people, send)
    who = "one caller" if callers == 1 else f"{callers} callers"
    beside_plain, beside_bare = ratios(took["plain"], took["bot"]), ratios(took["bare"], took["bot"])
    return [
        Finding(
            f"{who}, requests a second beside plain sqlite3",
            str(beside_plain),
            f"at least {AT_LEAST}",
            beside_plain.middle >= AT_LEAST,
        ),
        Finding(f"{who}, the bot beside a bare listener", str(beside_bare)),
        Finding(f"{who}, plain sqlite3 beside a bare listener", str(ratios(took["bare"], took["plain"]))),
        Finding(f"{who}, milliseconds a request by the bot", str(_milliseconds(took["bot"]))),
    ]


@contextmanager
def a_contest(people: list[Member]) -> Iterator[Contest]:
    """Set up the three apps on databases that hold the same, in a sandbox that none of them needs to ask."""
    with ExitStack() as stack:
        folder = stack.enter_context(a_folder())
        sandbox = stack.enter_context(running(programme.workspace([]), load_manifest(programme.MANIFEST)))
        path = folder / "bot.db"
        parts = _parts(sandbox, path)
        stack.callback(_close, parts)
        programme.fill(parts.desk.store, people, programme.assignments(ASSIGNMENTS))
        grants = PlainGrants(_copy(parts, path))
        stack.callback(grants.close)
        client = parts.gate.app.client
        yield Contest(
            bot=parts.gate.app,
            plain=_app_with(grants.listen, client, parts),
            bare=_app_with(lambda body, ack: ack("ok"), client, parts),  # noqa: ARG005 - Bolt names what it hands over
            desk=parts.desk,
            grants=grants,
        )


def _parts(sandbox: Sandbox, path: Path) -> Parts:
    return assemble(programme.settings(sandbox, path), programme.policy(), SystemClock())


def _close(parts: Parts) -> None:
    parts.gate.close()  # type: ignore[no-untyped-call] # slack_bolt leaves it untyped
    parts.lazy.shutdown()
    parts.desk.store.close()


def _copy(parts: Parts, path: Path) -> Path:
    """Return a copy of the bot's database, of which all lies in the one file."""
    with parts.desk.store.transaction() as records:
        connection = records.connection
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(copy(path, path.with_name("plain.db")))


def _app_with(listener: Listener, client: WebClient, parts: Parts) -> App:
    """Return an app like the bot's, with a listener for /extension in the place of the bot's own."""
    app = App(client=client, process_before_response=True, listener_executor=parts.lazy)
    app.command("/extension")(listener)
    register(app, parts.desk, SystemClock())
    return app


@contextmanager
def _sender(callers: int) -> Iterator[Send]:
    """Hand out a way to send requests: one after the other, or by several callers at once."""
    if callers == 1:
        yield lambda app, requests: [app.dispatch(request) for request in requests]
        return
    with ThreadPoolExecutor(callers) as pool:
        yield lambda app, requests: list(pool.map(app.dispatch, requests))


def _took(contest: Contest, people: Sequence[Member], send: Send) -> dict[str, list[float]]:
    """Return how many seconds each round took each of the three; they take turns in being first."""
    apps = [("bot", contest.bot), ("plain", contest.plain), ("bare", contest.bare)]
    took: dict[str, list[float]] = {name: [] for name, _ in apps}
    for start in range(0, len(people), A_ROUND):
        for name, app in apps:
            took[name].append(_seconds(send, app, _requests(people[start : start + A_ROUND])))
        apps.append(apps.pop(0))
    return took


def _requests(people: Sequence[Member]) -> list[BoltRequest]:
    return [programme.command(member, "/extension", TEXT) for member in people]


def _seconds(send: Send, app: App, requests: Sequence[BoltRequest]) -> float:
    answers: list[BoltResponse] = []
    took = seconds(lambda: answers.extend(send(app, requests)))
    wrong = [answer.body for answer in answers if answer.status != 200 or not _is_granted(answer)]
    if wrong:
        raise UnlikeTheBot(f"{len(wrong)} requests were not granted: {wrong[0]}")
    return took


def _is_granted(answer: BoltResponse) -> bool:
    return "is now due" in answer.body or answer.body == "ok"


def _check_answers(contest: Contest, student: Member) -> None:
    """Let both grant one request. Raises UnlikeTheBot unless one answer is about as long as the other."""
    request = programme.command(student, "/extension", TEXT)
    ours, plain = contest.bot.dispatch(request).body, contest.plain.dispatch(request).body
    if abs(len(ours) - len(plain)) > 20:
        raise UnlikeTheBot(f"the bot answers\n{ours}\nthe plain listener\n{plain}")


def _check_statements(contest: Contest, student: Member) -> None:
    """Let both grant one request while SQLite tells what it is asked. Raises UnlikeTheBot where that differs."""
    with contest.desk.store.reading() as records:
        reader = records.connection
    with contest.desk.store.transaction() as records:
        writer = records.connection
    request = programme.command(student, "/extension", TEXT)
    ours = _statements(lambda: contest.bot.dispatch(request), reader, writer)
    plain = _statements(lambda: contest.plain.dispatch(request), contest.grants.connection)
    for mine, theirs in zip_longest(ours, plain):
        if mine != theirs:
            raise UnlikeTheBot(f"the bot says\n{mine}\nthe plain listener\n{theirs}")


def _statements(work: Callable[[], object], *connections: Connection) -> list[str]:
    """Return the statements that were made on some connections, in order and without the values in them."""
    heard: list[str] = []
    for connection in connections:
        connection.set_trace_callback(heard.append)
    work()
    for connection in connections:
        connection.set_trace_callback(None)
    return [shape(statement) for statement in heard]


def _milliseconds(took: Sequence[float]) -> Ratios:
    return Ratios([each / A_ROUND * 1000 for each in took])
