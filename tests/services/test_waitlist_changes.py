"""Waiting for one slot that moves, or is no more."""

from datetime import timedelta

from cohort.roster import Member
from cohort.waitlist import WaitState
from services.booking_changes import cancel
from services.desk import Desk
from services.hours_dates import cancel_date, move_date
from services.waitlist_messages import WidenedNote
from services.waitlist_offers import join, pass_on
from tests.conftest import NOON
from tests.services.booking_world import DAY, HALF, HOUR, booked, hours
from tests.services.test_waitlist import open_wait, said, waits_of


def test_a_wait_for_one_slot_moves_along_with_it(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member
) -> None:
    first, second = hours(desk, tara, NOON + DAY, 2)
    taken = booked(desk, bo, first)
    booked(desk, chen, second)
    join(f"slot:{first.id}", ada, NOON, desk)
    join(f"slot:{second.id}", bo, NOON, desk)
    move_date(first.session_id, first.starts_at + HALF, "", tara, NOON, desk)
    wait = open_wait(desk, ada)
    assert (wait.from_at, wait.until_at) == (first.starts_at + HALF, first.ends_at + HALF)
    assert open_wait(desk, bo).from_at == second.starts_at + HALF
    pass_on(desk, NOON)
    assert not said(desk, "waitlist.widened", ada, NOON)
    cancel(taken.booking.id, bo, NOON + HOUR, desk)
    assert open_wait(desk, ada).slot_id == first.id


def test_an_offer_of_a_slot_that_moves_is_made_again_at_its_new_time(
    desk: Desk, ada: Member, bo: Member, tara: Member
) -> None:
    [slot] = hours(desk, tara, NOON + DAY, 1)
    taken = booked(desk, bo, slot)
    join(f"slot:{slot.id}", ada, NOON, desk)
    cancel(taken.booking.id, bo, NOON, desk)
    move_date(slot.session_id, NOON + 3 * DAY, "", tara, NOON + HOUR, desk)
    pass_on(desk, NOON + HOUR)
    wait = open_wait(desk, ada)
    assert (wait.state, wait.slot_id, wait.from_at) == (WaitState.OFFERED, slot.id, NOON + 3 * DAY)


def test_a_wait_for_a_slot_that_is_cancelled_becomes_one_for_its_day_and_says_so(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member
) -> None:
    [slot] = hours(desk, tara, NOON + DAY, 1)
    booked(desk, bo, slot)
    join(f"slot:{slot.id}", ada, NOON, desk)
    cancel_date(slot.session_id, "ill", tara, NOON, desk)
    assert pass_on(desk, NOON) == 1
    [note] = said(desk, "waitlist.widened", ada, NOON)
    assert isinstance(note, WidenedNote)
    assert (note.from_at, note.ta) == (slot.starts_at, tara)
    assert note.about.wait.joined_at == NOON
    assert pass_on(desk, NOON + timedelta(minutes=5)) == 0
    # Bo, whose booking it was, goes first to the one slot, Ada to the next of that day.
    [_, other] = hours(desk, tom, NOON + DAY + 4 * HOUR, 2)
    pass_on(desk, NOON + HOUR)
    pass_on(desk, NOON + HOUR + timedelta(minutes=5))
    assert open_wait(desk, ada).slot_id == other.id


def test_who_waits_for_the_day_already_waits_once(desk: Desk, ada: Member, bo: Member, tara: Member) -> None:
    [slot] = hours(desk, tara, NOON + DAY, 1)
    booked(desk, bo, slot)
    join(f"slot:{slot.id}", ada, NOON, desk)
    join("day:2026-07-02:", ada, NOON + HOUR / 6, desk)
    cancel_date(slot.session_id, "ill", tara, NOON + HOUR, desk)
    pass_on(desk, NOON + HOUR)
    assert waits_of(desk, ada) == [WaitState.LEFT, WaitState.WAITING]
