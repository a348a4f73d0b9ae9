"""Integrity review in a workspace: flagged in the form for a grade, decided by an organizer, unknown to the rest."""

from cohort.hand_ins import HandInState
from tests.conftest import NOON
from tests.e2e.conftest import Programme
from tests.services.grading_world import DAY, hand_in, state_of


def test_a_ta_flags_and_an_organizer_clears(programme: Programme) -> None:
    with programme.desk.store.reading() as records:
        ada, hw3 = records.roster.by_email("ada@example.org"), records.assignments.with_slug("hw3")
    assert ada is not None
    assert hw3 is not None
    work = hand_in(programme.desk, hw3, ada, at=NOON - DAY)
    tara, tom, orla = (programme.person(name) for name in ("tara", "tom", "orla"))
    tara.command("/grade-queue")
    tara.press("Claim next")
    tara.press("Grade")
    tara.press("Flag for integrity review")
    tara.wait_for_view("Organizers look at it instead of you")
    tara.fill({"What should they look at?": "Alike, <!channel> & all"})
    assert "nobody else knows" in tara.submit().shown
    tara.close(all_=True)
    assert "Nothing waits to be graded" in tom.command("/grade-queue").shown
    assert "Only organizers" in tom.command("/cohort integrity").shown
    card = orla.wait_for("Tara asks organizers to look at")
    assert "Alike" not in card
    orla.press("Look into it", in_=card)
    assert "Alike, <!channel> & all" in orla.wait_for_view("Confidential")
    assert "back at its place" in orla.press("Clear").shown
    assert orla.wait_for("Orla cleared it: it is back in the queue")
    orla.close(all_=True)
    assert "No integrity case is open" in orla.command("/cohort integrity").shown
    assert state_of(programme.desk, work).state is HandInState.WAITING
    assert "1 to grade" in tom.command("/grade-queue").shown
    assert not any("integrity" in message.shown.casefold() for message in programme.person("ada").read())
