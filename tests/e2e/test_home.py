"""Home in a workspace: current after whatever somebody does, and there for everyone who opens it."""

from datetime import timedelta

import pytest

from cohort.follow_ups import Origin
from tests.conftest import NOON
from tests.e2e.conftest import Programme
from tests.services.grading_world import hand_in


def test_a_command_shows_on_home_without_opening_it_again(programme: Programme) -> None:
    ada, bo = programme.person("ada"), programme.person("bo")
    assert "Your request for more time is with us" not in ada.open_home()
    ada.command("/extension hw3 6d")
    assert ada.wait_for_view("Your request for more time is with us", on="home")
    bo.command("/extension hw3 6d")
    assert bo.home is None


def test_a_form_and_a_press_in_a_message_show_on_home_too(programme: Programme) -> None:
    ada, tara = programme.person("ada"), programme.person("tara")
    ada.open_home()
    tara.open_home()
    ada.command("/submit hw3")
    ada.fill({"A link": "https://example.org/hw3"})
    ada.submit()
    assert ada.wait_for_view("waiting for a grade: hw3", on="home")
    ada.command("/extension hw4 9d")
    card = tara.wait_for("asks for more time")
    assert "1 waiting for an answer" in tara.open_home()
    tara.press("Approve", in_=card.place)
    assert tara.wait_for_view("Nobody waits", on="home")


def test_who_would_rather_talk_presses_once_and_somebody_has_it(programme: Programme) -> None:
    ada, tara, orla = (programme.person(name) for name in ("ada", "tara", "orla"))
    ada.open_home()
    said = ada.press("I'd rather talk", in_="home").view
    assert said is not None
    assert "will write to you" in said
    ada.close()
    again = ada.press("I'd rather talk", in_="home").view
    assert again is not None
    assert "You asked for this before" in again
    with programme.desk.store.reading() as records:
        [case] = records.follow_ups.every_open()
        assert case.origin is Origin.TALK
        assert records.follow_ups.notes_of(case.id) == []
    owner = next(person for person in (tara, programme.person("tom"), orla) if "Ada" in person.open_home())
    card = owner.press("Open", in_="home").view
    assert card is not None
    assert "would like to talk" in card


@pytest.mark.parametrize(
    ("who", "label", "words"),
    [
        ("ada", "Where I stand", "Where you stand"),
        ("ada", "What I write to you about", "What I write to you unasked"),
        ("ada", "Ask a question", "Half a question is fine"),
        ("tara", "All of it", "to grade"),
        ("tara", "The rota", "extension duty"),
        ("tara", "My office hours", "You hold no office hours"),
        ("orla", "The digest of the week", "The week until"),
        ("orla", "Where hours are missing", "hours"),
        ("orla", "Who is not linked", "Slack account"),
    ],
)
def test_each_button_does_what_its_command_does(programme: Programme, who: str, label: str, words: str) -> None:
    with programme.desk.store.reading() as records:
        bo, hw3 = records.roster.by_email("bo@example.org"), records.assignments.with_slug("hw3")
    assert bo is not None
    assert hw3 is not None
    hand_in(programme.desk, hw3, bo, at=NOON - timedelta(days=3))
    person = programme.person(who)
    person.open_home()
    view = person.press(label, in_="home").view
    assert view is not None
    assert words in view


def test_who_is_paused_reads_that_nothing_is_due_and_who_comes_back_has_it_all(programme: Programme) -> None:
    ada, orla = programme.person("ada"), programme.person("orla")
    orla.command("/cohort pause @ada")
    home = ada.open_home()
    assert "You are paused" in home
    assert "hw3" not in home
    assert "@Orla" in home
    orla.command("/cohort resume @ada")
    assert "hw3" in ada.open_home()
