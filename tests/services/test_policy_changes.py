"""When the rules change, everyone reads what held and what holds; a slip that is taken back is never read."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cohort.assignments import Kind
from cohort.policy import ExtensionPolicy, GradingPolicy, Policy, WorkloadPolicy
from handlers.views.messages import render
from services.letters import Obsolete
from services.messages import Ready
from services.policy_changes import PolicyChange, note_policy
from tests.services.nudge_world import NOW, World, new_world, policy

LATER = timedelta(minutes=10)
HOUR = timedelta(hours=1)
STRICT = policy(grading=GradingPolicy(drops_allowed=1))


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = new_world(tmp_path)
    assert not note_policy(NOW - HOUR, made.desk)
    return made


def restarted(world: World, chosen: Policy) -> World:
    """Return the world of a bot that was started with another policy."""
    return World(replace(world.desk, policy=chosen))


def announced(world: World, at: Any) -> list[object]:
    return [sent.content if isinstance(sent, Ready) else sent for _, sent in world.deliver(at)]


def test_a_start_with_the_same_rules_says_nothing(world: World) -> None:
    assert not note_policy(NOW, world.desk)
    assert announced(world, NOW + LATER) == []


def test_a_change_is_announced_once_it_has_settled(world: World) -> None:
    changed = restarted(world, STRICT)
    assert note_policy(NOW, changed.desk)
    assert announced(changed, NOW + LATER - timedelta(seconds=1)) == []
    [change] = announced(changed, NOW + LATER)
    assert isinstance(change, PolicyChange)
    assert (change.old.grading, change.new.grading, change.since_at) == (GradingPolicy(), STRICT.grading, NOW)
    shown = render(change, STRICT.programme.tz).blocks[0]["text"]["text"]
    assert "Until now:\n• You can leave out 2 assignments" in shown
    assert "From now on:\n• You can leave out one assignment" in shown
    assert "graded within" not in shown


def test_a_slip_that_is_taken_back_is_never_read(world: World) -> None:
    note_policy(NOW, restarted(world, STRICT).desk)
    assert note_policy(NOW + timedelta(minutes=1), world.desk)
    assert announced(world, NOW + HOUR) == [Obsolete("changed again"), Obsolete("as it was")]


def test_a_second_change_is_compared_with_what_was_announced_last(world: World) -> None:
    note_policy(NOW, restarted(world, policy(grading=GradingPolicy(drops_allowed=5))).desk)
    changed = restarted(world, STRICT)
    note_policy(NOW + timedelta(minutes=1), changed.desk)
    _, change = announced(changed, NOW + HOUR)
    assert isinstance(change, PolicyChange)
    assert (change.old.grading.drops_allowed, change.new.grading.drops_allowed) == (2, 1)


@pytest.mark.parametrize(
    "chosen",
    [
        pytest.param(policy(workload=WorkloadPolicy(things_in_two_days=9)), id="a number for staff"),
        pytest.param(
            policy().model_copy(
                update={"programme": policy().programme.model_copy(update={"organizers": ("x@example.org",)})}
            ),
            id="another organizer",
        ),
    ],
)
def test_what_changes_nothing_for_students_is_not_announced(world: World, chosen: Policy) -> None:
    assert not note_policy(NOW, restarted(world, chosen).desk)


def test_the_order_of_a_set_is_no_change(world: World) -> None:
    held = {Kind.EXAM, Kind.PROJECT, Kind.WRITTEN, Kind.PROGRAMMING}
    first = restarted(world, policy(grading=GradingPolicy(held=frozenset(held))))
    note_policy(NOW, first.desk)
    with world.desk.store.transaction() as records:
        records.connection.execute(
            "UPDATE policies SET rules = json_set(rules, '$.grading.held', json(?)) WHERE since_at = "
            "(SELECT max(since_at) FROM policies)",
            ('["written", "programming", "project", "exam"]',),
        )
    assert not note_policy(NOW + HOUR, first.desk)


def test_rules_of_another_version_are_replaced_without_a_word(world: World) -> None:
    with world.desk.store.transaction() as records:
        records.connection.execute("UPDATE policies SET rules = '{}'")
    extensions = ExtensionPolicy(auto_approve_days=9)
    assert not note_policy(NOW, restarted(world, policy(extensions=extensions)).desk)
    assert note_policy(NOW + HOUR, world.desk)
