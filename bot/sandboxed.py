"""`sandbox`: an example programme in a Slack workspace on this machine, with the bot connected as to Slack."""

import logging
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Final

from bot import running, tables
from bot.cast import Cast
from bot.clock import real_now, ticks
from bot.demonstration import clock_for
from bot.logs import start_logging
from bot.policy import load_policy
from bot.problems import one
from bot.settings import Settings, load_for_slack
from bot.wiring import assemble
from cohort.roster import Member
from cohort.times import is_waking
from services import accounts
from services.desk import Desk

log = logging.getLogger(__name__)

ROOT: Final = Path(__file__).parents[1]
TABLES: Final = ("roster", "assignments", "submissions", "series", "duties")
ADDRESS: Final = re.compile(r"https?://127\.0\.0\.1:\d+")
SOON: Final = 15.0
# A week may have to pass while someone looks on.
PACE: Final = 25.0
USUAL_PORT: Final = 8790
# They hand something in, so that TAs find something to grade.
HANDING_IN: Final = ("chen", "student005", "student008", "student010")
# Singapore, London and New York: it is day for one of them at any hour.
FAR_APART: Final = ("chen@example.org", "bo@example.org", "ada@example.org")
SANDBOX: Final = (sys.executable, "-m", "sandbox")

Say = Callable[[str], object]


class Workspace:
    """A sandbox that runs as another process, and people who act in it."""

    def __init__(self, process: subprocess.Popen[str], url: str, environment: Mapping[str, str]) -> None:
        self.process = process
        self.url = url
        self.environment = environment
        self._listening = Thread(target=_drain, args=(process,), daemon=True)
        self._listening.start()

    def end(self) -> None:
        """End the process; nothing in the workspace outlives it."""
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._listening.join()

    def act(self, *words: str) -> str:
        """Let a person act as one does by hand, and return what they see."""
        done = subprocess.run(  # noqa: S603 - our own command, with our own words
            [*SANDBOX, *words, "--url", self.url], cwd=ROOT, capture_output=True, text=True, check=False
        )
        return (done.stdout + done.stderr).strip()

    def read_until(self, words: str, *read: str) -> str:
        """Read as a person until something stands there; return the last that was read."""
        until, seen = ticks() + SOON, ""
        while words not in seen and ticks() < until:
            seen = self.act("read", *read)
        return seen


def run(folder: Path, port: int, say: Say) -> int:
    """Make what is needed, show one request and one decision, and stay up until Ctrl-C; return the exit code."""
    start_logging("WARNING", "text")
    with living(folder, port, say) as bot:
        return running.stay(bot)


@contextmanager
def living(folder: Path, port: int, say: Say) -> Iterator[running.Bot]:
    """Make an example programme where there is none from today, and run a bot in it that has shown what it does."""
    _make_programme(folder, say)
    with _served(folder, port) as workspace:
        settings = _settings(folder, workspace)
        parts = assemble(settings, load_policy(settings.config), clock_for(settings), PACE)
        _fill(parts.desk, folder, say)
        if parts.demonstration is not None:
            parts.demonstration.others = Cast(folder / "to_come.csv", parts.desk).live
        bot = running.Bot(parts)
        bot.start()
        say(f"The bot runs in a workspace of its own: open {workspace.url} in a browser.\n")
        _play(workspace, _someone_awake(parts.desk), say)
        say(_how_to_go_on(workspace.url))
        yield bot


def forget(folder: Path) -> None:
    """Remove an example programme, so that it is made anew; leaves alone what does not look like one."""
    if folder.exists() and not (folder / "workspace.toml").exists():
        raise one(f"{folder} is not an example programme.", "Name another folder, or remove it yourself.")
    shutil.rmtree(folder, ignore_errors=True)


def _make_programme(folder: Path, say: Say) -> None:
    """Write the files of the example unless they are there from today: it is placed around the present day."""
    marker = folder / "workspace.toml"
    if marker.exists() and _written_today(marker):
        return
    say(f"Making an example programme in {folder}/: 104 students, 9 TAs, an organizer, ten weeks.")
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "examples.programme", "--seed", "1", "--out", str(folder.absolute())],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise one("The example programme could not be made.", done.stderr.strip().splitlines()[-1])


def _written_today(file: Path) -> bool:
    written_on = datetime.fromtimestamp(file.stat().st_mtime).astimezone().date()
    return written_on == real_now().astimezone().date()


@contextmanager
def _served(folder: Path, port: int) -> Iterator[Workspace]:
    """Run a sandbox at the port, or at a free one where that is taken."""
    workspace = _serve(folder, port) or _serve(folder, 0)
    if workspace is None:
        raise one("The sandbox did not start.", "`python -m sandbox serve` says why.")
    try:
        yield workspace
    finally:
        workspace.end()


