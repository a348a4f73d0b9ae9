"""What becomes of the sections someone leads when they are away: led by who is free, else by nobody yet, and undone."""

from dataclasses import replace
from datetime import date, time

from cohort.events import EventKind
from cohort.roster import Member
from cohort.wishes import ForDays
from services.desk import Desk
from services.events import EventWish, add_event, announce, found
from services.handover_messages import HandoverReport, Share
from services.handovers import HandOver, go_away, hand_over, undo
from tests.conftest import NOON
from tests.services.booking_world import hours
from tests.services.grading_world import heard, letters

WISH = EventWish(EventKind.SECTION, "Section", date(2026, 7, 2), time(18), 60, "Room 3", "tara@example.org", times=2)
STARTS = NOON.replace(day=2, hour=17)


def sections(desk: Desk, orla: Member, wish: EventWish = WISH) -> list[str]:
    made = [one.event.id for one in add_event(wish, orla, NOON, desk)]
    for event_id in made:
        announce(event_id, orla, NOON, desk)
    return made


def leaders(desk: Desk, made: list[str]) -> list[str | None]:
    with desk.store.reading() as records:
        found = [records.events.get(event_id) for event_id in made]
    return [event.facilitator_id if event else "" for event in found]


def test_what_someone_leads_goes_to_who_is_free_and_comes_back(
    desk: Desk, tara: Member, tom: Member, orla: Member
) -> None:
    made = sections(desk, orla)
    handover = go_away(ForDays(4), tara, NOON, desk).handover
    assert leaders(desk, made) == [tom.id, tara.id]
    told = [letter.recipient for letter in letters(desk, "events.leading")]
    assert told.count(f"member:{tom.id}") == 1
    undo(handover.id, tara, NOON, desk)
    assert leaders(desk, made) == [tara.id, tara.id]


def test_who_has_hours_or_leads_something_then_does_not_get_it(
    desk: Desk, tara: Member, tom: Member, orla: Member
) -> None:
    made = sections(desk, orla)
    hours(desk, tom, STARTS)
    own = sections(desk, orla, replace(WISH, on=date(2026, 7, 9), facilitator="tom@example.org", times=1))
    handover = hand_over(HandOver(tara.id), orla, NOON, desk).handover
    assert leaders(desk, [*made, *own]) == [None, None, tom.id]
    report = heard(desk, letters(desk, "handovers.made")[0], NOON)
    assert isinstance(report, HandoverReport)
    assert list(report.shares) == [
        (None, [Share("facilitation", "2026-07-02", 1), Share("facilitation", "2026-07-09", 1)])
    ]
    undo(handover.id, orla, NOON, desk)
    assert leaders(desk, made) == [tara.id, tara.id]


def test_what_has_begun_or_has_somebody_new_is_not_given_back(
    desk: Desk, tara: Member, tom: Member, orla: Member
) -> None:
    made = sections(desk, orla)
    handover = go_away(ForDays(20), tara, NOON, desk).handover
    assert leaders(desk, made) == [tom.id, tom.id]
    with desk.store.transaction() as records:
        second = records.events.get(made[1])
        assert second is not None
        records.events.change(replace(second, facilitator_id=orla.id))
    undo(handover.id, tara, STARTS, desk)
    assert leaders(desk, made) == [tom.id, orla.id]


def test_of_two_at_one_time_nobody_gets_both(desk: Desk, tara: Member, tom: Member, orla: Member) -> None:
    another = replace(WISH, kind=EventKind.TALK, times=1, facilitator="")
    made = [*sections(desk, orla, replace(WISH, times=1)), *sections(desk, orla, another)]
    with desk.store.transaction() as records:
        # As an import can have it, which says what is and asks nobody.
        records.events.change(replace(found(records, made[1]), facilitator_id=tara.id))
    hand_over(HandOver(tara.id), orla, NOON, desk)
    assert sorted(leaders(desk, made), key=str) == [None, tom.id]


def test_nobody_is_asked_to_lead_at_night_but_who_is_named(desk: Desk, tara: Member, tom: Member, orla: Member) -> None:
    made = sections(desk, orla, replace(WISH, starts=time(9)))
    handover = hand_over(HandOver(tara.id), orla, NOON, desk).handover
    assert leaders(desk, made) == [None, None]
    undo(handover.id, orla, NOON, desk)
    hand_over(HandOver(tara.id, tom.id), orla, NOON, desk)
    assert leaders(desk, made) == [tom.id, tom.id]


def test_who_leads_something_does_not_get_hours_at_that_time(
    desk: Desk, tara: Member, tom: Member, orla: Member
) -> None:
    sections(desk, orla, replace(WISH, facilitator=tom.email, times=1))
    [slot] = hours(desk, tara, STARTS, 1)
    go_away(ForDays(4), tara, NOON, desk)
    with desk.store.reading() as records:
        session = records.office_hours.session(slot.session_id)
    assert session is not None
    assert session.cancelled_at == NOON
