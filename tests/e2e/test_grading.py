"""Grading in a workspace: a queue worked through by two TAs, and what students hear of it."""

from datetime import timedelta
from hashlib import sha256
from threading import Event
from time import monotonic

import pytest

from bot.clock import SetClock
from cohort.hand_ins import File, HandIn, HandInState
from cohort.roster import Member
from sandbox.client import Message, Person
from tests.conftest import NOON
from tests.e2e.conftest import Programme
from tests.services.grading_world import WEAK, graded, hand_in, new_version, state_of

DAY = timedelta(days=1)


@pytest.fixture
def waiting(programme: Programme) -> dict[str, HandIn]:
    """Let Ada, Bo and Chen have handed in hw3 the day before, in this order."""
    found = {}
    with programme.desk.store.reading() as records:
        members = {name: records.roster.by_email(f"{name}@example.org") for name in ("ada", "bo", "chen")}
        hw3 = records.assignments.with_slug("hw3")
    assert hw3 is not None
    for place, (name, member) in enumerate(members.items()):
        assert member is not None
        found[name] = hand_in(programme.desk, hw3, member, at=NOON - DAY + place * timedelta(minutes=1))
    return found


def the_form(grader: Person) -> None:
    """Open the form for what was claimed last."""
    grader.press("Grade")


def test_a_ta_claims_opens_and_grades_and_the_student_hears_at_once(
    programme: Programme, waiting: dict[str, HandIn]
) -> None:
    tara, ada = programme.person("tara"), programme.person("ada")
    shown = tara.command("/grade-queue").shown
    assert "3 to grade" in shown
    assert "The oldest waits one day" in shown
    assert shown.index("Ada") < shown.index("Bo") < shown.index("Chen")
    claimed = tara.press("Claim next").shown
    assert "It is yours" in claimed
    assert "Ada" in claimed
    view = tara.press("Open").view
    assert view is not None
    assert "https://example.org/work" in view
    tara.close()
    form = tara.press("Grade").view
    assert form is not None
    assert "The work: https://example.org/work" in form
    assert list(tara.submit().errors) == ["score"]
    tara.fill({"Score": "lots"})
    assert "score" in tara.submit().errors["score"]
    tara.fill({"Score": "85", "Feedback, for the student to read": "Clear & <complete>"})
    assert "Ada" in tara.submit().shown
    note = ada.wait_for("You passed")
    assert "85" in note
    assert "Clear & <complete>" in note
    assert state_of(programme.desk, waiting["ada"]).state is HandInState.GRADED


def test_not_yet_comes_with_feedback_a_date_and_a_way_to_hand_in(
    programme: Programme, waiting: dict[str, HandIn]
) -> None:
    tara, ada = programme.person("tara"), programme.person("ada")
    tara.command("/grade-queue hw3")
    tara.press("Claim next")
    the_form(tara)
    tara.fill({"Score": "40"})
    assert "what to work on" in tara.submit().errors["feedback"]
    tara.fill({"Feedback, for the student to read": "Show the base case"})
    assert "They hear of it in their morning" in tara.submit().shown
    # At noon in UTC it is eight in the morning in New York.
    note = ada.wait_for("has not passed yet")
    assert "Show the base case" in note
    assert "You can try again until" in note
    assert ada.press("Hand in again", in_=note.place).view is not None
    assert waiting


def test_two_tas_at_one_thing(programme: Programme, waiting: dict[str, HandIn]) -> None:
    tara, tom = programme.person("tara"), programme.person("tom")
    tara.command("/grade-queue")
    tom.command("/grade-queue")
    claim = {"action_id": "grading.claim", "value": waiting["bo"].id}
    assert "It is yours" in tara.press(claim, in_=tara.read()[-1]).shown
    second = tom.press(claim, in_=tom.read()[-1]).shown
    assert "Somebody was first with that one" in second
    assert "Ada" in second
    assert "Given back" in tara.press("Release").shown


def test_what_was_typed_outlives_a_newer_version_and_a_claim_that_ran_out(
    programme: Programme, clock: SetClock, waiting: dict[str, HandIn]
) -> None:
    tara = programme.person("tara")
    tara.command("/grade-queue")
    tara.press("Claim next")
    the_form(tara)
    tara.fill({"Score": "75", "Feedback, for the student to read": "Nearly there"})
    clock.set(NOON + 3 * DAY)
    programme.bot.parts.runner.wake_overdue()
    assert tara.wait_for("went back to the queue", timeout=15)
    new_version(programme.desk, waiting["ada"], 2)
    again = tara.submit().view
    assert again is not None
    assert "A newer version was handed in" in again
    assert "version 2" in again
    assert "Nearly there" in str(again.body)
    done = tara.submit().shown
    assert "passed with 75" in done
    assert "Your claim had run out" in done


def test_what_somebody_else_graded_leaves_the_form_as_it_is(programme: Programme, waiting: dict[str, HandIn]) -> None:
    tara, tom = programme.person("tara"), programme.person("tom")
    tara.command("/grade-queue")
    tara.press("Claim next")
    the_form(tara)
    tara.fill({"Score": "75", "Feedback, for the student to read": "Nearly there"})
    held_by = state_of(programme.desk, waiting["ada"]).claimed_by
    assert held_by is not None
    with programme.desk.store.transaction() as records:
        records.hand_ins.release(waiting["ada"].id, held_by)
    tom.command("/grade-queue")
    tom.press("Claim next")
    the_form(tom)
    tom.fill({"Score": "90"})
    tom.submit()
    assert "Tom has graded it meanwhile" in tara.submit().errors["score"]
    assert "Nearly there" in str(tara.view and tara.view.body)


