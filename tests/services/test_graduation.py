"""Progress towards graduating, and leaving work out, over a real database."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cohort.errors import NotActive, NotAllowed, NotFound
from cohort.extensions import Lapse
from cohort.graduation import Mark, NoDrop, Outlook
from cohort.nudges import OfferState
from cohort.policy import GradingPolicy
from cohort.roster import Status
from handlers.views import graduation as views
from services import graduation
from services.extensions import listed
from services.graduation import Progress
from services.messages import Ready, Standing
from services.nudge_messages import ItemState, MissedWork
from services.nudges import nudge_missed
from services.week_plans import WeekPlan, plan_week
from tests.services.nudge_world import (
    ADA,
    BO,
    CHEN,
    DUE,
    HARD,
    HW3,
    NOW,
    ORLA,
    TARA,
    World,
    homework,
    new_world,
    policy,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HW4, HW5 = homework("hw4", NOW + 5 * DAY), homework("hw5", NOW + 9 * DAY, droppable=False)
LOST = homework("hw1", NOW - 9 * DAY, hard_due_at=NOW - DAY)


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = new_world(tmp_path, policy(grading=GradingPolicy(drops_allowed=2)))
    made.assign(HW4, HW5, LOST)
    return made


def marks(progress: Progress) -> dict[str, Mark]:
    return {standing.assignment.slug: standing.mark for standing in progress.ledger.standings}


def of_ada(world: World) -> Progress:
    return graduation.progress(ADA, "", NOW, world.desk)


def actions(world: World) -> list[str]:
    with world.desk.store.reading() as records:
        return [line.action for line in records.audit.all() if line.actor_id == ADA.id]


def test_a_student_sees_each_piece_of_work_and_what_is_needed(world: World) -> None:
    shown = of_ada(world)
    assert marks(shown) == {"hw1": Mark.MISSED, "hw3": Mark.MISSED, "hw4": Mark.DUE, "hw5": Mark.DUE}
    assert (shown.forecast.outlook, shown.forecast.passes, shown.ledger.drops_left) == (Outlook.SOME, 2, 1)
    assert [s.assignment.slug for s in shown.can_drop] == ["hw3", "hw4"]
    assert views.sentence_of(shown) == "To graduate, pass 2 of the 3 left, hw5 among them."


def test_leaving_out_and_taking_back_are_one_press_each_and_on_record(world: World) -> None:
    done = graduation.drop(HW4.id, ADA, NOW, world.desk)
    assert (done.why, done.is_new, marks(done.progress)["hw4"]) == (None, True, Mark.DROPPED)
    assert views.sentence_of(done.progress) == "To graduate, pass all 2 that are left."
    assert not graduation.drop(HW4.id, ADA, NOW, world.desk).is_new
    back = graduation.take_back(HW4.id, ADA, NOW + HOUR, world.desk)
    assert (back.is_new, marks(back.progress)["hw4"]) == (True, Mark.DUE)
    assert not graduation.take_back(HW4.id, ADA, NOW + HOUR, world.desk).is_new
    assert actions(world) == ["own_work.dropped", "own_work.taken_back"]


def test_what_may_be_left_out_runs_out(world: World) -> None:
    graduation.drop(HW4.id, ADA, NOW, world.desk)
    done = graduation.drop(HW3.id, ADA, NOW, world.desk)
    assert (done.why, done.is_new, marks(done.progress)["hw3"]) == (NoDrop.USED_UP, False, Mark.MISSED)


def test_what_has_to_be_passed_stays(world: World) -> None:
    assert graduation.drop(HW5.id, ADA, NOW, world.desk).why is NoDrop.UNDROPPABLE


def test_after_the_end_nothing_changes(world: World) -> None:
    graduation.drop(HW4.id, ADA, NOW, world.desk)
    after = world.desk.policy.programme.closes_at
    assert graduation.take_back(HW4.id, ADA, after, world.desk).why is NoDrop.OVER
    assert graduation.drop(HW3.id, ADA, after, world.desk).why is NoDrop.OVER


def test_an_open_request_lapses_with_it(world: World) -> None:
    world.ask(ADA, HW4)
    graduation.drop(HW4.id, ADA, NOW, world.desk)
    assert [entry.request.lapse for entry in listed(ADA, NOW, world.desk)] == [Lapse.DROPPED]


def test_the_message_about_it_shows_that_it_is_settled(world: World) -> None:
    world.add(*(replace(member, status=Status.PAUSED) for member in (BO, CHEN)))
    nudge_missed(world.desk, NOW)
    world.deliver(NOW)
    graduation.drop(HW3.id, ADA, NOW, world.desk)
    shown = [sent for _, sent in world.deliver(NOW) if isinstance(sent, Ready)]
    [message] = [s.content for s in shown if isinstance(s.address, Standing) and isinstance(s.content, MissedWork)]
    assert [(item.assignment.slug, item.state) for item in message.items] == [("hw3", ItemState.SETTLED)]
    with world.desk.store.reading() as records:
        assert [offer.state for offer in records.nudges.offers_of(ADA.id)] == [OfferState.REPLACED]


def test_the_plan_that_names_it_shows_that_it_is_settled(world: World) -> None:
    sunday = NOW + 4 * DAY + 6 * HOUR
    world.add(*(replace(member, status=Status.PAUSED) for member in (BO, CHEN)))
    world.hand_in(ADA, HW3, DUE)
    plan_week(world.desk, sunday)
    world.deliver(sunday)
    graduation.drop(HW4.id, ADA, sunday + HOUR, world.desk)
    [plan] = [s.content for _, s in world.deliver(sunday + HOUR) if isinstance(s, Ready)]
    assert isinstance(plan, WeekPlan)
    assert {item.assignment.slug: item.is_settled for item in plan.items} == {"hw4": True, "hw5": False}


def test_staff_see_a_student_they_name_and_change_nothing(world: World) -> None:
    for actor in (TARA, ORLA):
        shown = graduation.progress(actor, "Ada", NOW, world.desk)
        assert (shown.student, shown.is_own, shown.can_drop, shown.can_take_back) == (ADA, False, (), ())
        with pytest.raises(NotAllowed):
            graduation.drop(HW4.id, actor, NOW, world.desk)
    with pytest.raises(NotFound):
        graduation.progress(TARA, "Orla", NOW, world.desk)


def test_students_see_nobody_else(world: World) -> None:
    with pytest.raises(NotAllowed):
        graduation.progress(BO, "Ada", NOW, world.desk)
    assert graduation.progress(BO, "Bo", NOW, world.desk).is_own


def test_who_is_paused_can_look_and_not_press(world: World) -> None:
    paused = replace(ADA, status=Status.PAUSED)
    world.add(paused)
    assert graduation.progress(paused, "", NOW, world.desk).can_drop == ()
    with pytest.raises(NotActive):
        graduation.drop(HW4.id, paused, NOW, world.desk)


def test_out_of_reach_names_what_is_in_the_way_and_whom_to_talk_to(world: World) -> None:
    world.assign(*(replace(LOST, id=f"asg_x{n}", slug=f"x{n}") for n in range(2)))
    said = views.sentence_of(of_ada(world))
    assert said.startswith(
        "Graduating is not possible any more without 1 of hw1, x0 and x1 being waived: talk to <@UORLA>"
    )


def test_an_excuse_counts_as_waived(world: World) -> None:
    world.excuse(ADA, LOST)
    assert (of_ada(world).ledger.drops_left, marks(of_ada(world))["hw1"]) == (2, Mark.EXCUSED)


def test_forty_pieces_of_work_fit_into_a_message(world: World) -> None:
    world.assign(*(homework(f"x{n}", HARD - DAY, title="A long title " * 12) for n in range(40)))
    rendered = views.progress(of_ada(world))
    assert len(rendered.blocks) <= 50
    assert all(len(block["text"]["text"]) <= 3000 for block in rendered.blocks if block["type"] == "section")
    [menu] = [block for block in rendered.blocks if block["type"] == "actions"]
    assert [element["action_id"] for element in menu["elements"]] == ["graduation.drop"]
