"""The sweep over a cohort: who is written to, with what offer, and what is checked again when it is sent."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from cohort.assignments import Assignment, Kind
from cohort.extensions import State
from cohort.nudges import OfferState
from cohort.policy import NudgePolicy
from cohort.roster import Member, Status
from services import messages, nudge_messages, nudges
from services.letters import Later, Obsolete
from services.messages import Direct, Ready, Standing
from services.nudge_messages import Item, ItemState, MissedWork
from services.nudges import lapse_offers, nudge_missed
from tests.services.nudge_world import (
    ADA,
    BO,
    CHEN,
    DUE,
    HARD,
    HW3,
    NOW,
    TARA,
    World,
    homework,
    new_world,
    person,
    policy,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def written_to(world: World) -> set[str]:
    return {letter.data["student"] for letter in world.letters("nudges.missed")}


def write_to(world: World, student: Member, assignment: Assignment) -> bool:
    with world.desk.store.transaction() as records:
        return nudges._nudge(records, (student.id, [assignment]), world.desk, NOW)


def only_content(world: World, now: datetime) -> MissedWork:
    [(_, prepared)] = [sent for sent in world.deliver(now) if sent[0].kind == "nudges.missed"]
    assert isinstance(prepared, Ready)
    assert isinstance(prepared.content, MissedWork)
    return prepared.content


def test_everyone_who_missed_it_gets_one_message_and_nobody_else_does(world: World) -> None:
    world.hand_in(BO, HW3, DUE - HOUR)
    assert nudge_missed(world.desk, NOW) == 2
    assert written_to(world) == {ADA.id, CHEN.id}


def test_a_message_holds_the_offer_and_is_sent_to_the_student_alone(world: World) -> None:
    world.add(*(replace(m, status=Status.PAUSED) for m in (BO, CHEN)))
    nudge_missed(world.desk, NOW)
    [(letter, prepared)] = world.deliver(NOW)
    assert isinstance(prepared, Ready)
    assert prepared.address == Direct("UADA")
    content = prepared.content
    assert isinstance(content, MissedWork)
    assert [(item.assignment, item.due_at, item.state) for item in content.items] == [(HW3, DUE, ItemState.OPEN)]
    [offer] = content.offers
    assert (offer.days, offer.state, offer.lapses_at) == (2, OfferState.OPEN, NOW + timedelta(hours=72))
    assert (letter.at_most_once, letter.expires_at) == (True, offer.lapses_at)


def test_what_was_told_is_never_told_again(world: World) -> None:
    assert nudge_missed(world.desk, NOW) == 3
    assert nudge_missed(world.desk, NOW) == 0
    assert nudge_missed(world.desk, NOW + timedelta(days=6)) == 0


def test_not_even_after_old_letters_were_forgotten(world: World) -> None:
    nudge_missed(world.desk, NOW)
    world.deliver(NOW)
    with world.desk.store.transaction() as records:
        assert records.outbox.prune(NOW + timedelta(days=31)) == 3
    assert nudge_missed(world.desk, NOW + timedelta(days=31)) == 0


def test_several_misses_are_one_message_the_oldest_first(world: World) -> None:
    hw1, hw2 = homework("hw1", DUE - timedelta(days=14)), homework("hw2", DUE - timedelta(days=7))
    world.assign(hw2, hw1)
    world.hand_in(BO, HW3, DUE)
    world.hand_in(BO, hw1, DUE)
    world.hand_in(BO, hw2, DUE)
    world.add(replace(CHEN, status=Status.PAUSED))
    assert nudge_missed(world.desk, NOW) == 1
    assert [item.assignment.slug for item in only_content(world, NOW).items] == ["hw1", "hw2", "hw3"]


def test_only_what_is_new_makes_another_message(world: World) -> None:
    nudge_missed(world.desk, NOW)
    world.deliver(NOW)
    world.assign(homework("hw4", NOW + timedelta(days=1)))
    later = NOW + timedelta(days=2)
    assert nudge_missed(world.desk, later) == 3
    assert [letter.data["assignments"] for letter in world.letters("nudges.missed")][-1] == ["asg_hw4"]


def test_those_who_sleep_are_left_for_the_morning(world: World) -> None:
    dee = person("Dee", zone="America/Los_Angeles")
    world.add(dee, *(replace(m, status=Status.PAUSED) for m in (ADA, BO, CHEN)))
    assert nudge_missed(world.desk, NOW) == 0
    eight_there = datetime(2026, 2, 18, 16, tzinfo=UTC)
    assert nudge_missed(world.desk, eight_there - timedelta(minutes=1)) == 0
    assert nudge_missed(world.desk, eight_there) == 1


def test_quiet_hours_are_policy(tmp_path: Path) -> None:
    lunch = NudgePolicy(quiet_from=time(11), quiet_until=time(13))
    world = new_world(tmp_path, policy(nudges=lunch))
    assert nudge_missed(world.desk, NOW) == 0
    assert nudge_missed(world.desk, NOW + HOUR) == 3


def test_the_programme_hears_nothing_where_the_account_is_unknown_until_it_is_linked(world: World) -> None:
    world.add(replace(ADA, slack_id=None))
    nudge_missed(world.desk, NOW)
    assert written_to(world) == {BO.id, CHEN.id}
    world.add(ADA)
    nudge_missed(world.desk, NOW)
    assert written_to(world) == {ADA.id, BO.id, CHEN.id}


def handed_in(world: World) -> None:
    world.hand_in(ADA, HW3, NOW - HOUR)


def extended(world: World) -> None:
    world.extend(ADA, HW3, NOW + HOUR, DUE)


def waits_for_us(world: World) -> None:
    world.ask(ADA, HW3)


def talks_with_us(world: World) -> None:
    world.ask(ADA, HW3, State.TALKING)


def was_refused_and_does_not_know_yet(world: World) -> None:
    world.ask(ADA, HW3, State.DECLINED)


def is_excused(world: World) -> None:
    world.excuse(ADA, HW3)


def is_paused(world: World) -> None:
    world.add(replace(ADA, status=Status.PAUSED))


def has_left(world: World) -> None:
    world.add(replace(ADA, status=Status.WITHDRAWN, left_at=NOW - HOUR))


def said_it_is_handed_in(world: World) -> None:
    with world.desk.store.transaction() as records:
        records.submissions.claim_handed_in(ADA.id, HW3.id, NOW - HOUR)


def due_time_was_moved(world: World) -> None:
    world.assign(replace(HW3, due_at=NOW + HOUR))


def due_time_was_taken_away(world: World) -> None:
    world.assign(replace(HW3, due_at=None))


def was_cancelled(world: World) -> None:
    world.assign(replace(HW3, cancelled=True))


def became_optional(world: World) -> None:
    world.assign(replace(HW3, required=False))


SPARED = [
    handed_in,
    extended,
    waits_for_us,
    talks_with_us,
    was_refused_and_does_not_know_yet,
    is_excused,
    is_paused,
    has_left,
    said_it_is_handed_in,
    due_time_was_moved,
    due_time_was_taken_away,
    was_cancelled,
    became_optional,
]


@pytest.mark.parametrize("spare", SPARED, ids=lambda spare: str(spare.__name__))
def test_never_to_someone_who(spare, world: World) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - one of the functions above
    spare(world)
    nudge_missed(world.desk, NOW)
    assert ADA.id not in written_to(world)


@pytest.mark.parametrize("spare", SPARED, ids=lambda spare: str(spare.__name__))
def test_nothing_is_sent_to_someone_who_meanwhile(spare, world: World) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - one of the functions above
    nudge_missed(world.desk, NOW)
    spare(world)
    told = {letter.data["student"] for letter, sent in world.deliver(NOW) if isinstance(sent, Ready)}
    assert ADA.id not in told


@pytest.mark.parametrize("spare", SPARED, ids=lambda spare: str(spare.__name__))
def test_a_sweep_that_looked_too_early_looks_again_before_it_writes(spare, world: World) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - one of the functions above
    spare(world)
    assert not write_to(world, ADA, HW3)
    assert written_to(world) == set()


def test_two_sweeps_that_found_the_same_write_once(world: World) -> None:
    assert write_to(world, ADA, HW3)
    assert not write_to(world, ADA, HW3)
    assert len(world.letters("nudges.missed")) == 1


def test_staff_are_never_nudged(world: World) -> None:
    nudge_missed(world.desk, NOW)
    assert TARA.id not in written_to(world)


def test_what_came_later_is_not_known_yet(world: World) -> None:
    world.hand_in(ADA, HW3, NOW + HOUR)
    world.extend(BO, HW3, NOW + timedelta(days=2), granted_at=NOW + HOUR)
    nudge_missed(world.desk, NOW)
    assert written_to(world) == {ADA.id, BO.id, CHEN.id}


def test_what_is_settled_meanwhile_is_left_out_of_the_message(world: World) -> None:
    hw2 = homework("hw2", DUE - timedelta(days=7))
    world.assign(hw2)
    world.add(*(replace(m, status=Status.PAUSED) for m in (BO, CHEN)))
    nudge_missed(world.desk, NOW)
    world.hand_in(ADA, hw2, NOW)
    assert [item.assignment for item in only_content(world, NOW).items] == [HW3]


def test_a_letter_that_waited_into_the_night_waits_until_morning(world: World) -> None:
    nudge_missed(world.desk, NOW)
    midnight = datetime(2026, 2, 19, 0, tzinfo=UTC)
    prepared = [sent for _, sent in world.deliver(midnight)]
    assert prepared == [Later(datetime(2026, 2, 19, 8, tzinfo=UTC))] * 3
    assert {type(sent) for _, sent in world.deliver(datetime(2026, 2, 19, 8, tzinfo=UTC))} == {Ready}


def test_a_letter_that_outlived_its_offer_is_not_sent(world: World) -> None:
    nudge_missed(world.desk, NOW)
    sent = [sent for _, sent in world.deliver(NOW + timedelta(hours=72))]
    assert sent == [Obsolete("expired")] * 3


# ---- offers


def test_an_exam_is_mentioned_without_an_offer(world: World) -> None:
    world.assign(replace(HW3, kind=Kind.EXAM))
    world.add(*(replace(m, status=Status.PAUSED) for m in (BO, CHEN)))
    nudge_missed(world.desk, NOW)
    content = only_content(world, NOW)
    assert [item.offer for item in content.items] == [None]


def test_past_the_limit_of_what_is_granted_without_asking_a_day_is_offered(world: World) -> None:
    late = [homework(f"hw{n}", DUE - timedelta(days=20 - n)) for n in (4, 5, 6, 7, 8)]
    world.assign(*late)
    world.add(*(replace(m, status=Status.PAUSED) for m in (BO, CHEN)))
    nudge_missed(world.desk, NOW)
    assert [offer.days for offer in only_content(world, NOW).offers] == [2, 2, 2, 2, 1, 1]


def test_an_offer_lapses_when_its_time_is_over(world: World) -> None:
    nudge_missed(world.desk, NOW)
    assert lapse_offers(world.desk, NOW + timedelta(hours=71)) == 0
    assert lapse_offers(world.desk, NOW + timedelta(hours=72)) == 3
    assert lapse_offers(world.desk, NOW + timedelta(hours=72)) == 0
    with world.desk.store.reading() as records:
        assert [offer.state for offer in records.nudges.offers_of(ADA.id)] == [OfferState.LAPSED]


def test_the_message_stands_as_things_are_after_a_change(world: World) -> None:
    world.add(*(replace(m, status=Status.PAUSED) for m in (BO, CHEN)))
    names = ("hw4", "hw5", "hw6", "hw7", "hw8")
    hw4, hw5, hw6, hw7, exam = (homework(name, DUE - timedelta(days=20 - n)) for n, name in enumerate(names))
    exam = replace(exam, kind=Kind.EXAM)
    world.assign(hw4, hw5, hw6, hw7, exam)
    nudge_missed(world.desk, NOW)
    content = only_content(world, NOW)
    world.hand_in(ADA, hw4, NOW)
    world.extend(ADA, hw5, NOW + HOUR, NOW)
    world.excuse(ADA, hw6)
    with world.desk.store.transaction() as records:
        records.submissions.claim_handed_in(ADA.id, hw7.id, NOW)
        nudge_messages.refresh(records, ADA, content.nudge_id, "test", NOW)
    [(_, prepared)] = world.deliver(NOW)
    assert isinstance(prepared, Ready)
    assert isinstance(prepared.address, Standing)
    assert isinstance(prepared.content, MissedWork)
    offers = {offer.assignment_id: offer for offer in content.offers}
    assert prepared.content.items == [
        Item(hw4, hw4.due_at or HARD, ItemState.HANDED_IN),
        Item(hw5, NOW + HOUR, ItemState.MORE_TIME),
        Item(hw6, hw6.due_at or HARD, ItemState.SETTLED),
        Item(hw7, hw7.due_at or HARD, ItemState.SAID_HANDED_IN),
        Item(exam, exam.due_at or HARD),
        Item(HW3, DUE, offer=offers[HW3.id]),
    ]


# ---- a large cohort


def test_the_sweep_asks_as_many_questions_for_many_students_as_for_few(tmp_path: Path) -> None:
    def questions(students: int) -> int:
        folder = tmp_path / str(students)
        folder.mkdir()
        world = new_world(folder)
        people = [person(f"Student {n:04}") for n in range(students)]
        world.add(*people)
        for member in (*people, ADA, BO, CHEN):
            world.hand_in(member, HW3, DUE)
        asked: list[str] = []
        with world.desk.store.reading() as records:
            records.connection.set_trace_callback(asked.append)
            try:
                assert list(nudges._overdue(records, world.desk.policy.nudges, NOW)) == []
            finally:
                records.connection.set_trace_callback(None)
        return len(asked)

    assert questions(5) == questions(60)


def test_a_large_cohort_is_written_to_in_small_transactions(world: World) -> None:
    people = [person(f"Student {n:03}") for n in range(45)]
    world.add(*people)
    assert nudge_missed(world.desk, NOW) == 48
    assert len(written_to(world)) == 48
    assert messages.COMPOSERS["nudges.missed"] is nudge_messages.compose_missed


def test_what_was_not_said_in_the_end_can_be_said_later(world: World) -> None:
    """A nudge that is settled before it was sent had kept its work from ever being mentioned."""
    nudge_missed(world.desk, NOW)
    outlived = NOW + timedelta(hours=73)
    assert [type(prepared) for _, prepared in world.deliver(outlived)] == [Obsolete] * 3
    assert nudge_missed(world.desk, outlived + timedelta(minutes=15)) == 3
    assert all(isinstance(prepared, Ready) for _, prepared in world.deliver(outlived + timedelta(minutes=15)))
