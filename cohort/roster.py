"""Who is in the cohort: members, their roles, and the ways a student stops being active."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from cohort.errors import NotActive
from cohort.times import zone


class Role(StrEnum):
    """What someone is in the programme."""

    STUDENT = "student"
    TA = "ta"
    ORGANIZER = "organizer"


class Status(StrEnum):
    """Whether someone takes part; everything but active ends nudges and requests."""

    ACTIVE = "active"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    EXPELLED = "expelled"
    GRADUATED = "graduated"


GONE = frozenset({Status.WITHDRAWN, Status.EXPELLED, Status.GRADUATED})


@dataclass(frozen=True, slots=True)
class Member:
    """Someone on the roster. `id` is random and never the Slack id, which may be unknown.

    `sid` is what Gradescope or Canvas know them by, if that is not the address.
    """

    id: str
    email: str
    name: str
    role: Role
    zone: str
    slack_id: str | None = None
    preferred_name: str = ""
    status: Status = Status.ACTIVE
    track: str = ""
    accommodation_days: int = 0
    joined_at: datetime | None = None
    left_at: datetime | None = None
    sid: str = ""

    @property
    def called(self) -> str:
        """The name to use for this person: what they prefer, else their name."""
        return self.preferred_name or self.name

    @property
    def tz(self) -> ZoneInfo:
        """The zone this person lives by."""
        return zone(self.zone)

    @property
    def is_staff(self) -> bool:
        """Whether this is a TA or an organizer."""
        return self.role is not Role.STUDENT

    def has_left(self, now: datetime) -> bool:
        """Say whether this member is gone for good at an instant: their leaving date came, or they are gone without."""
        return now >= self.left_at if self.left_at is not None else self.status in GONE

    def is_active(self, now: datetime) -> bool:
        """Say whether this member takes part at an instant.

        A leaving date in the future still lets someone take part until then; a joining date in the future
        does not yet; someone gone without a date is gone.
        """
        if self.left_at is not None and now >= self.left_at:
            return False
        if self.joined_at is not None and now < self.joined_at:
            return False
        if self.status in GONE:
            return self.left_at is not None
        return self.status is Status.ACTIVE


FROM = {
    Status.PAUSED: frozenset({Status.ACTIVE}),
    Status.WITHDRAWN: frozenset({Status.ACTIVE, Status.PAUSED}),
    Status.ACTIVE: frozenset({Status.PAUSED, Status.WITHDRAWN}),
}


def ways_from(status: Status) -> list[Status]:
    """Return what a student can become by a decision of organizers."""
    return [to for to, known in FROM.items() if status in known]


def with_status(member: Member, status: Status, now: datetime) -> Member:
    """Return a student who pauses, comes back (active) or withdraws; the same student if that is so already.

    Withdrawing ends taking part now, and coming back clears the leaving date. Raises NotActive where there is
    no way from one to the other: whoever was expelled or has graduated does not come back by a command, and
    only someone who takes part can pause.
    """
    if member.status is not status and member.status not in FROM[status]:
        raise NotActive(member.status.value, about_self=False)
    left_at = member.left_at
    if status is Status.ACTIVE:
        left_at = None
    elif status is Status.WITHDRAWN and (left_at is None or left_at > now):
        left_at = now
    return replace(member, status=status, left_at=left_at)
