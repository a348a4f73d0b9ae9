"""Plain words in a direct message, in the running program: shown first, done by a press, and a person on a yes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from cohort.errors import Unclear
from cohort.roster import Member
from sandbox.client import Person
from sandbox.seen import Reaction
from scheduler.jobs import jobs
from services.extensions import case_of
from services.plain_words import not_understood, show_to_ta
from tests.conftest import NOON
from tests.e2e.conftest import Programme


def test_more_time_is_shown_first_and_given_by_a_press(programme: Programme) -> None:
    ada = programme.person("ada")
    shown = ada.write("can I get two more days for hw3?").shown
    assert "You'd like more time for *Problem set 3* (hw3): 2 more days, until Jul 4, 2026 at 1:00 PM" in shown
    assert "Press, and it is yours" in shown
    assert due_moved(programme) is False
    assert "Was it one of these?" in ada.press("Something else").shown
    assert due_moved(programme) is False
    ada.write("can I get two more days for hw3?")
    assert "Done: *Problem set 3* (hw3) is now due" in ada.press("Ask for it").shown
    assert due_moved(programme)


def press(person: Person, label: str, answer: Reaction, then: str) -> None:
    """Press a button of an answer and wait for what follows, whatever else comes meanwhile."""
    message = next(one for one in answer.messages if f"[{label}]" in one.shown)
    person.mark()
    person.press(label, in_=message)
    person.wait_for(then)


def test_what_was_shown_is_what_a_second_or_late_press_asks_for(programme: Programme) -> None:
    ada = programme.person("ada")
    shown = ada.write("one more day for hw3 please")
    assert "until Jul 3, 2026 at 1:00 PM" in shown.shown
    press(ada, "Ask for it", shown, "is now due Jul 3, 2026 at 1:00 PM")
    press(ada, "Ask for it", shown, "already, so nothing needed changing")
    weeks = ada.write("please can I have three more weeks for hw3")
    press(ada, "Ask for it", weeks, "I've asked a TA")
    press(ada, "Ask for it", weeks, "asked")
    with programme.desk.store.reading() as records:
        assert len(records.requests.waiting()) == 1


def test_hours_that_were_shown_count_for_the_week_that_was_meant(programme: Programme) -> None:
    ada = programme.person("ada")
    shown = ada.write("this week I worked 12 hours & was stuck at backprop")
    assert "Your check-in: 12 hours this week" in shown.shown
    programme.clock.set(NOON + timedelta(days=8))
    press(ada, "Keep it", shown, "a week that is over")


def test_being_away_names_the_day(programme: Programme) -> None:
    tara = programme.person("tara")
    shown = tara.write("I'm away until friday")
    assert "You are away until Friday, 2026-07-03" in shown.shown
    press(tara, "I'm away", shown, "Jul 3")


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


def test_what_is_due_tells_missed_from_open_and_what_opens_later(programme: Programme) -> None:
    with programme.desk.store.transaction() as records:
        hw4 = records.assignments.with_slug("hw4")
        assert hw4 is not None
        records.assignments.save(replace(hw4, opens_at=NOON + timedelta(days=3, hours=2)))
    programme.clock.set(NOON + timedelta(days=3))
    shown = programme.person("ada").write("what's due?").shown
    missed, later = (next(line for line in shown.splitlines() if slug in line) for slug in ("(hw3)", "(hw4)"))
    assert "was due Jul 2, 2026 at 1:00 PM; it can be handed in until Aug 16, 2026" in missed
    assert "; it opens Jul 4, 2026" in later
    assert "[Hand in hw3]" in shown


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
    assert "will write to you" in ada.press("Have someone write to me").shown


def test_a_pause_lasts_until_the_day_that_is_named(programme: Programme) -> None:
    ada = programme.person("ada")
    assert "I can leave you alone until Monday, 2026-07-06" in ada.write("snooze the reminders until monday").shown
    assert "All of them are paused until" in (shown := ada.press("Pause until then").shown)
    assert "Jul 6, 2026" in shown
    forged = {"type": "button", "action_id": "plain_words.do", "block_id": "x", "value": "pause|2019-01-01"}
    assert "from tomorrow on" in ada.press(forged).shown
    assert "can't read that day" in ada.press({**forged, "value": "pause|soon"}).shown


def test_after_the_second_message_a_ta_is_shown_both_on_a_yes(programme: Programme) -> None:
    ada, tara = programme.person("ada"), programme.person("tara")
    first = ada.write("purple elephants dance").shown
    assert "I didn't understand that" in first
    assert "Shall I show a TA" not in first
    offer = ada.write("my florb & blarg <are> grumbled")
    assert "Shall I show a TA what you wrote?" in offer.shown
    assert "purple elephants dance" in offer.shown
    ada.write("gruntled zebras hum quietly")
    assert not [m for m in tara.read() if "florb" in m.shown]
    press(ada, "Yes, show them", offer, "Sent.")
    card = tara.wait_for("florb").shown
    assert "purple elephants dance" in card
    assert "florb & blarg <are> grumbled" in card
    assert "zebras" not in card
    press(ada, "Yes, show them", offer, "don't have these messages any more")
    forged = {"type": "button", "action_id": "plain_words.show", "block_id": "x", "value": "unc_1 unc_2"}
    assert "don't have these messages any more" in programme.person("bo").press(forged).shown


def test_what_is_shown_to_a_ta_is_sent_once_however_often_it_is_pressed(programme: Programme, ada: Member) -> None:
    with programme.desk.store.transaction() as records:
        for number in (1, 2):
            records.unclear_words.add(f"unc_{number}", ada.id, f"florb {number}", NOON)

    def press(_: int) -> bool:
        try:
            show_to_ta(["unc_1", "unc_2"], ada, NOON, programme.desk)
        except Unclear:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == [False, False, False, True]
    with programme.desk.store.reading() as records:
        assert [one.words for one in records.asking.open()] == ["florb 1\nflorb 2"]


def test_what_was_not_understood_is_forgotten_after_a_day(programme: Programme, ada: Member) -> None:
    not_understood("purple elephants dance", ada, NOON, programme.desk)
    forget = next(job for job in jobs(programme.desk.policy) if job.id == "forget-unclear")
    assert forget.run(programme.desk, NOON + timedelta(hours=23)) == 0
    assert forget.run(programme.desk, NOON + timedelta(hours=25)) == 1
    with programme.desk.store.reading() as records:
        assert not records.unclear_words.has(ada.id)


def test_a_no_forgets_what_was_written(programme: Programme) -> None:
    ada = programme.person("ada")
    ada.write("purple elephants dance")
    ada.write("my florb is grumbled")
    assert "have forgotten" in ada.press("No, keep them to me").shown
    with programme.desk.store.reading() as records:
        student = records.roster.by_email("ada@example.org")
        assert student is not None
        assert not records.unclear_words.has(student.id)


def test_a_button_of_nobody_s_making_does_nothing(programme: Programme) -> None:
    ada = programme.person("ada")
    forged = {"type": "button", "action_id": "plain_words.do", "block_id": "x", "value": "erase|everything"}
    assert "Nothing was changed" in ada.press(forged).shown
