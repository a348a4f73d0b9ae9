"""Fifty people at once over Socket Mode while each call to Slack takes a second, beside a bare Bolt app."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier, Event

from cohort.roster import Member
from sandbox.client import Admin, Person, Reaction
from sandbox.manifest import load_manifest
from sandbox.server import Sandbox, running
from storage.opening import open_database
from storage.programme import Identity
from tests.bench import programme
from tests.bench.measuring import ROOT, Finding, a_folder, percentile

PEOPLE = 50
ROUNDS = 4
SLACK_SECONDS = 1.0
LIMIT_MS = 3000
PATIENCE = 90.0
# Of three people one is granted time, one opens the form, and one reads the policy; in turns from round to round.
ASKED = ("/extension hw{round} 2d", "/extension", "/cohort policy")
WEB_API = ("chat.*", "views.*", "users.*", "conversations.*")


@dataclass(frozen=True, slots=True)
class Contestant:
    """An app in a process of its own, the workspace it lives in, and how many calls a round of it ends with."""

    sandbox: Sandbox
    calls: Callable[[int], int]

    @property
    def admin(self) -> Admin:
        """The one who can look into the workspace."""
        return Admin(self.sandbox.url)


def measure() -> list[Finding]:
    """Compare how long acknowledgements take."""
    people = programme.students(PEOPLE)
    with a_folder() as folder, _the_bot(folder, people) as bot, _bare_bolt(people) as bare:
        reactions: dict[str, list[Reaction]] = {"bot": [], "bare": []}
        for number in range(1, ROUNDS + 1):
            reactions["bot"] += _all_at_once(bot, people, number)
            reactions["bare"] += _all_at_once(bare, people, number)
        refused = bot.admin.refusals()
    late = [r for r in reactions["bot"] if r.timed_out or r.error or r.ack_ms > LIMIT_MS]
    findings = [
        Finding(
            f"acknowledged by the bot, of {len(reactions['bot'])} commands",
            str(len(reactions["bot"]) - len(late)),
            "all, none after 3 s",
            not late,
        ),
        Finding("what Slack would have refused of it", str(len(refused)), "nothing", not refused),
        Finding("the bot's acknowledgement", _spread(reactions["bot"])),
        Finding("a bare Bolt app's acknowledgement", _spread(reactions["bare"])),
    ]
    ratio = percentile(_ms(reactions["bot"]), 99) / percentile(_ms(reactions["bare"]), 99)
    missed = sum(r.timed_out for r in reactions["bare"])
    findings.append(Finding("the bot's p99 beside the bare app's", f"{ratio:.3f}; the bare app missed {missed}"))
    return findings


def _all_at_once(contestant: Contestant, people: Sequence[Member], number: int) -> list[Reaction]:
    """Let everybody type at one moment, and wait until the app has done all that follows."""
    admin, together = contestant.admin, Barrier(len(people))
    admin.forget_calls()

    def type_it(n: int) -> Reaction:
        person = Person(contestant.sandbox.url, people[n].id)
        typed = ASKED[(n + number) % len(ASKED)].format(round=number)
        together.wait()
        return person.command(typed, patience=0)

    with ThreadPoolExecutor(len(people)) as pool:
        reactions = list(pool.map(type_it, range(len(people))))
    _wait(lambda: _following(admin) >= contestant.calls(number), "the calls that follow the commands")
    return reactions


def _following(admin: Admin) -> int:
    return len(admin.calls("chat.postMessage")) + len(admin.calls("views.open"))


def _calls_of_the_bot(number: int) -> int:
    """A message for each grant and a form for each who asked for it; the policy needs no call."""
    return sum((n + number) % len(ASKED) != 2 for n in range(PEOPLE))


@contextmanager
def _the_bot(folder: Path, people: list[Member]) -> Iterator[Contestant]:
    """Run the bot as `python -m bot run` does."""
    path = folder / "cohort.db"
    (folder / "cohort.toml").write_text(programme.policy_text())
    store = open_database(path, Identity(programme.policy().programme.name))
    programme.fill(store, people, programme.assignments(ROUNDS))
    store.close()
    with _a_workspace(people) as sandbox:
        environ = programme.environment(sandbox, path)
        with _a_process("bot", "run", environ=environ, folder=folder):
            yield _once_connected(Contestant(sandbox, _calls_of_the_bot))


@contextmanager
def _bare_bolt(people: list[Member]) -> Iterator[Contestant]:
    with _a_workspace(people) as sandbox, _a_process("tests.bench.bare_bolt", environ=sandbox.environment, folder=ROOT):
        yield _once_connected(Contestant(sandbox, lambda _: PEOPLE))


@contextmanager
def _a_workspace(people: list[Member]) -> Iterator[Sandbox]:
    with running(programme.workspace(people), load_manifest(programme.MANIFEST)) as sandbox:
        yield sandbox


@contextmanager
def _a_process(*module: str, environ: Mapping[str, str], folder: Path) -> Iterator[None]:
    """Run a module of the project in a process of its own for as long as the block lasts."""
    with ExitStack() as stack:
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
            stdout=subprocess.DEVNULL,
        )
        stack.callback(process.wait, 15)
        stack.callback(process.terminate)
        yield


def _once_connected(contestant: Contestant) -> Contestant:
    """Return the app once it takes envelopes; from then on Slack is slow."""
    contestant.admin.wait_connected(timeout=30)
    for method in WEB_API:
        contestant.admin.fault(method, "latency", seconds=SLACK_SECONDS)
    return contestant


def _wait(until: Callable[[], bool], what: str) -> None:
    pause = Event()
    for _ in range(int(PATIENCE / 0.2)):
        if until():
            return
        pause.wait(0.2)
    raise TimeoutError(f"waited {PATIENCE:.0f} s for {what}")


def _ms(reactions: Sequence[Reaction]) -> list[float]:
    """Return how long each took; an acknowledgement that never came counts as the limit."""
    return [float(LIMIT_MS) if reaction.timed_out else reaction.ack_ms for reaction in reactions]


def _spread(reactions: Sequence[Reaction]) -> str:
    took = _ms(reactions)
    return f"p50 {percentile(took, 50):.0f} ms, p99 {percentile(took, 99):.0f} ms, worst {max(took):.0f} ms"
