"""What a student presses under a nudge: who may, what it grants, and what it does a second time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from cohort.assignments import Assignment, Kind
from cohort.errors import AlreadySeen, CohortError, NotActive, NotAllowed, NotFound
from cohort.extensions import Origin
from cohort.nudges import Offer, OfferState
from cohort.roster import Member, Status
from services.letters import Obsolete
from services.messages import Channel, Ready, Standing
from services.nudge_answers import (
    HandedIn,
    OfferOver,
    Outcome,
    Over,
    Taken,
    say_handed_in,
    take_all,
    take_offer,
)
from services.nudge_messages import ClaimedHandIn, MissedWork
from services.nudges import nudge_missed
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
    person,
)

HOUR = timedelta(hours=1)
HW2 = homework("hw2", DUE - timedelta(days=7))
PRESS = NOW + 5 * HOUR


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Ada alone missed hw2 and hw3, and was told of it."""
    world = new_world(tmp_path)
    world.assign(HW2)
    world.add(*(replace(m, status=Status.PAUSED) for m in (BO, CHEN)))
    nudge_missed(world.desk, NOW)
    world.deliver(NOW)
    world.add(BO, CHEN)
    return world


def offer_on(world: World, assignment: Assignment) -> Offer:
    with world.desk.store.reading() as records:
        return next(o for o in records.nudges.offers_of(ADA.id) if o.assignment_id == assignment.id)


def test_taking_an_offer_is_the_grant(world: World) -> None:
    offer = offer_on(world, HW3)
    until = PRESS + timedelta(days=2)
    assert take_offer(offer.id, ADA, PRESS, world.desk) == Taken(HW3, until)
    with world.desk.store.reading() as records:
        [extension] = records.extensions.of(ADA.id)
        assert (extension.assignment_id, extension.until_at, extension.origin) == (HW3.id, until, Origin.OFFER)
        assert [line.actor_id for line in records.audit.about(extension.id)] == [ADA.id]
    assert offer_on(world, HW3).state is OfferState.TAKEN
    assert offer_on(world, HW2).state is OfferState.OPEN
    assert len(world.letters("extensions.granted")) == 1


def test_the_message_it_was_pressed_in_shows_what_became_of_it(world: World) -> None:
    take_offer(offer_on(world, HW3).id, ADA, PRESS, world.desk)
    updates = [sent for letter, sent in world.deliver(PRESS) if letter.kind == "nudges.standing"]
    [update] = updates
    assert isinstance(update, Ready)
    assert isinstance(update.address, Standing)
    assert isinstance(update.content, MissedWork)
    assert [(item.assignment, item.due_at) for item in update.content.items] == [
        (HW2, HW2.due_at),
        (HW3, PRESS + timedelta(days=2)),
    ]
    assert [offer.assignment_id for offer in update.content.offers] == [HW2.id]


def test_taking_it_twice_says_the_same_and_changes_nothing(world: World) -> None:
    offer = offer_on(world, HW3)
    first = take_offer(offer.id, ADA, PRESS, world.desk)
    again = take_offer(offer.id, ADA, PRESS + HOUR, world.desk)
    assert again == Taken(HW3, first.until_at if isinstance(first, Taken) else NOW, is_new=False)
    assert len(world.letters("extensions.granted")) == 1


def test_one_delivery_that_arrives_twice_is_refused_the_second_time(world: World) -> None:
    desk = world.desk.for_delivery("press:1")
    take_offer(offer_on(world, HW3).id, ADA, PRESS, desk)
    with pytest.raises(AlreadySeen):
        take_offer(offer_on(world, HW3).id, ADA, PRESS, desk)


def test_two_presses_at_once_are_one_grant(world: World) -> None:
    offer, together = offer_on(world, HW3), Barrier(8)

    def press(_: int) -> Outcome:
        together.wait(timeout=10)
        return take_offer(offer.id, ADA, PRESS, world.desk)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(press, range(8)))
    assert sum(isinstance(outcome, Taken) and outcome.is_new for outcome in outcomes) == 1
    with world.desk.store.reading() as records:
        assert len(records.extensions.of(ADA.id)) == 1