def _serve(folder: Path, port: int) -> Workspace | None:
    """Start a sandbox and read from its first lines where it is and what the bot needs."""
    process = subprocess.Popen(  # noqa: S603 - our own command
        [
            *SANDBOX,
            "serve",
            "--people",
            str(folder.absolute() / "workspace.toml"),
            "--manifest",
            str(ROOT / "app.yaml"),
            "--tour",
            str(ROOT / "examples" / "tour.json"),
            "--port",
            str(port),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    url, environment = "", {}
    for line in process.stdout or ():
        address = ADDRESS.search(line)
        url = url or (address.group() if address else "")
        name, _, value = line.strip().partition("=")
        if value:
            environment[name] = value
        if len(environment) == 3:
            return Workspace(process, url, environment)
    process.communicate()
    return None


def _drain(process: subprocess.Popen[str]) -> None:
    """Read on to the end, so that the sandbox never waits for someone to listen."""
    if process.stdout is None:
        return
    with process.stdout:
        for line in process.stdout:
            log.info("%s", line.rstrip())


def _settings(folder: Path, workspace: Workspace) -> Settings:
    places = {"COHORT_CONFIG": str(folder / "cohort.toml"), "COHORT_DB": str(folder / "cohort.db")}
    for old in folder.glob("cohort.db*"):
        old.unlink()
    return load_for_slack({**workspace.environment, **places, "LOG_LEVEL": "WARNING"}, folder / "no.env")


def _fill(desk: Desk, folder: Path, say: Say) -> None:
    """Import the example's tables, and link everyone's account."""
    for what in TABLES:
        *_, last = tables.read(what, folder / f"{what}.csv", desk, _no_bar)
        say(f"Imported {what}: {last}")
    linked = accounts.link_all(desk, real_now()).linked
    say(f"Linked {len(linked)} Slack accounts by email.\n")


def _someone_awake(desk: Desk) -> Member:
    """Return one of those known by name for whom it is day now: at night a decision waits for the morning."""
    with desk.store.reading() as records:
        known = [records.roster.by_email(email) for email in FAR_APART]
    students = [student for student in known if student is not None]
    now, quiet = real_now(), desk.policy.nudges
    awake = (s for s in students if is_waking(now, s.tz, quiet.quiet_from, quiet.quiet_until))
    return next(awake, students[0])


def _play(workspace: Workspace, student: Member, say: Say) -> None:
    """Let Ada ask for what policy grants, and a student for what Tara decides, as they would by hand."""
    name, handle = student.called, student.email.partition("@")[0]
    _show(workspace, say, "Ada asks for two days more", "act", "ada", "/extension hw5 2d")
    for hand in HANDING_IN:
        workspace.act("act", hand, f"/submit hw5 https://example.org/{hand}/hw5")
    _show(workspace, say, f"{name} asks for six days more, which needs a TA", "act", handle, "/extension hw5 6d")
    say("Tara finds a card in #staff:")
    say(_indented(workspace.read_until(name, "tara", "--channel", "staff", "--limit", "1")))
    _show(workspace, say, "Tara approves", "press", "tara", "Approve")
    say(f"{name} is told:")
    say(_indented(workspace.read_until("gave you more time", handle, "--limit", "2")))


def _show(workspace: Workspace, say: Say, title: str, *words: str) -> None:
    say(f"{title}: python -m sandbox {' '.join(_quoted(word) for word in words)}")
    say(_indented(workspace.act(*words)))


def _how_to_go_on(url: str) -> str:
    option = "" if url.endswith(f":{USUAL_PORT}") else f" --url {url}"
    examples = (
        ('act bo "/extension hw5 friday"', "ask as Bo; /extension alone opens a form"),
        ('act bo "/office-hours book"', "book a TA: press a slot"),
        ("read tara --channel staff", "see what Tara sees"),
        ('press tara "Approve"', "press the newest button of that name"),
        ("read bo", "read Bo's messages"),
        ("people", "list who is there"),
    )
    width = max(len(words) for words, _ in examples)
    lines = [f"  .venv/bin/python -m sandbox {words:<{width}}{option}   # {why}" for words, why in examples]
    return "\n".join(["Go on by hand, in another terminal; Ctrl-C here ends it:", *lines, ""])


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word else word


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines()) + "\n"


@contextmanager
def _no_bar(_: int, __: str) -> Iterator["_NoBar"]:
    yield _NoBar()


class _NoBar:
    """A progress bar that nobody sees."""

    length = 0
    pos = 0

    def update(self, steps: int) -> None:
        """Move on."""
        self.pos += steps
