"""Groups for a section: made by whoever leads it, looked at, and then sent to everyone in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cohort.errors import EventOver, ReasonNeeded
from cohort.events import Event
from cohort.groups import mixed
from cohort.roster import Member
from services import access, outbox
from services.attendance import led
from services.desk import Desk
from services.events import Shown, found, shown
from services.letters import Composed, Obsolete, Said
from storage.records import Records

MAKE = "groups.make"
SIZES: Final = range(2, 13)


@dataclass(frozen=True, slots=True)
class Grouped:
    """A section and its groups; `is_told` once everyone in them is told."""

    shown: Shown
    groups: Sequence[Sequence[Member]]
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class YourGroup:
    """For someone in a group: what it is for, and who the others are."""

    shown: Shown
    others: Sequence[Member]


def to_group(event: str, actor: Member, now: datetime, desk: Desk) -> Shown:
    """Return a section for whoever may make groups for it. Raises EventOver, NotAllowed, NotActive and NotFound."""
    access.require_staff(actor, MAKE, now)
    with desk.store.reading() as records:
        return shown(records, _coming(records, event, actor, now))


def make(event: str, size: int, actor: Member, now: datetime, desk: Desk) -> Grouped:
    """Make groups of those who are there, or before anyone is of those who signed up; nobody is told yet.

    The same people in the same size are grouped the same way again. Raises ReasonNeeded for fewer than two people or
    a size that cannot be, EventOver, NotAllowed, NotActive and NotFound.
    """
    access.require_staff(actor, MAKE, now)
    with desk.transaction(now) as records:
        one = _coming(records, event, actor, now)
        people = _people(records, one, now)
        if len(people) < 2 or size not in SIZES:
            raise ReasonNeeded("two students at least who signed up or are here, and groups of 2 to 12")
        groups = mixed(people, size, records.events.met(one.id), one.id)
        if groups != records.events.groups(one.id):
            records.events.set_groups(one.id, groups, now)
            records.audit.add(actor.id, "groups.made", one.id, now, detail=str(len(groups)))
        return _grouped(records, one)


def tell(event: str, actor: Member, now: datetime, desk: Desk) -> Grouped:
    """Tell everyone who is in their group; a second time nobody is told anew.

    Raises EventOver, ReasonNeeded where there are no groups, NotAllowed, NotActive and NotFound.
    """
    access.require_staff(actor, MAKE, now)
    with desk.transaction(now) as records:
        one = _coming(records, event, actor, now)
        groups = records.events.groups(one.id)
        if not groups:
            raise ReasonNeeded("groups, which are made first")
        new = [_tell(records, one, student_id, now) for group in groups for student_id in group]
        if any(new):
            records.audit.add(actor.id, "groups.told", one.id, now)
        return _grouped(records, one, is_told=True)


def _tell(records: Records, event: Event, student_id: str, now: datetime) -> bool:
    made = _stamp(records, event)
    data = {"event": event.id, "member": student_id, "made": made}
    key = f"group:{event.id}:{made}:{student_id}"
    return outbox.post(records, "groups.yours", f"member:{student_id}", data, key, now)


def _stamp(records: Records, event: Event) -> str:
    made_at = records.events.groups_made_at(event.id)
    return made_at.isoformat() if made_at else ""


def _coming(records: Records, event: str, actor: Member, now: datetime) -> Event:
    one = led(records, event, actor)
    if not one.is_coming(now):
        raise EventOver(is_cancelled=one.cancelled_at is not None)
    return one


def _people(records: Records, event: Event, now: datetime) -> list[str]:
    ids = records.events.attended(event.id) or records.events.signed_up(event.id)
    return sorted(one for one in ids if access.known(records, one).is_active(now))


def _grouped(records: Records, event: Event, *, is_told: bool = False) -> Grouped:
    groups = [[access.known(records, one) for one in group] for group in records.events.groups(event.id)]
    return Grouped(shown(records, event), groups, is_told)


def compose_yours(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return someone's group; nothing where there are new ones since, they are in none, or it is over."""
    del desk
    event, reader = found(records, data["event"]), access.known(records, data["member"])
    group = next((group for group in records.events.groups(event.id) if reader.id in group), None)
    is_new = _stamp(records, event) != data["made"]
    if group is None or is_new or not event.is_coming(now) or not reader.is_active(now):
        return Obsolete("in no group any more, new groups since, or over")
    others = [access.known(records, one) for one in group if one != reader.id]
    return Said(YourGroup(shown(records, event), others), latest_at=event.starts_at)


COMPOSERS = {"groups.yours": compose_yours}
