"""Waiting for a slot: offered to one at a time, taken, declined, lapsed, and never lost."""

from datetime import datetime, timedelta

import pytest

from cohort.bookings import Why
from cohort.errors import KeptNoLonger, NotAllowed, NotFound, SlotRefused, Unclear
from cohort.office_hours import Slot
from cohort.roster import Member, Role
from cohort.waitlist import Wait, WaitState
from services import waitlist
from services.booking_changes import cancel
from services.bookings import call_off
from services.desk import Desk
from services.hours_dates import cancel_date
from services.messages import Ready, prepare
from services.waitlist_messages import FirstNote, OfferNote
from services.waitlist_offers import decline, join, leave, lines, pass_on, take
from tests.conftest import NOON, a_member
from tests.services.booking_world import DAY, HOUR, booked, hours, standing


@pytest.fixture
def slot(desk: Desk, tara: Member) -> Slot:
    """Thursday 2 July 2026, 12:00 to 12:30 UTC, with Tara."""
    return hours(desk, tara, NOON + DAY, 1)[0]


def wait_for(desk: Desk, student: Member, slot: Slot, now: datetime = NOON) -> Wait:
    return join(f"slot:{slot.id}", student, now, desk).about.wait


def waits_of(desk: Desk, student: Member) -> list[WaitState]:
    with desk.store.reading() as records:
        rows = records.connection.execute(
            "SELECT state FROM waits WHERE student_id = ? ORDER BY joined_at, rowid", (student.id,)
        )
        return [WaitState(state) for (state,) in rows]


def open_wait(desk: Desk, student: Member) -> Wait:
    with desk.store.reading() as records:
        [wait] = records.waitlist.open_of(student.id)
    return wait


def said(desk: Desk, kind: str, student: Member, now: datetime) -> list[object]:
    """Return what a student would read now of the letters of a kind."""
    with desk.store.reading() as records:
        letters = [x for x, _ in records.outbox.of_kind(kind) if x.recipient == f"member:{student.id}"]
    prepared = [prepare(letter, desk, now) for letter in letters]
    return [one.content for one in prepared if isinstance(one, Ready)]


def test_who_never_had_a_booking_goes_first_then_who_waited_longest(
    desk: Desk, ada: Member, bo: Member, chen: Member, tom: Member, slot: Slot
) -> None:
    taken = booked(desk, ada, slot)
    booked(desk, bo, hours(desk, tom, NOON + 2 * DAY, 1)[0])
    wait_for(desk, bo, slot, NOON)
    wait_for(desk, chen, slot, NOON + HOUR / 6)
    cancel(taken.booking.id, ada, NOON + HOUR / 2, desk)
    assert (waits_of(desk, chen), waits_of(desk, bo)) == ([WaitState.OFFERED], [WaitState.WAITING])
    [note] = said(desk, "waitlist.offer", chen, NOON + HOUR / 2)
    assert isinstance(note, OfferNote)
    assert note.about.slot is not None
    assert note.about.slot.id == slot.id


def test_what_is_offered_is_kept_from_everyone_else_and_taken_with_one_press(
    desk: Desk, ada: Member, bo: Member, chen: Member, slot: Slot
) -> None:
    taken = booked(desk, ada, slot)
    wait = wait_for(desk, bo, slot)
    cancel(taken.booking.id, ada, NOON, desk)
    with pytest.raises(SlotRefused) as refused:
        booked(desk, chen, slot)
    assert refused.value.why is Why.TAKEN
    with pytest.raises(NotAllowed):
        take(wait.id, chen, NOON, desk)
    done = take(wait.id, bo, NOON + HOUR, desk)
    assert (done.slot.id, standing(desk, [slot])) == (slot.id, [bo.id])
    assert take(wait.id, bo, NOON + HOUR, desk).booking.id == done.booking.id
    assert waits_of(desk, bo) == [WaitState.TAKEN]


