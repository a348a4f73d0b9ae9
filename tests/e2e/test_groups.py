"""Whoever leads a section, in a workspace: the list of who was there, and groups that everyone reads of."""

from datetime import date, time

from cohort.events import EventKind
from cohort.roster import Member
from services.events import EventWish, add_event, announce, sign_up
from tests.conftest import NOON
from tests.e2e.conftest import Programme

WISH = EventWish(EventKind.SECTION, "Section", date(2026, 7, 1), time(13, 5), 60, "Room 3", "tara@example.org")


def member(programme: Programme, name: str) -> Member:
    with programme.desk.store.reading() as records:
        found = records.roster.by_email(f"{name}@example.org")
    assert found is not None
    return found


def a_section(programme: Programme, *names: str) -> str:
    """Announce a section that begins in five minutes, with those who have signed up."""
    orla = member(programme, "orla")
    event_id = add_event(WISH, orla, NOON, programme.desk)[0].event.id
    announce(event_id, orla, NOON, programme.desk)
    for name in names:
        sign_up(event_id, member(programme, name), NOON, programme.desk)
    return event_id


def attended(programme: Programme, event_id: str) -> list[str]:
    with programme.desk.store.reading() as records:
        return records.events.attended(event_id)


def test_the_list_is_kept_as_it_is_ticked(programme: Programme) -> None:
    event_id = a_section(programme, "chen")
    ada, bo, chen = (member(programme, name) for name in ("ada", "bo", "chen"))
    tara, tom = programme.person("tara"), programme.person("tom")
    card = tara.wait_for("You lead this one")
    form = tara.press("Who was there", in_=card.place).view
    assert form is not None
    tara.fill({"Signed up": [chen.id], "Others": [ada.id, bo.id]})
    assert "3 were there (3 added)" in tara.submit().shown
    tara.close(all_=True)
    tara.press("Who was there", in_=card.place)
    tara.fill({"Others": [ada.id]})
    assert "2 were there (1 taken out)" in tara.submit().shown
    assert attended(programme, event_id) == sorted([ada.id, chen.id])
    assert "Only whoever leads it" in tom.press({"action_id": "attendance.list", "value": event_id}).shown


def test_groups_are_shown_first_and_then_told_to_everyone(programme: Programme) -> None:
    a_section(programme, "ada", "bo", "chen")
    ada, tara = programme.person("ada"), programme.person("tara")
    card = tara.wait_for("You lead this one")
    tara.press("Make groups", in_=card.place)
    tara.fill({"How many in a group": "3"})
    shown = tara.submit().shown
    assert "one group" in shown
    assert "Ada, Bo, Chen" in shown
    assert "Nobody is told before you press" in shown
    assert "Everyone reads in a direct message" in tara.press("Tell everyone").shown
    assert "you, @Bo and @Chen" in ada.wait_for("Your group in *Section*")
