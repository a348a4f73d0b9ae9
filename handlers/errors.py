"""The one place that turns what went wrong into what a person reads: what happened, what is safe, what to do."""

import re
from collections.abc import Callable
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from cohort import errors
from cohort.bookings import Why
from cohort.joining import IN_A_ROW, IN_ALL, DatesProblem, WrongStretch
from cohort.office_hours import HoursProblem
from handlers.views.blocks import escape, one_of, plain_date

_STATES = {
    "approved": "approved it",
    "declined": "declined it",
    "answered": "answered it",
    "talking": "is already talking with the student",
    "withdrawn": "The student took it back",
    "replaced": "The student asked again since, so this one is closed",
    "lapsed": "It closed by itself because nothing is left to decide",
    "cleared": "cleared it",
    "upheld": "upheld it",
}
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{6,20}")
_SETTLED = {
    "cancelled": "That assignment was cancelled, so there is nothing to give time for.",
    "excused": "That student is excused from it, so there is nothing to give time for.",
    "passed": "That student has passed it already, so there is nothing to give time for.",
    "dropped": "That student leaves it out, so there is nothing to give time for unless they take it back.",
    "no_due_time": "That assignment has no due time, so nobody needs more.",
    "not_handed_in": "There is nothing to hand in for that, so nobody needs more time.",
}
_STATUSES = {
    "paused": "You are paused at the moment, so nothing is due and nothing can be changed. "
    "When you want to come back, write to an organizer: they can resume you at once.",
}

_SLOTS = {
    Why.TAKEN: "Somebody else has just taken that slot.",
    Why.GONE: "Those office hours don't take place any more.",
    Why.TOO_SOON: "That slot begins too soon to be booked.",
    Why.TOO_FAR: "That slot is too far ahead to be booked yet.",
    Why.OWN_TIME: "You have another booking at that time.",
    Why.FELLOWS_TIME: "That time doesn't fit everyone you named. Another slot may, or book it alone.",
    Why.SAME_TA: "You have a booking with this TA already: move that one, or choose another TA.",
    Why.OPEN: "You have as many bookings ahead of you as anyone can have: move or cancel one first.",
    Why.WEEK: "You have as many bookings in that week as anyone can have; what is still free shortly before is yours.",
}

_HOURS = {
    HoursProblem.NO_PLACE: "Say where to come to: a link, or a room.",
    HoursProblem.ENDS_FIRST: "The last date lies before the first one.",
    HoursProblem.NO_SLOT: "Say how many minutes one slot has.",
    HoursProblem.SLOT_TOO_LONG: "One slot is longer than the part of your hours that can be booked.",
    HoursProblem.NO_OPEN_PART: "The open part has to be shorter than the whole, with time for slots after it.",
    HoursProblem.NO_DATE: "There is no such day between the first date and the last one, or the programme's end.",
}


def sentence(error: errors.CohortError, zone: ZoneInfo | None = None) -> str:
    """Return what someone reads about an error; instants are written in the zone given, else in UTC."""
    tell = _SENTENCES.get(type(error))
    if tell is None:
        return "Something did not work, and nothing was changed. Please try again."
    return tell(error, zone or ZoneInfo(str(UTC)))


def _not_active(error: errors.NotActive, _: ZoneInfo) -> str:
    if not error.about_self:
        status = "" if error.status == "active" else f" ({error.status})"
        return f"That person is not taking part at the moment{status}, so nothing was changed."
    fallback = (
        "You are not taking part in the programme at the moment, so this can't be used. "
        "If that is not right, write to an organizer."
    )
    return _STATUSES.get(error.status, fallback)


def _not_found(error: errors.NotFound, _: ZoneInfo) -> str:
    name = escape(error.name[:60])
    if error.closest:
        close = " or ".join(f"`{escape(slug)}`" for slug in error.closest)
        return f"I don't know an {error.what} called “{name}”. Did you mean {close}? Nothing was changed."
    if error.what == "request":
        return "That request is not there any more. Nothing was changed; `/extension list` shows what there is."
    if error.what == "booking":
        return "That booking is not there any more. Nothing was changed; `/office-hours mine` shows what you have."
    if error.what == "submission":
        return "That submission is not there any more. Nothing was changed; `/submit` shows what is open."
    if error.what == "office hours":
        return "Those office hours are not there any more. Nothing was changed; `/office-hours` shows what there is."
    if _SLACK_ID.fullmatch(name):
        return f"<@{name}> is not on the roster, so nothing was changed. An organizer can add them."
    article = "an" if error.what[0] in "aeiou" else "a"
    return f"I can't find {article} {error.what} called “{name}”. Nothing was changed; please check the spelling."


def _wrong_role(error: errors.WrongRole, _: ZoneInfo) -> str:
    wanted = "a student" if error.what == "student" else "a TA or an organizer"
    name, has = escape(error.name[:60]), {"ta": "a TA", "organizer": "an organizer"}.get(error.role, "a student")
    return f"{name} is {has}, and this needs {wanted}. Nothing was changed."


