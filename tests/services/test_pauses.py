"""Pauses that end by themselves on the day that was named, and what comes in between."""

from datetime import UTC, datetime, timedelta

import pytest

from cohort.errors import NotAllowed, Unclear
from cohort.roster import Member, Status
from cohort.wishes import ForDays, UntilWall, UntilWeekday
from services.desk import Desk
from services.imports import import_roster
from services.leavings import WantsToLeave, begin, undo
from services.messages import Ready, prepare
from services.pauses import end_pauses
from services.roster import StatusNote, change_status
from tests.conftest import NOON

# Noon is that of a Wednesday; midnight in London, where the programme is.
FRIDAY = datetime(2026, 7, 2, 23, tzinfo=UTC)
UNTIL_FRIDAY = UntilWeekday(4)
DAY = timedelta(days=1)


def pause(desk: Desk, actor: Member, until: UntilWeekday | None = UNTIL_FRIDAY) -> None:
    change_status(actor, "Ada", Status.PAUSED, NOON, desk, until)


def status(desk: Desk, student: Member) -> tuple[Status, datetime | None]:
    with desk.store.reading() as records:
        found = records.roster.get(student.id)
        assert found is not None
        return found.status, records.pauses.back_at(student.id)


def told(desk: Desk, now: datetime) -> list[StatusNote]:
    with desk.store.reading() as records:
        letters = [letter for letter, _ in records.outbox.of_kind("roster.status")]
    found = [ready.content for letter in letters if isinstance(ready := prepare(letter, desk, now), Ready)]
    return [note for note in found if isinstance(note, StatusNote)]


def test_a_pause_ends_on_its_day_and_the_student_hears_of_both(desk: Desk, ada: Member, orla: Member) -> None:
    pause(desk, orla)
    assert status(desk, ada) == (Status.PAUSED, FRIDAY)
    assert [note.back_at for note in told(desk, NOON)] == [FRIDAY]
    assert end_pauses(desk, FRIDAY - timedelta(minutes=1)) == 0
    assert end_pauses(desk, FRIDAY) == 1
    assert status(desk, ada) == (Status.ACTIVE, None)
    assert [(note.student.status, note.back_at) for note in told(desk, FRIDAY + 0.75 * DAY)] == [(Status.ACTIVE, None)]
    assert end_pauses(desk, FRIDAY + DAY) == 0
    with desk.store.reading() as records:
        lines = [(line.actor_id, line.action, line.detail) for line in records.audit.about(ada.id)]
    assert lines == [(orla.id, "roster.status", "paused"), (None, "roster.status", "active")]


def test_another_day_and_no_day_can_be_named_meanwhile(desk: Desk, ada: Member, orla: Member) -> None:
    pause(desk, orla)
    later = change_status(orla, "Ada", Status.PAUSED, NOON, desk, ForDays(7))
    assert (later.is_new, later.back_at) == (True, NOON + 7 * DAY)
    assert end_pauses(desk, FRIDAY) == 0
    assert not change_status(orla, "Ada", Status.PAUSED, NOON, desk, ForDays(7)).is_new
    assert change_status(orla, "Ada", Status.PAUSED, NOON, desk).is_new
    assert status(desk, ada) == (Status.PAUSED, None)
    assert end_pauses(desk, NOON + 30 * DAY) == 0
    with desk.store.reading() as records:
        assert [line.action for line in records.audit.about(ada.id)] == ["roster.status", "pause.ends", "pause.ends"]


@pytest.mark.parametrize("becomes", [Status.ACTIVE, Status.WITHDRAWN])
def test_what_somebody_decides_meanwhile_holds(desk: Desk, ada: Member, orla: Member, becomes: Status) -> None:
    pause(desk, orla)
    change_status(orla, "Ada", becomes, NOON + DAY / 2, desk)
    assert status(desk, ada) == (becomes, None)
    pause(desk, orla, None) if becomes is Status.ACTIVE else None
    assert end_pauses(desk, FRIDAY) == 0


def test_an_import_that_brings_somebody_back_ends_the_pause(desk: Desk, ada: Member, orla: Member) -> None:
    pause(desk, orla)
    import_roster("email,name,role,status\nada@example.org,Ada,student,active\n", NOON, desk)
    assert status(desk, ada) == (Status.ACTIVE, None)


def test_who_wants_to_leave_is_not_brought_back_until_they_stay(desk: Desk, ada: Member, orla: Member) -> None:
    pause(desk, orla)
    with desk.store.reading() as records:
        paused = records.roster.get(ada.id)
    assert paused is not None
    leaving = begin(WantsToLeave(), paused, NOON, desk).leaving
    assert end_pauses(desk, FRIDAY) == 0
    undo(leaving.id, paused, FRIDAY, desk)
    assert end_pauses(desk, FRIDAY) == 1
    assert status(desk, ada) == (Status.ACTIVE, None)


def test_a_day_that_is_past_is_refused(desk: Desk, ada: Member, orla: Member, tara: Member) -> None:
    with pytest.raises(Unclear, match="a day to come"):
        change_status(orla, "Ada", Status.PAUSED, NOON, desk, UntilWall(datetime(2026, 7, 1), has_time=False))
    with pytest.raises(NotAllowed):
        change_status(tara, "Ada", Status.PAUSED, NOON, desk, UNTIL_FRIDAY)
    assert status(desk, ada) == (Status.ACTIVE, None)
