"""Who was there: said by students while it is on, entered by whoever leads it, and groups made of them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, time, timedelta
from threading import Barrier

import pytest

from cohort.errors import EventNotBegun, EventOver, NotAllowed, NotFound, ReasonNeeded
from cohort.events import EventKind
from cohort.roster import Member
from services.attendance import here, note, to_note
from services.desk import Desk
from services.events import EventWish, add_event, announce, cancel_event, sign_up
from services.groups import YourGroup, make, tell, to_group
from services.letters import Obsolete
from tests.conftest import NOON, a_member
from tests.services.grading_world import heard, letters

WISH = EventWish(EventKind.SECTION, "Section", date(2026, 7, 2), time(18), 60, "Room 3", "tara@example.org")
STARTS = NOON.replace(day=2, hour=17)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def event(desk: Desk, orla: Member) -> str:
    """A section that is announced, led by Tara."""
    event_id = add_event(WISH, orla, NOON, desk)[0].event.id
    announce(event_id, orla, NOON, desk)
    return event_id


def there(desk: Desk, event: str) -> list[str]:
    with desk.store.reading() as records:
        return records.events.attended(event)


def test_a_student_is_there_once_and_only_while_it_is_on(desk: Desk, event: str, ada: Member) -> None:
    with pytest.raises(EventNotBegun) as told:
        here(event, ada, STARTS - 16 * MINUTE, desk)
    assert told.value.from_at == STARTS - 15 * MINUTE
    assert here(event, ada, STARTS - 15 * MINUTE, desk).was_there
    assert here(event, ada, STARTS + MINUTE, desk).was_there
    assert there(desk, event) == [ada.id]
    with pytest.raises(EventOver):
        here(event, ada, STARTS + 60 * MINUTE, desk)


def test_a_hundred_presses_at_once_note_each_student_once(desk: Desk, event: str, ada: Member, bo: Member) -> None:
    together = Barrier(8)

    def press(number: int) -> None:
        together.wait(10)
        here(event, (ada, bo)[number % 2], STARTS, desk)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, range(8)))
    assert there(desk, event) == sorted([ada.id, bo.id])


def test_nobody_is_there_where_it_is_cancelled_or_not_announced(
    desk: Desk, event: str, ada: Member, tara: Member, orla: Member
) -> None:
    silent = add_event(replace(WISH, title="Silent", facilitator=""), orla, NOON, desk)[0].event.id
    with pytest.raises(NotFound):
        here(silent, ada, STARTS, desk)
    cancel_event(event, "", orla, NOON, desk)
    with pytest.raises(EventOver):
        here(event, ada, STARTS, desk)
    with pytest.raises(EventOver):
        to_note(event, tara, STARTS, desk)


def test_whoever_leads_it_enters_who_was_there_and_may_correct_it(
    desk: Desk, event: str, ada: Member, bo: Member, chen: Member, tara: Member, orla: Member
) -> None:
    sign_up(event, chen, NOON, desk)
    shown = to_note(event, tara, STARTS, desk)
    assert [member.id for member in shown.people] == [chen.id, ada.id, bo.id]
    for _ in range(2):
        entered = note(event, [ada.id, bo.id, "mem_nobody", tara.id], STARTS, tara, STARTS, desk)
        assert entered.there == {ada.id, bo.id}
    assert note(event, [ada.id], STARTS + MINUTE, orla, STARTS + MINUTE, desk).there == {ada.id}
    with desk.store.reading() as records:
        lines = [line.detail for line in records.audit.all() if line.action == "attendance.noted"]
    assert lines == ["2 added, 0 taken out", "0 added, 1 taken out"]


def test_a_list_that_lay_open_does_not_take_out_who_said_so_meanwhile(
    desk: Desk, event: str, ada: Member, bo: Member, tara: Member
) -> None:
    here(event, bo, STARTS + MINUTE, desk)
    assert note(event, [ada.id], STARTS, tara, STARTS + 2 * MINUTE, desk).there == {ada.id, bo.id}


def test_only_who_leads_it_and_organizers_have_the_list_and_make_groups(
    desk: Desk, event: str, ada: Member, tom: Member, tara: Member
) -> None:
    for someone in (ada, tom):
        with pytest.raises(NotAllowed):
            to_note(event, someone, STARTS, desk)
        with pytest.raises(NotAllowed):
            note(event, [ada.id], STARTS, someone, STARTS, desk)
        with pytest.raises(NotAllowed):
            make(event, 2, someone, STARTS, desk)
        with pytest.raises(NotAllowed):
            tell(event, someone, STARTS, desk)
    with pytest.raises(NotAllowed):
        here(event, tara, STARTS, desk)
    assert there(desk, event) == []
    assert to_group(event, tara, NOON, desk).event.id == event


def test_groups_are_looked_at_first_and_then_told_once(
    desk: Desk, event: str, ada: Member, bo: Member, chen: Member, tara: Member
) -> None:
    with pytest.raises(ReasonNeeded):
        make(event, 2, tara, NOON, desk)
    with pytest.raises(ReasonNeeded):
        tell(event, tara, NOON, desk)
    extra = a_member("Student 004")
    with desk.store.transaction() as records:
        records.roster.save(extra)
    for student in (ada, bo, chen, extra):
        sign_up(event, student, NOON, desk)
    made = make(event, 2, tara, NOON, desk)
    assert sorted(member.id for group in made.groups for member in group) == sorted(
        one.id for one in (ada, bo, chen, extra)
    )
    assert letters(desk, "groups.yours") == []
    tell(event, tara, NOON, desk)
    tell(event, tara, NOON, desk)
    told = letters(desk, "groups.yours")
    assert len(told) == 4
    letter = next(one for one in told if one.recipient == f"member:{ada.id}")
    card = heard(desk, letter, NOON)
    assert isinstance(card, YourGroup)
    [mine] = [group for group in made.groups if ada in group]
    assert [*card.others] == [one for one in mine if one != ada]
    assert isinstance(heard(desk, letter, STARTS + 60 * MINUTE), Obsolete)

    for number, size in enumerate((4, 2), 1):
        make(event, size, tara, NOON + number * MINUTE, desk)
        tell(event, tara, NOON + number * MINUTE, desk)
        assert len(letters(desk, "groups.yours")) == 4 * (number + 1)
        assert isinstance(heard(desk, letter, NOON), Obsolete)


def test_groups_are_of_those_who_are_here_once_anyone_is(
    desk: Desk, event: str, ada: Member, bo: Member, chen: Member, tara: Member
) -> None:
    sign_up(event, chen, NOON, desk)
    for student in (ada, bo):
        here(event, student, STARTS, desk)
    [group] = make(event, 2, tara, STARTS, desk).groups
    assert {member.id for member in group} == {ada.id, bo.id}
