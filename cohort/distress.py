"""Words of distress: the phrases that bring a person at once, and those that only sound like them."""

import re
from typing import Final

_I_AM = r"(?:i am|im|i feel|i have been feeling|ive been feeling|i just feel|feeling|i was feeling)"
_VERY = r"(?:(?:so|very|really|completely|totally|utterly|just|quite|pretty|kind of|a bit) )*"
_CANT = r"(?:cant|can not|cannot|could not|couldnt)"
_DONT = r"(?:dont|do not|no longer|didnt)"

# What is looked for in text that holds words of a to z and single blanks only, without apostrophes.
PHRASES: Final = (
    # Of dying and of harm to oneself.
    r"suicid(?:e|al)(?! squad)",
    r"kill(?:ing)? myself(?! (?:laughing|over|with|for|at))",
    r"end(?:ing)? (?:my (?:own )?life|it all|my existence)",
    r"tak(?:e|ing) my (?:own )?life",
    r"(?:want|wanna|wanted) (?:to )?die(?! (?:on (?:this|that) hill|of|laughing|from))",
    r"feel(?:ing)? like dying(?! (?:of|laughing|from))",
    r"(?:wish|wishing) (?:that )?i (?:was|were) (?:dead|never born|not alive)",
    r"(?:rather|better off) (?:be )?dead",
    r"(?:wish|want) (?:to be|i could be) dead",
    r"better off without me(?! (?:on|in) (?:the|this|that|our))",
    r"self ?harm(?:ing|ed)?",
    r"(?:hurt(?:ing)?|harm(?:ing|ed)?) myself(?! (?:playing|running|skiing|climbing|cycling|at|while))",
    r"cut(?:ting)? myself(?! (?:some|a|off|short|on|while|shaving|cooking))",
    r"overdos(?:e|ed|ing) on (?:my |sleeping |some )?(?:pills|meds|medication|tablets)",
    # Of not wanting to live on.
    rf"{_DONT} want to (?:live|exist|be alive|wake up)(?! (?:in|with|at|near|early|on|so|that))",
    rf"{_DONT} want to be here any ?more",
    rf"{_DONT} (?:see|have|see any|have any|see a|have a) (?:reason|point) (?:to|in|of) (?:live|living|go on|going on)",
    r"(?:no|any) (?:reason|point) (?:to|in|of) (?:live|living|go(?:ing)? on with (?:life|living)|being alive)",
    r"nothing (?:left )?to live for",
    r"(?:life|living) (?:is|is just|feels) (?:not worth|pointless|meaningless)",
    r"(?:life|everything) (?:is|feels) hopeless",
    r"(?:isnt|is not|not) worth living",
    r"(?:give|giving|gave|given) up on (?:life|living|myself)",
    r"(?:nobody|no one|noone) would (?:even )?(?:miss me|care if i (?:died|was gone|were gone|disappeared))",
    r"hate (?:my life|myself|being alive)",
    # Of hopelessness and of what nobody carries alone.
    rf"{_I_AM} {_VERY}(?:hopeless|worthless|broken)(?! (?:at|with|in|for|to))",
    r"(?:have )?(?:no|lost (?:all )?(?:my )?) ?hope (?:left|any ?more|for (?:me|myself|anything|the future))",
    r"lost all (?:my )?hope(?! (?:of|for|in|that|with))",
    (
        rf"i (?:just |really |simply )?{_CANT}"
        r" (?:go on|take (?:it|this) any ?more|do (?:it|this) any ?more|stop crying|cope(?: any ?more)?)"
        r"(?! (?:to|until|without|with (?:the|this|that)|(?:slack|holiday|vacation)))"
    ),
    rf"{_I_AM} (?:(?:so|very|really|completely|totally|utterly|all) )+alone(?! (?:in|on|with|at) )",
    (
        r"(?:everything|it all|life) (?:is|feels|is getting|gets|has become)"
        r" (?:(?:just|simply|far|way) )*too much(?! (?:work|homework|of|to))"
    ),
    r"(?:have|got|theres|there is) (?:no ?one|nobody) (?:i can )?(?:talk|to talk) to",
    r"(?:cant|can not|cannot) see a way out(?! of (?:the|this|that) (?:loop|recursion|function|maze))",
    r"(?:having|had|have|another) (?:a )?(?:nervous|mental) breakdowns?",
    r"(?:having|had|have|get|getting|another) (?:a |an )?(?:panic attacks?)",
    r"(?:afraid|scared|fear) (?:for|of losing) my life",
    (
        r"(?:he|she|who|partner|husband|wife|boyfriend|girlfriend|father|mother|dad|mum|mom|brother|someone|somebody)"
        r" (?:hits|hit|beats|beat|abuses|abused|raped|assaulted) me"
    ),
    r"i (?:was|am being|have been|got) (?:abused|raped|assaulted)",
)
_ANY: Final = re.compile(r"\b(?:" + "|".join(PHRASES) + r")\b")
_APOSTROPHES: Final = re.compile("['’‘`´]")
_NO_LETTERS: Final = re.compile("[^a-z]+")


def sounds_like_distress(words: str) -> bool:
    """Say whether words speak of distress, self-harm or hopelessness, in English.

    Rather once too often than once too little: a person looks, and nothing else follows from it. What people say of
    hard homework is left alone.
    """
    bare = _APOSTROPHES.sub("", words.casefold())
    return _ANY.search(_NO_LETTERS.sub(" ", bare)) is not None
