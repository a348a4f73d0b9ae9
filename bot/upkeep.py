"""What a maintainer asks for from a terminal: migrate, back up, look at jobs, erase someone."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import real_now
from bot.problems import one
from bot.settings import Settings
from cohort.errors import NotFound
from cohort.roster import Member, Role
from scheduler.jobs import Job, jobs
from scheduler.times import next_due
from services import erase as erasing
from services.desk import Desk
from storage import backup, opening


def migrate(settings: Settings) -> str:
    """Bring the database to this version and say what was done; a backup is made first.

    Raises StoreUnusable.
    """
    is_new = not settings.database.exists()
    steps = opening.migrate(settings.database)
    if not steps:
        return f"{settings.database} is at this version already."
    if is_new:
        return f"Made {settings.database}, in {len(steps)} steps up to {steps[-1]}."
    return f"Brought {settings.database} to this version with {', '.join(steps)}."


def back_up(settings: Settings) -> Path:
    """Copy the database into backups/ beside it, check the copy, and return where it is.

    Raises Problems where there is none, and StoreUnusable.
    """
    if not settings.database.exists():
        raise one(
            f"There is no {settings.database} to back up.", "COHORT_DB names the database; the first import makes it."
        )
    folder = opening.backups_of(settings.database)
    return backup.back_up(settings.database, folder, real_now())


def job_lines(desk: Desk) -> Iterator[str]:
    """Yield a few lines a job: what and why, when it last ran and when it runs next, in the programme's zone."""
    zone, now = desk.policy.programme.tz, real_now()
    for job in jobs(desk.policy):
        yield f"{job.id}: {job.why}"
        yield f"    last {_when(_last_run(job, desk), zone)}, next {_when(next_due(job.trigger, now), zone)}"


def before_erasing(email: str, desk: Desk) -> Iterator[str]:
    """Yield what to think of before a member is erased: whether they are staff. Raises NotFound."""
    member = _member(email, desk)
    if member.is_staff:
        role = "an organizer" if member.role is Role.ORGANIZER else "a TA"
        yield f"{member.name} is {role}: weeks on duty and open questions of theirs are nobody's afterwards."
    if member.email.casefold() in {email.casefold() for email in desk.policy.programme.organizers}:
        yield "Take them out of programme.organizers in cohort.toml first, or the next start puts them back."


def erase_question(email: str, desk: Desk) -> str:
    """Return what to answer with yes before a member is erased. Raises NotFound."""
    member = _member(email, desk)
    return f"Erase {member.name} ({member.email}) for good? Backups keep what is known for {backup.KEPT} nights."


def _member(email: str, desk: Desk) -> Member:
    with desk.store.reading() as records:
        member = records.roster.by_email(email)
    if member is None:
        raise NotFound("member", email)
    return member


def erase(email: str, desk: Desk) -> str:
    """Erase what is kept about a member and say what was done. Raises NotFound."""
    return str(erasing.erase(email, real_now(), desk))


def _last_run(job: Job, desk: Desk) -> datetime | None:
    with desk.store.reading() as records:
        return records.jobs.last_due(job.id)


def _when(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M %Z}" if at else "never"
