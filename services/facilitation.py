"""Sections, talks and socials in a TA's hands: led by somebody who is free then, else by nobody until one is named."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from cohort.events import Event
from cohort.handovers import HandedOver, Held
from cohort.times import at_wall
from services.events import found, refresh, tell_leader
from services.leaving import Leaving
from services.office_hours import busy
from storage.records import Records


class Facilitation:
    """What someone leads and has not begun, as long as they are away."""

    name = "facilitation"

    def holders(self, records: Records, leaving_on: date) -> set[str]:
        """Return who leads anything from a day on; what has begun goes on."""
        return records.events.leaders(at_wall(leaving_on, time(0), UTC))

    def held_by(self, records: Records, leaving: Leaving) -> list[Held]:
        """Return what someone leads until they are back, each with the TAs who are free then."""
        coming = records.events.led_by(leaving.member.id, leaving.now)
        theirs = [one for one in coming if leaving.until_at is None or one.starts_at < leaving.until_at]
        return [Held(self.name, event.id, takers) for event, takers in _takers(records, theirs, leaving)]

    def move(self, records: Records, item_id: str, leaving: Leaving, to_id: str | None) -> bool:
        """Let somebody else lead it; without anyone it stays as it is, and organizers read so in what they are told."""
        _give(records, found(records, item_id), to_id, leaving.now)
        return True

    def after(self, records: Records, leaving: Leaving) -> None:
        """Do nothing: each is settled as it moves."""

    def undo(self, records: Records, item: HandedOver, to_id: str, now: datetime) -> bool:
        """Let them lead it again, unless it has begun, was cancelled, or somebody else was named since."""
        event = found(records, item.item_id)
        if event.starts_at <= now or event.cancelled_at is not None or event.facilitator_id != item.to_id:
            return False
        if not _may_lead(records, event, to_id):
            return False
        _give(records, event, to_id, now)
        return True

    def about(self, records: Records, item_id: str) -> str:
        """Return the day."""
        return found(records, item_id).starts_at.date().isoformat()


def _give(records: Records, event: Event, to_id: str | None, now: datetime) -> None:
    """Let somebody lead an event, or nobody; they are told, and its announcement says so."""
    given = replace(event, facilitator_id=to_id)
    records.events.change(given)
    tell_leader(records, given, now)
    refresh(records, event.id, now)


def _takers(records: Records, theirs: Sequence[Event], leaving: Leaving) -> Iterator[tuple[Event, tuple[str, ...]]]:
    """Yield who may lead each; of what is on at one time nobody is to have two."""
    fixed: list[tuple[Event, str]] = []
    for event in theirs:
        others = {member_id for other, member_id in fixed if _overlap(other, event)}
        takers = leaving.takers(_barred(records, event, leaving) | others)
        if any(_overlap(other, event) for other in theirs if other != event):
            takers = takers[:1]
            fixed += [(event, taker) for taker in takers]
        yield event, takers


def _overlap(one: Event, other: Event) -> bool:
    return one.overlaps(other.starts_at, other.ends_at)


def _barred(records: Records, event: Event, leaving: Leaving) -> set[str]:
    """Return who can't lead an event, and who is not asked to."""
    busy_then = {member.id for member in leaving.present if not _may_lead(records, event, member.id)}
    return busy_then | leaving.unasked(event.starts_at, event.ends_at)


def _may_lead(records: Records, event: Event, member_id: str) -> bool:
    """Say whether someone has neither hours of their own nor leads anything else at the time of an event."""
    if busy(records, member_id, event.starts_at, event.ends_at) is not None:
        return False
    others = records.events.led_in(member_id, event.starts_at, event.ends_at)
    return all(one.id == event.id for one in others)
