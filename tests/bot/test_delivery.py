"""Delivery: decisions at least once, nudges at most once, and nobody held up by anybody else."""

from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread
from zoneinfo import ZoneInfo

import pytest

from bot.delivery import UNLINKED_FOR_GOOD, Delivery
from bot.lease import Lease
from handlers.views.blocks import Rendered
from services.desk import Desk
from services.running import report_was_down
from storage.database import Database
from tests.bot.conftest import NOON, Time, a_letter, delivery_for, queue, shown, states
from tests.bot.slack_end import SlackEnd


def drain(delivery: Delivery, time: Time, seconds: float = 0.0) -> int:
    """Let time pass, and send all that may go; return how many letters that were."""
    time.forward(seconds)
    return sum(1 for _ in iter(lambda: delivery.step(time.now), False))


def test_a_letter_becomes_a_message_and_is_on_record(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time
) -> None:
    queue(desk, a_letter("member:mem_ada", "hello"))
    assert drain(delivery, time) == 1
    assert [(post["channel"], post["text"]) for post in slack.posted] == [("U0ADA", "hello")]
    assert states(desk) == {"sent": 1}


def test_nothing_is_sent_before_its_time(delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time) -> None:
    queue(desk, a_letter("member:mem_ada", "later", now=NOON + timedelta(seconds=20)))
    assert drain(delivery, time) == 0
    assert drain(delivery, time, 20) == 1
    assert slack.texts() == ["later"]


def test_a_message_after_one_that_took_long_to_draw_waits_for_its_turn_once(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time
) -> None:
    def slowly(content: object, zone: ZoneInfo) -> Rendered:
        message = shown(content, zone)
        time.forward(5.0 if message.text == "slow" else 0.0)
        return message

    delivery.render = slowly
    queue(desk, a_letter("member:mem_ada", "slow"), a_letter("member:mem_ada", "next"))
    drain(delivery, time)
    assert slack.texts() == ["slow"]
    drain(delivery, time, 1.1)
    assert slack.texts() == ["slow", "next"]


@pytest.mark.parametrize(("drop", "arrives"), [("before", 1), ("after", 2)])
def test_a_decision_arrives_at_least_once_when_the_connection_drops(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time, drop: str, arrives: int
) -> None:
    slack.fail(drop=drop)
    queue(desk, a_letter("member:mem_ada", "decided"))
    drain(delivery, time)
    assert states(desk) == {"queued": 1}
    drain(delivery, time, 5)
    assert slack.texts() == ["decided"] * arrives
    assert states(desk) == {"sent": 1}


@pytest.mark.parametrize(("drop", "arrives"), [("before", 0), ("after", 1)])
def test_a_nudge_arrives_at_most_once_when_the_connection_drops(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time, drop: str, arrives: int
) -> None:
    slack.fail(drop=drop)
    queue(desk, a_letter("member:mem_ada", "nudge", at_most_once=True))
    drain(delivery, time)
    drain(delivery, time, 3600)
    assert slack.texts() == ["nudge"] * arrives
    assert states(desk) == {"unknown": 1}


@pytest.mark.parametrize("fault", [{"status": 500}, {"error": "fatal_error"}, {"body": "<html>proxy</html>"}])
def test_an_answer_that_says_nothing_is_no_answer(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time, fault: dict[str, object]
) -> None:
    slack.fail(times=2, **fault)
    queue(desk, a_letter("member:mem_ada", "nudge", at_most_once=True), a_letter("member:mem_bo", "decided"))
    drain(delivery, time)
    drain(delivery, time, 5)
    assert slack.texts() == ["decided"]
    assert states(desk) == {"unknown": 1, "sent": 1}


def test_an_answer_that_says_not_done_lets_a_nudge_go_again(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time
) -> None:
    slack.fail(status=429, retry_after=3)
    slack.fail(error="service_unavailable")
    queue(desk, a_letter("member:mem_ada", "nudge", at_most_once=True))
    drain(delivery, time)
    assert drain(delivery, time, 2.9) == 0
    drain(delivery, time, 0.2)
    drain(delivery, time, 5)
    assert slack.texts() == ["nudge"]


def test_a_nudge_that_never_left_goes_again(desk: Desk, slack: SlackEnd, time: Time) -> None:
    lease = Lease(desk.store, "this", lambda: time.now)
    lease.renew()
    nowhere = SlackEnd(url="http://127.0.0.1:9/api/")
    queue(desk, a_letter("member:mem_ada", "nudge", at_most_once=True))
    drain(delivery_for(desk, nowhere, time, lease), time)
    assert states(desk) == {"queued": 1}
    drain(delivery_for(desk, slack, time, lease), time, 5)
    assert slack.texts() == ["nudge"]


def test_pauses_grow(delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time) -> None:
    slack.fail(status=503, times=4)
    queue(desk, a_letter("member:mem_ada", "decided"))
    pauses = []
    for _ in range(4):
        drain(delivery, time)
        due_at = delivery.next_due_at()
        assert due_at is not None
        pauses.append((due_at - time.now).total_seconds())
        time.forward(pauses[-1])
        lease_kept = delivery.lease.renew()
        assert lease_kept
    assert pauses == sorted(pauses)
    assert pauses[-1] > 4 * pauses[0]


