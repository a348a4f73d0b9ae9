"""Sections, talks and socials as people see them: announcements, lists, and what changes for those who come."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from cohort.events import Event, EventKind
from cohort.roster import Member
from handlers.views.blocks import (
    Block,
    Element,
    Rendered,
    Renderers,
    actions,
    button,
    context,
    cut,
    escape,
    mention,
    name_of,
    say,
    section,
)
from handlers.views.bookings import span
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

KINDS = {
    EventKind.SECTION: "Section",
    EventKind.TALK: "Talk",
    EventKind.SOCIAL: "Social",
    EventKind.COWORKING: "Coworking",
}
# A message has fifty blocks, Home a hundred for all features together.
LISTED_MOST, HOME_MOST = 20, 4


def card(found: EventCard, zone: ZoneInfo) -> Rendered:
    """Return the announcement, for everyone: how many come, never who."""
    one, event = found.shown, found.shown.event
    text = f"{_head(event)}\n{_when(event, zone)}{_led(one)}"
    if event.cancelled_at is not None:
        return say(f"~{KINDS[event.kind]}: {escape(event.title)}~\nDoes not take place.{_why(event)}")
    blocks: list[Block] = [section(text), context(_coming(one))]
    if event.kind is EventKind.TALK and not found.is_over:
        blocks.append(context("Questions for the speaker? Ask them in the thread of this message, now or later."))
    blocks.append(actions(*_card_buttons(one, is_over=found.is_over)))
    return Rendered(cut(f"{KINDS[event.kind]}: {event.title}", 200), blocks)


def leading(found: Leading, zone: ZoneInfo) -> Rendered:
    """Return to whoever leads an event that it is theirs."""
    event = found.shown.event
    text = f"You lead this one, thank you:\n{_head(event)}\n{_when(event, zone)}"
    return say(text, actions(*_leader_buttons(event)))


def moved(found: EventMoved, zone: ZoneInfo) -> Rendered:
    """Return that time or place have changed for someone who comes."""
    event = found.shown.event
    if found.leads:
        text = f"What you lead has changed:\n{_head(event)}\n{_when(event, zone)}"
        return say(text, actions(*_leader_buttons(event)))
    off = button("I can't come then", "events.off", event.id)
    return say(f"This has changed, and you still have your place:\n{_head(event)}\n{_when(event, zone)}", actions(off))


def led(found: LeadsNoMore, zone: ZoneInfo) -> Rendered:
    """Return to whoever led an event that it is not theirs any more."""
    event, leader = found.shown.event, found.shown.facilitator
    who = f"{name_of(leader)} leads it" if leader else "it is open who leads it"
    when = span(event.starts_at, event.ends_at, zone)
    return say(f"*{escape(event.title)}*, {when}, is off your hands: {who}. There is nothing you need to do.")


def cancelled(found: EventCancelled, zone: ZoneInfo) -> Rendered:
    """Return that it does not take place."""
    event = found.shown.event
    when = span(event.starts_at, event.ends_at, zone)
    what = f"{KINDS[event.kind]} *{escape(event.title)}*"
    others = actions(button("What else is on", "events.list"))
    return say(f"{what}, {when}, does not take place, sorry.{_why(event)}", others)


def reminder(found: EventReminder, zone: ZoneInfo) -> Rendered:
    """Return that it is on soon."""
    event = found.shown.event
    text = f":alarm_clock: Soon:\n{_head(event)}\n{_when(event, zone)}"
    if found.leads:
        asked = "\nWhat people want to know stands in the thread of the announcement." * (event.kind is EventKind.TALK)
        return say(f"{text}\n{_coming(found.shown)}{asked}", actions(*_leader_buttons(event)))
    here = button("I'm here", "attendance.here", event.id, "primary")
    return say(text, actions(here, button("I can't come", "events.off", event.id)))


def recording(found: Recording, zone: ZoneInfo) -> Rendered:
    """Return where the recording is that someone asked for."""
    del zone
    event = found.shown.event
    return say(f"The recording of *{escape(event.title)}* that you asked for: {escape(cut(event.recording, 1000))}")


def listed(found: Sequence[Shown], zone: ZoneInfo, now: datetime) -> Rendered:
    """Return what is on, for a member, with the ways to come or not."""
    if not found:
        return say("No sections, talks or socials are announced at the moment. They appear here once they are.")
    blocks: list[Block] = [section("*What is on, soonest first*")]
    for one in found[:LISTED_MOST]:
        blocks += _row(one, zone, now)
    if len(found) > LISTED_MOST:
        blocks.append(context(f"And {len(found) - LISTED_MOST} more later."))
    return Rendered("What is on", blocks)


def home_rows(found: Sequence[Shown], zone: ZoneInfo, now: datetime) -> list[Block]:
    """Return the part of a student's Home about what is on."""
    if not found:
        return []
    blocks: list[Block] = [section("*Sections, talks and socials*")]
    for one in found[:HOME_MOST]:
        blocks += _row(one, zone, now)
    return [*blocks, actions(button("Everything that is on", "events.list"))]


