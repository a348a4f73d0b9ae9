"""What followed each nudge is noted once, three days on, and counted by kind."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cohort.nudge_limits import NudgeKind
from cohort.nudge_outcomes import Followed, NudgeOutcome, outcome_of
from services.nudge_answers import take_offer
from services.nudge_hearing import note_reaction
from services.nudge_outcomes import note_outcomes, report
from services.nudges import nudge_missed
from tests.services.nudge_world import ADA, BO, CHEN, HW3, NOW, World, new_world, person

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
AT = datetime(2026, 2, 18, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("followed", "outcome"),
    [
        (Followed(AT), NudgeOutcome.NOTHING),
        (Followed(AT, [AT + DAY], [AT + HOUR], AT + HOUR), NudgeOutcome.HANDED_IN),
        (Followed(AT, [AT - HOUR], [AT + HOUR], AT + HOUR), NudgeOutcome.OFFER_TAKEN),
        (Followed(AT, [], [], AT + HOUR, [AT + DAY]), NudgeOutcome.BOOKED),
        (Followed(AT, [], [], AT + HOUR, [AT, AT + 4 * DAY]), NudgeOutcome.ANSWERED),
        (Followed(AT, [AT + 4 * DAY], [], AT + 3 * DAY), NudgeOutcome.ANSWERED),
        (Followed(AT, [], [AT + 4 * DAY], AT + 4 * DAY), NudgeOutcome.NOTHING),
    ],
)
def test_the_first_that_fits_within_three_days_counts(followed: Followed, outcome: NudgeOutcome) -> None:
    assert outcome_of(followed) is outcome


def a_cohort(folder: Path) -> World:
    world = new_world(folder)
    dee, eli = person("Dee"), person("Eli")
    world.add(dee, eli)
    for member in (dee, eli):
        with world.desk.store.transaction() as records:
            records.nudges.add(f"ndg_{member.id}", member.id, "missed", NOW)
            records.nudges.begin(f"ndg_{member.id}", NOW + DAY)
        world.hand_in(member, HW3, NOW - DAY)
    return world


def test_it_is_counted_by_kind_when_three_days_have_passed(tmp_path: Path) -> None:
    world = a_cohort(tmp_path)
    assert nudge_missed(world.desk, NOW) == 3
    world.deliver(NOW)
    with world.desk.store.reading() as records:
        [offer] = records.nudges.offers_of(BO.id)
    world.hand_in(ADA, HW3, NOW + HOUR)
    take_offer(offer.id, BO, NOW + HOUR, world.desk)
    note_reaction(CHEN, "message_press", NOW + 2 * DAY, world.desk)
    assert note_outcomes(world.desk, NOW + 3 * DAY - HOUR) == 0
    assert note_outcomes(world.desk, NOW + 3 * DAY) == 3
    assert note_outcomes(world.desk, NOW + 3 * DAY) == 0
    missed, *others = report(world.desk)
    assert (missed.kind, missed.sent, missed.open) == (NudgeKind.MISSED, 5, 2)
    assert missed.outcomes == {
        NudgeOutcome.HANDED_IN: 1,
        NudgeOutcome.OFFER_TAKEN: 1,
        NudgeOutcome.BOOKED: 0,
        NudgeOutcome.ANSWERED: 1,
        NudgeOutcome.NOTHING: 0,
    }
    assert all(each.outcomes is None for each in others)
