"""Writing the tables that can be imported, so that importing them again changes nothing."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from cohort.assignments import Assignment
from cohort.office_hours import Series
from cohort.roster import Member
from cohort.rotas import Duty
from cohort.times import WEEKDAYS, local_day
from services import csv_tables
from services.assignment_imports import Droppable, Required, Standing
from services.csv_cells import written, written_number
from services.desk import Desk
from services.grade_exports import export_grades

Export = Callable[[Desk, datetime], str]

ROSTER = (
    "email", "name", "preferred_name", "role", "zone", "status", "track", "accommodation_days", "joined_at", "left_at",
    "sid",
)  # fmt: skip
ASSIGNMENTS = (
    "slug", "title", "kind", "week", "opens_at", "due_at", "hard_due_at", "pass_mark", "required", "estimated_hours",
    "url", "droppable", "status",
)  # fmt: skip
SUBMISSIONS = ("email", "assignment", "attempt", "submitted_at", "score")
DUTIES = ("week_on", "email", "duty")
GRADERS = ("assignment", "email")
CONFLICTS = ("ta", "student")
SERIES = (
    "email", "weekday", "starts", "minutes", "kind", "place", "zone", "slot_minutes", "buffer_minutes", "open_minutes",
    "capacity", "topic", "first_on", "last_on",
)  # fmt: skip
EVENTS = ("slug", "kind", "title", "starts_at", "minutes", "place", "facilitator", "places")
TRACKS = ("track", "assignment", "required", "due_at")
FAIRNESS = ("email", "trait", "value")


def export_roster(desk: Desk) -> str:
    """Return the roster as CSV."""
    with desk.store.reading() as records:
        members = records.roster.all()
    return csv_tables.write(ROSTER, (_member(member, desk) for member in members))


def _member(member: Member, desk: Desk) -> tuple[str, ...]:
    tz = desk.policy.programme.tz
    return (
        member.email,
        member.name,
        member.preferred_name,
        member.role.value,
        member.zone,
        member.status.value,
        member.track,
        str(member.accommodation_days),
        written(member.joined_at, tz),
        written(member.left_at, tz),
        member.sid,
    )


def export_assignments(desk: Desk) -> str:
    """Return the assignments as CSV."""
    with desk.store.reading() as records:
        assignments = records.assignments.all()
    return csv_tables.write(ASSIGNMENTS, (_assignment(assignment, desk) for assignment in assignments))


def _assignment(assignment: Assignment, desk: Desk) -> tuple[str, ...]:
    tz = desk.policy.programme.tz
    required = Required.YES if assignment.required else Required.NO
    standing = Standing.CANCELLED if assignment.cancelled else Standing.ACTIVE
    return (
        assignment.slug,
        assignment.title,
        assignment.kind.value,
        "" if assignment.week is None else str(assignment.week),
        written(assignment.opens_at, tz),
        written(assignment.due_at, tz),
        written(assignment.hard_due_at, tz),
        written_number(assignment.pass_mark),
        required.value,
        written_number(assignment.estimated_hours),
        assignment.url,
        (Droppable.YES if assignment.droppable else Droppable.NO).value,
        standing.value,
    )


def export_submissions(desk: Desk) -> str:
    """Return the submissions as CSV, a student's together."""
    tz = desk.policy.programme.tz
    with desk.store.reading() as records:
        emails = {member.id: member.email for member in records.roster.all()}
        slugs = {assignment.id: assignment.slug for assignment in records.assignments.all()}
        named = [(emails[s.student_id], slugs[s.assignment_id], s.attempt, s) for s in records.submissions.every()]
    named.sort(key=lambda row: row[:3])
    rows = (
        (email, slug, str(attempt), written(handed_in.submitted_at, tz), written_number(handed_in.score))
        for email, slug, attempt, handed_in in named
    )
    return csv_tables.write(SUBMISSIONS, rows)


def export_duties(desk: Desk) -> str:
    """Return the rotas as CSV, each duty's weeks together."""
    with desk.store.reading() as records:
        emails = {member.id: member.email for member in records.roster.all()}
        weeks = [(duty, week) for duty in Duty for week in records.duties.from_week(duty, date.min)]
    return csv_tables.write(DUTIES, ((on.isoformat(), emails[member], duty.value) for duty, (on, member) in weeks))


