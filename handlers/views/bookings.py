"""What a student sees of office hours: what is on next, what they have booked, and the answers to their presses."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cohort.bookings import Why
from cohort.open_hours import AHEAD
from cohort.roster import Member
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Block,
    Element,
    Rendered,
    actions,
    button,
    context,
    cut,
    date,
    divider,
    escape,
    mention,
    name_of,
    option,
    plain,
    say,
    section,
    select,
)
from handlers.views.open_hours import join_button
from services.appointments import Appointment
from services.booking_changes import GivenUp
from services.booking_choices import EVERYTHING, TA, TOPIC, Next, Overview, Soonest

WHAT_FOR = (
    ":wave: *Office hours* are time with a TA, just for your questions. Come with a half-finished problem, an error "
    "you don't understand, or only the feeling of being lost: nothing has to be prepared, and nobody grades it."
)
LIMITS = {
    Why.SAME_TA: "you hold a booking with that TA already",
    Why.WEEK: "you have all the bookings of one week",
    Why.OPEN: "you have as many bookings ahead as anyone can have",
}
OWN_MOST = 8
# Home has a hundred blocks for all features together.
HOME_MOST = 4
SURE = {
    "title": plain("Give it up?"),
    "text": plain("The slot goes to somebody else. You can book another one at any time."),
    "confirm": plain("Give it up"),
    "deny": plain("Keep it"),
}


def overview(found: Overview, reader: Member, now: datetime) -> Rendered:
    """Return what is on next, soonest first, in the reader's own zone."""
    zone = reader.tz
    blocks: list[Block] = [] if found.been else [section(WHAT_FOR)]
    if found.own:
        blocks += [section("*Yours*"), *_own_rows(found.own[:OWN_MOST], reader), divider()]
    blocks += [section(_head(found, zone)), *_controls(found)]
    blocks += [_row(row, zone, now) for row in found.rows]
    if found.pages > 1:
        blocks.append(_pages(found))
    if found.limits:
        blocks.append(context(f"Some free slots are left out, since {_why_left_out(found.limits)}."))
    blocks.append(actions(button("Waiting list", "waitlist.form"), button("What I have booked", "bookings.mine")))
    return Rendered("Office hours: what is on next", blocks)


def _head(found: Overview, zone: ZoneInfo) -> str:
    if found.rows:
        return f"*On next, soonest first*, in your time ({escape(zone.key.replace('_', ' '))})"
    if found.chosen != EVERYTHING:
        return "Nothing like that is on or free in the days ahead. Choose something else, or everything."
    return "No office hours are open or free in the days ahead. New ones appear here as soon as a TA adds them."


def _controls(found: Overview) -> list[Block]:
    options = [option("Everything", EVERYTHING)]
    options += [option(f"With {ta.called}", f"{TA}{ta.id}") for ta in found.tas[:60]]
    options += [option(f"About {topic}", f"{TOPIC}{topic}") for topic in found.topics[:30]]
    if len(options) == 1:
        return []
    return [actions(select("bookings.filter", options, found.chosen, "With whom, or about what?"))]


def _row(row: Next, zone: ZoneInfo, now: datetime) -> Block:
    if row.free is not None:
        when = span(row.starts_at, row.ends_at, zone)
        text = f"{when} with {name_of(row.ta)}{_about(row)}"
        return section(text, button("Book", f"bookings.form#{row.free.slot.id}", row.free.slot.id, "primary"))
    is_on = ":large_green_circle: *now* until " if row.starts_at <= now else ""
    when = clock(row.ends_at, zone) if is_on else span(row.starts_at, row.ends_at, zone)
    return section(
        f"{is_on}{when} with {name_of(row.ta)}{_about(row)}: come by, no booking needed\n{_place(row.session.place)}",
        join_button(row.session) if row.starts_at - AHEAD <= now else None,
    )


def _about(row: Next) -> str:
    return f", {escape(cut(row.session.topic, 100))}" if row.session.topic else ""


def _place(place: str) -> str:
    return f":round_pushpin: {escape(cut(place, 500))}" if place else ""


def _pages(found: Overview) -> Block:
    earlier = button("Sooner", "bookings.page#sooner", f"{found.page - 1}|{found.chosen}")
    later = button("Later", "bookings.page#later", f"{found.page + 1}|{found.chosen}")
    return actions(*[earlier] * (found.page > 0), *[later] * (found.page < found.pages - 1))


def _why_left_out(limits: frozenset[Why]) -> str:
    return " and ".join(words for why, words in LIMITS.items() if why in limits)


def soonest(found: Soonest, zone: ZoneInfo) -> Rendered:
    """Return the three slots to choose from with one press."""
    about = found.assignment.id if found.assignment else ""
    other = actions(button("Other times", "bookings.open", about), button("All office hours", "bookings.overview"))
    if not found.slots:
        why = f" Some slots are left out, since {_why_left_out(found.limits)}." if found.limits else ""
        return say(f"No slot is free in your waking hours in the days ahead.{why}", other)
    rows = [_slot_row(row, about, zone) for row in found.slots]
    return Rendered("The soonest slots", [section(_soonest_head(found, zone)), *rows, other])


def _soonest_head(found: Soonest, zone: ZoneInfo) -> str:
    """Return what stands above the slots; honest where they are not as wished."""
    title = f" for {title_of(found.assignment)}" if found.assignment else ""
    who = f" with {name_of(found.with_ta)}" if found.with_ta else ""
    wished = f"{who} {found.wish.words}" if found.wish else who
    slots = f"*The soonest slots*{title}{wished if found.is_met else ''}"
    missed = "" if found.is_met else f"No slot{wished} is free while you are awake. "
    return f"{missed}{slots} while you are awake ({escape(zone.key.replace('_', ' '))})"


