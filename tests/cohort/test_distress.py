"""Words of distress: what brings a person, and what people say of hard homework."""

import pytest

from cohort.distress import sounds_like_distress

DISTRESS = [
    "I want to die",
    "i wanna die.",
    "I don’t want to live anymore",
    "I don't want to be here any more",
    "i do not want to wake up tomorrow",
    "I've been thinking about suicide",
    "feeling suicidal again",
    "sometimes I think about killing myself",
    "I'm going to kill myself",
    "I just want to end it all",
    "I want to end my life",
    "I wish I was dead",
    "everyone would be better off without me",
    "I'd rather be dead than tell my parents",
    "I started self-harming again",
    "I've been hurting myself",
    "I cut myself last night",
    "there is no reason to live",
    "I see no point in living",
    "I have nothing to live for",
    "my life is not worth living",
    "nobody would miss me",
    "I hate myself",
    "I feel hopeless",
    "I'm so completely hopeless",
    "I feel really worthless and alone",
    "I have no hope left",
    "I've lost all hope",
    "I can't go on",
    "I CAN'T TAKE IT ANYMORE",
    "12 hours, and I can't do this anymore",
    "I can't stop crying",
    "I think I'm having a nervous breakdown",
    "I had another panic attack before the exam",
    "i gave up on life",
    "my partner hits me",
    "12 hours this week.\nI want\nto die",
    "honestly I’ve been thinking about killing myself",
    "5 hours. I can't go on any more",
    "I had panic attacks all\nweek",
    "I feel SUICIDAL",
    "everything is hopeless",
]
HARD_HOMEWORK = [
    "this pset is killing me",
    "I'm dying to know my grade",
    "the deadline is killing us all",
    "my kernel died twice",
    "how do I kill the process?",
    "I could kill for a coffee",
    "I laughed so hard I could die",
    "I want to die of embarrassment, wrong file, sorry",
    "I don't want to die on this hill but question 2 is wrong",
    "this dead code can go",
    "I hate regular expressions",
    "I'm hopeless at proofs, can I get a slot?",
    "hopelessly stuck on backprop",
    "the gradient can't go on growing",
    "I cut myself some slack this week",
    "I hurt myself playing football, can I have two more days?",
    "I killed it on the exam",
    "backprop is a nightmare",
    "beats me why this fails",
    "it hits me now: the index is off by one",
    "I'm going to die if I don't pass this quiz",
    "I'm desperate for two more days",
    "I give up on question 3",
    "I lost hope of passing hw3 on the first try",
    "there is no point in the second plot",
    "the team is better off without me on the slides",
    "we compared it with the Suicide Squad data set",
    "I can't take this anymore with the autograder, what does error 3 mean?",
    "I don't want to live with this bug",
    "is hw4 dead or postponed?",
    "12 hours, stuck on backprop",
    "what's due?",
    "my laptop died",
    "can I end my booking?",
    "the loop never ends, no point in using recursion",
    "I want to leave early on Friday",
    "hw3 is a pain, I hate it",
    "what does the die() function do",
    "",
    "死ぬほど忙しい",
]


@pytest.mark.parametrize("words", DISTRESS)
def test_clear_words_of_distress_are_heard(words: str) -> None:
    assert sounds_like_distress(words)


@pytest.mark.parametrize("words", HARD_HOMEWORK)
def test_what_people_say_of_hard_homework_is_left_alone(words: str) -> None:
    assert not sounds_like_distress(words)
