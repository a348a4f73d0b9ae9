"""A term lived through again: what is known when, what is sent, and that nothing real is touched."""

import hashlib
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohort.errors import StoreUnusable
from cohort.extensions import Extension, Origin, State
from cohort.levels import Level
from cohort.nudges import Offer, OfferState
from cohort.policy import ExtensionPolicy, NudgePolicy
from cohort.replay import Leavers, Sent
from cohort.roster import Member, Role, Status
from cohort.submissions import Submission
from scheduler.jobs import jobs
from scheduler.replay import NOT_REPLAYED, Replay, at_every_time, replayed
from services.replay import Stage, staged
from services.replay_report import Report, Start, report
from storage.arrivals import FED, FORGOTTEN, KEPT
from storage.database import Database
from storage.migrations import migrations
from storage.outbox import Letter
from storage.programme import Identity
from storage.replay import copy_for_replay
from tests.services.nudge_world import ADA, BO, ORLA, TARA, NobodyElse, homework, person, policy
from tests.services.replay_world import DAY, HOUR, START, Term, a_request, a_term, live, replay

UNREACHED = replace(ADA, slack_id=None)
HW1 = homework("hw1", START + DAY + 18 * HOUR, estimated_hours=1.0)
END = START + 5 * DAY


def one(student: Member = UNREACHED) -> Term:
    """Return a term of one student and one piece of work, due on Tuesday evening."""
    return Term([student], [HW1])


def kinds(sent: list[Sent]) -> list[str]:
    return [each.what for each in sent if each.is_unasked]


def missed_of(database: Path, until: datetime = END) -> list[datetime]:
    return [each.at for each in replay(database, until) if each.what == "missed"]


def rows_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as opened:
        tables = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {table: opened.execute(f"SELECT * FROM {table}").fetchall() for (table,) in tables}  # noqa: S608 - names from the schema


# ---- the original


def test_the_original_is_not_touched(tmp_path: Path) -> None:
    path = a_term(3).write(tmp_path / "cohort.db")
    before, rows = hashlib.sha256(path.read_bytes()).hexdigest(), rows_of(path)
    assert replay(path, START + 4 * DAY)
    assert (hashlib.sha256(path.read_bytes()).hexdigest(), rows_of(path)) == (before, rows)


def test_a_term_can_be_replayed_while_the_bot_runs(tmp_path: Path) -> None:
    path = one().write(tmp_path / "cohort.db")
    store = Database(path)
    with store.transaction() as records:
        records.audit.add(None, "still in the log file", "x", START)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.suffix != ".db-shm"}
    assert replay(path, END)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.suffix != ".db-shm"} == before
    store.close()


def test_nothing_of_the_copy_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = one().write(tmp_path / "cohort.db")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    replay(path, START + HOUR)
    assert list(scratch.iterdir()) == []


def test_a_database_of_another_programme_or_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="no database"):
        replay(tmp_path / "none.db", END)
    path = one().write(tmp_path / "cohort.db")
    store = Database(path)
    with store.transaction() as records:
        records.programme.save(Identity("Another programme"))
    store.close()
    with pytest.raises(StoreUnusable, match="another programme"):
        replay(path, END)


def test_the_copy_holds_no_words_of_students(tmp_path: Path) -> None:
    term = one()
    request = replace(a_request("x", ADA, HW1, START + HOUR, Random(2)), note="my own words")
    term.requests, term.booked = [request], [(ADA.id, START)]
    copy = copy_for_replay(term.write(tmp_path / "cohort.db"), tmp_path, Identity("Test"))
    with copy.reading() as records:
        assert [each.note for each in records.requests.of(ADA.id)] == [""]
        assert [each.topic + each.link for each in records.bookings.of_student(ADA.id)] == [""]
    copy.close()


def test_it_is_said_of_every_table_when_it_is_known(tmp_path: Path) -> None:
    store = Database(tmp_path / "cohort.db")
    migrations.apply(store.tables())
    tables = {name for name in store.tables().table_names() if not name.startswith(("_", "sqlite_"))}
    store.close()
    assert tables == FED | FORGOTTEN | KEPT


# ---- what the bot did in the real term


