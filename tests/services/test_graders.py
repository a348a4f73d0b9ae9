"""Who grades what, and whose work never, as organizers say it."""

import pytest

from cohort.assignments import Assignment
from cohort.errors import NotAllowed, NotFound
from cohort.hand_ins import HandInState
from cohort.roster import Member
from services.desk import Desk
from services.graders import every, remove_conflict, set_conflict, set_graders
from services.grading_queue import claim
from tests.conftest import NOON
from tests.services.grading_world import hand_in, state_of


def test_an_assignment_gets_the_graders_that_are_named(desk: Desk, tara: Member, tom: Member, orla: Member) -> None:
    set_to = set_graders("hw3", ["Tara", tom.slack_id or "", "tara@example.org"], orla, NOON, desk)
    assert ([m.id for m in set_to.people], set_to.is_new) == ([tara.id, tom.id], True)
    assert set_graders("hw3", ["Tom", "Tara"], orla, NOON, desk).is_new is False
    shown = set_graders("Problem set 3", [], orla, NOON, desk)
    assert ([m.id for m in shown.people], shown.is_new) == ([tara.id, tom.id], False)
    assert {one.assignment.slug: len(one.people) for one in every(orla, NOON, desk)} == {"hw3": 2, "hw4": 0, "final": 0}


def test_a_conflict_moves_what_is_held_already(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member, orla: Member, hw3: Assignment
) -> None:
    set_graders("hw3", ["Tara", "Tom"], orla, NOON, desk)
    of_ada, of_bo = hand_in(desk, hw3, ada, owner_id=tara.id), hand_in(desk, hw3, bo, owner_id=tara.id)
    claim(of_ada.id, tara, NOON, desk)
    done = set_conflict("Tara", "Ada", orla, NOON, desk)
    assert (done.is_new, done.moved) == (True, 1)
    assert (state_of(desk, of_ada).owner_id, state_of(desk, of_ada).state) == (tom.id, HandInState.WAITING)
    assert state_of(desk, of_bo).owner_id == tara.id
    assert set_conflict("Tara", "Ada", orla, NOON, desk).is_new is False
    assert remove_conflict("Tara", "Ada", orla, NOON, desk).is_new is True
    assert remove_conflict("Tara", "Ada", orla, NOON, desk).is_new is False


def test_only_organizers_say_who_grades(desk: Desk, tara: Member, orla: Member) -> None:
    with pytest.raises(NotAllowed):
        set_graders("hw3", ["Tara"], tara, NOON, desk)
    with pytest.raises(NotAllowed):
        set_conflict("Tara", "Ada", tara, NOON, desk)
    with pytest.raises(NotFound):
        set_graders("hw3", ["Ada"], orla, NOON, desk)
    with pytest.raises(NotFound):
        set_conflict("Tara", "Tom", orla, NOON, desk)
