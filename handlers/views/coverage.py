"""How office hours are spread and used, as organizers see it."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from cohort.coverage import BLOCK_HOURS, GROUP_LEAST, OTHERS, Coverage, Region, Used
from handlers.views.blocks import Block, Rendered, context, escape, in_chunks, name_of, section
from handlers.views.booking_messages import totals
from handlers.views.bookings import span
from services.coverage import HoursReport

LISTED, ZONES = 12, 3


def report(found: HoursReport, zone: ZoneInfo) -> Rendered:
    """Return hours by region and by the hours of a day, then the crowded ones, the empty ones and the rest."""
    blocks = [*_spread(found.coverage, found.tz), *_used(found, zone), context(totals(found.unstuck))]
    return Rendered("Office hours: coverage", blocks)


def _spread(found: Coverage, tz: ZoneInfo) -> list[Block]:
    if found.students < GROUP_LEAST:
        return [section("There are too few students to say anything about groups of them.")]
    head = f"*The next seven days: {_hours(found.hours)} of office hours*"
    note = (
        "Hours of several TAs at one time count each. Awake is outside the quiet hours of reminders; groups of "
        f"fewer than {GROUP_LEAST} students are counted together, or in the total alone."
    )
    lines = [*(_gap(region) for region in found.regions if region.without >= GROUP_LEAST), *map(_region, found.regions)]
    return [section(head), *map(section, in_chunks(lines)), section(_table(found, tz)), context(note)]


def _region(region: Region) -> str:
    text = f"• *{escape(region.name)}*: {region.students} students, {_hours(region.hours)} while they are awake"
    return f"{text}, at longest {_stretch(region.longest)} without" if region.hours else text


def _gap(region: Region) -> str:
    """Return a gap in words: who has no hours while awake, and when most of those are; of a few others, nothing."""
    place = "elsewhere" if region.name == OTHERS else f"in {escape(region.name)}"
    others = region.students - region.without
    who = "nearly all students" if 0 < others < GROUP_LEAST else f"{region.without} students"
    more = ", …" if len(region.zones) > ZONES else ""
    where = f" ({escape(', '.join(region.zones[:ZONES]).replace('_', ' '))}{more})" if region.zones else ""
    best = f" Most of them are awake {_span(region.best)}." if region.best is not None else ""
    return f":warning: {who} {place}{where} have no hours while they are awake.{best}"


def _table(found: Coverage, tz: ZoneInfo) -> str:
    rows = [f"{_span(block.starts):<8}{_hours(block.hours):>12}{_awake(block.awake):>10}" for block in found.blocks]
    return "\n".join(["```", tz.key, f"{'each day':<8}{'held':>12}{'awake':>10}", *rows, "```"])


def _awake(students: float) -> str:
    return f"under {GROUP_LEAST}" if 0 < students < GROUP_LEAST else str(round(students))


def _span(starts: int) -> str:
    return f"{starts:02}–{starts + BLOCK_HOURS:02}"


def _hours(hours: float) -> str:
    if not hours:
        return "no hours"
    shown = f"{round(hours, 1):g}"
    return "one hour" if shown == "1" else f"{shown} hours"


def _stretch(length: timedelta) -> str:
    """Return a length as days and hours, whole hours only."""
    days, hours = divmod(round(length / timedelta(hours=1)), 24)
    return " ".join([f"{days} d"] * bool(days) + [f"{hours} h"] * bool(hours or not days))


def _used(found: HoursReport, zone: ZoneInfo) -> list[Block]:
    if not found.used:
        return [section("No office hours were held in the last four weeks.")]
    came, dates = sum(each.came for each in found.used), sum(each.dates for each in found.used)
    crowded = [each for each in found.used if each.is_crowded]
    empty = [each for each in found.used if each.is_empty and not each.is_crowded]
    rest = [each for each in found.used if not each.is_crowded and not each.is_empty]
    return [
        section(f"*The last four weeks: {_dates(dates)}, {came} came*"),
        *_listed("Crowded: far more came than to others, or there was no room", crowded, found, zone),
        *_listed("Empty: nobody came", empty, found, zone),
        *_listed("The others", rest, found, zone),
    ]


def _listed(title: str, some: Sequence[Used], found: HoursReport, zone: ZoneInfo) -> list[Block]:
    if not some:
        return []
    lines = [f"• {_line(each, found, zone)}" for each in some[:LISTED]]
    more = [context(f"And {len(some) - LISTED} more.")] if len(some) > LISTED else []
    return [section(f"*{title}* ({len(some)})"), *map(section, in_chunks(lines)), *more]


def _line(each: Used, found: HoursReport, zone: ZoneInfo) -> str:
    parts = [f"{each.came} came ({each.an_hour:.1f} an hour)" if each.came else "nobody came"]
    if each.slots:
        parts.append(f"{each.booked} of {each.slots} slots booked")
    if each.unreached:
        parts.append(f"{each.unreached} in line not reached")
    if each.empty and each.came:
        parts.append(f"nobody on {_dates(each.empty)}")
    when = span(each.last.starts_at, each.last.ends_at, zone)
    return f"{name_of(found.tas[each.last.ta_id])}, {_dates(each.dates)}, last {when}: {', '.join(parts)}"


def _dates(count: int) -> str:
    return "one date" if count == 1 else f"{count} dates"
