"""The check-ins of a week in sums, for organizers: hours, mood, obstacles, and how many answered; never words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import mean, quantiles

from cohort.check_ins import CheckIn
from cohort.pictures import ALT_MOST
from cohort.policy import CheckInPolicy
from cohort.roster import Member
from services import access
from services.desk import Desk
from storage.records import Records

SEE = "check_ins.week"
# Of fewer students nothing is shown.
LEAST = 5
WEEKS_MOST = 12


@dataclass(frozen=True, slots=True)
class WeekSums:
    """What one week's check-ins come to. `hours` counts under, within and over what is promised, where it is five."""

    week_on: date
    asked: int
    answered: int
    mood: float | None
    hours: Mapping[str, int]
    obstacles: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CheckInReport:
    """The last weeks, the oldest first; `has_picture` where one follows in a direct message."""

    weeks: Sequence[WeekSums]
    policy: CheckInPolicy
    has_picture: bool = False

    @property
    def newest(self) -> WeekSums:
        """The newest week in which enough were asked to say anything; at a week's start hardly anyone is."""
        return next((week for week in reversed(self.weeks) if week.asked >= LEAST), self.weeks[-1])


@dataclass(frozen=True, slots=True)
class HoursSpent:
    """What a cohort really spent: hours a week, the middle half of all answers and the one in the middle."""

    answers: int
    students: int
    least: float
    median: float
    most: float


PLACES = ("under", "within", "over")


def named(policy: CheckInPolicy) -> dict[str, str]:
    """Return what the hours under, within and over what is promised are called."""
    least, most = policy.hours_promised
    return {
        "under": f"under {least:g} hours",
        "within": f"{least:g} to {most:g} hours, as promised",
        "over": f"over {most:g} hours",
    }


def report(actor: Member, now: datetime, desk: Desk) -> CheckInReport:
    """Return the last weeks in sums. Raises NotAllowed and NotActive."""
    access.require_organizer(actor, SEE, now)
    with desk.store.reading() as records:
        return sums(records, desk)


def hours_spent(desk: Desk) -> HoursSpent | None:
    """Return what this cohort spent by its own check-ins; None where fewer than five students said so."""
    with desk.store.reading() as records:
        told = [(one.student_id, one.hours) for one in records.check_ins.every() if one.hours is not None]
    students = len({student_id for student_id, _ in told})
    if students < LEAST:
        return None
    least, median, most = quantiles([hours for _, hours in told], n=4, method="inclusive")
    return HoursSpent(len(told), students, least, median, most)


def sums(records: Records, desk: Desk) -> CheckInReport:
    """Return the last weeks in sums; who may read them is asked by whoever calls."""
    weeks = records.check_ins.weeks()[-WEEKS_MOST:]
    every = [_sums(week_on, records.check_ins.of_everyone(week_on), desk.policy.checkins) for week_on in weeks]
    return CheckInReport(every, desk.policy.checkins)


def words(found: CheckInReport) -> str:
    """Return what the picture of the check-ins shows, the newest week first, for whoever can't see it."""
    lines = "; ".join(_week_words(week, found) for week in reversed(found.weeks))
    many = "one week" if len(found.weeks) == 1 else f"{len(found.weeks)} weeks"
    text = f"Four charts of the check-ins of {many}: hours, how it goes, what is in the way, and answers. {lines}."
    return text if len(text) <= ALT_MOST else f"{text[: ALT_MOST - 1].rstrip()}…"


def _week_words(week: WeekSums, found: CheckInReport) -> str:
    parts = [f"{week.answered} of {week.asked} answered"]
    parts += [f"on average {week.mood:.1f} of 5"] if week.mood is not None else []
    parts += [f"{named(found.policy)[place].split(',')[0]} {count}" for place, count in week.hours.items()]
    if week is found.newest:
        parts += [f"“{name}” {count}" for name, count in week.obstacles.items()]
    return f"Week of {week.week_on.day} {week.week_on:%b}: {', '.join(parts)}"


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
        {place: hours[place] for place in PLACES if hours[place] >= LEAST},
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
