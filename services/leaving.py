"""Somebody whose hands are emptied, and who may take what they hold."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cohort.roster import Member, Role
from services.desk import Desk


@dataclass(frozen=True, slots=True)
class Leaving:
    """Whose hands are emptied, who is there to take it, and until when they are away, if that is known.

    `to` is who is to have everything they may have; None for everyone evenly.
    """

    member: Member
    present: Sequence[Member]
    now: datetime
    desk: Desk
    to: Member | None = None
    until_at: datetime | None = None

    @property
    def tz(self) -> ZoneInfo:
        """The programme's zone."""
        return self.desk.policy.programme.tz

    def takers(self, barred: Collection[str] = (), first: Collection[str] = ()) -> tuple[str, ...]:
        """Return the ids of those who may take something: whom it is to go to, else those of `first`, else TAs.

        Organizers take what no TA may. `barred` are those who may never.
        """
        may = [member for member in self.present if member.id not in barred]
        if self.to is not None and self.to in may:
            return (self.to.id,)
        tas = [member for member in may if member.role is Role.TA]
        tiers = ([member for member in tas if member.id in first], tas, may)
        return next((tuple(member.id for member in tier) for tier in tiers if tier), ())
