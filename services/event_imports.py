"""Importing sections, talks, socials and coworking hours: added in silence, changed with whoever has signed up."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from cohort.events import Event, EventKind
from cohort.roster import Member
from services import csv_cells, csv_tables
from services.csv_tables import Columns, Row
from services.desk import Desk
from services.events import write_change
from services.import_reports import Import, ImportReport, Plan, Progress, carry_out
from storage.ids import new_id
from storage.records import Records

EVENTS = Columns(
    required=("slug", "kind", "title", "starts_at", "minutes"), optional=("place", "facilitator", "places")
)
TITLE_MOST, PLACE_MOST, PLACES_MOST, MINUTES_MOST = 100, 500, 2000, 720


def import_events(
    source: str | bytes,
    now: datetime,
    desk: Desk,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    expects: str = "",
) -> ImportReport:
    """Add and change events as a file says, all or nothing; nothing is announced by it.

    Those who have signed up are told where time or place change. Events the file does not name stay.
    """
    table = csv_tables.read(source, EVENTS)
    rows = list(table.keyed(lambda row: row.cells["slug"].casefold() or None))
    wanted = Import("events", len(rows), table.problems, partial(_plan, rows=rows, now=now, desk=desk))
    return carry_out(wanted, now, desk, dry_run=dry_run, progress=progress, expects=expects)


def _plan(records: Records, rows: list[Row], now: datetime, desk: Desk) -> Plan:
    staff = {member.email.casefold(): member for member in records.roster.all() if member.is_staff}
    there = {event.slug.casefold(): event for event in records.events.all()}
    plan = Plan()
    for row in rows:
        old = there.pop(row.cells["slug"].casefold(), None)
        event = _event(row, old, staff, now, desk)
        if event is None:
            continue
        if old is None:
            plan.add(partial(_add, event=event))
        elif event == old:
            plan.keep()
        else:
            plan.change(f"{event.slug}: {event.title}", partial(_change, old=old, new=event, now=now))
    plan.absent.extend(event.slug for event in there.values() if event.is_coming(now))
    return plan


def _event(row: Row, old: Event | None, staff: dict[str, Member], now: datetime, desk: Desk) -> Event | None:
    """Return what a row says; None, with the problem noted, where it is no event that can still be changed."""
    slug, kind = row.need("slug", csv_cells.slug), row.need("kind", csv_cells.word(EventKind))
    title = row.need("title", csv_cells.phrase(TITLE_MOST))
    starts_at = row.need("starts_at", csv_cells.instant(desk.policy.programme.tz))
    minutes = row.need("minutes", csv_cells.whole(1, MINUTES_MOST))
    place = row.take("place", csv_cells.phrase(PLACE_MOST), "")
    places = row.take("places", csv_cells.whole(1, PLACES_MOST), None)
    leader = _leader(row, staff)
    if slug is None or kind is None or title is None or starts_at is None or minutes is None:
        return None
    ends_at, leader_id = starts_at + timedelta(minutes=minutes), leader.id if leader else None
    if old is None:
        return Event(new_id("evt"), slug, kind, title, starts_at, ends_at, now, place, leader_id, places)
    event = replace(
        old,
        kind=kind,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        facilitator_id=leader_id,
        places=places,
    )
    if event != old and not old.is_coming(now):
        row.refuse("slug", "names an event that is over or was cancelled, which can't be changed")
    elif event.lacks_facilitator and event.announced_at is not None:
        row.refuse("facilitator", "is empty, but this section is announced already")
    return event


def _leader(row: Row, staff: dict[str, Member]) -> Member | None:
    email = row.take("facilitator", csv_cells.email, "")
    if email and email.casefold() not in staff:
        row.refuse("facilitator", f"“{email}” is no TA or organizer on the roster")
    return staff.get(email.casefold())


def _add(records: Records, event: Event) -> None:
    records.events.add(event)


def _change(records: Records, old: Event, new: Event, now: datetime) -> None:
    write_change(records, old, new, None, now)
