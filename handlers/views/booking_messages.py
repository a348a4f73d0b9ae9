"""What people are sent about bookings: cards, reminders, that one has ended, and whether it helped."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cohort.roster import Member
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Block,
    Rendered,
    Renderers,
    actions,
    button,
    context,
    cut,
    date,
    escape,
    mention,
    name_of,
    plain,
    say,
    section,
)
from handlers.views.bookings import change_buttons, span, when_and_where
from services.appointments import Appointment
from services.booking_letters import BookingCard, BookingEnded
from services.booking_reminders import BookingReminder, Recent
from services.unstuck import Totals, UnstuckAnswer, UnstuckQuestion

TOPIC_MOST = 2900


def card(found: BookingCard, zone: ZoneInfo) -> Rendered:
    """Return a booking as it is, with the ways to change it for students."""
    about = found.about
    if not found.is_theirs:
        return say(f"~{_whose(about, found.reader)}~: cancelled, nothing takes place for you any more.")
    now = "were" if found.is_over else "are now" if found.is_moved else "are booked"
    lines = _lines(about, found.reader, zone)
    blocks: list[Block] = [section(f":calendar: {_whose(about, found.reader)} {now}: {lines}"), *_topic(about)]
    if found.is_moved and about.session.moved_at is not None:
        why = f": {escape(cut(about.session.reason, 300))}" if about.session.reason else "."
        blocks.append(context(f"{name_of(about.ta)} moved these hours{why}"))
    if found.reader.id != about.ta.id and not found.is_over:
        blocks.append(actions(*change_buttons(about, found.reader)))
    return Rendered("Office hours", blocks)


def reminder(found: BookingReminder, zone: ZoneInfo) -> Rendered:
    """Return a reminder, for the TA with what the student handed in last."""
    about = found.about
    when = "begin in a few minutes" if found.is_soon else "are a day away"
    lines = _lines(about, found.reader, zone)
    blocks: list[Block] = [section(f":alarm_clock: {_whose(about, found.reader)} {when}: {lines}"), *_topic(about)]
    if found.recent:
        blocks.append(context("Handed in lately: " + "; ".join(_recent(each, zone) for each in found.recent)))
    if found.reader.id != about.ta.id:
        blocks.append(actions(*change_buttons(about, found.reader)))
    return Rendered("Office hours soon" if found.is_soon else "Office hours tomorrow", blocks)


def ended(found: BookingEnded, zone: ZoneInfo) -> Rendered:
    """Return that a booking does not take place, and that nothing is to be done."""
    about = found.about
    when = span(about.slot.starts_at, about.slot.ends_at, zone)
    if found.by is None:
        return say(f"{mention(about.student)} can't come to office hours {when}, so that booking has ended.")
    if about.stands:
        return say(f"{mention(found.by)} has moved to other office hours, so nobody comes {when} for now.")
    return say(f"{mention(found.by)} has cancelled office hours {when}. The slot is free again.")


def unstuck(found: UnstuckQuestion, zone: ZoneInfo) -> Rendered:
    """Return the one question afterwards."""
    about = found.about
    yes = button("Yes", "unstuck.yes", about.booking.id, "primary")
    not_yet = button("Not yet", "unstuck.not_yet", about.booking.id)
    text = (
        f"You were at office hours with {name_of(about.ta)}, {date(about.slot.starts_at, zone)}. Did you get unstuck?"
    )
    return say(text, actions(yes, not_yet), context("Only totals are ever shown to anyone."))


def unstuck_answer(done: UnstuckAnswer, zone: ZoneInfo) -> Rendered:
    """Return what follows an answer: thanks, or something longer and somebody else."""
    if done.helped:
        return say(":tada: Good to hear! Come back whenever it gets sticky again.")
    about = done.about.booking.assignment_id or ""
    blocks: list[Block] = [section("Thank you for saying so: some things take more than one go. What may help:")]
    for free in done.better:
        ta = (done.tas or {})[free.session.ta_id]
        text = f"{span(free.slot.starts_at, free.slot.ends_at, zone)} with {name_of(ta)}"
        press = button("Book", f"bookings.form#{free.slot.id}", f"{free.slot.id}|{about}", "primary")
        blocks.append(section(text, press))
    blocks.append(
        actions(button("Other times", "bookings.open", about), button("Ask a question", "asking.form", about))
    )
    return Rendered("What may help now", blocks)


def totals(found: Totals | None) -> str:
    """Return what organizers read of all answers together."""
    if found is None:
        return "Whether students got unstuck is shown once at least five of them have answered."
    return f"Got unstuck: {found.helped} of {found.helped + found.not_yet} answers after a booking."


def _whose(about: Appointment, reader: Member) -> str:
    if reader.is_staff:
        return f"Office hours with {mention(about.student)}"
    if reader.id == about.student.id:
        return "Your office hours"
    return f"Office hours that {mention(about.student)} booked for you too"


def _lines(about: Appointment, reader: Member, zone: ZoneInfo) -> str:
    """Return when, with whom and where."""
    if reader.id != about.ta.id:
        return when_and_where(about, zone, reader)
    fellows = f", with {_names(about.fellows)}" if about.fellows else ""
    where = f"\n:round_pushpin: {escape(cut(about.session.place, 500))}" if about.session.place else ""
    return f"{span(about.slot.starts_at, about.slot.ends_at, zone)}{fellows}{where}"


def _topic(about: Appointment) -> list[Block]:
    """Return what it is about; what the student wrote stands as they wrote it."""
    lines = [f"About {title_of(about.assignment)}"] if about.assignment else []
    lines += [escape(about.booking.link)] if about.booking.link else []
    blocks: list[Block] = [section("\n".join(lines))] if lines else []
    if about.booking.topic:
        blocks.append({"type": "section", "text": plain(cut(about.booking.topic, TOPIC_MOST))})
    return blocks


def _recent(recent: Recent, zone: ZoneInfo) -> str:
    state = {True: "passed", False: "not passed yet", None: "not graded yet"}[recent.passed]
    return f"{title_of(recent.assignment)} {date(recent.submission.submitted_at, zone)}, {state}"


def _names(people: Sequence[Member]) -> str:
    return " and ".join(mention(member) for member in people)


RENDERERS: Renderers = {
    BookingCard: card,
    BookingReminder: reminder,
    BookingEnded: ended,
    UnstuckQuestion: unstuck,
}
