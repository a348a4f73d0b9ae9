"""A new plan: made by whoever follows a student up, applied in one step, and only on the student's word."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cohort.errors import NotAllowed, NotFound, ReasonNeeded
from cohort.extensions import Origin as GrantedBy
from cohort.follow_ups import Origin
from cohort.new_plans import PlanState
from cohort.roster import Member
from services.follow_ups import open_case
from services.new_plans import DROP, PlanAnswered, PlanShown, answer, form, preview, propose
from tests.services.grading_world import heard
from tests.services.nudge_world import ADA, BO, HW3, NOW, ORLA, TARA, TOM, World, new_world

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HW4 = replace(HW3, id="asg_hw4", slug="hw4", due_at=NOW + DAY, estimated_hours=6)
HW5 = replace(HW3, id="asg_hw5", slug="hw5", due_at=NOW + 2 * DAY, estimated_hours=8)
CHOSEN = {HW3.id: "7", HW4.id: "", HW5.id: DROP}


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = new_world(tmp_path)
    world.assign(HW4, HW5)
    with world.desk.store.transaction() as records:
        open_case(records, ADA, Origin.STAFF, "", NOW, world.desk, to=TARA)
    return world


def proposed(world: World, chosen: dict[str, str] | None = None) -> PlanShown:
    return propose(ADA.id, chosen or CHOSEN, TARA, NOW, world.desk)


def state_of(world: World, student: Member = ADA) -> tuple[list[str], frozenset[str]]:
    with world.desk.store.reading() as records:
        extensions = [extension.assignment_id for extension in records.extensions.of(student.id)]
        return extensions, records.own_work.of(student.id, "", NOW + 9 * DAY).dropped


def test_the_form_shows_the_open_work_and_the_load_of_each_week(world: World) -> None:
    found = form(ADA.id, TARA, NOW, world.desk)
    assert [(one.assignment.slug, one.can_drop) for one in found.choices] == [
        ("hw3", True),
        ("hw4", True),
        ("hw5", True),
    ]
    assert [(week.before.things, week.before.hours) for week in found.weeks] == [(3, 14)]
    shown = preview(ADA.id, CHOSEN, TARA, NOW, world.desk)
    assert [(week.after.things, week.after.hours) for week in shown.weeks] == [(1, 6), (1, 0)]
    assert state_of(world) == ([], frozenset())


def test_one_press_applies_all_of_it_and_a_second_nothing(world: World) -> None:
    shown = proposed(world)
    [letter] = world.letters("new_plans.proposed")
    assert heard(world.desk, letter, NOW) == shown
    assert state_of(world) == ([], frozenset())
    accepted = answer(shown.plan.id, ADA, NOW + HOUR, world.desk, state=PlanState.ACCEPTED)
    again = answer(shown.plan.id, ADA, NOW + HOUR, world.desk, state=PlanState.DECLINED)
    assert (accepted.plan.state, again.plan.state) == (PlanState.ACCEPTED, PlanState.ACCEPTED)
    assert state_of(world) == ([HW3.id], frozenset({HW5.id}))
    with world.desk.store.reading() as records:
        [extension] = records.extensions.of(ADA.id)
    assert (extension.origin, extension.granted_by) == (GrantedBy.TA, TARA.id)
    [told] = world.letters("new_plans.answered")
    said = heard(world.desk, told, NOW + HOUR)
    assert isinstance(said, PlanAnswered)
    assert told.recipient == f"member:{TARA.id}"


def test_what_makes_no_sense_any_more_is_passed_over(world: World) -> None:
    shown = proposed(world, {HW3.id: "2", HW4.id: "2"})
    world.assign(replace(HW4, hard_due_at=NOW + 2 * DAY))
    answer(shown.plan.id, ADA, NOW, world.desk, state=PlanState.ACCEPTED)
    assert state_of(world)[0] == [HW3.id]


def test_declining_changes_nothing_and_is_told(world: World) -> None:
    shown = proposed(world)
    answer(shown.plan.id, ADA, NOW, world.desk, state=PlanState.DECLINED)
    assert state_of(world) == ([], frozenset())
    assert len(world.letters("new_plans.answered")) == 1


def test_a_newer_plan_takes_the_place_of_an_open_one(world: World) -> None:
    first, second = proposed(world), proposed(world, {HW4.id: "4"})
    old = answer(first.plan.id, ADA, NOW, world.desk, state=PlanState.ACCEPTED)
    assert old.plan.state is PlanState.REPLACED
    assert state_of(world) == ([], frozenset())
    answer(second.plan.id, ADA, NOW, world.desk, state=PlanState.ACCEPTED)
    assert state_of(world) == ([HW4.id], frozenset())


def test_who_may_and_what_can_be_chosen(world: World) -> None:
    for actor in (TOM, BO):
        with pytest.raises(NotAllowed):
            form(ADA.id, actor, NOW, world.desk)
    assert form(ADA.id, ORLA, NOW, world.desk).student == ADA
    for chosen in ({HW3.id: "999"}, {"asg_forged": "2"}):
        with pytest.raises(NotFound):
            propose(ADA.id, chosen, TARA, NOW, world.desk)
    with pytest.raises(ReasonNeeded):
        propose(ADA.id, {HW3.id: ""}, TARA, NOW, world.desk)
    shown = proposed(world)
    for actor in (BO, TARA):
        with pytest.raises(NotAllowed):
            answer(shown.plan.id, actor, NOW, world.desk, state=PlanState.ACCEPTED)
