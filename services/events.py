"""Sections, talks, socials and coworking hours: making them, telling of them, and who comes."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from cohort.errors import DatePassed, EventFull, EventOver, LeaderBusy, NotFound, ReasonNeeded
from cohort.events import Event, EventKind, weekly
from cohort.roster import Member
from services import access, outbox
from services.desk import Desk
from services.office_hours import busy
from storage.ids import new_id
from storage.records import Records

DECIDE = "events.decide"
COME = "events.come"
TIMES_MOST = 20
# What is over stays in the list of organizers for so long.
KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class EventWish:
    """What organizers want an event to be: on a day at a wall time of the programme's zone, for so many minutes.

    `times` is how many weeks in a row. `facilitator` is a reference as Slack sends it, or empty.
    """

    kind: EventKind
    title: str
    on: date
    starts: time
    minutes: int
    place: str = ""
    facilitator: str = ""
    places: int | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Shown:
    """An event with what people read of it: who leads it, how many come, and how it stands for the reader."""

    event: Event
    facilitator: Member | None
    coming: int
    is_signed_up: bool = False
    wants_recording: bool = False
    was_there: bool = False

    @property
    def is_full(self) -> bool:
        """Whether there is no place left."""
        return self.event.places is not None and self.coming >= self.event.places


def shown(records: Records, event: Event, reader: Member | None = None) -> Shown:
    """Return an event as a reader sees it."""
    signed_up = records.events.signed_up(event.id)
    leader = access.known(records, event.facilitator_id) if event.facilitator_id else None
    if reader is None:
        return Shown(event, leader, len(signed_up))
    wishes, there = records.events.recording_wishes(event.id), records.events.attended(event.id)
    return Shown(event, leader, len(signed_up), reader.id in signed_up, reader.id in wishes, reader.id in there)


def to_plan(actor: Member, now: datetime) -> None:
    """Let organizers plan events. Raises NotAllowed for everyone else, and NotActive."""
    access.require_organizer(actor, DECIDE, now)


def desk_list(actor: Member, now: datetime, desk: Desk) -> list[Shown]:
    """Return every event to come, announced or not, and those of the last week, for organizers.

    Those that are over come first, since their recording and who was there are still to be noted. Raises NotAllowed
    and NotActive.
    """
    access.require_organizer(actor, DECIDE, now)
    with desk.store.reading() as records:
        return [shown(records, event) for event in records.events.coming(now - KEPT)]


def announced(actor: Member, now: datetime, desk: Desk) -> list[Shown]:
    """Return what is on and announced, as a member sees it, soonest first. Raises NotActive."""
    access.require_active(actor, now)
    with desk.store.reading() as records:
        return next_announced(records, actor, now)


def next_announced(records: Records, reader: Member, now: datetime, most: int | None = None) -> list[Shown]:
    """Return what is on and announced, or the first few of it, within what is being read."""
    coming = [event for event in records.events.coming(now) if event.announced_at is not None]
    return [shown(records, event, reader) for event in coming[:most]]


def to_decide(event: str, actor: Member, now: datetime, desk: Desk) -> Shown:
    """Return one event by id or short name, for organizers. Raises NotAllowed, NotActive and NotFound."""
    access.require_organizer(actor, DECIDE, now)
    with desk.store.reading() as records:
        return shown(records, found(records, event))


def found(records: Records, reference: str) -> Event:
    """Return an event by id or short name. Raises NotFound."""
    event = records.events.get(reference) or records.events.with_slug(reference.strip())
    if event is None:
        raise NotFound("event", reference)
    return event


def add_event(wish: EventWish, actor: Member, now: datetime, desk: Desk) -> list[Shown]:
    """Add an event, or several on weeks in a row. Nobody hears of it before it is announced.

    Raises ReasonNeeded without a title, DatePassed, LeaderBusy, NotFound, NotAllowed and NotActive.
    """
    access.require_organizer(actor, DECIDE, now)
    with desk.transaction(now) as records:
        made = add_for(records, wish, now, desk)
        for event in made:
            refuse_busy(records, event)
            records.audit.add(actor.id, "event.added", event.id, now)
        return [shown(records, event) for event in made]


def add_for(records: Records, wish: EventWish, now: datetime, desk: Desk) -> list[Event]:
    """Write what is wanted, within a transaction. Raises as `add_event`."""
    if not wish.title.strip():
        raise ReasonNeeded("a title")
    tz = desk.policy.programme.tz
    starts = weekly(wish.on, wish.starts, max(1, min(wish.times, TIMES_MOST)), tz)
    if starts[0] <= now:
        raise DatePassed(starts[0])
    leader = access.staff(records, wish.facilitator, now).id if wish.facilitator else None
    series, made = new_id("evs") if len(starts) > 1 else "", []
    for starts_at in starts:
        event = Event(
            new_id("evt"),
            _free_slug(records, wish.kind, starts_at.astimezone(tz).date()),
            wish.kind,
            wish.title.strip(),
            starts_at,
            starts_at + timedelta(minutes=wish.minutes),
            now,
            wish.place.strip(),
            leader,
            wish.places,
            series,
        )
        records.events.add(event)
        made.append(event)
    return made


def refuse_busy(records: Records, event: Event) -> None:
    """Raise LeaderBusy where whoever is to lead has office hours then, or leads something else."""
    if event.facilitator_id is None:
        return
    leader_id, span = event.facilitator_id, (event.starts_at, event.ends_at)
    hours = busy(records, leader_id, *span)
    others = [one for one in records.events.led_in(leader_id, *span) if one.id != event.id]
    if hours is not None or others:
        begins_at = hours.starts_at if hours is not None else others[0].starts_at
        raise LeaderBusy(access.known(records, leader_id).called, begins_at, leads=hours is None)


def _free_slug(records: Records, kind: EventKind, on: date) -> str:
    """Return a short name that is not taken: what it is, and the day."""
    plain = f"{kind}-{on:%m%d}"
    names = (plain, *(f"{plain}-{number}" for number in range(2, 100)))
    return next(name for name in names if records.events.with_slug(name) is None)


def announce(event: str, actor: Member, now: datetime, desk: Desk) -> Shown:
    """Let everyone know of an event, in the announcement channel, and its facilitator by a message.

    Raises ReasonNeeded for a section without a facilitator, EventOver, NotAllowed, NotActive and NotFound.
    """
    access.require_organizer(actor, DECIDE, now)
    with desk.transaction(now) as records:
        one = changeable(records, event, now)
        if one.lacks_facilitator:
            raise ReasonNeeded("someone who leads it: a section without a facilitator is not announced")
        if records.events.announce(one.id, now):
            outbox.post(records, "events.card", outbox.ANNOUNCEMENTS, {"event": one.id}, f"event:{one.id}", now)
            tell_leader(records, replace(one, announced_at=now), now)
            records.audit.add(actor.id, "event.announced", one.id, now)
        return shown(records, found(records, one.id))


def change_event(event: str, wish: EventWish, actor: Member, now: datetime, desk: Desk) -> Shown:
    """Change an event; those who have signed up are told once where time or place change.

    Raises ReasonNeeded, DatePassed, LeaderBusy, EventOver, NotFound, NotAllowed and NotActive.
    """
    access.require_organizer(actor, DECIDE, now)
    with desk.transaction(now) as records:
        old = changeable(records, event, now)
        wanted = _changed(records, old, wish, now, desk)
        if _when_and_who(wanted) != _when_and_who(old):
            refuse_busy(records, wanted)
        new = write_change(records, old, wanted, actor.id, now)
        return shown(records, new)


def _when_and_who(event: Event) -> tuple[datetime, datetime, str | None]:
    return event.starts_at, event.ends_at, event.facilitator_id


def write_change(records: Records, old: Event, new: Event, by_id: str | None, now: datetime) -> Event:
    """Write what an event has become and tell those concerned, within a transaction; return it as it is now."""
    moved = (old.starts_at, old.ends_at, old.place) != (new.starts_at, new.ends_at, new.place)
    new = replace(new, sequence=old.sequence + moved)
    if new != old:
        records.events.change(new)
        records.audit.add(by_id, "event.changed", new.id, now)
        _tell_change(records, old, new, now)
    return new


def _changed(records: Records, old: Event, wish: EventWish, now: datetime, desk: Desk) -> Event:
    if not wish.title.strip():
        raise ReasonNeeded("a title")
    [starts_at] = weekly(wish.on, wish.starts, 1, desk.policy.programme.tz)
    if starts_at <= now and starts_at != old.starts_at:
        raise DatePassed(starts_at)
    leader = access.staff(records, wish.facilitator, now).id if wish.facilitator else None
    new = replace(
        old,
        kind=wish.kind,
        title=wish.title.strip(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=wish.minutes),
        place=wish.place.strip(),
        facilitator_id=leader,
        places=wish.places,
    )
    if new.lacks_facilitator and old.announced_at is not None:
        raise ReasonNeeded("someone who leads it: this section is announced already")
    return new


def _tell_change(records: Records, old: Event, new: Event, now: datetime) -> None:
    refresh(records, new.id, now)
    if new.announced_at is None:
        return
    readers = list(records.events.signed_up(new.id))
    if new.facilitator_id != old.facilitator_id:
        tell_leader(records, new, now)
        _tell_leads_no_more(records, old, now)
    elif new.facilitator_id is not None:
        readers.append(new.facilitator_id)
    if new.sequence != old.sequence:
        for reader_id in dict.fromkeys(readers):
            data = {"event": new.id, "member": reader_id, "sequence": new.sequence}
            key = f"event_moved:{new.id}:{new.sequence}:{reader_id}"
            outbox.post(records, "events.moved", f"member:{reader_id}", data, key, now)


def _tell_leads_no_more(records: Records, old: Event, now: datetime) -> None:
    """Let whoever led an event know that somebody else does, or nobody."""
    if old.facilitator_id is not None:
        data = {"event": old.id, "member": old.facilitator_id}
        key = f"event_led:{old.id}:{old.facilitator_id}:{new_id('l')}"
        outbox.post(records, "events.led", f"member:{old.facilitator_id}", data, key, now)


def cancel_event(event: str, reason: str, actor: Member, now: datetime, desk: Desk) -> Shown:
    """Cancel an event; those who have signed up, and who leads it, are told once. Changes nothing a second time.

    Raises EventOver, NotFound, NotAllowed and NotActive.
    """
    access.require_organizer(actor, DECIDE, now)
    with desk.transaction(now) as records:
        one = changeable(records, event, now)
        before = shown(records, one)
        records.events.change(replace(one, cancelled_at=now, reason=reason.strip()))
        records.audit.add(actor.id, "event.cancelled", one.id, now)
        refresh(records, one.id, now)
        readers = [*records.events.signed_up(one.id), *([one.facilitator_id] if one.facilitator_id else [])]
        for reader_id in dict.fromkeys(readers if one.announced_at else []):
            data = {"event": one.id, "member": reader_id}
            key = f"event_cancelled:{one.id}:{reader_id}"
            outbox.post(records, "events.cancelled", f"member:{reader_id}", data, key, now)
        return before


def set_recording(event: str, link: str, actor: Member, now: datetime, desk: Desk) -> Shown:
    """Keep the link to a recording, and send it to those who asked for it. Raises NotFound, NotAllowed, NotActive."""
    access.require_organizer(actor, DECIDE, now)
    with desk.transaction(now) as records:
        one = found(records, event)
        records.events.change(replace(one, recording=link.strip()))
        records.audit.add(actor.id, "event.recorded", one.id, now)
        for student_id in records.events.recording_wishes(one.id):
            send_recording(records, one.id, student_id, now)
        refresh(records, one.id, now)
        return shown(records, found(records, one.id))


def sign_up(event: str, actor: Member, now: datetime, desk: Desk) -> Shown:
    """Sign a student up while there is a place. Raises EventFull, EventOver, NotAllowed, NotActive and NotFound."""
    access.require_student(actor, COME, now)
    with desk.transaction(now) as records:
        one = _open(records, event, now)
        was = actor.id in records.events.signed_up(one.id)
        if not records.events.sign_up(one.id, actor.id, now):
            raise EventFull(one.places or 0)
        if not was:
            refresh(records, one.id, now)
        return shown(records, one, actor)


def sign_off(event: str, actor: Member, now: datetime, desk: Desk) -> Shown:
    """Give a place back. Raises EventOver, NotAllowed, NotActive and NotFound."""
    access.require_student(actor, COME, now)
    with desk.transaction(now) as records:
        one = _open(records, event, now)
        if records.events.sign_off(one.id, actor.id, now):
            refresh(records, one.id, now)
        return shown(records, one, actor)


def wish_recording(event: str, actor: Member, now: datetime, desk: Desk) -> Shown:
    """Note that a student would like the recording; it is sent at once where it is there.

    Raises EventOver for what is cancelled, NotAllowed, NotActive and NotFound.
    """
    access.require_student(actor, COME, now)
    with desk.transaction(now) as records:
        one = found(records, event)
        if one.cancelled_at is not None or one.announced_at is None:
            raise EventOver(is_cancelled=True)
        records.events.wish_recording(one.id, actor.id, now)
        if one.recording:
            send_recording(records, one.id, actor.id, now)
        return shown(records, one, actor)


def send_recording(records: Records, event_id: str, student_id: str, now: datetime) -> None:
    """Queue the link to a recording for someone who asked for it, once; a corrected link once more."""
    mark = sha256(found(records, event_id).recording.encode()).hexdigest()[:16]
    data = {"event": event_id, "member": student_id, "link": mark}
    key = f"recording:{event_id}:{student_id}:{mark}"
    outbox.post(records, "events.recording", f"member:{student_id}", data, key, now)


def tell_leader(records: Records, event: Event, now: datetime) -> None:
    """Let whoever leads an announced event know, once for each time it became theirs."""
    if event.facilitator_id is not None and event.announced_at is not None:
        data = {"event": event.id, "member": event.facilitator_id}
        key = f"event_leader:{event.id}:{event.facilitator_id}:{new_id('l')}"
        outbox.post(records, "events.leading", f"member:{event.facilitator_id}", data, key, now)


def refresh(records: Records, event_id: str, now: datetime) -> None:
    """Queue an update of every announcement of an event."""
    outbox.refresh(records, "events.card", {"event": event_id}, subject(event_id), new_id("rev"), now)


def subject(event_id: str) -> str:
    """Return the name under which the announcements of an event are kept."""
    return f"event:{event_id}"


def give_up(records: Records, student_id: str, now: datetime) -> int:
    """Give back every place of a student who takes part no more; return how many."""
    coming = {event.id for event in records.events.coming(now)}
    theirs = sorted(records.events.signed_up_by(student_id) & coming)
    for event_id in theirs:
        records.events.sign_off(event_id, student_id, now)
        refresh(records, event_id, now)
    return len(theirs)


def changeable(records: Records, reference: str, now: datetime) -> Event:
    """Return an event that has not ended and takes place. Raises EventOver and NotFound."""
    event = found(records, reference)
    if not event.is_coming(now):
        raise EventOver(is_cancelled=event.cancelled_at is not None)
    return event


def _open(records: Records, reference: str, now: datetime) -> Event:
    """Return an announced event that people can still come to. Raises EventOver and NotFound."""
    event = changeable(records, reference, now)
    if event.announced_at is None:
        raise NotFound("event", reference)
    return event
