"""Nobody is woken by what they wait for, unless it would come too late."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cohort.extensions import RequestExtension
from cohort.wishes import ForDays
from services import outbox
from services.extension_decisions import approve, decline
from services.extension_upkeep import remind_waiting
from services.extensions import request_extension
from services.letters import Later
from services.messages import Channel, Prepared, Ready
from tests.services.nudge_world import ADA, ORLA, TARA, World, homework, new_world

EVENING = datetime(2026, 2, 18, 23, tzinfo=UTC)
MORNING = datetime(2026, 2, 19, 8, tzinfo=UTC)
FAR = homework("hw7", datetime(2026, 2, 23, 18, tzinfo=UTC))
HOUR = timedelta(hours=1)


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = new_world(tmp_path)
    made.assign(FAR)
    return made


def asked(world: World, days: int, now: datetime = EVENING) -> str:
    answered = request_extension(RequestExtension(FAR.id, ForDays(days)), ADA, now, world.desk)
    assert answered.request_id is not None
    return answered.request_id


def sent(world: World, kind: str, now: datetime) -> Prepared:
    [only] = [prepared for letter, prepared in world.deliver(now) if letter.kind == kind]
    return only


def test_who_asks_at_night_is_awake_and_answered_at_once(world: World) -> None:
    asked(world, 2)
    assert isinstance(sent(world, "extensions.granted", EVENING), Ready)


def test_but_not_hours_later_when_they_sleep(world: World) -> None:
    asked(world, 2)
    assert sent(world, "extensions.granted", EVENING + HOUR) == Later(MORNING)


@pytest.mark.parametrize("decided", [approve, lambda *args: decline(args[0], "please talk to me", *args[1:])])
def test_good_and_bad_news_from_a_person_wait_for_the_morning(world: World, decided) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - either decision
    request_id = asked(world, 9)
    decided(request_id, TARA, EVENING, world.desk)
    kind = "extensions.granted" if decided is approve else "extensions.declined"
    assert sent(world, kind, EVENING) == Later(MORNING)
    assert isinstance(sent(world, kind, MORNING), Ready)


def test_time_that_ends_before_they_wake_is_told_at_once(world: World) -> None:
    soon = homework("hw8", EVENING + HOUR)
    world.assign(soon)
    answered = request_extension(RequestExtension(soon.id, ForDays(9)), ADA, EVENING, world.desk)
    assert answered.request_id is not None
    approve(answered.request_id, TARA, EVENING, world.desk, EVENING + 4 * HOUR)
    assert isinstance(sent(world, "extensions.granted", EVENING), Ready)


def test_the_night_is_that_of_the_reader(world: World) -> None:
    world.add(replace(ADA, zone="America/New_York"))
    approve(asked(world, 9), TARA, EVENING, world.desk)
    assert isinstance(sent(world, "extensions.granted", EVENING), Ready)


def test_a_card_in_a_channel_goes_at_once(world: World) -> None:
    asked(world, 9)
    card = sent(world, "extensions.card", EVENING)
    assert isinstance(card, Ready)
    assert card.address == Channel("staff")


def test_a_reminder_waits_where_no_limit_passes_meanwhile_and_only_there(world: World) -> None:
    """Asked at 17:00, to be answered by 5:00: three quarters of that have passed at 2:00."""
    with world.desk.store.transaction() as records:
        records.duties.assign("extensions", datetime(2026, 2, 16).date(), TARA.id)
    at = EVENING - 6 * HOUR
    asked(world, 9, at)
    remind_waiting(world.desk, at + 9 * HOUR)
    assert isinstance(sent(world, "extensions.waiting", at + 9 * HOUR), Ready)
    remind_waiting(world.desk, at + 12 * HOUR)
    remind_waiting(world.desk, at + 18 * HOUR)
    world.add(replace(ORLA, zone="America/Los_Angeles"))
    next_morning = datetime(2026, 2, 20, 9, tzinfo=UTC)
    to_organizer = [p for letter, p in world.deliver(next_morning) if letter.recipient == outbox.to(ORLA)]
    assert to_organizer == [Later(datetime(2026, 2, 20, 16, tzinfo=UTC))]
