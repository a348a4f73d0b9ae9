"""What students press and send about office hours, and what they read in answer."""

from collections.abc import Mapping
from typing import Any

from cohort.roster import Member
from handlers import bookings
from handlers.answers import Answer, Ask, FieldErrors, OpenModal, Say
from services.desk import Desk
from tests.conftest import NOON
from tests.services.booking_world import DAY, HOUR, booked, hours, standing

State = dict[str, dict[str, Any]]


def ask(member: Member, value: str = "", state: State | None = None, metadata: str = "", text: str = "") -> Ask:
    return Ask(member=member, now=NOON, value=value, state=state or {}, metadata=metadata, text=text)


def chosen(slot_id: str, times: int = 0, **more: Mapping[str, Any]) -> State:
    name = f"slot{times}"
    return {name: {name: {"selected_option": {"value": slot_id}}}} | {
        key: {key: dict(what)} for key, what in more.items()
    }


def shown(answer: Answer) -> str:
    assert isinstance(answer, Say)
    return str(answer.rendered.blocks)


def test_pages_and_filters_show_what_was_asked_for(desk: Desk, ada: Member, tara: Member, tom: Member) -> None:
    hours(desk, tara, NOON + DAY, 11, topic="proofs")
    hours(desk, tom, NOON + 2 * DAY, 1)
    first = shown(bookings.overview(ask(ada), desk))
    assert ("bookings.page#later" in first, "bookings.page#sooner" in first) == (True, False)
    second = shown(bookings.show_page(ask(ada, "1|all"), desk))
    assert ("Tom" in second, "bookings.page#sooner" in second) == (True, True)
    assert "bookings.page" not in shown(bookings.narrow(ask(ada, f"ta:{tom.id}"), desk))
    assert "Nothing like that is on" in shown(bookings.narrow(ask(ada, "ta:mem_nobody"), desk))
    assert shown(bookings.show_page(ask(ada, "-1|all"), desk)) == first


def test_slots_in_waking_hours_stand_first_in_the_form(desk: Desk, ada: Member, tara: Member) -> None:
    # Ada is in New York, where it is four hours earlier than in UTC: 8:00 to 22:00 is waking time by default.
    [night] = hours(desk, tara, NOON + 16 * HOUR, 1)
    [day] = hours(desk, tara, NOON + DAY, 1)
    answer = bookings.open_form(ask(ada), desk)
    assert isinstance(answer, OpenModal)
    [field] = [block for block in answer.view["blocks"] if block.get("block_id") == "slot0"]
    groups = [
        (one["label"]["text"], [each["value"] for each in one["options"]]) for one in field["element"]["option_groups"]
    ]
    assert groups == [("In your waking hours", [day.id]), ("At other hours", [night.id])]
    assert field["element"]["initial_option"]["value"] == day.id


def test_what_the_limits_leave_out_is_said(desk: Desk, ada: Member, tara: Member) -> None:
    slot, _ = hours(desk, tara, NOON + DAY)
    booked(desk, ada, slot)
    assert "you hold a booking with that TA already" in shown(bookings.overview(ask(ada), desk))
    assert "you hold a booking with that TA already" in shown(bookings.book(ask(ada), desk))
    assert "No slot is free for you to book" in shown(bookings.open_form(ask(ada), desk))


def test_where_nothing_else_is_free_the_form_stays_as_it_is(desk: Desk, ada: Member, bo: Member, tara: Member) -> None:
    [slot] = hours(desk, tara, NOON + DAY, 1)
    booked(desk, bo, slot)
    answer = bookings.submit(ask(ada, state=chosen(slot.id), metadata="0"), desk)
    assert isinstance(answer, FieldErrors)
    assert "open hours need no booking" in answer.errors["slot0"]


def test_who_can_not_come_along_is_said_at_the_field(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member
) -> None:
    [slot] = hours(desk, tara, NOON + DAY, 1, capacity=2)
    for people in ([bo.slack_id, chen.slack_id], [tara.slack_id], ["U0NOBODY"]):
        answer = bookings.submit(ask(ada, state=chosen(slot.id, fellows={"selected_users": people})), desk)
        assert isinstance(answer, FieldErrors)
        assert set(answer.errors) == {"fellows"}
    assert standing(desk, [slot]) == [None]


def test_another_slot_that_is_gone_is_offered_anew_and_the_booking_stays(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member
) -> None:
    mine, spare = hours(desk, tara, NOON + DAY)
    [theirs] = hours(desk, tom, NOON + DAY + HOUR, 1)
    made = booked(desk, ada, mine)
    booked(desk, bo, theirs)
    wanted = ask(ada, state=chosen(theirs.id), metadata=f"{made.booking.id}|0")
    again = bookings.submit_move(wanted, desk)
    assert isinstance(again, OpenModal)
    assert again.view["private_metadata"] == f"{made.booking.id}|1"
    assert "has just taken that slot" in str(again.view)
    assert standing(desk, [mine, spare, theirs]) == [ada.id, None, bo.id]
    done = bookings.submit_move(ask(ada, state=chosen(spare.id, 1), metadata=again.view["private_metadata"]), desk)
    assert "Moved" in shown(done)
    assert standing(desk, [mine, spare]) == [None, ada.id]


def test_with_no_other_slot_the_booking_stays(desk: Desk, ada: Member, tara: Member) -> None:
    [slot] = hours(desk, tara, NOON + DAY, 1)
    made = booked(desk, ada, slot)
    assert "your booking stays as it is" in shown(bookings.move_form(ask(ada, made.booking.id), desk))


def test_a_fellow_student_is_shown_who_booked_and_can_only_leave(
    desk: Desk, ada: Member, bo: Member, tara: Member
) -> None:
    [slot] = hours(desk, tara, NOON + DAY, 1)
    made = booked(desk, ada, slot, bo)
    listed = shown(bookings.mine(ask(bo), desk))
    assert ("Booked by <@U0ADA>" in listed, "bookings.move" in listed) == (True, False)
    assert "You are not coming along" in shown(bookings.cancel(ask(bo, made.booking.id), desk))
    assert "Cancelled" in shown(bookings.cancel(ask(ada, made.booking.id), desk))
    assert "was cancelled before" in shown(bookings.cancel(ask(ada, made.booking.id), desk))
