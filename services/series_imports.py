"""Importing TAs' weekly hours: added once, with all their dates, and from then on changed in Slack."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import partial
from typing import Final

from cohort.errors import HoursOverlap, WrongHours
from cohort.office_hours import HoursKind, HoursProblem, Series, Session, overlapping
from cohort.roster import Member
from cohort.times import WEEKDAYS, local_day
from services import csv_cells, csv_tables
from services.csv_tables import Columns, Row, Unfit
from services.desk import Desk
from services.import_reports import Import, ImportReport, Plan, Progress, carry_out
from services.office_hours import SeriesWish, add_for, as_series, as_wish, planned, refuse_overlaps
from storage.records import Records

SERIES = Columns(
    required=("email", "weekday", "starts", "minutes", "kind", "place"),
    optional=(
        "zone",
        "slot_minutes",
        "buffer_minutes",
        "open_minutes",
        "capacity",
        "topic",
        "first_on",
        "last_on",
    ),
)
PLACE_MOST, TOPIC_MOST = 300, 100
A_DAY: Final = 24 * 60
PARTS: Final = ("slot", "buffer", "open")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
# Where what is wrong with hours stands in a row, and what there is to do.
PROBLEMS = {
    HoursProblem.NO_PLACE: ("place", "is empty, and must not be"),
    HoursProblem.ENDS_FIRST: ("last_on", "is before first_on"),
    HoursProblem.NO_SLOT: ("slot_minutes", "is missing: bookable hours need the length of a slot"),
    HoursProblem.SLOT_TOO_LONG: ("slot_minutes", "is longer than the bookable part of the hours"),
    HoursProblem.NO_OPEN_PART: ("open_minutes", "must be more than 0 and less than minutes, where kind is both"),
    HoursProblem.NO_DATE: ("last_on", "leaves no date that is still to come"),
}


@dataclass(slots=True)
class _Adding:
    """What a file adds; `sessions` are those to come by TA, with the line of each row, to find overlaps within it."""

    records: Records
    desk: Desk
    now: datetime
    plan: Plan = field(default_factory=Plan)
    sessions: defaultdict[str, list[tuple[int, list[Session]]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, row: Row, ta: Member, series: Series) -> None:
        """Plan new hours, or note why they can't be."""
        sessions = planned(series, self.now)
        problem = PROBLEMS[HoursProblem.NO_DATE] if not sessions else self._overlap(ta, sessions)
        if problem:
            row.refuse(*problem)
            return
        self.sessions[ta.id].append((row.line, sessions))
        self.plan.add(partial(_write, series=series, ta=ta, now=self.now, desk=self.desk))

    def _overlap(self, ta: Member, sessions: list[Session]) -> tuple[str, str] | None:
        try:
            refuse_overlaps(self.records, ta.id, sessions)
        except HoursOverlap as overlap:
            return "starts", f"overlaps with other hours of theirs on {overlap.other.on_day}"
        lines = (line for line, others in self.sessions[ta.id] if overlapping(sessions, others))
        return next((("starts", f"overlaps with line {line}") for line in lines), None)


def import_series(
    source: str | bytes,
    now: datetime,
    desk: Desk,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    expects: str = "",
) -> ImportReport:
    """Add weekly hours as a file says, all or nothing.

    Hours of the same TA, weekday and time that are there already stay as they are: they are changed in Slack, where
    those who have booked are asked for and told. Absent are the hours that the file does not name.
    """
    table = csv_tables.read(source, SERIES)
    rows = list(table.keyed(_key))
    wanted = Import("series", len(rows), table.problems, partial(_plan, rows=rows, now=now, desk=desk))
    return carry_out(wanted, now, desk, dry_run=dry_run, progress=progress, expects=expects)


def _key(row: Row) -> tuple[str, str, str] | None:
    email, weekday, starts = (row.cells[name].casefold() for name in ("email", "weekday", "starts"))
    return (email, weekday, starts) if email and weekday and starts else None


