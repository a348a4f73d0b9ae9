"""Words that sound like distress: a named person at once, even at night, and silence from the bot after that."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cohort.check_ins import Reply
from cohort.errors import NotAllowed
from cohort.follow_ups import Origin, Outcome
from cohort.levels import Level
from cohort.policy import HelpPolicy
from cohort.roster import Status
from services.check_in_answers import write_back
from services.check_ins import ask_everyone
from services.distress import HelpAsked, HelpNow, companion, let_the_bot_write, wrote
from services.follow_up_messages import FollowUpCard
from services.follow_ups import close, open_case
from services.handovers import go_away
from services.ladder import climb
from services.letters import Obsolete, Said
from services.nudge_hearing import AUTOMATIC, hold_nudge
from services.nudges import nudge_missed
from storage.outbox import Letter
from tests.services.follow_through_world import stands, the_case
from tests.services.grading_world import heard
from tests.services.nudge_world import ADA, BO, NOW, ORLA, TARA, TOM, World, new_world, policy

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORDS = "I want to die"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path, policy(help=HelpPolicy(person="tara@example.org", contacts=("Call 112",))))


def test_a_named_person_hears_at_once_even_at_night_and_the_words_go_nowhere(world: World) -> None:
    night = NOW + 13 * HOUR
    found = wrote(WORDS, ADA, night, world.desk)
    assert found is not None
    assert (found.person, list(found.contacts)) == (TARA, ["Call 112"])
    case = the_case(world.desk, ADA)
    assert (case.origin, case.owner_id, case.due_at) == (Origin.DISTRESS, TARA.id, night)
    [letter] = world.letters("follow_ups.card")
    assert isinstance(heard(world.desk, letter, night), FollowUpCard)
    with world.desk.store.reading() as records:
        everything = "\n".join(records.connection.iterdump())
    assert WORDS not in everything


def test_nothing_automatic_follows_until_that_person_says_so(world: World) -> None:
    stands(world.desk, ADA, Level.SLIPPING, NOW)
    nudge_missed(world.desk, NOW)
    wrote(WORDS, ADA, NOW, world.desk)
    for day in range(9):
        at = NOW + day * DAY
        for job in (nudge_missed, climb, ask_everyone):
            job(world.desk, at)
        sent = [letter for letter, _ in world.deliver(at) if letter.data.get("student") == ADA.id]
        assert [heard(world.desk, letter, at) for letter in sent if letter.kind.startswith("nudges.")] == [] or day == 0
    assert [letter for letter in world.letters("check_ins.card") if letter.data["student"] == ADA.id] == []
    case = the_case(world.desk, ADA)
    for actor in (TOM, BO):
        with pytest.raises(NotAllowed):
            let_the_bot_write(case.id, actor, NOW, world.desk)
    let_the_bot_write(case.id, TARA, NOW + 9 * DAY, world.desk)
    with world.desk.store.reading() as records:
        assert not records.help.is_quiet(ADA.id)


def test_a_check_in_is_looked_at_too(world: World) -> None:
    done = write_back(Reply(3, note="no point in living"), ADA, NOW, world.desk)
    assert done.help is not None
    assert done.check_in.hours == 3
    assert the_case(world.desk, ADA).origin is Origin.DISTRESS


def test_without_a_name_it_is_the_organizer_and_staff_are_not_looked_at(tmp_path: Path) -> None:
    world = new_world(tmp_path)
    found = wrote(WORDS, ADA, NOW, world.desk)
    assert found is not None
    assert found.person == ORLA
    assert wrote(WORDS, TARA, NOW, world.desk) is None
    assert wrote("this pset is killing me", BO, NOW, world.desk) is None


def test_the_student_and_the_person_read_it_at_night_and_once_an_hour(world: World) -> None:
    night = NOW + 13 * HOUR
    with world.desk.store.transaction() as records:
        before = open_case(records, ADA, Origin.LADDER, "misses hw3", NOW, world.desk, to=TARA)
    for minutes in (0, 5, 70):
        wrote(WORDS, ADA, night + timedelta(minutes=minutes), world.desk)
    helped, called = world.letters("distress.help"), world.letters("distress.person")
    assert (len(helped), len(called)) == (2, 2)
    assert heard(world.desk, helped[0], night) == HelpNow(ADA, TARA, ("Call 112",))
    assert heard(world.desk, called[0], night) == HelpAsked(ADA, before.id)
    case = the_case(world.desk, ADA)
    assert (case.id, case.origin, case.due_at) == (before.id, Origin.DISTRESS, night + timedelta(minutes=70))


def test_reminders_stop_and_answers_go_on(world: World) -> None:
    wrote(WORDS, ADA, NOW, world.desk)
    with world.desk.store.transaction() as records:
        for kind in sorted(AUTOMATIC):
            letter = Letter(kind, f"member:{ADA.id}", {}, kind, NOW, NOW)
            assert hold_nudge(records, letter, Said("content"), world.desk, NOW) == Obsolete("a person is with them")
        graded = Letter("grading.graded", f"member:{ADA.id}", {}, "graded", NOW, NOW)
        assert hold_nudge(records, graded, Said("content"), world.desk, NOW) == Said("content")


def test_a_person_who_is_away_or_cannot_be_reached_is_passed_over(world: World) -> None:
    go_away(None, TARA, NOW, world.desk)
    found = wrote(WORDS, ADA, NOW, world.desk)
    assert found is not None
    assert found.person == ORLA
    world.add(replace(ORLA, slack_id=None))
    again = wrote(WORDS, BO, NOW, world.desk)
    assert again is not None
    assert again.person == TARA


def test_a_paused_student_is_looked_at_and_the_quiet_can_end_after_the_case(world: World) -> None:
    world.add(replace(ADA, status=Status.PAUSED))
    wrote(WORDS, replace(ADA, status=Status.PAUSED), NOW, world.desk)
    case = the_case(world.desk, ADA)
    close(case.id, Outcome.NO_NEED, TARA, NOW, world.desk)
    assert companion(ADA, NOW, world.desk) == TARA
    for _ in range(2):
        let_the_bot_write(case.id, TARA, NOW + HOUR, world.desk)
    assert companion(ADA, NOW, world.desk) is None