def test_pages_and_filter(programme: Programme, waiting: dict[str, HandIn]) -> None:
    with programme.desk.store.reading() as records:
        ada, hw4 = records.roster.by_email("ada@example.org"), records.assignments.with_slug("hw4")
    assert ada is not None
    assert hw4 is not None
    for attempt in range(1, 13):
        hand_in(programme.desk, hw4, ada, attempt=attempt)
    tara = programme.person("tara")
    assert "15 to grade" in tara.command("/grade-queue").shown
    later = tara.press("Later")
    assert "Page 2 of 2" in str(later.messages[-1].blocks)
    assert "3 to grade" in tara.press("grading.filter", waiting["ada"].assignment_id).shown
    assert "12 to grade" in tara.command("/grade-queue HW4").shown


def test_grades_that_are_held_are_released_after_a_preview(programme: Programme, waiting: dict[str, HandIn]) -> None:
    orla, tara, ada = programme.person("orla"), programme.person("tara"), programme.person("ada")
    with programme.desk.store.transaction() as records:
        grader = records.roster.by_email("tara@example.org")
        assert grader is not None
        records.hand_ins.claim(waiting["ada"].id, grader.id, NOON, NOON + DAY)
        records.hand_ins.finish(waiting["ada"].id, grader.id)
        records.connection.execute(
            "INSERT INTO grades (id, hand_in_id, number, grader_id, verdict, score, graded_at)"
            " VALUES ('grd_1', ?, 1, ?, 'passed', 80, '2026-07-01T12:00:00.000+00:00')",
            (waiting["ada"].id, grader.id),
        )
    shown = orla.command("/cohort assignment hw3 release").shown
    assert "tells one student: 1 passed" in shown
    assert "2 things of it still to be graded" in shown
    assert "is released to one student" in orla.press("Release").shown
    assert ada.wait_for("You passed")
    assert "are told already" in orla.command("/cohort assignment hw3 release").shown
    assert "Only organizers" in tara.command("/cohort assignment hw3 release").shown
    assert "I don't see which assignment" in orla.command("/cohort assignment hw3").shown


def test_the_day_begins_with_what_is_due(programme: Programme, clock: SetClock, waiting: dict[str, HandIn]) -> None:
    clock.set(NOON + 6 * DAY)
    programme.bot.parts.runner.wake_overdue()
    orla = programme.person("orla")
    report = orla.wait_for(lambda m: "should have been graded by now" in m, timeout=15)
    assert isinstance(report, Message)
    assert "nobody's yet" in report
    assert "3 to grade" in orla.press("Show the queue", in_=report.place).shown
    assert waiting


def test_a_question_about_a_grade_changes_it_with_a_reason(programme: Programme, waiting: dict[str, HandIn]) -> None:
    tara, ada = programme.person("tara"), programme.person("ada")
    graded(programme.desk, waiting["ada"], a_grader(programme), WEAK)
    note = ada.wait_for("has not passed yet")
    ada.press("Question about this grade", in_=note.place)
    ada.fill({"What would you like to know, or have looked at again?": "The base case is on <page> 2"})
    assert "Tara has your question" in ada.submit().shown
    card = tara.wait_for("has a question about the grade")
    assert "The base case is on <page> 2" in card
    assert not [m for m in programme.person("tom").read("staff") if "page" in m.shown]
    tara.press("Answer", in_=card.place)
    tara.fill({"Answer, for the student to read": "So it is. Sorry!", "Another score": "eighty"})
    assert "Give a score" in tara.submit().errors["score"]
    tara.fill({"Another score": "80"})
    assert "Ada gets your answer. The grade is changed" in tara.submit().shown
    told = ada.wait_for("looked at your question")
    assert "The grade is now: *passed, 80*" in told
    assert "So it is. Sorry!" in told
    assert "Tara answered it" in tara.wait_for("answered it", after=0)


def a_grader(programme: Programme) -> Member:
    with programme.desk.store.reading() as records:
        tara = records.roster.by_email("tara@example.org")
    assert tara is not None
    return tara


def test_a_file_comes_to_whoever_claims_it_with_its_fingerprint(programme: Programme) -> None:
    ada, tara = programme.person("ada"), programme.person("tara")
    ada.command("/submit hw3")
    ada.fill({"file": {"name": "proof.pdf", "content": "By induction."}})
    ada.submit()
    tara.command("/grade-queue")
    tara.press("Claim next")
    came = tara.wait_for("From Ada, for", timeout=10)
    assert "Problem set 3" in came
    with programme.desk.store.reading() as records:
        [made] = records.hand_ins.waiting()
    file = _file_once_read(programme, made)
    assert file.sha256 == sha256(b"By induction.").hexdigest()
    view = tara.press("Open").view
    assert view is not None
    assert file.sha256 in view


def _file_once_read(programme: Programme, made: HandIn) -> File:
    """Wait until the fingerprint of a file is on record, which is just after it was sent."""
    until = monotonic() + 5
    while monotonic() < until:
        with programme.desk.store.reading() as records:
            file = records.hand_ins.versions(made.id)[-1].file
        if file is not None and file.sha256:
            return file
        Event().wait(0.02)
    raise AssertionError("the file was not read")