def _plan(records: Records, rows: list[Row], now: datetime, desk: Desk) -> Plan:
    adding = _Adding(records, desk, now)
    staff = {member.email.casefold(): member for member in records.roster.all() if member.is_staff}
    there = {_named(series): series for ta in staff.values() for series in records.office_hours.series_of(ta.id)}
    for row in rows:
        ta = _staff(row, staff)
        series = _series(row, ta, now, desk) if ta else None
        if ta is None or series is None:
            continue
        old = there.pop(_named(series), None)
        if old is None:
            adding.add(row, ta, series)
        else:
            _keep(adding.plan, row, ta, old, series)
    _note_absent(adding.plan, there.values(), staff.values(), local_day(now, desk.policy.programme.tz))
    return adding.plan


def _keep(plan: Plan, row: Row, ta: Member, old: Series, new: Series) -> None:
    """Leave hours that are there as they are, and say so where the file says otherwise."""
    plan.keep()
    zone = new.zone if row.cells.get("zone") else old.zone
    if replace(new, id=old.id, created_at=old.created_at, zone=zone) != old:
        plan.left_out.append(f"{_words(new, ta)}: is there otherwise, and is changed with /office-hours")


def _note_absent(plan: Plan, left: Iterable[Series], staff: Iterable[Member], today: date) -> None:
    by_id = {member.id: member for member in staff}
    plan.absent.extend(_words(series, by_id[series.ta_id]) for series in left if series.last_on >= today)


def _named(series: Series) -> tuple[str, int, time]:
    return series.ta_id, series.weekday, series.starts


def _words(series: Series, ta: Member) -> str:
    return f"{ta.email}, {WEEKDAYS[series.weekday]} {series.starts:%H:%M}"


def _staff(row: Row, staff: dict[str, Member]) -> Member | None:
    email = row.need("email", csv_cells.email)
    if email and email.casefold() not in staff:
        row.refuse("email", f"“{email}” is no TA or organizer on the roster")
    return staff.get((email or "").casefold())


def _series(row: Row, ta: Member, now: datetime, desk: Desk) -> Series | None:
    """Return what a row says; None, with the problem noted, where it is no hours."""
    wish = _wish(row, desk)
    zone = row.take("zone", csv_cells.zone_name, ta.zone)
    if wish is None:
        return None
    try:
        return as_series(wish, "", ta, zone, now, desk)
    except WrongHours as wrong:
        row.refuse(*PROBLEMS[wrong.problem])
        return None


def _wish(row: Row, desk: Desk) -> SeriesWish | None:
    programme = desk.policy.programme
    weekday, starts = row.need("weekday", _weekday), row.need("starts", _clock)
    minutes, kind = row.need("minutes", csv_cells.whole(1, A_DAY)), row.need("kind", csv_cells.word(HoursKind))
    place = row.need("place", csv_cells.phrase(PLACE_MOST))
    slot, buffer, opened = (row.take(f"{part}_minutes", csv_cells.whole(0, A_DAY), 0) for part in PARTS)
    capacity = row.take("capacity", csv_cells.whole(1, 1000), None)
    topic = row.take("topic", csv_cells.phrase(TOPIC_MOST), "")
    first_on = row.take("first_on", csv_cells.day, programme.starts_on)
    last_on = row.take("last_on", csv_cells.day, programme.ends_on)
    if weekday is None or starts is None or minutes is None or kind is None or place is None:
        return None
    return SeriesWish(weekday, starts, minutes, kind, place, first_on, last_on, slot, buffer, opened, capacity, topic)


def _weekday(text: str) -> int:
    if text.casefold() not in WEEKDAYS:
        raise Unfit(f"“{text[:40]}” is none of {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(text.casefold())


def _clock(text: str) -> time:
    if not _CLOCK.fullmatch(text):
        raise Unfit(f"“{text[:40]}” can't be read as a time of day; write it like 18:00")
    return time.fromisoformat(text)


def _write(records: Records, series: Series, ta: Member, now: datetime, desk: Desk) -> None:
    add_for(records, as_wish(series), ta, series.zone, now, desk)
