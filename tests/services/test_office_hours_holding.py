"""What becomes of a TA's hours when they are away: held by somebody who is free, else offered anew, and undone."""

from dataclasses import replace
from datetime import date, time

import pytest

from cohort.bookings import BookingState
from cohort.roster import Member, Role, Status
from cohort.wishes import ForDays
from services.booking_letters import BookingCard, subject
from services.desk import Desk
from services.graders import set_conflict
from services.handover_messages import HandoverReport, Share
from services.handovers import HandOver, go_away, hand_over, release_all_gone, undo
from services.office_hours import add_series, own_week
from services.series_changes import change, end, preview, preview_end
from services.waitlist_offers import take
from storage.outbox import Post
from tests.conftest import NOON
from tests.services.booking_world import DAY, HOUR, booked, standing, stored
from tests.services.grading_world import heard, letters
from tests.services.test_office_hours import WISH, added, sessions, slots


def ta_of(desk: Desk, session_id: str) -> str | None:
    """Return who holds a date, None for one that is cancelled."""
    with desk.store.reading() as records:
        found = records.office_hours.session(session_id)
    assert found is not None
    return None if found.cancelled_at else found.ta_id


def place_of(desk: Desk, session_id: str) -> str:
    """Return where a date is held."""
    with desk.store.reading() as records:
        found = records.office_hours.session(session_id)
    assert found is not None
    return found.place


def test_a_date_with_its_bookings_goes_to_who_is_free_then(desk: Desk, ada: Member, tara: Member, tom: Member) -> None:
    dates = sessions(desk, added(desk, tara))
    made = booked(desk, ada, slots(desk, dates[0])[0])
    handover = go_away(ForDays(7), tara, NOON, desk).handover
    assert [ta_of(desk, one.id) for one in dates] == [tom.id, *[tara.id] * 4]
    assert (stored(desk, made.booking.id).sequence, standing(desk, [made.slot])) == (1, [ada.id])
    cards = [letter for letter in letters(desk, "bookings.card") if letter.data["sequence"] == 1]
    assert {letter.recipient for letter in cards} == {f"member:{ada.id}", f"member:{tom.id}"}
    card = heard(desk, cards[0], NOON)
    assert isinstance(card, BookingCard)
    assert card.about.ta == tom
    files = {(letter.data["member"], letter.data["sequence"]) for letter in letters(desk, "bookings.calendar")}
    assert files == {(ada.id, 0), (tara.id, 0), (ada.id, 1), (tara.id, 1), (tom.id, 1)}

    undo(handover.id, tara, NOON, desk)
    assert ta_of(desk, dates[0].id) == tara.id
    assert stored(desk, made.booking.id).sequence == 2


def test_where_nobody_is_free_the_date_is_cancelled_and_who_booked_goes_first(
    desk: Desk, ada: Member, tara: Member, tom: Member, orla: Member
) -> None:
    dates = sessions(desk, added(desk, tara))
    add_series(replace(WISH, starts=time(9), last_on=date(2026, 7, 2)), tom, NOON, desk)
    made = booked(desk, ada, slots(desk, dates[0])[0])
    handover = hand_over(HandOver(tara.id, until=ForDays(9)), orla, NOON, desk).handover
    assert [ta_of(desk, one.id) for one in dates] == [None, tom.id, *[tara.id] * 3]
    assert stored(desk, made.booking.id).state is BookingState.CALLED_OFF
    [told] = letters(desk, "office_hours.called_off")
    assert told.recipient == f"member:{ada.id}"
    with desk.store.reading() as records:
        [wait] = records.waitlist.open_of(ada.id)
        slot = records.office_hours.slot(wait.slot_id or "")
    assert slot is not None
    assert ta_of(desk, slot.session_id) == tom.id
    report = heard(desk, letters(desk, "handovers.made")[0], NOON)
    assert isinstance(report, HandoverReport)
    assert list(report.shares) == [
        (tom, [Share("office_hours", "2026-07-09", 1)]),
        (None, [Share("office_hours", "2026-07-02", 1)]),
    ]
    undo(handover.id, orla, NOON, desk)
    assert [ta_of(desk, one.id) for one in dates[:2]] == [tara.id, tara.id]
    again = stored(desk, made.booking.id)
    assert (again.state, again.slot_id) == (BookingState.BOOKED, made.slot.id)
    with desk.store.reading() as records:
        assert records.waitlist.open_of(ada.id) == []


