"""Where words sound like distress: a named person at once, whom to turn to besides, nothing automatic after that."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cohort.distress import sounds_like_distress
from cohort.follow_ups import FollowUp, Origin
from cohort.roster import Member, Role
from services import access, outbox
from services.desk import Desk
from services.follow_ups import case_for, open_case, refresh_card
from services.letters import Composed, Obsolete, Said
from storage.records import Records


@dataclass(frozen=True, slots=True)
class HelpNow:
    """For a student: who writes to them, and whom they can turn to at any hour."""

    student: Member
    person: Member | None
    contacts: Sequence[str]


@dataclass(frozen=True, slots=True)
class HelpAsked:
    """For the named person: somebody needs them now; never what was written."""

    student: Member
    case_id: str


REASON: Final = "wrote words that sound like distress"


def look(records: Records, student: Member, words: str, now: datetime, desk: Desk) -> HelpNow | None:
    """Bring a person where words sound like distress, within a transaction of a use case; None where they don't.

    The student is answered and the person told by messages of their own, at any hour, once an hour at most. The
    words themselves go nowhere: neither into the case nor into a message.
    """
    if not sounds_like_distress(words):
        return None
    person = _person(records, desk, now)
    records.help.quiet(student.id, now)
    key, data = f"{student.id}:{now:%Y-%m-%dT%H}", {"student": student.id, "person": person.id if person else None}
    if outbox.post(records, "distress.help", outbox.to(student), data, f"distress:{key}", now):
        case = open_case(records, student, Origin.DISTRESS, REASON, now, desk, to=person)
        _call(records, case, person, key, now)
        records.audit.add(None, "distress.heard", student.id, now)
    return HelpNow(student, person, desk.policy.help.contacts)


def _call(records: Records, case: FollowUp, person: Member | None, key: str, now: datetime) -> None:
    """Tell the named person; every organizer where there is none who can be reached."""
    kind, data = "distress.person", {"case": case.id}
    if person is None:
        outbox.tell_organizers(records, kind, data, f"distress_person:{key}", now)
    else:
        outbox.post(records, kind, outbox.to(person), data, f"distress_person:{key}", now)


def wrote(words: str, actor: Member, now: datetime, desk: Desk) -> HelpNow | None:
    """Look at what a student wrote to the bot; None for staff, and where nothing sounds like distress.

    Also students who are paused or gone are looked at.
    """
    if actor.is_staff or not sounds_like_distress(words):
        return None
    with desk.store.transaction() as records:
        return look(records, actor, words, now, desk)


def companion(actor: Member, now: datetime, desk: Desk) -> Member | None:
    """Return who is with a student to whom nothing automatic is written; None where the bot goes on as usual."""
    with desk.store.reading() as records:
        if not records.help.is_quiet(actor.id):
            return None
        case = records.follow_ups.open_of(actor.id)
        owner = records.roster.get(case.owner_id) if case is not None and case.owner_id else None
        return owner or _person(records, desk, now)


def let_the_bot_write(case_id: str, actor: Member, now: datetime, desk: Desk) -> Member:
    """End the quiet, as whoever is with the student judges, also after the case was closed; twice changes nothing.

    Raises NotAllowed for anyone but the owner and organizers, NotActive and NotFound.
    """
    with desk.transaction(now) as records:
        case = case_for(records, case_id, actor, now)
        if records.help.end(case.student_id, actor.id, now):
            records.audit.add(actor.id, "distress.ended", case.student_id, now)
            refresh_card(records, case, now)
        return access.known(records, case.student_id)


def _person(records: Records, desk: Desk, now: datetime) -> Member | None:
    """Return who writes: whom cohort.toml names, else the first organizer; one who is there before one who is away."""
    away = records.graders.away(now)
    there = [one for one in _named(records, desk) if one.is_staff and one.slack_id and one.is_active(now)]
    return next((one for one in there if one.id not in away), next(iter(there), None))


def _named(records: Records, desk: Desk) -> Iterator[Member]:
    for email in (desk.policy.help.person, *desk.policy.programme.organizers):
        member = records.roster.by_email(email) if email else None
        if member is not None:
            yield member
    yield from records.roster.with_role(Role.ORGANIZER)


def compose_help(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the answer to a student, at any hour."""
    person = access.known(records, data["person"]) if data["person"] else None
    found = HelpNow(access.known(records, data["student"]), person, desk.policy.help.contacts)
    return Said(found, latest_at=now)


def compose_person(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what the named person reads, at any hour; nothing once they closed the case."""
    del desk
    case = records.follow_ups.get(data["case"])
    if case is None or not case.is_open:
        return Obsolete("closed meanwhile")
    return Said(HelpAsked(access.known(records, case.student_id), case.id), latest_at=now)


COMPOSERS = {"distress.help": compose_help, "distress.person": compose_person}