def answered(one: Shown, zone: ZoneInfo) -> Rendered:
    """Return how an event stands for someone after a press."""
    event = one.event
    if one.is_signed_up:
        text = f":white_check_mark: You have a place: {_head(event)}\n{_when(event, zone)}\nI remind you before."
        return say(text, actions(button("I can't come", "events.off", event.id)))
    return say(
        f"All right, no place is kept for you at *{escape(event.title)}*. Change your mind while there are any.",
        actions(button("I'm coming", "events.on", event.id)),
    )


def wished(one: Shown) -> Rendered:
    """Return that someone gets the recording."""
    when = "It comes in a direct message." if one.event.recording else "You get it here once there is one."
    return say(f":white_check_mark: The recording of *{escape(one.event.title)}*: {when}")


def desk_list(found: Sequence[Shown], reader: Member, now: datetime) -> Rendered:
    """Return every event to come, for organizers, with the ways to change each."""
    add = actions(button("Add an event", "events.add", style="primary"))
    if not found:
        return say("No sections, talks, socials or coworking hours are planned.", add)
    blocks: list[Block] = [section("*Sections, talks, socials and coworking, soonest first*")]
    for one in found[:LISTED_MOST]:
        blocks += _desk_row(one, reader.tz, now)
    if len(found) > LISTED_MOST:
        blocks.append(context(f"And {len(found) - LISTED_MOST} more: `/cohort event NAME` opens one."))
    return Rendered("Events", [*blocks, add])


def desk_one(one: Shown, reader: Member, now: datetime) -> Rendered:
    """Return one event, for organizers, with the ways to change it."""
    return Rendered(cut(one.event.title, 200), _desk_row(one, reader.tz, now))


def added(made: Sequence[Shown], zone: ZoneInfo) -> Rendered:
    """Return that events were added, and that nobody knows of them yet."""
    first = made[0].event
    many = "" if len(made) == 1 else f", {len(made)} weeks in a row"
    text = f":white_check_mark: Added: {_head(first)}{many}\n{_when(first, zone)}"
    if first.lacks_facilitator:
        return say(
            f"{text}\nName someone who leads it, then announce it: nobody else knows of it yet.",
            actions(button("Change", f"events.change#{first.id}", first.id)),
        )
    row = actions(button("Announce", f"events.announce#{first.id}", first.id, "primary"))
    return say(f"{text}\nNobody else knows of it yet.", row)


def done(one: Shown, what: str) -> Rendered:
    """Return what an organizer did."""
    text = f":white_check_mark: {what}: *{escape(one.event.title)}* (`{escape(one.event.slug)}`)."
    if one.event.places is not None and one.coming > one.event.places:
        text += f" {one.coming} have signed up already, more than there are places now: nobody loses theirs."
    return say(text)


def announced(one: Shown) -> Rendered:
    """Return that an event is announced."""
    leader = f" {name_of(one.facilitator)} hears that they lead it." if one.facilitator else ""
    return say(f":white_check_mark: Announced: *{escape(one.event.title)}*.{leader}")


