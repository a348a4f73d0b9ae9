"""A TA's own hours as they see them: their week, each series, and what became of what they changed."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cohort.office_hours import HoursKind, Series
from cohort.times import WEEKDAYS
from handlers.views.blocks import (
    Block,
    Rendered,
    Renderers,
    actions,
    button,
    context,
    cut,
    escape,
    name_of,
    plain_date,
    say,
    section,
)
from handlers.views.bookings import span
from services.hours_letters import CalledOff
from services.office_hours import HeldDate, Week
from services.series_changes import Affected

# A message has fifty blocks.
BLOCKS_MOST, DATES_MOST, SERIES_MOST, NAMED = 50, 18, 12, 6
# A heading, a sentence on the dates that are left out and one on the series, and the button at the end.
FRAME = 4


def week(found: Week, zone: ZoneInfo, panel: Sequence[Block] = ()) -> Rendered:
    """Return a TA's dates of the next two weeks and their series, with the ways to change both.

    `panel` is what stands on top while their hours are on.
    """
    blocks: list[Block] = list(panel)
    room = BLOCKS_MOST - FRAME - len(blocks)
    shown = found.dates[: max(min(DATES_MOST, room), 0)]
    series_most = max(min(SERIES_MOST, (room - len(shown)) // 2), 0)
    if shown:
        blocks += [section("*Your hours in the next two weeks*"), *(_date(one, zone) for one in shown)]
    elif not found.dates and not found.series:
        blocks.append(section("You hold no office hours yet. Two hours a week, at a time that suits you, are plenty."))
    elif not found.dates:
        blocks.append(section("None of your hours fall into the next two weeks."))
    if len(found.dates) > len(shown):
        blocks.append(context(f"And {len(found.dates) - len(shown)} more dates in these two weeks."))
    for series in found.series[:series_most]:
        blocks += _series(series, found)
    if len(found.series) > series_most:
        blocks.append(context(f"And {len(found.series) - series_most} more series."))
    blocks.append(actions(button("Add office hours", "office_hours.add", style="primary")))
    return Rendered("Your office hours", blocks)


def added(series: Series, dates: int, zone: ZoneInfo) -> Rendered:
    """Return that hours were added."""
    many = "one date" if dates == 1 else f"{dates} dates"
    text = f":white_check_mark: Added: {series_words(series)}, {many}. Students see them in `/office-hours`."
    return say(text, context(_zone(series, zone)))


def changed(found: Affected, zone: ZoneInfo) -> Rendered:
    """Return that hours were changed."""
    return say(
        f":white_check_mark: Changed: {series_words(found.series)}, from the next date on.{_told(found)}",
        context(_zone(found.series, zone)),
    )


def ended(found: Affected) -> Rendered:
    """Return that hours come no more."""
    return say(f":white_check_mark: Ended: {series_words(found.series)}.{_told(found)}")


def others_now() -> Rendered:
    """Return that a change was not made, since it would mean something else now."""
    return say(
        "Somebody has booked or cancelled since you looked, so nothing was changed. Open the form once more to see "
        "who is affected now."
    )


def date_cancelled(found: HeldDate, zone: ZoneInfo) -> Rendered:
    """Return that one date was cancelled."""
    when = span(found.session.starts_at, found.session.ends_at, zone)
    told = _count(len(found.booked), "is told and offered the next free slots first")
    return say(f":white_check_mark: Cancelled: {when}.{told}")


def date_moved(found: HeldDate, zone: ZoneInfo) -> Rendered:
    """Return that one date was moved."""
    when = span(found.session.starts_at, found.session.ends_at, zone)
    return say(f":white_check_mark: Moved to {when}.{_count(len(found.booked), 'comes along and is told')}")


def called_off(found: CalledOff, zone: ZoneInfo) -> Rendered:
    """Return to a student that their booking can't be kept, and that something comes first for them."""
    about = found.about
    when = span(about.slot.starts_at, about.slot.ends_at, zone)
    why = f"\n> {escape(cut(found.reason, 300))}" if found.reason else ""
    first = (
        "You go first for the next free slot: I offer it to you before anyone else. Or choose one yourself:"
        if found.reader.id == about.student.id
        else f"{name_of(about.student)}, who booked, goes first for the next free slot."
    )
    choose = button("Other times", "bookings.open", about.booking.assignment_id or "")
    ways = [actions(choose)] if found.reader.id == about.student.id else []
    return say(f"{name_of(about.ta)} can't hold office hours {when}, sorry.{why}\n{first}", *ways)


