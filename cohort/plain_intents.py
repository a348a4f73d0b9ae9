"""What somebody may want who writes in plain words, and what a rule over phrases is made of."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cohort.roster import Role


class Intent(StrEnum):
    """What somebody may want, each of which a command can do too."""

    NOTHING = "nothing"
    THANKS = "thanks"
    HELP = "help"
    POLICY = "policy"
    REQUESTS = "requests"
    LEAVE = "leave"
    QUIET = "quiet"
    MESSAGES = "messages"
    HAND_IN = "hand_in"
    MORE_TIME = "more_time"
    BOOKINGS = "bookings"
    BOOK = "book"
    OFFICE_HOURS = "office_hours"
    WHO = "who"
    DROP = "drop"
    REGRADE = "regrade"
    PROGRESS = "progress"
    DUE = "due"
    CHECK_IN = "check_in"
    ASK = "ask"
    TALK = "talk"
    EVENTS = "events"
    QUEUE = "queue"
    AWAY = "away"
    DUTY = "duty"
    FOLLOW_UPS = "follow_ups"
    DIGEST = "digest"


def any_of(*alternatives: str) -> str:
    """Return a pattern that fits where one of some fits."""
    return "|".join(alternatives)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One rule: the intent, whose it can be, what fits, and what speaks against it.

    `is_wish` rules give way where the sentence only asks about the rules; `needs_work` ones name an assignment.
    """

    intent: Intent
    roles: frozenset[Role]
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    is_wish: bool = False
    needs_work: bool = False


STUDENT: Final = frozenset({Role.STUDENT})
STAFF: Final = frozenset({Role.TA, Role.ORGANIZER})
ORGANIZER: Final = frozenset({Role.ORGANIZER})
ALL: Final = frozenset(Role)


def rule(
    intent: Intent, roles: frozenset[Role], pattern: str, unless: str = "", *, wish: bool = False, work: bool = False
) -> Phrase:
    """Return a rule; patterns are over small letters without apostrophes."""
    return Phrase(intent, roles, re.compile(pattern), re.compile(unless) if unless else None, wish, work)


MESSAGES: Final = any_of(
    (
        r"(?:remind(?:er|ers|ing)?|notifications?|messag(?:e|es|ing)|nudg(?:e|es|"
        r"ing)|ping(?:s|ing)?|dms?|dm(?:ing)|check ?-?ins?|spam(?:ming)?|bother(?:ing)"
        r"?|writ(?:e|ing) (?:to )?me|text(?:s|ing)?|emails?)"
    ),
)
PROGRAMME: Final = r"(?:programme|program|course|cohort|bootcamp|class|school|training)"
ANY_TA: Final = any_of(
    (
        r"(?:a |an |the |one of the |some |any |my )?(?:tas?|tutors?|teaching assistants?|"
        r"instructors?|teachers?|mentors?)"
    ),
)
SOMEONE: Final = any_of(
    (
        r"(?:someone|somebody|a person|a human|a real person|an actual person|a "
        r"real human|anyone|orla|the organizers?|an organizer|a staff member|staff)"
    ),
)
BOOKING: Final = any_of(
    (
        r"(?:booking|bookings|appointment|appointments|slot|slots|meeting|meetings|"
        r"session|office hours?|reservation)"
    ),
)
HANDING_IN: Final = any_of(
    (
        r"(?:hand(?:ing)? (?:it |this |something |my \w+ |\w+ )?in|hand in|submit(?:ting)"
        r"?|turn(?:ing)? (?:it |this |my \w+ )?in|upload(?:ing)?|send(?:ing)? in|"
        r"deliver)"
    ),
)


# What is meant by whoever says that they want nothing.
NOTHING: Final = rule(Intent.NOTHING, ALL, "")