def test_declining_passes_on_at_once(desk: Desk, ada: Member, bo: Member, chen: Member, slot: Slot) -> None:
    taken = booked(desk, ada, slot)
    first, second = wait_for(desk, bo, slot), wait_for(desk, chen, slot, NOON + HOUR / 6)
    cancel(taken.booking.id, ada, NOON + HOUR / 2, desk)
    decline(first.id, bo, NOON + HOUR / 2, desk)
    assert (waits_of(desk, bo), waits_of(desk, chen)) == ([WaitState.DECLINED], [WaitState.OFFERED])
    with pytest.raises(KeptNoLonger) as over:
        take(first.id, bo, NOON + HOUR / 2, desk)
    assert not over.value.waits_on
    assert take(second.id, chen, NOON + HOUR / 2, desk).student == chen
    assert decline(second.id, chen, NOON + HOUR, desk).wait.state is WaitState.TAKEN


def test_an_offer_lapses_in_waking_hours_and_goes_to_the_next(
    desk: Desk, ada: Member, bo: Member, chen: Member, slot: Slot
) -> None:
    taken = booked(desk, ada, slot)
    wait_for(desk, chen, slot)
    wait_for(desk, bo, slot, NOON + HOUR / 6)
    cancel(taken.booking.id, ada, NOON + HOUR / 2, desk)
    # In Singapore it is 20:30: half an hour of two is left until the night, the rest of it comes in the morning.
    assert open_wait(desk, chen).offer_until_at == NOON + timedelta(hours=13.5)
    pass_on(desk, NOON + 10 * HOUR)
    assert waits_of(desk, chen) == [WaitState.OFFERED]
    lapsed_at = NOON + timedelta(hours=13.5)
    with pytest.raises(KeptNoLonger):
        take(open_wait(desk, chen).id, chen, lapsed_at, desk)
    assert pass_on(desk, lapsed_at) == 1
    assert (waits_of(desk, chen), waits_of(desk, bo)) == ([WaitState.LAPSED], [WaitState.OFFERED])
    assert not said(desk, "waitlist.offer", bo, lapsed_at)
    assert said(desk, "waitlist.offer", bo, NOON + 19 * HOUR)


def test_between_a_lapse_and_the_job_nobody_slips_in(
    desk: Desk, ada: Member, bo: Member, chen: Member, slot: Slot
) -> None:
    taken = booked(desk, ada, slot)
    wait = wait_for(desk, bo, slot)
    cancel(taken.booking.id, ada, NOON, desk)
    until_at = NOON + 2 * HOUR
    assert open_wait(desk, bo).offer_until_at == until_at
    with pytest.raises(SlotRefused):
        booked(desk, chen, slot, now=until_at + timedelta(minutes=4))
    pass_on(desk, until_at + timedelta(minutes=5))
    assert booked(desk, chen, slot, now=until_at + timedelta(minutes=5)).student == chen
    with pytest.raises(KeptNoLonger):
        take(wait.id, bo, until_at + timedelta(minutes=6), desk)


def test_who_lets_one_slot_of_a_day_go_keeps_their_place_for_the_others(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member
) -> None:
    one, other = hours(desk, tara, NOON + DAY, 2)
    taken = [booked(desk, ada, one), booked(desk, chen, other)]
    wait = join("day:2026-07-02:", bo, NOON, desk).about.wait
    cancel(taken[0].booking.id, ada, NOON, desk)
    decline(wait.id, bo, NOON, desk)
    pass_on(desk, NOON)
    assert waits_of(desk, bo) == [WaitState.DECLINED, WaitState.WAITING]
    assert booked(desk, ada, one).student == ada
    cancel(taken[1].booking.id, chen, NOON, desk)
    assert open_wait(desk, bo).slot_id == other.id


