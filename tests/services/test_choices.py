"""What students choose is respected everywhere, at once, and can be changed again."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from cohort.errors import NotAllowed, NotFound, Unclear
from cohort.nudge_limits import NudgeKind
from cohort.roster import Status
from services import choices
from services.choices import AskedFor
from services.letters import Obsolete
from services.messages import Ready
from services.nudges import nudge_missed
from tests.services.nudge_world import ADA, BO, CHEN, HW3, NOW, TARA, World, homework, new_world

DAY = timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = new_world(tmp_path)
    made.add(*(replace(member, status=Status.PAUSED) for member in (BO, CHEN)))
    return made


def a_nudge(world: World) -> str:
    nudge_missed(world.desk, NOW)
    world.deliver(NOW)
    return str(world.letters("nudges.missed")[0].data["nudge"])


def test_a_kind_that_is_refused_is_not_made_until_it_is_wanted_again(world: World) -> None:
    chosen = choices.refuse(NudgeKind.MISSED, ADA, NOW, world.desk)
    assert chosen.choices.refused == {NudgeKind.MISSED}
    assert nudge_missed(world.desk, NOW) == 0
    choices.refuse(NudgeKind.PLAN, ADA, NOW, world.desk)
    assert choices.allow(NudgeKind.MISSED, ADA, NOW, world.desk).choices.refused == {NudgeKind.PLAN}
    assert nudge_missed(world.desk, NOW) == 1


def test_what_is_on_its_way_is_not_sent_either(world: World) -> None:
    nudge_missed(world.desk, NOW)
    choices.refuse(NudgeKind.MISSED, ADA, NOW, world.desk)
    assert [sent for _, sent in world.deliver(NOW)] == [Obsolete("they chose not to hear of it")]


def test_a_pause_lasts_a_week_or_until_it_is_ended(world: World) -> None:
    assert choices.pause(ADA, NOW, world.desk).choices.paused_until_at == NOW + 7 * DAY
    assert nudge_missed(world.desk, NOW + 7 * DAY - timedelta(minutes=1)) == 0
    choices.resume(ADA, NOW, world.desk)
    assert nudge_missed(world.desk, NOW) == 1


def test_on_the_day_of_ones_choice_it_is_brought_up_and_not_before(world: World) -> None:
    nudge_id = a_nudge(world)
    at = choices.remind_on(nudge_id, date(2026, 2, 23), ADA, NOW, world.desk)
    assert at == datetime(2026, 2, 23, 8, tzinfo=UTC)
    assert choices.chosen(ADA, NOW, world.desk).later == [("hw3", at)]
    assert world.deliver(at - DAY) == []
    [(_, sent)] = world.deliver(at)
    assert isinstance(sent, Ready)
    assert isinstance(sent.content, AskedFor)
    assert [due.assignment for due in sent.content.dues] == [HW3]


def test_nothing_is_said_of_it_until_then(world: World) -> None:
    nudge_id = a_nudge(world)
    choices.remind_on(nudge_id, date(2026, 2, 23), ADA, NOW, world.desk)
    with world.desk.store.transaction() as records:
        records.connection.execute("DELETE FROM nudge_items")
    assert nudge_missed(world.desk, NOW + DAY) == 0
    world.assign(homework("hw4", NOW))
    assert nudge_missed(world.desk, NOW + DAY) == 1
    assert world.letters("nudges.missed")[-1].data["assignments"] == ["asg_hw4"]


def test_what_is_settled_by_then_is_not_brought_up(world: World) -> None:
    nudge_id = a_nudge(world)
    choices.remind_on(nudge_id, date(2026, 2, 23), ADA, NOW, world.desk)
    world.hand_in(ADA, HW3, NOW + DAY)
    [(_, sent)] = world.deliver(datetime(2026, 2, 23, 8, tzinfo=UTC))
    assert sent == Obsolete("all of it is settled")


@pytest.mark.parametrize("on", [date(2026, 2, 18), date(2026, 2, 17), date(2026, 12, 1)])
def test_a_day_that_can_not_be_is_said(world: World, on: date) -> None:
    with pytest.raises(Unclear):
        choices.remind_on(a_nudge(world), on, ADA, NOW, world.desk)


def test_nobody_chooses_for_another(world: World) -> None:
    nudge_id = a_nudge(world)
    world.add(BO)
    with pytest.raises(NotAllowed):
        choices.remind_on(nudge_id, date(2026, 2, 23), BO, NOW, world.desk)
    with pytest.raises(NotFound):
        choices.remind_on("ndg_none", date(2026, 2, 23), ADA, NOW, world.desk)
    with pytest.raises(NotAllowed):
        choices.pause(TARA, NOW, world.desk)
