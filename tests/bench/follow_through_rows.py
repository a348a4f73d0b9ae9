"""What follow-through leaves behind in a cohort of any size: check-ins, sections, what risk and ladder made of it."""

from dataclasses import replace
from datetime import timedelta

from cohort.check_ins import CheckIn
from cohort.events import Event, EventKind
from cohort.times import week_of
from services import ladder, risk
from services.desk import Desk
from storage.records import Records
from tests.bench.cohort_rows import NOON, OVER, WRITTEN_AT_ONCE

DAY, WEEK = timedelta(days=1), timedelta(days=7)
THIS_WEEK = week_of(NOON.date())


def fill(desk: Desk, students: int) -> None:
    """Write check-ins and sections, and let risk and ladder look at the cohort the day before."""
    with desk.store.transaction() as records:
        for number in range(1, OVER + 1):
            records.events.add(_section(number))
    for first in range(0, students, WRITTEN_AT_ONCE):
        with desk.store.transaction() as records:
            for n in range(first, min(students, first + WRITTEN_AT_ONCE)):
                _write(records, n)
    yesterday = NOON - DAY
    risk.note_levels(desk, yesterday)
    ladder.climb(desk, yesterday)
    with desk.store.transaction() as records:
        records.connection.execute("UPDATE nudges SET sent_at = created_at WHERE sent_at IS NULL")


def _section(number: int) -> Event:
    starts_at = NOON - (OVER - number) * WEEK - 4 * DAY
    ends_at, announced_at = starts_at + timedelta(hours=1), starts_at - WEEK
    return Event(
        f"evt_{number}",
        f"section-{number}",
        EventKind.SECTION,
        f"Section {number}",
        starts_at,
        ends_at,
        announced_at,
        announced_at=announced_at,
    )


def _write(records: Records, n: int) -> None:
    """Write that a student was at most sections, and answered most check-ins; one in thirty was not asked this week.

    Half of those from whom nothing comes any more answer none. One in fifty was asked a day ago and has not answered.
    """
    student_id = f"mem_{n:016d}"
    for week in range(1, OVER + 1):
        if (n + week) % 9:
            records.events.attend(f"evt_{week}", student_id, student_id, NOON - (OVER - week) * WEEK)
        is_last = week == OVER
        if is_last and n % 30 == 17:
            continue
        asked_at = NOON - (OVER - week) * WEEK - (timedelta(hours=25) if n % 50 == 21 else timedelta(hours=1))
        is_answered = (n + week) % 5 != 0 and n % 40 != 9 and not (is_last and n % 50 == 21)
        one = CheckIn(f"chk_{n}_{week}", student_id, THIS_WEEK - (OVER - week) * WEEK, asked_at)
        records.check_ins.add(one)
        if is_answered:
            answered_at = asked_at + timedelta(minutes=30)
            records.check_ins.save(replace(one, answered_at=answered_at, hours=22.0, mood=n % 4 + 2))