def test_what_the_bot_did_before_is_not_known(tmp_path: Path) -> None:
    path = one().write(tmp_path / "cohort.db")
    store = Database(path)
    sent_at = HW1.due_at
    assert sent_at is not None
    with store.transaction() as records:
        records.nudges.add("ndg_real", ADA.id, "missed", sent_at)
        records.nudges.add_items("ndg_real", ADA.id, "missed", [HW1.id])
        records.nudges.add_offer(Offer("off", ADA.id, HW1.id, "ndg_real", 2, OfferState.TAKEN, sent_at + 3 * DAY))
        records.extensions.add(
            Extension("ext", ADA.id, HW1.id, sent_at + 3 * DAY, 3 * DAY, Origin.OFFER, sent_at + HOUR)
        )
        records.outbox.add(
            Letter("extensions.granted", f"member:{ADA.id}", {"extension": "ext"}, "x", sent_at, sent_at)
        )
        records.jobs.start("nudge-missed", sent_at + timedelta(minutes=15), sent_at)
    store.close()
    assert kinds(replay(path, END)) == kinds(replay(one().write(tmp_path / "fresh.db"), END))


def test_offers_are_made_and_never_taken(tmp_path: Path) -> None:
    path = one().write(tmp_path / "cohort.db")
    with staged(path, policy(), NobodyElse(), START, END) as stage:
        Replay(stage, replayed(jobs(policy())), START).run_until(END)
        with stage.store.reading() as records:
            [offer] = records.nudges.offers_of(ADA.id)
            assert records.extensions.of(ADA.id) == []
    assert (offer.assignment_id, offer.state) == (HW1.id, OfferState.LAPSED)


def test_jobs_of_the_machine_have_no_part_in_it(tmp_path: Path) -> None:
    table = jobs(policy())
    assert {job.id for job in table} >= NOT_REPLAYED
    assert [job.id for job in replayed(table)] == [job.id for job in table if job.id not in NOT_REPLAYED]
    path = one().write(tmp_path / "cohort.db")
    replay(path, START + 2 * DAY)
    assert not (tmp_path / "backups").exists()


# ---- what is known when


def test_those_without_an_account_are_reached(tmp_path: Path) -> None:
    assert kinds(replay(one().write(tmp_path / "cohort.db"), END)) == ["due_soon", "missed"]


def before_due(term: Term) -> None:
    term.submissions = [Submission("sub", HW1.id, ADA.id, 1, START + HOUR)]


def excused(term: Term) -> None:
    term.excuses = [(ADA.id, HW1.id, START + HOUR)]


def claimed(term: Term) -> None:
    term.claims = [(ADA.id, HW1.id, START + HOUR)]


def extended(term: Term) -> None:
    term.extensions = [Extension("ext", ADA.id, HW1.id, START + 4 * DAY, DAY, Origin.TA, START + HOUR)]


def asked(term: Term) -> None:
    request = a_request("x", ADA, HW1, START + HOUR, Random(2))
    term.requests = [replace(request, state=State.PENDING, decided_at=None, decided_by=None, told_at=None)]


def left(term: Term) -> None:
    term.members = [replace(UNREACHED, status=Status.WITHDRAWN, left_at=START + HOUR)]
    term.statuses = [(ADA.id, Status.WITHDRAWN, START + HOUR)]


def graduated(term: Term) -> None:
    term.members = [replace(UNREACHED, status=Status.GRADUATED, left_at=START + HOUR)]
    term.statuses = [(ADA.id, Status.GRADUATED, START + HOUR)]


def paused(term: Term) -> None:
    term.statuses = [(ADA.id, Status.PAUSED, START + HOUR), (ADA.id, Status.ACTIVE, END)]


FACTS = [before_due, excused, claimed, extended, asked, left, graduated, paused]


@pytest.mark.parametrize("fact", FACTS)
def test_what_was_known_in_time_spares_a_student(tmp_path: Path, fact: Callable[[Term], None]) -> None:
    term = one()
    fact(term)
    assert missed_of(term.write(tmp_path / "cohort.db"), START + 3 * DAY) == []


@pytest.mark.parametrize("fact", FACTS)
def test_the_same_learnt_later_does_not(tmp_path: Path, fact: Callable[[Term], None]) -> None:
    term = one()
    fact(term)
    plain = missed_of(one().write(tmp_path / "plain.db"))
    assert len(plain) == 1
    late = _moved(term, plain[0] + HOUR - START)
    assert missed_of(late.write(tmp_path / "late.db")) == plain


