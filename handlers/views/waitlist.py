"""The waiting list for slots, as students see it: the form, their place, and an offer."""

import datetime
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cohort.waitlist import WaitState
from handlers.views.blocks import (
    OPTIONS_MOST,
    Block,
    Element,
    Rendered,
    Renderers,
    View,
    actions,
    button,
    context,
    date,
    escape,
    field_of,
    mention,
    modal,
    name_of,
    option,
    plain_date,
    say,
    section,
    select,
)
from handlers.views.bookings import span
from services.waitlist import Offered
from services.waitlist_messages import FirstNote, OfferNote, WidenedNote
from services.waitlist_offers import DAY_OF, SLOT, Joined, Lines

WANTED = "wanted"
WAITING_MOST = 10
EXPLAINED = (
    "When a slot becomes free, I offer it to one student at a time, and keep it for them for a while. Students who "
    "never had a booking go first; among others, whoever has waited longest. You can leave the list at any time."
)


def form(found: Lines, zone: ZoneInfo) -> View:
    """Return the form of what can be waited for; where nothing is taken there is nothing to choose."""
    blocks: list[Block] = [*waiting_rows(found.waiting, zone)]
    if not found.taken:
        blocks.append(section("No slot is taken at the moment: whatever there is can be booked with `/office-hours`."))
        return modal("Waiting list", blocks)
    blocks += [
        section(EXPLAINED),
        field_of(WANTED, "What would you like to wait for?", select(WANTED, _options(found, zone))),
    ]
    return modal("Waiting list", blocks, callback_id="waitlist.join", submit="Wait for it")


def _options(found: Lines, zone: ZoneInfo) -> list[dict[str, object]]:
    days = [option(f"Any slot on {_day(on)}", f"{DAY_OF}{on.isoformat()}:") for on in found.days]
    slots = [
        option(
            f"{plain_date(free.slot.starts_at, zone)}, with {found.tas[free.session.ta_id].called}",
            f"{SLOT}{free.slot.id}",
        )
        for free in found.taken
    ]
    return [*days, *slots][:OPTIONS_MOST]


def _day(on: datetime.date) -> str:
    return f"{on:%A} {on.day} {on:%B}"


def join_button(slot_id: str) -> Element:
    """Return the button with which a student waits for a slot that is taken."""
    return button("Waiting list", f"waitlist.join#{slot_id}", f"{SLOT}{slot_id}")


def join_day_button(on: datetime.date, ta_id: str = "") -> Element:
    """Return the button with which a student waits for any slot of a day in their zone, of one TA or of any."""
    return button("Wait for this day", f"waitlist.join#{on}", f"{DAY_OF}{on.isoformat()}:{ta_id}")


def joined(done: Joined, zone: ZoneInfo) -> Rendered:
    """Return the answer after joining: what for, the place, and how to leave."""
    about, leave = done.about, button("Leave the list", "waitlist.leave", done.about.wait.id)
    if about.wait.state is WaitState.OFFERED:
        return say(f"That is free just now, and kept for you: {_kept(about, zone)}", _answers(about))
    again = (
        "You are on the waiting list already" if not done.is_new else ":white_check_mark: You are on the waiting list"
    )
    place = _before(done.before)
    return say(
        f"{again} for {_what(about, zone)}. {place} When it is your turn, I write to you and keep the slot for "
        "a while.",
        actions(leave),
    )


def _before(before: int) -> str:
    if not before:
        return "Nobody has waited for it longer."
    if before == 1:
        return "One student has waited longer."
    return f"{before} students have waited longer."


def left(about: Offered, zone: ZoneInfo) -> Rendered:
    """Return the answer after leaving the list."""
    return say(f"You don't wait for {_what(about, zone)} any more. You can join again at any time.")


def declined(about: Offered, zone: ZoneInfo) -> Rendered:
    """Return the answer after an offer was declined."""
    del zone
    if about.wait.state is WaitState.TAKEN:
        return say("You have booked that slot already. To give it up, press Cancel in `/office-hours mine`.")
    return say("Thank you for saying so: the slot goes to the next in line. It counts for nothing.", _more())


def waiting_rows(found: Sequence[Offered], zone: ZoneInfo) -> list[Block]:
    """Return what someone waits for or is offered, with the ways to answer, for an overview of theirs."""
    rows: list[Block] = []
    for about in found[:WAITING_MOST]:
        if about.wait.state is WaitState.OFFERED:
            rows += [section(f"*Kept for you*: {_kept(about, zone)}"), _answers(about)]
        else:
            leave = button("Leave the list", f"waitlist.leave#{about.wait.id}", about.wait.id)
            rows.append(section(f"*Waiting* for {_what(about, zone)}", leave))
    return rows


