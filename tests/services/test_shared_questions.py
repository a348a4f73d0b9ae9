"""Sharing a question without a name, taking it back, and finding what others have shared."""

from pathlib import Path

import pytest

from cohort.errors import AlreadyDecided, NotAllowed, NotFound, ReasonNeeded
from services import housekeeping
from services.asking import OFFER, answer, ask, offer_to_meet
from services.erase import erase
from services.letters import Said
from services.shared_questions import COMPOSERS, TakenOut, find, share, take_back, to_share
from tests.services.nudge_world import ADA, BO, NOW, ORLA, TARA, TOM, World, new_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def answered(world: World, words: str = "Why does step 2 of the proofs hold?") -> str:
    ask("hw3", words, ADA, NOW, world.desk)
    with world.desk.store.reading() as records:
        question = records.asking.open()[-1]
    answer(question.id, "Since n > 0, by induction.", TARA, NOW, world.desk)
    return question.id


def texts(world: World, words: str = "") -> list[str]:
    return [each.words for each in find(words, BO, NOW, world.desk).shared]


def test_what_a_student_shares_is_found_in_the_words_they_left_in(world: World) -> None:
    question = answered(world)
    assert texts(world) == []
    share(question, "Why does step 2 hold?", "By induction.", ADA, NOW, world.desk)
    assert texts(world, "step") == ["Why does step 2 hold?"]
    found = find("induction", TOM, NOW, world.desk)
    assert [(each.words, each.answer) for each in found.shared] == [("Why does step 2 hold?", "By induction.")]
    assert (texts(world, "hw3"), texts(world, "elephants")) == (["Why does step 2 hold?"], [])


def test_the_best_fit_stands_first_and_forms_of_a_word_find_each_other(world: World) -> None:
    for words in ("A loop that ends", "Proof of the loop invariant"):
        share(answered(world, words), words, "So.", ADA, NOW, world.desk)
    assert texts(world, "loop proofs") == ["Proof of the loop invariant", "A loop that ends"]


def test_only_the_one_who_asked_shares_and_staff_can_take_it_out(world: World) -> None:
    question = answered(world)
    for other in (BO, TARA, ORLA):
        with pytest.raises(NotAllowed):
            share(question, "x", "y", other, NOW, world.desk)
    share(question, "x", "y", ADA, NOW, world.desk)
    with pytest.raises(NotAllowed):
        take_back(question, BO, NOW, world.desk)
    assert take_back(question, TARA, NOW, world.desk)
    assert (texts(world), take_back(question, ADA, NOW, world.desk)) == ([], False)
    with pytest.raises(NotAllowed):
        share(question, "again", "y", ADA, NOW, world.desk)
    assert texts(world) == []
    with world.desk.store.reading() as records:
        [(letter, _)] = records.outbox.of_kind("questions.taken_out")
    assert letter.recipient == f"member:{ADA.id}"
    said = COMPOSERS[letter.kind](records, letter.data, world.desk, NOW)
    assert isinstance(said, Said)
    assert isinstance(said.content, TakenOut)
    assert said.content.by.id == TARA.id


def test_who_took_it_back_may_share_it_again(world: World) -> None:
    question = answered(world)
    share(question, "x", "y", ADA, NOW, world.desk)
    assert take_back(question, ADA, NOW, world.desk)
    share(question, "again", "y", ADA, NOW, world.desk)
    assert texts(world) == ["again"]
    with world.desk.store.reading() as records:
        assert records.outbox.of_kind("questions.taken_out") == []


def test_who_shares_is_told_of_the_names_in_it(world: World) -> None:
    plain = answered(world)
    assert to_share(plain, ADA, NOW, world.desk).names == []
    named = answered(world, f"{BO.called} says step 2 holds. Does it?")
    assert to_share(named, ADA, NOW, world.desk).names == [BO.called]
    in_small_letters = answered(world, "chen says step 2 holds. Does it?")
    assert to_share(in_small_letters, ADA, NOW, world.desk).names == ["chen"]


def test_nothing_is_shared_that_has_no_answer_or_no_words(world: World) -> None:
    ask("hw3", "How?", ADA, NOW, world.desk)
    with world.desk.store.reading() as records:
        question = records.asking.open()[-1]
    with pytest.raises(NotFound):
        to_share(question.id, ADA, NOW, world.desk)
    with pytest.raises(ReasonNeeded):
        share(answered(world), " ", "y", ADA, NOW, world.desk)


def test_an_offer_to_meet_is_an_answer_and_the_first_counts(world: World) -> None:
    ask("hw3", "How?", ADA, NOW, world.desk)
    with world.desk.store.reading() as records:
        question = records.asking.open()[-1]
    assert offer_to_meet(question.id, TARA, NOW, world.desk).question.answer == OFFER
    with pytest.raises(NotFound):
        share(question.id, "x", "y", ADA, NOW, world.desk)
    with pytest.raises(AlreadyDecided):
        answer(question.id, "Too late", ORLA, NOW, world.desk)


def test_what_was_shared_goes_with_the_student_and_after_the_programme(world: World) -> None:
    share(answered(world), "x", "y", ADA, NOW, world.desk)
    erase(ADA.email, NOW, world.desk)
    assert texts(world) == []
    ask("hw3", "How?", BO, NOW, world.desk)
    assert housekeeping.erase_words(world.desk, NOW) == 0
