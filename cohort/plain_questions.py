"""The phrases of questions, which come after those of wishes: what holds, who, when, and how one stands."""

from typing import Final

from cohort.plain_intents import ALL, ANY_TA, BOOKING, SOMEONE, STAFF, STUDENT, Intent, Phrase, any_of, rule

QUESTIONS: Final[tuple[Phrase, ...]] = (
    # The rules.
    rule(
        Intent.POLICY,
        ALL,
        any_of(
            (
                r"\b(?:policy|policies|rules?|regulations?|allowed|late days|penalty|penalties|"
                r"grace period|lose (?:points|marks)|deduct(?:ed|ion|ions)?)\b"
            ),
            r"\bhow late\b",
            (
                r"\bhow (?:many|long|much|often)\b.*\b(?:extension|extensions|late|more "
                r"time|extend|days)\b"
            ),
            r"\bdo i (?:need|have to give) a reason\b",
            (
                r"\bwhat (?:happens|if)\b.*\b(?:late|miss|fail|dont|cant|not|submit|hand)"
                r"\b"
            ),
            (
                r"\bhow (?:do|does|would|are) (?:the )?(?:extensions?|late days|drops|dropping|"
                r"grading|graduation|passing) work\b"
            ),
            r"\bwhen (?:do|will) (?:i|we) (?:get|have) (?:grades|feedback|results)\b",
            r"\bhow long (?:does|until)\b.*\bgrad",
        ),
    ),
    # Office hours.
    rule(
        Intent.BOOKINGS,
        STUDENT,
        any_of(
            (
                r"\b(?:my|cancel|move|reschedule|change|show|when is|when are|shift|postpone|"
                rf"call off|which)\b.*\b(?:my |the )?{BOOKING}\b"
            ),
            rf"\bdo i have (?:a |an |any )?{BOOKING}\b",
            r"\bwhat (?:have i|did i) book(?:ed)?\b",
            r"\bhave (?:i )?booked\b",
            rf"\b(?:cant|cannot|wont) (?:make|come to|attend) (?:my|the|our) {BOOKING}\b",
        ),
        any_of(
            r"\b(?:when are|what are|which) (?:the |your )?office hours?\b",
            r"\bnew (?:booking|appointment)\b",
            r"\bmy first\b",
            r"\bpostpone .*deadline\b",
        ),
    ),
    rule(
        Intent.BOOK,
        STUDENT,
        any_of(
            (
                r"\b(?:book|reserve|schedule|arrange|set up|sign (?:me )?up for|make|get|"
                rf"grab|find|need|want|like|have|request)\b.*\b(?:appointment|slot|{ANY_TA}|"
                r"office hours?|meeting|session|call|1:1|1-1|1 on 1|one on one|tutoring)"
                r"\b"
            ),
            (
                r"\b(?:meet|meeting|see|speak|talk|chat|call|sit down|go over|catch up|zoom|"
                r"meet up|session|time|help from|help by|help of)(?: (?:to|with|up with|"
                rf"it with|this with|hw\w* with))* {ANY_TA}\b"
            ),
            r"^(?:please |pls )?(?:book|appointment|slot|booking|book (?:something|me|it|me in))"
            r"(?: (?:please|pls|now|for|on|at|in|a|an|the|this|next|with|tomorrow|today|tonight|morning|afternoon"
            r"|evening|week|something|slot|time|spot|tom|tara|\w+day|\d[\w:]*|hw\w*)){0,6}$",
            r"^(?:a|an|any) (?:slot|appointment)\b",
            (
                r"\b(?:is|are) (?:there )?(?:a |any |some )?(?:ta|tas|tutor|slots?) (?:free|"
                r"available|around|there|open)\b"
            ),
            r"\bfree slots?\b",
            r"\bany(?:one|body)? (?:free|available)\b",
            rf"\bhelp (?:from|of) {ANY_TA}",
            r"^(?:1:1|1-1|one on one|1 on 1)\b",
            r"\b(?:ta|tutor|staff|instructor)\b.*\bmeet me\b",
        ),
        r"\b(?:who|when are|what are|where are|regrade|grade)\b|\b(?:organizer|organizers)\b",
    ),
    rule(
        Intent.OFFICE_HOURS,
        ALL,
        any_of(
            r"\boffice ?hours?\b",
            (
                r"\bwhen (?:is|are) (?:a |the )?(?:ta|tas|tutors?) (?:available|there|around|"
                r"free|on)\b"
            ),
            r"\bdrop-? ?in\b",
            (
                r"\b(?:which|are|is|any) (?:the )?(?:tas?|tutors?)\b.*\b(?:available|free|"
                r"there|around)\b"
            ),
            r"\bopen hours?\b",
        ),
    ),
    # People.
    rule(
        Intent.WHO,
        STUDENT,
        any_of(
            (
                r"\bwho(?:m)? (?:do|should|can|could|would|might|to|is|are|will|marks|grades|"
                r"graded|marked|helps|knows|answers|runs|teaches)\b"
            ),
            r"\bwho(?:s|se)\b",
            (
                r"\b(?:contact|email|reach|name) (?:for|of|the|my)?\b.*\b(?:ta|organizer|"
                r"person|grader|staff|someone in charge)\b"
            ),
            r"\bwhich ta\b",
            r"\bhow (?:do|can) i (?:contact|reach|get hold of)\b",
            r"\b(?:is there )?(?:someone|anyone|anybody) (?:i can|to) ask\b",
            r"\bwhere (?:do|can|should) i ask\b",
        ),
        r"\bwho (?:are|is) you\b|\bwho else\b",
    ),
    rule(
        Intent.TALK,
        STUDENT,
        any_of(
            (
                r"\b(?:talk|speak|chat|call|write|connect me|connect|get|reach|put me through)"
                rf"(?: (?:to|with|in touch with|hold of))? {SOMEONE}\b"
            ),
            (
                r"\b(?:overwhelmed|struggling|burned out|burnt out|burnout|falling (?:far "
                r")?behind|fallen behind|too much (?:for me|right now|going on)|drowning|"
                r"not doing well|rather talk|having a hard time|hard time|stressed|stressful|"
                r"exhausted|lost and)\b"
            ),
            r"\bhuman (?:please|being)\b",
            r"\b(?:need|want) (?:a human|to talk|someone to talk)\b",
            r"\bi (?:just )?need (?:to )?talk\b",
            r"\bfalling behind\b",
            r"\bso behind\b",
        ),
        r"\b\d+(?:\.\d+)? ?(?:h|hrs?|hours?)\b|\b(?:with|on|about) (?:hw|homework|pset|problem)\b",
    ),
    rule(
        Intent.CHECK_IN,
        STUDENT,
        any_of(
            r"\bcheck(?:ing)? ?-?in\b",
            (
                r"\b\d+(?:[.,]\d+)? ?(?:h|hrs?|hours?)\b(?! (?:more|extra|late|before|after|"
                r"left))"
            ),
            r"\b(?:this|my) week (?:was|is|went|has been)\b",
            r"\b(?:worked|spent|studied|did)\b.*\b(?:hours?|this week)\b",
            r"\bmood\b",
        ),
        r"\b(?:more time|extension|book|slot|office|until|due|deadline)\b",
    ),
    # A question about the work itself.
    rule(
        Intent.ASK,
        STUDENT,
        any_of(
            r"\b(?:stuck|confused|lost) (?:on|with|at|in|about|by)\b",
            (
                r"\b(?:im|i am|totally|completely|really|so|a bit|quite) (?:stuck|confused|"
                r"lost)\b"
            ),
            r"^stuck\b",
            r"\b(?:dont|do not|cant|cannot) (?:understand|get|figure|solve|see how)\b",
            r"\b(?:have|got|ask|has) (?:a |an |some |another |1 |quick )*questions?\b",
            r"\bquestion (?:about|on|for|regarding)\b",
            (
                r"\bhow (?:do|does|can|would|should) (?:i|you|we) (?:solve|do|approach|start|"
                r"prove|implement|answer|compute|calculate|write|show)\b"
            ),
            r"\b(?:explain|clarify|hint|hints)\b",
            r"\b(?:need|want|get|some|any|with|could use) help\b",
            r"\bhelp (?:me )?(?:with|on|understand(?:ing)?|solving)\b",
            r"\bcan (?:someone|anyone|somebody|you) help\b",
            r"\b(?:makes? no|doesnt make|dont make) (?:any )?sense\b",
            r"\bask (?:you |a ta |someone )?(?:something|a thing|about)\b",
            r"\b(?:trouble|problems?|difficulty|difficulties) with\b",
            r"\bhow to (?:solve|do|start|prove|implement|approach)\b",
            r"\bwhat does (?:question|exercise|part|problem)\b",
            (
                r"\bis (?:question|exercise|part|problem) \d\w* (?:wrong|correct|asking)"
                r"\b"
            ),
        ),
    ),
    rule(
        Intent.EVENTS,
        ALL,
        any_of(
            (
                r"\b(?:events?|talks|socials?|guest (?:talk|lecture|speaker)|sections?|coworking|"
                r"co-working|game night|whats on|what is on|recording|recordings)\b"
            ),
        ),
        r"\b(?:question|section (?:of|in) (?:hw|the (?:paper|homework)))\b",
    ),
    # Staff.
    rule(
        Intent.AWAY,
        STAFF,
        any_of(
            (
                r"\b(?:im|i am|ill be|i will be|going|be|off|being|was)\b.*\b(?:away|out|"
                r"off|on (?:vacation|holiday|leave)|sick|ill|unavailable|traveling|travelling|"
                r"afk|ooo)\b"
            ),
            r"\b(?:vacation|holiday|sick leave|day off|days off|ooo|out of office)\b",
            r"\b(?:not|wont be|will not be) (?:available|around|here|there|working)\b",
            r"^(?:away|sick)\b",
            r"\b(?:im|i am) back\b",
        ),
    ),
    rule(
        Intent.QUEUE,
        STAFF,
        any_of(
            r"\b(?:grade|grading|graded|mark|marking|ungraded|queue)\b",
            r"\bwhat (?:should|can|do) i (?:grade|mark|do)\b",
            r"\bwork (?:for me|to do)\b",
        ),
    ),
    rule(
        Intent.FOLLOW_UPS,
        STAFF,
        any_of(
            r"\bfollow ?-?ups?\b",
            r"\bwho (?:should|do) i (?:follow up|contact|check on|write to)\b",
            r"\bmy (?:students|cases)\b",
            r"\bstudents? (?:do )?i (?:follow|look after|have)\b",
            r"\b(?:unowned|overdue) (?:cases|students)?\b",
            r"\bcases?\b",
        ),
    ),
    rule(Intent.DUTY, STAFF, r"\b(?:duty|rota|on call|roster of duties)\b|\bwhose week\b"),
    rule(
        Intent.DIGEST,
        STAFF,
        any_of(
            (
                r"\b(?:digest|summary|overview|report|state of the cohort|at risk|falling "
                r"behind|struggling|in trouble|behind)\b"
            ),
            (
                r"\bhow (?:is|are) (?:the |my |our )?(?:cohort|students|everyone|things|"
                r"week|class)\b"
            ),
            r"\bwho (?:is|needs|has)\b",
            r"\bwhat(?:s| is) (?:new|happening|going on)\b",
        ),
    ),
    # Where one stands, and what comes next.
    rule(
        Intent.PROGRESS,
        STUDENT,
        any_of(
            (
                r"\b(?:progress|grades?|scores?|marks?|results?|feedback|graduate|graduating|"
                r"graduation|pass|passed|passing|failed|fail|failing|standing|on track|points|"
                r"certificate)\b"
            ),
            r"\bhow am i (?:doing|going)\b",
            r"\bwhere do i stand\b",
            r"\b(?:what|which|which ones|what else) (?:have i missed|did i miss)\b",
            (
                r"\b(?:what|which) (?:am i missing|did i miss|have i (?:missed|done)|is "
                r"missing)\b"
            ),
            r"\bhow (?:far|many)\b.*\b(?:done|left|finished|missing|completed)\b",
        ),
    ),
    rule(
        Intent.DUE,
        STUDENT,
        any_of(
            (
                r"\b(?:due|deadlines?|upcoming|coming up|to ?-?do|todos?|next (?:assignment|"
                r"homework|thing|up)|whats next|what is next|what comes next|agenda|calendar|"
                r"my week|plan (?:for|of) the week|this week|next week|timeline)\b"
            ),
            r"\bwhen (?:is|do|does|are|must|should|was)\b",
            (
                r"\bwhat (?:do i|should i|must i|have i got to|is there to|to|do we|else "
                r"do i)(?: \w+)? (?:do|have|work on|hand in|submit|finish|start|next)\b"
            ),
            r"\bwhat(?:s| is) (?:open|left|there)\b",
            r"\bby when\b",
            r"\bwhat do i (?:have|need)\b",
            r"\banything (?:due|to do|open)\b",
            (
                r"\b(?:which|what) (?:assignments?|homeworks?|work|things?|tasks?|exercises)"
                r"\b"
            ),
            r"\bhow (?:long|much time) (?:do i have|is left|until)\b",
        ),
    ),
    rule(Intent.TALK, STUDENT, r"^(?:talk|a talk|human|person|a person)$"),
)
