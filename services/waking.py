"""Nobody is woken: from when on a message may reach a person, by the clock they live by."""

from datetime import datetime

from cohort.policy import NudgePolicy
from cohort.roster import Member
from cohort.times import next_waking
from services.letters import Said


def heard_at(said: Said, reader: Member, policy: NudgePolicy, now: datetime) -> datetime:
    """Return from when on something may be said to someone: now, or the end of their quiet hours.

    It is said at once, also at night, only where the instant it is of use by would pass before they wake.
    """
    wakes_at = next_waking(now, reader.tz, policy.quiet_from, policy.quiet_until)
    if said.latest_at is not None and now <= said.latest_at < wakes_at:
        return now
    return wakes_at
