"""The forms of a TA's hours: a series to add or change, one date to move or cancel, and who would be affected."""

from collections.abc import Sequence
from datetime import date, time
from zoneinfo import ZoneInfo

from cohort.office_hours import HoursKind, Series
from cohort.roster import Member
from cohort.times import WEEKDAYS
from handlers.views.blocks import (
    Block,
    Element,
    View,
    context,
    cut,
    escape,
    field_of,
    in_chunks,
    modal,
    moment,
    option,
    plain_date,
    section,
    select,
    text_input,
)
from services.appointments import Appointment
from services.office_hours import HeldDate
from services.series_changes import Affected

WEEKDAY, STARTS, MINUTES, KIND, PLACE = "weekday", "starts", "minutes", "kind", "place"
SLOT, BUFFER, OPEN, CAPACITY, TOPIC = "slot_minutes", "buffer_minutes", "open_minutes", "capacity", "topic"
FIRST, LAST, WHAT, AT, REASON = "first_on", "last_on", "what", "at", "reason"
CANCEL, MOVE = "cancel", "move"
KINDS = {
    HoursKind.OPEN: "Open: anyone comes",
    HoursKind.BOOKABLE: "Bookable: slots, one after the other",
    HoursKind.BOTH: "Both in turn: first open, then slots",
}
LENGTHS = (30, 45, 60, 75, 90, 120, 150, 180, 240)
SLOTS = (10, 15, 20, 25, 30, 40, 45, 50, 60)
BUFFERS = (0, 5, 10, 15, 20, 30)
OPENS = (15, 20, 30, 45, 60, 90, 120)
CAPACITIES = tuple(range(1, 31))
# Names of those affected are listed up to here; the form says how many more there are.
NAMED = 30


def series_form(reader: Member, last_on: date, series: Series | None = None) -> View:
    """Return the form for new hours, or for those that are there already."""
    title, submit = ("Change these hours", "Change") if series else ("Add office hours", "Add")
    blocks = [section(_zone_words(reader, series)), *_when(series, last_on), *_how(series), *_where(series)]
    callback = "office_hours.change" if series else "office_hours.add"
    return modal(title, blocks, callback_id=callback, submit=submit, metadata=series.id if series else "")


def confirm_change(found: Affected, metadata: str, zone: ZoneInfo) -> View:
    """Return who would be affected by a change, to be confirmed."""
    blocks = [
        *_listed("These bookings move along, and everyone is told:", found.moved, zone),
        *_listed("These can't be kept. Everyone is told, and offered the next free slots first:", found.gone, zone),
    ]
    return modal("Who is affected", blocks, callback_id="office_hours.confirm", submit="Change", metadata=metadata)


def confirm_end(found: Affected, metadata: str, zone: ZoneInfo) -> View:
    """Return who has booked in hours that would be no more."""
    nobody = [section("Nobody has booked in them.")]
    told = "Everyone here is told, and offered the next free slots first:"
    blocks = [section("All dates to come are cancelled."), *(_listed(told, found.gone, zone) or nobody)]
    return modal("End these hours?", blocks, callback_id="office_hours.end", submit="End them", metadata=metadata)


def date_form(found: HeldDate, zone: ZoneInfo) -> View:
    """Return the form to move or cancel one date."""
    session = found.session
    what = select(WHAT, [option("Cancel this date", CANCEL), option("Move it to another time", MOVE)], CANCEL)
    told = "Booked so far. Moved, they come along; cancelled, they are offered the next free slots first:"
    blocks = [
        section(f"*{plain_date(session.starts_at, zone)}*"),
        *_listed(told, found.booked, zone),
        field_of(WHAT, "What becomes of it?", what),
        field_of(AT, "Moved to", moment(AT, session.starts_at), optional=True, hint="Shown in your own time zone."),
        field_of(
            REASON,
            "Why",
            text_input(REASON, most=300),
            optional=True,
            hint="Those who have booked read it. Nothing has to be said.",
        ),
    ]
    return modal("This date", blocks, callback_id="office_hours.date", submit="Do it", metadata=session.id)