def _desk_row(one: Shown, zone: ZoneInfo, now: datetime) -> list[Block]:
    event = one.event
    lead = ", *nobody leads it*" if event.lacks_facilitator else ""
    text = (
        f"{_head(event)} (`{escape(event.slug)}`)\n{_when(event, zone)}{_led(one)}\n{_stands(event, now)}{lead}; "
        f"{_coming(one)}"
    )
    change = [
        button("Change", f"events.change#{event.id}", event.id),
        button("Cancel it", f"events.cancel#{event.id}", event.id),
    ]
    after = [
        button("Recording", f"events.recording#{event.id}", event.id),
        button("Who was there", f"attendance.list#{event.id}", event.id),
    ]
    announce = [button("Announce", f"events.announce#{event.id}", event.id, "primary")]
    buttons = [*(announce if event.announced_at is None else []), *change] if event.is_coming(now) else []
    return [section(text), actions(*buttons, *after)]


def _stands(event: Event, now: datetime) -> str:
    """Return in a word or two how far an event is."""
    if event.cancelled_at is not None:
        return "cancelled"
    if event.ends_at <= now:
        return "over"
    return "announced" if event.announced_at else "not announced yet"


def _row(one: Shown, zone: ZoneInfo, now: datetime) -> list[Block]:
    event = one.event
    row = actions(*_own_buttons(one, now))
    return [section(f"{_head(event)}\n{_when(event, zone)}{_led(one)}"), row]


def _own_buttons(one: Shown, now: datetime) -> list[Element]:
    event = one.event
    if event.is_on(now) and not one.was_there:
        return [button("I'm here", f"attendance.here#{event.id}", event.id, "primary")]
    if one.was_there:
        return [button("You were here :white_check_mark:", f"attendance.here#{event.id}", event.id)]
    if one.is_signed_up:
        return [button("I can't come", f"events.off#{event.id}", event.id)]
    come = button(
        "Full: ask for a place" if one.is_full else "I'm coming", f"events.on#{event.id}", event.id, "primary"
    )
    wish = button("Send me the recording", f"events.wish#{event.id}", event.id)
    return [come, wish] if event.kind is EventKind.TALK else [come]


def _card_buttons(one: Shown, *, is_over: bool) -> list[Element]:
    event = one.event
    wish = button("Send me the recording", "events.wish", event.id)
    if is_over:
        return [wish]
    here = [button("I'm here", "attendance.here", event.id)]
    come = [button("I'm coming", "events.on", event.id, "primary"), button("Not this time", "events.off", event.id)]
    return [*come, *here, *([wish] if event.kind is EventKind.TALK else [])]


def _leader_buttons(event: Event) -> list[Element]:
    who = button("Who was there", "attendance.list", event.id)
    return [who, button("Make groups", "groups.form", event.id)] if event.kind is EventKind.SECTION else [who]


def _head(event: Event) -> str:
    return f"{KINDS[event.kind]}: *{escape(event.title)}*"


def _when(event: Event, zone: ZoneInfo) -> str:
    where = f"\n:round_pushpin: {escape(cut(event.place, 500))}" if event.place else ""
    return f":calendar: {span(event.starts_at, event.ends_at, zone)}{where}"


def _led(one: Shown) -> str:
    return f"\nWith {mention(one.facilitator)}" if one.facilitator else ""


def _coming(one: Shown) -> str:
    come = "nobody has signed up yet" if not one.coming else f"{one.coming} {'comes' if one.coming == 1 else 'come'}"
    if one.event.places is None:
        return come
    left = max(0, one.event.places - one.coming)
    return f"{come}, {left or 'no'} {'place' if left == 1 else 'places'} left"


def _why(event: Event) -> str:
    return f"\n> {escape(cut(event.reason, 300))}" if event.reason else ""


RENDERERS: Renderers = {
    EventCard: card,
    Leading: leading,
    EventMoved: moved,
    LeadsNoMore: led,
    EventCancelled: cancelled,
    EventReminder: reminder,
    Recording: recording,
}
