"""The forms of organizers for sections, talks and socials: adding, changing, cancelling, and a recording."""

from datetime import date, time
from zoneinfo import ZoneInfo

from cohort.events import Event, EventKind
from handlers.views.blocks import Block, Element, View, context, field_of, modal, option, section, select, text_input
from handlers.views.events import KINDS
from services.events import TIMES_MOST, Shown

KIND, TITLE, ON, STARTS, MINUTES = "kind", "title", "on", "starts", "minutes"
PLACE, LEADER, PLACES, TIMES, REASON, LINK = "place", "facilitator", "places", "times", "reason", "link"
LENGTHS = (30, 45, 60, 75, 90, 120, 150, 180, 240)
PLACES_MOST = 2000


def event_form(zone: ZoneInfo, today: date, one: Shown | None = None) -> View:
    """Return the form for a new event, or for one that is there already."""
    event = one.event if one else None
    times = [] if event else [_times()]
    named = zone.key.replace("_", " ")
    blocks = [
        section(f"Times are those of *{named}*, the programme's."),
        *_what(event, zone, today),
        *_who(one),
        *times,
    ]
    if event:
        blocks.append(context("Where time or place change, those who have signed up are told once."))
    title, submit = ("Change an event", "Change") if event else ("Add an event", "Add")
    callback = "events.change" if event else "events.add"
    return modal(title, blocks, callback_id=callback, submit=submit, metadata=event.id if event else "")


def cancel_form(one: Shown) -> View:
    """Return the form to cancel an event."""
    told = "Nobody has signed up." if not one.coming else f"{one.coming} who signed up, and who leads it, are told."
    hint = "They read it. Nothing has to be said."
    reason = field_of(REASON, "Why", text_input(REASON, most=300), optional=True, hint=hint)
    return modal(
        "Cancel it?", [section(told), reason], callback_id="events.cancel", submit="Cancel it", metadata=one.event.id
    )


def recording_form(one: Shown) -> View:
    """Return the form for the link to a recording."""
    link = text_input(LINK, most=1000, hint="https://…")
    blocks = [field_of(LINK, "Link to the recording", _filled(link, one.event.recording))]
    told = context("Those who asked for it get it in a direct message, and whoever asks later, too.")
    metadata = one.event.id
    return modal("The recording", [*blocks, told], callback_id="events.recording", submit="Send", metadata=metadata)


def _what(event: Event | None, zone: ZoneInfo, today: date) -> list[Block]:
    kinds = [option(words, kind.value) for kind, words in KINDS.items()]
    starts = event.starts_at.astimezone(zone) if event else None
    minutes = int((event.ends_at - event.starts_at).total_seconds() // 60) if event else 60
    lengths = [option(f"{number} minutes", str(number)) for number in sorted({*LENGTHS, minutes})]
    on = starts.date() if starts else today
    clock = f"{starts.time() if starts else time(18):%H:%M}"
    return [
        field_of(KIND, "What", select(KIND, kinds, (event.kind if event else EventKind.SECTION).value)),
        field_of(TITLE, "Title", _filled(text_input(TITLE, most=100), event.title if event else "")),
        field_of(ON, "Day", {"type": "datepicker", "action_id": ON, "initial_date": on.isoformat()}),
        field_of(STARTS, "From", {"type": "timepicker", "action_id": STARTS, "initial_time": clock}),
        field_of(MINUTES, "For", select(MINUTES, lengths, str(minutes))),
    ]


def _who(one: Shown | None) -> list[Block]:
    leader: Element = {"type": "users_select", "action_id": LEADER}
    if one and one.facilitator and one.facilitator.slack_id:
        leader["initial_user"] = one.facilitator.slack_id
    places = text_input(PLACES, most=4, hint="As many as come")
    limit = str(one.event.places) if one and one.event.places else ""
    place = _filled(text_input(PLACE, most=500, hint="https://…, or a room"), one.event.place if one else "")
    hint = "A TA or organizer. A section needs one before it is announced."
    return [
        field_of(PLACE, "Where", place, optional=True),
        field_of(LEADER, "Who leads it", leader, optional=True, hint=hint),
        field_of(PLACES, "Places", _filled(places, limit), optional=True),
    ]


def _times() -> Block:
    options = [option("Once", "1"), *(option(f"{n} weeks in a row", str(n)) for n in range(2, TIMES_MOST + 1))]
    return field_of(TIMES, "How often", select(TIMES, options, "1"))


def _filled(element: Element, text: str) -> Element:
    return element | ({"initial_value": text} if text else {})
