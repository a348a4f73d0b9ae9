"""The welcome of whoever joins, and what dates that are hard do to due times."""

import datetime
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cohort.joining import HardDates, Kept, Moved, Why
from cohort.policy import Policy
from cohort.roster import Role
from cohort.workload import DayLoad
from handlers.views.assignments import title_of
from handlers.views.blocks import (
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
    say,
    section,
)
from handlers.views.policy import hard_dates_rule, hours_last_time
from handlers.views.policy_rules import in_short
from handlers.views.workload import crowd_warning
from services.joining import Named, Proposed, Welcome

STRETCHES = 3
SHOWN_MOST = 12
CROWDS_MOST = 3
SLUGS_MOST = 5
STAYS = {
    Why.EXAM: "an exam keeps its time",
    Why.LAST_MOMENT: "it is due at the last moment already",
}
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


def dates_form(named: Named, policy: Policy) -> View:
    """Return the form for dates that are hard, with those that were named; no reason is asked."""
    blocks = [
        section(
            "Weddings, exams elsewhere, a move: name the days, not the reason. I propose later due times for what "
            "falls on them, and you decide."
        ),
        context(hard_dates_rule(policy)),
    ]
    if named.used:
        blocks.append(context(f"These have moved due times already, and count: {_stretches(named.used)}."))
    for place in range(STRETCHES):
        one = named.dates[place] if place < len(named.dates) else None
        first, last = (one.from_on, one.to_on) if one else (None, None)
        blocks += [
            field_of(f"from_{place}", "From", _picker(f"from_{place}", first), optional=True),
            field_of(f"to_{place}", "To, that day too", _picker(f"to_{place}", last), optional=True),
        ]
    return modal("Dates that are hard", blocks, callback_id="joining.dates", submit="Show me")


def _picker(action_id: str, on: datetime.date | None) -> Element:
    element: Element = {"type": "datepicker", "action_id": action_id}
    return element | ({"initial_date": on.isoformat()} if on else {})


def _stretches(dates: Sequence[HardDates]) -> str:
    """Return stretches of days in words."""
    return ", ".join(
        _short(one.from_on) if one.days == 1 else f"{_short(one.from_on)} to {_short(one.to_on)}" for one in dates
    )


def _short(on: datetime.date) -> str:
    return f"{on:%a} {on.day} {on:%b}"


def proposed(found: Proposed, zone: ZoneInfo) -> Rendered:
    """Return what would be due later, with one press to accept it; once accepted, what is due when."""
    if not found.moved and found.kept:
        text = "Thank you for telling me. What is due on those days I can't move by myself, so nothing changes yet:"
        return say(f"{text}\n{_stays(found.kept)}", *_instead(found.kept))
    if not found.moved:
        kept = "Nothing is due on those days" if found.dates else "No dates are noted"
        return say(f"{kept}, so nothing changes. You can name dates until the end of the first week.")
    rows = _rows([_line(one, zone) for one in found.moved])
    if found.is_done:
        return say(f":white_check_mark: Done. These are due later for you now:\n{rows}", *_left(found))
    accept = actions(button("Move them", "joining.accept", "", "primary"), button("Other dates", "joining.dates"))
    text = f"This is what would be due later for you, and for nobody else:\n{rows}"
    return say(text, *_at_once(found), accept, *_left(found))


def _rows(lines: Sequence[str]) -> str:
    more = f"\n… and {len(lines) - SHOWN_MOST} more" if len(lines) > SHOWN_MOST else ""
    return "\n".join(lines[:SHOWN_MOST]) + more


def _line(one: Moved, zone: ZoneInfo) -> str:
    cut_short = ": on those days still, but later is not possible" if one.is_cut else ""
    return f"• {title_of(one.assignment)}: {date(one.until_at, zone)} instead of {date(one.due_at, zone)}{cut_short}"


def _at_once(found: Proposed) -> list[Block]:
    """Return what would be due at once then: a warning where it is too much, else a line a day."""
    full = {load.on for crowd in found.crowds for load in (crowd.first, crowd.second)}
    days = [f"{_short(load.on)}: {_slugs(load)}" for load in found.shared if load.on not in full]
    blocks = [crowd_warning(crowd) for crowd in found.crowds[:CROWDS_MOST]]
    if days:
        blocks.append(context(f"Due on the same day then: {'; '.join(days[:SHOWN_MOST])}."))
    if found.crowds:
        blocks.append(context("That is a lot at once. You can still move them, and ask for more time for one of them."))
    return blocks


def _slugs(load: DayLoad) -> str:
    more = f" and {len(load.work) - SLUGS_MOST} more" if len(load.work) > SLUGS_MOST else ""
    return ", ".join(escape(one.slug) for one in load.work[:SLUGS_MOST]) + more


def _left(found: Proposed) -> list[Block]:
    """Return what keeps its due time though others move, and what to do about it."""
    return [section(f"These stay as they are:\n{_stays(found.kept)}"), *_instead(found.kept)] if found.kept else []


def _stays(kept: Sequence[Kept]) -> str:
    return _rows([f"• {title_of(one.assignment)}: {STAYS[one.why]}" for one in kept])


def _instead(kept: Sequence[Kept]) -> list[Block]:
    """Return what to do about what keeps its due time; the form has the first of it chosen."""
    more = button("Ask for more time", "extensions.form", kept[0].assignment.id)
    return [
        context("A person can look for a way with you: no reason is needed, and the sooner the better."),
        actions(button("I'd rather talk", "home.talk"), more),
    ]


RENDERERS: Renderers = {Welcome: welcome}
