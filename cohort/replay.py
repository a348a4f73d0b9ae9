"""What a replay knows of someone at an instant, and what it counts in the end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from statistics import quantiles

from cohort.policy import NudgePolicy
from cohort.roster import GONE, Member, Status
from cohort.times import is_waking, local_day

WEEK = timedelta(days=7)

Change = tuple[datetime, Status]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a member was from an instant on; `since_at` None means from the beginning."""

    since_at: datetime | None
    status: Status
    left_at: datetime | None


def standings(member: Member, history: Sequence[Change]) -> list[Standing]:
    """Return what a member was and became, as it was known at the time, in time order.

    `history` holds since when which status was on record. Before its first line everyone takes part, and whoever
    has left took part until then, and nobody knew of it before. Someone gone without a date always was.
    """
    if member.status in GONE and member.left_at is None:
        return [Standing(None, member.status, None)]
    changes, status = _dated(member, history), Status.ACTIVE
    found = [Standing(None, status, None)]
    for at in sorted({at for at, _ in changes} | ({member.left_at} if member.left_at else set())):
        status = next((to for since, to in reversed(changes) if since <= at), status)
        left_at = member.left_at if member.left_at is not None and member.left_at <= at else None
        found.append(Standing(at, status, left_at))
    return found


def _dated(member: Member, history: Sequence[Change]) -> list[Change]:
    """Return the history in time order; going takes effect on the leaving date, however early it was written."""
    changes = sorted(history, key=lambda change: change[0])
    if member.status not in GONE or member.left_at is None:
        return changes
    if not changes or changes[-1][1] is not member.status:
        return [*changes, (member.left_at, member.status)]
    return [*changes[:-1], (max(changes[-1][0], member.left_at), member.status)]


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that a replay would have sent: when, to whom, of what kind, and whether nobody had asked for it."""

    at: datetime
    recipient: str
    kind: str
    is_unasked: bool = False
    nudge_id: str = ""

    @property
    def what(self) -> str:
        """The kind without the name of its feature."""
        return self.kind.partition(".")[2]

    @property
    def is_update(self) -> bool:
        """Whether it only changed a message that stood already."""
        return self.recipient.startswith("post:")


class Limit(StrEnum):
    """What limits hold over all nudges to a student together."""

    QUIET = "quiet"
    DAY = "day"
    WEEK = "week"
    SILENCE = "silence"


def breaches(
    nudged_at: Sequence[datetime], signs_at: Sequence[datetime], tz: tzinfo, policy: NudgePolicy
) -> list[tuple[Limit, datetime]]:
    """Return each limit that was broken for one student, and when; counted anew, from what was sent alone.

    `signs_at` is when the student handed something in or booked. A week is any seven days in a row, in the student's
    zone.
    """
    found = []
    for place, at in enumerate(nudged_at):
        days = [local_day(earlier, tz) for earlier in nudged_at[: place + 1]]
        last_sign = max((sign for sign in signs_at if sign <= at), default=None)
        unanswered = sum(last_sign is None or earlier > last_sign for earlier in nudged_at[:place])
        checks = (
            (not is_waking(at, tz, policy.quiet_from, policy.quiet_until), Limit.QUIET),
            (days.count(days[-1]) > policy.a_day, Limit.DAY),
            (sum(days[-1] - day < WEEK for day in days) > policy.a_week, Limit.WEEK),
            (unanswered >= policy.stop_after, Limit.SILENCE),
        )
        found += [(limit, at) for broken, limit in checks if broken]
    return found


@dataclass(frozen=True, slots=True)
class Leavers:
    """Those who left during a replay: how many, how many before whom nothing came (a nudge, an offer, a person), and
    the quartiles of the days between the first of it and leaving for the others; none where there are no others.
    """

    count: int
    without: int
    days: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class Finishers:
    """Those who still took part at the end: how many, the quartiles of the messages a week that nobody had asked for,
    and the most that anyone got a week on average; none where nobody is left. `offered` and `followed` count those who
    had an offer and a person all the same.
    """

    count: int
    a_week: tuple[float, float, float] | None
    most: float
    offered: int = 0
    followed: int = 0


def finishers(a_week: Iterable[float], offered: int = 0, followed: int = 0) -> Finishers:
    """Return what is told of those who stayed, from the messages a week that each of them got."""
    found = list(a_week)
    return Finishers(len(found), _quartiles(found), max(found, default=0.0), offered, followed)


def leavers(days: Iterable[int | None]) -> Leavers:
    """Return what is told of those who left, from the days each had since the first nudge; None without any."""
    found = list(days)
    nudged = [day for day in found if day is not None]
    return Leavers(len(found), len(found) - len(nudged), _quartiles(nudged))


def _quartiles(days: Sequence[float]) -> tuple[float, float, float] | None:
    if not days:
        return None
    # A single number is no sample for the statistics module, but is its own quartiles.
    low, middle, high = quantiles([*days, *days[:1]] if len(days) == 1 else days, n=4, method="inclusive")
    return low, middle, high
