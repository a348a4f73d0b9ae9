"""More time, asked for and decided in a workspace: the way of a request through the running program."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SetClock
from cohort.extensions import State
from sandbox.client import Message, Person
from tests.conftest import NOON
from tests.e2e.conftest import Programme


def requests(programme: Programme) -> list[State]:
    with programme.desk.store.reading() as records:
        return [request.state for member in records.roster.all() for request in records.requests.of(member.id)]


def grants(programme: Programme) -> int:
    with programme.desk.store.reading() as records:
        return len(list(records.extensions.every()))


def a_card(programme: Programme, line: str = "/extension hw3 6d") -> tuple[Person, Person, Message]:
    """Let Ada ask for what needs a TA; return her, Tara, and the card."""
    ada, tara = programme.person("ada"), programme.person("tara")
    assert "[Take it back]" not in ada.command(line).shown
    return ada, tara, tara.wait_for(lambda m: "asks for more time" in m or "would like to talk" in m)


def test_a_student_is_granted_time_in_a_second(programme: Programme) -> None:
    ada = programme.person("ada")
    assert "*Problem set 3* (hw3) is now due" in ada.command("/extension hw3 2d").shown
    note = ada.wait_for("You have more time for *Problem set 3*")
    assert "Also due near then: hw4" in note


@pytest.mark.parametrize(
    ("line", "until"),
    [
        ("hw3 2d", datetime(2026, 7, 4, 17, tzinfo=UTC)),
        ("HW3 1 day", datetime(2026, 7, 3, 17, tzinfo=UTC)),
        ("hw3 friday", datetime(2026, 7, 3, 17, tzinfo=UTC)),
        ("hw3 until sat", datetime(2026, 7, 4, 17, tzinfo=UTC)),
        ("hw3 2026-07-04", datetime(2026, 7, 4, 17, tzinfo=UTC)),
        ("hw3 2026-07-04 18:00", datetime(2026, 7, 4, 22, tzinfo=UTC)),
        ("problem set 3 2d", datetime(2026, 7, 4, 17, tzinfo=UTC)),
    ],
)
def test_one_line_says_until_when(programme: Programme, line: str, until: datetime) -> None:
    """Ada lives in New York; the due time is 18:00 in London, 13:00 there."""
    assert "is now due" in programme.person("ada").command(f"/extension {line}").shown
    with programme.desk.store.reading() as records:
        assert [extension.until_at for extension in records.extensions.every()] == [until]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("hw33 2d", "Did you mean hw3"),
        ("nothinglikeit 2d", "I can't find an assignment"),
        ("2d", "not for which assignment"),
        ("hw3 gestern", "I can't read “gestern”"),
        ("hw3 2x", "I can't read “2x”"),
        ("hw3 2026-02-30", "I can't read “2026-02-30”"),
        ("hw3 0d", "I can't read “0d”"),
        ("hw3 -2d", "I can't read “-2d”"),
        ("hw3 2026-07-01", "You have until"),
        ("<script> & co 2d", "I can't find an assignment called “<script> & co”"),
    ],
)
def test_what_can_not_be_read_gets_a_sentence_and_changes_nothing(programme: Programme, line: str, words: str) -> None:
    assert words in programme.person("ada").command(f"/extension {line}").shown.replace("`", "")
    assert (requests(programme), grants(programme)) == ([], 0)


def test_the_form_grants_and_answers_in_place(programme: Programme) -> None:
    ada = programme.person("ada")
    form = ada.command("/extension").view
    assert form is not None
    assert "Problem set 3 · due Thu 2 Jul 13:00 EDT" in str(form.blocks)
    ada.fill({"Which assignment?": "asg_hw3", "Until when?": datetime(2026, 7, 4, 17, tzinfo=UTC)})
    answer = ada.submit().view
    assert answer is not None
    assert "is now due" in answer
    assert grants(programme) == 1


def test_the_form_keeps_what_was_typed_and_says_what_is_missing(programme: Programme) -> None:
    ada = programme.person("ada")
    ada.command("/extension hw3")
    ada.fill({"Anything they should know?": "my own words"})
    assert "Choose a date" in ada.submit().errors["until"]
    ada.fill({"Until when?": datetime(2026, 7, 10, 17, tzinfo=UTC)})
    assert "it is private" in ada.submit().errors["category"]
    ada.fill({"What is it about?": "health"})
    answer = ada.submit().view
    assert answer is not None
    assert "I've asked a TA" in answer
    with programme.desk.store.reading() as records:
        assert [request.note for request in records.requests.waiting()] == ["my own words"]


def test_a_talk_needs_no_date(programme: Programme) -> None:
    ada, tara = programme.person("ada"), programme.person("tara")
    ada.command("/extension hw3")
    ada.fill({"No date in mind?": ["talk"]})
    answer = ada.submit().view
    assert answer is not None
    assert "A TA will write to you" in answer
    card = tara.wait_for("would like to talk about")
    assert "[Approve]" not in card.shown


def test_a_form_submitted_twice_is_one_request(programme: Programme) -> None:
    ada = programme.person("ada")
    ada.command("/extension hw3")
    ada.fill({"Until when?": datetime(2026, 7, 4, 17, tzinfo=UTC)})
    programme.admin.duplicate_next(1, "interactive")
    ada.submit()
    ada.wait_for("You have more time")
    assert grants(programme) == 1


def test_a_command_delivered_twice_is_one_grant(programme: Programme) -> None:
    programme.admin.duplicate_next(1, "slash_commands")
    ada = programme.person("ada")
    ada.command("/extension hw3 2d")
    ada.wait_for("You have more time")
    assert grants(programme) == 1


def test_a_ta_decides_on_one_card_and_the_student_is_told(programme: Programme) -> None:
    ada, tara, card = a_card(programme)
    assert card.channel_name == "staff"
    assert "Also due near then: nothing" in card
    assert "Approved" in tara.press("Approve", in_=card.place).shown
    assert ada.wait_for("Tara gave you more time")
    assert programme.person("tom").wait_for("Tara* approved it").place == card.place


def test_a_late_press_is_told_who_was_first(programme: Programme) -> None:
    ada, tara, card = a_card(programme)
    tom = programme.person("tom")
    old = card.blocks
    tara.press("Approve", in_=card.place)
    ada.wait_for("Tara gave you")
    tom.wait_for("approved it")
    press = next(e for block in old if block["type"] == "actions" for e in block["elements"])
    late = tom.press({"action_id": "extensions.decline", "value": press["value"]}, in_=card.place)
    assert "Tara approved it" in late.shown
    assert requests(programme) == [State.APPROVED]


def test_declining_asks_for_a_reason_that_only_the_student_reads(programme: Programme) -> None:
    ada, tara, card = a_card(programme)
    form = tara.press("Decline…", in_=card.place).view
    assert form is not None
    tara.fill({"Reason, for the student to read": "Let us talk about <all> of it & more"})
    tara.submit()
    note = ada.wait_for("couldn't give more time")
    assert "Let us talk about <all> of it & more" in note.shown
    assert not [m for m in programme.person("tom").read("staff") if "Let us talk" in m.shown]


def test_another_date_can_be_granted_and_a_past_one_can_not(programme: Programme) -> None:
    ada, tara, card = a_card(programme)
    tara.press("Approve another date", in_=card.place)
    tara.fill({"New due time": NOON - timedelta(days=1)})
    assert "is already past" in tara.submit().errors["until"]
    tara.fill({"New due time": datetime(2026, 7, 9, 17, tzinfo=UTC)})
    tara.submit()
    assert ada.wait_for("Tara gave you more time")


def test_approving_when_the_date_has_passed_opens_the_form(programme: Programme, clock: SetClock) -> None:
    _, tara, card = a_card(programme)
    clock.set(NOON + timedelta(days=10))
    form = tara.press("Approve", in_=card.place).view
    assert form is not None
    assert "is past: please choose a new one" in form


def test_talking_first_keeps_it_open_and_tells_the_student(programme: Programme) -> None:
    ada, tara, card = a_card(programme)
    assert "knows that you will write" in tara.press("Talk first", in_=card.place).shown
    assert ada.wait_for("would like to talk with you")
    assert "Tara is talking with Ada" in programme.person("tom").wait_for("is talking with")
    assert requests(programme) == [State.TALKING]


def test_the_reason_stands_behind_a_button_and_nowhere_else(programme: Programme) -> None:
    ada, tara = programme.person("ada"), programme.person("tara")
    ada.command("/extension hw3")
    ada.fill({"Until when?": datetime(2026, 7, 12, tzinfo=UTC), "What is it about?": "health",
              "Anything they should know?": "only for those who decide"})  # fmt: skip
    ada.submit()
    card = tara.wait_for("asks for more time")
    assert "only for those" not in str(card.blocks)
    assert "Health" not in str(card.blocks)
    shown = tara.press("Show reason", in_=card.place).view
    assert shown is not None
    assert "only for those who decide" in shown
    assert "Health" in shown


def test_a_student_who_forges_a_tas_press_changes_nothing_and_is_on_record(programme: Programme) -> None:
    ada, _, card = a_card(programme)
    bo = programme.person("bo")
    value = next(e["value"] for block in card.blocks if block["type"] == "actions" for e in block["elements"])
    for action in ("approve", "approve_other", "decline", "talk_first", "reason"):
        forged = forged_press(bo, f"extensions.{action}", value, card)
        assert "Only TAs and organizers can do that" in forged
    assert requests(programme) == [State.PENDING]
    with programme.desk.store.reading() as records:
        refused = [line for line in records.audit.all() if line.action == "refused"]
    assert len(refused) == 5
    assert ada.read()[-1].shown.startswith(":hourglass_flowing_sand: I've asked a TA")


def forged_press(person: Person, action: str, value: str, card: Message) -> str:
    """Send a press that Slack would never let this person make, and return what they are told."""
    return person.press({"action_id": action, "value": value}, in_=card).shown


def test_the_form_never_opens_for_other_work_than_was_named(programme: Programme) -> None:
    programme.person("orla").command("/cohort excuse @ada hw3 was ill all week")
    reaction = programme.person("ada").command("/extension hw3")
    assert reaction.view is None
    assert "You are excused from" in reaction.shown


def test_a_reminder_with_buttons_says_who_decided_too(programme: Programme, clock: SetClock) -> None:
    _, tara, card = a_card(programme)
    clock.set(NOON + timedelta(hours=12, minutes=1))
    programme.bot.parts.runner.wake_overdue()
    reminder = tara.wait_for(lambda m: m.channel_name == "staff" and "should have been answered" in m.shown, timeout=15)
    tara.press("Approve", in_=card.place)
    assert tara.wait_for(lambda m: m.ts == reminder.ts and "approved it" in m.shown, timeout=15)


def test_asking_anew_says_what_becomes_of_the_first(programme: Programme) -> None:
    ada, tara, first = a_card(programme)
    assert "takes the place of what you asked for before" in ada.command("/extension hw3 8d").shown
    assert tara.wait_for("asked again since", after=0).place == first.place
    assert "replaced by a later request" in ada.command("/extension list").shown


def test_a_ta_who_declined_before_sees_it_on_the_next_card(programme: Programme) -> None:
    ada, tara, card = a_card(programme)
    tara.press("Decline…", in_=card.place)
    tara.fill({"Reason, for the student to read": "Let us talk"})
    tara.submit()
    ada.wait_for("couldn't give more time")
    ada.command("/extension hw4 9d")
    assert "Declined before: hw3" in tara.wait_for(lambda m: "hw4" in m.shown and "asks for more time" in m.shown)


def test_granting_what_someone_waits_for_says_so(programme: Programme) -> None:
    _, tara, _ = a_card(programme)
    assert "also answers the request" in tara.command("/extension grant @ada hw3 4d").shown


def test_work_that_is_not_open_yet_can_be_asked_for(programme: Programme) -> None:
    with programme.desk.store.transaction() as records:
        records.connection.execute(
            "UPDATE assignments SET opens_at = '2026-07-03T00:00:00.000+00:00' WHERE slug = 'hw4'"
        )
    ada = programme.person("ada")
    form = ada.command("/extension").view
    assert form is not None
    assert "Problem set 4" in str(form.blocks)
    assert "hw4" not in ada.open_home()


def test_taking_a_request_back(programme: Programme) -> None:
    ada, tara, card = a_card(programme)
    assert "[Take it back]" in ada.command("/extension list").shown
    assert "Taken back" in ada.press("Take it back").shown
    assert tara.wait_for("Ada took it back").place == card.place
    assert "Nobody is waiting" in tara.command("/extension list").shown


def test_lists(programme: Programme) -> None:
    ada, tara, _ = a_card(programme)
    programme.person("bo").command("/extension hw4 9d")
    waiting = tara.command("/extension list").shown
    assert waiting.index("hw3") < waiting.index("hw4")
    assert "2 requests wait" in waiting
    mine = ada.command("/extension list").shown
    assert "waiting for a TA" in mine
    assert "hw4" not in mine


@pytest.mark.parametrize("who", ["@ada", "ada@example.org", "Ada", '"Ada"'])
def test_a_ta_grants_without_a_request(programme: Programme, who: str) -> None:
    tara = programme.person("tara")
    assert "Ada has until" in tara.command(f"/extension grant {who} hw3 5d").shown
    assert programme.person("ada").wait_for("Tara gave you more time")


def test_a_student_can_not_grant(programme: Programme) -> None:
    assert "Only TAs" in programme.person("ada").command("/extension grant @ada hw3 30d").shown
    assert grants(programme) == 0


def test_a_stranger_is_told_whom_to_ask(programme: Programme) -> None:
    zed = programme.person("zed")
    zed.command("/extension hw3 2d")
    told = zed.wait_for("I don't find you on this programme's roster").shown
    home = zed.open_home()
    assert "I don't find you" in home
    for shown in (told, home.shown):
        assert "ask @orla to add the email address" in shown.casefold()


def test_a_paused_student_is_told_and_welcomed_back(programme: Programme) -> None:
    orla, ada = programme.person("orla"), programme.person("ada")
    orla.command("/cohort pause @ada")
    assert "You are paused" in ada.command("/extension hw3 2d").shown
    assert "You are paused" in ada.command("/extension").shown
    orla.command("/cohort resume @ada")
    assert "is now due" in ada.command("/extension hw3 2d").shown


def test_a_button_from_long_ago_says_so(programme: Programme) -> None:
    ada, _, card = a_card(programme)
    assert "earlier version" in forged_press(ada, "extensions.gone", "req_1", card)
    assert "not there any more" in forged_press(programme.person("tara"), "extensions.approve", "req_1", card)
