"""When a replay has to look: the instants at which anything that depends on time can come out otherwise.

What the jobs do depends on the records and on the time. The records change at instants that are known, and the
rules compare the time with three sorts of instants only:

- those that stand in the records, such as a due time or the end of an offer;
- those that lie a length of time after one of them, or before a due time: every number of hours or days in the
  policy, and one, two, three and seven days; and, where that is at night, the instant before the night that the
  rule for reminders puts in its place;
- wall times: midnight, the end of the quiet hours (their beginning only ends what was possible), and the hours of the
  plan on its day, in each zone that someone lives in.

Between two such instants a job that had nothing to do has nothing to do. This names more instants than rules
look at, so that a new rule made of the same things needs nothing here; but what risk, the ladder and follow-ups write
comes every night, and is counted from by the tables of the policy named in COUNTED_BY alone. Tests replay small
cohorts at every single run, and compare.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from cohort.policy import Policy
from cohort.reminders import before_night
from cohort.times import DAY, add_days, at_wall, days_between, local_day, zone
from cohort.week_plans import WINDOW, plan_at
from services.extension_upkeep import stages
from storage.records import Records
from storage.replay import instants

# The least time between two instants of the records.
TICK = timedelta(milliseconds=1)
QUARTER = timedelta(minutes=15)
FIXED_DAYS = (1, 2, 3, 7)
# How much work something is; and what requests are answered within, whose ends are taken from the requests.
NOT_LENGTHS = ("long_from_hours", "review_within_hours")
# What is due some time, so that rules look ahead to it.
AHEAD = ("assignments", "extensions", "retries", "track_items")
# Only these tables of the policy count from what is written of risk, of the ladder and of follow-ups, if any does.
COUNTED_BY: Final[Mapping[str, str | None]] = {
    "risk_levels": "ladder",
    "ladder_steps": "ladder",
    "follow_ups": "follow_ups",
    "follow_up_notes": None,
}
# Changed from outside at instants that are known, or not looked at by any rule but when a letter is sent.
NOT_COUNTED_FROM = (
    "members",
    "status_history",
    "submissions",
    "excuses",
    "hand_in_claims",
    "bookings",
    "attendances",
    "series",
    "sessions",
    "slots",
    "events",
    "extension_requests",
    "outbox",
    "posts",
)


@dataclass(frozen=True, slots=True)
class Lengths:
    """The numbers of days and the hours that rules count with."""

    days: Collection[int]
    hours: Collection[timedelta]


class TellingInstants:
    """Looks only at the instants named at the top of this module, from one instant to another."""

    def __init__(self, policy: Policy, zones: Collection[str], since: datetime, until: datetime) -> None:
        self._policy = policy
        self._zones = [zone(name) for name in {*zones, policy.programme.zone}]
        every = _lengths(policy)
        self._every = Lengths({*FIXED_DAYS, *every.days}, every.hours)
        self._own = {
            table: _lengths(getattr(policy, name)) if name else Lengths((), ()) for table, name in COUNTED_BY.items()
        }
        self._until = until
        self._counted_from: defaultdict[str, set[datetime]] = defaultdict(set)
        self._known = set(_wall_times(policy, self._zones, since, until))
        self._order = sorted(self._known)

    def after(self, at: datetime) -> datetime:
        """Return the first of the instants after another; one past the end where there is none."""
        place = bisect_right(self._order, at)
        return self._order[place] if place < len(self._order) else max(at, self._until) + TICK

    def add(self, found: Iterable[datetime]) -> None:
        """Take in more instants."""
        new = {at for at in found if at <= self._until} - self._known
        if new:
            self._known |= new
            self._order = sorted(self._known)

    def learn_ahead(self, records: Records) -> None:
        """Take in the instants around all that is due some time."""
        for at in instants(records, only=AHEAD):
            self._add_strictly(self._around(at))

    def learn(self, records: Records, now: datetime) -> None:
        """Take in the instants that what was written makes tell from now on."""
        self._count(instants(records, leave_out=(*AHEAD, *NOT_COUNTED_FROM, *COUNTED_BY)), "", self._every, now)
        for table, lengths in self._own.items():
            self._count(instants(records, only=(table,)), table, lengths, now)
        self.add_requests(records, now)

    def _count(self, found: set[datetime], table: str, lengths: Lengths, now: datetime) -> None:
        new = found - self._counted_from[table]
        self._counted_from[table] |= new
        self._add_strictly(each for at in new for each in self._after(at, lengths) if each > now)

    def add_requests(self, records: Records, now: datetime) -> None:
        """Take in when open requests are to be brought up."""
        self.add(at for request in records.requests.waiting() for at in stages(request) if at > now)

    def _add_strictly(self, found: Iterable[datetime]) -> None:
        """Take in instants and what follows each: some rules hold at an instant, and some only past it."""
        self.add(each for at in found for each in (at, at + TICK))

    def _after(self, at: datetime, lengths: Lengths, sign: int = 1) -> Iterator[datetime]:
        """Yield an instant and those a length of time after it, or before with -1; a day may have 23 to 25 hours."""
        yield at
        yield from (at + sign * hours for hours in lengths.hours)
        for days in lengths.days:
            yield at + sign * days * DAY
            yield from (add_days(at, sign * days, tz) for tz in self._zones)

    def _around(self, at: datetime) -> Iterator[datetime]:
        yield from self._after(at, self._every)
        nudges = self._policy.nudges
        for before in self._after(at, self._every, -1):
            yield before
            yield from (before_night(before, tz, nudges.quiet_from, nudges.quiet_until) for tz in self._zones)


def _lengths(policy: BaseModel) -> Lengths:
    """Return what a policy, or a table of it, counts with."""
    numbers = list(_numbers(policy))
    days = {int(n) for name, n in numbers if name.endswith("_days")}
    hours = {timedelta(hours=n) for name, n in numbers if name.endswith("_hours") and name not in NOT_LENGTHS}
    return Lengths(days, hours)


def _numbers(table: BaseModel) -> Iterator[tuple[str, float]]:
    """Yield every key of a policy that holds a number, those of its tables too."""
    for name, value in table:
        for one in value.values() if isinstance(value, dict) else [value]:
            if isinstance(one, BaseModel):
                yield from _numbers(one)
            elif isinstance(one, int | float):
                yield name, one


def _wall_times(policy: Policy, zones: Iterable[ZoneInfo], since: datetime, until: datetime) -> Iterator[datetime]:
    for tz in zones:
        for on in days_between(local_day(since, tz), local_day(until, tz)):
            start, end = at_wall(on, time(0), tz), at_wall(on + DAY, time(0), tz)
            if end - start == DAY:
                yield from (at_wall(on, wall, tz) for wall in (time(0), policy.nudges.quiet_until))
            else:
                # Wall times are skipped or come twice, and nobody needs to know which.
                yield from (start + n * QUARTER for n in range(int((end - start) / QUARTER)))
            planned_at = plan_at(start, policy.nudges, tz)
            if planned_at is not None:
                yield from (planned_at, planned_at + WINDOW)
