"""Booking office hours in a workspace: from a glance at what is on to the question afterwards."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from threading import Barrier
from typing import Any

import pytest
from slack_bolt import BoltRequest

from bot.clock import SetClock
from cohort.office_hours import Slot
from cohort.roster import Member
from services.booking_reminders import remind
from services.desk import Desk
from services.unstuck import ask_unstuck
from tests.conftest import NOON, a_member
from tests.e2e.conftest import Programme
from tests.services.booking_world import DAY, HOUR, booked, hours, standing

STUDENTS = 500
AT_ONCE = 50
SERIAL = count(1)


@pytest.fixture
def slots(programme: Programme, tara: Member) -> list[Slot]:
    """Two slots with Tara after an open half-hour, tomorrow afternoon for everyone."""
    return hours(programme.desk, tara, NOON + DAY, open_minutes=30, topic="proofs")


def member(desk: Desk, name: str) -> Member:
    with desk.store.reading() as records:
        found = records.roster.by_email(f"{name}@example.org")
    assert found is not None
    return found


@pytest.mark.usefixtures("slots")
@pytest.mark.parametrize(
    ("words", "head"),
    [
        ("can I book a TA tomorrow morning?", "*The soonest slots* tomorrow in the morning while you are awake"),
        ("book tara on thursday", "*The soonest slots* with Tara on Thursday while you are awake"),
        ("book a slot friday", "No slot on Friday is free while you are awake. *The soonest slots* while you are"),
        ("I'd like to meet with tom tomorrow", "No slot with Tom tomorrow is free while you are awake. *The soonest"),
    ],
)
def test_a_time_and_a_ta_named_in_plain_words_narrow_the_slots(programme: Programme, words: str, head: str) -> None:
    shown = programme.person("ada").write(words).shown
    assert head in shown
    assert "Jul 2, 2026 at 8:30 AM to 9:00 AM with Tara" in shown


def test_a_student_books_moves_and_cancels_without_typing_anything(programme: Programme, slots: list[Slot]) -> None:
    ada, tara = programme.person("ada"), programme.person("tara")
    shown = ada.command("/office-hours book hw3")
    assert "*The soonest slots* for *Problem set 3*" in shown.shown
    form = ada.press((f"bookings.form#{slots[0].id}", f"{slots[0].id}|asg_hw3")).view
    assert form is not None
    assert "Thu 2 Jul 08:30–09:00 EDT · Tara · proofs" in form
    assert "nothing has to be prepared" in form
    ada.fill({"What is it about?": "Why does <induction> hold?"})
    done = ada.submit().shown
    assert "Booked: " in done
    assert "@Tara" in done
    assert "https://meet.example.org/room" in done
    card = tara.wait_for("Office hours with @Ada are booked")
    assert "Why does <induction> hold?" in card
    mine = ada.wait_for("Your office hours are booked")
    form = ada.press("Another time", in_=mine.place).view
    assert form is not None
    assert "What you have stays yours" in form
    assert "Moved. It is now" in ada.submit().shown
    assert standing(programme.desk, slots) == [None, member(programme.desk, "ada").id]
    assert tara.wait_for("are now")
    home = ada.open_home()
    assert "Book office hours" in home
    assert "@Tara" in home
    listed = ada.command("/office-hours mine")
    assert "Your bookings" in listed.shown
    assert "Cancelled: " in ada.press("Give up this slot").shown
    assert tara.wait_for("has cancelled office hours")
    assert standing(programme.desk, slots) == [None, None]


def test_a_slot_that_goes_while_the_form_is_open_keeps_what_was_typed(
    programme: Programme, slots: list[Slot], bo: Member
) -> None:
    ada = programme.person("ada")
    ada.press({"action_id": "bookings.form", "value": slots[0].id})
    ada.wait_for_view("What is it about?")
    ada.fill({"What is it about?": "Half a page of thought", "A link": "https://example.org/half"})
    booked(programme.desk, member(programme.desk, "bo"), slots[0])
    again = ada.submit().view
    assert again is not None
    assert "Somebody else has just taken that slot" in again
    assert "Half a page of thought" in again
    assert "https://example.org/half" in again
    assert "Booked: " in ada.submit().shown
    assert standing(programme.desk, slots) == [
        member(programme.desk, "bo").id,
        member(programme.desk, "ada").id,
    ]
    assert bo.email == "bo@example.org"


def test_what_cannot_be_read_is_said_at_its_field(programme: Programme, slots: list[Slot]) -> None:
    ada = programme.person("ada")
    ada.press({"action_id": "bookings.form", "value": slots[0].id})
    ada.wait_for_view("What is it about?")
    ada.fill({"A link": "no link"})
    assert ada.submit().errors["link"]
    ada.fill({"A link": "", "Who comes along?": [programme.person("tara").who]})
    assert ada.submit().errors["fellows"]
    assert standing(programme.desk, slots) == [None, None]


def test_both_are_reminded_and_the_student_is_asked_once_whether_it_helped(
    programme: Programme, clock: SetClock, slots: list[Slot], tom: Member
) -> None:
    ada, tara, desk = programme.person("ada"), programme.person("tara"), programme.desk
    booked(desk, member(desk, "ada"), slots[0])
    # Each job runs before the clock is there, so that the running bot finds nothing left to do.
    soon = slots[0].starts_at - timedelta(minutes=10)
    assert remind(desk, soon) == 2
    clock.set(soon)
    assert ada.wait_for("begin in a few minutes")
    assert tara.wait_for("begin in a few minutes")
    other = hours(desk, tom, slots[0].ends_at + 4 * HOUR, 1)
    assert ask_unstuck(desk, slots[0].ends_at) == 1
    clock.set(slots[0].ends_at)
    question = ada.wait_for("Did you get unstuck?")
    ada.press("Not yet", in_=question.place)
    help_ = ada.wait_for("some things take more than one go")
    assert "with Tom" in help_
    form = ada.press("Book", in_=help_.place).view
    assert form is not None
    assert "Tom" in form
    ada.submit()
    assert standing(desk, other) == [member(desk, "ada").id]


def _submission(slack_id: str, slot_id: str) -> BoltRequest:
    option = {"text": {"type": "plain_text", "text": "Soon"}, "value": slot_id}
    state = {
        "slot0": {"slot0": {"type": "static_select", "selected_option": option}},
        "topic": {"topic": {"type": "plain_text_input", "value": "What I typed"}},
    }
    view: dict[str, Any] = {"id": f"V{next(SERIAL)}", "type": "modal", "callback_id": "bookings.book"}
    view |= {"private_metadata": "0", "state": {"values": state}}
    body = {"type": "view_submission", "user": {"id": slack_id}, "team": {"id": "T0COHORT"}, "view": view}
    return BoltRequest(mode="socket_mode", body=body)


def test_of_five_hundred_at_one_instant_one_has_it_and_all_others_read_what_is_free(
    programme: Programme, tara: Member
) -> None:
    wanted, *others = hours(programme.desk, tara, NOON + DAY, 4)
    students = [a_member(f"S{n:03}") for n in range(STUDENTS)]
    with programme.desk.store.transaction() as records:
        for student in students:
            records.roster.save(student)
    app, gate = programme.bot.parts.gate.app, Barrier(AT_ONCE)

    def submit(student: Member) -> dict[str, Any]:
        gate.wait(30)
        response = app.dispatch(_submission(student.slack_id or "", wanted.id))
        answer: dict[str, Any] = json.loads(response.body)
        return answer

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(submit, students, timeout=90))
    winners = [answer for answer in answers if "Booked: " in str(answer)]
    losers = [answer for answer in answers if answer not in winners]
    assert (len(winners), len(losers)) == (1, STUDENTS - 1)
    assert all(answer["response_action"] == "update" for answer in losers)
    assert {_offered(answer) for answer in losers} == {tuple(slot.id for slot in others)}
    assert all("What I typed" in str(answer) and "has just taken that slot" in str(answer) for answer in losers)
    assert standing(programme.desk, others) == [None] * 3


def _offered(answer: dict[str, Any]) -> tuple[str, ...]:
    [field] = [block for block in answer["view"]["blocks"] if block.get("block_id") == "slot1"]
    groups = field["element"]["option_groups"]
    return tuple(option["value"] for group in groups for option in group["options"])
