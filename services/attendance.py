"""Who was at a section, a talk or a social: noted by whoever leads it, or by students while it is on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from cohort.errors import EventNotBegun, EventOver, NotAllowed, NotFound
from cohort.events import EARLY, Event
from cohort.roster import Member, Role
from services import access
from services.desk import Desk
from services.events import Shown, found, shown
from storage.records import Records

LEAD = "events.lead"
HERE = "attendance.here"


@dataclass(frozen=True, slots=True)
class Roll:
    """The list of an event: who has signed up, who else might come, and who was there; as of `at`."""

    event: Event
    signed_up: Sequence[Member]
    others: Sequence[Member]
    there: Collection[str]
    at: datetime

    @property
    def people(self) -> Sequence[Member]:
        """Everyone in the list, those who signed up first."""
        return [*self.signed_up, *self.others]


@dataclass(frozen=True, slots=True)
class Noted:
    """Who was there (ids) by the list, and how many it added and took out."""

    event: Event
    there: Collection[str]
    added: int
    removed: int


def led(records: Records, reference: str, actor: Member) -> Event:
    """Return an event that takes place, for whoever leads it and for organizers.

    Raises NotAllowed, NotFound, and EventOver for one that was cancelled.
    """
    event = found(records, reference)
    if actor.id != event.facilitator_id and actor.role is not Role.ORGANIZER:
        raise NotAllowed(LEAD, "whoever leads it, and organizers,")
    if event.cancelled_at is not None:
        raise EventOver(is_cancelled=True)
    return event


def to_note(reference: str, actor: Member, now: datetime, desk: Desk) -> Roll:
    """Return the list of an event from shortly before it begins. Raises as `led`, and EventNotBegun before."""
    access.require_staff(actor, LEAD, now)
    with desk.store.reading() as records:
        return _roll(records, _begun(records, reference, actor, now), now)


def note(event: str, there: Collection[str], opened_at: datetime, actor: Member, now: datetime, desk: Desk) -> Noted:
    """Note exactly those who were ticked in a list; whoever was noted since it was opened stays.

    Whoever is no student of the list is left out. Raises as `to_note`.
    """
    access.require_staff(actor, LEAD, now)
    with desk.transaction(now) as records:
        one = _begun(records, event, actor, now)
        roll = _roll(records, one, now)
        ticked = {member.id for member in roll.people} & set(there)
        return _set(records, roll, ticked | records.events.attended_since(one.id, opened_at), actor, now)


def _set(records: Records, roll: Roll, there: set[str], actor: Member, now: datetime) -> Noted:
    event, before = roll.event, set(roll.there)
    added, removed = sorted(there - before), sorted(before - there)
    for student_id in added:
        records.events.attend(event.id, student_id, actor.id, now)
    for student_id in removed:
        records.events.unattend(event.id, student_id)
    if added or removed:
        detail = f"{len(added)} added, {len(removed)} taken out"
        records.audit.add(actor.id, "attendance.noted", event.id, now, detail=detail)
    return Noted(event, there, len(added), len(removed))


def here(reference: str, actor: Member, now: datetime, desk: Desk) -> Shown:
    """Note that a student is there, while it is on; a second time says the same.

    Raises EventNotBegun before, EventOver afterwards, NotAllowed for staff, NotActive and NotFound.
    """
    access.require_student(actor, HERE, now)
    with desk.transaction(now) as records:
        event = found(records, reference)
        if event.announced_at is None:
            raise NotFound("event", reference)
        if not event.is_on(now):
            raise _not_on(event, now)
        if records.events.attend(event.id, actor.id, actor.id, now):
            records.audit.add(actor.id, HERE, event.id, now)
        return shown(records, event, actor)


def _begun(records: Records, reference: str, actor: Member, now: datetime) -> Event:
    event = led(records, reference, actor)
    if now < event.starts_at - EARLY:
        raise EventNotBegun(event.starts_at - EARLY)
    return event


def _not_on(event: Event, now: datetime) -> EventOver | EventNotBegun:
    if event.cancelled_at is not None or now >= event.ends_at:
        return EventOver(is_cancelled=event.cancelled_at is not None)
    return EventNotBegun(event.starts_at - EARLY)


def _roll(records: Records, event: Event, now: datetime) -> Roll:
    """Read the list: everyone who takes part, and whoever was there or had signed up."""
    coming, there = set(records.events.signed_up(event.id)), set(records.events.attended(event.id))
    students = sorted(records.roster.with_role(Role.STUDENT), key=lambda one: (one.called.casefold(), one.id))
    listed = [one for one in students if one.is_active(now) or one.id in coming | there]
    first = [one for one in listed if one.id in coming]
    return Roll(event, first, [one for one in listed if one.id not in coming], there, now)
