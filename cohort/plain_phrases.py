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
            r"|even )?(?:need|want(?! to (?:continue|go on|stay|carry on|be here|be "
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
