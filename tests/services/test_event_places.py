"""Places at talks and socials are free again once somebody takes part no more or is paused."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from cohort.errors import EventFull
from cohort.events import EventKind
from cohort.roster import Member, Status
from services.booking_changes import give_up_gone
from services.desk import Desk
from services.events import EventWish, add_event, announce, sign_up
from services.roster import change_status
from tests.conftest import NOON

TALK = EventWish(EventKind.TALK, "On proofs", date(2026, 7, 2), time(18), 60, "Room 3", places=1)
OVER = NOON.replace(day=2, hour=18)


@pytest.fixture
def talk(desk: Desk, ada: Member, orla: Member) -> str:
    """A talk with one place, which is Ada's."""
    event_id = add_event(TALK, orla, NOON, desk)[0].event.id
    announce(event_id, orla, NOON, desk)
    sign_up(event_id, ada, NOON, desk)
    return event_id


def signed_up(desk: Desk, talk: str) -> list[str]:
    with desk.store.reading() as records:
        return records.events.signed_up(talk)


@pytest.mark.parametrize("status", [Status.PAUSED, Status.WITHDRAWN])
def test_who_is_paused_or_withdraws_makes_room(
    desk: Desk, talk: str, ada: Member, bo: Member, orla: Member, status: Status
) -> None:
    with pytest.raises(EventFull):
        sign_up(talk, bo, NOON, desk)
    change_status(orla, ada.id, status, NOON, desk)
    assert signed_up(desk, talk) == []
    sign_up(talk, bo, NOON, desk)
    assert signed_up(desk, talk) == [bo.id]


def test_who_left_by_the_roster_makes_room_in_passing(desk: Desk, talk: str, ada: Member) -> None:
    with desk.store.transaction() as records:
        records.roster.save(replace(ada, status=Status.WITHDRAWN, left_at=NOON))
    assert [give_up_gone(desk, NOON), give_up_gone(desk, NOON)] == [1, 0]
    assert signed_up(desk, talk) == []


def test_who_was_at_something_that_is_over_stays_in_its_list(desk: Desk, talk: str, ada: Member, orla: Member) -> None:
    change_status(orla, ada.id, Status.PAUSED, OVER + timedelta(hours=1), desk)
    assert signed_up(desk, talk) == [ada.id]
