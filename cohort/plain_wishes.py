"""The phrases of wishes, in the order in which they are looked for: what is to be done, for whom, until when."""

from typing import Final

from cohort.plain_intents import (
    ALL,
    HANDING_IN,
    MESSAGES,
    PROGRAMME,
    SOMEONE,
    STAFF,
    STUDENT,
    Intent,
    Phrase,
    any_of,
    rule,
)

WISHES: Final[tuple[Phrase, ...]] = (
    rule(
        Intent.THANKS,
        ALL,
        any_of(
            (
                r"^(?:ok |okay |great |perfect |cool )*(?:thanks?|thank you|thx|ty|cheers|"
                r"great|ok|okay|cool|awesome|perfect|got it|nice|amazing|brilliant|will "
                r"do|sounds good|no problem|np|you too|bye|good night|have a (?:nice|good)"
                r" \w+)\b(?: (?:so much|a lot|very much|you|u|again|bot|all|bye|for (?:the|your)"
                r" \w+|for everything|that helps|that helped|understood|great|thanks|thank|"
                r"thx|now|then))*$"
            ),
        ),
    ),
    rule(
        Intent.HELP,
        ALL,
        any_of(
            (
                r"^(?:hi|hello|hey|hiya|yo|good (?:morning|afternoon|evening)|help|menu|"
                r"start|commands)(?: (?:there|bot|everyone|all|please|me|cohort bot))*$"
            ),
        ),
    ),
    rule(
        Intent.HELP,
        ALL,
        any_of(
            r"\bwhat (?:else )?(?:can|do) you do\b",
            r"\bwhat can i (?:do|ask|type|say)\b",
            r"\bhow (?:do|can) i use (?:you|this)\b",
            r"\bhow does (?:this|the) (?:bot |thing )?work\b",
            r"\b(?:list|show)(?: me)? (?:the |all |your )*commands\b",
            r"\bwho are you\b",
            r"\bwhat are you\b",
            r"\bwhat commands\b",
        ),
    ),
    # What was asked for before.
    rule(
        Intent.REQUESTS,
        ALL,
        any_of(
            r"\b(?:my|the|our|open|pending|waiting)\b.*\brequests?\b",
            r"\basked for (?:more time|an? extension|extensions?)\b",
            r"\brequests? (?:is|are|for) (?:pending|waiting|open)\b",
            (
                r"\b(?:status|update|news|answer|heard|decision|response) (?:of|on|about|"
                r"for|back about|from) (?:my |the )?(?:extension|request)\b"
            ),
            (
                r"\b(?:was|is|did|has|have) (?:my|the|anyone|anybody|you|a ta)(?: \w+)? "
                r"(?:extension|request|answer(?:ed)? my)\b"
            ),
            (
                r"\b(?:take back|withdraw|cancel|undo|retract) (?:my |the )?(?:extension|"
                r"request)"
            ),
            r"\bmy extensions?\b(?! (?:please|until|for))",
            (
                r"\bextension requests?\b(?=.*\b(?:open|waiting|pending|list|show|decide|"
                r"left|any)\b)"
            ),
        ),
        any_of(
            r"\b(?:can|could|may) (?:i|you)\b.*\b(?:get|have|extend|give)\b",
            r"\b(?:policy|policies|rules?)\b",
        ),
    ),
    rule(
        Intent.REQUESTS,
        STAFF,
        any_of(
            (
                r"\b(?:who|anyone|anybody|students?)\b.*\b(?:asked|asking|asks|wants?|waiting)"
                r" for (?:more time|an? extension|extensions)\b"
            ),
            r"\bextensions? (?:to|left to|waiting to be) (?:decide|decided|approve)\b",
            r"\bany(?:thing)? (?:extensions?|requests?)\b",
        ),
    ),
    # Leaving.
    rule(
        Intent.LEAVE,
        STUDENT,
        any_of(
            (
                r"\b(?:leave|leaving|quit|quitting|drop(?:ping)? out(?: of)?|withdraw(?:ing)"
                r"?(?: from)?|unenroll?|unenrol|resign(?: from)?|exit|stop doing|give up "
                rf"on|giving up on|discontinue) (?:the |this |my |your )*{PROGRAMME}\b"
            ),
            (
                r"\b(?:want|wanna|have|like|going|need|decided|thinking|considering|how "
                r"(?:do|can|would) i|can i|i will|ill|may have|might have|might|think i(?:ll|"
                r" will| should)?)(?: to| of| about)? (?:just )?(?:leave|leaving|quit|quitting|"
                r"drop(?:ping)? out|withdraw(?:ing)?|unenroll?)(?: (?:now|please|for good|"
                r"altogether|completely|it all|everything|entirely))*$"
            ),
            (
                rf"^(?:i )?(?:quit|want out|am out|give up|am done with (?:this|the) {PROGRAMME})"
                r"\b"
            ),
            r"\bi want out\b",
            r"\bdrop(?:ping)? out\b",
            (
                rf"\b(?:i am|im) (?:done with|leaving|quitting)(?: (?:the|this|my) {PROGRAMME})"
                r"$"
            ),
            rf"\bi (?:cant|cannot|can not) continue (?:with )?(?:the |this )?{PROGRAMME}\b",
            r"\bwithdraw (?:me|myself)\b",
            (
                r"\b(?:have|need|want) to (?:withdraw|leave|quit|drop out) (?:for|because|"
                r"due to)\b"
            ),
            rf"\bstop (?:the |this |my )?{PROGRAMME}\b",
            (
                r"\b(?:dont|do not|no longer|cant|cannot|not) (?:want to |wanna )?(?:continue|"
                rf"stay in|go on with|carry on with|be in)(?: with)? (?:the |this |my )?{PROGRAMME}\b"
            ),
            rf"\bremove me from (?:the |this )?{PROGRAMME}",
        ),
        any_of(
            (
                r"\b(?:leave|leaving) (?:it|that|this(?! (?:program|course|cohort|class|school|bootcamp))|out|a|an|for|"
                r"early|me|you|now for)\b"
            ),
            r"\bquit \w+ing\b",
            r"\bstop (?:sending|writing|remind|messag)",
        ),
    ),
    # Fewer messages.
    rule(
        Intent.QUIET,
        STUDENT,
        any_of(
            (
                r"\b(?:stop|mute|pause|silence|snooze|disable|turn off|switch off|quit|unsubscribe|"
                rf"shut up|no more|enough|cut out|hold|halt|end|cancel)\b.*\b{MESSAGES}\b"
            ),
            (
                rf"\b{MESSAGES}\b.*\b(?:stop|mute|pause|off|annoying|annoy|less|fewer|enough|"
                r"too (?:much|many|often))\b"
            ),
            rf"\b(?:fewer|less|too many|so many|not so many) {MESSAGES}",
            (
                r"\b(?:dont|do not|please dont|no need to) (?:want |need |send |wish )*(?:me "
                rf"|any |more |your |these |those |the |to (?:get|see|receive|hear|be) )*{MESSAGES}"
            ),
            (
                r"\bno (?:more )?(?:reminders?|messages|notifications|nudges|check ?-?ins)"
                r"\b"
            ),
            (
                r"\b(?:leave me alone|shut up|be quiet|unsubscribe|mute|stop it|stop this)"
                r"\b"
            ),
            r"\bdont (?:want|need) to be (?:reminded|nudged|pinged)\b",
        ),
        r"\b(?:hand|hands|grade|leave the)\b",
    ),
    rule(
        Intent.MESSAGES,
        STUDENT,
        any_of(
            rf"\b(?:which|what) {MESSAGES}\b",
            r"\b(?:settings|preferences)\b",
            (
                r"\b(?:change|manage|edit|adjust|choose|turn (?:back )?on|resume|start|see)"
                rf" (?:my |the |your |what |which |again )*{MESSAGES}\b"
            ),
            r"\bremind me again\b",
        ),
    ),
    # A question about a grade comes before the grade itself.
    rule(
        Intent.REGRADE,
        STUDENT,
        any_of(
            (
                r"\b(?:re ?-?grad(?:e|ed|ing)|re ?-?mark(?:ed|ing)?|appeal|dispute|second "
                r"look|look again|recheck|re-check|reconsider)\b"
            ),
            r"\b(?:look at|check|go over)\b.*\b(?:grade|score|mark|hw\w*)\b.*\bagain\b",
            (
                r"\b(?:error|mistake|something wrong) (?:in|with|on)\b.*\b(?:grade|score|"
                r"mark|result|points)\b"
            ),
            (
                r"\b(?:grade|score|mark|marked|graded|points?|result)\b.*\b(?:wrong|unfair|"
                r"incorrect|mistake|disagree|too low|not right|not fair|error|harsh)\b"
            ),
            (
                r"\b(?:disagree|unhappy|not happy|wrong|mistake|question) (?:with|about|"
                r"in|on) (?:my |the )?(?:grade|score|mark|grading|result|points)\b"
            ),
        ),
    ),
    # Handing in, but not what was handed in, nor what can't be in time.
    rule(
        Intent.PROGRESS,
        STUDENT,
        any_of(
            (
                r"\b(?:did|have|has|was|is|were) (?:you|my|it|i|the)\b.*\b(?:get|got|receive|"
                r"received|arrive|arrived|submitted|counted|handed in|go through|through)"
                r"\b"
            ),
            (
                r"\b(?:did|has|have|was|is|whether|if)(?: \w+){1,4} (?:arrive|arrived|"
                r"graded|marked|received|submitted|counted|corrected|go through)\b"
            ),
            (
                r"\bi (?:already |have |have already )?(?:submitted|handed in|turned in|"
                r"sent in)\b"
            ),
            r"\bi (?:already )?(?:did|have done)\b.*\b(?:already)\b",
        ),
        r"\b(?:more|extension|extend|until|possible|late|later)\b",
    ),
    rule(
        Intent.MORE_TIME,
        STUDENT,
        any_of(
            (
                r"\b(?:cant|cannot|can not|wont|will not|not|couldnt|unable to|not able "
                r"to|wont be able to|cant be|impossible to|hard to|too late to|dont think "
                rf"i(?:ll| will| can)?)\b.*\b(?:{HANDING_IN}|finish(?:ed)?|done|ready|make "
                rf"(?:it|the|{SOMEONE})|meet|complete(?:d)?|manage|on time|in time|by the "
                r"deadline|make)\b"
            ),
        ),
        any_of(
            (
                r"\b(?:office hours?|appointment|meeting|session|section|slot|login|log "
                r"in|access|understand|find|see|open|today s|grade)\b"
            ),
            r"\bmake (?:sense|up my mind)\b",
            r"\bnot (?:sure|working)\b",
        ),
        wish=True,
    ),
    rule(
        Intent.MORE_TIME,
        STUDENT,
        any_of(
            (
                r"\b(?:submit|hand|turn)\b.*\b(?:\d+ (?:days?|hours?|weeks?)|a (?:day|week|"
                r"bit|little)|tomorrow|on \w+day|later|until \w+)(?: \w+)? ?(?:late|later)"
                r"?\b"
            ),
        ),
        r"\bhttps?\b|\bhow (?:do|can) i\b|\bwhere\b",
        wish=False,
    ),
    rule(
        Intent.HAND_IN,
        STUDENT,
        any_of(
            (
                r"\b(?:want|like|need|would like|ready|going|have|let me|id like|how (?:do|"
                rf"can|should) i|where (?:do|can|should) i|can i|please)\b.*\b{HANDING_IN}\b"
            ),
            rf"^{HANDING_IN}\b",
            (
                r"\b(?:here is|heres|this is|attached|attaching|here are|link to) (?:is "
                r")?(?:my |the )?"
            ),
            r"\bmy (?:solution|submission|work|answer) (?:for|to|is)\b",
            r"\bi(?:m| am| have|ve)? (?:done|finished|finish|completed)\b",
        ),
        any_of(
            (
                r"\b(?:not|cant|cannot|wont|late|later|extension|more time|never|didnt|havent|"
                r"when|here is the thing|question|with (?:this|the) (?:course|program|programme|"
                r"cohort))\b"
            ),
        ),
        work=True,
    ),
    rule(
        Intent.HAND_IN,
        STUDENT,
        any_of(
            (
                r"\b(?:want|like|need|would like|id like|how (?:do|can|should) i|where (?:do|"
                rf"can|should) i|can i|please|let me)\b.*\b{HANDING_IN}\b"
            ),
            (
                rf"^{HANDING_IN} (?:something|work|my (?:work|homework|assignment|solution|"
                r"project))\b"
            ),
            rf"^{HANDING_IN}$",
        ),
        r"\b(?:not|cant|cannot|wont|late|later|extension|more time|never)\b",
    ),
    # Dropping a piece of work shows how one stands, with what may be left out.
    rule(
        Intent.DROP,
        STUDENT,
        any_of(
            (
                r"\b(?:drop|dropping|skip|skipping|leave out|leaving out|omit|miss out|opt "
                r"out of)\b(?! ?(?:out|in|by|off|me|my (?:question|messages?)))(?=.*\b(?:it|"
                r"this|one|assignment|homework|work|piece|set|reading|project|exercise|exam|"
                r"paper|lab|quiz|\w+\d+)\b)"
            ),
            r"\bhow many (?:\w+ )?(?:drops|can i (?:drop|skip|leave out))\b",
            r"\bdrops? (?:left|allowance|do i have)\b",
            r"\bwithout doing\b",
        ),
        r"\b(?:check ?-?in|section|meeting|session|office hours?)\b",
    ),
    # More time.
    rule(
        Intent.MORE_TIME,
        STUDENT,
        any_of(
            (
                r"\b(?:extension|extensions|extend|extended|extending|prolong|postpone|postponed|"
                r"defer|push (?:back|out)|pushed back|later deadline|move (?:my |the )?deadline|"
                r"deadline moved|delay)\b"
            ),
            (
                r"\b(?:more|extra|additional|another|further|bit longer|little longer|\d+)"
                r" (?:more |extra |additional )?(?:time|days?|weeks?|hours?)\b(?=.*\b(?:for|"
                r"on|with|please|until|to|need|get|have|finish|do|give|want)\b|$)(?<!last "
                r"7 days)"
            ),
            (
                r"\b(?:need|want|have|get|give me|take|use|until|till) (?:some |a bit |a "
                r"little |a |)(?:more |extra )(?:time|days?)\b"
            ),
            (
                r"\b(?:need|have|get|give me|can i (?:have|get|take)|could i (?:have|get)"
                r") (?:until|till|til)\b"
            ),
            r"\bneed longer\b",
            r"\b(?:d|would|need|want|like|have|get)\b.*\bmoved to\b",
            (
                r"\b(?:\d+|a|an|one) (?:more )?(?:days?|weeks?|hours?) (?:more|longer|extra|"
                r"late|later)\b"
            ),
            r"\bdeadline\b.*\b(?:moved|extended|changed|pushed|later|shifted)\b",
            r"\b(?:bit|little|some) longer\b",
            r"\brunning (?:late|out of time|behind)\b",
            r"\blate (?:with|on)\b|\blate for (?:hw|homework|pset|the (?:deadline|project|paper|exam|reading))",
            r"\bbehind (?:on|with)\b(?=.*\d)",
            r"\bmiss(?:ing)? the deadline\b",
            r"\bgoing to be late\b",
            r"\bneed (?:a |1 )?(?:day|week) more\b",
            r"\bnot enough time\b",
        ),
        any_of(
            (
                r"\b(?:office hours?|appointment|meeting|session|slot|vacation|holiday|away|"
                r"with (?:a |the )?ta)\b"
            ),
            r"^(?:who|whom|do i have to)\b|^(?:i|we|he|she|they) (?:extend|extended|postponed|delayed)\b",
            r"\b(?:left|until the deadline|do i have left|are there)\b",
            r"\bspent\b",
            (
                r"\b\d+(?:[.,]\d+)? ?(?:h|hrs?|hours?)\b(?! (?:more|extra|late|later|longer|"
                r"additional|for))"
            ),
        ),
        wish=True,
    ),
    rule(
        Intent.MORE_TIME,
        STUDENT,
        any_of(
            (
                r"\b(?:can|could|may|might|would|possible|please|get|give|need|want|like)"
                r"\b.*\b(?:extension|more time|extra time|\d+ (?:more |extra |additional "
                r")?(?:days?|weeks?))\b"
            ),
        ),
        r"\b(?:how (?:many|long|much|often)|reason|allowed|rules?|policy)\b",
    ),
)