def test_all_offers_of_a_message_are_taken_at_once(world: World) -> None:
    until = PRESS + timedelta(days=2)
    nudge = offer_on(world, HW3).nudge_id
    assert set(take_all(nudge, ADA, PRESS, world.desk)) == {Taken(HW2, until), Taken(HW3, until)}
    assert {outcome.assignment for outcome in take_all(nudge, ADA, PRESS + HOUR, world.desk)} == {HW2, HW3}
    with world.desk.store.reading() as records:
        assert len(records.extensions.of(ADA.id)) == 2


def test_the_days_never_go_past_the_last_moment_to_hand_in(world: World) -> None:
    hard = PRESS + timedelta(days=1)
    world.assign(replace(HW3, hard_due_at=hard))
    taken = take_offer(offer_on(world, HW3).id, ADA, PRESS, world.desk)
    assert isinstance(taken, Taken)
    assert taken.until_at == hard


def test_days_keep_their_wall_time_over_a_clock_change(tmp_path: Path) -> None:
    world = new_world(tmp_path)
    world.assign(replace(HW3, due_at=datetime(2026, 3, 27, 18, tzinfo=UTC)))
    friday = datetime(2026, 3, 28, 12, tzinfo=UTC)
    nudge_missed(world.desk, friday)
    taken = take_offer(offer_on(world, HW3).id, ADA, friday, world.desk)
    assert isinstance(taken, Taken)
    assert taken.until_at == datetime(2026, 3, 30, 11, tzinfo=UTC)


# ---- offers that stand no more


def lapse(world: World) -> None:
    with world.desk.store.transaction() as records:
        records.nudges.lapse_offers(NOW + timedelta(hours=72))


def replaced_by_a_grant(world: World) -> None:
    world.extend(ADA, HW3, NOW + HOUR, NOW)
    with world.desk.store.transaction() as records:
        records.nudges.close_offers_on(ADA.id, HW3.id, OfferState.REPLACED)


def cancelled(world: World) -> None:
    world.assign(replace(HW3, cancelled=True))


def excused(world: World) -> None:
    world.excuse(ADA, HW3)


def passed(world: World) -> None:
    world.assign(replace(HW3, pass_mark=50.0))
    world.hand_in(ADA, HW3, NOW, score=60.0)


def closed(world: World) -> None:
    world.assign(replace(HW3, hard_due_at=PRESS))


@pytest.mark.parametrize(
    ("happened", "why", "due_at"),
    [
        (lapse, Over.LAPSED, DUE),
        (replaced_by_a_grant, Over.REPLACED, NOW + HOUR),
        (cancelled, Over.SETTLED, DUE),
        (excused, Over.SETTLED, DUE),
        (passed, Over.SETTLED, DUE),
        (closed, Over.CLOSED, DUE),
    ],
)
def test_an_offer_that_stands_no_more_says_why_and_grants_nothing(
    world: World, happened: Callable[[World], None], why: Over, due_at: datetime
) -> None:
    offer = offer_on(world, HW3)
    happened(world)
    outcome = take_offer(offer.id, ADA, PRESS, world.desk)
    assert isinstance(outcome, OfferOver)
    assert (outcome.why, outcome.days, outcome.effective_due_at) == (why, 2, due_at)
    assert world.letters("extensions.granted") == []


def test_an_offer_past_its_time_has_lapsed_before_any_job_says_so(world: World) -> None:
    outcome = take_offer(offer_on(world, HW3).id, ADA, NOW + timedelta(hours=72), world.desk)
    assert isinstance(outcome, OfferOver)
    assert outcome.why is Over.LAPSED


# ---- who may


ACTIONS: dict[str, Callable[[World, Member], object]] = {
    "take": lambda world, who: take_offer(offer_on(world, HW3).id, who, PRESS, world.desk),
    "take all": lambda world, who: take_all(offer_on(world, HW3).nudge_id, who, PRESS, world.desk),
    "hand in": lambda world, who: say_handed_in(HW3.id, who, PRESS, world.desk),
}


