"""All phrases of plain words in the order in which they are looked for, and what comes before any of them."""

import re
from typing import Final

from cohort.plain_firsts import FIRSTS
from cohort.plain_intents import Phrase, any_of
from cohort.plain_questions import QUESTIONS
from cohort.plain_wishes import WISHES

PHRASES: Final[tuple[Phrase, ...]] = FIRSTS + WISHES + QUESTIONS

# Who hardly dares to ask, asks all the same.
HESITATION: Final = re.compile(
    r"\bi (?:really )?(?:dont|didnt|do not|did not) (?:really )?want to"
    r" (?:ask|bother|annoy|disturb|complain|be|sound|seem)\b(?: \w+){0,4}? but "
)
# What is told of others, or of another sort of meeting, asks for nothing.
UNCLEAR: Final = re.compile(
    any_of(
        r"\bmy (?:friend|roommate|flatmate|brother|sister|partner|colleague|cousin|wife|husband)s?"
        r" (?:\w+ ){0,3}(?:leave|leaving|left|quit|quitting|dropped|drop|withdrew|withdraw)\b",
        r"^i have (?:a |an )?(?:meeting|class|call) (?:at|until|from|in)\b(?! \w+day)(?: \w+)?$",
        r"\bmy (?:boss|friend|roommate|flatmate|colleague|doctor|dentist)s? (?:\w+ )?(?:cancell?ed|moved|booked)\b",
        r"\bextension (?:lead|cord|cable)\b",
        r"\b(?:leave|left) (?:the |my |that )(?:meeting|session|call|room)\b",
    )
)

# Who says that they do not want something wants nothing.
NO_WISH: Final = re.compile(
    any_of(
        (
            r"\b(?:dont|do not|didnt|did not|not|no longer|never) (?:really |actually "
            r"|even )?(?:need|want(?! to (?:continue|go on|stay|carry on|be here|be part|be "
            r"in))|wanna|asking for|ask for|looking for|going to (?:leave|quit|need|"
            r"drop))(?! (?:any |more |your |these |those |the |to (?:get|see|receive|"
            r"hear|be) (?:any |more |your |these )*)*(?:reminder|reminders|messages?|"
            r"notification|notifications|nudges?|dms?|pings?|check ?-?ins?|reminded|"
            r"nudged|pinged))"
        ),
        r"^no (?:extension|more time|thanks|thank you)",
        r"\bno (?:extension|more time) (?:is )?needed\b",
        (
            r"\b(?:extension|more time) (?:is |was )?(?:not|no longer) (?:needed|necessary)"
            r"\b"
        ),
    )
)
# Questions about what is allowed are answered by the rules, unless they say how much.
ABOUT_RULES: Final = re.compile(
    any_of(
        r"\bhow (?:many|long|often|much)\b(?!.*\bdid i\b)",
        (
            r"\b(?:am i|are we|is it|are extensions) (?:allowed|ok|okay|possible to "
            r"ask)\b"
        ),
        r"\bwhat (?:happens|if)\b",
        (
            r"\bwhat (?:is|are) the (?:late |extension |drop )?(?:policy|policies|rule|"
            r"rules|penalty|limit)\b"
        ),
        r"\bwhats the (?:late |extension |drop )?(?:policy|rule|penalty|limit)\b",
        r"\bdo i (?:need|have to give) a reason\b",
        (
            r"\bhow (?:do|does|would|are) (?:the )?(?:extensions?|late days|dropping|"
            r"drops|grading|graduation) work\b"
        ),
        r"\b(?:penalty|penalties|late days|grace period)\b",
        r"\bdo (?:i|we) lose (?:points|marks)\b",
        r"\bwhy\b.*\b(?:refused|declined|denied)\b",
    )
)

# A message asks or wishes where one of these stands in it; what only tells of something is left alone.
ASKS: Final = re.compile(
    any_of(
        r"\b(?:can|could|may|might|would|please|pls|plz|kindly|let me|lets)\b",
        r"\b(?:how|hows|what|whats|when|whens|where|wheres|which|who|whos|whom|why|by when)\b",
        r"\b(?:is|are) (?:there|it possible|it bad|it ok|it okay|any|anything|a ta|the tas?|someone|anyone|my|you)\b",
        r"\b(?:do|did|have|has|am|was|were|will|should|shall) (?:i|we|you|my|it|anything|anyone|anybody|hw\w*)\b",
        r"\b(?:i|we|id|ill|im|ive|we are|i am) (?:\w+ ){0,3}?(?:need|want|wanna|like|love|wish|have to|"
        r"must|cant|cannot|"
        r"wont|wouldnt|dont|do not|didnt|will not|am|stuck|struggling|lost|confused|overwhelmed|behind|late|asking|"
        r"hoping|thinking|"
        r"considering|leaving|quitting|done|worked|spent|did|quit|give up|feel|disagree|think|not|"
        r"running|going|falling)\b",
        r"^(?:an? )?(?:more time|extra time|extension)\b",
        r"\b(?:need|want|requesting|asking for|looking for|any (?:news|chance|way|free|word|update)|"
        r"someone|help|hint)\b",
        r"^(?:\w+ ){0,2}?(?:show|list|give|tell|send|book|cancel|move|stop|mute|pause|extend|submit|"
        r"hand|handing|turn|upload|"
        r"drop|skip|leave|quit|regrade|schedule|reschedule|reserve|find|get|check|ask|change|snooze|"
        r"remind|remove|withdraw|"
        r"arrange|set|take|put|push|postpone|explain|connect|talk|speak|open|add|delete|grant|approve|"
        r"unsubscribe|turn off|"
        r"running|late|stuck|sorry|heres|here|attached|done|finished|no more|too many|fewer|enough|"
        r"slot|appointment|theres a|there is a)\b",
        r"\b(?:my|the|our) (?:\w+ ){0,2}?(?:is|are|was|were|seems?|looks?) (?:wrong|unfair|missing|too|"
        r"not|incorrect|annoying|"
        r"due|late|going)\b",
        r"\b(?:\d+(?:[.,]\d+)? ?(?:h|hrs?|hours?|days?|weeks?)|check ?-?in|wont|cant|dont|not going to|"
        r"too much|keep up)\b",
    )
)
# What a few words that ask for nothing have in them: somebody does or did something, or something is something.
TELLS: Final = re.compile(
    r"\b(?:is|are|was|were|got|has|had|had|passed|submitted|read|finished|knows?|says?|said|likes?)\b"
)
