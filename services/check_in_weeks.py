"""The check-ins of a week in sums, for organizers: hours, mood, obstacles, and how many answered; never words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import mean

from cohort.check_ins import CheckIn
from cohort.policy import CheckInPolicy
from cohort.roster import Member
from services import access
from services.desk import Desk

SEE = "check_ins.week"
# Of fewer students nothing is shown.
LEAST = 5
WEEKS_MOST = 12


@dataclass(frozen=True, slots=True)
class WeekSums:
    """What one week's check-ins come to. `hours` counts under, within and over what is promised."""

    week_on: date
    asked: int
    answered: int
    mood: float | None
    hours: Mapping[str, int]
    obstacles: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CheckInReport:
    """The newest week, and the mood and the answers of those before, the oldest first."""

    weeks: Sequence[WeekSums]
    policy: CheckInPolicy


def report(actor: Member, now: datetime, desk: Desk) -> CheckInReport:
    """Return the last weeks in sums. Raises NotAllowed and NotActive."""
    access.require_organizer(actor, SEE, now)
    with desk.store.reading() as records:
        weeks = records.check_ins.weeks()[-WEEKS_MOST:]
        sums = [_sums(week_on, records.check_ins.of_everyone(week_on), desk.policy.checkins) for week_on in weeks]
    return CheckInReport(sums, desk.policy.checkins)


def _sums(week_on: date, every: Sequence[CheckIn], policy: CheckInPolicy) -> WeekSums:
    answered = [one for one in every if one.answered_at is not None]
    moods = [one.mood for one in answered if one.mood is not None]
    hours = Counter(_place(one.hours, policy) for one in answered if one.hours is not None)
    obstacles = Counter(one.obstacle for one in answered if one.obstacle)
    return WeekSums(
        week_on,
        len(every),
        len(answered),
        mean(moods) if len(moods) >= LEAST else None,
        dict(hours) if hours.total() >= LEAST else {},
        _at_least_five(obstacles),
    )


def _place(hours: float, policy: CheckInPolicy) -> str:
    least, most = policy.hours_promised
    return "under" if hours < least else "over" if hours > most else "within"


def _at_least_five(counted: Counter[str]) -> dict[str, int]:
    """Return the counts, with what fewer than five named put together; nothing where that is fewer than five still."""
    shown = {name: count for name, count in counted.most_common() if count >= LEAST}
    rest = counted.total() - sum(shown.values())
    return shown | ({"Other": rest} if rest >= LEAST else {})