def test_one_limited_channel_does_not_delay_another(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time
) -> None:
    slack.fail(status=429, retry_after=25, channel="U0ADA")
    queue(desk, a_letter("member:mem_ada", "first"), a_letter("member:mem_ada", "second"))
    queue(desk, a_letter("member:mem_bo", "other"))
    drain(delivery, time)
    assert slack.texts() == ["other"]
    drain(delivery, time, 24)
    assert slack.texts() == ["other"]
    for _ in range(3):
        drain(delivery, time, 2)
    assert slack.texts() == ["other", "first", "second"]


def test_limits_on_many_channels_are_taken_for_the_whole_method(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time
) -> None:
    slack.fail(status=429, retry_after=20, times=3)
    names = ["mem_ada", "mem_bo", "mem_orla"]
    queue(desk, *(a_letter(f"member:{name}", name) for name in names), a_letter("channel:staff", "card"))
    drain(delivery, time)
    assert (slack.texts(), len(slack.calls)) == ([], 3)
    for _ in range(4):
        drain(delivery, time, 7)
    assert sorted(slack.texts()) == ["card", *names]


def test_limited_updates_do_not_delay_messages(delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time) -> None:
    slack.fail(status=429, retry_after=20)
    queue(desk, a_letter("post:C0STAFF:1.1", "updated"), a_letter("post:C0STAFF:1.2", "updated too"))
    drain(delivery, time)
    queue(desk, a_letter("member:mem_ada", "hello"))
    drain(delivery, time)
    assert (slack.texts(), slack.updated) == (["hello"], [])
    drain(delivery, time, 25)
    assert {update["ts"] for update in slack.updated} == {"1.1", "1.2"}


def test_one_a_second_a_channel_in_the_order_they_were_queued(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time
) -> None:
    queue(desk, *(a_letter("channel:staff", f"card {number}") for number in range(5)))
    counts = []
    for _ in range(20):
        counts.append(drain(delivery, time))
        delivery.lease.renew()
        time.forward(0.52)
    assert slack.texts() == [f"card {number}" for number in range(5)]
    assert counts[:10] == [1, 0, 1, 0, 1, 0, 1, 0, 1, 0]


def test_a_crowd_in_one_channel_does_not_stand_before_others(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time
) -> None:
    queue(desk, *(a_letter("channel:staff", f"card {number}") for number in range(300)))
    queue(desk, a_letter("member:mem_ada", "hello", now=NOON + timedelta(seconds=1)))
    drain(delivery, time, 1)
    drain(delivery, time, 0.1)
    drain(delivery, time, 0.1)
    assert "hello" in slack.texts()
    assert len(slack.texts("C0STAFF")) == 1


def test_the_total_a_minute_is_kept_and_nearly_reached(delivery: Delivery, desk: Desk, time: Time) -> None:
    recipients = [f"channel:{number}" for number in range(400)]
    queue(desk, *(a_letter(recipient, recipient) for recipient in recipients))
    for _ in range(240):
        for letter in delivery.claim(time.now, 16):
            delivery.pacing.done(letter.recipient)
        time.forward(0.25)
        delivery.lease.renew()
    assert 0.95 * 240 <= states(desk)["sending"] <= 240


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "invalid_blocks", "msg_too_long"])
def test_what_slack_never_takes_is_set_aside_and_told_once(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time, error: str
) -> None:
    slack.fail(error=error, channel="C0STAFF", times=2)
    queue(desk, *(a_letter("channel:staff", f"private words {number}") for number in range(2)))
    drain(delivery, time)
    drain(delivery, time, 5)
    drain(delivery, time, 5)
    (told,) = slack.texts("U0ORLA")
    assert "#C0STAFF" in told
    assert "private words" not in told
    assert states(desk) == {"failed": 2, "sent": 1}


def test_a_report_that_can_not_be_delivered_is_not_reported(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time
) -> None:
    slack.fail(error="channel_not_found", channel="C0STAFF")
    report_was_down(NOON - timedelta(hours=2), ("backup",), NOON, desk)
    drain(delivery, time)
    assert states(desk) == {"failed": 1}


@pytest.mark.parametrize("error", ["message_not_found", "cant_update_message", "channel_not_found"])
def test_an_update_of_a_message_that_is_gone_is_settled(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time, error: str
) -> None:
    slack.fail(error=error)
    queue(desk, a_letter("post:C0STAFF:1.1", "updated"))
    drain(delivery, time)
    drain(delivery, time, 60)
    assert states(desk) == {"obsolete": 1}


def test_an_app_that_is_shut_out_loses_nothing(delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time) -> None:
    slack.fail(error="token_revoked")
    queue(desk, a_letter("member:mem_ada", "nudge", at_most_once=True), a_letter("member:mem_bo", "decided"))
    drain(delivery, time)
    assert (states(desk), len(slack.calls)) == ({"queued": 2}, 1)
    time.forward(61)
    delivery.lease.renew()
    drain(delivery, time)
    drain(delivery, time, 2)
    assert sorted(slack.texts()) == ["decided", "nudge"]