def offer(found: OfferNote, zone: ZoneInfo) -> Rendered:
    """Return an offer, or what became of it."""
    about = found.about
    if about.wait.state is WaitState.OFFERED:
        head = f"{_why(found, zone)}{_kept(about, zone)}"
        return Rendered("A slot of office hours is kept for you", [section(head), _answers(about), context(_FAIR)])
    return say(_became(about, zone), *([_more()] if about.wait.state is not WaitState.TAKEN else []))


_FAIR = "If it doesn't suit you, “No, thanks” lets the next in line have it at once. It counts for nothing."


def _why(found: OfferNote, zone: ZoneInfo) -> str:
    if found.lost is not None:
        lost = f"{date(found.lost.slot.starts_at, zone)} with {name_of(found.lost.ta)}"
        return f"Since {lost} does not take place, you go first. "
    if found.about.wait.is_first:
        return "Since it was not your turn before the end, you go first. "
    return ":tada: A slot that you waited for is free. "


def _kept(about: Offered, zone: ZoneInfo) -> str:
    until = f" until {date(about.wait.offer_until_at, zone)}" if about.wait.offer_until_at else ""
    return f"*{_slot(about, zone)}*. I keep it for you{until}."


def _became(about: Offered, zone: ZoneInfo) -> str:
    slot = _slot(about, zone)
    match about.wait.state:
        case WaitState.TAKEN:
            return f":white_check_mark: You took the slot {slot}."
        case WaitState.LAPSED:
            return f"The slot {slot} was kept for you for a while and has gone on to the next. It counts for nothing."
        case WaitState.WAITING:
            return "The slot that was kept for you was changed. You are still on the waiting list."
        case _:
            return f"You let the slot {slot} go on to the next."


def first(found: FirstNote, zone: ZoneInfo) -> Rendered:
    """Return that someone goes before all others as soon as anything is free."""
    if found.lost is not None:
        lost = f"{date(found.lost.slot.starts_at, zone)} with {name_of(found.lost.ta)}"
        why = f"Your slot {lost} does not take place"
    else:
        why = "Those office hours ended before it was your turn"
    leave = button("No, thanks", f"waitlist.leave#{found.about.wait.id}", found.about.wait.id)
    return say(
        f"{why}, and no slot is free just now that you could take. You are first on the waiting list: as soon as "
        "one is free, I write to you and keep it for you.",
        actions(button("What is on", "bookings.overview"), leave),
    )


def widened(found: WidenedNote, zone: ZoneInfo) -> Rendered:
    """Return that the one slot somebody waited for is no more, and that they wait for its day now."""
    wait_id = found.about.wait.id
    return say(
        f"The slot {date(found.from_at, zone)} with {name_of(found.ta)}, which you waited for, is there no more. "
        f"You now wait for {_what(found.about, zone)}, of whichever TA, and have kept your place.",
        actions(button("What is on", "bookings.overview"), button("Leave the list", "waitlist.leave", wait_id)),
    )


def _answers(about: Offered) -> Block:
    wait_id = about.wait.id
    return actions(
        button("Take it", f"waitlist.take#{wait_id}", wait_id, "primary"),
        button("No, thanks", f"waitlist.decline#{wait_id}", wait_id),
    )


def _more() -> Block:
    return actions(button("Other times", "bookings.open"), button("What is on", "bookings.overview"))


def _what(about: Offered, zone: ZoneInfo) -> str:
    with_ = f" with {mention(about.ta)}" if about.ta else ""
    wait = about.wait
    if about.slot is not None:
        return f"the slot {_slot(about, zone)}"
    if wait.is_first:
        return "the next free slot"
    day = wait.until_at - wait.from_at
    if day.total_seconds() >= _LONG:
        local = wait.from_at.astimezone(zone).date()
        return f"any slot on {_day(local)}{with_}, in your time ({escape(zone.key.replace('_', ' '))})"
    return f"the slot {span(wait.from_at, wait.until_at, zone)}{with_}"


_LONG = 20 * 3600


def _slot(about: Offered, zone: ZoneInfo) -> str:
    with_ = f" with {mention(about.ta)}" if about.ta else ""
    return f"{span(about.slot.starts_at, about.slot.ends_at, zone)}{with_}" if about.slot else f"of then{with_}"


RENDERERS: Renderers = {OfferNote: offer, FirstNote: first, WidenedNote: widened}
