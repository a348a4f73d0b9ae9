"""A question that is passed on, taken back, or left by a student who is gone: whose it is, and what the cards say."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cohort.asking import Question
from cohort.errors import AlreadyDecided, NotAllowed, NotFound
from cohort.policy import QuestionPolicy
from cohort.roster import Member, Status
from services.asking import Asked, QuestionCard, answer, ask, bring_up, pass_on, take_back, to_answer, to_ask
from services.closing import close_everything
from services.erase import erase
from services.messages import Ready, Standing
from services.shared_questions import find, share, to_share
from tests.services.nudge_world import ADA, BO, HW3, NOW, ORLA, TARA, TOM, World, new_world

HOUR = timedelta(hours=1)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = new_world(tmp_path)
    on_duty(world, TOM, NOW)
    return world


def on_duty(world: World, member: Member, at: datetime) -> None:
    with world.desk.store.transaction() as records:
        records.duties.assign("questions", at.date() - timedelta(days=at.weekday()), member.id)


def asked(world: World, at: datetime = NOW) -> Question:
    asked_id = ask("hw3", "Why does step 2 hold?", ADA, at, world.desk).question_id
    return now_of(world, asked_id)


def now_of(world: World, question_id: str) -> Question:
    with world.desk.store.reading() as records:
        found = records.asking.get(question_id)
    assert found is not None
    return found


def told(world: World, question: Question) -> list[str]:
    with world.desk.store.reading() as records:
        return [turn.member_id for turn in records.asking.turns(question.id)]


def cards(world: World, now: datetime) -> list[Asked]:
    """Return what the cards that stand are made to show."""
    sent = [one for _, one in world.deliver(now) if isinstance(one, Ready) and isinstance(one.address, Standing)]
    return [one.content.about for one in sent if isinstance(one.content, QuestionCard)]


def test_a_question_that_is_passed_on_is_with_the_next_ta_and_the_card_says_so(world: World) -> None:
    question = asked(world)
    world.deliver(NOW)
    assert pass_on(question.id, TOM, NOW, world.desk) == TARA
    assert (told(world, question), now_of(world, question.id).with_id) == ([TOM.id, TARA.id], TARA.id)
    assert [about.now_with for about in cards(world, NOW)] == [TARA]
    # Pressed again on a card that is behind, it stays where it is; who passed it on can answer all the same.
    assert pass_on(question.id, TOM, NOW, world.desk) == TARA
    assert told(world, question) == [TOM.id, TARA.id]
    assert answer(question.id, "By induction.", TOM, NOW, world.desk).by == TOM


def test_after_all_tas_it_goes_to_an_organizer_and_then_it_stays(world: World) -> None:
    question = asked(world)
    assert [pass_on(question.id, who, NOW, world.desk) for who in (TOM, TARA, ORLA)] == [TARA, ORLA, None]
    assert now_of(world, question.id).with_id == ORLA.id


def test_it_is_never_passed_on_across_a_conflict_of_interest(world: World) -> None:
    with world.desk.store.transaction() as records:
        records.graders.add_conflict(TARA.id, ADA.id)
    assert pass_on(asked(world).id, TOM, NOW, world.desk) == ORLA


def test_only_who_was_asked_passes_it_on_and_only_while_it_waits(world: World) -> None:
    question = asked(world)
    for actor in (ADA, BO, TARA):
        with pytest.raises(NotAllowed):
            pass_on(question.id, actor, NOW, world.desk)
    with pytest.raises(NotFound):
        pass_on("qst_none", TOM, NOW, world.desk)
    answer(question.id, "By induction.", TOM, NOW, world.desk)
    with pytest.raises(AlreadyDecided):
        pass_on(question.id, TOM, NOW, world.desk)


def test_a_question_that_was_taken_back_is_answered_by_nobody(world: World) -> None:
    question = asked(world)
    world.deliver(NOW)
    for _ in range(2):
        assert take_back(question.id, ADA, NOW, world.desk).question.closed_at == NOW
    assert [about.question.closed_at for about in cards(world, NOW)] == [NOW]
    for refused in (to_answer, pass_on):
        with pytest.raises(AlreadyDecided) as late:
            refused(question.id, TOM, NOW, world.desk)
        assert late.value.state == "withdrawn"
    assert bring_up(world.desk, NOW + timedelta(days=7)) == 0
    with pytest.raises(NotFound):
        to_share(question.id, ADA, NOW, world.desk)


def test_only_the_one_who_asked_takes_it_back_and_not_after_the_answer(world: World) -> None:
    question = asked(world)
    for actor in (BO, TOM, ORLA):
        with pytest.raises(NotAllowed):
            take_back(question.id, actor, NOW, world.desk)
    answer(question.id, "By induction.", TOM, NOW, world.desk)
    with pytest.raises(AlreadyDecided) as late:
        take_back(question.id, ADA, NOW, world.desk)
    assert late.value.decided_by == TOM
    assert now_of(world, question.id).answer == "By induction."


def test_what_someone_asked_who_leaves_is_closed_and_the_card_says_so(world: World) -> None:
    question = asked(world)
    world.deliver(NOW)
    gone = replace(ADA, status=Status.WITHDRAWN, left_at=NOW)
    world.add(gone)
    with world.desk.store.transaction() as records:
        assert records.leavings.left_open(NOW) == [ADA.id]
        close_everything(records, gone, NOW, world.desk)
        assert records.leavings.left_open(NOW) == []
    assert [about.question.closed_at for about in cards(world, NOW)] == [NOW]
    with pytest.raises(AlreadyDecided) as late:
        to_answer(question.id, TOM, NOW, world.desk)
    assert late.value.state == "lapsed"


def test_how_long_there_is_for_an_answer_is_policy(world: World) -> None:
    policy = world.desk.policy.model_copy(update={"questions": QuestionPolicy(answer_hours=2)})
    desk = replace(world.desk, policy=policy)
    asked(world)
    assert bring_up(desk, NOW + 2 * HOUR - timedelta(seconds=1)) == 0
    assert bring_up(desk, NOW + 2 * HOUR) == 1


@pytest.mark.parametrize(
    ("day", "until"),
    [
        # Clocks there go forward on 8 March 2026 and back on 1 November; the hours lost and won lie in the night.
        pytest.param(date(2026, 3, 7), datetime(2026, 3, 8, 15, tzinfo=NEW_YORK), id="forward"),
        pytest.param(date(2026, 10, 31), datetime(2026, 11, 1, 15, tzinfo=NEW_YORK), id="back"),
    ],
)
def test_the_hours_are_those_of_the_ta_also_when_the_clocks_change(world: World, day: date, until: datetime) -> None:
    world.add(replace(TOM, zone="America/New_York"))
    at = datetime(day.year, day.month, day.day, 20, tzinfo=NEW_YORK).astimezone(UTC)
    on_duty(world, TOM, at)
    asked(world, at)
    due_at = until.astimezone(UTC)
    assert bring_up(world.desk, due_at - timedelta(seconds=1)) == 0
    assert bring_up(world.desk, due_at) == 1


def test_what_it_could_be_about_is_offered_where_nothing_was_named(world: World) -> None:
    assert HW3 in to_ask("", ADA, NOW, world.desk).choices
    assert to_ask("hw3", ADA, NOW, world.desk).choices == ()


def test_what_is_shared_goes_with_the_ta_who_answered_it(world: World) -> None:
    question = asked(world)
    answer(question.id, "By induction.", TOM, NOW, world.desk)
    share(question.id, "Why?", "By induction.", ADA, NOW, world.desk)
    erase(TOM.email, NOW, world.desk)
    assert find("", BO, NOW, world.desk).shared == []