def _already(error: errors.AlreadyDecided, zone: ZoneInfo) -> str:
    done = _STATES.get(error.state, "closed it")
    if error.decided_by is None or error.state in {"withdrawn", "replaced", "lapsed"}:
        closed = done if done[0].isupper() else "It was settled by policy"
        return f"{closed}. Your press changed nothing."
    when = f" ({plain_date(error.decided_at, zone)})" if error.decided_at else ""
    return f"{escape(error.decided_by.called)} {done}{when}. Your press changed nothing."


def _unclear(error: errors.Unclear, _: ZoneInfo) -> str:
    return f"{error.what} Nothing was changed. This works: `{error.example}`"


def _unusable(error: errors.StoreUnusable, _: ZoneInfo) -> str:
    return (
        f"The bot can't write its records just now ({error.why}), so nothing was changed and nothing was lost. "
        "Please tell an organizer, and try again later."
    )


def _not_taken(error: errors.GradeNotTaken, zone: ZoneInfo) -> str:
    kept = "Your grade was not stored; what you typed still stands here, to copy if you need it."
    match error.why:
        case "graded":
            who = escape(error.by.called) if error.by else "Someone"
            when = f" ({plain_date(error.at, zone)})" if error.at else ""
            return f"{who} has graded it meanwhile{when}. {kept}"
        case "replaced":
            return f"A newer version was handed in meanwhile: open it once more to see it. {kept}"
        case "not_claimed":
            return "You haven't claimed that. `/grade-queue` shows what is yours and what is free; nothing was changed."
        case _:
            return f"Your claim ran out, and it is not free any more. {kept}"


def slot_sentence(error: errors.SlotRefused) -> str:
    """Return why a slot can't be taken, without what to do instead."""
    return _SLOTS[error.why]


def hours_sentence(error: errors.WrongHours) -> str:
    """Return what is wrong with office hours as they were entered."""
    return _HOURS[error.problem]


def stretch_sentence(wrong: WrongStretch) -> str:
    """Return what is wrong with a stretch of hard dates, and what to do about it."""
    return {
        DatesProblem.BACKWARDS: "The last day lies before the first one. Choose the first day again, or a later one.",
        DatesProblem.OVER: "These days are over already. Choose days to come, or clear both fields.",
        DatesProblem.TOO_LONG: (
            f"That is {wrong.days} days in a row, and {IN_A_ROW} is the most. Choose an earlier last day; `/extension` "
            "asks a TA about what needs more."
        ),
        DatesProblem.JOINED: (
            f"Stretches that touch or overlap count as one: these make {wrong.days} days in a row, and {IN_A_ROW} is "
            "the most. Make one of them shorter; `/extension` asks a TA about what needs more."
        ),
        DatesProblem.IN_ALL: (
            f"All your dates together make {wrong.days} days, and {IN_ALL} is the most. Make a stretch shorter or "
            "clear one; `/extension` asks a TA about what needs more."
        ),
    }[wrong.problem]


def overlap_sentence(error: errors.HoursOverlap, zone: ZoneInfo) -> str:
    """Return with what office hours would overlap."""
    starts, ends = plain_date(error.other.starts_at, zone), error.other.ends_at.astimezone(zone)
    return f"You have other hours then: {starts}, until {ends:%H:%M}. Choose another time, or change those first."


def _leader_busy(error: errors.LeaderBusy, zone: ZoneInfo) -> str:
    what = "leads something else" if error.leads else "has office hours"
    begins = plain_date(error.starts_at, zone)
    return f"{escape(error.name)} {what} at that time, from {begins} on. Choose another time, or somebody else."


def _date_over(error: errors.DateOver, _: ZoneInfo) -> str:
    if error.is_cancelled:
        return "Those hours were cancelled before, so there is nothing to change. `/office-hours` shows your week."
    return "Those hours have begun or are over, so they can't be changed any more. `/office-hours` shows your week."


def _event_full(error: errors.EventFull, _: ZoneInfo) -> str:
    taken = "The one place is taken" if error.places == 1 else f"All {error.places} places are taken"
    return f"{taken}, and nothing was changed. Places become free again; `/office-hours events` shows what else is on."


def _event_over(error: errors.EventOver, _: ZoneInfo) -> str:
    why = "does not take place" if error.is_cancelled else "is over"
    return f"That {why}, so nothing was changed. `/office-hours events` shows what is on."


def _booking_over(error: errors.BookingOver, _: ZoneInfo) -> str:
    if error.is_cancelled:
        return "That booking was cancelled before, and your press changed nothing. `/office-hours` shows what is free."
    return "That booking has begun or is over, so it can't be changed any more. If you can't come, write to the TA."


