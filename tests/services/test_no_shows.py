"""Who came to what they had booked: assumed, entered otherwise, corrected, and a fact for later."""

import pytest

from cohort.bookings import Attendance, Why
from cohort.errors import NotAllowed, NotFound, SlotRefused, Unclear
from cohort.office_hours import Slot
from cohort.roster import Member
from services.appointments import Appointment
from services.desk import Desk
from services.messages import Ready, prepare
from services.no_shows import CAME, NotCome, WhoCame, enter, not_come
from services.open_hours_upkeep import close_lines
from tests.conftest import NOON
from tests.services.booking_world import DAY, HALF, HOUR, booked, hours, stored

OVER = NOON + DAY + HOUR


@pytest.fixture
def slots(desk: Desk, tara: Member) -> list[Slot]:
    return hours(desk, tara, NOON + DAY, 2)


@pytest.fixture
def about(desk: Desk, ada: Member, slots: list[Slot]) -> Appointment:
    return booked(desk, ada, slots[0])


def often(desk: Desk, least: int = 2) -> list[NotCome]:
    with desk.store.reading() as records:
        return not_come(records, least)


def test_the_ta_is_asked_once_after_the_session_and_may_say_nothing(desk: Desk, about: Appointment) -> None:
    assert close_lines(desk, OVER) == 1
    assert close_lines(desk, OVER) == 0
    with desk.store.reading() as records:
        [(letter, _)] = records.outbox.of_kind("no_shows.who_came")
    prepared = prepare(letter, desk, OVER)
    assert isinstance(prepared, Ready)
    assert isinstance(prepared.content, WhoCame)
    assert [one.booking.id for one in prepared.content.booked] == [about.booking.id]
    assert stored(desk, about.booking.id).attendance is None


def test_nobody_is_asked_about_hours_of_long_ago(desk: Desk, about: Appointment) -> None:
    assert close_lines(desk, OVER + 4 * DAY) == 1
    with desk.store.reading() as records:
        assert not records.outbox.of_kind("no_shows.who_came")
    assert about.stands


def test_exceptions_are_entered_and_corrected(desk: Desk, about: Appointment, tara: Member, orla: Member) -> None:
    for what, actor, expected in (
        ("absent", tara, Attendance.ABSENT),
        ("excused", orla, Attendance.EXCUSED),
        (CAME, tara, None),
    ):
        assert enter(about.booking.id, what, actor, OVER, desk).booking.attendance is expected
        assert stored(desk, about.booking.id).attendance is expected


def test_only_the_ta_of_the_hours_and_organizers_enter_it_and_not_beforehand(
    desk: Desk, about: Appointment, ada: Member, tara: Member, tom: Member
) -> None:
    for actor in (ada, tom):
        with pytest.raises(NotAllowed):
            enter(about.booking.id, "absent", actor, OVER, desk)
    with pytest.raises(Unclear):
        enter(about.booking.id, "absent", tara, NOON, desk)
    with pytest.raises(NotFound):
        enter(about.booking.id, "late", tara, OVER, desk)
    assert stored(desk, about.booking.id).attendance is None


def test_not_coming_twice_can_be_read_and_takes_nothing_away(
    desk: Desk, about: Appointment, ada: Member, tara: Member
) -> None:
    later = hours(desk, tara, NOON + 3 * DAY, 3)
    second = booked(desk, ada, later[0], now=OVER)
    enter(about.booking.id, "absent", tara, OVER, desk)
    assert (often(desk), [len(found.missed) for found in often(desk, 1)]) == ([], [1])
    over = NOON + 3 * DAY + HALF
    enter(second.booking.id, "absent", tara, over, desk)
    [found] = often(desk)
    assert (found.student, [one.booking.id for one in found.missed]) == (ada, [about.booking.id, second.booking.id])
    assert booked(desk, ada, later[2], now=over).student == ada
    enter(second.booking.id, "excused", tara, over, desk)
    assert often(desk) == []


def test_what_is_excused_counts_toward_no_limit(desk: Desk, ada: Member, tara: Member, tom: Member) -> None:
    [first] = hours(desk, tara, NOON + HOUR, 1)
    [second] = hours(desk, tom, NOON + 2 * HOUR, 1)
    [third] = hours(desk, tom, NOON + 3 * DAY, 1)
    both = [booked(desk, ada, first), booked(desk, ada, second)]
    over = NOON + 3 * HOUR
    with pytest.raises(SlotRefused) as refused:
        booked(desk, ada, third, now=over)
    assert refused.value.why is Why.WEEK
    enter(both[0].booking.id, "excused", tara, over, desk)
    assert booked(desk, ada, third, now=over).student == ada