def _moved(term: Term, by: timedelta) -> Term:
    """Return a term in which everything but the work happened later."""

    def later(at: datetime | None) -> datetime | None:
        return None if at is None else at + by

    return Term(
        [replace(m, left_at=later(m.left_at)) for m in term.members],
        term.assignments,
        [replace(s, submitted_at=s.submitted_at + by) for s in term.submissions],
        [replace(e, granted_at=e.granted_at + by) for e in term.extensions],
        [replace(r, asked_at=r.asked_at + by, review_by_at=r.review_by_at + by) for r in term.requests],
        [(student, work, at + by) for student, work, at in term.excuses],
        [(student, work, at + by) for student, work, at in term.claims],
        [(student, status, at + by) for student, status, at in term.statuses],
    )


def test_a_request_is_open_until_it_was_decided_and_told(tmp_path: Path) -> None:
    term = one()
    asked(term)
    decided_at = START + 2 * DAY + 12 * HOUR
    term.requests = [
        replace(
            term.requests[0], state=State.DECLINED, decided_at=decided_at, decided_by=TARA.id, told_at=decided_at + HOUR
        )
    ]
    [at] = missed_of(term.write(tmp_path / "cohort.db"))
    assert decided_at + HOUR <= at <= decided_at + 2 * HOUR


def test_who_joins_is_there_from_then_on(tmp_path: Path) -> None:
    path = one(replace(UNREACHED, joined_at=START + 2 * DAY)).write(tmp_path / "cohort.db")
    with staged(path, policy(), NobodyElse(), START, END) as stage:
        assert stage.active(START) == 0
        with stage.store.reading() as records:
            assert records.roster.with_role(Role.STUDENT) == []
        stage.go_to(START + 2 * DAY)
        assert stage.active(START + 2 * DAY) == 1


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), days=st.integers(5, 12))
def test_what_comes_later_changes_nothing_before(tmp_path: Path, seed: int, days: int) -> None:
    cut = START + days * DAY
    with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
        term = a_term(seed)
        real = live(term.write(Path(folder) / "real.db"), cut)
        shuffled = live(_shuffled(term, cut, Random(seed)).write(Path(folder) / "shuffled.db"), cut)
    assert real.sent
    assert shuffled == real


def _shuffled(term: Term, cut: datetime, random: Random) -> Term:
    """Return a term in which everything after an instant happened otherwise, or to others, or not at all."""

    def later() -> datetime:
        return cut + timedelta(minutes=random.randrange(1, 20_000))

    def other(at: datetime | None) -> datetime | None:
        return at if at is None or at <= cut else later()

    def is_known(at: datetime) -> bool:
        return at <= cut or random.random() < 0.7

    statuses = [(who, status, at) for who, status, at in term.statuses if at <= cut]
    members = [
        replace(m, joined_at=other(m.joined_at)) for m in term.members if m.joined_at is None or is_known(m.joined_at)
    ]
    members = [replace(m, status=Status.ACTIVE, left_at=None) if m.left_at and m.left_at > cut else m for m in members]
    for place, member in enumerate(members):
        if member.left_at is None and random.random() < 0.5:
            gone_at = later()
            members[place] = replace(member, status=Status.EXPELLED, left_at=gone_at)
            statuses.append((member.id, Status.EXPELLED, gone_at))
    here = {member.id for member in members}
    submissions = [
        replace(s, submitted_at=other(s.submitted_at) or cut, score=s.score if s.submitted_at <= cut else 1.0)
        for s in term.submissions
        if s.student_id in here and is_known(s.submitted_at)
    ]
    requests = [
        replace(r, state=State.APPROVED, decided_at=later(), decided_by=TARA.id, told_at=None)
        if r.decided_at is None or r.decided_at > cut
        else replace(r, told_at=other(r.told_at))
        for r in term.requests
        if r.student_id in here and r.asked_at <= cut
    ]
    return Term(
        members,
        term.assignments,
        submissions,
        [e for e in term.extensions if e.student_id in here and is_known(e.granted_at)],
        requests,
        [e for e in term.excuses if e[0] in here and is_known(e[2])],
        [c for c in term.claims if c[0] in here and is_known(c[2])],
        [s for s in statuses if s[0] in here],
        [b for b in term.booked if b[0] in here and is_known(b[1])],
    )


# ---- looking only where something can change


# Within fifteen days the clocks of Europe change; those of New York did the week before.
@pytest.mark.parametrize(("seed", "days"), [(1, 15), (7, 8)])
def test_looking_only_at_telling_instants_finds_what_every_run_finds(tmp_path: Path, seed: int, days: int) -> None:
    path = a_term(seed, students=6, days=days + 1).write(tmp_path / "cohort.db")
    until = START + days * DAY
    looked = live(path, until)
    assert len({each.kind for each in looked.sent}) > 3
    assert looked.levels
    assert looked.cases
    assert looked == live(path, until, following=at_every_time)