def test_what_a_student_has_taken_since_is_left_to_them(
    desk: Desk, ada: Member, tara: Member, tom: Member, orla: Member
) -> None:
    dates = sessions(desk, added(desk, tara))
    add_series(replace(WISH, starts=time(9), last_on=date(2026, 7, 2)), tom, NOON, desk)
    made = booked(desk, ada, slots(desk, dates[0])[0])
    handover = hand_over(HandOver(tara.id, until=ForDays(9)), orla, NOON, desk).handover
    with desk.store.reading() as records:
        [wait] = records.waitlist.open_of(ada.id)
    taken = take(wait.id, ada, NOON, desk)
    undo(handover.id, orla, NOON, desk)
    assert stored(desk, made.booking.id).state is BookingState.CALLED_OFF
    assert stored(desk, taken.booking.id).state is BookingState.BOOKED


def alone(desk: Desk, tara: Member) -> str:
    """A series of a TA for whom nobody can step in."""
    with desk.store.transaction() as records:
        for ta in records.roster.with_role(Role.TA):
            if ta.id != tara.id:
                records.roster.save(replace(ta, status=Status.WITHDRAWN))
        for organizer in records.roster.with_role(Role.ORGANIZER):
            records.roster.save(replace(organizer, zone="Pacific/Auckland"))
    return added(desk, tara)


def test_an_ended_series_is_not_brought_back(desk: Desk, tara: Member, orla: Member) -> None:
    series_id = alone(desk, tara)
    dates = sessions(desk, series_id)
    handover = hand_over(HandOver(tara.id, until=ForDays(9)), orla, NOON, desk).handover
    end(series_id, preview_end(series_id, tara, NOON, desk).stamp, tara, NOON, desk)
    undo(handover.id, orla, NOON, desk)
    assert ta_of(desk, dates[0].id) is None


def test_hours_can_be_changed_where_nobody_took_the_dates(desk: Desk, tara: Member, orla: Member) -> None:
    series_id = alone(desk, tara)
    before = sessions(desk, series_id)
    hand_over(HandOver(tara.id), orla, NOON, desk)
    assert {ta_of(desk, one.id) for one in before} == {None}
    wish = replace(WISH, starts=time(17))
    change(series_id, wish, preview(series_id, wish, tara, NOON, desk).stamp, tara, NOON, desk)
    assert [one.on_day for one in sessions(desk, series_id)] == [one.on_day for one in before]


def test_the_card_of_who_held_it_until_now_says_so(
    desk: Desk, ada: Member, tara: Member, tom: Member, orla: Member
) -> None:
    made = booked(desk, ada, slots(desk, sessions(desk, added(desk, tara))[0])[0])
    with desk.store.transaction() as records:
        records.outbox.add_post(Post("D_TARA", "1.0", subject(made.booking.id, tara.id), "bookings.card"))
    hand_over(HandOver(tara.id, tom.id), orla, NOON, desk)
    [standing] = letters(desk, "bookings.standing")
    said = heard(desk, standing, NOON)
    assert isinstance(said, BookingCard)
    assert (standing.recipient, said.is_theirs) == ("post:D_TARA:1.0", False)


def test_nobody_gets_the_date_of_a_student_they_may_not_meet(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member, orla: Member
) -> None:
    dates = sessions(desk, added(desk, tara))
    booked(desk, bo, slots(desk, dates[0])[0], ada)
    set_conflict("tom@example.org", "ada@example.org", orla, NOON, desk)
    go_away(None, tara, NOON, desk)
    assert [ta_of(desk, one.id) for one in dates] == [None, *[tom.id] * 4]


