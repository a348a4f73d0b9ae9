"""A real cohort: AAA 2013J of the Open University dataset, on 1 December 2013, in the running program."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clock import SetClock, ticks
from bot.policy import load_policy
from bot.settings import load_for_slack
from examples.oulad import oulad_programme
from examples.writing import write_programme
from sandbox.server import running
from services import accounts
from services.desk import Desk
from services.imports import IMPORTS
from tests.e2e.conftest import ROOT, Programme, a_running_bot

OULAD = ROOT.parent / "shared" / "data" / "oulad"
LONDON = ZoneInfo("Europe/London")
START = date(2013, 10, 1)
THE_NIGHT_BEFORE = datetime(2013, 11, 30, 23, tzinfo=UTC)
THE_DAY = datetime(2013, 12, 1, 9, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not OULAD.exists(), reason="the OULAD data is not beside this checkout")


def rows(table: str) -> Iterator[dict[str, str]]:
    with gzip.open(OULAD / f"{table}.csv.gz", "rt", newline="") as file:
        for row in csv.DictReader(file):
            if row.get("code_module", "AAA") == "AAA" and row.get("code_presentation", "2013J") == "2013J":
                yield row


def at(day: str, hour: time = time(0)) -> datetime:
    return datetime.combine(START + timedelta(days=int(day)), hour, LONDON).astimezone(UTC)


def owed(now: datetime) -> dict[str, set[str]]:
    """Count from the files who owes what: assessment ids by student id, for those who take part."""
    due = {
        row["id_assessment"]: at(row["date"], time(23, 59))
        for row in rows("assessments")
        if row["date"] and float(row["weight"]) > 0
    }
    handed_in = defaultdict(set)
    for row in rows("studentAssessment"):
        if at(row["date_submitted"], time(12)) <= now:
            handed_in[row["id_student"]].add(row["id_assessment"])
    found = {}
    for row in rows("studentRegistration"):
        joined = at(row["date_registration"])
        left = at(row["date_unregistration"]) if row["date_unregistration"] else None
        if joined > now or (left is not None and left <= now):
            continue
        late = {work for work, instant in due.items() if joined <= instant < now}
        missing = late - handed_in[row["id_student"]]
        if missing:
            found[row["id_student"]] = missing
    return found


@pytest.fixture
def programme(tmp_path: Path) -> Iterator[Programme]:
    write_programme(oulad_programme(OULAD, "AAA", "2013J"), tmp_path)
    clock = SetClock(THE_NIGHT_BEFORE)

    def fill(desk: Desk) -> None:
        for table in ("roster", "assignments", "submissions"):
            assert IMPORTS[table]((tmp_path / f"{table}.csv").read_bytes(), clock.now(), desk).problems == ()
        accounts.link_all(desk, clock.now())

    with running(tmp_path / "workspace.toml", ROOT / "app.yaml") as sandbox:
        settings = load_for_slack({**sandbox.environment, "COHORT_DB": str(tmp_path / "aaa.db")}, tmp_path / ".env")
        with a_running_bot(settings, load_policy(tmp_path / "cohort.toml"), clock, fill) as bot:
            yield Programme(sandbox, bot, clock, bot.parts.desk)


def nudged(programme: Programme) -> dict[str, set[str]]:
    """Return what the bot wrote to whom: titles' assessment ids by student id."""
    found = defaultdict(set)
    with programme.desk.store.reading() as records:
        ids = {a.id: a.title.split()[-1] for a in records.assignments.all()}
        students = {m.id: m.email.partition("@")[0].removeprefix("student") for m in records.roster.all()}
        for student_id, assignment_id in records.nudges.nudged("missed"):
            found[students[student_id]].add(ids[assignment_id])
    return dict(found)


def test_who_missed_work_is_written_to_and_nobody_else(programme: Programme) -> None:
    expected = owed(THE_DAY)
    assert len(expected) > 50
    lucky = min(student for student, missing in expected.items() if missing == {"1753"})
    student, tara = programme.person(f"student{lucky}"), programme.person("tara")
    assert nudged(programme) == {}

    said = student.command("/extension tma2 5d").shown
    assert "asked a TA" in said, said
    card = tara.wait_for("asks for more time")
    tara.press("Approve", in_=card.place)
    assert "Tara approved it" in tara.wait_for("approved it").shown.replace("*", "")
    programme.clock.set(THE_DAY)
    programme.bot.parts.runner.wake_overdue()
    del expected[lucky]
    until_nudged(programme, len(expected))
    assert nudged(programme) == expected
    assert student.wait_for("Tara gave you more time", timeout=20)
    # Not all in a row: so many messages take a quarter of a minute, by Slack's limits.
    other = programme.person(first_written_to(programme))
    note = next((m for m in other.read() if "reached me yet" in m.shown), None) or other.wait_for("reached me yet", 20)
    assert "Take 2 more days" in note.shown


def until_nudged(programme: Programme, count: int) -> None:
    """Wait until the job that was woken has written to so many; each look is a round trip through the sandbox."""
    until = ticks() + 20
    while len(nudged(programme)) < count and ticks() < until:
        programme.person("orla").read(limit=1)


def first_written_to(programme: Programme) -> str:
    """Wait until the first nudge was sent, and return to whom."""
    until = ticks() + 20
    while ticks() < until:
        with programme.desk.store.reading() as records:
            sent = [letter for letter, state in records.outbox.of_kind("nudges.missed") if state == "sent"]
            member = records.roster.get(sent[0].data["student"]) if sent else None
        if member is not None:
            return member.email.partition("@")[0]
        programme.person("orla").read(limit=1)
    raise AssertionError("nobody was written to")


def test_two_days_across_the_clock_change_keep_the_wall_time(programme: Programme) -> None:
    """The clocks of London go back on 27 October 2013: two days later is 49 hours later."""
    programme.clock.set(datetime(2013, 10, 20, 12, tzinfo=UTC))
    with programme.desk.store.transaction() as records:
        work = next(a for a in records.assignments.all() if a.slug == "tma2")
        records.connection.execute(
            "UPDATE assignments SET due_at = '2013-10-26T22:59:00.000+00:00' WHERE id = ?", (work.id,)
        )
        student = next(m for m in records.roster.all() if m.is_active(programme.clock.now()) and not m.is_staff)
    programme.person(student.email.partition("@")[0]).command("/extension tma2 2d")
    with programme.desk.store.reading() as records:
        [extension] = records.extensions.of(student.id)
    assert extension.until_at == datetime(2013, 10, 28, 23, 59, tzinfo=UTC)
