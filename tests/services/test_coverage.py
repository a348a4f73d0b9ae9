"""What organizers learn of how office hours are spread and used."""

import pytest

from cohort.bookings import Attendance
from cohort.errors import NotAllowed
from cohort.open_hours import LinePlace, PlaceState
from cohort.roster import Member
from services.coverage import report
from services.desk import Desk
from tests.conftest import NOON, a_member
from tests.services.booking_world import DAY, HOUR, booked, hours

LATER = NOON + 3 * DAY


def test_who_came_counts_bookings_fellows_and_the_line(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member, tom: Member, orla: Member
) -> None:
    first, second = hours(desk, tara, NOON + DAY, open_minutes=30)
    hours(desk, tom, NOON + DAY)
    booked(desk, ada, first, bo)
    missed = booked(desk, chen, second)
    with desk.store.transaction() as records:
        records.bookings.enter(missed.booking.id, Attendance.ABSENT)
        for member, state in ((bo, PlaceState.HELPED), (chen, PlaceState.UNREACHED)):
            place = LinePlace(f"plc_{member.id}", first.session_id, member.id, NOON + DAY)
            records.open_hours.add(place)
            records.open_hours.end(place.id, state, LATER)
    found = {each.last.ta_id: each for each in report(orla, LATER, desk).used}
    busy, idle = found[tara.id], found[tom.id]
    assert (busy.slots, busy.booked, busy.came, busy.unreached) == (2, 2, 3, 1)
    assert (idle.slots, idle.booked, idle.came, idle.unreached) == (2, 0, 0, 0)


def test_the_next_week_is_told_by_region(desk: Desk, tara: Member, orla: Member) -> None:
    with desk.store.transaction() as records:
        for number in range(7):
            records.roster.save(a_member(f"Student {number:03}".replace(" ", ""), zone="Asia/Tokyo"))
    hours(desk, tara, NOON + 5 * HOUR, slots=4)
    found = report(orla, NOON, desk)
    assert (found.coverage.students, found.coverage.hours, found.used) == (10, 2, [])
    [region] = [each for each in found.coverage.regions if each.name == "Asia"]
    # Chen in Singapore is asleep then too.
    assert (region.students, region.hours, region.without) == (8, 0, 8)
    assert region.zones == ("Asia/Tokyo",)


def test_only_organizers_see_it(desk: Desk, ada: Member, tara: Member) -> None:
    for member in (ada, tara):
        with pytest.raises(NotAllowed):
            report(member, NOON, desk)
