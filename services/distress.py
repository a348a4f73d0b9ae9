"""Where words sound like distress: a named person at once, whom to turn to besides, nothing automatic after that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cohort.distress import sounds_like_distress
from cohort.follow_ups import Origin
from cohort.roster import Member, Role
from services import access
from services.desk import Desk
from services.follow_ups import open_case, open_case_for, refresh_card
from storage.records import Records

LOOK = "distress.look"


@dataclass(frozen=True, slots=True)
class HelpNow:
    """For a student: who writes to them, and whom they can turn to at any hour."""

    student: Member
    person: Member | None
    contacts: Sequence[str]


def look(records: Records, student: Member, words: str, now: datetime, desk: Desk) -> HelpNow | None:
    """Bring a person where words sound like distress, within a transaction of a use case; None where they don't.

    The words themselves go nowhere: neither into the case nor into a message.
    """
    if not sounds_like_distress(words):
        return None
    person = _person(records, desk, now)
    if records.help.quiet(student.id, now):
        records.audit.add(None, "distress.heard", student.id, now)
    open_case(records, student, Origin.DISTRESS, "words that sound like distress", now, desk, to=person)
    return HelpNow(student, person, desk.policy.help.contacts)


def wrote(words: str, actor: Member, now: datetime, desk: Desk) -> HelpNow | None:
    """Look at what a student wrote in a direct message; None for staff, and where nothing sounds like distress."""
    if actor.is_staff or not sounds_like_distress(words):
        return None
    with desk.transaction(now) as records:
        return look(records, actor, words, now, desk)


def let_the_bot_write(case_id: str, actor: Member, now: datetime, desk: Desk) -> Member:
    """End the quiet, as whoever is with the student judges. Raises AlreadyDecided, NotAllowed, NotActive, NotFound."""
    with desk.transaction(now) as records:
        case = open_case_for(records, case_id, actor, now)
        if records.help.end(case.student_id, actor.id, now):
            records.audit.add(actor.id, "distress.ended", case.student_id, now)
            refresh_card(records, case, now)
        return access.known(records, case.student_id)


def _person(records: Records, desk: Desk, now: datetime) -> Member | None:
    """Return who writes: whom cohort.toml names, if they are on the roster and here, else the first organizer."""
    named = records.roster.by_email(desk.policy.help.person) if desk.policy.help.person else None
    if named is not None and named.is_staff and named.is_active(now):
        return named
    organizers = [one for one in records.roster.with_role(Role.ORGANIZER) if one.is_active(now)]
    return min(organizers, key=lambda one: one.id, default=None)
