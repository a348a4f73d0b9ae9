"""“Ask a question”: who hears of it, that the first answer counts, who is next, and what is left of the words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cohort.asking import Question
from cohort.errors import AlreadyDecided, AlreadySeen, NotActive, NotAllowed, NotFound, ReasonNeeded
from cohort.roster import Member, Role, Status
from cohort.times import waking_after
from services import housekeeping
from services.asking import AnswerNote, QuestionCard, Readers, answer, ask, bring_up, own, to_answer, to_ask
from services.erase import erase
from services.letters import Later
from services.messages import Direct, Ready, Standing
from tests.services.nudge_world import ADA, BO, HW3, NOW, ORLA, TARA, TOM, World, new_world, person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 2, 16).date()
WORDS = "Why does <step 2> hold?"
THIRD = person("Assistant 3", Role.TA)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def on_duty(world: World, duty: str, member: Member) -> None:
    with world.desk.store.transaction() as records:
        records.duties.assign(duty, MONDAY, member.id)


def in_conflict(world: World, *staff: Member) -> None:
    with world.desk.store.transaction() as records:
        for member in staff:
            records.graders.add_conflict(member.id, ADA.id)


def away(world: World, member: Member) -> None:
    with world.desk.store.transaction() as records:
        records.graders.set_away(member.id, NOW - DAY, None)


def asked(world: World, at: datetime = NOW) -> Question:
    """Let Ada ask about hw3, and return the question."""
    ask("hw3", WORDS, ADA, at, world.desk)
    with world.desk.store.reading() as records:
        return records.asking.open()[-1]


def told(world: World, question: Question) -> Sequence[str]:
    with world.desk.store.reading() as records:
        return [turn.member_id for turn in records.asking.turns(question.id)]


def now_of(world: World, question: Question) -> Question:
    with world.desk.store.reading() as records:
        found = records.asking.get(question.id)
    assert found is not None
    return found


def contents(world: World, now: datetime) -> dict[str, object]:
    return {letter.recipient: sent.content for letter, sent in world.deliver(now) if isinstance(sent, Ready)}


def test_the_ta_on_question_duty_reads_it_and_nobody_else(world: World) -> None:
    on_duty(world, "questions", TOM)
    on_duty(world, "extensions", TARA)
    assert to_ask("hw3", ADA, NOW, world.desk) == Readers(HW3, [TOM])
    question = asked(world)
    assert (question.words, question.assignment_id, question.with_id) == (WORDS, HW3.id, TOM.id)
    found = contents(world, NOW)
    assert list(found) == [f"member:{TOM.id}"]
    card = found[f"member:{TOM.id}"]
    assert isinstance(card, QuestionCard)
    assert (card.about.student, card.about.assignment, card.about.question.words) == (ADA, HW3, WORDS)


def test_without_question_duty_it_is_extension_duty(world: World) -> None:
    on_duty(world, "extensions", TARA)
    assert ask("hw3", WORDS, ADA, NOW, world.desk).members == [TARA]


def test_without_any_duty_every_ta_hears_of_it_who_is_there(world: World) -> None:
    world.add(THIRD, replace(person("Assistant 4", Role.TA), status=Status.PAUSED))
    away(world, THIRD)
    question = asked(world)
    assert told(world, question) == [TARA.id, TOM.id]
    assert question.with_id is None


@pytest.mark.parametrize("why", ["away", "conflict", "gone"])
def test_who_is_on_duty_and_can_t_answer_is_passed_over(world: World, why: str) -> None:
    on_duty(world, "questions", TOM)
    if why == "away":
        away(world, TOM)
    elif why == "conflict":
        in_conflict(world, TOM)
    else:
        world.add(replace(TOM, status=Status.WITHDRAWN, left_at=NOW))
    assert to_ask("hw3", ADA, NOW, world.desk).members == [TARA]


def test_without_any_ta_organizers_are_asked_and_without_anyone_it_waits(world: World) -> None:
    in_conflict(world, TARA, TOM)
    assert to_ask("hw3", ADA, NOW, world.desk).members == [ORLA]
    in_conflict(world, ORLA)
    question = asked(world)
    assert (told(world, question), bring_up(world.desk, NOW)) == ([], 0)
    world.add(THIRD)
    assert bring_up(world.desk, NOW) == 1
    assert told(world, question) == [THIRD.id]


def test_a_question_may_be_about_nothing_in_particular(world: World) -> None:
    assert ask("", WORDS, ADA, NOW, world.desk).assignment is None
    with world.desk.store.reading() as records:
        [question] = records.asking.open()
    about = answer(question.id, "Write to me.", TARA, NOW, world.desk)
    assert (about.assignment, about.by, about.question.answer) == (None, TARA, "Write to me.")


def test_the_words_are_in_no_letter_and_no_audit_line(world: World) -> None:
    question = asked(world)
    answer(question.id, "Since n > 0.", TARA, NOW, world.desk)
    with world.desk.store.reading() as records:
        dump = [line for line in records.connection.iterdump() if 'INTO "questions"' not in line]
        lines = [(line.actor_id, line.action) for line in records.audit.about(question.id)]
    assert not [line for line in dump if "step 2" in line or "n > 0" in line]
    assert lines == [(ADA.id, "question.asked"), (TARA.id, "question.answered")]


def test_the_first_answer_counts_and_every_card_says_whose_it_was(world: World) -> None:
    question = asked(world)
    world.deliver(NOW)
    answer(question.id, "Since n > 0.", TOM, NOW + HOUR, world.desk)
    with pytest.raises(AlreadyDecided) as late:
        answer(question.id, "It does not.", TARA, NOW + HOUR, world.desk)
    assert late.value.decided_by == TOM
    assert now_of(world, question).answer == "Since n > 0."
    sent = [one for _, one in world.deliver(NOW + HOUR) if isinstance(one, Ready)]
    [note] = [one for one in sent if one.address == Direct("UADA")]
    assert isinstance(note.content, AnswerNote)
    cards = [one.content for one in sent if isinstance(one.address, Standing)]
    assert [card.about.by for card in cards if isinstance(card, QuestionCard)] == [TOM, TOM]


def test_an_answer_at_night_waits_for_the_morning_of_the_student(world: World) -> None:
    question = asked(world)
    world.deliver(NOW)
    night = NOW.replace(hour=23)
    answer(question.id, "Since n > 0.", TOM, night, world.desk)
    [put_off] = [sent for letter, sent in world.deliver(night) if letter.kind == "asking.answered"]
    assert put_off == Later(NOW.replace(hour=8) + DAY)


def test_a_card_that_was_not_sent_yet_is_not_sent_after_the_answer(world: World) -> None:
    question = asked(world)
    answer(question.id, "Since n > 0.", ORLA, NOW, world.desk)
    assert list(contents(world, NOW)) == [f"member:{ADA.id}"]


def test_unanswered_for_eight_waking_hours_the_next_ta_is_told_then_organizers_each_once(world: World) -> None:
    on_duty(world, "questions", TOM)
    question = asked(world)
    assert bring_up(world.desk, NOW + 8 * HOUR - timedelta(seconds=1)) == 0
    assert bring_up(world.desk, NOW + 8 * HOUR) == 1
    assert bring_up(world.desk, NOW + 8 * HOUR) == 0
    assert (told(world, question), now_of(world, question).with_id) == ([TOM.id, TARA.id], TARA.id)
    # Told at 20:00, Tara has an hour before the night, and seven after it.
    next_day = NOW.replace(hour=15) + DAY
    assert bring_up(world.desk, next_day - timedelta(seconds=1)) == 0
    assert bring_up(world.desk, next_day) == 1
    assert told(world, question) == [TOM.id, TARA.id, ORLA.id]
    assert bring_up(world.desk, next_day + 7 * DAY) == 0
    assert len(world.letters("asking.card")) == 3


def test_the_next_is_who_was_told_of_least(world: World) -> None:
    world.add(THIRD)
    on_duty(world, "questions", THIRD)
    answer(asked(world).id, "Since n > 0.", THIRD, NOW, world.desk)
    on_duty(world, "questions", TOM)
    question = asked(world)
    assert bring_up(world.desk, NOW + 8 * HOUR) == 1
    assert told(world, question) == [TOM.id, TARA.id]


def test_who_is_away_meanwhile_keeps_nobody_waiting(world: World) -> None:
    on_duty(world, "questions", TOM)
    question = asked(world)
    away(world, TOM)
    assert bring_up(world.desk, NOW) == 1
    assert told(world, question) == [TOM.id, TARA.id]


def test_what_is_answered_or_asked_by_someone_gone_is_not_brought_up(world: World) -> None:
    answer(asked(world).id, "Since n > 0.", TARA, NOW, world.desk)
    asked(world)
    world.add(replace(ADA, status=Status.WITHDRAWN, left_at=NOW))
    assert bring_up(world.desk, NOW + 7 * DAY) == 0


@pytest.mark.parametrize(
    ("actor", "assignment", "words", "error"),
    [
        pytest.param(TARA, "hw3", WORDS, NotAllowed, id="staff"),
        pytest.param(replace(ADA, status=Status.PAUSED), "hw3", WORDS, NotActive, id="paused"),
        pytest.param(ADA, "hw99", WORDS, NotFound, id="no such assignment"),
        pytest.param(ADA, "hw3", " \n", ReasonNeeded, id="no words"),
    ],
)
def test_what_can_t_be_asked_is_refused(
    world: World, actor: Member, assignment: str, words: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        ask(assignment, words, actor, NOW, world.desk)
    assert world.letters("asking.card") == []


def test_only_who_was_asked_and_organizers_answer(world: World) -> None:
    on_duty(world, "questions", TOM)
    question = asked(world)
    for actor in (TARA, ADA, BO):
        with pytest.raises(NotAllowed):
            to_answer(question.id, actor, NOW, world.desk)
    assert to_answer(question.id, ORLA, NOW, world.desk).question == question
    in_conflict(world, TOM)
    with pytest.raises(NotAllowed):
        answer(question.id, "Since n > 0.", TOM, NOW, world.desk)
    with pytest.raises(ReasonNeeded):
        answer(question.id, " ", ORLA, NOW, world.desk)
    with pytest.raises(NotFound):
        answer("qst_none", "Since n > 0.", ORLA, NOW, world.desk)
    assert now_of(world, question).is_open


def test_how_it_went_is_said_by_the_student_who_asked(world: World) -> None:
    question = asked(world)
    assert own(question.id, ADA, NOW, world.desk).student == ADA
    for actor in (BO, TARA):
        with pytest.raises(NotAllowed):
            own(question.id, actor, NOW, world.desk)


def test_the_same_form_twice_asks_once(world: World) -> None:
    desk = world.desk.for_delivery("view:V1:asking.ask")
    ask("hw3", WORDS, ADA, NOW, desk)
    with pytest.raises(AlreadySeen):
        ask("hw3", WORDS, ADA, NOW, desk)
    with world.desk.store.reading() as records:
        assert len(records.asking.open()) == 1


def test_nothing_of_the_words_is_left_of_someone_erased(world: World) -> None:
    question = asked(world)
    erase(ADA.email, NOW, world.desk)
    assert now_of(world, question).words == ""
    assert contents(world, NOW) == {}


def test_what_an_erased_ta_answered_is_emptied_and_the_question_stays(world: World) -> None:
    question = asked(world)
    answer(question.id, "Since n > 0.", TOM, NOW, world.desk)
    erase(TOM.email, NOW, world.desk)
    kept = now_of(world, question)
    assert (kept.words, kept.answer, kept.answered_by) == (WORDS, "", TOM.id)


def test_the_words_are_erased_thirty_days_after_the_end(world: World) -> None:
    question = asked(world)
    assert housekeeping.erase_words(world.desk, datetime(2026, 5, 2, 22, 59, tzinfo=UTC)) == 0
    assert housekeeping.erase_words(world.desk, datetime(2026, 5, 3, 12, tzinfo=UTC)) == 1
    assert now_of(world, question).words == ""


@pytest.mark.parametrize(
    ("at", "hours", "after"),
    [
        pytest.param(datetime(2026, 2, 18, 9), 8, datetime(2026, 2, 18, 17), id="within a day"),
        pytest.param(datetime(2026, 2, 18, 20), 8, datetime(2026, 2, 19, 15), id="over a night"),
        pytest.param(datetime(2026, 2, 18, 23), 8, datetime(2026, 2, 19, 16), id="from a night on"),
        pytest.param(datetime(2026, 2, 18, 8), 13, datetime(2026, 2, 18, 21), id="a whole day"),
        pytest.param(datetime(2026, 3, 28, 20), 40, datetime(2026, 3, 31, 21), id="over days and a clock change"),
    ],
)
def test_waking_time_is_counted_without_the_nights(at: datetime, hours: int, after: datetime) -> None:
    tz = ZoneInfo("Europe/London")
    quiet_from, quiet_until = datetime(2026, 1, 1, 21).time(), datetime(2026, 1, 1, 8).time()
    found = waking_after(at.replace(tzinfo=tz).astimezone(UTC), hours * HOUR, tz, quiet_from, quiet_until)
    assert found == after.replace(tzinfo=tz)
