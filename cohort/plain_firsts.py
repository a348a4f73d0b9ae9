"""The phrases that are sure of themselves, and so are looked for before any other."""

from typing import Final

from cohort.plain_intents import ALL, BOOKING, MESSAGES, PROGRAMME, STAFF, STUDENT, Intent, Phrase, any_of, rule

_LATER: Final = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|next week|later|weekend)"

FIRSTS: Final[tuple[Phrase, ...]] = (
    rule(
        Intent.THANKS,
        ALL,
        r"^many thanks\b"
        r"|^(?:thanks|thank you|thx|ty) (?:so much |a lot |very much |again )?for (?:the|your|all|this|that|\w+ing)\b",
        r"\b(?:but|can|could|need|still|what|when|how|also|stop|please)\b",
    ),
    rule(
        Intent.HELP,
        ALL,
        any_of(
            r"^(?:howdy|hola|greetings|good day|sup|whats up)(?: \w+)?$",
            r"\bwhat are my options$",
            r"\bwhat (?:can|does) (?:this|the) bot do\b",
        ),
    ),
    # Whoever says what is not to be done.
    rule(
        Intent.NOTHING,
        ALL,
        any_of(
            r"\b(?:dont|do not) (?:extend|book|submit|hand in|change|move|drop|withdraw|cancel|reserve)\b",
            r"\b(?:dont|do not) (?:stop|mute|pause) (?:remind\w*|messag\w*|writ\w*|the |my |your )",
            r"^(?:never ?mind|forget)(?: about)?(?: (?:it|that|the extension|my request|my question))?$",
            r"^no need (?:for|of) (?:an? |any |the )?(?:extension|more time|extra time|appointment|ta)\b",
            r"\bi (?:have |already )?(?:got|received|was given) (?:an |the |my |more )?(?:extension|time)\b"
            r"(?!.*\b(?:more|another|second|again|longer|until|till)\b)",
            r"\bi was (?:thinking of|going to|about to) ask(?:ing)? for (?:an extension|more time)\b",
        ),
        r"\b(?:i|we|if|why|but|how|where) (?:dont|do not)\b|\bbut (?:can|could|may|i (?:need|still))\b"
        r"|\b(?:can|could) i\b",
    ),
    # What holds, in other words than the rules'.
    rule(
        Intent.POLICY,
        STUDENT,
        any_of(
            r"\bwould i lose (?:points|marks)\b",
            r"\b(?:do|would|does|will) (?:an |the |using )?(?:extensions?|drops?|dropping|being late)\b"
            r".*\b(?:affect|cost|hurt|count|lower|change|matter)\b",
            r"\bask for (?:an extension|more time) (?:twice|again and again|more than|several)\b",
            r"\bhow many times\b.*\b(?:resubmit|submit|retry|try|ask|redo)\b",
            r"\b(?:passing|pass) (?:mark|grade|score)\b(?! (?:my|me))",
            r"\bwhen (?:will|does|do)(?: \S+){1,3} (?:be |get )?(?:graded|marked)$",
            r"^do i have to pay\b|\bwhat counts as late\b|\bhow often (?:may|can) (?:i|we) (?:drop|skip|resubmit)\b",
            r"\bwhat is needed for (?:an )?extensions?\b",
            r"\btell me (?:more )?about (?:the )?(?:extensions?|drops?|rules)\b",
            r"^who (?:gets|can get|is given|may have) (?:an )?extensions?\b",
            r"\b(?:maximum|longest|usual|normal) (?:extension|delay)\b",
            r"\bdo (?:late|missed) (?:submissions?|work|homeworks?|hand-?ins?) count\b",
            r"^(?:is|are) (?:an |the )?(?:extensions?|late (?:work|submissions?)) (?:possible|accepted|allowed|ok)\b",
        ),
    ),
    rule(
        Intent.LEAVE,
        STUDENT,
        any_of(
            r"\b(?:wish|hope|plan|planning|ready) to (?:withdraw|leave|quit|drop out)$",
            rf"\bhow to (?:leave|quit|withdraw from|drop out of) (?:the |this )?{PROGRAMME}\b",
            r"^(?:i am|im) quitting$",
            r"\bwhat (?:would |will )?happens? if i (?:dropped out|drop out|left|leave|quit)$",
        ),
    ),
    rule(
        Intent.QUIET,
        STUDENT,
        r"\bhate (?:these|those|the|your) (?:reminders|messages|nudges|notifications)\b"
        r"|\b(?:stop|quit) (?:bugging|annoying|pestering|spamming|disturbing) me\b"
        r"|^(?:please )?(?:snooze|mute|pause)(?: (?:me|everything|all|it|this))?(?: (?:until|till|for) [\w ]+)?$",
    ),
    rule(
        Intent.MESSAGES,
        STUDENT,
        any_of(
            rf"\b(?:turn|switch) (?:the |my |your )?{MESSAGES} (?:back )?on\b",
            r"\b(?:want|need|like|have|get) (?:the |my |your )?(?:reminders|messages|nudges) (?:back|again)\b",
        ),
    ),
    rule(
        Intent.BOOKINGS,
        STUDENT,
        any_of(
            rf"\blate (?:for|to) (?:my|the|our) {BOOKING}\b",
            rf"\b(?:cant|cannot|can not|wont) (?:make|come to|attend|go to)(?: \w+)? {BOOKING}\b.*\bbooked\b",
        ),
    ),
    rule(
        Intent.MORE_TIME,
        STUDENT,
        r"\bdeadline\b.*\b(?:too (?:early|soon|tight|short)|not enough)\b",
        wish=True,
        work=True,
    ),
    rule(Intent.EVENTS, ALL, r"^(?:is there|are there) (?:a |any )?talks? (?:today|tomorrow|on|this)\b"),
    rule(
        Intent.DUE,
        STUDENT,
        r"^is my deadline (?:already )?(?:extended|extend|moved)\b|^(?:list|show) (?:the |my )?assignments$",
    ),
    rule(Intent.BOOK, STUDENT, r"^(?:show|list)(?: me)? (?:the )?(?:free|open|available) slots?\b|^ta time\b"),
    rule(Intent.REGRADE, STUDENT, r"\bgrading (?:error|mistake)\b"),
    rule(Intent.LEAVE, STUDENT, rf"\b(?:want|like|have) to unenroll? from (?:the |this )?{PROGRAMME}\b"),
    rule(Intent.REQUESTS, STAFF, r"^(?:requests|extensions) to decide$"),
    rule(Intent.EVENTS, ALL, r"\b(?:when|where) (?:is|are) (?:the )?(?:next |coming )?(?:talks?|events?|socials?)\b"),
    rule(
        Intent.OFFICE_HOURS,
        ALL,
        r"\bwhen (?:do|does) (?:the |a )?(?:tas?|tutors?|\w+)(?: have| hold)? office hours?\b"
        r"|\bwhere (?:do|can) i (?:find|meet|see) (?:the |a )?(?:tas?|tutors?)\b",
    ),
    rule(
        Intent.BOOK,
        STUDENT,
        any_of(
            r"^(?:i )?(?:want|need|would like|id like) to (?:book|reserve)$",
            r"\b(?:can|could|may) i (?:reserve|book|schedule) (?:a |some )?(?:time|spot|slot)\b",
            r"^(?:slot|appointment|session|meeting) with (?:a |the )?ta\b",
            r"\b(?:are there|any) (?:free |open |available )?(?:appointments|slots)\b",
        ),
    ),
    rule(Intent.DUE, STUDENT, r"\bwhat do i (?:still )?(?:owe|(?:need|have) to (?:submit|hand in|do|finish))\b"),
    rule(
        Intent.PROGRESS,
        STUDENT,
        r"\bwhat(?:s| is) my status$|\bhow did i do (?:on|in|with)\b"
        r"|\bi (?:have )?(?:already )?uploaded\b.*\balready\b",
    ),
    rule(
        Intent.DROP,
        STUDENT,
        r"\b(?:use|using|spend) (?:a |my |one |1 |of )*drops?\b",
    ),
    rule(Intent.WHO, STUDENT, r"^who (?:looks|checks|reads|corrects|reviews|decides|handles)\b"),
    rule(
        Intent.REGRADE,
        STUDENT,
        any_of(
            r"\b(?:graded|marked) (?:unfairly|wrongly|incorrectly|badly|too (?:hard|harshly|strictly))\b",
            r"\blooked at again\b",
            r"\b(?:dont|do not|cant|cannot) (?:really )?agree with (?:the |my )?(?:grade|score|mark|grading|points)\b",
            r"\b(?:wrong|fewer|less|missing) points\b|\bpoints? (?:are |is )?missing\b",
        ),
    ),
    rule(
        Intent.ASK,
        STUDENT,
        any_of(
            r"\b(?:question|exercise|part|task|problem) \d\w*\b.*\b(?:unclear|confusing|strange|weird|ambiguous)\b",
            r"\b(?:need|could use|want) a hand\b",
            r"\b(?:dont|do not) know (?:how|where) to (?:begin|start|solve|do|go on|approach)\b",
            r"\bimpossible\b.*\bhelp\b",
        ),
        work=True,
    ),
    rule(
        Intent.TALK,
        STUDENT,
        any_of(
            r"\bpersonal (?:problem|issue|matter|situation)s?\b.*\b(?:talk|speak)\b",
            r"\b(?:bit|little|all|way) (?:too )?much (?:lately|right now|at the moment|these days)\b",
            r"\b(?:can|could|may) (?:a |an |some )?(?:real |actual )?(?:human|person) (?:answer|help|reply|write)\b",
        ),
    ),
    rule(
        Intent.MORE_TIME,
        STUDENT,
        any_of(
            rf"\b(?:can|could|may|might)(?: \S+){{1,3}} (?:be due|wait)\b.*\b{_LATER}\b",
            rf"\b(?:ok|okay|fine|alright) (?:if|when) i (?:send|hand|turn|submit|give|deliver)\b.*\b{_LATER}\b",
        ),
        rf"\b{BOOKING}\b",
        work=True,
    ),
    rule(Intent.QUEUE, STAFF, r"\b(?:submissions?|homeworks?|hand-?ins?) (?:do |are |that )?(?:wait|waiting|left)\b"),
    rule(Intent.REQUESTS, STAFF, r"\bextensions? (?:do |are |that )?(?:wait|waiting|pending)\b"),
    rule(Intent.DIGEST, STAFF, r"\bhow (?:did|was) (?:the )?(?:last |past |this )?week\b"),
    rule(Intent.FOLLOW_UPS, STAFF, r"\b(?:without|no|missing) (?:an |a )?owner\b"),
    # What else would be taken for handing in, for grades or for events.
    rule(Intent.MORE_TIME, STUDENT, r"\b(?:move|shift|push)\b.*\b(?:my|the) (?:\w+ )?deadline\b"),
    rule(
        Intent.DUE,
        STUDENT,
        any_of(
            r"\bwhat (?:have|do) i (?:got|have) (?:\w+ )?due\b",
            r"^(?:by )?when (?:do|must|should) (?:i|we)\b.*\b(?:hand in|submit|turn in)\b",
            r"\bon my plate\b|\banything due\b",
        ),
    ),
    rule(Intent.BOOK, STUDENT, r"\b(?:available|next|open) (?:available |free )?slots?\b"),
    rule(Intent.QUIET, STUDENT, r"^(?:silence|quiet|peace)\b"),
    rule(Intent.MORE_TIME, STUDENT, r"\b(?:can|could|may|please|possible)\b.*\bdue (?:on|at|by|next)\b.*\binstead\b"),
    rule(Intent.BOOK, STUDENT, r"\bbook me (?:something|in|a|an)\b"),
    rule(Intent.DUE, STUDENT, r"^whens (?:the |my )?\w+(?: \w+)?$", rf"{BOOKING}|section|talk|social|event"),
    rule(
        Intent.PROGRESS,
        STUDENT,
        any_of(
            r"\bam i (?:far |too |so |very )?behind$",
            r"^is my (?:\w+ ){1,3}in$",
            r"\bwhat (?:im|i am) missing\b",
        ),
    ),
    rule(Intent.LEAVE, STUDENT, rf"\bno longer want to be (?:part of|in)\b.*{PROGRAMME}\b"),
    rule(Intent.DROP, STUDENT, r"\bcan i drop (?:something|anything)\b"),
    rule(Intent.REGRADE, STUDENT, r"\b(?:grade|score|mark) (?:seems?|looks?) (?:off|wrong|low|odd)\b"),
    rule(Intent.HAND_IN, STUDENT, r"\bim (?:handing in|submitting|turning in)\b", r"\b(?:late|later|not)\b"),
)