@pytest.mark.parametrize(
    ("action", "who", "refused"),
    [
        ("take", BO, NotAllowed),
        ("take", TARA, NotAllowed),
        ("take", ORLA, NotAllowed),
        ("take", replace(ADA, status=Status.PAUSED), NotActive),
        ("take", replace(ADA, status=Status.WITHDRAWN), NotActive),
        ("take all", BO, NotFound),
        ("take all", TARA, NotAllowed),
        ("take all", replace(ADA, status=Status.PAUSED), NotActive),
        ("hand in", TARA, NotAllowed),
        ("hand in", replace(ADA, status=Status.EXPELLED), NotActive),
    ],
)
def test_a_forged_or_stale_press_is_refused_and_changes_nothing(
    world: World, action: str, who: Member, refused: type[CohortError]
) -> None:
    with pytest.raises(refused):
        ACTIONS[action](world, who)
    with world.desk.store.reading() as records:
        assert records.extensions.of(ADA.id) == []
        assert records.submissions.claimed_handed_in() == set()


@pytest.mark.parametrize("made_up", ["", "off_0", "' OR 1=1 --", "☃"])
def test_an_offer_that_was_never_made_is_not_found(world: World, made_up: str) -> None:
    with pytest.raises(NotFound):
        take_offer(made_up, ADA, PRESS, world.desk)
    with pytest.raises(NotFound):
        take_all(made_up, ADA, PRESS, world.desk)
    with pytest.raises(NotFound):
        say_handed_in(made_up, ADA, PRESS, world.desk)


# ---- "I did hand it in"


def test_saying_it_is_handed_in_is_noted_and_staff_look_for_it(world: World) -> None:
    assert say_handed_in(HW3.id, ADA, PRESS, world.desk) == HandedIn(HW3, is_recorded=False)
    sent = {letter.kind: prepared for letter, prepared in world.deliver(PRESS)}
    note = sent["nudges.claimed"]
    assert isinstance(note, Ready)
    assert (note.address, note.content) == (Channel("staff"), ClaimedHandIn(ADA, HW3))
    assert isinstance(sent["nudges.standing"], Ready)


def test_saying_it_twice_tells_staff_once(world: World) -> None:
    for _ in range(2):
        assert say_handed_in(HW3.id, ADA, PRESS, world.desk) == HandedIn(HW3, is_recorded=False)
    assert len(world.letters("nudges.claimed")) == 1


def test_what_the_records_know_already_is_told_to_nobody(world: World) -> None:
    world.hand_in(ADA, HW3, NOW)
    assert say_handed_in(HW3.id, ADA, PRESS, world.desk) == HandedIn(HW3, is_recorded=True)
    assert world.letters("nudges.claimed") == []


def test_a_claim_that_the_records_confirm_meanwhile_troubles_nobody(world: World) -> None:
    say_handed_in(HW3.id, ADA, PRESS, world.desk)
    world.hand_in(ADA, HW3, PRESS - HOUR)
    sent = {letter.kind: prepared for letter, prepared in world.deliver(PRESS)}
    assert sent["nudges.claimed"] == Obsolete("the records have it now")


def test_there_is_nothing_to_say_about_reading(world: World) -> None:
    reading = homework("reading1", DUE, kind=Kind.READING)
    world.assign(reading)
    with pytest.raises(NotFound):
        say_handed_in(reading.id, ADA, PRESS, world.desk)


def test_an_exam_can_be_said_to_be_handed_in_without_any_offer(world: World) -> None:
    exam = homework("exam1", DUE, kind=Kind.EXAM, hard_due_at=HARD)
    world.assign(exam)
    dee = person("Dee")
    world.add(dee)
    assert say_handed_in(exam.id, dee, PRESS, world.desk) == HandedIn(exam, is_recorded=False)
    assert world.letters("nudges.standing") == []
