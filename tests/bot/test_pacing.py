"""Pacing: Slack's limits nearly reached and never passed, whatever was delayed on its way."""

from itertools import pairwise

import pytest

from bot.pacing import LANES_KEPT, Pacing

MINUTE = 60.0


def admitted(pacing: Pacing, seconds: float, step: float = 0.01) -> int:
    """Offer one message after another, each to someone else, and return how many may go."""
    count, at = 0, 1000.0
    while at < 1000.0 + seconds:
        while pacing.wait(at) <= 0 and pacing.admit(count, f"member:{count}", at) == 0.0:
            pacing.done(f"member:{count}")
            count += 1
        at += step
    return count


@pytest.mark.parametrize("scale", [1.0, 10.0])
def test_the_minute_is_as_short_as_its_scale_says(scale: float) -> None:
    most = admitted(Pacing(300, scale), MINUTE / scale, 0.01 / scale)
    assert 0.97 * 300 <= most <= 300


def test_channels_where_nothing_waits_are_forgotten() -> None:
    pacing = Pacing(600, 1000.0)
    at = 1000.0
    for number in range(5 * LANES_KEPT):
        at += 1.0
        assert pacing.admit(number, f"member:{number}", at) == 0.0
        pacing.done(f"member:{number}")
    assert pacing.remembered <= LANES_KEPT


def test_channels_where_something_waits_are_kept() -> None:
    pacing = Pacing(600)
    assert pacing.admit(1, "member:ada", 1000.0) == 0.0
    for number in range(2 * LANES_KEPT):
        assert pacing.admit(number + 10, f"post:C0STAFF:{number}", 1001.0) >= 0.0
    assert pacing.admit(2, "member:ada", 1001.5) > 0.0


def test_calls_that_were_delayed_do_not_leave_in_a_heap() -> None:
    pacing = Pacing(240)
    waits = [pacing.leave(f"member:{number}", 1000.0) for number in range(12)]
    assert waits[:3] == [0.0, 0.0, 0.0]
    gaps = [later - sooner for sooner, later in pairwise(waits[2:])]
    assert all(0.25 <= gap <= 0.26 for gap in gaps)


def test_a_call_does_not_leave_where_slack_wants_to_be_left_alone() -> None:
    pacing = Pacing(240)
    pacing.hold("member:ada", 1000.0, 30.0)
    assert pacing.leave("member:ada", 1001.0) == 29.0
    assert pacing.leave("member:bo", 1001.0) == 0.0


def test_one_refusal_is_enough_once_much_has_gone_out() -> None:
    pacing = Pacing(240)
    assert admitted(pacing, 30.0) >= 100
    pacing.hold("member:17", 1030.0, 20.0)
    assert pacing.admit(1000, "member:bo", 1031.0) > 0.0
    assert pacing.leave("member:99", 1031.0) == 19.0


def test_one_refusal_is_about_its_channel_while_little_goes_out() -> None:
    pacing = Pacing(240)
    assert admitted(pacing, 1.0) >= 3
    pacing.hold("member:1", 1030.0, 20.0)
    assert pacing.admit(1000, "member:bo", 1031.0) == 0.0


def test_nothing_at_all_may_go_while_every_method_is_held() -> None:
    pacing = Pacing(240)
    pacing.hold_all(1060.0)
    assert pacing.wait(1000.0) == 60.0
