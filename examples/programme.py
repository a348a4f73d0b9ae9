#!/usr/bin/env python3
"""Writes an example programme in the middle of its fifth week: 104 students, 9 TAs, one organizer."""

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter
from pathlib import Path
from typing import TypedDict
from zoneinfo import ZoneInfo

if not __package__:  # run by its path, from any folder
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from examples.to_come import Rest, to_come
from examples.writing import Assignment, Coming, Duty, Member, Programme, Series, Submission, write_programme

LONDON = ZoneInfo("Europe/London")
ZONES = (
    "Africa/Johannesburg",
    "Africa/Nairobi",
    "America/Los_Angeles",
    "America/New_York",
    "America/Santiago",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Warsaw",
    "Pacific/Auckland",
)
STUDENTS = 104
# Ada, Bo and Chen.
NAMED = 3
TAS = 9
WEEKS = 10
CURRENT_WEEK = 5
FALLING_BEHIND = 12
WITHDRAWN = 4
PAUSED = 2
ACCOMMODATED = 2
# What a student who keeps up hands in on time and late, as shares of all work; the rest never comes.
ON_TIME = 0.78
LATE = 0.18
EARLY = 0.2
FAILED = 0.06
GRADED_WITHIN_DAYS = 6


WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


class Hours(TypedDict):
    """What sort of office hours, and how long: the columns of series.csv of the same names."""

    kind: str
    minutes: int
    slot_minutes: int
    buffer_minutes: int
    open_minutes: int


OPEN = Hours(kind="open", minutes=60, slot_minutes=0, buffer_minutes=0, open_minutes=0)
BOOKABLE = Hours(kind="bookable", minutes=90, slot_minutes=25, buffer_minutes=5, open_minutes=0)
BOTH = Hours(kind="both", minutes=120, slot_minutes=25, buffer_minutes=5, open_minutes=60)


@dataclass(frozen=True, slots=True)
class Work:
    """One sort of work in the course; `days_after` is counted from the weekday on which problem sets fall due."""

    name: str
    title: str
    kind: str
    weeks: Sequence[int]
    hours: float
    days_after: int = 0
    required: bool = True
    has_hard_end: bool = False


