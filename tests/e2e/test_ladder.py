"""Help on the ladder in a workspace: each offer is taken with one press, said again on a second, refused when stale."""

from datetime import timedelta

from cohort.levels import Level
from cohort.roster import Member
from sandbox.client import Message, Person
from services.ladder import climb
from tests.conftest import NOON
from tests.e2e.conftest import Programme
from tests.services.booking_world import hours
from tests.services.follow_through_world import stands, the_case
from tests.services.grading_world import hand_in

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Four in the afternoon in London, noon in New York, where Ada lives.
NOW = NOON + 4 * HOUR


def everyone(programme: Programme) -> dict[str, Member]:
    with programme.desk.store.reading() as records:
        return {member.name.casefold(): member for member in records.roster.all()}


def helped(programme: Programme, level: Level = Level.AT_RISK, *names: str) -> dict[str, tuple[Person, Message]]:
    """Bring students to a level, and return each with the message that offers help; Tara has hours tomorrow."""
    who, found = everyone(programme), {}
    programme.clock.set(NOW)
    hours(programme.desk, who["tara"], NOON + DAY + 3 * HOUR, 1)
    for name in names or ("ada",):
        stands(programme.desk, who[name], level, NOON)
    climb(programme.desk, NOW)
    for name in names or ("ada",):
        person = programme.person(name)
        found[name] = (person, person.wait_for("one press" if level is Level.AT_RISK else "one thing would help"))
    return found


def seen(message: Message, action_id: str) -> dict[str, str]:
    """Return a button as it stood in a message, to be pressed though the message is another by now."""
    elements = [each for block in message.blocks for each in block.get("elements", [])]
    [found] = [each for each in elements if each.get("action_id") == action_id]
    return {"type": "button", "action_id": action_id, "value": str(found["value"])}


def test_each_offer_is_taken_with_one_press_and_the_message_shows_it(programme: Programme) -> None:
    ada, offer = helped(programme)["ada"]
    assert "no explanation needed" in offer
    first = ada.press("2 more days for hw3", in_=offer)
    assert first.shown == ":white_check_mark: *Problem set 3* (hw3) is now due Jul 4, 2026 at 1:00 PM."
    again = ada.press(seen(offer, "ladder.more_days"), in_=offer)
    assert "You took this before: *Problem set 3* (hw3) is now due Jul 4" in again.shown
    assert "You meet Tara Jul 2, 2026 at 11:00 AM." in ada.press(seen(offer, "ladder.slot"), in_=offer).shown
    assert "You took this before: You meet Tara" in ada.press(seen(offer, "ladder.slot"), in_=offer).shown
    assert "is left out" in ada.press(seen(offer, "ladder.drop"), in_=offer).shown
    assert "You took this before: *Problem set 3*" in ada.press(seen(offer, "ladder.drop"), in_=offer).shown
    assert "so it needs no more time" in ada.press(seen(offer, "ladder.more_days"), in_=offer).shown
    assert "A TA will write to you" in ada.press(seen(offer, "ladder.lighter_plan"), in_=offer).shown
    assert "You took this before: A TA" in ada.press(seen(offer, "ladder.lighter_plan"), in_=offer).shown
    standing = ada.wait_for(lambda one: one.ts == offer.ts and "with a lighter plan" in one, after=0)
    assert all(words in standing for words in ("you have more time", "You meet Tara", "is left out"))
    assert all(words not in standing for words in ("[2 more days", "[Leave", "[Book", "[Plan", "[I'd rather"))
    assert the_case(programme.desk, everyone(programme)["ada"]).reason == "asked for a lighter plan"


def test_what_cannot_be_had_any_more_is_said_with_what_can(programme: Programme) -> None:
    found = helped(programme, Level.AT_RISK, "ada", "bo")
    (ada, offer), (bo, theirs) = found["ada"], found["bo"]
    assert "You meet Tara" in bo.press(seen(theirs, "ladder.slot"), in_=theirs).shown
    assert "Somebody else has just taken that slot." in ada.press(seen(offer, "ladder.slot"), in_=offer).shown
    with programme.desk.store.reading() as records:
        hw3 = records.assignments.with_slug("hw3")
    assert hw3 is not None
    hand_in(programme.desk, hw3, everyone(programme)["ada"], at=NOW)
    assert "so it needs no more time" in ada.press(seen(offer, "ladder.more_days"), in_=offer).shown
    assert "`/cohort progress` says what can" in ada.press(seen(offer, "ladder.drop"), in_=offer).shown
    forged = bo.press(seen(offer, "ladder.drop"), in_=theirs)
    assert forged.shown == "Only the student it was offered to can do that, so nothing was changed."


def test_whoever_would_rather_talk_is_written_to_by_a_person(programme: Programme) -> None:
    ada, offer = helped(programme)["ada"]
    for _ in range(2):
        said = ada.press(seen(offer, "extensions.talk_please"), in_=offer)
        assert "A TA will write to you about *Problem set 3* (hw3)" in said.shown
    with programme.desk.store.reading() as records:
        waiting = [request.student_id for request in records.requests.waiting()]
    assert waiting == [everyone(programme)["ada"].id]


def test_one_thing_to_do_comes_with_a_way_to_talk(programme: Programme) -> None:
    ada, step = helped(programme, Level.SLIPPING)["ada"]
    assert "one thing would help most now: *Problem set 3* (hw3), due Jul 2" in step
    assert "A TA will write to you about *Problem set 3* (hw3)" in ada.press("Talk to a TA", in_=step).shown
