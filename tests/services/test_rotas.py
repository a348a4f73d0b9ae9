"""Rotas and owners in one place: what is shown, what is changed at once, and two organizers at the same time."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cohort.errors import ChangedMeanwhile, EventOver, LeaderBusy, NotActive, NotAllowed, NotFound, Unclear
from cohort.events import Event, EventKind
from cohort.roster import Member, Status
from cohort.rotas import Duty, turns
from services.desk import Desk
from services.duties import QUESTIONS, DutyNote, RotaNote, WeeksWish, rota, set_duty, set_weeks
from services.graders import set_graders
from services.messages import Ready, prepare
from services.rotas import graders_of, leader_of, overview, rota_of, set_leader
from tests.conftest import NOON

THIS_WEEK, NEXT_WEEK, THIRD_WEEK = date(2026, 6, 29), date(2026, 7, 6), date(2026, 7, 13)
WEEK = timedelta(weeks=1)
# Nine in the morning in Los Angeles, where Tom is.
ALL_AWAKE = NOON + timedelta(hours=4)


def section(desk: Desk, leader: Member | None = None, slug: str = "section-0702", days: int = 1) -> Event:
    """Put a section on, announced, as many days from now."""
    starts_at = NOON + timedelta(days=days)
    event = Event(f"evt_{slug}", slug, EventKind.SECTION, "Discussion", starts_at, starts_at + timedelta(hours=1), NOON)
    event = replace(event, facilitator_id=leader.id if leader else None, announced_at=NOON)
    with desk.store.transaction() as records:
        records.events.add(event)
    return event


def told(desk: Desk, kind: str) -> list[object]:
    with desk.store.reading() as records:
        letters = [letter for letter, _ in records.outbox.of_kind(kind)]
    return [ready.content for letter in letters if isinstance(ready := prepare(letter, desk, ALL_AWAKE), Ready)]


def audited(desk: Desk, action: str) -> list[str]:
    with desk.store.reading() as records:
        return [line.detail for line in records.audit.all() if line.action == action]


def test_everything_that_somebody_owns_is_shown(desk: Desk, orla: Member, tara: Member, tom: Member) -> None:
    set_duty(orla, "Tara", None, NOON, desk)
    set_duty(orla, "Tom", NEXT_WEEK, NOON, desk, QUESTIONS)
    set_graders("hw3", ["Tara"], orla, NOON, desk)
    section(desk, tom)
    with desk.store.transaction() as records:
        records.graders.set_away(tara.id, NOON, None)
    found = overview("", orla, NOON, desk)
    shown = {one.duty: [(turn.member, turn.is_there) for turn in one.turns[:2]] for one in found.rotas}
    assert shown == {Duty.EXTENSIONS: [(tara, False), (None, False)], Duty.QUESTIONS: [(None, False), (tom, True)]}
    assert {one.turns[-1].week_on for one in found.rotas} == {date(2026, 8, 3)}
    graded = [(one.assignment.slug, list(one.people)) for one in found.graded]
    assert graded == [("hw3", [tara]), ("hw4", []), ("final", [])]
    later = overview("", orla, NOON + timedelta(days=2), desk)
    assert [one.assignment.slug for one in later.graded] == ["hw4", "final", "hw3"]
    assert [one.facilitator for one in found.sections] == [tom]
    fewer = overview(" TARA ", orla, NOON, desk)
    assert ([one.assignment.slug for one in fewer.graded], list(fewer.sections)) == (["hw3"], [])


def test_several_weeks_are_given_at_once_and_each_hears_once(
    desk: Desk, orla: Member, tara: Member, tom: Member
) -> None:
    wanted = turns([tara.id, tom.id], THIS_WEEK, THIRD_WEEK + WEEK)
    done = set_weeks(WeeksWish(Duty.QUESTIONS, wanted, {}), orla, NOON, desk)
    assert [(one.week_on, one.member) for one in done] == [
        (THIS_WEEK, tara),
        (NEXT_WEEK, tom),
        (THIRD_WEEK, tara),
        (THIRD_WEEK + WEEK, tom),
    ]
    notes = [
        RotaNote("questions", [THIS_WEEK, THIRD_WEEK], orla),
        RotaNote("questions", [NEXT_WEEK, THIRD_WEEK + WEEK], orla),
    ]
    assert told(desk, "duties.rota") == notes
    assert audited(desk, "duty.set") == [f"{on} questions" for on in wanted]
    assert set_weeks(WeeksWish(Duty.QUESTIONS, wanted, {}), orla, NOON, desk) == []


def test_one_week_is_told_as_by_the_command(desk: Desk, orla: Member, tom: Member) -> None:
    set_weeks(WeeksWish(Duty.EXTENSIONS, {NEXT_WEEK: tom.id}, {}), orla, NOON, desk)
    assert told(desk, "duties.changed") == [DutyNote(NEXT_WEEK, tom, is_yours=True, by=orla)]


def test_a_week_that_somebody_else_gave_away_meanwhile_stays_and_nothing_else_is_written(
    desk: Desk, orla: Member, tara: Member, tom: Member
) -> None:
    set_duty(orla, "Tara", NEXT_WEEK, NOON, desk)
    was = {THIS_WEEK: "", NEXT_WEEK: ""}
    with pytest.raises(ChangedMeanwhile) as refused:
        set_weeks(WeeksWish(Duty.EXTENSIONS, {THIS_WEEK: tom.id, NEXT_WEEK: tom.id}, was), orla, NOON, desk)
    assert (refused.value.field, refused.value.now) == ("2026-07-06", "Tara")
    assert [(week.week_on, week.member) for week in rota(orla, NOON, desk)] == [(NEXT_WEEK, tara)]
    assert set_weeks(WeeksWish(Duty.EXTENSIONS, {NEXT_WEEK: tara.id}, was), orla, NOON, desk) == []


def test_what_can_t_be_given_is_refused(desk: Desk, orla: Member, tara: Member, tom: Member, ada: Member) -> None:
    with desk.store.transaction() as records:
        records.roster.save(replace(tom, status=Status.PAUSED))
    refused: list[tuple[Member, date, str, type[Exception]]] = [
        (tara, THIS_WEEK, tara.id, NotAllowed),
        (ada, THIS_WEEK, tara.id, NotAllowed),
        (orla, THIS_WEEK - WEEK, tara.id, Unclear),
        (orla, THIS_WEEK, tom.id, NotActive),
        (orla, THIS_WEEK, ada.id, NotFound),
        (orla, THIS_WEEK, "mem_nobody", NotFound),
    ]
    for actor, on, member, error in refused:
        with pytest.raises(error):
            set_weeks(WeeksWish(Duty.EXTENSIONS, {on: member}, {}), actor, NOON, desk)
    assert rota(orla, NOON, desk) == []


def test_only_organizers_look_and_change(desk: Desk, tara: Member, ada: Member, hw3: object) -> None:
    del hw3
    section(desk)
    for actor in (tara, ada):
        with pytest.raises(NotAllowed):
            overview("", actor, NOON, desk)
        with pytest.raises(NotAllowed):
            rota_of("extensions", actor, NOON, desk)
        with pytest.raises(NotAllowed):
            graders_of("hw3", actor, NOON, desk)
        with pytest.raises(NotAllowed):
            leader_of("section-0702", actor, NOON, desk)
        with pytest.raises(NotAllowed):
            set_leader("section-0702", actor.id, "", actor, NOON, desk)


def test_there_is_no_third_duty(desk: Desk, orla: Member) -> None:
    with pytest.raises(Unclear):
        rota_of("coffee", orla, NOON, desk)


def test_graders_that_changed_meanwhile_stay(desk: Desk, orla: Member, tara: Member, tom: Member) -> None:
    shown = graders_of("hw3", orla, NOON, desk)
    assert (list(shown.graders.people), list(shown.staff)) == ([], [tara, tom, orla])
    set_graders("hw3", [tara.id], orla, NOON, desk, was=[])
    with pytest.raises(ChangedMeanwhile):
        set_graders("hw3", [tom.id], orla, NOON, desk, was=[])
    assert set_graders("hw3", [tara.id], orla, NOON, desk, was=[]).is_new is False
    assert list(set_graders("hw3", [tara.id, tom.id], orla, NOON, desk, was=[tara.id]).people) == [tara, tom]


def test_a_section_is_led_by_somebody_else_who_hears_of_it(desk: Desk, orla: Member, tara: Member, tom: Member) -> None:
    event = section(desk, tara)
    done = set_leader(event.id, tom.id, tara.id, orla, NOON, desk)
    assert done.facilitator == tom
    assert len(told(desk, "events.leading")) == 1
    assert audited(desk, "event.changed") == [""]
    with pytest.raises(ChangedMeanwhile) as refused:
        set_leader(event.id, orla.id, tara.id, orla, NOON, desk)
    assert (refused.value.field, refused.value.now) == ("leader", "Tom")
    assert set_leader(event.id, tom.id, tara.id, orla, NOON, desk).facilitator == tom


def test_who_leads_something_else_then_can_t_lead_it(desk: Desk, orla: Member, tara: Member) -> None:
    section(desk, tara)
    other = section(desk, slug="section-2")
    with pytest.raises(LeaderBusy):
        set_leader(other.id, tara.id, "", orla, NOON, desk)
    over = section(desk, slug="section-3", days=-2)
    with pytest.raises(EventOver):
        set_leader(over.id, tara.id, "", orla, NOON, desk)
    with pytest.raises(NotFound):
        set_leader(other.id, "ada@example.org", "", orla, NOON, desk)


def test_people_take_turns_in_their_order() -> None:
    assert turns(["a", "b", "c"], THIS_WEEK, THIRD_WEEK + WEEK) == {
        THIS_WEEK: "a",
        NEXT_WEEK: "b",
        THIRD_WEEK: "c",
        THIRD_WEEK + WEEK: "a",
    }
    assert turns(["a"], THIS_WEEK, THIS_WEEK) == {THIS_WEEK: "a"}
    assert turns([], THIS_WEEK, NEXT_WEEK) == turns(["a"], NEXT_WEEK, THIS_WEEK) == {}
