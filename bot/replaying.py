"""`replay`: a term on record lived through again under a policy, or under two side by side, week by week."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.clock import real_now
from bot.directory import NoDirectory
from bot.policy import load_policy
from bot.problems import one
from cohort.ladder import Step
from cohort.levels import Level
from cohort.policy import Policy
from cohort.replay import Limit
from cohort.times import DAY, at_wall, days_between, local_day
from scheduler.jobs import jobs
from scheduler.replay import Replay, replayed
from services.replay import Stage, staged
from services.replay_marks import TICK
from services.replay_report import Report, Start, Week, report

# A progress bar for so many weeks with a label, to be used in a `with`.
Bar = Callable[[int, str], Any]

APART = "  "
NAMED: Final = (Level.SLIPPING, Level.AT_RISK, Level.CRITICAL)
ASSUMED = (
    "Nothing was sent. Nobody takes an offer or answers in a replay: people only do what the records say they did,\n"
    "which is to hand in. No check-in is asked. Nobody works on a follow-up: it is open until its student leaves.\n"
    "Everyone counts as reachable in Slack."
)


Value = Callable[[Week], int]
# Those who take part or stand on a level stand in many weeks: their sum is no number of students.
NOT_SUMMED: Final = ("active", *(level.value.replace("_", " ") for level in NAMED))


@dataclass(frozen=True, slots=True)
class Term:
    """The days to replay, both included; where one is left out, the programme's first or last wrap-up day."""

    first_on: date | None = None
    last_on: date | None = None


def lines(database: Path, policies: Sequence[Path], term: Term, bar: Bar) -> Iterator[str]:
    """Replay the records of a database under one policy or two, and yield what came of it in lines.

    Raises Problems for policies that can't be used or days that make no term, and StoreUnusable.
    """
    chosen = [load_policy(path) for path in policies]
    first_on, last_on = _days(chosen[0], term)
    reports = [_replayed(database, policy, first_on, last_on, bar) for policy in chosen]
    yield f"{chosen[0].programme.name}, {first_on} to {last_on}, under {' | '.join(map(str, policies))}"
    yield ""
    yield from _table(reports, chosen[0].programme.tz)
    yield ""
    for found, path in zip(reports, policies, strict=True):
        yield from _ending(found, path)
    yield ""
    yield ASSUMED


def _days(policy: Policy, term: Term) -> tuple[date, date]:
    programme = policy.programme
    first_on = term.first_on or programme.starts_on
    last_on = term.last_on or local_day(programme.closes_at, programme.tz)
    if first_on > last_on:
        raise one(f"There are no days from {first_on} to {last_on}.", "--from must not be after --to.")
    if at_wall(last_on + DAY, time(0), programme.tz) > real_now():
        raise one(f"{last_on} is not over.", "Let --to be a day of the past: what has not happened yet is not missed.")
    return first_on, last_on


def _replayed(database: Path, policy: Policy, first_on: date, last_on: date, bar: Bar) -> Report:
    tz, first_of_weeks = policy.programme.tz, list(days_between(first_on, last_on))[::7]
    since, until = at_wall(first_on, time(0), tz), at_wall(last_on + DAY, time(0), tz) - TICK
    ends = [at_wall(on, time(0), tz) - TICK for on in first_of_weeks[1:]] + [until]
    with staged(database, policy, NoDirectory(), since, until) as stage:
        replay = Replay(stage, replayed(jobs(policy)), since)
        starts = []
        with bar(len(ends), "Replaying") as shown:
            for on, ends_at in zip(first_of_weeks, ends, strict=True):
                starts.append(_start(on, stage, tz))
                replay.run_until(ends_at)
                shown.update(1)
        return report(stage, starts, until)


def _start(on: date, stage: Stage, tz: ZoneInfo) -> Start:
    at = at_wall(on, time(0), tz)
    stage.go_to(at)
    return Start(at, stage.active(at))


def _table(reports: Sequence[Report], tz: ZoneInfo) -> Iterator[str]:
    """Yield a line a week, and one for all; where policies differ, a cell holds what each of them comes to."""
    columns = _columns(reports)
    rows = [["week", "from", *columns]]
    for number, weeks in enumerate(zip(*(found.weeks for found in reports), strict=True), 1):
        on = local_day(weeks[0].start.at, tz)
        rows.append([str(number), str(on), *(_cell(map(value, weeks)) for value in columns.values())])
    sums = {title: [sum(map(value, found.weeks)) for found in reports] for title, value in columns.items()}
    rows.append(["", "in all", *("" if title in NOT_SUMMED else _cell(each) for title, each in sums.items())])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield APART.join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))


def _columns(reports: Sequence[Report]) -> dict[str, Value]:
    """Return what each column holds, by its title: a column a kind of nudge, its offers, staff, and the limits."""
    columns: dict[str, Value] = {"active": lambda week: week.start.active}
    columns |= {level.value.replace("_", " "): _standing(level) for level in NAMED}
    for kind in sorted({kind for found in reports for kind in found.kinds}):
        columns[kind] = _nudges(kind)
        if any(week.offers[kind] for found in reports for week in found.weeks):
            columns[f"offers ({kind})"] = _offers(kind)
    columns["follow-ups"] = lambda week: week.follow_ups
    columns["to staff"] = lambda week: week.to_staff
    columns |= {f"over {limit.value}": _over(limit) for limit in Limit}
    return columns


def _standing(level: Level) -> Value:
    return lambda week: week.levels[level]


def _nudges(kind: str) -> Value:
    return lambda week: week.nudges[kind]


def _offers(kind: str) -> Value:
    return lambda week: week.offers[kind]


def _over(limit: Limit) -> Value:
    return lambda week: week.over[limit]


def _cell(numbers: Iterable[int]) -> str:
    found = [str(number) for number in numbers]
    return found[0] if len(set(found)) == 1 else " | ".join(found)


def _ending(found: Report, policy: Path) -> Iterator[str]:
    """Yield what came of those who left, and how much those got who stayed."""
    left = found.leavers.count
    yield f"{policy}: {left} {'student' if left == 1 else 'students'} left. Days before leaving:"
    for what, came in (("nudge", found.leavers), ("offer", found.offered), ("person", found.followed)):
        yield f"  first {what}: {_quartiles(came.days)}; {came.without} left without"
    both = found.from_offer.count - found.from_offer.without
    yield f"  from the first offer to the first person: {_quartiles(found.from_offer.days)}; {both} had both"
    stayed = found.finishers
    yield f"{stayed.count} stayed. Messages a week: {_quartiles(stayed.a_week)}, {stayed.most:.2f} at most"
    yield f"  {stayed.offered} of them had an offer, and {stayed.followed} a person"
    opened = ", ".join(f"{count} ({origin.value})" for origin, count in sorted(found.opened.items()))
    yield f"Follow-ups: {opened or 'none'}. Steps of the ladder: {_steps(found)}"


def _steps(found: Report) -> str:
    return ", ".join(f"{found.steps[step]} ({step.value})" for step in Step if step in found.steps) or "none"


def _quartiles(found: tuple[float, float, float] | None) -> str:
    if found is None:
        return "nobody had one"
    low, middle, high = found
    return f"median {middle:.4g}, quartiles {low:.4g} and {high:.4g}"
