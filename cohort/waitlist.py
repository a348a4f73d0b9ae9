"""Waiting for a slot that is taken: who gets it first once it is free, and until when it is kept for them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cohort.office_hours import Session, Slot
from cohort.policy import NudgePolicy, OfficeHoursPolicy
from cohort.roster import Member
from cohort.times import next_waking, waking_after

A_DAY = timedelta(hours=20)
# Less time than this to answer is no offer.
LEAST = timedelta(minutes=5)


class WaitState(StrEnum):
    """What became of a wait. Whoever left, left; it lapsed where an offer was not answered, or its time is past."""

    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    DECLINED = "declined"
    LAPSED = "lapsed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Wait:
    """A student's wish for a slot that begins from `from_at` on and is over by `until_at`, of one TA or of any.

    `is_first` marks those who lost a booking or a place in line through no choice of theirs: they go before all
    others. `booking_id` is the booking that was lost. While it is offered, `slot_id` is kept until `offer_until_at`.
    """

    id: str
    student_id: str
    from_at: datetime
    until_at: datetime
    joined_at: datetime
    ta_id: str | None = None
    is_first: bool = False
    booking_id: str | None = None
    state: WaitState = WaitState.WAITING
    slot_id: str | None = None
    offer_until_at: datetime | None = None
    ended_at: datetime | None = None

    def covers(self, slot: Slot, session: Session) -> bool:
        """Say whether a slot is one of those waited for."""
        return self.ta_id in (None, session.ta_id) and self.from_at <= slot.starts_at and slot.ends_at <= self.until_at

    def is_for_one(self, slot: Slot) -> bool:
        """Say whether nothing but this one slot is waited for."""
        return (self.from_at, self.until_at) == (slot.starts_at, slot.ends_at)

    @property
    def is_for_a_time(self) -> bool:
        """Whether one slot of a TA is waited for, and no day: a day of clock changes still has more than 20 hours."""
        return self.ta_id is not None and not self.is_first and self.until_at - self.from_at < A_DAY

    def goes_on_without(self, slot: Slot) -> bool:
        """Say whether there is something left to wait for once an offer of a slot was let go.

        What makes up for something lost is offered once: whoever lets it go can book whatever else is free.
        """
        return not self.is_first and not self.is_for_one(slot)


def made_up(firsts: Iterable[Wait], booked_ats: Iterable[datetime]) -> set[str]:
    """Return which of a student's waits that go first were made up for by what the student booked since.

    One booking makes up for one loss, the longest wait first. What was taken as an offer makes up for the wait that it
    was offered for, and for no other: it is not among `booked_ats`, when the student booked by themselves.
    """
    left, found = sorted(booked_ats), set()
    owed = (wait for wait in firsts if wait.state in {WaitState.WAITING, WaitState.OFFERED, WaitState.LEFT})
    for wait in sorted(owed, key=lambda one: (one.joined_at, one.id)):
        since = (at for at in left if wait.joined_at < at and (wait.ended_at is None or at <= wait.ended_at))
        booked_at = next(since, None)
        if booked_at is not None:
            left.remove(booked_at)
            found.add(wait.id)
    return found


def in_order(waits: Iterable[Wait], had_any: Collection[str]) -> list[Wait]:
    """Return waits in the order in which a free slot is offered.

    First whoever lost a booking or a place in line, then students who never had a booking, then the others; among
    equals whoever has waited longest.
    """
    return sorted(waits, key=lambda w: (not w.is_first, w.student_id in had_any, w.joined_at, w.id))


def offer_until(
    slot: Slot, student: Member, hours: OfficeHoursPolicy, quiet: NudgePolicy, now: datetime
) -> datetime | None:
    """Return until when a slot is kept for a student, whose quiet hours don't count.

    At most until it can't be booked any more; None where that leaves no time to answer.
    """
    nights = student.tz, quiet.quiet_from, quiet.quiet_until
    latest_at = slot.starts_at - timedelta(minutes=hours.notice_minutes)
    if latest_at - next_waking(now, *nights) < LEAST:
        return None
    return min(latest_at, waking_after(now, timedelta(minutes=hours.offer_minutes), *nights))
