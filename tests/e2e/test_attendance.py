"""A section in a workspace: who is here, who was there, groups, and what progress says of the week."""

from datetime import date, time

from cohort.events import EventKind
from services.events import EventWish, add_event, announce
from tests.conftest import NOON
from tests.e2e.conftest import Programme

WISH = EventWish(EventKind.SECTION, "Section one", date(2026, 7, 1), time(13, 5), 60, "Room 3", "tara@example.org")


def test_a_section_from_being_here_to_progress(programme: Programme) -> None:
    with programme.desk.store.reading() as records:
        orla = records.roster.by_email("orla@example.org")
    assert orla is not None
    event_id = add_event(WISH, orla, NOON, programme.desk)[0].event.id
    announce(event_id, orla, NOON, programme.desk)

    ada, tara = programme.person("ada"), programme.person("tara")
    card = ada.wait_for("Section one")
    assert "one to attend in the week of 29 Jun" in ada.command("/cohort progress").shown
    ada.press("I'm here", in_=card.place)
    ada.wait_for("Noted: you are at *Section one*")
    assert "attended in 1 week" in ada.command("/cohort progress").shown

    assert (
        "is excused from sections in the week of 6 Jul" in tara.command("/cohort excuse-section @bo 2026-07-08").shown
    )
    assert programme.person("bo").wait_for("has excused you from sections in the week of 6 Jul")
