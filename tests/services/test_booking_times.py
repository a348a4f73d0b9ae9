"""Around a booking: what a student can choose from, the reminders before it, and the question after it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cohort.assignments import Assignment
from cohort.bookings import Attendance, Why
from cohort.errors import NotAllowed, NotFound, SlotRefused, Unclear
from cohort.roster import Member, Status
from services.booking_changes import cancel, reschedule
from services.booking_choices import EVERYTHING, TA, TOPIC, mine, named, overview, soonest, to_book
from services.booking_letters import BookingCard
from services.booking_reminders import BookingReminder, remind
from services.coverage import report
from services.desk import Desk
from services.letters import Obsolete
from services.unstuck import Totals, UnstuckQuestion, answer, ask_unstuck, totals
from storage.outbox import Letter
from tests.conftest import NOON, a_member
from tests.services.booking_world import DAY, HALF, HOUR, booked, cancel_session, hours, stored
from tests.services.grading_world import WEAK, conflict, graded, hand_in, heard, letters

MINUTE = timedelta(minutes=1)


# ---- what is on


def test_what_is_on_is_shown_soonest_first_open_hours_and_slots_alike(
    desk: Desk, ada: Member, tara: Member, tom: Member
) -> None:
    hours(desk, tom, NOON + 2 * DAY, 1, topic="proofs")
    hours(desk, tara, NOON - HALF / 2, 1, open_minutes=30)
    cancel_session(desk, hours(desk, tara, NOON + DAY, 1)[0])
    found = overview(ada, NOON, desk)
    assert [(row.ta, row.free is None) for row in found.rows] == [(tara, True), (tom, False)]
    assert (found.been, found.own, found.tas, found.topics) == (False, [], [tara, tom], ["proofs"])
    assert [row.ta for row in overview(ada, NOON + HALF / 2, desk).rows] == [tom]


def test_it_can_be_narrowed_to_a_ta_or_a_topic(desk: Desk, ada: Member, tara: Member, tom: Member) -> None:
    hours(desk, tom, NOON + 2 * DAY, 1, topic="Proofs")
    hours(desk, tara, NOON + DAY, 1, topic="Recursion")
    hours(desk, tara, NOON + 3 * DAY, 1)
    assert (named("", ada, NOON, desk), named("@Tara", ada, NOON, desk)) == (EVERYTHING, f"{TA}{tara.id}")
    by_ta, by_topic = f"{TA}{tara.id}", named("proof", ada, NOON, desk)
    assert by_topic == f"{TOPIC}Proofs"
    assert [row.ta for row in overview(ada, NOON, desk, by_ta).rows] == [tara, tara]
    # Whoever names no topic helps with everything.
    assert [row.ta for row in overview(ada, NOON, desk, by_topic).rows] == [tom, tara]
    with pytest.raises(Unclear) as told:
        named("nobody", ada, NOON, desk)
    assert told.value.example == "/office-hours Tara"


def test_pages_hold_ten_and_what_the_limits_leave_out_is_named(
    desk: Desk, ada: Member, tara: Member, tom: Member
) -> None:
    slots = hours(desk, tara, NOON + DAY, 12)
    hours(desk, tom, NOON + 2 * DAY, 11)
    assert [len(overview(ada, NOON, desk, page=page).rows) for page in (0, 1, 2, 99)] == [10, 10, 3, 3]
    booked(desk, ada, slots[0])
    found = overview(ada, NOON, desk)
    assert ({row.ta.id for row in found.rows}, found.limits) == ({tom.id}, frozenset({Why.SAME_TA}))
    assert [one.slot.id for one in found.own] == [slots[0].id]


def test_who_has_been_once_is_not_told_again_what_it_is_for(desk: Desk, ada: Member, tara: Member) -> None:
    slot, _ = hours(desk, tara, NOON + DAY)
    booked(desk, ada, slot)
    assert not overview(ada, NOON, desk).been
    assert overview(ada, slot.ends_at, desk).been


def test_the_soonest_three_lie_in_waking_hours(desk: Desk, ada: Member, tara: Member, hw3: Assignment) -> None:
    # Ada is in New York, where it is four hours earlier than in UTC: 8:00 to 22:00 is waking time by default.
    hours(desk, tara, NOON + 16 * HOUR, 2)
    day = hours(desk, tara, NOON + DAY, 4)
    found = soonest("hw3", ada, NOON, desk)
    assert ([row.starts_at for row in found.slots], found.assignment) == ([slot.starts_at for slot in day[:3]], hw3)
    with pytest.raises(NotFound):
        soonest("hw99", ada, NOON, desk)


def test_the_form_starts_with_what_was_pressed_or_says_why_it_can_not(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member, hw3: Assignment
) -> None:
    first, second = hours(desk, tara, NOON + DAY)
    late, _ = hours(desk, tom, NOON + 2 * DAY)
    form = to_book(second.id, "hw3", ada, NOON, desk)
    assert (form.slot_id, form.assignment_id, form.refused, form.been) == (second.id, hw3.id, None, False)
    assert hw3 in form.assignments
    booked(desk, bo, second)
    form = to_book(second.id, "", ada, NOON, desk)
    assert (form.refused, form.slot_id) == (Why.TAKEN, first.id)
    assert to_book("slt_nothing", "", ada, NOON, desk).refused is Why.GONE
    booked(desk, ada, first)
    cancel(mine(bo, NOON, desk).own[0].booking.id, bo, NOON, desk)
    assert to_book(second.id, "", ada, NOON, desk).refused is Why.SAME_TA
    assert to_book(late.id, "", ada, NOON, desk).refused is None


def test_staff_have_no_bookings_of_their_own(desk: Desk, tara: Member) -> None:
    with pytest.raises(NotAllowed):
        overview(tara, NOON, desk)
    with pytest.raises(NotAllowed):
        mine(tara, NOON, desk)


# ---- before


def reminders(desk: Desk, when: str) -> dict[str, Letter]:
    return {one.data["member"]: one for one in letters(desk, "bookings.reminder") if one.data["when"] == when}


def test_everyone_is_reminded_the_day_before_and_minutes_before(
    desk: Desk, ada: Member, bo: Member, tara: Member
) -> None:
    slot, _ = hours(desk, tara, NOON + 2 * DAY)
    made = booked(desk, ada, slot, bo)
    assert remind(desk, NOON + DAY - MINUTE) == 0
    assert remind(desk, NOON + DAY) == 3
    assert remind(desk, NOON + DAY + 5 * MINUTE) == 0
    [tomorrow] = [
        heard(desk, letter, NOON + DAY) for who, letter in reminders(desk, "tomorrow").items() if who == bo.id
    ]
    assert tomorrow == BookingReminder(made, bo, is_soon=False, recent=[])
    assert remind(desk, slot.starts_at - 15 * MINUTE) == 3
    soon = reminders(desk, "soon")
    with desk.store.reading() as records:
        rows = records.connection.execute(
            "SELECT not_before_at FROM outbox WHERE kind = 'bookings.reminder'"
        ).fetchall()
    assert max(rows)[0].startswith((slot.starts_at - 10 * MINUTE).isoformat()[:16])
    # Ada's quiet hours end as it begins: she hears of it all the same.
    assert {who: type(heard(desk, letter, slot.starts_at - 10 * MINUTE)) for who, letter in soon.items()} == {
        ada.id: BookingReminder,
        bo.id: BookingReminder,
        tara.id: BookingReminder,
    }
    assert isinstance(heard(desk, soon[ada.id], slot.starts_at), Obsolete)


def test_what_was_booked_less_than_a_day_ahead_has_one_reminder(desk: Desk, ada: Member, tara: Member) -> None:
    slot, _ = hours(desk, tara, NOON + 20 * HOUR)
    booked(desk, ada, slot)
    assert remind(desk, NOON + MINUTE) == 0


def test_a_reminder_of_what_was_moved_or_cancelled_says_nothing(desk: Desk, ada: Member, tara: Member) -> None:
    slot, later = hours(desk, tara, NOON + 2 * DAY)
    made = booked(desk, ada, slot)
    remind(desk, NOON + DAY)
    reschedule(made.booking.id, later.id, ada, NOON + DAY, desk)
    old = reminders(desk, "tomorrow")[ada.id]
    assert isinstance(heard(desk, old, NOON + DAY), Obsolete)
    cancel(made.booking.id, ada, NOON + DAY, desk)
    assert remind(desk, NOON + DAY + HALF) == 0


def test_the_ta_sees_what_the_student_handed_in_last_unless_in_conflict(
    desk: Desk, ada: Member, tara: Member, tom: Member, hw3: Assignment, hw4: Assignment
) -> None:
    slot, _ = hours(desk, tara, NOON + 2 * DAY)
    booked(desk, ada, slot)
    graded(desk, hand_in(desk, hw3, ada, at=NOON - 2 * DAY), tom, WEAK)
    hand_in(desk, hw4, ada)
    remind(desk, NOON + DAY)
    letter = reminders(desk, "tomorrow")[tara.id]
    seen = heard(desk, letter, NOON + DAY)
    assert isinstance(seen, BookingReminder)
    assert [(one.assignment, one.passed) for one in seen.recent] == [(hw4, None), (hw3, False)]
    own = heard(desk, reminders(desk, "tomorrow")[ada.id], NOON + DAY)
    assert isinstance(own, BookingReminder)
    assert own.recent == []
    conflict(desk, tara, ada)
    seen = heard(desk, letter, NOON + DAY)
    assert isinstance(seen, BookingReminder)
    assert seen.recent == []


# ---- after


def test_the_student_is_asked_once_and_not_where_they_did_not_come(
    desk: Desk, ada: Member, bo: Member, tara: Member
) -> None:
    first, second = hours(desk, tara, NOON + DAY)
    came, absent = booked(desk, ada, first), booked(desk, bo, second)
    with desk.store.transaction() as records:
        records.bookings.enter(absent.booking.id, Attendance.ABSENT)
    assert ask_unstuck(desk, first.ends_at - MINUTE) == 0
    assert [ask_unstuck(desk, second.ends_at), ask_unstuck(desk, second.ends_at + HALF)] == [1, 0]
    [question] = letters(desk, "unstuck.question")
    asked = heard(desk, question, second.ends_at)
    assert isinstance(asked, UnstuckQuestion)
    assert asked.about.student == ada
    answer(came.booking.id, ada, second.ends_at, desk, helped=True)
    assert stored(desk, came.booking.id).unstuck is True
    assert isinstance(heard(desk, question, second.ends_at), Obsolete)


def test_not_yet_offers_what_is_longer_or_with_somebody_else(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member
) -> None:
    slot, _ = hours(desk, tara, NOON + DAY)
    made = booked(desk, ada, slot)
    after = slot.ends_at
    hours(desk, tara, after + DAY, 1)
    [longer] = hours(desk, tara, after + 2 * DAY, 1, minutes=60)
    [other] = hours(desk, tom, after + 3 * DAY, 1)
    done = answer(made.booking.id, ada, after, desk, helped=False)
    assert [free.slot.id for free in done.better] == [longer.id, other.id]
    assert stored(desk, made.booking.id).unstuck is False
    with pytest.raises(NotAllowed):
        answer(made.booking.id, bo, after, desk, helped=True)
    with pytest.raises(NotFound):
        answer("bkg_nothing", ada, after, desk, helped=True)


def test_an_answer_before_it_took_place_is_not_kept(desk: Desk, ada: Member, tara: Member) -> None:
    slot, _ = hours(desk, tara, NOON + DAY)
    made = booked(desk, ada, slot)
    answer(made.booking.id, ada, NOON, desk, helped=True)
    assert stored(desk, made.booking.id).unstuck is None


def test_totals_are_of_five_students_or_none(desk: Desk, tara: Member) -> None:
    students = [replace(a_member(f"S{n}"), id=f"mem_s{n}") for n in range(5)]
    slots = hours(desk, tara, NOON + DAY, 5)
    with desk.store.transaction() as records:
        for student in students:
            records.roster.save(student)
    for number, (student, slot) in enumerate(zip(students, slots, strict=True)):
        with desk.store.reading() as records:
            assert totals(records) is None
        made = booked(desk, student, slot)
        answer(made.booking.id, student, slot.ends_at, desk, helped=number > 0)
    with desk.store.reading() as records:
        assert totals(records) == Totals(helped=4, not_yet=1)


def test_organizers_read_totals_in_coverage_and_no_answer(desk: Desk, ada: Member, tara: Member, orla: Member) -> None:
    slot, _ = hours(desk, tara, NOON + DAY)
    made = booked(desk, ada, slot)
    answer(made.booking.id, ada, slot.ends_at, desk, helped=False)
    assert report(orla, slot.ends_at, desk).unstuck is None


# ---- who else comes, and when


def test_nobody_is_booked_at_two_places_at_once(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member, tom: Member
) -> None:
    [with_tara], [with_tom] = (hours(desk, ta, NOON + DAY, 1) for ta in (tara, tom))
    booked(desk, bo, with_tara, chen)
    with pytest.raises(SlotRefused) as told:
        booked(desk, chen, with_tom)
    assert told.value.why is Why.OWN_TIME
    assert [row.free for row in overview(chen, NOON, desk).rows] == []
    with pytest.raises(SlotRefused) as told:
        booked(desk, ada, with_tom, chen)
    assert told.value.why is Why.FELLOWS_TIME
    [later] = hours(desk, tara, NOON + 2 * DAY, 1)
    moving = booked(desk, ada, later, chen)
    with pytest.raises(SlotRefused) as told:
        reschedule(moving.booking.id, with_tom.id, ada, NOON, desk)
    assert told.value.why is Why.FELLOWS_TIME
    assert booked(desk, ada, with_tom).stands


def test_coming_along_is_no_booking_of_ones_own(desk: Desk, ada: Member, bo: Member, tara: Member) -> None:
    first, second, _ = hours(desk, tara, NOON + DAY, 3)
    booked(desk, ada, first, bo)
    assert booked(desk, bo, second).stands


def test_hours_of_a_ta_who_takes_part_no_more_can_not_be_booked(desk: Desk, ada: Member, tara: Member) -> None:
    [slot] = hours(desk, tara, NOON + DAY, 1)
    with desk.store.transaction() as records:
        records.roster.save(replace(tara, status=Status.WITHDRAWN))
    assert overview(ada, NOON, desk).rows == []
    with pytest.raises(SlotRefused) as told:
        booked(desk, ada, slot)
    assert told.value.why is Why.GONE


def test_a_card_is_not_lost_where_somebody_leaves_before_it_is_sent(
    desk: Desk, ada: Member, bo: Member, chen: Member, tom: Member
) -> None:
    [slot] = hours(desk, tom, NOON + DAY + 8 * HOUR, 1)
    made = booked(desk, ada, slot, bo, chen)
    cancel(made.booking.id, chen, NOON, desk)
    cards = letters(desk, "bookings.card")
    said = {letter.data["member"]: heard(desk, letter, NOON + 6 * HOUR) for letter in cards}
    assert isinstance(said[chen.id], Obsolete)
    for reader in (ada, bo, tom):
        card = said[reader.id]
        assert isinstance(card, BookingCard)
        assert (card.about.fellows, card.is_moved) == ((bo,), False)


def test_who_moves_a_booking_to_within_a_day_hears_nothing_of_tomorrow(desk: Desk, ada: Member, tara: Member) -> None:
    [far, near] = [hours(desk, tara, NOON + days * DAY, 1)[0] for days in (4, 2)]
    moved_at = NOON + DAY + 4 * HOUR
    reschedule(booked(desk, ada, far).booking.id, near.id, ada, moved_at, desk)
    assert remind(desk, moved_at + MINUTE) == 0
