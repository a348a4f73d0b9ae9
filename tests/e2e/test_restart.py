"""Killed, stopped and started again: what was decided is told, what was begun is not repeated, and staff hear of it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import real_now
from cohort.assignments import Assignment, Kind
from cohort.roster import Member, Role
from cohort.submissions import Submission
from sandbox.client import Person
from sandbox.server import Sandbox
from storage.opening import migrate
from storage.records import Records
from tests.bot.test_processes import World, sandbox, until

__all__ = ["sandbox"]

# Long enough that no call ends before the process that makes it is killed.
LONG = 40.0
ELSEWHERE = "another-machine:1:0"
OURS = "delivery and jobs are ours"
POLICY = """
[programme]
name = "Restarted Cohort"
zone = "UTC"
starts_on = {starts:%Y-%m-%d}
ends_on = {ends:%Y-%m-%d}
staff_channel = "staff"
announcement_channel = "announcements"
organizers = ["orla@example.org"]
[nudges]
quiet_from = {quiet_from:%H:%M}:00
quiet_until = {quiet_until:%H:%M}:00
plan_on = "{plan_on}"
plan_at = {now:%H:%M}:00
brake_hours = 0
"""


def awake_at(now: datetime) -> str:
    """Return a policy of a programme in its midst, with quiet hours half a day away and no plan today."""
    night = now + timedelta(hours=12)
    return POLICY.format(
        starts=now - timedelta(days=30),
        ends=now + timedelta(days=30),
        quiet_from=night,
        quiet_until=night + timedelta(minutes=5),
        plan_on=f"{now + timedelta(days=3):%A}".lower(),
        now=now,
    )


@contextmanager
def writing(world: World) -> Iterator[Records]:
    """Open the records beside the bot."""
    store = world.store()
    try:
        with store.transaction() as records:
            yield records
    finally:
        store.close()


def outbox(world: World, kind: str) -> list[str]:
    """Return the states of all letters of a kind."""
    with writing(world) as records:
        return [state for _, state in records.outbox.of_kind(kind)]


def give_lease_to(world: World, holder: str, until_at: datetime) -> None:
    """Let the lease be another's, until an instant of real time."""
    with writing(world) as records:
        records.connection.execute("UPDATE lease SET until_at = '2000-01-01T00:00:00.000+00:00'")
        assert records.lease.take(holder, real_now(), until_at)


def settled(world: World) -> bool:
    """Say whether everything that was to be sent is on record as sent."""
    return not {"queued", "sending"} & set(world.states())


def count(world: World, name: str, words: str) -> int:
    return sum(words in message for message in Person(world.sandbox.url, name).read())


@pytest.fixture
def world(tmp_path: Path, sandbox: Sandbox) -> World:
    """Ada and Bo, and Orla who leads; hw1 was due an hour ago, and Bo handed it in; hw2 is due in two days."""
    now = real_now()
    (tmp_path / "cohort.toml").write_text(awake_at(now))
    migrate(tmp_path / "cohort.db")
    world = World(tmp_path, sandbox)
    ids = {person["name"]: person["id"] for person in world.admin.people()}
    closes_at, work = now + timedelta(days=36), {"hw1": timedelta(hours=-1), "hw2": timedelta(days=2)}
    with writing(world) as records:
        for name, role in (("ada", Role.STUDENT), ("bo", Role.STUDENT), ("orla", Role.ORGANIZER)):
            email = f"{name}@example.org"
            records.roster.save(Member(f"mem_{name}", email, name.title(), role, "UTC", slack_id=ids[name]))
        for slug, ahead in work.items():
            title = f"Problem set {slug[-1]}"
            records.assignments.save(Assignment(f"asg_{slug}", slug, title, Kind.WRITTEN, closes_at, now + ahead))
        records.submissions.save_many([Submission("sub_bo", "asg_hw1", "mem_bo", 1, now - timedelta(hours=2))])
    return world


def test_killed_between_a_decision_and_its_delivery_the_students_are_told(world: World) -> None:
    """Another holds the lease, so that what this process decides is still in the outbox when it dies."""
    give_lease_to(world, ELSEWHERE, real_now() + timedelta(hours=1))
    ada, orla = Person(world.sandbox.url, "ada"), Person(world.sandbox.url, "orla")
    with world.running() as process:
        world.admin.wait_connected()
        assert "is now due" in ada.command("/extension hw2 2d").shown
        assert "Bo has until" in orla.command("/extension grant @bo hw2 5d").shown
        process.kill()
        process.wait()
    told = "more time for *Problem set 2*"
    assert (count(world, "ada", told), count(world, "bo", told)) == (0, 0)
    with writing(world) as records:
        records.lease.release(ELSEWHERE)
    with world.running():
        until(lambda: count(world, "ada", told) == count(world, "bo", told) == 1, world)


def test_a_nudge_on_its_way_at_the_kill_is_neither_sent_nor_made_again(world: World) -> None:
    world.admin.fault("chat.postMessage", "latency", seconds=LONG)
    with world.running() as process:
        until(lambda: outbox(world, "nudges.missed") == ["sending"], world)
        process.kill()
        process.wait()
    world.admin.clear_faults()
    with writing(world) as records:
        records.connection.execute("DELETE FROM job_runs")
    with world.running():
        world.wait_linked()
        until(lambda: swept_again(world), world)
        world.queue("the next letter", "ada")
        until(lambda: count(world, "ada", "the next letter") == 1, world)
    assert outbox(world, "nudges.missed") == ["unknown"]
    assert count(world, "ada", "reached me yet") <= 1


def swept_again(world: World) -> bool:
    """Say whether the job that looks for missed work has come to its end."""
    with writing(world) as records:
        sql = "SELECT count(*) FROM job_runs WHERE job = 'nudge-missed' AND finished_at IS NOT NULL"
        return bool(records.connection.execute(sql).fetchone()[0])


def test_stopped_in_the_midst_of_an_answer_it_is_given_first(world: World) -> None:
    ada = Person(world.sandbox.url, "ada")
    with world.running() as process:
        world.admin.wait_connected()
        world.admin.fault("views.open", "latency", seconds=1.0)
        ada.command("/extension", patience=0)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert ada.wait_for_view("Which assignment?")


def test_staff_are_told_of_a_downtime_over_an_hour_and_what_had_waited_goes_out(world: World) -> None:
    stopped_at = real_now() - timedelta(hours=2)
    with writing(world) as records:
        records.jobs.beat(stopped_at, ELSEWHERE, is_connected=True)
    world.queue("decided before", "bo")
    with world.running():
        note = Person(world.sandbox.url, "orla").wait_for("I was not running from", timeout=15, after=0)
        until(lambda: count(world, "bo", "decided before") == 1 and settled(world), world)
    assert note.channel_name == "staff"
    assert "nudge-missed" in note
    assert "go out now: 1" in note
    with world.running():
        until(lambda: world.log().count(OURS) == 2, world)
        world.queue("later", "bo")
        until(lambda: count(world, "bo", "later") == 1, world)
    assert count(world, "orla", "I was not running from") == 1