def _offer_over(error: errors.KeptNoLonger, zone: ZoneInfo) -> str:
    why = f"It was kept for you until {plain_date(error.since_at, zone)}" if error.since_at else "It was changed"
    wait = " You are still on the waiting list, and I write when the next one is free." if error.waits_on else ""
    return f"{why}, and has gone on to the next. Nothing was booked or lost.{wait} `/office-hours` shows what is free."


def _line_closed(error: errors.LineClosed, zone: ZoneInfo) -> str:
    if error.opens_at is None:
        return "That line is closed: those hours are over, or don't take place. `/office-hours` shows what is on next."
    return f"That line opens {plain_date(error.opens_at, zone)}. You lose nothing by coming then."


def _line_full(error: errors.LineFull, _: ZoneInfo) -> str:
    return (
        f"The line is full: there is room for {error.most} at a time. Places become free as people are helped, so try "
        "again in a while; `/office-hours book` has slots just for you."
    )


def _too_many(error: errors.TooManyFellows, _: ZoneInfo) -> str:
    if not error.most:
        return "Those hours are for one person at a time, so please book without fellow students."
    others = "one other" if error.most == 1 else f"{error.most} others"
    return f"At most {others} can come along with you. Nothing was booked yet."


def _busy(_: errors.StoreBusy, __: ZoneInfo) -> str:
    return "Lots is going on this second, so nothing was changed and nothing was lost. Please try again."


def _date_passed(error: errors.DatePassed, zone: ZoneInfo) -> str:
    return f"{plain_date(error.until_at, zone)} is already past, so it can't be the new due time. Choose a later one."


def _too_late(error: errors.DateTooLate, zone: ZoneInfo) -> str:
    last = plain_date(error.hard_due_at, zone)
    return f"The last moment anyone may hand this in is {last}. Choose a time up to then."


def _not_later(error: errors.DateNotLater, zone: ZoneInfo) -> str:
    return f"There is time until {plain_date(error.effective_due_at, zone)} already. Choose a later time."


_SENTENCES: dict[type[errors.CohortError], Callable[[Any, ZoneInfo], str]] = {
    errors.UnknownZone: lambda e, _: f"“{escape(e.name)}” is not a time zone; use a name like Europe/London.",
    errors.NotOnRoster: lambda e, _: (
        "I don't find you on this programme's roster, so I can't do that. If you should be on it, "
        f"ask {one_of(e.organizers)} to add the email address of your Slack account."
    ),
    errors.NotActive: _not_active,
    errors.NotAllowed: lambda e, _: f"Only {e.allowed} can do that, so nothing was changed.",
    errors.NotFound: _not_found,
    errors.WrongRole: _wrong_role,
    errors.AlreadyDecided: _already,
    errors.AlreadySettled: lambda e, _: f"{_SETTLED[e.why]} Nothing was changed.",
    errors.DatePassed: _date_passed,
    errors.DateTooLate: _too_late,
    errors.DateNotLater: _not_later,
    errors.ReasonNeeded: lambda e, _: f"This needs {e.what}. Nothing was changed.",
    errors.GradeNotTaken: _not_taken,
    errors.SlotRefused: lambda e, _: f"{_SLOTS[e.why]} Nothing was changed; `/office-hours` shows what is free.",
    errors.EventFull: _event_full,
    errors.EventOver: _event_over,
    errors.EventNotBegun: lambda e, zone: (
        f"Who is there is noted from {plain_date(e.from_at, zone)} on; nothing was changed."
    ),
    errors.WrongHours: lambda e, _: f"{_HOURS[e.problem]} Nothing was changed.",
    errors.WrongDates: lambda e, _: f"{stretch_sentence(e.wrong[0])} Nothing was changed.",
    errors.HoursOverlap: lambda e, zone: f"{overlap_sentence(e, zone)} Nothing was changed.",
    errors.LeaderBusy: _leader_busy,
    errors.OutsideProgramme: lambda e, _: (
        f"That day lies outside the programme, which runs from {e.starts_on} to {e.ends_on}. Nothing was changed."
    ),
    errors.DateOver: _date_over,
    errors.TooManyFellows: _too_many,
    errors.BookingOver: _booking_over,
    errors.KeptNoLonger: _offer_over,
    errors.LineClosed: _line_closed,
    errors.LineFull: _line_full,
    errors.ChangedMeanwhile: lambda e, _: (
        f"Somebody else changed this while your form was open: it is {escape(e.now[:80])} now. Nothing of yours was "
        "written; close the form, open it again and look."
    ),
    errors.NotByForm: lambda e, _: f"{escape(e.why)} Nothing was changed.",
    errors.Unclear: _unclear,
    errors.StoreBusy: _busy,
    errors.StoreUnusable: _unusable,
    errors.AlreadySeen: lambda _, __: (
        "That is done already; nothing changed the second time. `/extension list` shows how it stands."
    ),
}