def series_words(series: Series) -> str:
    """Return hours in one line."""
    ends = series.starts.hour * 60 + series.starts.minute + series.minutes
    kinds = {
        HoursKind.OPEN: "open to anyone",
        HoursKind.BOOKABLE: f"slots of {series.slot_minutes} minutes",
        HoursKind.BOTH: f"{series.open_minutes} minutes open, then slots of {series.slot_minutes}",
    }
    times = f"{series.starts:%H:%M}–{ends // 60 % 24:02}:{ends % 60:02}"
    topic = f", {escape(series.topic)}" if series.topic else ""
    return f"*{WEEKDAYS[series.weekday].title()}s {times}*, {kinds[series.kind]}{topic}"


def _date(one: HeldDate, zone: ZoneInfo) -> Block:
    if one.session.cancelled_at is not None:
        return section(f"~{span(one.session.starts_at, one.session.ends_at, zone)}~ cancelled")
    return section(date_words(one, zone), button("Change", f"office_hours.date#{one.session.id}", one.session.id))


def date_words(one: HeldDate, zone: ZoneInfo) -> str:
    """Return when a date is and who comes."""
    names = [f"{name_of(about.student)}" for about in one.booked[:NAMED]]
    more = [f"{len(one.booked) - NAMED} more"] if len(one.booked) > NAMED else []
    comes = f"booked by {', '.join([*names, *more])}" if names else "nobody has booked yet"
    is_open = one.session.open_until_at == one.session.ends_at
    who = "open to anyone" if is_open else f"{comes}; {one.free} free"
    return f"{span(one.session.starts_at, one.session.ends_at, zone)}: {who}"


def _series(series: Series, found: Week) -> list[Block]:
    away = "" if series.zone == found.ta.zone else f" ({_both_zones(series, found)})"
    until = f"{series.last_on:%a} {series.last_on.day} {series.last_on:%b}"
    row = actions(
        button("Change", f"office_hours.series#{series.id}", series.id),
        button("End", f"office_hours.ending#{series.id}", series.id),
    )
    return [section(f"{series_words(series)}{away}, until {until}\n{escape(cut(series.place, 300))}"), row]


def _both_zones(series: Series, found: Week) -> str:
    """Return whose time a series keeps, and what that comes to next where its TA is now."""
    named = f"{escape(series.zone.replace('_', ' '))} time"
    coming = (one.session for one in found.dates if one.session.series_id == series.id)
    upcoming = next((one for one in coming if one.cancelled_at is None), None)
    if upcoming is None:
        return named
    return f"{named}; next where you are: {plain_date(upcoming.starts_at, found.ta.tz)}"


def _zone(series: Series, zone: ZoneInfo) -> str:
    named = series.zone.replace("_", " ")
    other = "" if series.zone == zone.key else " Everyone, you too, reads them in their own time."
    return f"Times are those of {named}, also when clocks change there.{other}"


def _told(found: Affected) -> str:
    moved = _count(len(found.moved), "moves along and is told")
    return f"{moved}{_count(len(found.gone), 'is told and offered the next free slots first')}"


def _count(number: int, what: str) -> str:
    """Return what becomes of so many bookings, as a sentence; nothing for none."""
    if not number:
        return ""
    several = what.replace("is told", "are told").replace("moves along", "move along").replace("comes", "come")
    return f" One booking {what}." if number == 1 else f" {number} bookings {several}."


RENDERERS: Renderers = {CalledOff: called_off}