def test_another_policy_finds_the_same_both_ways(tmp_path: Path) -> None:
    nudges = NudgePolicy(quiet_from=time(1, 15), quiet_until=time(9, 40), a_day=2, stop_after=9, offer_lapses_hours=5)
    chosen = policy(nudges=nudges, extensions=ExtensionPolicy(grace_days=0, offer_days=5))
    path = a_term(11, students=5, days=9).write(tmp_path / "cohort.db")
    until = START + 9 * DAY
    assert live(path, until, chosen) == live(path, until, chosen, following=at_every_time)


# ---- what is counted


def reported(path: Path, until: datetime) -> tuple[Report, Stage]:
    with staged(path, policy(), NobodyElse(), START, until) as stage:
        going = Replay(stage, replayed(jobs(policy())), START)
        starts = []
        for week in range((until - START) // (7 * DAY)):
            at = START + 7 * week * DAY
            going.run_until(at - timedelta(milliseconds=1))
            stage.go_to(at)
            starts.append(Start(at, stage.active(at)))
        going.run_until(until)
        return report(stage, starts, until), stage


def test_weeks_count_who_took_part_what_was_sent_and_who_left(tmp_path: Path) -> None:
    gone_at = START + 9 * DAY
    bo = replace(BO, status=Status.WITHDRAWN, left_at=gone_at)
    quiet = replace(person("Quiet"), status=Status.WITHDRAWN, left_at=START + HOUR)
    finished = replace(person("Done"), status=Status.GRADUATED, left_at=gone_at)
    term = Term([UNREACHED, bo, quiet, finished], [HW1])
    term.submissions = [Submission("sub", HW1.id, finished.id, 1, START)]
    found, _ = reported(term.write(tmp_path / "cohort.db"), START + 14 * DAY)
    assert [week.start.active for week in found.weeks] == [4, 3]
    assert found.weeks[0].nudges == {"due_soon": 2, "missed": 2}
    assert +found.weeks[0].offers == {"missed": 2}
    assert found.kinds == ["due_soon", "missed"]
    assert found.leavers.count == 2
    assert found.leavers.without == 1
    first_on = 0 if HW1.due_at is None else (HW1.due_at - DAY - START) // DAY
    assert found.leavers == Leavers(2, 1, (9.0 - first_on, 9.0 - first_on, 9.0 - first_on))


def test_levels_offers_and_follow_ups_are_counted_and_how_long_before_leaving(tmp_path: Path) -> None:
    works = [homework(f"hw{n}", START + (3 * n + 1) * DAY) for n in range(5)]
    others = [person(f"Student {number:03}", slack_id=None) for number in range(8)]
    gone = replace(UNREACHED, status=Status.WITHDRAWN, left_at=START + 20 * DAY)
    term = Term([gone, *others], works)
    term.statuses = [(ADA.id, Status.WITHDRAWN, START + 20 * DAY)]
    term.submissions = [
        Submission(f"sub_{student.id}_{work.id}", work.id, student.id, 1, (work.due_at or START) - HOUR, 80)
        for student in others
        for work in works
    ]
    found, _ = reported(term.write(tmp_path / "cohort.db"), START + 21 * DAY)
    high = [week.levels[Level.AT_RISK] + week.levels[Level.CRITICAL] for week in found.weeks]
    assert (high[1], high[2], sum(week.follow_ups for week in found.weeks)) == (1, 0, 1)
    assert (found.offered.count, found.offered.without, found.followed.without) == (1, 0, 0)
    assert found.offered.days is not None
    assert found.followed.days is not None
    assert 0 < found.followed.days[1] <= found.offered.days[1] < 20
    assert found.finishers.count == 8
    assert found.finishers.most <= 3


def test_no_limit_is_ever_broken(tmp_path: Path) -> None:
    found, stage = reported(a_term(5, students=12).write(tmp_path / "cohort.db"), START + 21 * DAY)
    assert sum(map(len, ([*week.over.elements()] for week in found.weeks))) == 0
    assert sum(week.to_staff for week in found.weeks) == sum(
        f"member:{ORLA.id}" == each.recipient
        or each.recipient.startswith("channel")
        or f"member:{TARA.id}" == each.recipient
        for each in stage.sent
    )
