"""Somebody whose hands are emptied, and who may take what they hold."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cohort.roster import Member, Role
from cohort.times import is_waking
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

    def unasked(self, starts_at: datetime, ends_at: datetime) -> set[str]:
        """Return who is not asked to be somewhere at a time: organizers, and those who would be asleep.

        Whoever was named as the one to have everything is asked at any hour.
        """
        quiet, last = self.desk.policy.nudges, ends_at - timedelta(minutes=1)

        def is_awake(member: Member) -> bool:
            return all(is_waking(at, member.tz, quiet.quiet_from, quiet.quiet_until) for at in (starts_at, last))

        return {m.id for m in self.present if m != self.to and not (m.role is Role.TA and is_awake(m))}
