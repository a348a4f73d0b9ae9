"""What somebody may want who writes in plain words."""

from collections.abc import Mapping
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


_STAFFS: Final = frozenset({Intent.QUEUE, Intent.AWAY, Intent.DUTY, Intent.FOLLOW_UPS, Intent.DIGEST})
_EVERYONES: Final = frozenset(
    {
        Intent.NOTHING,
        Intent.THANKS,
        Intent.HELP,
        Intent.POLICY,
        Intent.REQUESTS,
        Intent.BOOKINGS,
        Intent.DUE,
        Intent.WHO,
        Intent.OFFICE_HOURS,
        Intent.EVENTS,
    }
)
# What each may want at all.
OPEN_TO: Final[Mapping[Role, frozenset[Intent]]] = {
    Role.STUDENT: frozenset(Intent) - _STAFFS,
    Role.TA: _EVERYONES | _STAFFS,
    Role.ORGANIZER: _EVERYONES | _STAFFS,
}
