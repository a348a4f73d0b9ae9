"""How often someone is written to unasked: not at night, one a day, three a week, and not into silence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from cohort.policy import NudgePolicy
from cohort.times import DAY, at_wall, local_day, next_waking

WEEK_DAYS = 7


class NudgeKind(StrEnum):
    """What a nudge is about; a student can turn each kind off."""

    MISSED = "missed"
    DUE_SOON = "due_soon"
    PLAN = "plan"
    HELP = "help"
    CHECK_IN = "check_in"

    @property
    def carries_offers(self) -> bool:
        """Whether there is something to accept in it, or a question what would help."""
        return self in {NudgeKind.MISSED, NudgeKind.HELP, NudgeKind.CHECK_IN}


@dataclass(frozen=True, slots=True)
class PastNudge:
    """A nudge as far as limits go. `at` is when it was sent, or queued if it still waits to be sent."""

    id: str
    kind: NudgeKind
    at: datetime
    is_waiting: bool = False
    reacted_at: datetime | None = None


def last_sign(past: Iterable[PastNudge], acted_at: Iterable[datetime], now: datetime) -> datetime | None:
    """Return when the student last gave a sign of life: pressed, asked or answered, or acted by themselves.

    `acted_at` is when they handed something in or booked office hours.
    """
    signs = [*acted_at, *(nudge.reacted_at for nudge in past if nudge.reacted_at is not None)]
    return max((at for at in signs if at <= now), default=None)


def sent_since(past: Iterable[PastNudge], sign_at: datetime | None) -> list[PastNudge]:
    """Return the nudges that were sent since the last sign of life, check-ins among them, oldest first."""
    sent = [nudge for nudge in past if not nudge.is_waiting and (sign_at is None or nudge.at > sign_at)]
    return sorted(sent, key=lambda nudge: nudge.at)


def unanswered(past: Iterable[PastNudge], sign_at: datetime | None) -> list[PastNudge]:
    """Return the nudges that stop others: those sent since the last sign of life, oldest first, without check-ins.

    A check-in that nobody answered stops no reminder (docs/decisions/0013-check-ins-and-limits.md).
    """
    return [nudge for nudge in sent_since(past, sign_at) if nudge.kind is not NudgeKind.CHECK_IN]


def is_stopped(kind: NudgeKind, past: Iterable[PastNudge], sign_at: datetime | None, policy: NudgePolicy) -> bool:
    """Say whether so many nudges went unanswered that no more of a kind may follow.

    The last one before it is a person's turn is kept for work that was missed: with it comes an offer, which helps
    more than another reminder (docs/replay.md).
    """
    kept = 0 if kind.carries_offers else 1
    return len(unanswered(past, sign_at)) >= max(1, policy.stop_after - kept)


def is_silent(past: Iterable[PastNudge], sign_at: datetime | None, now: datetime, policy: NudgePolicy) -> bool:
    """Say whether the nudges were stopped and the last of them has had its hours to be answered."""
    sent = unanswered(past, sign_at)
    waited = timedelta(hours=policy.silent_after_hours)
    return len(sent) >= policy.stop_after and now >= sent[-1].at + waited


def is_unheard(past: Iterable[PastNudge], sign_at: datetime | None, now: datetime, policy: NudgePolicy) -> bool:
    """Say whether a student who was written to so often, check-ins among it, gave no sign of life for a week.

    The last message has had its hours to be answered. Of who gave a sign within the week, a check-in left out says
    little; of who never gave one, two messages are enough.
    """
    sent = sent_since(past, sign_at)
    if len(sent) < policy.stop_after or now < sent[-1].at + timedelta(hours=policy.silent_after_hours):
        return False
    return sign_at is None or now - sign_at >= WEEK_DAYS * DAY


def free_from(
    kind: NudgeKind, past: Sequence[PastNudge], sign_at: datetime | None, now: datetime, tz: tzinfo, policy: NudgePolicy
) -> datetime | None:
    """Return from when on a nudge of a kind keeps to every limit: now, or a waking instant later; None once stopped.

    A week is any seven local days in a row, so that no week breaks the limit wherever it is said to begin.
    Days are counted in the student's own zone.
    """
    if is_stopped(kind, past, sign_at, policy):
        return None
    days, today = [local_day(nudge.at, tz) for nudge in past], local_day(now, tz)
    for ahead in range(WEEK_DAYS + 1):
        on = today + ahead * DAY
        if _has_room(on, days, policy):
            at = at_wall(on, time(0), tz) if ahead else now
            return next_waking(max(at, now), tz, policy.quiet_from, policy.quiet_until)
    return None


def _has_room(on: date, days: Sequence[date], policy: NudgePolicy) -> bool:
    """Say whether a day takes one more; where clocks go back over midnight, yesterday can come after today."""
    in_a_week = sum(abs(day - on) < WEEK_DAYS * DAY for day in days)
    return days.count(on) < policy.a_day and in_a_week < policy.a_week


def may_send(
    kind: NudgeKind, past: Sequence[PastNudge], sign_at: datetime | None, now: datetime, tz: tzinfo, policy: NudgePolicy
) -> bool:
    """Say whether a new nudge of a kind may be made now: none waits, every limit holds, and the student is awake."""
    waits = any(nudge.is_waiting for nudge in past)
    return not waits and free_from(kind, past, sign_at, now, tz, policy) == now
