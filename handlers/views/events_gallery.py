"""One example of every view of sections, talks and socials, and the fullest of those that grow, for the gallery."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from cohort.events import Event, EventKind
from cohort.roster import Member
from handlers.views import event_forms as forms
from handlers.views import events as views
from handlers.views.blocks import Rendered, View
from services.event_messages import (
    EventCancelled,
    EventCard,
    EventMoved,
    EventReminder,
    Leading,
    LeadsNoMore,
    Recording,
)
from services.events import Shown

HOUR = timedelta(hours=1)
LONG = "Why the <second> step & the third hold at all. " * 10
MANY = 60


def event_views(ta: Member, now: datetime) -> Iterator[tuple[str, Rendered | View]]:
    """Yield what people see in answer to commands and presses, and the forms."""
    zone, one, full = ta.tz, _shown(ta, now), _full(ta, now)
    every = [replace(one, event=replace(one.event, id=f"evt_{n}")) for n in range(MANY)]
    on = replace(one, event=replace(one.event, starts_at=now, kind=EventKind.SECTION))
    some = [full, on, replace(on, was_there=True), replace(one, is_signed_up=True), *every]
    for name, shown in (("none", []), ("some", some[:4]), ("many", some)):
        yield f"what is on, {name}", views.listed(_apart(shown), zone, now)
        yield f"what is on at home, {name}", Rendered("Home", views.home_rows(_apart(shown), zone, now))
        yield f"events for organizers, {name}", views.desk_list(_apart(shown), ta, now)
    yield "an event that is over", views.desk_one(full, ta, full.event.ends_at)
    yield "one event for organizers", views.desk_one(full, ta, now)
    for answer in (one, replace(one, is_signed_up=True)):
        yield f"signed up, {answer.is_signed_up}", views.answered(answer, zone)
    yield "wants the recording", views.wished(one)
    yield "has the recording", views.wished(full)
    yield "added an event", views.added([one], zone)
    yield "added several", views.added(every[:8], zone)
    yield "added without a facilitator", views.added([replace(on, facilitator=None, event=_unled(on.event))], zone)
    yield "announced an event", views.announced(one)
    yield "announced a social", views.announced(replace(one, facilitator=None))
    yield "changed an event", views.done(full, "Changed")
    yield "add an event", forms.event_form(zone, now.date())
    yield "change an event", forms.event_form(zone, now.date(), full)
    for shown_one in (one, full):
        yield f"cancel an event, {shown_one.coming}", forms.cancel_form(shown_one)
        yield f"recording of an event, {shown_one.coming}", forms.recording_form(shown_one)


def event_notes(ta: Member, now: datetime) -> list[object]:
    """Return the contents of messages."""
    one, full = _shown(ta, now), _full(ta, now)
    gone = replace(full, event=replace(full.event, cancelled_at=now, reason=LONG))
    section = replace(one, event=replace(one.event, kind=EventKind.SECTION))
    return [
        EventCard(one, is_over=False),
        EventCard(full, is_over=True),
        EventCard(gone, is_over=False),
        EventCard(section, is_over=False),
        Leading(one),
        Leading(section),
        EventMoved(full),
        EventMoved(section, leads=True),
        LeadsNoMore(one),
        LeadsNoMore(replace(one, facilitator=None)),
        EventCancelled(gone),
        EventReminder(one, leads=False),
        EventReminder(section, leads=True),
        Recording(full),
    ]


def _apart(found: list[Shown]) -> list[Shown]:
    return [replace(one, event=replace(one.event, id=f"evt_{n}")) for n, one in enumerate(found)]


def _unled(event: Event) -> Event:
    return replace(event, facilitator_id=None)


def _shown(ta: Member, now: datetime) -> Shown:
    event = Event("evt_1", "talk-0702", EventKind.TALK, "A talk", now + HOUR, now + 2 * HOUR, now, "Room 3", ta.id, 20)
    return Shown(event, ta, 0)


def _full(ta: Member, now: datetime) -> Shown:
    one = _shown(ta, now)
    event = replace(one.event, title=LONG[:100], place=LONG, places=MANY, announced_at=now, recording="https://e.org/r")
    return replace(one, event=event, coming=MANY)