def export_tracks(desk: Desk) -> str:
    """Return what each track requires, and its own due times, as CSV."""
    tz = desk.policy.programme.tz
    with desk.store.reading() as records:
        slugs = {assignment.id: assignment.slug for assignment in records.assignments.all()}
        items = [item for of in records.own_work.tracks().values() for item in of.values()]
    rows = [
        (i.track, slugs[i.assignment_id], (Required.YES if i.required else Required.NO).value, written(i.due_at, tz))
        for i in items
    ]
    return csv_tables.write(TRACKS, sorted(rows))


def export_graders(desk: Desk) -> str:
    """Return who grades what as CSV."""
    with desk.store.reading() as records:
        emails = {member.id: member.email for member in records.roster.all()}
        slugs = {assignment.id: assignment.slug for assignment in records.assignments.all()}
        every = records.graders.every()
    rows = sorted((slugs[work], emails[member]) for work, graders in every.items() for member in graders)
    return csv_tables.write(GRADERS, rows)


def export_conflicts(desk: Desk) -> str:
    """Return who may not grade whom as CSV."""
    with desk.store.reading() as records:
        emails = {member.id: member.email for member in records.roster.all()}
        conflicts = records.graders.conflicts()
    return csv_tables.write(CONFLICTS, sorted((emails[ta], emails[student]) for ta, student in conflicts))


def export_series(desk: Desk, now: datetime) -> str:
    """Return TAs' weekly hours that have not ended, as CSV."""
    today = local_day(now, desk.policy.programme.tz)
    with desk.store.reading() as records:
        staff = sorted((member.email, member.id) for member in records.roster.all() if member.is_staff)
        found = [(email, series) for email, ta_id in staff for series in records.office_hours.series_of(ta_id)]
    return csv_tables.write(SERIES, (_hours(email, series) for email, series in found if series.last_on >= today))


def _hours(email: str, series: Series) -> tuple[str, ...]:
    return (
        email,
        WEEKDAYS[series.weekday],
        f"{series.starts:%H:%M}",
        str(series.minutes),
        series.kind.value,
        series.place,
        series.zone,
        str(series.slot_minutes),
        str(series.buffer_minutes),
        str(series.open_minutes),
        "" if series.capacity is None else str(series.capacity),
        series.topic,
        series.first_on.isoformat(),
        series.last_on.isoformat(),
    )


def export_events(desk: Desk, now: datetime) -> str:
    """Return the sections, talks, socials and coworking hours to come, as CSV."""
    tz = desk.policy.programme.tz
    with desk.store.reading() as records:
        emails = {member.id: member.email for member in records.roster.all()}
        coming = records.events.coming(now)
    return csv_tables.write(
        EVENTS,
        (
            (
                event.slug,
                event.kind.value,
                event.title,
                written(event.starts_at, tz),
                str(int((event.ends_at - event.starts_at).total_seconds() // 60)),
                event.place,
                emails.get(event.facilitator_id or "", ""),
                "" if event.places is None else str(event.places),
            )
            for event in coming
        ),
    )


def export_fairness(desk: Desk) -> str:
    """Return which groups students are in as CSV."""
    with desk.store.reading() as records:
        emails = {member.id: member.email for member in records.roster.all()}
        rows = sorted((emails[row.student_id], row.trait, row.value) for row in records.fairness.every())
    return csv_tables.write(FAIRNESS, rows)


def _whenever(export: Callable[[Desk], str]) -> Export:
    """Return an export that is the same at any time."""

    def write(desk: Desk, now: datetime) -> str:
        del now
        return export(desk)

    return write


EXPORTS: Mapping[str, Export] = {
    "roster": _whenever(export_roster),
    "assignments": _whenever(export_assignments),
    "submissions": _whenever(export_submissions),
    "duties": _whenever(export_duties),
    "tracks": _whenever(export_tracks),
    "graders": _whenever(export_graders),
    "conflicts": _whenever(export_conflicts),
    "grades": export_grades,
    "series": export_series,
    "events": export_events,
    "fairness": _whenever(export_fairness),
}
