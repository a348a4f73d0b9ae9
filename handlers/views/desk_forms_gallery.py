"""One example of every view of the roster's and the assignments' desk, for the gallery."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from cohort.roster import Member, Status
from handlers.views import desk_forms as views
from handlers.views.blocks import Rendered, View
from services.desk_forms import ASSIGNMENTS, BACK_ON, KEY, ROSTER, Listed, Row, Written
from services.imports import ImportReport
from services.roster import StatusChanged

LONG = "A <long> name & more " * 12
ROWS: dict[str, Row] = {
    ROSTER: {
        "email": f"{'a' * 200}@example.org",
        "name": LONG,
        "preferred_name": LONG,
        "role": "student",
        "zone": "Europe/London",
        "status": "active",
        "track": LONG[:40],
        "accommodation_days": "5",
        BACK_ON: "",
    },
    ASSIGNMENTS: {
        "slug": "hw3",
        "title": LONG,
        "kind": "paper_reading",
        "due_at": "2026-07-04 18:00",
        "estimated_hours": "6",
        "required": "yes",
        "url": "https://example.org/" + "a" * 400,
        "status": "active",
    },
}


def desk_form_views(student: Member, now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, Rendered | View]]:
    """Yield lists, forms and answers."""
    for table, row in ROWS.items():
        for count in (0, 1, 40):
            rows = [{**row, KEY[table]: f"{number}{row[KEY[table]]}"} for number in range(count)]
            yield f"{table}, {count}", views.listed(Listed(table, LONG if count == 1 else "", rows, 2_000))
        yield f"{table}, the form", views.form(table, row, "Europe/London")
        yield f"{table}, an empty form", views.form(table, {}, "America/New_York")
        for report in (ImportReport(added=1), ImportReport(changed=1), ImportReport(unchanged=1)):
            yield f"{table}, written", views.written(Written(table, row, report), zone)
    yield from _statuses(student, now, zone)


def _statuses(student: Member, now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, Rendered | View]]:
    """Yield the form of a person of each status, and what becomes of it."""
    for status in Status:
        row = ROWS[ROSTER] | {"status": status.value, BACK_ON: "2026-07-13" if status is Status.PAUSED else ""}
        yield f"a student, {status}", views.form(ROSTER, row, "Europe/London")
    yield "a TA", views.form(ROSTER, ROWS[ROSTER] | {"role": "ta"}, "Europe/London")
    paused = StatusChanged(replace(student, status=Status.PAUSED), is_new=True, lapsed=1, back_at=now)
    for report in (ImportReport(changed=1), ImportReport(unchanged=1)):
        yield "a status, written", views.written(Written(ROSTER, ROWS[ROSTER], report, paused), zone)
