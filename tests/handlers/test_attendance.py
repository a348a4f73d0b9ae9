"""The list of who was there, as a form: every student in it, read from all of its menus, and with suspicion."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from cohort.errors import Unclear
from cohort.events import EventKind
from cohort.roster import Member
from handlers.answers import Ask, OpenModal
from handlers.attendance import note, open_list
from services.desk import Desk
from services.events import EventWish, add_event, announce, sign_up
from tests.conftest import NOON, a_member

WISH = EventWish(EventKind.SECTION, "Section", date(2026, 7, 1), time(14), 60, "Room 3", "tara@example.org")
STARTS = NOON + timedelta(hours=1)
MANY = 250


@pytest.fixture
def event(desk: Desk, ada: Member, orla: Member) -> str:
    """A section led by Tara, for which Ada has signed up, in a programme with many students."""
    with desk.store.transaction() as records:
        for number in range(MANY):
            records.roster.save(a_member(f"Student {number:03}"))
    event_id = add_event(WISH, orla, NOON, desk)[0].event.id
    announce(event_id, orla, NOON, desk)
    sign_up(event_id, ada, NOON, desk)
    return event_id


def menus(desk: Desk, event: str, tara: Member) -> dict[str, Any]:
    """Return the menus of the form by their block."""
    answer = open_list(Ask(tara, STARTS, value=event), desk)
    assert isinstance(answer, OpenModal)
    return {block["block_id"]: block["element"] for block in answer.view["blocks"] if block["type"] == "input"}


def ticked(element: Any, options: Any) -> dict[str, Any]:
    return {element: {"type": "multi_static_select", "selected_options": options}}


def there(desk: Desk, event: str) -> list[str]:
    with desk.store.reading() as records:
        return records.events.attended(event)


def test_many_students_are_in_several_menus_and_all_are_read(desk: Desk, event: str, ada: Member, tara: Member) -> None:
    shown = menus(desk, event, tara)
    values = [option["value"] for element in shown.values() for option in element["options"]]
    assert values[0] == ada.id
    with desk.store.reading() as records:
        students = [member.id for member in records.roster.all() if not member.is_staff]
    assert sorted(values) == sorted(students)
    assert max(len(element["options"]) for element in shown.values()) == 100

    state = {block: ticked(block, element["options"]) for block, element in shown.items()}
    note(Ask(tara, STARTS, state=state, metadata=f"{event}|{STARTS.isoformat()}"), desk)
    assert there(desk, event) == sorted(students)
    again = menus(desk, event, tara)
    assert all(element["initial_options"] == element["options"] for element in again.values())


@pytest.mark.parametrize(
    "options", [7, "mem_ada", [None, 3, {}, {"value": 5}, {"value": "mem_none"}], {"value": "mem_ada"}]
)
def test_what_no_menu_sends_notes_nobody(desk: Desk, event: str, tara: Member, options: object) -> None:
    state = {"who0": ticked("who0", options)}
    note(Ask(tara, STARTS, state=state, metadata=f"{event}|{STARTS.isoformat()}"), desk)
    assert there(desk, event) == []


@pytest.mark.parametrize("opened", ["", "yesterday", "2026-13-01T00:00:00"])
def test_a_list_that_nobody_opened_is_not_kept(desk: Desk, event: str, tara: Member, opened: str) -> None:
    with pytest.raises(Unclear):
        note(Ask(tara, STARTS, state={}, metadata=f"{event}|{opened}"), desk)
