"""What Home shows to one person: gathered in one read, with as many queries for a large cohort as for a small one."""

from dataclasses import dataclass
from datetime import datetime

from cohort.leavings import Leaving
from cohort.roster import Member
from services.desk import Desk
from services.graduation import contact
from services.home_staff import StaffHome, of_staff
from services.home_student import StudentHome, of_student
from storage.records import Records


@dataclass(frozen=True, slots=True)
class RestingHome:
    """For someone who takes no part at the moment: paused, gone, or not here yet.

    `leaving` is a wish to leave that can still be undone; `contact` whom to talk to.
    """

    member: Member
    now: datetime
    contact: Member | None
    leaving: Leaving | None = None


Home = StudentHome | StaffHome | RestingHome


def home(actor: Member, now: datetime, desk: Desk) -> Home:
    """Return what is on someone's Home: their own, and what their role lets them see."""
    with desk.store.reading() as records:
        if not actor.is_active(now):
            return _resting(records, actor, now)
        return of_staff(records, actor, now, desk) if actor.is_staff else of_student(records, actor, now, desk)


def _resting(records: Records, member: Member, now: datetime) -> RestingHome:
    return RestingHome(member, now, contact(records, now), records.leavings.open_of(member.id))
