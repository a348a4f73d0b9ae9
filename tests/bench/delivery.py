"""Ten thousand queued messages, delivered to a sandbox that enforces Slack's limits in a shorter minute."""

import csv
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import SetClock
from bot.delivery import Delivery
from bot.lease import Lease, holder_name
from bot.pacing import POST, UPDATE, Pacing
from bot.senders import Senders
from handlers.views.messages import render
from sandbox.calls import FIXED_TOKENS
from sandbox.client import Admin
from sandbox.rates import METHOD_TIERS, TIERS, WORKSPACE_POSTS_A_MINUTE
from services.desk import Desk
from tests.bench import mailbag, programme
from tests.bench.measuring import ROOT, Finding, a_folder

# How many times faster than Slack's a minute passes, for the sandbox and for the bot's pacing alike.
SCALE = 10
LEAST_SHARE = 0.95
PATIENCE = 400.0
# In the middle of it something else that posts as this app, and knows nothing of the queue, posts so much at once.
STRANGERS = 40
STRANGER = "from elsewhere"
# Slack does not stop for its own garbage; here a pause of 0.15 s is some of its seconds, and calls arrive in a heap.
SANDBOX = "import gc; from sandbox.__main__ import main; gc.disable(); main()"


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the sandbox saw it: when it came and was answered, and how."""

    method: str
    channel: str
    came_at: float
    answered_at: float
    status: int


def measure() -> list[Finding]:
    """Deliver, and compare the time with what the limits allow."""
    with a_folder() as folder, _a_sandbox(folder) as url, mailbag.a_desk(folder, WORKSPACE_POSTS_A_MINUTE) as desk:
        admin, clock = Admin(url), SetClock(mailbag.NOON)
        _fill(desk, url, clock)
        admin.forget_calls()
        admin.enforce_rates(scale=SCALE)
        began = monotonic()
        with _senders(desk, url, clock, SCALE):
            _wait(desk, mailbag.MESSAGES // 2)
            _post_from_elsewhere(url)
            _wait(desk, 0)
            took = monotonic() - began
        return _findings([call for call in map(_call, admin.calls()) if call is not None], took, _states(desk))


def _fill(desk: Desk, url: str, clock: SetClock) -> None:
    """Queue the messages; the first cards are brought to Slack before, as if on another day."""
    first = mailbag.ask_long(desk, mailbag.people()[1 : mailbag.DECIDED + 1], clock)
    with _senders(desk, url, clock, scale=1000):
        _wait(desk, 0)
    mailbag.fill(desk, first, clock)


def _findings(calls: Sequence[Call], took: float, states: Mapping[str, int]) -> list[Finding]:
    done = [call for call in calls if call.status == 200]
    share = _shortest(done) / took
    limited = Counter(call.method for call in calls if call.status == 429)
    again = _limited_again([call for call in calls if call.status == 429])
    sent = states.get("sent", 0)
    return [
        Finding(
            f"messages delivered, of {mailbag.MESSAGES}",
            f"{len(done)} in {took * SCALE / 60:.1f} of Slack's minutes",
            "all, each once",
            len(done) == mailbag.MESSAGES == sent - mailbag.DECIDED and len(states) == 1,
        ),
        Finding(
            "their rate beside what the limits allow", f"{share:.3f}", f"at least {LEAST_SHARE}", share >= LEAST_SHARE
        ),
        Finding("calls that Slack refused as too many", ", ".join(f"{n} {m}" for m, n in limited.items()) or "none"),
        Finding("of these, after the first of their method was answered", str(again), "none", not again),
    ]


def _shortest(done: Sequence[Call]) -> float:
    """Return the least seconds in which Slack's limits would have let these calls through."""
    methods = Counter(call.method for call in done)
    busiest = max(Counter(call.channel for call in done if call.method == POST).values())
    at_once = TIERS[METHOD_TIERS[UPDATE]]
    minutes = max(methods[POST] / WORKSPACE_POSTS_A_MINUTE, busiest / 60, (methods[UPDATE] - at_once) / at_once)
    return 60 * minutes / SCALE


def _limited_again(limited: Sequence[Call]) -> int:
    """Count the calls that came when a first one of their method had been answered with 429."""
    first = {call.method: call.answered_at for call in sorted(limited, key=lambda call: -call.answered_at)}
    return sum(call.came_at > first[call.method] for call in limited)


def _call(seen: Mapping[str, Any]) -> Call | None:
    if seen["args"].get("text") == STRANGER:
        return None
    came_at = seen["at"] - seen["ms"] / 1000
    return Call(seen["method"], str(seen["args"].get("channel")), came_at, seen["at"], seen["status"])


@contextmanager
def _senders(desk: Desk, url: str, clock: SetClock, scale: float) -> Iterator[None]:
    """Let the bot's own senders work for as long as the block lasts."""
    lease = Lease(desk.store, holder_name())
    lease.renew()
    pacing = Pacing(desk.policy.delivery.messages_a_minute, scale)
    senders = Senders(Delivery(desk, _client(url), render, lease, pacing), clock)
    senders.start()
    try:
        yield
    finally:
        senders.stop_taking()
        senders.finish(30)
        lease.give_back()


def _wait(desk: Desk, left: int) -> None:
    """Wait until so many messages are left in the outbox."""
    pause, ends_at = Event(), monotonic() + PATIENCE
    while sum(count for state, count in _states(desk).items() if state in {"queued", "sending"}) > left:
        if monotonic() > ends_at:
            raise TimeoutError(f"after {PATIENCE:.0f} s the outbox holds {_states(desk)}")
        pause.wait(0.1)


def _states(desk: Desk) -> Mapping[str, int]:
    with desk.store.reading() as records:
        return records.outbox.states()


def _post_from_elsewhere(url: str) -> None:
    client = _client(url)

    def post(member_number: int) -> None:
        with suppress(SlackApiError):
            client.chat_postMessage(channel=f"U0{member_number:08d}", text=STRANGER)

    with ThreadPoolExecutor(STRANGERS // 4) as pool:
        list(pool.map(post, range(STRANGERS)))


def _client(url: str) -> WebClient:
    return WebClient(token=FIXED_TOKENS.bot, base_url=f"{url}/api/", timeout=30, retry_handlers=[])


@contextmanager
def _a_sandbox(folder: Path) -> Iterator[str]:
    """Run a workspace in a process of its own, and hand out its address."""
    users, channels = folder / "users.csv", folder / "channels.csv"
    seeds = programme.workspace(mailbag.people())
    _write(users, [{"id": u.id, "name": u.name, "email": u.email, "tz": u.tz} for u in seeds.users])
    _write(channels, [{"name": c.name, "members": " ".join(c.members)} for c in seeds.channels])
    files = ["--people", str(users), "--channels", str(channels), "--manifest", str(programme.MANIFEST)]
    command = [sys.executable, "-u", "-c", SANDBOX, "serve", "--port", "0", *files]
    with ExitStack() as stack:
        process = stack.enter_context(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
        stack.callback(process.terminate)
        found = re.search(r"http://[\d.]+:\d+", process.stdout.readline() if process.stdout else "")
        if found is None:
            raise RuntimeError("the sandbox does not start")
        yield found[0]


def _write(path: Path, rows: Sequence[Mapping[str, str | None]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
