"""Plain words in a direct message, in the running program: shown first, done by a press, and a person on a yes."""

from datetime import timedelta

from cohort.roster import Member
from services.extensions import case_of
from tests.conftest import NOON
from tests.e2e.conftest import Programme


def test_more_time_is_shown_first_and_given_by_a_press(programme: Programme) -> None:
    ada = programme.person("ada")
    shown = ada.write("can I get two more days for hw3?").shown
    assert "You'd like more time for *Problem set 3* (hw3): 2 more days, until Jul 4, 2026 at 1:00 PM" in shown
    assert "Press, and it is yours" in shown
    assert due_moved(programme) is False
    assert "Was it one of these?" in ada.press("Something else").messages[-1].shown
    assert due_moved(programme) is False
    ada.write("can I get two more days for hw3?")
    assert "Done: *Problem set 3* (hw3) is now due" in ada.press("Ask for it").messages[0].shown
    assert due_moved(programme)


def test_what_a_ta_decides_is_said_before_the_press(programme: Programme) -> None:
    shown = programme.person("ada").write("please can I have three more weeks for hw3").shown
    assert "21 more days, until Jul 23, 2026" in shown
    assert "A TA decides about this one" in shown


def test_a_wish_that_changes_nothing_is_answered_at_once(programme: Programme) -> None:
    ada = programme.person("ada")
    ada.command("/extension hw3 3d")
    shown = ada.write("can I have until tomorrow for hw3?").shown
    assert "already, so nothing needed changing" in shown
    assert "[Ask for it]" not in shown


def due_moved(programme: Programme) -> bool:
    with programme.desk.store.reading() as records:
        ada = records.roster.by_email("ada@example.org")
        hw3 = records.assignments.with_slug("hw3")
        assert ada is not None
        assert hw3 is not None
        return case_of(records, ada, hw3, NOON + timedelta(hours=1)).effective_due_at != hw3.due_at


def test_reading_needs_no_press(programme: Programme) -> None:
    ada = programme.person("ada")
    assert "What is due, by your own dates" in ada.write("what's due?").shown
    assert "*Whom to ask* about" in ada.write("who do I ask about pset 3?").shown
    assert "granted at once" in ada.write("what is the late policy?").shown


def test_a_ta_reads_what_is_due_who_comes_and_whom_to_ask(programme: Programme) -> None:
    tara = programme.person("tara")
    assert "*What is due for everyone*" in (due := tara.write("what is due this week?").shown)
    assert "Problem set 3" in due
    assert "Whom to ask" in (who := tara.write("who is responsible for hw3?").shown)
    assert "[Ask a TA]" not in who
    assert "office hours" in tara.write("who has booked my office hours?").shown


def test_leaving_opens_the_form_and_nothing_else(programme: Programme, ada: Member) -> None:
    person = programme.person("ada")
    assert "You're thinking of leaving." in person.write("I want to leave").shown
    assert person.press("Open the form").view is not None
    with programme.desk.store.reading() as records:
        found = records.roster.by_email(ada.email)
        assert found is not None
        assert found.is_active(NOON)


def test_where_leaving_sounds_heavy_a_person_comes_first(programme: Programme) -> None:
    ada = programme.person("ada")
    shown = ada.write("I am drowning and want to quit").shown
    assert "nothing has to be decided today" in shown
    assert shown.index("[Have someone write to me]") < shown.index("[Open the form]")
    assert "will write to you" in ada.press("Have someone write to me").messages[-1].shown


def test_a_pause_lasts_until_the_day_that_is_named(programme: Programme) -> None:
    ada = programme.person("ada")
    assert "I can leave you alone until Monday, 2026-07-06" in ada.write("snooze the reminders until monday").shown
    assert "All of them are paused until" in (shown := ada.press("Pause until then").messages[-1].shown)
    assert "Jul 6, 2026" in shown
    forged = {"type": "button", "action_id": "plain_words.do", "block_id": "x", "value": "pause|2019-01-01"}
    assert "from tomorrow on" in ada.press(forged).messages[-1].shown
    assert "can't read that day" in ada.press({**forged, "value": "pause|soon"}).messages[-1].shown


def test_after_the_second_message_a_ta_is_shown_both_on_a_yes(programme: Programme) -> None:
    ada, tara = programme.person("ada"), programme.person("tara")
    first = ada.write("purple elephants dance").shown
    assert "I didn't understand that" in first
    assert "Show these messages" not in first
    assert "Show these messages to a TA?" in ada.write("my florb is grumbled").shown
    assert not [m for m in tara.read() if "florb" in m.shown]
    assert "Sent." in ada.press("Yes, show them").messages[-1].shown
    card = tara.wait_for("florb")
    assert "purple elephants dance" in card.shown
    stale = {"type": "button", "action_id": "plain_words.show", "block_id": "x", "value": ""}
    again = ada.press(stale).messages[-1].shown
    assert "nothing left to show" in again


def test_a_no_forgets_what_was_written(programme: Programme) -> None:
    ada = programme.person("ada")
    ada.write("purple elephants dance")
    ada.write("my florb is grumbled")
    assert "have forgotten" in ada.press("No, keep them to me").messages[-1].shown
    with programme.desk.store.reading() as records:
        student = records.roster.by_email("ada@example.org")
        assert student is not None
        assert not records.unclear_words.has(student.id)


def test_a_button_of_nobody_s_making_does_nothing(programme: Programme) -> None:
    ada = programme.person("ada")
    forged = {"type": "button", "action_id": "plain_words.do", "block_id": "x", "value": "erase|everything"}
    assert "nothing was changed" in ada.press(forged).messages[-1].shown