def test_who_has_no_account_is_waited_for_and_then_told_about(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time
) -> None:
    queue(desk, a_letter("member:mem_chen", "welcome"))
    drain(delivery, time)
    assert (states(desk), slack.texts()) == ({"queued": 1}, [])
    time.forward(UNLINKED_FOR_GOOD.total_seconds())
    delivery.lease.renew()
    drain(delivery, time)
    (told,) = slack.texts()
    assert "Chen" in told
    assert states(desk) == {"failed": 1, "sent": 1}


def test_what_a_dead_process_was_sending_goes_again_but_for_nudges(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time
) -> None:
    queue(desk, a_letter("member:mem_ada", "nudge", at_most_once=True), a_letter("member:mem_bo", "decided"))
    assert len(delivery.claim(time.now, 2)) == 2
    time.forward(31)
    lease = Lease(desk.store, "that", lambda: time.now)
    assert lease.renew()
    heir = delivery_for(desk, slack, time, lease)
    assert heir.recover(time.now) == (1, 1)
    drain(heir, time)
    assert slack.texts() == ["decided"]
    assert states(desk) == {"unknown": 1, "sent": 1}


def test_without_the_lease_nothing_is_sent(delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time) -> None:
    time.forward(31)
    other = Lease(desk.store, "that", lambda: time.now)
    assert other.renew()
    queue(desk, a_letter("member:mem_ada", "hello"))
    assert not delivery.step(time.now)
    assert drain(delivery_for(desk, slack, time, other), time) == 1


def test_only_what_is_about_to_be_sent_is_on_record_as_being_sent(delivery: Delivery, desk: Desk, time: Time) -> None:
    queue(desk, *(a_letter("member:mem_ada", f"nudge {n}", at_most_once=True) for n in range(10)))
    assert len(delivery.claim(time.now, 16)) == 1
    assert states(desk) == {"sending": 1, "queued": 9}


def test_a_kind_that_can_not_be_made_stops_no_other_letter(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time
) -> None:
    queue(desk, replace(a_letter("member:mem_ada", "odd"), kind="nobody.knows"), a_letter("member:mem_bo", "hello"))
    drain(delivery, time)
    assert states(desk)["failed"] == 1
    assert "hello" in slack.texts()
    assert "KeyError" in slack.texts("U0ORLA")[0]


def test_what_was_sent_is_written_as_soon_as_the_records_can_be(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time
) -> None:
    answer = Event()
    slack.fail(hold=answer)
    queue(desk, a_letter("member:mem_ada", "hello"))
    busy = Database(desk.store.path, busy_seconds=0.1)
    impatient = delivery_for(replace(desk, store=busy), slack, time, delivery.lease)
    sending = Thread(target=impatient.step, args=(time.now,))
    sending.start()
    slack.wait_for(lambda end: "held chat.postMessage" in end.calls)
    with desk.store.transaction():
        answer.set()
        slack.wait_for(lambda end: end.texts() == ["hello"])
        sending.join(0.3)
        assert sending.is_alive()
    sending.join(10)
    busy.close()
    assert states(desk) == {"sent": 1}


def test_a_stop_does_not_wait_for_records_that_can_not_be_written(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time
) -> None:
    queue(desk, a_letter("member:mem_ada", "hello"))
    busy = Database(desk.store.path, busy_seconds=0.05)
    impatient = delivery_for(replace(desk, store=busy), slack, time, delivery.lease)
    (letter,) = impatient.claim(time.now, 1)
    impatient.stopping.set()
    with desk.store.transaction():
        impatient.deliver(letter, time.now)
    busy.close()
    assert (slack.texts(), states(desk)) == (["hello"], {"sending": 1})


def test_a_place_that_has_come_stands_before_what_was_queued_later(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time
) -> None:
    queue(desk, *(a_letter("channel:staff", f"card {number}") for number in range(3)))
    queue(desk, *(a_letter(f"channel:{number}", f"message {number}") for number in range(60)))
    for _ in range(6):
        drain(delivery, time, 0.6)
        delivery.lease.renew()
    assert slack.texts("C0STAFF") == ["card 0", "card 1", "card 2"]
    assert states(desk)["queued"] > 40


def test_what_was_ready_when_slack_said_enough_waits_in_its_place(
    delivery: Delivery, desk: Desk, slack: SlackEnd, time: Time
) -> None:
    queue(desk, *(a_letter("post:C0STAFF:1.1", words) for words in ("first", "second")))
    (letter,) = delivery.claim(time.now, 1)
    delivery.pacing.hold("post:C0STAFF:2.2", time.tick, 20)
    delivery.deliver(letter, time.now)
    assert (slack.updated, states(desk)) == ([], {"queued": 2})
    drain(delivery, time, 21)
    drain(delivery, time, 1)
    assert [update["text"] for update in slack.updated] == ["first", "second"]
