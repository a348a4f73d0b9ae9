"""Open hours in a workspace: the line, the TA's panel, and what is entered of bookings afterwards."""

from datetime import timedelta

import pytest

from cohort.office_hours import Session
from cohort.roster import Member
from services.open_hours_upkeep import close_lines, tell_unstarted
from storage.ids import new_id
from tests.conftest import NOON
from tests.e2e.conftest import Programme
from tests.services.booking_world import DAY, HOUR, booked, hours

MINUTE = timedelta(minutes=1)


@pytest.fixture
def session(programme: Programme, tara: Member) -> Session:
    """An hour of Tara's from noon on, open to anyone."""
    made = Session(new_id("ses"), tara.id, NOON.date(), NOON, NOON + HOUR, NOON + HOUR, "https://meet.example.org/tara")
    with programme.desk.store.transaction() as records:
        records.office_hours.add_session(made, [])
    return made


def test_a_line_moves_and_everyone_sees_where_they_are(programme: Programme, session: Session) -> None:
    ada, bo, tara = (programme.person(name) for name in ("ada", "bo", "tara"))
    ada.command("/office-hours")
    assert "1st in line" in ada.press("Join the line").shown
    assert tara.wait_for("In line: 1")
    assert "2nd in line" in bo.press({"action_id": "open_hours.join", "value": session.id}).shown
    form = bo.press("Say what about").view
    assert form is not None
    bo.fill({"In a few words": "hw3, <step 2>"})
    bo.submit()
    assert "hw3, <step 2>" in tara.command("/office-hours").shown
    assert "@Ada: told that you have time now" in tara.press("Take next").shown
    assert "https://meet.example.org/tara" in ada.wait_for("has time for you now")
    assert "@Tara is with @Ada" in tara.command("/office-hours").shown
    assert "I ask them whether they are there" in tara.press("Ada didn't answer").shown
    asked = ada.wait_for("Are you there?")
    assert "1st in line" in ada.press("I'm here", in_=asked.place).shown
    assert "In line: 2" in tara.command("/office-hours").shown
    assert "@Ada" in tara.press("Take next").shown
    tara.command("/office-hours")
    form = tara.press("Same question…").view
    assert form is not None
    assert "Bo: hw3, <step 2>" in form
    with programme.desk.store.reading() as records:
        waiting = records.open_hours.of_session(session.id)[-1]
    tara.fill({"Who has the same question?": [waiting.id]})
    assert "@Bo" in tara.submit().shown
    tara.close(all_=True)
    assert bo.wait_for("has time for you now")
    assert "Bo didn't answer" in tara.command("/office-hours").shown
    tara.press("Done")
    tara.fill({"In a word, what was it about?": "induction"})
    assert "Still in line: 0" in tara.submit().shown
    assert "about induction" in tara.command("/office-hours").shown


def test_where_nobody_begins_others_hear_and_who_is_left_goes_first(
    programme: Programme, session: Session, tom: Member
) -> None:
    ada, tara, orla = (programme.person(name) for name in ("ada", "tara", "orla"))
    [slot] = hours(programme.desk, tom, NOON + DAY, 1)
    home = ada.open_home()
    assert "Open hours now" in home
    ada.press("Join the line")
    assert ada.wait_for("1st in line")
    # Each job runs before the clock is there, so that the running bot finds nothing left to do.
    assert tell_unstarted(programme.desk, NOON + 10 * MINUTE) == 1
    programme.clock.set(NOON + 10 * MINUTE)
    assert orla.wait_for("nobody has taken the first one yet")
    assert close_lines(programme.desk, NOON + HOUR) == 2
    programme.clock.set(NOON + HOUR)
    offer = ada.wait_for("you go first")
    assert ada.wait_for("ended before it was your turn")
    assert "Booked: " in ada.press("Take it", in_=offer.place).shown
    assert "That line is closed" in tara.press({"action_id": "open_hours.next", "value": f"{session.id}|"}).shown
    with programme.desk.store.reading() as records:
        assert records.bookings.of_slot(slot.id) is not None


def test_who_did_not_come_is_entered_and_corrected(programme: Programme, tara: Member) -> None:
    person = programme.person("tara")
    slots = hours(programme.desk, tara, NOON + DAY, 2)
    with programme.desk.store.reading() as records:
        [ada] = [member for member in records.roster.all() if member.name == "Ada"]
    about = booked(programme.desk, ada, slots[0])
    assert close_lines(programme.desk, NOON + DAY + HOUR) == 1
    programme.clock.set(NOON + DAY + HOUR)
    assert person.wait_for("I take it that everyone came")
    for chosen, told in (("Didn't come", "Ada didn't come"), ("Excused", "excused"), ("Came", "Ada came")):
        assert told in person.press(f"no_shows.enter#{about.booking.id}", chosen).shown
