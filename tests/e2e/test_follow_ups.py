"""A follow-up in a workspace: opened by a TA, worked on by whoever has it, closed with an outcome."""

from services.desk import Desk
from tests.e2e.conftest import Programme


def owner_of(desk: Desk) -> str:
    with desk.store.reading() as records:
        [case] = records.follow_ups.every_open()
        owner = records.roster.get(case.owner_id or "")
    assert owner is not None
    return owner.name.casefold()


def test_a_ta_asks_for_it_and_whoever_has_it_sees_it_through(programme: Programme) -> None:
    tara = programme.person("tara")
    said = tara.command("/cohort follow-up @Ada seems tired")
    assert "Noted: Ada;" in said.shown
    name = owner_of(programme.desk)
    owner = programme.person(name)
    card = owner.wait_for("should be followed up")
    assert "tired" not in card.shown
    notes = owner.press("Read notes", in_=card.place).view
    assert notes is not None
    assert "seems tired" in notes
    owner.press("Write to them", in_=card.place)
    assert "only the two of you read it" in programme.person("ada").wait_for("would like to know how you are").shown
    owner.press("Offer help", in_=card.place)
    offered = programme.person("ada").wait_for("whoever follows up with you thought of this")
    assert "Plan something lighter" not in offered.shown
    owner.press("Close the follow-up", in_=card.place)
    owner.fill({"What came of it?": "Back on track"})
    assert "Closed: Back on track" in owner.submit().shown
    assert "none. :seedling:" in owner.command("/cohort follow-ups").shown


def test_a_check_in_is_pressed_filled_in_and_written_back(programme: Programme) -> None:
    ada = programme.person("ada")
    form = ada.command("/checkin").view
    assert form is not None
    assert "Read by nobody but whoever follows up with you." in form
    ada.fill({"Hours this week": "many"})
    assert "Write a number of hours" in ada.submit().shown
    ada.fill({"Hours this week": "12", "In your own words": "stuck on <backprop>"})
    assert "12 hours, your words" in ada.submit().shown
    assert "7.5 hours" in ada.command("/checkin 7.5 hours").shown
    orla = programme.person("orla")
    told = orla.command("/cohort check-ins").shown
    assert "backprop" not in told
    assert "1 of 1 answered" in told
    assert "(file: check-ins.png)" in orla.wait_for("The check-ins of one week in one picture", timeout=20)
