"""What people read of sections, talks and socials: the announcement, and what changes for those who come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from cohort.events import Event
from cohort.roster import Member
from services import access, outbox
from services.desk import Desk
from services.events import Shown, found, shown, subject
from services.letters import Composed, Obsolete, Said
from storage.records import Records

# The second reminder comes so long before, and it is looked a little further ahead than jobs are apart.
SOON: Final = timedelta(minutes=30)
LOOK: Final = timedelta(minutes=5)
# For so long after its end an announcement is brought to show that it is over.
OVER: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class EventCard:
    """For everyone, in a channel: what is on, and how many come; never who."""

    shown: Shown
    is_over: bool


@dataclass(frozen=True, slots=True)
class Leading:
    """For whoever leads it: what, when and where."""

    shown: Shown


@dataclass(frozen=True, slots=True)
class LeadsNoMore:
    """For whoever led it: somebody else does, or nobody."""

    shown: Shown


@dataclass(frozen=True, slots=True)
class EventMoved:
    """For someone who has signed up, or leads it: time or place have changed."""

    shown: Shown
    leads: bool = False


@dataclass(frozen=True, slots=True)
class EventCancelled:
    """For someone who would have come or led: it does not take place."""

    shown: Shown


@dataclass(frozen=True, slots=True)
class EventReminder:
    """For someone who has signed up, or leads it: it is on soon."""

    shown: Shown
    leads: bool


@dataclass(frozen=True, slots=True)
class Recording:
    """For someone who asked for it: where the recording is."""

    shown: Shown


def remind(desk: Desk, now: datetime) -> int:
    """Queue the reminders for those who come and who lead, hours before and shortly before; return how many are new."""
    before = timedelta(hours=desk.policy.events.reminder_hours)
    with desk.store.reading() as records:
        early = [one for one in records.events.starting(now + SOON, now + before) if one.announced_at]
        soon = [one for one in records.events.starting(now, now + SOON + LOOK) if one.announced_at]
        over = [one for one in records.events.ended(now - OVER, now) if one.announced_at]
    if not early and not soon and not over:
        return 0
    with desk.store.transaction() as records:
        for one in over:
            outbox.refresh(records, "events.card", {"event": one.id}, subject(one.id), f"over:{one.ends_at}", now)
        queued = sum(_remind(records, one, "early", now, now, one.starts_at - before) for one in early)
        return queued + sum(_remind(records, one, "soon", now, one.starts_at - SOON, now) for one in soon)


def _remind(records: Records, event: Event, when: str, now: datetime, at: datetime, known_at: datetime) -> int:
    """Queue one reminder for who leads, and who had signed up by an instant: whoever just did so knows."""
    coming = records.events.signed_up_until(event.id, known_at)
    readers = [*coming, *([event.facilitator_id] if event.facilitator_id else [])]
    queued = 0
    for reader_id in dict.fromkeys(readers):
        data = {"event": event.id, "member": reader_id, "sequence": event.sequence}
        key = f"event_reminder:{event.id}:{event.sequence}:{when}:{reader_id}"
        queued += outbox.post_at(records, "events.reminder", f"member:{reader_id}", data, key, now, max(at, now))
    return queued


def compose_card(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return an announcement as things stand."""
    del desk
    event = found(records, data["event"])
    return Said(EventCard(shown(records, event), event.ends_at <= now), subject(event.id))


def compose_leading(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return that someone leads an event; nothing where somebody else does by now."""
    del desk
    event, _ = _for(records, data)
    if event.facilitator_id != data["member"] or not event.is_coming(now):
        return Obsolete("led by somebody else, or over")
    return Said(Leading(shown(records, event)), latest_at=event.starts_at)


def compose_led(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return that someone leads an event no more; nothing where they do again, or it is over."""
    del desk
    event, reader = _for(records, data)
    if event.facilitator_id == reader.id or not event.is_coming(now) or not reader.is_active(now):
        return Obsolete("leads it again, or over")
    return Said(LeadsNoMore(shown(records, event)), latest_at=event.starts_at)


def compose_moved(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return that time or place have changed; nothing to who comes no more, or where it changed again since."""
    del desk
    event, reader = _for(records, data)
    if event.sequence != data["sequence"] or not event.is_coming(now) or not reader.is_active(now):
        return Obsolete("changed again, or over")
    view, leads = shown(records, event, reader), event.facilitator_id == reader.id
    if not (view.is_signed_up or leads):
        return Obsolete("does not come")
    return Said(EventMoved(view, leads), latest_at=event.starts_at)


def compose_cancelled(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return that it does not take place; nothing once its time is past."""
    del desk
    event, reader = _for(records, data)
    if event.ends_at <= now or not reader.is_active(now):
        return Obsolete("past")
    return Said(EventCancelled(shown(records, event)), latest_at=max(event.starts_at, now))


def compose_reminder(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return a reminder; nothing where it was moved, or the reader has no part in it any more."""
    del desk
    event, reader = _for(records, data)
    if event.sequence != data["sequence"] or event.starts_at <= now or not event.is_coming(now):
        return Obsolete("moved, begun or cancelled")
    view, leads = shown(records, event, reader), event.facilitator_id == reader.id
    if not reader.is_active(now) or not (view.is_signed_up or leads):
        return Obsolete("has no part in it")
    return Said(EventReminder(view, leads), latest_at=event.starts_at)


def compose_recording(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return where the recording is."""
    del desk
    event, reader = _for(records, data)
    if not event.recording or not reader.is_active(now):
        return Obsolete("no recording any more")
    if sha256(event.recording.encode()).hexdigest()[:16] != data["link"]:
        return Obsolete("the link was corrected since")
    return Said(Recording(shown(records, event, reader)))


def _for(records: Records, data: Mapping[str, Any]) -> tuple[Event, Member]:
    return found(records, data["event"]), access.known(records, data["member"])


COMPOSERS = {
    "events.card": compose_card,
    "events.leading": compose_leading,
    "events.led": compose_led,
    "events.moved": compose_moved,
    "events.cancelled": compose_cancelled,
    "events.reminder": compose_reminder,
    "events.recording": compose_recording,
}