def _slot_row(row: Next, about: str, zone: ZoneInfo) -> Block:
    slot_id = row.free.slot.id if row.free else ""
    text = f"{span(row.starts_at, row.ends_at, zone)} with {name_of(row.ta)}{_about(row)}"
    return section(text, button("Book", f"bookings.form#{slot_id}", f"{slot_id}|{about}", "primary"))


def mine(own: Sequence[Appointment], waiting: Sequence[Block], reader: Member) -> Rendered:
    """Return what a student holds or comes along to, and waits for, with the ways to change it."""
    book, on = button("Book office hours", "bookings.open"), button("What is on", "bookings.overview")
    more = actions(book, on, button("Waiting list", "waitlist.form"))
    if not own and not waiting:
        return say("You have nothing booked. A slot is three presses away.", more)
    head = "*Your bookings*, soonest first" if own else "You have nothing booked."
    return Rendered("Your bookings", [section(head), *_own_rows(own[:OWN_MOST], reader), *waiting, more])


def home_rows(own: Sequence[Appointment], waiting: Sequence[Block], reader: Member) -> list[Block]:
    """Return the part of Home about office hours: what is booked and waited for, and the way to book."""
    book = actions(button("Book office hours", "bookings.open"), button("What is on", "bookings.overview"))
    head = section("*Office hours*" if own else "*Office hours*: time with a TA, just for your questions")
    return [divider(), head, *_own_rows(own[:HOME_MOST], reader), *waiting[:HOME_MOST], book]


def _own_rows(own: Sequence[Appointment], reader: Member) -> Iterator[Block]:
    for one in own:
        by = "" if one.student.id == reader.id else f"\nBooked by {mention(one.student)}"
        yield section(f"{when_and_where(one, reader.tz, reader)}{by}{_what(one)}")
        yield actions(*change_buttons(one, reader))


def change_buttons(one: Appointment, reader: Member) -> list[Element]:
    """Return the ways to change a booking: whoever was only named in it can leave it."""
    cancel = button("Give up this slot", f"bookings.cancel#{one.booking.id}", one.booking.id, "danger") | {
        "confirm": SURE
    }
    move = button("Another time", f"bookings.move#{one.booking.id}", one.booking.id)
    return [move, cancel] if one.student.id == reader.id else [cancel]


def when_and_where(one: Appointment, zone: ZoneInfo, reader: Member | None = None) -> str:
    """Return when, with whom and where a booking is, for the student who made it or another who comes."""
    others = [fellow for fellow in one.fellows if fellow != reader]
    with_ = f" with {mention(one.ta)}"
    fellows = f", and {_names(others)}" if others else ""
    return f"{span(one.slot.starts_at, one.slot.ends_at, zone)}{with_}{fellows}\n{_place(one.session.place)}".strip()


def _what(one: Appointment) -> str:
    about = [title_of(one.assignment)] if one.assignment else []
    about += [escape(cut(one.booking.topic, 200))] if one.booking.topic else []
    return f"\nAbout: {', '.join(about)}" if about else ""


def _names(people: Sequence[Member]) -> str:
    return " and ".join(name_of(member) for member in people)


def booked(one: Appointment, zone: ZoneInfo) -> Rendered:
    """Return the answer after booking: when, where, with whom, and how to change it."""
    told = " They are told." if one.fellows else ""
    return say(
        f":white_check_mark: Booked: {when_and_where(one, zone)}{_what(one)}",
        context(f"{name_of(one.ta)} knows, and I remind you both {_reminded(one)}.{told}"),
        actions(*change_buttons(one, one.student)),
        context("Your calendar file comes by message. `/office-hours mine` shows this again."),
    )


def _reminded(one: Appointment) -> str:
    is_far = one.slot.starts_at - one.booking.booked_at > timedelta(days=1)
    return "the day before and shortly before" if is_far else "shortly before"


def moved(one: Appointment, zone: ZoneInfo) -> Rendered:
    """Return the answer after taking another slot."""
    return say(
        f":white_check_mark: Moved. It is now {when_and_where(one, zone)}{_what(one)}",
        context(f"Your slot of before is free for others, and {name_of(one.ta)} knows."),
        actions(*change_buttons(one, one.student)),
    )


def given_up(done: GivenUp, reader: Member, zone: ZoneInfo) -> Rendered:
    """Return the answer after cancelling, or after leaving somebody else's booking."""
    one = done.appointment
    again = actions(button("Book another", "bookings.open"), button("What is on", "bookings.overview"))
    when = span(one.slot.starts_at, one.slot.ends_at, zone)
    if not done.is_new:
        return say(f"The booking for {when} was cancelled before. Nothing changed.", again)
    if one.student.id != reader.id:
        return say(f"You are not coming along {when} any more. {name_of(one.student)} still goes.", again)
    told = "and ".join(f"{name_of(member)} " for member in (one.ta, *one.fellows))
    hear = "hear" if one.fellows else "hears"
    return say(f"Cancelled: {when}. {told}{hear} of it, and it doesn't count against you in any way.", again)


def span(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    """Return from when to when, as date tokens that each reader sees in their own zone."""
    return f"{date(starts_at, zone)} to {clock(ends_at, zone)}"


def clock(at: datetime, zone: ZoneInfo) -> str:
    """Return the time of day of an instant, as a date token; the fallback is in the zone given."""
    return f"<!date^{int(at.timestamp())}^{{time}}|{at.astimezone(zone):%H:%M}>"
