"""A form that takes the place of an answer is a new one: filled in once more it counts once more."""

from cohort.roster import Member
from tests.conftest import NOON
from tests.e2e.conftest import Programme
from tests.services.booking_world import DAY, hours


def test_a_check_in_that_is_changed_keeps_the_change(programme: Programme) -> None:
    ada = programme.person("ada")
    ada.command("/checkin")
    ada.fill({"hours": "12"})
    assert "12 hours" in ada.submit().shown
    ada.press("Change it")
    ada.fill({"hours": "25"})
    assert "25 hours" in ada.submit().shown
    with programme.desk.store.reading() as records:
        [check_in] = records.check_ins.every()
    assert check_in.hours == 25


def test_a_slot_booked_after_another_was_given_up_is_booked(programme: Programme, tara: Member) -> None:
    first, second = hours(programme.desk, tara, NOON + DAY, open_minutes=30)
    ada = programme.person("ada")
    ada.open_home()
    ada.press("Book office hours", in_="home")
    assert "Booked: " in ada.submit().shown
    ada.press("Give up this slot")
    ada.press("Book another")
    assert "Booked: " in ada.submit().shown
    with programme.desk.store.reading() as records:
        standing = [records.bookings.of_slot(slot.id) for slot in (first, second)]
    assert len([booking for booking in standing if booking]) == 1
