"""The welcome of whoever joins, and what dates that are hard do to due times."""

import datetime
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cohort.joining import HardDates, Moved
from cohort.roster import Role
from handlers.views.assignments import title_of
from handlers.views.blocks import (
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
    say,
    section,
)
from handlers.views.policy import hours_last_time
from handlers.views.policy_rules import in_short
from services.joining import Proposed, Welcome

STRETCHES = 3
SHOWN_MOST = 12
TA_NEEDS = (
    "`/extension list`: requests that wait for a decision",
    "`/grade-queue`: what waits to be graded",
    "`/office-hours add`: your weekly hours",
    "`/cohort follow-ups`: the students you follow up",
    "`/cohort away until friday`: hands over all you hold; no reason is asked",
)
ORGANIZER_NEEDS = (
    "Home: how everyone stands, what is overdue, and the exports",
    "`/cohort digest`: the week in numbers; it comes to you once a week as well",
    "`/cohort roster`: everyone on the roster, to look up and to change",
    "A table (CSV) sent to me here imports the roster, assignments, hand-ins or grades; you see first what it changes",
    "`/cohort policy`: the rules as students read them",
    "`/cohort follow-ups all`: whom somebody is to get in touch with, and who has not begun",
)
ORGANIZER_HEARS = (
    "I write to you at once where someone may be in distress or time runs out for a decision of yours. What can wait "
    "comes once a day of a kind. The TAs hear of everyday requests, and you need not."
)


def welcome(found: Welcome, zone: ZoneInfo) -> Rendered:
    """Return the welcome of a student, of a TA, or of an organizer."""
    match found.member.role:
        case Role.STUDENT:
            return _student(found, zone)
        case Role.TA:
            return _for_staff(found, TA_NEEDS, "Home has it all in one place.")
        case Role.ORGANIZER:
            return _for_staff(found, ORGANIZER_NEEDS, ORGANIZER_HEARS)


def _student(found: Welcome, zone: ZoneInfo) -> Rendered:
    name = escape(found.policy.programme.name)
    rules = "\n".join(f"• {line}" for line in in_short(found.policy, zone, found.member.accommodation_days))
    row = [button("I have the time: count me in", "joining.count_in", "", "primary")]
    if found.can_name_dates:
        row.append(button("Dates I already know are hard", "joining.dates"))
    blocks = [
        section(f":wave: Welcome to *{name}*, {name_of(found.member)}! I help with its everyday things."),
        section(f"*What it asks:* {_hours(found)}. It begins on {_day(found.policy.programme.starts_on)}."),
        section(f"*The rules in short*\n{rules}\n`/cohort policy` has all of them."),
        section(_about_you(found), button("That's wrong", "joining.wrong")),
        section(
            "*Office hours* are time with a TA, just for your questions, however small.",
            button("What is on", "bookings.overview"),
        ),
        actions(*row),
        context("Ask me anything in plain words, right here. Asking for time is normal, and needs no reason."),
    ]
    return Rendered(f"Welcome to {name}!", blocks)


def _hours(found: Welcome) -> str:
    least, most = found.policy.checkins.hours_promised
    parts = [f"{least:g} to {most:g} hours a week"]
    if found.policy.checkins.hours_last_time is not None:
        parts.append(f"in the last cohort {hours_last_time(found.policy)}")
    if found.hours is not None:
        parts.append(f"the work that is planned is reckoned at {found.hours:.0f} a week on average")
    return "; ".join(parts)


def _about_you(found: Welcome) -> str:
    zone = found.member.tz
    local = found.now.astimezone(zone)
    return (
        f"*By my clock it is {local:%H:%M} where you are* ({escape(zone.key.replace('_', ' '))}), and the address I "
        f"know is {escape(found.member.email)}."
    )


def _day(on: datetime.date) -> str:
    return f"{on:%A} {on.day} {on:%B %Y}"


def _for_staff(found: Welcome, needs: Sequence[str], small: str) -> Rendered:
    name = escape(found.policy.programme.name)
    lines = "\n".join(f"• {line}" for line in needs)
    text = f":wave: Welcome to *{name}*, {name_of(found.member)}! What you need most:\n{lines}"
    check = section(_about_you(found), button("That's wrong", "joining.wrong"))
    return Rendered(f"Welcome to {name}!", [section(text), check, context(small)])


def put_right(found: Welcome) -> Rendered:
    """Say how zone and address are put right."""
    whom = ", ".join(mention(one) for one in found.contacts[:3]) or "an organizer"
    return say(
        "Your time zone comes from Slack: *Preferences → Language & Region*, and I follow within a day. "
        f"For the address, tell {whom}: it is how your work is matched to you."
    )


def counted_in(*, is_new: bool) -> Rendered:
    """Answer “count me in”."""
    return say(
        "Good to have you with us. :seedling:" if is_new else "I have you down already. Good to have you with us."
    )


def dates_form(named: Sequence[HardDates]) -> View:
    """Return the form for dates that are hard; no reason is asked."""
    blocks = [
        section(
            "Weddings, exams elsewhere, a move: name the days, not the reason. I propose later due times for what "
            "falls on them, and you decide."
        )
    ]
    for place in range(STRETCHES):
        first, last = (named[place].from_on, named[place].to_on) if place < len(named) else (None, None)
        blocks += [
            field_of(f"from_{place}", "From", _picker(f"from_{place}", first), optional=True),
            field_of(f"to_{place}", "To, that day too", _picker(f"to_{place}", last), optional=True),
        ]
    return modal("Dates that are hard", blocks, callback_id="joining.dates", submit="Show me")


def _picker(action_id: str, on: datetime.date | None) -> Element:
    element: Element = {"type": "datepicker", "action_id": action_id}
    return element | ({"initial_date": on.isoformat()} if on else {})


def proposed(found: Proposed, zone: ZoneInfo) -> Rendered:
    """Return what would be due later, with one press to accept it; once accepted, what is due when."""
    if not found.moved:
        kept = "Nothing is due on those days" if found.dates else "No dates are noted"
        return say(f"{kept}, so nothing changes. You can name dates until the end of the first week.")
    rows = "\n".join(_line(one, zone) for one in found.moved[:SHOWN_MOST])
    if found.is_done:
        return say(f":white_check_mark: Done. These are due later for you now:\n{rows}")
    accept = actions(button("Move them", "joining.accept", "", "primary"), button("Other dates", "joining.dates"))
    return say(f"This is what would be due later for you, and for nobody else:\n{rows}", accept)


def _line(one: Moved, zone: ZoneInfo) -> str:
    return f"• {title_of(one.assignment)}: {date(one.until_at, zone)} instead of {date(one.due_at, zone)}"


RENDERERS: Renderers = {Welcome: welcome}
