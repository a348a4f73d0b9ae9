"""What keeps the place in order by itself: backups, forgetting, linking, and saying when a job goes wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from cohort.times import local_day
from services import accounts, outbox
from services.desk import Desk
from services.letters import Composed, Said
from storage import backup
from storage.records import Records

BACKUPS_KEPT = 14
DELIVERIES_KEPT = timedelta(days=7)
# What prevents repeats for longer stands elsewhere: requests, nudge items and offers are never forgotten.
NOTES_KEPT = timedelta(days=30)
WORDS_KEPT = timedelta(days=30)


class Problem(StrEnum):
    """What can go wrong with a job."""

    FAILED = "failed"
    MISSED = "could not start in time"
    STILL_RUNNING = "was still running when it was due again"


@dataclass(frozen=True, slots=True)
class JobProblem:
    """For organizers: a job of the bot went wrong; `error` names the kind of error, never its words."""

    job: str
    problem: Problem
    error: str
    at: datetime


def report_problem(job: str, problem: Problem, error: str, *, desk: Desk, now: datetime) -> None:
    """Tell organizers that a job went wrong, once a job and day. Raises StoreBusy and StoreUnusable."""
    day = local_day(now, desk.policy.programme.tz).isoformat()
    data = {"job": job, "problem": problem.value, "error": error, "at": now.isoformat()}
    with desk.store.transaction() as records:
        outbox.tell_organizers(records, "scheduler.problem", data, f"scheduler.problem:{job}:{day}", now)


def compose_problem(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what organizers read about a job that went wrong."""
    del records, desk, now
    at = datetime.fromisoformat(data["at"])
    return Said(JobProblem(data["job"], Problem(data["problem"]), data["error"], at))


def back_up(desk: Desk, now: datetime) -> int:
    """Copy the database into the folder `backups` beside it, check the copy, and keep the latest 14."""
    database = desk.store.path
    folder = database.parent / "backups"
    backup.back_up(database, folder, now, keep=BACKUPS_KEPT)
    return 1


def link_accounts(desk: Desk, now: datetime) -> int:
    """Link the members whose Slack account is not known, by email address; return how many were linked."""
    return len(accounts.link_all(desk, now).linked)


def erase_words(desk: Desk, now: datetime) -> int:
    """Erase what students wrote about their reasons and staff noted about them, from 30 days after the end on."""
    if local_day(now, desk.policy.programme.tz) < erases_on(desk):
        return 0
    with desk.store.transaction() as records:
        erased = {
            "extension_requests": records.requests.erase_words(),
            "integrity_cases": records.integrity.erase_words(),
            "grades": records.grading.erase_notes(),
            "questions": records.asking.erase_words(),
            "shared_questions": records.shared_questions.erase_words(),
            "hard_dates": records.joining.erase_dates(),
            "unclear_words": records.unclear_words.erase_words(),
            "bookings": records.bookings.erase_words(),
            "line_places": records.open_hours.erase_words(),
            "follow_ups": records.follow_ups.erase_words(),
            "check_ins": records.check_ins.erase_words(),
            "quiet_for_help": records.help.erase(),
            "leavings": records.leavings.erase_words(),
            "fairness_groups": records.fairness.erase(),
        }
        for table, count in erased.items():
            if count:
                records.audit.add(None, "words.erased", table, now, detail=str(count))
        return sum(erased.values())


def erases_on(desk: Desk) -> date:
    """Return the local date from which students' words are erased."""
    return desk.policy.programme.ends_on + WORDS_KEPT


def prune(desk: Desk, now: datetime) -> int:
    """Forget deliveries older than a week, and jobs' runs and settled messages older than 30 days."""
    with desk.store.transaction() as records:
        forgotten = records.deliveries.prune(now - DELIVERIES_KEPT)
        forgotten += records.jobs.prune(now - NOTES_KEPT)
        return forgotten + records.outbox.prune(now - NOTES_KEPT)


COMPOSERS = {"scheduler.problem": compose_problem}
