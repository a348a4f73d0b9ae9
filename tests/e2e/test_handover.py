"""Handing over in a workspace: a TA goes away from Home, an organizer does it for another, and both take it back."""

from datetime import timedelta

import pytest

from cohort.hand_ins import HandIn
from cohort.roster import Member
from tests.conftest import NOON
from tests.e2e.conftest import Programme
from tests.services.grading_world import hand_in, state_of

DAY = timedelta(days=1)


@pytest.fixture
def taras(programme: Programme, tara: Member) -> list[HandIn]:
    """Let Ada, Bo and Chen have handed in hw3, for Tara to grade."""
    with programme.desk.store.reading() as records:
        students = [records.roster.by_email(f"{name}@example.org") for name in ("ada", "bo", "chen")]
        hw3 = records.assignments.with_slug("hw3")
    assert hw3 is not None
    return [hand_in(programme.desk, hw3, one, at=NOON - DAY, owner_id=tara.id) for one in students if one is not None]


def owners(programme: Programme, made: list[HandIn]) -> set[str | None]:
    return {state_of(programme.desk, one).owner_id for one in made}


def test_a_ta_goes_away_from_home_and_one_press_takes_it_back(
    programme: Programme, taras: list[HandIn], tara: Member, tom: Member
) -> None:
    tara_, orla = programme.person("tara"), programme.person("orla")
    tara_.open_home()
    tara_.press("I'm away until …", in_="home")
    tara_.fill({"Back on": "2026-07-10"})
    said = tara_.submit().shown
    assert "You are away until" in said
    assert "3 things" in said
    assert owners(programme, taras) == {tom.id}
    report = orla.wait_for("Tara is away until")
    assert "3 to grade" in report
    assert "You are away until" in tara_.open_home().shown
    orla.press("Undo", in_=report.place)
    assert orla.wait_for("3 things are Tara's again")
    assert owners(programme, taras) == {tara.id}
    assert tara_.wait_for("What you handed over is yours again")
    assert "I'm away until" in tara_.open_home().shown


def test_an_organizer_hands_over_for_a_ta_who_reads_it_and_comes_back(
    programme: Programme, taras: list[HandIn], tara: Member, orla: Member
) -> None:
    orla_, tara_, tom_ = (programme.person(name) for name in ("orla", "tara", "tom"))
    assert "Only organizers" in tom_.command("/cohort handover tara@example.org").shown
    shown = orla_.command(f"/cohort handover {tara.email} to {orla.email} until 2026-07-08").shown
    assert "Tara is away until" in shown
    with programme.desk.store.reading() as records:
        known = records.roster.by_email(orla.email)
    assert owners(programme, taras) == {known and known.id}
    assert "Orla noted that Tara is away" in tara_.wait_for("noted that")
    back = tara_.command("/cohort away back").shown
    assert "Welcome back" in back
    tara_.press("Take it back")
    assert owners(programme, taras) == {tara.id}


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("away for a while", "I read “until” and a date here"),
        ("away until whenever", "can't read"),
        ("away until 2026-06-01", "already past"),
        ("away until 2026-07-10", "There was nothing to hand over"),
        ("away back", "You were not away"),
    ],
)
def test_what_a_ta_types_is_read_or_answered_with_what_works(programme: Programme, typed: str, answer: str) -> None:
    assert answer in programme.person("tara").command(f"/cohort {typed}").shown


def test_organizers_say_who_grades_what_and_whose_work_never(
    programme: Programme, taras: list[HandIn], tara: Member
) -> None:
    orla = programme.person("orla")
    assert "whoever is free" in orla.command("/cohort graders").shown
    shown = orla.command("/cohort graders Problem set 3 @tara tom@example.org").shown
    assert "is graded by" in shown
    assert "never offered Ada's work" in orla.command("/cohort conflict tara@example.org ada@example.org").shown
    assert state_of(programme.desk, taras[0]).owner_id != tara.id
    assert "may grade" in orla.command("/cohort conflict tara@example.org ada@example.org remove").shown
    assert "only read “remove”" in orla.command("/cohort conflict @tara @ada please").shown
