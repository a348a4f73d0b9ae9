"""Partners, optional work, the forms and what they start with, and what erasing a person leaves, on a real database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cohort.assignments import Assignment, Kind
from cohort.errors import NotActive, NotAllowed, NotFound
from cohort.extensions import RequestExtension, State
from cohort.hand_ins import LINK, HandInState, HandInWork, Why
from cohort.own_work import TrackItem
from cohort.roster import Member, Status
from cohort.wishes import ForDays
from services.chosen_work import ChosenState, choose, let_go
from services.desk import Desk
from services.erase import erase
from services.extensions import request_extension
from services.hand_in_forms import Blank, Option, blank, options
from services.hand_in_partners import Left, LeftNote, SharedNote, leave
from services.hand_ins import NotShared, NotTaken, submit
from services.letters import Obsolete
from services.messages import Ready, prepare
from tests.conftest import NOON
from tests.services.test_hand_ins import ADDRESS, attempts, claim, hand_in, letters, stored, work

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def told(desk: Desk, kind: str) -> list[object]:
    """Return what each letter of a kind says now; None where it says nothing any more."""
    prepared = [prepare(letter, desk, NOON) for letter in letters(desk, kind)]
    return [each.content if isinstance(each, Ready) else None for each in prepared]


def test_a_partner_reads_what_was_handed_in_with_whom(desk: Desk, ada: Member, bo: Member, chen: Member) -> None:
    received = hand_in(desk, ada, bo, chen)
    [note, _] = told(desk, "hand_ins.shared")
    assert isinstance(note, SharedNote)
    assert (note.student, note.by, note.version) == (bo, ada, received.version)
    assert sorted(partner.name for partner in note.partners) == ["Ada", "Chen"]


def test_only_the_newest_version_is_told(desk: Desk, ada: Member, bo: Member) -> None:
    hand_in(desk, ada, bo)
    hand_in(desk, ada, now=NOON + HOUR)
    first, second = told(desk, "hand_ins.shared")
    assert first is None
    assert isinstance(second, SharedNote)
    assert second.version.number == 2


def test_who_had_no_part_in_it_is_out_and_the_others_are_told(desk: Desk, ada: Member, bo: Member) -> None:
    request_extension(RequestExtension("hw3", ForDays(3)), bo, NOON, desk)
    received = hand_in(desk, ada, bo, now=NOON + 2 * DAY)
    assert leave(received.hand_in.id, bo, NOON + 2 * DAY, desk) == Left(received.assignment, is_out=True)
    kept = stored(desk, received.hand_in.id)
    assert (kept.due_at, kept.is_late) == (received.assignment.due_at, True)
    assert attempts(desk, bo) == []
    assert len(attempts(desk, ada)) == 1
    assert told(desk, "hand_ins.left") == [LeftNote(ada, bo, received.assignment)]
    assert told(desk, "hand_ins.shared") == [None]
    assert hand_in(desk, bo, now=NOON + 2 * DAY).hand_in.id != kept.id


def test_nobody_leaves_what_is_being_read(desk: Desk, ada: Member, bo: Member, tara: Member) -> None:
    received = hand_in(desk, ada, bo)
    claim(desk, received.hand_in.id, tara)
    assert leave(received.hand_in.id, bo, NOON, desk).is_out is False
    assert len(attempts(desk, bo)) == 1


def test_only_partners_can_leave(desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member) -> None:
    received = hand_in(desk, ada, bo)
    for someone in (ada, chen, tara):
        with pytest.raises(NotAllowed):
            leave(received.hand_in.id, someone, NOON, desk)
    with pytest.raises(NotActive):
        leave(received.hand_in.id, replace(bo, status=Status.PAUSED), NOON, desk)
    with pytest.raises(NotFound):
        leave("hin_gone", bo, NOON, desk)


@pytest.fixture
def project(desk: Desk, hw4: Assignment) -> Assignment:
    """An optional assignment."""
    optional = replace(hw4, id="asg_project", slug="project", title="Project", kind=Kind.PROJECT, required=False)
    with desk.store.transaction() as records:
        records.assignments.save(optional)
    return optional


def test_optional_work_counts_for_those_who_take_it_on(desk: Desk, ada: Member, project: Assignment) -> None:
    taken = choose("project", ada, NOON, desk)
    assert (taken.state, taken.assignment.required, taken.due_at) == (ChosenState.TAKEN_ON, True, project.due_at)
    assert choose("project", ada, NOON, desk) == taken
    assert hand_in(desk, ada, about="project").hand_in.assignment_id == project.id


@pytest.mark.usefixtures("project")
def test_letting_it_go_takes_back_what_was_asked_for_it(desk: Desk, ada: Member) -> None:
    choose("project", ada, NOON, desk)
    asked = request_extension(RequestExtension("project", ForDays(9)), ada, NOON, desk)
    assert let_go("project", ada, NOON, desk).state is ChosenState.LET_GO
    with desk.store.reading() as records:
        request = records.requests.get(asked.request_id or "")
        assert records.own_work.of(ada.id, "", NOON).chosen == frozenset()
    assert request is not None
    assert request.state is State.WITHDRAWN


def test_what_is_required_is_not_chosen_also_by_a_track(desk: Desk, ada: Member, project: Assignment) -> None:
    assert choose("hw3", ada, NOON, desk).state is ChosenState.REQUIRED
    assert let_go("hw3", ada, NOON, desk).state is ChosenState.REQUIRED
    with desk.store.transaction() as records:
        records.roster.save(replace(ada, track="deep"))
        records.own_work.save_track_items([TrackItem("deep", project.id, required=True)])
    deep = replace(ada, track="deep")
    assert choose("project", deep, NOON, desk).state is ChosenState.REQUIRED
    assert choose("hw3", deep, NOON, desk).state is ChosenState.TAKEN_ON
    forms = [blank(name, deep, NOON, desk) for name in ("project", "hw3")]
    assert [form.is_optional for form in forms if isinstance(form, Blank)] == [False, True]


def test_nothing_is_taken_on_after_its_last_moment(desk: Desk, ada: Member, project: Assignment) -> None:
    assert choose("project", ada, project.hard_due_at, desk).state is ChosenState.CLOSED


def test_optional_work_can_be_taken_on_before_it_opens(desk: Desk, ada: Member, project: Assignment) -> None:
    with desk.store.transaction() as records:
        records.assignments.save(replace(project, opens_at=NOON + DAY))
    assert choose("project", ada, NOON, desk).state is ChosenState.TAKEN_ON


def test_who_did_not_take_it_on_can_not_be_named(desk: Desk, ada: Member, bo: Member, project: Assignment) -> None:
    choose(project.id, ada, NOON, desk)
    assert isinstance(submit(work("project", ADDRESS, bo), ada, NOON, desk), NotShared)
    choose(project.id, bo, NOON, desk)
    assert hand_in(desk, ada, bo, about="project").partners == [bo]


def test_staff_choose_nothing(desk: Desk, tara: Member, project: Assignment) -> None:
    for decide in (choose, let_go):
        with pytest.raises(NotAllowed):
            decide(project.id, tara, NOON, desk)


@pytest.mark.usefixtures("project")
def test_what_is_open_comes_by_due_time_and_what_waits_last(
    desk: Desk, ada: Member, hw3: Assignment, hw4: Assignment, final: Assignment
) -> None:
    hand_in(desk, ada)
    with desk.store.transaction() as records:
        records.assignments.save(replace(final, opens_at=NOON + DAY))
        records.assignments.save(replace(hw4, id="asg_free", slug="free", due_at=None))
    found = options(ada, NOON, desk)
    assert [option.assignment.slug for option in found] == ["hw4", "free", "project", "hw3"]
    assert [(option.is_chosen, option.is_handed_in) for option in found[2:]] == [(False, False), (True, True)]
    assert isinstance(found[0], Option)
    assert found[0].due_at == hw4.due_at
    assert hw3.slug == found[-1].assignment.slug


def test_a_form_starts_with_what_waits(desk: Desk, ada: Member, bo: Member) -> None:
    empty = blank("hw3", ada, NOON, desk)
    assert isinstance(empty, Blank)
    assert (empty.before, empty.version, empty.is_part, empty.is_late) == (None, None, False, False)
    submit(HandInWork("hw3", {LINK: ADDRESS}, partners=(bo.id,), is_part=True), ada, NOON, desk)
    filled = blank("hw3", bo, NOON + 3 * DAY, desk)
    assert isinstance(filled, Blank)
    assert filled.version is not None
    assert filled.version.content == {LINK: ADDRESS}
    assert (filled.partners, filled.is_part, filled.is_late) == ([ada], True, True)


def test_a_form_that_would_not_be_taken_is_not_shown(desk: Desk, ada: Member, tara: Member) -> None:
    claim(desk, hand_in(desk, ada).hand_in.id, tara)
    found = blank("hw3", ada, NOON, desk, is_part=True)
    assert isinstance(found, NotTaken)
    assert (found.why, found.by) == (Why.CLAIMED, tara)
    with pytest.raises(NotAllowed):
        blank("hw3", tara, NOON, desk)
    with pytest.raises(NotAllowed):
        options(tara, NOON, desk)


def test_a_shared_letter_about_a_hand_in_that_is_gone_is_obsolete(desk: Desk, ada: Member, bo: Member) -> None:
    hand_in(desk, ada, bo)
    [letter] = letters(desk, "hand_ins.shared")
    elsewhere = replace(letter, data={**letter.data, "hand_in": "hin_gone"})
    assert isinstance(prepare(elsewhere, desk, NOON), Obsolete)


def test_erasing_a_person_empties_what_they_handed_in_and_leaves_that_they_did(desk: Desk, ada: Member) -> None:
    received = submit(HandInWork("hw3", {LINK: f"{ADDRESS}/unusual"}, tools="an unusual tool"), ada, NOON, desk)
    erase(ada.id, NOON + HOUR, desk)
    with desk.store.reading() as records:
        dump = "\n".join(records.connection.iterdump())
        [kept] = records.hand_ins.of(ada.id, "asg_hw3")
        assert [version.content for version in records.hand_ins.versions(kept.id)] == [{}]
    assert "unusual" not in dump
    assert kept.state is HandInState.WAITING
    assert received is not None
