"""Which words bring a person: those people in danger use of themselves, and not what is said of homework."""

import pytest

from cohort.distress import sounds_like_distress


@pytest.mark.parametrize(
    "words",
    [
        "I want to die",
        "honestly I’ve been thinking about killing myself",
        "maybe I should just end it all",
        "everyone would be better off without me",
        "I don't want to be here anymore",
        "5 hours. I can't go on any more",
        "I've been hurting myself again",
        "feeling completely hopeless",
        "there is no point in living",
        "I had panic attacks all\nweek",
        "I feel SUICIDAL",
    ],
)
def test_these_do(words: str) -> None:
    assert sounds_like_distress(words)


@pytest.mark.parametrize(
    "words",
    [
        "this pset is killing me",
        "I'm dying to know how it ends",
        "12 hours, stuck on backprop",
        "how do I kill a process?",
        "my laptop died",
        "can I end my booking?",
        "the loop never ends, no point in using recursion",
        "I want to leave early on Friday",
        "hw3 is a pain, I hate it",
        "what does the die() function do",
        "",
    ],
)
def test_these_do_not(words: str) -> None:
    assert not sounds_like_distress(words)
