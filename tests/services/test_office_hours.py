"""A TA's hours: made with all their dates, never twice at one time, and changed with whoever has booked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from cohort.bookings import BookingState
from cohort.errors import DateOver, DatePassed, HoursOverlap, NotActive, NotAllowed, NotFound, SlotRefused, WrongHours
from cohort.office_hours import HoursKind, HoursProblem, Session, Slot
from cohort.policy import Policy
from cohort.roster import Member, Status
from handlers.views.messages import render
from services.booking_letters import BookingCard
from services.desk import Desk
from services.hours_dates import cancel_date, move_date
from services.hours_letters import CalledOff
from services.office_hours import SeriesWish, add_series, as_wish, own_week
from services.open_hours import join
from services.roster import change_status
from services.series_changes import change, end, preview, preview_end
from tests.conftest import NOON
from tests.services.booking_world import DAY, HALF, HOUR, booked, stored
from tests.services.grading_world import heard, letters

# Thursdays at 17:00 in London, from tomorrow on.
WISH = SeriesWish(
    weekday=3,
    starts=time(17),
    minutes=60,
    kind=HoursKind.BOOKABLE,
    place="https://meet.example.org/tara",
    first_on=date(2026, 7, 1),
    last_on=date(2026, 7, 31),
    slot_minutes=25,
    buffer_minutes=5,
)
THURSDAY = datetime(2026, 7, 2, 16, tzinfo=UTC)


def added(desk: Desk, ta: Member, wish: SeriesWish = WISH) -> str:
    return add_series(wish, ta, NOON, desk)[0].id


def sessions(desk: Desk, series_id: str) -> list[Session]:
    with desk.store.reading() as records:
        return records.office_hours.sessions_of_series(series_id, NOON)


def slots(desk: Desk, session: Session) -> list[Slot]:
    with desk.store.reading() as records:
        return records.office_hours.slots_of(session.id)


def times(found: Sequence[Slot]) -> list[str]:
    return [f"{slot.starts_at:%d %H:%M}" for slot in found]


def test_a_series_has_all_its_dates_and_slots_at_once(desk: Desk, tara: Member) -> None:
    series, dates = add_series(WISH, tara, NOON, desk)
    found = sessions(desk, series.id)
    assert dates == len(found) == 5
    assert [one.starts_at for one in found] == [THURSDAY + n * 7 * DAY for n in range(5)]
    assert times(slots(desk, found[0])) == ["02 16:00", "02 16:30"]
    assert as_wish(series) == WISH
    assert [one.session for one in own_week(tara, NOON, desk).dates] == found[:2]


def test_hours_end_with_the_programme_at_the_latest(desk: Desk, tara: Member) -> None:
    series, _ = add_series(replace(WISH, last_on=date(2030, 1, 1)), tara, NOON, desk)
    assert series.last_on == date(2026, 8, 16)


def test_what_has_begun_today_is_no_date(desk: Desk, tara: Member) -> None:
    today = replace(WISH, weekday=2, starts=time(12, 30), first_on=date(2026, 6, 1))
    series, dates = add_series(today, tara, NOON, desk)
    assert dates == 4
    assert sessions(desk, series.id)[0].starts_at == NOON - HALF + 7 * DAY


@pytest.mark.parametrize(
    ("wish", "problem"),
    [
        (replace(WISH, place="  "), HoursProblem.NO_PLACE),
        (replace(WISH, last_on=date(2026, 6, 30)), HoursProblem.ENDS_FIRST),
        (replace(WISH, slot_minutes=0), HoursProblem.NO_SLOT),
        (replace(WISH, slot_minutes=61), HoursProblem.SLOT_TOO_LONG),
        (replace(WISH, kind=HoursKind.BOTH), HoursProblem.NO_OPEN_PART),
        (replace(WISH, kind=HoursKind.BOTH, open_minutes=60), HoursProblem.NO_OPEN_PART),
        (replace(WISH, kind=HoursKind.BOTH, open_minutes=40), HoursProblem.SLOT_TOO_LONG),
        (replace(WISH, last_on=date(2026, 7, 1)), HoursProblem.NO_DATE),
        (replace(WISH, first_on=date(2027, 1, 1), last_on=date(2027, 2, 1)), HoursProblem.NO_DATE),
    ],
)
def test_hours_that_can_not_be_are_refused_and_nothing_is_made(
    desk: Desk, tara: Member, wish: SeriesWish, problem: HoursProblem
) -> None:
    with pytest.raises(WrongHours) as refused:
        add_series(wish, tara, NOON, desk)
    assert refused.value.problem is problem
    assert own_week(tara, NOON, desk).series == []


def test_two_hours_of_one_ta_never_overlap_and_those_of_two_may(desk: Desk, tara: Member, tom: Member) -> None:
    added(desk, tara)
    with pytest.raises(HoursOverlap) as refused:
        added(desk, tara, replace(WISH, starts=time(17, 59), last_on=date(2026, 7, 9)))
    assert refused.value.other.starts_at == THURSDAY
    added(desk, tara, replace(WISH, starts=time(18)))
    add_series(replace(WISH, starts=time(9)), tom, NOON, desk)
    assert len(own_week(tara, NOON, desk).series) == 2
    assert len(own_week(tom, NOON, desk).series) == 1


def test_students_and_those_who_are_gone_hold_no_hours(desk: Desk, ada: Member, tara: Member, tom: Member) -> None:
    series_id = added(desk, tara)
    session = sessions(desk, series_id)[0]
    with pytest.raises(NotAllowed):
        add_series(WISH, ada, NOON, desk)
    for doing in (
        lambda: preview(series_id, WISH, tom, NOON, desk),
        lambda: end(series_id, "", tom, NOON, desk),
        lambda: cancel_date(session.id, "", tom, NOON, desk),
        lambda: move_date(session.id, THURSDAY + HOUR, "", tom, NOON, desk),
    ):
        with pytest.raises(NotAllowed):
            doing()
    with pytest.raises(NotFound):
        cancel_date("ses_none", "", tara, NOON, desk)
    with pytest.raises(NotActive):
        add_series(WISH, replace(tara, status=Status.WITHDRAWN), NOON, desk)
    assert sessions(desk, series_id)[0] == session


def test_a_cancelled_date_is_told_once_and_the_next_slot_kept_for_who_lost_theirs(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member
) -> None:
    first, second = slots(desk, sessions(desk, added(desk, tara))[0])
    elsewhere = slots(desk, sessions(desk, added(desk, tom, replace(WISH, starts=time(7))))[0])
    made = booked(desk, ada, first)
    before = cancel_date(first.session_id, " A train was cancelled ", tara, NOON, desk)
    assert [about.booking for about in before.booked] == [made.booking]
    assert stored(desk, made.booking.id).state is BookingState.CALLED_OFF
    [told] = letters(desk, "office_hours.called_off")
    said = heard(desk, told, NOON)
    assert isinstance(said, CalledOff)
    assert (said.reader, said.reason) == (ada, "A train was cancelled")
    [offer] = letters(desk, "waitlist.offer")
    with desk.store.reading() as records:
        [wait] = records.waitlist.open_of(ada.id)
        assert offer.recipient == f"member:{ada.id}"
        assert wait.slot_id == elsewhere[0].id
        assert [free.slot.id for free in records.office_hours.free(NOON, NOON + 2 * DAY, bo.id, NOON)] == [
            elsewhere[1].id
        ]
    with pytest.raises(SlotRefused):
        booked(desk, bo, second)
    with pytest.raises(DateOver) as twice:
        cancel_date(first.session_id, "", tara, NOON, desk)
    assert twice.value.is_cancelled


def test_a_moved_date_takes_along_who_has_booked(desk: Desk, ada: Member, tara: Member) -> None:
    first, second = slots(desk, sessions(desk, added(desk, tara))[0])
    made = booked(desk, ada, second)
    after = move_date(first.session_id, THURSDAY + DAY + HOUR, "", tara, NOON, desk)
    assert times(slots(desk, after.session)) == ["03 17:00", "03 17:30"]
    assert [about.slot.starts_at for about in after.booked] == [THURSDAY + DAY + HOUR + HALF]
    assert stored(desk, made.booking.id).sequence == 1
    card = heard(desk, letters(desk, "bookings.card")[-1], NOON)
    assert isinstance(card, BookingCard)
    assert card.is_moved
    assert {letter.data["sequence"] for letter in letters(desk, "bookings.calendar")} == {0, 1}


@pytest.mark.parametrize(
    ("starts_at", "error"), [(NOON, DatePassed), (THURSDAY + 7 * DAY + HALF, HoursOverlap), (NOON - DAY, DatePassed)]
)
def test_a_date_that_can_not_be_moved_there_stays(
    desk: Desk, ada: Member, tara: Member, starts_at: datetime, error: type[Exception]
) -> None:
    first, _ = slots(desk, sessions(desk, added(desk, tara))[0])
    booked(desk, ada, first)
    with pytest.raises(error):
        move_date(first.session_id, starts_at, "", tara, NOON, desk)
    assert slots(desk, sessions(desk, own_week(tara, NOON, desk).series[0].id)[0])[0] == first
    with pytest.raises(DateOver):
        move_date(first.session_id, THURSDAY + DAY, "", tara, THURSDAY, desk)


def test_a_change_says_first_who_is_affected_and_is_made_only_as_shown(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member
) -> None:
    series_id = added(desk, tara)
    first, second = slots(desk, sessions(desk, series_id)[0])
    kept, lost = booked(desk, ada, first), booked(desk, bo, second)
    shorter = replace(WISH, minutes=30)
    shown = preview(series_id, shorter, tara, NOON, desk)
    assert ([one.booking.id for one in shown.moved], [one.booking.id for one in shown.gone]) == ([], [lost.booking.id])
    assert len(sessions(desk, series_id)) == 5
    late = slots(desk, sessions(desk, series_id)[1])[1]
    booked(desk, chen, late)
    assert change(series_id, shorter, shown.stamp, tara, NOON, desk) is None
    assert stored(desk, lost.booking.id).state is BookingState.BOOKED
    again = preview(series_id, shorter, tara, NOON, desk)
    assert len(again.gone) == 2
    assert change(series_id, shorter, again.stamp, tara, NOON, desk) is not None
    assert times(slots(desk, sessions(desk, series_id)[0])) == ["02 16:00"]
    assert stored(desk, kept.booking.id).state is BookingState.BOOKED
    assert stored(desk, lost.booking.id).state is BookingState.CALLED_OFF
    assert letters(desk, "office_hours.called_off")[0].recipient == f"member:{bo.id}"
    with pytest.raises(SlotRefused):
        booked(desk, chen, late)


def test_another_hour_or_weekday_moves_everyone_along(desk: Desk, ada: Member, tara: Member) -> None:
    series_id = added(desk, tara)
    made = booked(desk, ada, slots(desk, sessions(desk, series_id)[0])[0])
    later = replace(WISH, weekday=4, starts=time(9))
    shown = preview(series_id, later, tara, NOON, desk)
    assert [one.booking.id for one in shown.moved] == [made.booking.id]
    assert change(series_id, later, shown.stamp, tara, NOON, desk) is not None
    found = sessions(desk, series_id)
    assert [one.starts_at for one in found] == [datetime(2026, 7, day, 8, tzinfo=UTC) for day in (3, 10, 17, 24, 31)]
    assert times(slots(desk, found[0])) == ["03 08:00", "03 08:30"]
    assert stored(desk, made.booking.id).sequence == 1


def test_a_date_that_has_begun_today_is_not_made_anew_at_a_later_time(desk: Desk, tara: Member) -> None:
    series_id = added(desk, tara)
    evening, later = replace(WISH, starts=time(20)), THURSDAY + HALF
    stamp = preview(series_id, evening, tara, later, desk).stamp
    assert change(series_id, evening, stamp, tara, later, desk) is not None
    assert [f"{one.starts_at:%d %H}" for one in sessions(desk, series_id)] == [
        "02 16",
        "09 19",
        "16 19",
        "23 19",
        "30 19",
    ]


def test_another_weekday_and_back_leaves_what_was_moved_by_itself(desk: Desk, tara: Member) -> None:
    series_id = added(desk, tara)
    first, *_ = sessions(desk, series_id)
    move_date(first.id, first.starts_at + 2 * HOUR, "", tara, NOON, desk)
    for wish in (replace(WISH, weekday=4), WISH):
        assert change(series_id, wish, preview(series_id, wish, tara, NOON, desk).stamp, tara, NOON, desk) is not None
    found = sessions(desk, series_id)
    assert [f"{one.starts_at:%d %H}" for one in found] == ["02 18", "09 16", "16 16", "23 16", "30 16"]


def test_more_dates_come_and_what_was_changed_by_itself_stays(desk: Desk, tara: Member) -> None:
    series_id = added(desk, tara)
    first, second, third, *_ = sessions(desk, series_id)
    cancel_date(first.id, "", tara, NOON, desk)
    move_date(second.id, second.starts_at + DAY, "", tara, NOON, desk)
    longer = replace(WISH, minutes=90, last_on=date(2026, 8, 6))
    assert change(series_id, longer, preview(series_id, longer, tara, NOON, desk).stamp, tara, NOON, desk) is not None
    found = {one.id: one for one in sessions(desk, series_id)}
    assert len(found) == 6
    assert found[first.id].cancelled_at == NOON
    assert found[second.id].starts_at == second.starts_at + DAY
    assert found[second.id].ends_at - found[second.id].starts_at == HOUR
    assert len(slots(desk, found[third.id])) == 3


def test_an_ended_series_has_no_dates_to_come_and_each_is_told_once(
    desk: Desk, ada: Member, bo: Member, tara: Member
) -> None:
    series_id = added(desk, tara)
    dates = sessions(desk, series_id)
    booked(desk, ada, slots(desk, dates[0])[0])
    booked(desk, bo, slots(desk, dates[1])[0])
    shown = preview_end(series_id, tara, NOON, desk)
    assert [one.student for one in shown.gone] == [ada, bo]
    assert end(series_id, "stale", tara, NOON, desk) is None
    assert end(series_id, shown.stamp, tara, NOON, desk) is not None
    assert all(one.cancelled_at == NOON for one in sessions(desk, series_id))
    assert own_week(tara, NOON, desk).series == []
    told = letters(desk, "office_hours.called_off")
    assert sorted(letter.recipient for letter in told) == [f"member:{ada.id}", f"member:{bo.id}"]
    assert letters(desk, "waitlist.offer") == []
    with pytest.raises(NotFound):
        end(series_id, shown.stamp, tara, NOON, desk)


def test_who_has_left_is_told_nothing(desk: Desk, ada: Member, orla: Member, tara: Member) -> None:
    series_id = added(desk, tara)
    booked(desk, ada, slots(desk, sessions(desk, series_id)[0])[0])
    change_status(orla, ada.id, Status.WITHDRAWN, NOON, desk)
    assert preview_end(series_id, tara, NOON, desk).gone == []


def test_an_hour_is_kept_across_the_clock_change_of_its_zone_alone(desk: Desk, tom: Member) -> None:
    """Los Angeles sets its clocks back on 1 November 2026, a week after London."""
    autumn = datetime(2026, 10, 1, tzinfo=UTC)
    desk = replace(desk, policy=_longer(desk))
    wish = replace(WISH, first_on=date(2026, 10, 20), last_on=date(2026, 11, 10))
    series, _ = add_series(wish, tom, autumn, desk)
    assert [f"{one.starts_at:%H}" for one in sessions(desk, series.id)] == ["00", "00", "01"]
    moved = replace(tom, zone="Asia/Tokyo")
    later = replace(as_wish(series), starts=time(18))
    assert preview(series.id, later, moved, autumn, desk).series.zone == "America/Los_Angeles"


def _longer(desk: Desk) -> Policy:
    programme = desk.policy.programme.model_copy(update={"ends_on": date(2026, 12, 1)})
    return desk.policy.model_copy(update={"programme": programme})


def test_slots_taken_at_once_by_a_change_and_a_student_leave_nobody_without_word(
    desk: Desk, ada: Member, tara: Member
) -> None:
    series_id = added(desk, tara)
    shorter = replace(WISH, minutes=30)
    stamp = preview(series_id, shorter, tara, NOON, desk).stamp
    _, second = slots(desk, sessions(desk, series_id)[0])
    booked(desk, ada, second)
    assert change(series_id, shorter, stamp, tara, NOON + timedelta(minutes=1), desk) is None


def test_dates_come_back_with_a_series_and_not_what_was_cancelled_by_itself(desk: Desk, tara: Member) -> None:
    series_id = added(desk, tara)
    every = sessions(desk, series_id)
    cancel_date(every[1].id, "ill", tara, NOON, desk)
    for last_on in (every[0].on_day, every[-1].on_day):
        wish = replace(WISH, last_on=last_on)
        change(series_id, wish, preview(series_id, wish, tara, NOON, desk).stamp, tara, NOON, desk)
    stands = [one.on_day for one in sessions(desk, series_id) if one.cancelled_at is None]
    assert stands == [one.on_day for one in every if one.id != every[1].id]


def test_why_hours_were_moved_stands_on_the_card(desk: Desk, ada: Member, tara: Member) -> None:
    session = sessions(desk, added(desk, tara))[0]
    booked(desk, ada, slots(desk, session)[0])
    move_date(session.id, session.starts_at + 2 * HOUR, "dentist <3", tara, NOON, desk)
    cards = [heard(desk, letter, NOON) for letter in letters(desk, "bookings.card") if letter.data["member"] == ada.id]
    [card] = [card for card in cards if isinstance(card, BookingCard)]
    assert "Tara moved these hours: dentist &lt;3" in str(render(card, ada.tz).blocks)


def test_who_stands_in_line_goes_first_where_the_date_is_cancelled(desk: Desk, bo: Member, tara: Member) -> None:
    session = sessions(desk, added(desk, tara, replace(WISH, kind=HoursKind.OPEN)))[0]
    soon = session.starts_at - timedelta(minutes=5)
    join(session.id, bo, soon, desk)
    cancel_date(session.id, "ill", tara, soon, desk)
    with desk.store.reading() as records:
        [wait] = records.waitlist.open_of(bo.id)
        assert wait.is_first
        assert records.open_hours.open_of(bo.id) == []