def test_joining_twice_is_once_and_what_is_free_is_offered_at_once(
    desk: Desk, ada: Member, bo: Member, chen: Member, slot: Slot
) -> None:
    taken = booked(desk, ada, slot)
    first, again = join(f"slot:{slot.id}", bo, NOON, desk), join(f"slot:{slot.id}", bo, NOON, desk)
    assert (first.is_new, again.is_new, again.about.wait.id) == (True, False, first.about.wait.id)
    assert join(f"slot:{slot.id}", chen, NOON + HOUR / 6, desk).before == 1
    leave(first.about.wait.id, bo, NOON + HOUR / 2, desk)
    leave(open_wait(desk, chen).id, chen, NOON + HOUR / 2, desk)
    cancel(taken.booking.id, ada, NOON + HOUR, desk)
    assert standing(desk, [slot]) == [None]
    assert join(f"slot:{slot.id}", bo, NOON + HOUR, desk).about.wait.state is WaitState.OFFERED


@pytest.mark.parametrize(
    ("wanted", "error"),
    [("slot:slt_none", NotFound), ("day:tomorrow:", NotFound), ("day:2026-06-01:", Unclear), ("", NotFound),
     ("day:2026-07-02:mem_bo", NotFound)],
)  # fmt: skip
def test_what_can_t_be_waited_for_is_said(desk: Desk, ada: Member, wanted: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        join(wanted, ada, NOON, desk)
    assert not waits_of(desk, ada)


def test_the_form_names_what_others_have_taken(desk: Desk, ada: Member, bo: Member, tara: Member) -> None:
    one, other = hours(desk, tara, NOON + DAY, 2)
    booked(desk, ada, one)
    wait_for(desk, bo, one)
    found = lines(bo, NOON, desk)
    assert [free.slot for free in found.taken] == [one]
    assert [on.isoformat() for on in found.days] == ["2026-07-02"]
    assert len(found.waiting) == 1
    assert not lines(ada, NOON, desk).taken
    assert other not in [free.slot for free in found.taken]


def test_who_lost_a_booking_is_offered_the_next_slot_with_what_it_was_about(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member, tom: Member, slot: Slot
) -> None:
    lost = booked(desk, ada, slot, bo, topic="recursion")
    [other] = hours(desk, tom, NOON + 2 * DAY, 1)
    with desk.store.transaction() as records:
        records.office_hours.cancel(slot.session_id, tara.id, "ill", NOON)
        call_off(records, lost.booking, tara.id, NOON, desk)
        waitlist.first_choice(records, lost.booking, NOON, desk)
        waitlist.first_choice(records, lost.booking, NOON, desk)
    with pytest.raises(SlotRefused):
        booked(desk, chen, other)
    [note] = said(desk, "waitlist.offer", ada, NOON)
    assert isinstance(note, OfferNote)
    assert note.lost is not None
    assert note.lost.booking.id == lost.booking.id
    done = take(open_wait(desk, ada).id, ada, NOON, desk)
    assert (done.slot.id, done.booking.topic, done.fellows) == (other.id, "recursion", (bo,))


def test_where_nothing_is_free_who_lost_a_booking_is_first_for_what_comes(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member, tom: Member, slot: Slot
) -> None:
    lost = booked(desk, ada, slot)
    [other] = hours(desk, tom, NOON + 2 * DAY, 1)
    taken = booked(desk, bo, other)
    wait_for(desk, chen, other)
    with desk.store.transaction() as records:
        records.office_hours.cancel(slot.session_id, tara.id, "ill", NOON)
        call_off(records, lost.booking, tara.id, NOON, desk)
        waitlist.first_choice(records, lost.booking, NOON + HOUR, desk)
    [note] = said(desk, "waitlist.first", ada, NOON + HOUR)
    assert isinstance(note, FirstNote)
    cancel(taken.booking.id, bo, NOON + HOUR, desk)
    assert (waits_of(desk, ada), waits_of(desk, chen)) == ([WaitState.OFFERED], [WaitState.WAITING])


def test_hours_that_are_added_go_to_those_who_wait(
    desk: Desk, ada: Member, bo: Member, tara: Member, slot: Slot
) -> None:
    booked(desk, ada, slot)
    join("day:2026-07-02:", bo, NOON, desk)
    assert pass_on(desk, NOON) == 0
    [added] = hours(desk, tara, NOON + DAY + 3 * HOUR, 1)
    assert pass_on(desk, NOON + HOUR) == 1
    assert open_wait(desk, bo).slot_id == added.id


def test_who_may_not_take_it_is_passed_over_and_waits_on(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member
) -> None:
    one, other, third = hours(desk, tara, NOON + DAY, 3)
    taken = booked(desk, ada, one)
    booked(desk, bo, third)
    booked(desk, chen, other)
    wait_for(desk, bo, one)
    wait_for(desk, chen, one)
    cancel(taken.booking.id, ada, NOON, desk)
    assert (waits_of(desk, bo), waits_of(desk, chen)) == ([WaitState.WAITING], [WaitState.WAITING])
    assert booked(desk, ada, one).student == ada


def test_who_leaves_lets_go_of_everything(desk: Desk, ada: Member, bo: Member, chen: Member, slot: Slot) -> None:
    taken = booked(desk, ada, slot)
    wait_for(desk, bo, slot)
    wait_for(desk, chen, slot, NOON + HOUR / 6)
    cancel(taken.booking.id, ada, NOON + HOUR / 2, desk)
    with desk.store.transaction() as records:
        waitlist.leave_all(records, bo.id, NOON + HOUR / 2)
    pass_on(desk, NOON + HOUR / 2)
    assert (waits_of(desk, bo), waits_of(desk, chen)) == ([WaitState.LEFT], [WaitState.OFFERED])


def test_what_was_moved_under_an_offer_is_not_lost(desk: Desk, ada: Member, bo: Member, slot: Slot) -> None:
    taken = booked(desk, ada, slot)
    wait = wait_for(desk, bo, slot)
    cancel(taken.booking.id, ada, NOON, desk)
    with desk.store.transaction() as records:
        records.office_hours.move_slot(slot.id, slot.starts_at + 3 * DAY, slot.ends_at + 3 * DAY)
    with pytest.raises(KeptNoLonger) as over:
        take(wait.id, bo, NOON, desk)
    assert over.value.waits_on
    pass_on(desk, NOON)
    assert waits_of(desk, bo) == [WaitState.WAITING]
    pass_on(desk, slot.ends_at + DAY)
    assert waits_of(desk, bo) == [WaitState.LAPSED]


def test_one_slot_is_offered_once_to_who_waits_for_it_twice(desk: Desk, ada: Member, bo: Member, slot: Slot) -> None:
    taken = booked(desk, ada, slot)
    wait_for(desk, bo, slot)
    join("day:2026-07-02:", bo, NOON + HOUR / 6, desk)
    cancel(taken.booking.id, ada, NOON + HOUR / 2, desk)
    assert pass_on(desk, NOON + HOUR / 2) == 0
    assert waits_of(desk, bo) == [WaitState.OFFERED, WaitState.WAITING]


def test_what_is_offered_can_be_booked_in_the_form_and_given_up_again(
    desk: Desk, ada: Member, bo: Member, chen: Member, slot: Slot
) -> None:
    taken = booked(desk, ada, slot)
    wait_for(desk, bo, slot)
    wait_for(desk, chen, slot, NOON + HOUR / 6)
    cancel(taken.booking.id, ada, NOON + HOUR / 2, desk)
    mine = booked(desk, bo, slot, now=NOON + HOUR)
    cancel(mine.booking.id, bo, NOON + HOUR, desk)
    assert (waits_of(desk, bo), waits_of(desk, chen)) == ([WaitState.DECLINED], [WaitState.OFFERED])
    again = booked(desk, chen, slot, now=NOON + HOUR)
    pass_on(desk, NOON + HOUR)
    assert (waits_of(desk, chen), standing(desk, [slot])) == ([WaitState.TAKEN], [again.student.id])


def test_what_makes_up_for_a_lost_booking_is_offered_once_and_not_to_who_books_something_else(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member, slot: Slot
) -> None:
    lost = [booked(desk, ada, slot), booked(desk, bo, hours(desk, tara, NOON + DAY + 4 * HOUR, 1)[0])]
    first, second, third = hours(desk, tom, NOON + 2 * DAY, 3)
    with desk.store.transaction() as records:
        for about in lost:
            records.office_hours.cancel(about.session.id, tara.id, "ill", NOON)
            call_off(records, about.booking, tara.id, NOON, desk)
        for about in lost:
            waitlist.first_choice(records, about.booking, NOON, desk)
    assert [open_wait(desk, student).slot_id for student in (ada, bo)] == [first.id, second.id]
    decline(open_wait(desk, ada).id, ada, NOON + HOUR / 2, desk)
    booked(desk, bo, third, now=NOON + HOUR / 2)
    assert pass_on(desk, NOON + HOUR) == 1
    assert (waits_of(desk, ada), waits_of(desk, bo)) == ([WaitState.DECLINED], [WaitState.LEFT])
    assert booked(desk, ada, second, now=NOON + HOUR).student == ada


def test_each_of_two_lost_bookings_is_made_up_for(desk: Desk, ada: Member, tara: Member) -> None:
    others = more_tas(desk, "Tess", "Thea", "Theo")
    lost = booked(desk, ada, hours(desk, tara, NOON + DAY, 1)[0])
    lost_too = booked(desk, ada, hours(desk, others[0], NOON + 2 * DAY, 1)[0])
    for day, ta in enumerate(others[1:], 3):
        hours(desk, ta, NOON + day * DAY, 1)
    cancel_date(lost.session.id, "ill", tara, NOON, desk)
    cancel_date(lost_too.session.id, "ill", others[0], NOON + timedelta(seconds=9), desk)
    first, second = open_waits(desk, ada)
    take(first.id, ada, NOON + HOUR, desk)
    pass_on(desk, NOON + HOUR)
    assert take(second.id, ada, NOON + HOUR, desk).student == ada
    assert waits_of(desk, ada) == [WaitState.TAKEN, WaitState.TAKEN]


def test_one_booking_made_instead_makes_up_for_one_of_two(desk: Desk, ada: Member, tara: Member) -> None:
    others = more_tas(desk, "Tess", "Thea")
    lost = booked(desk, ada, hours(desk, tara, NOON + DAY, 1)[0])
    lost_too = booked(desk, ada, hours(desk, others[0], NOON + 2 * DAY, 1)[0])
    cancel_date(lost.session.id, "ill", tara, NOON, desk)
    cancel_date(lost_too.session.id, "ill", others[0], NOON + timedelta(seconds=9), desk)
    [slot] = hours(desk, others[1], NOON + 8 * DAY, 1)
    booked(desk, ada, slot, now=NOON + HOUR / 60)
    pass_on(desk, NOON + HOUR)
    pass_on(desk, NOON + 2 * HOUR)
    assert waits_of(desk, ada) == [WaitState.LEFT, WaitState.WAITING]


def test_who_was_to_come_along_is_never_left_out_of_what_is_offered(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member
) -> None:
    small, large = more_tas(desk, "Tess", "Thea")
    lost = booked(desk, ada, hours(desk, tara, NOON + DAY, 1)[0], bo, chen)
    hours(desk, small, NOON + 2 * DAY, 1, capacity=2)
    [fits] = hours(desk, large, NOON + 3 * DAY, 1)
    cancel_date(lost.session.id, "ill", tara, NOON, desk)
    wait = open_wait(desk, ada)
    assert wait.slot_id == fits.id
    assert set(take(wait.id, ada, NOON, desk).fellows) == {bo, chen}


def more_tas(desk: Desk, *names: str) -> list[Member]:
    made = [a_member(name, Role.TA) for name in names]
    with desk.store.transaction() as records:
        for ta in made:
            records.roster.save(ta)
    return made


def open_waits(desk: Desk, student: Member) -> list[Wait]:
    with desk.store.reading() as records:
        return records.waitlist.open_of(student.id)