def _zone_words(reader: Member, series: Series | None) -> str:
    zone = series.zone if series else reader.zone
    named = zone.replace("_", " ")
    words = f"Times are those of *{named}*, and stay so when clocks change there."
    if series and series.zone != reader.zone:
        words += f" You are in {reader.zone.replace('_', ' ')} at the moment; these hours stay where they were."
    return words


def _when(series: Series | None, last_on: date) -> list[Block]:
    days = [option(day.title(), str(number)) for number, day in enumerate(WEEKDAYS)]
    chosen = str(series.weekday) if series else None
    starts = series.starts if series else time(17)
    return [
        field_of(WEEKDAY, "Every", select(WEEKDAY, days, chosen, "Choose a weekday")),
        field_of(STARTS, "From", {"type": "timepicker", "action_id": STARTS, "initial_time": f"{starts:%H:%M}"}),
        field_of(MINUTES, "For", _minutes(MINUTES, LENGTHS, series.minutes if series else 60)),
        field_of(FIRST, "First date", _day(FIRST, series.first_on if series else None), optional=True),
        field_of(
            LAST,
            "Last date",
            _day(LAST, series.last_on if series else last_on),
            optional=True,
            hint="Left empty, it is the end of the programme.",
        ),
    ]


def _how(series: Series | None) -> list[Block]:
    kinds = [option(words, kind.value) for kind, words in KINDS.items()]
    kind = series.kind if series else HoursKind.BOOKABLE
    both = series if series and series.kind is not HoursKind.OPEN else None
    most = [option(f"At most {number}", str(number)) for number in CAPACITIES]
    capacity = str(series.capacity) if series and series.capacity else None
    return [
        field_of(KIND, "How", select(KIND, kinds, kind.value)),
        field_of(SLOT, "A slot lasts", _minutes(SLOT, SLOTS, both.slot_minutes if both else 25), optional=True),
        field_of(
            BUFFER, "Between two slots", _minutes(BUFFER, BUFFERS, both.buffer_minutes if both else 5), optional=True
        ),
        field_of(
            OPEN,
            "The open part lasts",
            _minutes(OPEN, OPENS, series.open_minutes if series else 0),
            optional=True,
            hint="Only for both in turn.",
        ),
        field_of(
            CAPACITY,
            "How many people",
            select(CAPACITY, most, capacity, "As many as come"),
            optional=True,
            hint="At once in the line, or together in one booking.",
        ),
    ]


def _where(series: Series | None) -> list[Block]:
    place = text_input(PLACE, most=500, hint="https://…, or a room")
    topic = text_input(TOPIC, most=100, hint="Anything")
    return [
        field_of(PLACE, "Where", _filled(place, series.place if series else "")),
        field_of(TOPIC, "What you help with", _filled(topic, series.topic if series else ""), optional=True),
    ]


def _minutes(name: str, offered: Sequence[int], chosen: int) -> Element:
    every = sorted({*offered, chosen} - ({0} if 0 not in offered else set()))
    return select(name, [option(f"{number} minutes", str(number)) for number in every], str(chosen), "Choose")


def _day(name: str, chosen: date | None) -> Element:
    element: Element = {"type": "datepicker", "action_id": name}
    return element | ({"initial_date": chosen.isoformat()} if chosen else {})


def _filled(element: Element, text: str) -> Element:
    return element | ({"initial_value": text} if text else {})


def _listed(title: str, found: Sequence[Appointment], zone: ZoneInfo) -> list[Block]:
    if not found:
        return []
    lines = [
        f"• {escape(cut(about.student.called, 60))}, {plain_date(about.slot.starts_at, zone)}"
        for about in found[:NAMED]
    ]
    more = [context(f"And {len(found) - NAMED} more.")] if len(found) > NAMED else []
    return [section(title), *[section(chunk) for chunk in in_chunks(lines)], *more]
