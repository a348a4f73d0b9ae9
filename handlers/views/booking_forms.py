"""The forms for booking a slot and for taking another, kept with all that was typed where a slot is gone."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from cohort.bookings import Why
from cohort.errors import SlotRefused
from cohort.hand_in_fields import LINK_MOST
from cohort.office_hours import FreeSlot
from cohort.roster import Member
from handlers.errors import slot_sentence
from handlers.views.blocks import (
    OPTION_MOST,
    OPTIONS_MOST,
    Block,
    Element,
    Rendered,
    View,
    actions,
    button,
    context,
    cut,
    field_of,
    grouped_select,
    modal,
    option,
    say,
    section,
    select,
    text_input,
    zone_label,
)
from handlers.views.bookings import WHAT_FOR, when_and_where
from services.appointments import FELLOWS_MOST, Appointment
from services.booking_choices import BookForm, MoveForm

SLOT, TOPIC, ASSIGNMENT, LINK, FELLOWS = "slot", "topic", "assignment", "link", "fellows"
TOPIC_MOST = 1000
# The same for everyone who can't come along: why is nobody's business.
NOT_NAMED = "Somebody here can't be named. Choose fellow students who take part in the programme now."
NOTHING_ELSE = "Nothing else is free for you right now; open hours need no booking."
Typed = Mapping[str, Any]


def book_form(found: BookForm, zone: ZoneInfo, times: int = 0, typed: Typed | None = None) -> View | Rendered:
    """Return the form for a booking, or why there is nothing to choose from.

    `times` is how often a slot was refused in it, which gives it a name of its own each time; `typed` is what was
    filled in before.
    """
    if not found.free:
        return nothing_free(found.refused)
    typed = typed or {}
    opening = [] if found.been else [section(WHAT_FOR)]
    blocks = [
        *opening,
        *_refused(found.refused),
        _slots(found, zone, times),
        _topic(str(typed.get(TOPIC, ""))),
        *_assignments(found, str(typed.get(ASSIGNMENT, found.assignment_id))),
        _link(str(typed.get(LINK, ""))),
        _fellows(typed.get(FELLOWS, ())),
    ]
    return modal("Book office hours", blocks, callback_id="bookings.book", submit="Book", metadata=str(times))


def move_form(
    about: Appointment, found: MoveForm, zone: ZoneInfo, times: int = 0, refused: Why | None = None
) -> View | Rendered:
    """Return the form for another slot, or that there is none; what is booked stays until then."""
    if not found.free:
        return say("No other slot is free for you right now, so your booking stays as it is.")
    blocks = [
        *_refused(refused),
        section(f"You have {when_and_where(about, zone)}"),
        _slots(found, zone, times),
        context("What you have stays yours until the new one is."),
    ]
    metadata = f"{about.booking.id}|{times}"
    return modal("Another time", blocks, callback_id="bookings.move", submit="Take it", metadata=metadata)


def nothing_free(why: Why | None) -> Rendered:
    """Return what someone reads who can't book anything now."""
    on = actions(button("What is on", "bookings.overview"), button("Waiting list", "waitlist.form"))
    words = f"{slot_sentence(SlotRefused(why))} " if why is not None else ""
    return say(f"{words}No slot is free for you to book right now. Open hours need no booking.", on)


def _refused(why: Why | None) -> list[Block]:
    if why is None:
        return []
    words = slot_sentence(SlotRefused(why))
    return [section(f":point_right: *{words}* Nothing was lost: these are free instead, the nearest is chosen.")]


def slot_block(times: int) -> str:
    """Return the name of the field of slots: another each time, since Slack keeps what was chosen in one of a name."""
    return f"{SLOT}{times}"


def _slots(found: BookForm | MoveForm, zone: ZoneInfo, times: int) -> Block:
    """Return the field of slots: those in the student's waking hours stand first, and one of them is chosen."""
    in_order = sorted(found.free, key=lambda one: one.slot.id not in found.awake)
    chosen = next((one for one in in_order if one.slot.id == found.slot_id), in_order[0])
    shown = in_order[:OPTIONS_MOST]
    if chosen not in shown:
        shown[-1] = chosen
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in shown:
        head = "In your waking hours" if one.slot.id in found.awake else "At other hours"
        words = slot_words(one, found.tas[one.session.ta_id], zone)
        groups.setdefault(head, []).append(option(words, one.slot.id))
    name = slot_block(times)
    return field_of(name, "When", grouped_select(name, groups, chosen.slot.id))


def slot_words(free: FreeSlot, ta: Member, zone: ZoneInfo) -> str:
    """Return a slot as a choice: when, in the reader's zone, with whom and for what, as far as it fits."""
    starts, ends = free.slot.starts_at.astimezone(zone), free.slot.ends_at.astimezone(zone)
    when = f"{starts:%a} {starts.day} {starts:%b %H:%M}–{ends:%H:%M} {zone_label(starts)} · "
    topic = f" · {free.session.topic}" if free.session.topic else ""
    return f"{when}{cut(f'{ta.called}{topic}', OPTION_MOST - len(when))}"


def _topic(typed: str) -> Block:
    element = _filled(text_input(TOPIC, multiline=True, most=TOPIC_MOST), typed)
    hint = "A word is enough, and so is nothing: come without knowing what to ask. Only those who come read it."
    return field_of(TOPIC, "What is it about?", element, optional=True, hint=hint)


def _assignments(found: BookForm, chosen: str) -> list[Block]:
    if not found.assignments:
        return []
    options = [
        option(f"{each.slug} · {each.title}" if each.title.casefold() != each.slug.casefold() else each.title, each.id)
        for each in found.assignments
    ]
    return [field_of(ASSIGNMENT, "Assignment", select(ASSIGNMENT, options, chosen), optional=True)]


def _link(typed: str) -> Block:
    element = _filled(text_input(LINK, most=LINK_MOST, hint="https://…"), typed)
    return field_of(LINK, "A link", element, optional=True, hint="Something to look at together, if there is any.")


def _fellows(typed: Any) -> Block:  # noqa: ANN401 - whatever the form held
    element: Element = {"type": "multi_users_select", "action_id": FELLOWS, "max_selected_items": FELLOWS_MOST * 3}
    known = [each for each in typed if isinstance(each, str)] if isinstance(typed, list | tuple) else []
    element |= {"initial_users": known} if known else {}
    hint = "Fellow students who are stuck at the same place. They are told, and it counts for you only."
    return field_of(FELLOWS, "Who comes along?", element, optional=True, hint=hint)


def _filled(element: Element, text: str) -> Element:
    return element | ({"initial_value": text} if text else {})
