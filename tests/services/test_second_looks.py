"""A second look after a mistake of ours: the date to try again waits for us, and begins anew where it fails again."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cohort.grading import Marked
from cohort.graduation import Mark
from cohort.hand_ins import HandIn
from cohort.mistakes import AdmitMistake
from cohort.own_work import Retry
from services.due_soon import remind_due_soon
from services.graduation import progress
from services.messages import Ready
from services.mistakes import admit
from services.nudge_messages import MissedWork
from services.nudges import nudge_missed
from services.regrades import answer, ask
from tests.services.grading_world import graded, grades_of, hand_in, retries_of
from tests.services.nudge_world import ADA, BO, HW3, NOW, TARA, TOM, World, new_world

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
# The day on which a date to try again is over that was given by a grade of two days before NOW.
PAST = NOW + 4 * DAY
FAILS = Marked(passed=False, feedback="The proof of the second part is missing")
SORRY = AdmitMistake("hw3", "Question 2b", "Take n > 0, not n < 0.")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


@pytest.fixture
def failed(world: World) -> HandIn:
    """What Ada handed in, which Tom failed two days ago."""
    made = hand_in(world.desk, HW3, ADA, at=NOW - 3 * DAY)
    graded(world.desk, made, TOM, FAILS, NOW - 2 * DAY)
    return made


def the_retry(world: World, now: datetime) -> Retry:
    (found,) = retries_of(world.desk, ADA, now)
    return found


def mark(world: World, now: datetime) -> Mark:
    standing = progress(ADA, "", now, world.desk).ledger.of(HW3.id)
    assert standing is not None
    return standing.mark


def written_to(world: World, now: datetime) -> set[str]:
    """Return who is written to of missed work at an instant, after all sweeps of it."""
    nudge_missed(world.desk, now)
    remind_due_soon(world.desk, now)
    sent = [(letter, what) for letter, what in world.deliver(now) if letter.kind.startswith("nudges.")]
    return {letter.recipient for letter, what in sent if isinstance(what, Ready)}


@pytest.mark.usefixtures("failed")
def test_while_we_look_again_the_date_to_try_again_waits_for_us(world: World) -> None:
    admit(SORRY, TARA, NOW, world.desk)
    assert the_retry(world, PAST).due_at < PAST
    assert mark(world, PAST) is Mark.WAITING
    assert f"member:{ADA.id}" not in written_to(world, PAST)


@pytest.mark.usefixtures("failed")
def test_a_message_on_its_way_is_not_sent_while_we_look_again(world: World) -> None:
    assert nudge_missed(world.desk, PAST) == 3
    admit(SORRY, TARA, PAST, world.desk)
    told = {letter.recipient for letter, what in world.deliver(PAST) if isinstance(what, Ready) and _is_nudge(what)}
    assert f"member:{ADA.id}" not in told
    assert f"member:{BO.id}" in told


def _is_nudge(what: Ready) -> bool:
    return isinstance(what.content, MissedWork)


def test_where_it_fails_again_the_date_begins_anew(world: World, failed: HandIn) -> None:
    before = the_retry(world, NOW)
    admit(SORRY, TARA, NOW, world.desk)
    graded(world.desk, failed, TOM, FAILS, PAST)
    after = the_retry(world, PAST)
    assert after.due_at - PAST >= 5 * DAY - HOUR
    assert (after.opened_at, after.due_at > before.due_at) == (PAST, True)
    assert mark(world, PAST) is Mark.RETRY
    assert f"member:{ADA.id}" not in written_to(world, PAST + HOUR)
    assert f"member:{ADA.id}" in written_to(world, after.due_at + 4 * HOUR)


def test_a_later_date_that_was_given_stays(world: World, failed: HandIn) -> None:
    later = NOW + 20 * DAY
    world.extend(ADA, HW3, later, NOW)
    admit(SORRY, TARA, NOW, world.desk)
    graded(world.desk, failed, TOM, FAILS, NOW + DAY)
    assert the_retry(world, NOW + DAY).due_at == later


def test_an_answer_that_keeps_it_failed_moves_no_date(world: World, failed: HandIn) -> None:
    before = the_retry(world, NOW)
    asked = ask(grades_of(world.desk, failed)[-1].id, "Why?", ADA, NOW, world.desk)
    answer(asked.regrade.id, "It lacks a proof", Marked(passed=False), TOM, NOW + DAY, world.desk)
    assert the_retry(world, NOW + DAY) == before


def test_an_answer_while_we_look_again_that_keeps_it_failed_begins_the_date_anew(world: World, failed: HandIn) -> None:
    asked = ask(grades_of(world.desk, failed)[-1].id, "Why?", ADA, NOW, world.desk)
    admit(SORRY, TARA, NOW, world.desk)
    answer(asked.regrade.id, "It lacks a proof", Marked(passed=False), TOM, PAST, world.desk)
    assert the_retry(world, PAST).due_at > PAST + 4 * DAY
