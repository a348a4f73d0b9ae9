"""What a maintainer asks for from a terminal: migrate, back up, look at jobs, erase someone."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import real_now
from bot.settings import Settings
from cohort.errors import NotFound
from scheduler.jobs import Job, jobs
from scheduler.times import next_due
from services import erase as erasing
from services.desk import Desk
from storage import backup, opening


def migrate(settings: Settings) -> str:
    """Bring the database to this version and say what was done; a backup is made first.

    Raises StoreUnusable.
    """
    steps = opening.migrate(settings.database)
    if not steps:
        return f"{settings.database} is at this version already."
    return f"{settings.database}: {', '.join(steps)}."


def back_up(settings: Settings) -> Path:
    """Copy the database into backups/ beside it, check the copy, and return where it is. Raises StoreUnusable."""
    folder = opening.backups_of(settings.database)
    return backup.back_up(settings.database, folder, real_now())


def job_lines(desk: Desk) -> Iterator[str]:
    """Yield a few lines a job: what and why, when it last ran and when it runs next, in the programme's zone."""
    zone, now = desk.policy.programme.tz, real_now()
    for job in jobs(desk.policy):
        yield f"{job.id}: {job.why}"
        yield f"    last {_when(_last_run(job, desk), zone)}, next {_when(next_due(job.trigger, now), zone)}"


def who(email: str, desk: Desk) -> str:
    """Return the name of the member with an email address. Raises NotFound."""
    with desk.store.reading() as records:
        member = records.roster.by_email(email)
    if member is None:
        raise NotFound("member", email)
    return f"{member.name} ({member.email})"


def erase(email: str, desk: Desk) -> str:
    """Erase what is kept about a member and say what was done. Raises NotFound."""
    return str(erasing.erase(email, real_now(), desk))


def _last_run(job: Job, desk: Desk) -> datetime | None:
    with desk.store.reading() as records:
        return records.jobs.last_due(job.id)


def _when(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M %Z}" if at else "never"
