"""What each person's calendar shows: booked before the clocks change, and held after it."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from cohort.roster import Member, Role
from services import invitations
from services.desk import Desk
from tests.conftest import a_member
from tests.services.calendar_world import a_series, booked, event_of, files, hours, shown, week_before, write

NEW_YORK, LONDON, KOLKATA, SYDNEY = "America/New_York", "Europe/London", "Asia/Kolkata", "Australia/Sydney"
SEVEN = time(19)

# The TA's zone, the date and wall time of the hours; then what the calendars of someone in New York, London,
# Kolkata and Sydney show. All was booked a week before.
TABLE = [
    # New York springs forward on 8 March 2026: the same wall time there is an hour earlier for everyone else.
    (NEW_YORK, date(2026, 3, 2), SEVEN,
     "Mon 02 Mar 19:00-19:30", "Tue 03 Mar 00:00-00:30", "Tue 03 Mar 05:30-06:00", "Tue 03 Mar 11:00-11:30"),
    (NEW_YORK, date(2026, 3, 9), SEVEN,
     "Mon 09 Mar 19:00-19:30", "Mon 09 Mar 23:00-23:30", "Tue 10 Mar 04:30-05:00", "Tue 10 Mar 10:00-10:30"),
    # … and falls back on 1 November, a week after London, where it was an hour earlier for that week.
    (NEW_YORK, date(2026, 10, 26), SEVEN,
     "Mon 26 Oct 19:00-19:30", "Mon 26 Oct 23:00-23:30", "Tue 27 Oct 04:30-05:00", "Tue 27 Oct 10:00-10:30"),
    (NEW_YORK, date(2026, 11, 2), SEVEN,
     "Mon 02 Nov 19:00-19:30", "Tue 03 Nov 00:00-00:30", "Tue 03 Nov 05:30-06:00", "Tue 03 Nov 11:00-11:30"),
    # London springs forward on 29 March and falls back on 25 October.
    (LONDON, date(2026, 3, 23), SEVEN,
     "Mon 23 Mar 15:00-15:30", "Mon 23 Mar 19:00-19:30", "Tue 24 Mar 00:30-01:00", "Tue 24 Mar 06:00-06:30"),
    (LONDON, date(2026, 3, 30), SEVEN,
     "Mon 30 Mar 14:00-14:30", "Mon 30 Mar 19:00-19:30", "Mon 30 Mar 23:30-00:00", "Tue 31 Mar 05:00-05:30"),
    (LONDON, date(2026, 10, 26), SEVEN,
     "Mon 26 Oct 15:00-15:30", "Mon 26 Oct 19:00-19:30", "Tue 27 Oct 00:30-01:00", "Tue 27 Oct 06:00-06:30"),
    # Sydney falls back on 5 April and springs forward on 4 October.
    (SYDNEY, date(2026, 3, 30), SEVEN,
     "Mon 30 Mar 04:00-04:30", "Mon 30 Mar 09:00-09:30", "Mon 30 Mar 13:30-14:00", "Mon 30 Mar 19:00-19:30"),
    (SYDNEY, date(2026, 4, 6), SEVEN,
     "Mon 06 Apr 05:00-05:30", "Mon 06 Apr 10:00-10:30", "Mon 06 Apr 14:30-15:00", "Mon 06 Apr 19:00-19:30"),
    (SYDNEY, date(2026, 10, 5), SEVEN,
     "Mon 05 Oct 04:00-04:30", "Mon 05 Oct 09:00-09:30", "Mon 05 Oct 13:30-14:00", "Mon 05 Oct 19:00-19:30"),
    # Kolkata's clocks never change: there it stays, and moves for those whose clocks do.
    (KOLKATA, date(2026, 3, 23), SEVEN,
     "Mon 23 Mar 09:30-10:00", "Mon 23 Mar 13:30-14:00", "Mon 23 Mar 19:00-19:30", "Tue 24 Mar 00:30-01:00"),
    (KOLKATA, date(2026, 3, 30), SEVEN,
     "Mon 30 Mar 09:30-10:00", "Mon 30 Mar 14:30-15:00", "Mon 30 Mar 19:00-19:30", "Tue 31 Mar 00:30-01:00"),
    # A wall time that the clocks skip is the one after; of one that they repeat it is the first.
    (NEW_YORK, date(2026, 3, 8), time(2, 30),
     "Sun 08 Mar 03:30-04:00", "Sun 08 Mar 07:30-08:00", "Sun 08 Mar 13:00-13:30", "Sun 08 Mar 18:30-19:00"),
    (NEW_YORK, date(2026, 11, 1), time(1, 30),
     "Sun 01 Nov 01:30-01:00", "Sun 01 Nov 05:30-06:00", "Sun 01 Nov 11:00-11:30", "Sun 01 Nov 16:30-17:00"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "on", "starts", "new_york", "london", "kolkata", "sydney"),
    TABLE,
    ids=[f"{row[0]} {row[1]}" for row in TABLE],
)
def test_every_calendar_shows_the_hour_that_was_booked(
    desk: Desk,
    zone: str,
    on: date,
    starts: time,
    new_york: str,
    london: str,
    kolkata: str,
    sydney: str,
) -> None:
    students = {
        NEW_YORK: a_member("Ada", zone=NEW_YORK),
        LONDON: a_member("Bo", zone=LONDON),
        KOLKATA: a_member("Chen", zone=KOLKATA),
        SYDNEY: a_member("Student", zone=SYDNEY),
    }
    tara = a_member("Tara", Role.TA, zone)
    write(desk, *students.values(), tara)
    slots = hours(desk, a_series(tara, on, starts, zone))
    now = week_before(on, starts, zone)
    booked(desk, slots[0], *students.values(), now=now)

    got = files(desk, now)

    assert [shown(got[students[name].id], name) for name in students] == [new_york, london, kolkata, sydney]
    assert shown(got[tara.id], zone) == {NEW_YORK: new_york, LONDON: london, KOLKATA: kolkata, SYDNEY: sydney}[zone]
    assert {event_of(file).start for file in got.values()} == {slots[0].starts_at}


def test_hours_stay_where_they_are_when_their_ta_travels(desk: Desk, bo: Member, tara: Member) -> None:
    on = date(2026, 3, 30)
    slots = hours(desk, a_series(tara, on, SEVEN, LONDON))
    booking = booked(desk, slots[0], bo, now=week_before(on, SEVEN, LONDON))
    before = files(desk, week_before(on, SEVEN, LONDON))
    assert shown(before[tara.id], LONDON) == "Mon 30 Mar 19:00-19:30"

    write(desk, replace(tara, zone="Asia/Tokyo"))
    with desk.store.transaction() as records:
        assert records.bookings.move(booking.id, slots[1].id, slots[0].starts_at - timedelta(days=3))
        invitations.send(records, booking.id, slots[0].starts_at - timedelta(days=3))
    after = files(desk, slots[0].starts_at - timedelta(days=3))

    assert shown(before[tara.id], "Asia/Tokyo") == "Tue 31 Mar 03:00-03:30"
    assert (shown(after[bo.id], LONDON), shown(after[tara.id], "Asia/Tokyo")) == (
        "Mon 30 Mar 19:30-20:00",
        "Tue 31 Mar 03:30-04:00",
    )
