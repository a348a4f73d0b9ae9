"""The calendar file of a booking, as it comes into people's direct messages, and office hours offered to the stuck."""

from urllib.request import Request, urlopen

import pytest
from icalendar import Calendar

from cohort.office_hours import Slot
from cohort.roster import Member
from sandbox.client import Person
from tests.conftest import NOON
from tests.e2e.conftest import Programme
from tests.services.booking_world import DAY, hours
from tests.services.calendar_world import event_of


@pytest.fixture
def slots(programme: Programme, tara: Member) -> list[Slot]:
    """Two slots with Tara, tomorrow afternoon for everyone."""
    return hours(programme.desk, tara, NOON + DAY)


def files_of(programme: Programme, person: Person) -> list[Calendar]:
    """Return the calendar files that a person has been sent, oldest first, as Slack hands them out."""
    workspace = programme.sandbox.workspace
    seen = workspace.visible(workspace.find_user(person.who).id, None, 50)
    found = [file for message in seen for file in message.files if file["name"] == "office-hours.ics"]
    token = {"Authorization": f"Bearer {programme.sandbox.tokens.bot}"}
    calendars = []
    for file in found:
        with urlopen(Request(file["url_private_download"], headers=token), timeout=5) as answer:  # noqa: S310 - loopback
            calendar = Calendar.from_ical(answer.read())
        assert isinstance(calendar, Calendar)
        calendars.append(calendar)
    return calendars


def test_the_file_comes_is_changed_and_taken_back(programme: Programme, slots: list[Slot]) -> None:
    ada, tara = programme.person("ada"), programme.person("tara")
    ada.press({"action_id": "bookings.form", "value": slots[0].id})
    ada.wait_for_view("What is it about?")
    ada.fill({"What is it about?": "Why does induction hold?"})
    ada.submit()
    came = ada.wait_for("For your calendar: office hours with Tara", timeout=10)
    assert "(file: office-hours.ics)" in came
    assert tara.wait_for("For your calendar: office hours with Ada", timeout=10)
    mine = ada.wait_for("Your office hours are booked")
    ada.press("Another time", in_=mine.place)
    ada.submit()
    assert ada.wait_for("Changed: office hours with Tara", timeout=10)
    ada.command("/office-hours mine")
    ada.press("Give up this slot")
    assert ada.wait_for("Cancelled: office hours with Tara", timeout=10)
    files = files_of(programme, ada)
    assert [str(file["method"]) for file in files] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [event_of(file)["sequence"] for file in files] == [0, 1, 2]
    assert [event_of(file).start for file in files] == [slots[0].starts_at, slots[1].starts_at, slots[1].starts_at]
    assert len({str(event_of(file)["uid"]) for file in files}) == 1
    assert not any("induction" in file.to_ical().decode() for file in files)


def test_whoever_is_stuck_books_with_one_press(programme: Programme, slots: list[Slot]) -> None:
    ada = programme.person("ada")
    ada.press({"action_id": "nudges.stuck", "value": "asg_hw3"})
    help_ = ada.wait_for("Good that you say so")
    offered = ada.press("Book office hours", in_=help_.place)
    form = offered.view or ada.wait_for_view("What is it about?")
    assert "Problem set 3" in form
    assert "Tara" in form
    assert "Booked: " in ada.submit().shown
    with programme.desk.store.reading() as records:
        booking = records.bookings.of_slot(slots[0].id)
    assert booking is not None
    assert booking.assignment_id == "asg_hw3"
