"""Where office hours are missing, and where nobody comes, for organizers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from cohort.coverage import Coverage, Quiet, Used, coverage, used
from cohort.roster import Member, Role
from cohort.times import at_wall
from services import access
from services.desk import Desk
from services.unstuck import Totals, totals

COVERAGE = "office_hours.coverage"
WEEK: Final = timedelta(days=7)
# How far back it is told who came.
BACK: Final = 4 * WEEK


@dataclass(frozen=True, slots=True)
class HoursReport:
    """The next week of hours against when students are awake, who came in the last four weeks, and whether it helped.

    The blocks of a day are by the clock of `tz`. `unstuck` counts all answers after a booking; None while they are of
    too few students.
    """

    coverage: Coverage
    used: Sequence[Used]
    tas: Mapping[str, Member]
    tz: ZoneInfo
    unstuck: Totals | None = None


def report(actor: Member, now: datetime, desk: Desk) -> HoursReport:
    """Return how office hours are spread and used; before the programme begins, of its first week.

    Raises NotAllowed for all but organizers, and NotActive.
    """
    access.require_organizer(actor, COVERAGE, now)
    programme, nudges = desk.policy.programme, desk.policy.nudges
    from_at = max(now, at_wall(programme.starts_on, time(0), programme.tz))
    with desk.store.reading() as records:
        students = [member for member in records.roster.with_role(Role.STUDENT) if member.is_active(now)]
        sessions = records.office_hours.sessions_between(from_at, from_at + WEEK)
        hours = used(records.coverage.attended(now - BACK, now), programme.tz)
        tas = {ta_id: access.known(records, ta_id) for ta_id in {each.last.ta_id for each in hours}}
        helped = totals(records)
    zones = Counter(member.zone for member in students)
    quiet = Quiet(nudges.quiet_from, nudges.quiet_until)
    found = coverage(sessions, zones, quiet, from_at, from_at + WEEK, programme.tz)
    return HoursReport(found, hours, tas, programme.tz, helped)