COURSE = (
    Work("reading", "Reading", "reading", (1, 4, 8), 3),
    Work("hw", "Problem set", "written", range(1, WEEKS + 1), 6),
    Work("prog", "Programming exercise", "programming", (2, 4, 7), 8, days_after=2),
    Work("paper", "Paper reading", "paper_reading", (3, 6), 2, days_after=1, has_hard_end=True),
    Work("project", "Project", "project", (10,), 30, required=False),
    Work("exam", "Final exam", "exam", (10,), 3, days_after=1),
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How a student gets on: `misses` never comes, and nothing comes from `stops_at` on.

    Who `is_prompt` is never late, and has not handed in yet what is still to fall due.
    """

    student: Member
    stops_at: datetime
    misses: frozenset[str] = frozenset()
    is_prompt: bool = False


def example_programme(seed: int, today: date) -> Programme:
    """Return the programme of a seed, the same every time, placed such that a date is in its fifth week."""
    dice = random.Random(seed)
    starts_on = today - timedelta(days=today.weekday(), weeks=CURRENT_WEEK - 1)
    ends_on = starts_on + timedelta(weeks=WEEKS, days=-1)
    # The fifth problem set falls due two days from now, and so does every week's on that weekday.
    assignments = list(_assignments(starts_on, ends_on, due_day=today.weekday() + 2))
    students = list(_students(dice, starts_on, today))
    handed_in = [row for progress in students for row in _handed_in(dice, progress, assignments, _midnight(today))]
    staff = list(_staff(dice))
    coming = list(_to_come(students, assignments, handed_in, _midnight(today), str(seed)))
    return Programme(
        name="Example Programme",
        zone=LONDON.key,
        starts_on=starts_on,
        ends_on=ends_on,
        roster=[*(progress.student for progress in students), *staff],
        assignments=assignments,
        submissions=sorted(handed_in, key=attrgetter("submitted_at", "email", "assignment")),
        series=list(_office_hours(staff, starts_on, ends_on)),
        duties=list(_duties(staff, starts_on)),
        to_come=sorted(coming, key=attrgetter("at", "email", "assignment")),
    )


def _assignments(starts_on: date, ends_on: date, due_day: int) -> Iterator[Assignment]:
    for work in COURSE:
        for number, week in enumerate(work.weeks, 1):
            monday = starts_on + timedelta(weeks=week - 1)
            due_on = min(monday + timedelta(days=due_day + work.days_after), ends_on)
            suffix = str(number) if len(work.weeks) > 1 else ""
            yield _assignment(work, suffix, week, _midnight(monday), datetime.combine(due_on, time(18)))


def _assignment(work: Work, suffix: str, week: int, opens_at: datetime, due_at: datetime) -> Assignment:
    is_handed_in = work.kind != "reading"
    return Assignment(
        slug=f"{work.name}{suffix}",
        title=f"{work.title} {suffix}".strip(),
        kind=work.kind,
        week=week,
        opens_at=opens_at,
        due_at=due_at if is_handed_in else None,
        hard_due_at=due_at + timedelta(weeks=1) if work.has_hard_end else None,
        pass_mark=50 if is_handed_in else None,
        required=work.required,
        estimated_hours=work.hours,
        url=f"https://example.org/programme/{work.name}{suffix}",
    )


def _staff(dice: random.Random) -> Iterator[Member]:
    yield _member("Tara", "ta", "Europe/Berlin")
    yield _member("Tom", "ta", "America/Los_Angeles")
    for number in range(3, TAS + 1):
        yield _member(f"TA {number}", "ta", dice.choice(ZONES))
    yield _member("Orla", "organizer", "Europe/London")


def _office_hours(staff: Sequence[Member], starts_on: date, ends_on: date) -> Iterator[Series]:
    """Yield the hours of each TA: two a week, in their own day, so that someone is there around the clock."""
    for number, ta in enumerate(member for member in staff if member.role == "ta"):
        for turn, (starts, hours) in enumerate((("10:00", BOTH), ("18:00", OPEN if number % 2 else BOOKABLE))):
            yield Series(
                email=ta.email,
                weekday=WORKDAYS[(number + 2 * turn) % len(WORKDAYS)],
                starts=starts,
                place=f"https://example.org/meet/{ta.handle}",
                zone=ta.zone,
                first_on=starts_on,
                last_on=ends_on,
                **hours,
            )


def _duties(staff: Sequence[Member], starts_on: date) -> Iterator[Duty]:
    """Yield whose each week is: the TAs in turn, so that in the current one Tara decides requests and Tom answers."""
    tas = [member for member in staff if member.role == "ta"]
    for duty, first in (("extensions", 0), ("questions", 1)):
        for week in range(WEEKS):
            ta = tas[(week + 1 - CURRENT_WEEK + first) % len(tas)]
            yield Duty(week_on=starts_on + timedelta(weeks=week), email=ta.email, duty=duty)


def _students(dice: random.Random, starts_on: date, today: date) -> Iterator[Progress]:
    joined_at, now = _midnight(starts_on), _midnight(today)
    yield Progress(_student("Ada", "America/New_York", joined_at), now, is_prompt=True)
    yield Progress(_student("Bo", "Europe/London", joined_at), now, is_prompt=True)
    yield Progress(_student("Chen", "Asia/Singapore", joined_at), now, frozenset({"hw4"}), is_prompt=True)
    for number, lot in enumerate(_lots(dice), 4):
        student = _student(f"Student {number:03}", dice.choice(ZONES), joined_at)
        yield _progress(dice, lot, student, now)


def _lots(dice: random.Random) -> list[str]:
    lots = ["behind"] * FALLING_BEHIND + ["withdrawn"] * WITHDRAWN
    lots += ["paused"] * PAUSED + ["accommodated"] * ACCOMMODATED
    lots += ["steady"] * (STUDENTS - 3 - len(lots))
    dice.shuffle(lots)
    return lots


def _progress(dice: random.Random, lot: str, student: Member, now: datetime) -> Progress:
    match lot:
        case "behind":
            return Progress(student, now - timedelta(days=14))
        case "withdrawn":
            left_at = now - timedelta(days=dice.randrange(2, 24))
            return Progress(replace(student, status="withdrawn", left_at=left_at), left_at)
        case "paused":
            return Progress(replace(student, status="paused"), now - timedelta(days=8))
        case "accommodated":
            return Progress(replace(student, accommodation_days=5), now)
        case _:
            return Progress(student, now)


def _student(name: str, zone: str, joined_at: datetime) -> Member:
    return replace(_member(name, "student", zone), joined_at=joined_at)


def _member(name: str, role: str, zone: str) -> Member:
    email = f"{name.replace(' ', '').lower()}@example.org"
    return Member(email=email, name=name, role=role, zone=zone)


def _handed_in(
    dice: random.Random, progress: Progress, assignments: Sequence[Assignment], now: datetime
) -> Iterator[Submission]:
    for assignment in assignments:
        at = _moment(dice, progress, assignment, now)
        if at is None or at >= _instant(progress.stops_at):
            continue
        first = Submission(
            email=progress.student.email,
            assignment=assignment.slug,
            submitted_at=at,
            score=_score(dice, at, now),
        )
        yield first
        if first.score is not None and first.score < (assignment.pass_mark or 0):
            yield from _second_attempt(dice, first, progress.stops_at, now)


def _moment(dice: random.Random, progress: Progress, assignment: Assignment, now: datetime) -> datetime | None:
    """Return when a student hands something in, however late, or None for never or not yet."""
    due_at, opens_at = assignment.due_at, assignment.opens_at
    if due_at is None or opens_at is None or opens_at >= now or assignment.slug in progress.misses:
        return None
    luck = dice.random()
    if due_at >= now:
        is_early = luck < EARLY and not progress.is_prompt
        return _instant(opens_at) + dice.random() * (now - opens_at) if is_early else None
    if progress.is_prompt or luck < ON_TIME:
        return _instant(due_at) - timedelta(minutes=dice.randrange(5, 48 * 60))
    if luck < ON_TIME + LATE:
        return _instant(due_at) + timedelta(minutes=dice.randrange(10, 96 * 60))
    return None


def _to_come(
    students: Sequence[Progress],
    assignments: Sequence[Assignment],
    handed_in: Sequence[Submission],
    now: datetime,
    seed: str,
) -> Iterator[Coming]:
    """Yield what those will do who keep at it; what those known by name hand in is left to whoever plays them."""
    there = {(row.email, row.assignment) for row in handed_in}
    ahead = [replace(each, due_at=_instant(each.due_at)) for each in assignments if each.due_at and each.due_at >= now]
    for number, progress in enumerate(students):
        if progress.stops_at < now:
            continue
        email = progress.student.email
        still = [each for each in ahead if number >= NAMED and (email, each.slug) not in there]
        ungraded = [row for row in handed_in if row.email == email and row.score is None]
        yield from to_come(Rest(progress.student, still, ungraded), _instant(now), seed)


def _second_attempt(dice: random.Random, first: Submission, stops_at: datetime, now: datetime) -> Iterator[Submission]:
    """Yield what is handed in again after a grade that did not pass; it is graded in its turn."""
    at = first.submitted_at + timedelta(days=GRADED_WITHIN_DAYS, minutes=dice.randrange(60, 72 * 60))
    if at < _instant(stops_at):
        own = random.Random(f"{first.email} {first.assignment} {first.score}")
        yield replace(first, attempt=2, submitted_at=at, score=_score(own, at, now))


def _score(dice: random.Random, at: datetime, now: datetime) -> float | None:
    failed, low, high = dice.random() < FAILED, dice.randrange(20, 50), round(dice.triangular(50, 100, 80))
    if at > _instant(now) - timedelta(days=GRADED_WITHIN_DAYS):
        return None
    return low if failed else high


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(0))


def _instant(wall: datetime) -> datetime:
    """Return the instant of a wall time in London, in UTC so that sums with it are true at a clock change."""
    return wall.replace(tzinfo=LONDON).astimezone(UTC)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the programme that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the same seed and day give the same files")
    parser.add_argument("--out", type=Path, default=Path("demo"), help="folder to write to (default: demo)")
    parser.add_argument("--today", type=date.fromisoformat, help="a day of its fifth week (default: today)")
    asked = parser.parse_args(arguments)
    programme = example_programme(asked.seed, asked.today or datetime.now(LONDON).date())
    write_programme(programme, asked.out)
    print(f"{asked.out}: {programme.name}, {programme.starts_on} to {programme.ends_on}")


if __name__ == "__main__":
    main()