def test_what_has_begun_or_went_on_from_there_is_not_given_back(desk: Desk, tara: Member, tom: Member) -> None:
    dates = sessions(desk, added(desk, tara))
    handover = go_away(ForDays(20), tara, NOON, desk).handover
    assert [ta_of(desk, one.id) for one in dates[:3]] == [tom.id] * 3
    go_away(ForDays(15), tom, NOON + DAY / 2, desk)
    undo(handover.id, tara, dates[0].starts_at, desk)
    assert [ta_of(desk, one.id) for one in dates[:2]] == [None, None]


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.EXPELLED])
def test_no_date_stays_with_who_is_gone(desk: Desk, tara: Member, tom: Member, status: Status) -> None:
    dates = sessions(desk, added(desk, tara))
    with desk.store.transaction() as records:
        records.roster.save(replace(tara, status=status))
    assert release_all_gone(desk, NOON) == 1
    assert {ta_of(desk, one.id) for one in dates} == {tom.id}
    assert release_all_gone(desk, NOON) == 0
    assert len(own_week(tom, NOON, desk).dates) == 2


def test_nobody_is_given_hours_in_their_night_unless_they_are_named(
    desk: Desk, tara: Member, tom: Member, orla: Member
) -> None:
    """09:00 in London is 01:00 in Los Angeles."""
    dates = sessions(desk, added(desk, tara, replace(WISH, starts=time(9))))
    handover = go_away(ForDays(7), tara, NOON, desk).handover
    assert ta_of(desk, dates[0].id) is None
    undo(handover.id, tara, NOON, desk)
    hand_over(HandOver(tara.id, to=tom.id, until=ForDays(7)), orla, NOON, desk)
    assert ta_of(desk, dates[0].id) == tom.id


def test_a_date_is_where_its_ta_holds_hours_and_back_again(desk: Desk, tara: Member, tom: Member) -> None:
    first = sessions(desk, added(desk, tara))[0]
    mine = replace(WISH, starts=time(12), place="https://meet.example.org/tom")
    add_series(mine, tom, NOON, desk)
    handover = go_away(ForDays(7), tara, NOON, desk).handover
    assert place_of(desk, first.id) == "https://meet.example.org/tom"
    undo(handover.id, tara, NOON, desk)
    assert place_of(desk, first.id) == WISH.place


def test_a_date_that_somebody_else_holds_is_left_out_of_changes(
    desk: Desk, ada: Member, tara: Member, tom: Member
) -> None:
    series_id = added(desk, tara)
    first, second, *_ = sessions(desk, series_id)
    made = booked(desk, ada, slots(desk, first)[0])
    go_away(ForDays(7), tara, NOON, desk)
    later = replace(WISH, starts=time(18))
    shown = preview(series_id, later, tara, NOON, desk)
    assert (shown.moved, shown.gone) == ([], [])
    assert change(series_id, later, shown.stamp, tara, NOON, desk) is not None
    after = sessions(desk, series_id)
    assert (after[0].ta_id, after[0].starts_at) == (tom.id, first.starts_at)
    assert after[1].starts_at - second.starts_at == HOUR
    assert end(series_id, preview_end(series_id, tara, NOON, desk).stamp, tara, NOON, desk) is not None
    assert [ta_of(desk, one.id) for one in after] == [tom.id, *[None] * 4]
    assert stored(desk, made.booking.id).state is BookingState.BOOKED


def test_a_date_is_not_given_back_to_who_may_not_meet_who_booked_since(
    desk: Desk, ada: Member, tara: Member, tom: Member, orla: Member
) -> None:
    first = sessions(desk, added(desk, tara))[0]
    handover = go_away(ForDays(7), tara, NOON, desk).handover
    set_conflict("tara@example.org", "ada@example.org", orla, NOON, desk)
    booked(desk, ada, slots(desk, first)[0])
    assert undo(handover.id, tara, NOON, desk).kept == 1
    assert ta_of(desk, first.id) == tom.id
