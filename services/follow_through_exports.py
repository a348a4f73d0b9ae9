"""Writing what became of follow-ups, check-ins and leaving as CSV, to be counted elsewhere, without anyone's words."""

from collections.abc import Callable, Mapping
from datetime import datetime

from cohort.check_ins import CheckIn
from cohort.follow_ups import FollowUp
from cohort.leavings import Leaving
from services import csv_tables
from services.csv_cells import written, written_number
from services.desk import Desk
from storage.records import Records

Emails = Mapping[str | None, str]

FOLLOW_UPS = ("email", "origin", "opened_at", "owner", "due_at", "closed_at", "closed_by", "outcome")
CHECK_INS = ("email", "week_on", "asked_at", "reminded_at", "answered_at", "skipped_at", "hours", "mood")
LEAVINGS = ("email", "asked_at", "takes_effect_at", "undone_at", "done_at")


def export_follow_ups(desk: Desk, now: datetime) -> str:
    """Return every follow-up as CSV, without its reason and notes: these are read by whoever works on it."""
    del now
    with desk.store.reading() as records:
        emails = _emails(records)
        return csv_tables.write(FOLLOW_UPS, sorted(_case(one, emails, desk) for one in records.follow_ups.every()))


def _case(one: FollowUp, emails: Emails, desk: Desk) -> tuple[str, ...]:
    tz = desk.policy.programme.tz
    return (
        emails[one.student_id],
        one.origin.value,
        written(one.opened_at, tz),
        emails.get(one.owner_id, ""),
        written(one.due_at, tz),
        written(one.closed_at, tz),
        emails.get(one.closed_by, ""),
        one.outcome.value if one.outcome else "",
    )


def export_check_ins(desk: Desk, now: datetime) -> str:
    """Return every check-in as CSV, without what is in the way, what is wished for, and words."""
    del now
    with desk.store.reading() as records:
        emails = _emails(records)
        return csv_tables.write(CHECK_INS, sorted(_check_in(one, emails, desk) for one in records.check_ins.every()))


def _check_in(one: CheckIn, emails: Emails, desk: Desk) -> tuple[str, ...]:
    tz = desk.policy.programme.tz
    at = (one.asked_at, one.reminded_at, one.answered_at, one.skipped_at)
    return (
        emails[one.student_id],
        one.week_on.isoformat(),
        *(written(each, tz) for each in at),
        written_number(one.hours),
        "" if one.mood is None else str(one.mood),
    )


def export_leavings(desk: Desk, now: datetime) -> str:
    """Return who wanted to leave, and what became of it, as CSV; why is read by whoever follows them up alone."""
    del now
    with desk.store.reading() as records:
        emails = _emails(records)
        return csv_tables.write(LEAVINGS, sorted(_leaving(one, emails, desk) for one in records.leavings.every()))


def _leaving(one: Leaving, emails: Emails, desk: Desk) -> tuple[str, ...]:
    tz = desk.policy.programme.tz
    at = (one.asked_at, one.takes_effect_at, one.undone_at, one.done_at)
    return emails[one.student_id], *(written(each, tz) for each in at)


def _emails(records: Records) -> Emails:
    return {member.id: member.email for member in records.roster.all()}


LISTS: Mapping[str, Callable[[Desk, datetime], str]] = {
    "follow-ups": export_follow_ups,
    "check-ins": export_check_ins,
    "leavings": export_leavings,
}
