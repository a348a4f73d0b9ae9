"""The lease: one process at a time, and another within a minute."""

import socket
import subprocess
import sys
from datetime import datetime

import pytest

from bot.delivery import Delivery
from bot.keeping import Keeper
from bot.lease import LENGTH, RENEWED_EVERY, Lease, holder_name, is_dead
from services.desk import Desk
from tests.bot.conftest import Time, a_letter, delivery_for, queue, states
from tests.bot.slack_end import SlackEnd


def lease_of(desk: Desk, name: str, time: Time) -> Lease:
    return Lease(desk.store, name, lambda: time.now)


def keeper_of(delivery: Delivery, time: Time, woken: list[str] | None = None) -> Keeper:
    return Keeper(
        desk=delivery.desk,
        clock=ClockOf(time),
        lease=delivery.lease,
        delivery=delivery,
        is_connected=lambda: True,
        overdue=lambda: ["backup"],
        catch_up=lambda: (woken if woken is not None else []).append("woken"),
    )


class ClockOf:
    def __init__(self, time: Time) -> None:
        self._time = time

    def now(self) -> datetime:
        return self._time.now


def test_one_of_two_has_it_until_it_gives_it_back(desk: Desk, time: Time) -> None:
    this, that = lease_of(desk, "this", time), lease_of(desk, "that", time)
    assert (this.renew(), that.renew()) == (True, False)
    assert (this.holds(), that.holds()) == (True, False)
    this.give_back()
    assert (this.holds(), that.renew()) == (False, True)


def test_another_takes_over_within_a_minute_of_the_last_renewal(desk: Desk, time: Time) -> None:
    this, that = lease_of(desk, "this", time), lease_of(desk, "that", time)
    this.renew()
    waited = 0.0
    while not that.renew():
        time.forward(RENEWED_EVERY.total_seconds())
        waited += RENEWED_EVERY.total_seconds()
    assert waited <= 60
    assert not this.holds()


def test_a_process_that_slept_does_not_act_on_a_lease_that_ran_out(desk: Desk, time: Time) -> None:
    this = lease_of(desk, "this", time)
    this.renew()
    time.forward(LENGTH.total_seconds())
    with desk.store.transaction() as records:
        assert not this.confirm(records)
    assert this.renew()


def test_no_two_processes_have_one_name() -> None:
    assert holder_name() != holder_name()


def test_the_lease_of_a_process_that_died_on_this_machine_is_free_at_once(desk: Desk, time: Time) -> None:
    """Also where it died before its first heartbeat."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    dead = lease_of(desk, f"{socket.gethostname()}:{gone.pid}:0", time)
    assert dead.renew()
    heir = lease_of(desk, holder_name(), time)
    assert not heir.renew()
    assert heir.bury()
    assert heir.renew()


@pytest.mark.parametrize("holder", [f"{socket.gethostname()}:1:0", "another-machine:999999:0", "this"])
def test_who_may_still_live_is_not_taken_for_dead(desk: Desk, time: Time, holder: str) -> None:
    lease_of(desk, holder, time).renew()
    assert not lease_of(desk, holder_name(), time).bury()
    assert not is_dead(holder_name())


def test_gaining_the_lease_recovers_and_wakes_what_is_overdue_once(desk: Desk, slack: SlackEnd, time: Time) -> None:
    queue(desk, a_letter("member:mem_ada", "decided"))
    dead = lease_of(desk, "dead", time)
    dead.renew()
    assert delivery_for(desk, slack, time, dead).claim(time.now, 1)
    woken: list[str] = []
    heir = delivery_for(desk, slack, time, lease_of(desk, "heir", time))
    keeper = keeper_of(heir, time, woken)
    assert not keeper.turn()
    assert states(desk) == {"sending": 1}
    time.forward(31)
    assert keeper.turn()
    assert keeper.turn()
    assert woken == ["woken"]
    assert heir.step(time.now)
    assert slack.texts() == ["decided"]


def test_staff_are_told_what_was_made_up_for_after_more_than_an_hour(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time
) -> None:
    keeper = keeper_of(delivery, time)
    keeper.turn()
    queue(desk, a_letter("member:mem_ada", "decided"))
    time.forward(2 * 3600)
    assert keeper.turn()
    assert delivery.step(time.now)
    assert delivery.step(time.now)
    (told,) = slack.texts("C0STAFF")
    assert "Mon 5 Oct 13:00 BST" in told
    assert "Mon 5 Oct 15:00 BST" in told
    assert "backup" in told
    assert "had waited and go out now: 1" in told


def test_a_short_absence_is_not_spoken_of(delivery: Delivery, desk: Desk, time: Time) -> None:
    keeper = keeper_of(delivery, time)
    keeper.turn()
    time.forward(3500)
    assert keeper.turn()
    assert states(desk) == {}


def test_heartbeat_says_whether_slack_is_connected(delivery: Delivery, desk: Desk, time: Time) -> None:
    keeper_of(delivery, time).turn()
    with desk.store.reading() as records:
        beat = records.jobs.heartbeat()
    assert beat is not None
    assert (beat.beat_at, beat.is_connected, beat.holder) == (time.now, True, "this")
