"""What followed a nudge within three days; that it followed does not say that it came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

WITHIN = timedelta(days=3)


class NudgeOutcome(StrEnum):
    """What followed, in the order in which it counts: a student who did two things is counted for the first."""

    HANDED_IN = "handed_in"
    OFFER_TAKEN = "offer_taken"
    BOOKED = "booked"
    ANSWERED = "answered"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Followed:
    """What is known about the time after one nudge; hand-ins and offers are those of the work it named.

    Bookings of office hours are those about that work, or about nothing in particular.
    """

    sent_at: datetime
    handed_in_at: Iterable[datetime] = ()
    offers_taken_at: Iterable[datetime] = ()
    reacted_at: datetime | None = None
    booked_at: Iterable[datetime] = ()


def outcome_of(followed: Followed) -> NudgeOutcome:
    """Return what followed a nudge within three days of its sending."""
    start, end = followed.sent_at, followed.sent_at + WITHIN
    if any(start < at <= end for at in followed.handed_in_at):
        return NudgeOutcome.HANDED_IN
    if any(start < at <= end for at in followed.offers_taken_at):
        return NudgeOutcome.OFFER_TAKEN
    if any(start < at <= end for at in followed.booked_at):
        return NudgeOutcome.BOOKED
    if followed.reacted_at is not None and followed.reacted_at <= end:
        return NudgeOutcome.ANSWERED
    return NudgeOutcome.NOTHING
