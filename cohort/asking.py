"""Questions of students who are stuck: whom one goes to first, how long each has for it, and who is next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cohort.policy import Policy
from cohort.roster import Member, Role
from cohort.times import waking_after


@dataclass(frozen=True, slots=True)
class Question:
    """What a student asked, about an assignment or in general; the first answer counts.

    `with_id` is who was told last, None where several were told at once; `closed_at` when the student took it back,
    or left.
    """

    id: str
    student_id: str
    assignment_id: str | None
    words: str
    asked_at: datetime
    with_id: str | None = None
    answer: str = ""
    answered_by: str | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.answered_at is None and self.closed_at is None


@dataclass(frozen=True, slots=True)
class Turn:
    """Who was told of a question, and when."""

    member_id: str
    told_at: datetime


def asked_first(on_duty: Sequence[str | None], staff: Sequence[Member]) -> list[Member]:
    """Return whom a question goes to: the first on duty who may be asked, else every TA, else every organizer.

    `staff` are those who may be asked; `on_duty` the ids of whoever has a duty, the likeliest first.
    """
    there = {member.id: member for member in staff}
    for member_id in on_duty:
        if member_id in there:
            return [there[member_id]]
    return [member for member in staff if member.role is Role.TA] or list(staff)


def asked_next(told: Collection[str], staff: Sequence[Member], load: Mapping[str, int]) -> Member | None:
    """Return who is told next of those who may be asked: TAs before organizers, whoever was told of least first."""
    left = [member for member in staff if member.id not in told]
    return min(left, key=lambda m: (m.role is not Role.TA, load.get(m.id, 0), m.id), default=None)


def has_time(turns: Sequence[Turn], staff: Sequence[Member], policy: Policy, now: datetime) -> bool:
    """Say whether anyone who was told still has time to answer; who is not there any more has none."""
    zones, quiet = {member.id: member.tz for member in staff}, policy.nudges
    within = timedelta(hours=policy.questions.answer_hours)
    return any(
        now < waking_after(turn.told_at, within, zones[turn.member_id], quiet.quiet_from, quiet.quiet_until)
        for turn in turns
        if turn.member_id in zones
    )
