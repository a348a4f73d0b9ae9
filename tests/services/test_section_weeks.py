"""What sections ask of a student each week: attended, missed, excused, and nothing of who was not there."""

from datetime import date, datetime, time, timedelta

import pytest

from cohort.errors import NotAllowed, NotFound, OutsideProgramme
from cohort.events import EventKind
from cohort.roster import Member, Status
from cohort.sections import missed as missed_in
from services.desk import Desk
from services.events import EventWish, add_event, announce, cancel_event
from services.sections import ExcusedNote, excuse, weeks_of
from tests.conftest import NOON
from tests.services.grading_world import heard, letters

WISH = EventWish(EventKind.SECTION, "Section", date(2026, 7, 2), time(18), 60, "Room 3", "tara@example.org", times=3)
WEEKS = [date(2026, 6, 29), date(2026, 7, 6), date(2026, 7, 13)]
LATER = NOON + timedelta(days=30)


@pytest.fixture
def sections(desk: Desk, orla: Member) -> list[str]:
    """Three sections, a week apart, led by Tara and announced."""
    made = [one.event.id for one in add_event(WISH, orla, NOON, desk)]
    for event_id in made:
        announce(event_id, orla, NOON, desk)
    return made


def missed(desk: Desk, student: Member, now: datetime = LATER) -> list[date]:
    with desk.store.reading() as records:
        return missed_in(weeks_of(records, student, now, desk.policy))


def test_a_week_is_missed_once_its_last_section_is_over(desk: Desk, sections: list[str], ada: Member) -> None:
    assert missed(desk, ada, NOON) == []
    assert missed(desk, ada, NOON + timedelta(days=3)) == WEEKS[:1]
    with desk.store.transaction() as records:
        records.events.attend(sections[1], ada.id, ada.id, NOON)
    assert missed(desk, ada) == [WEEKS[0], WEEKS[2]]


def test_cancelled_sections_and_weeks_of_a_pause_ask_nothing(
    desk: Desk, sections: list[str], ada: Member, bo: Member, orla: Member
) -> None:
    cancel_event(sections[2], "", orla, NOON, desk)
    with desk.store.transaction() as records:
        records.roster.add_status(bo.id, Status.ACTIVE, NOON - timedelta(days=9), None)
        records.roster.add_status(bo.id, Status.PAUSED, NOON, orla.id)
        records.roster.add_status(bo.id, Status.ACTIVE, NOON + timedelta(days=4), orla.id)
    assert (missed(desk, ada), missed(desk, bo)) == (WEEKS[:2], WEEKS[1:2])


def test_who_came_onto_the_roster_later_owes_nothing_before(desk: Desk, sections: list[str], ada: Member) -> None:
    with desk.store.transaction() as records:
        records.roster.add_status(ada.id, Status.ACTIVE, NOON + timedelta(days=9), None)
    assert missed(desk, ada) == WEEKS[2:]
    assert len(sections) == 3


def test_a_ta_excuses_a_week_and_the_student_is_told_once(
    desk: Desk, sections: list[str], ada: Member, tom: Member
) -> None:
    done = [excuse("ada@example.org", date(2026, 7, 9), tom, NOON, desk) for _ in range(2)]
    assert [(one.week_on, one.is_new) for one in done] == [(WEEKS[1], True), (WEEKS[1], False)]
    [letter] = letters(desk, "sections.excused")
    assert heard(desk, letter, NOON) == ExcusedNote(WEEKS[1], tom)
    assert excuse("ada@example.org", None, tom, NOON, desk).week_on == WEEKS[0]
    assert missed(desk, ada) == WEEKS[2:]
    assert len(sections) == 3


@pytest.mark.parametrize("day", [date(2026, 1, 2), date(2027, 5, 1)])
def test_nobody_is_excused_from_a_week_outside_the_programme(desk: Desk, tom: Member, day: date) -> None:
    with pytest.raises(OutsideProgramme):
        excuse("ada@example.org", day, tom, NOON, desk)


def test_students_excuse_nobody_and_staff_are_not_excused(desk: Desk, ada: Member, bo: Member, tom: Member) -> None:
    with pytest.raises(NotAllowed):
        excuse("bo@example.org", None, ada, NOON, desk)
    with pytest.raises(NotFound):
        excuse("tara@example.org", None, tom, NOON, desk)
    with desk.store.reading() as records:
        assert records.events.excused(bo.id) == set()
