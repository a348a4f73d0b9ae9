"""How office hours are spread and used, as organizers see it."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cohort.coverage import BLOCK_HOURS, GROUP_LEAST, Attended, Coverage, Region
from handlers.views.blocks import Block, Rendered, context, escape, in_chunks, name_of, section
from handlers.views.booking_messages import totals
from handlers.views.bookings import span
from services.coverage import HoursReport

LISTED, ZONES = 12, 3


def report(found: HoursReport, zone: ZoneInfo) -> Rendered:
    """Return hours by region and by the hours of a day, then the crowded sessions, the empty ones and the rest."""
    blocks = [*_spread(found.coverage), *_used(found, zone), context(totals(found.unstuck))]
    return Rendered("Office hours: coverage", blocks)


def _spread(found: Coverage) -> list[Block]:
    if found.students < GROUP_LEAST:
        return [section("There are too few students to say anything about groups of them.")]
    head = f"*The next seven days: {_hours(found.hours)} of office hours*"
    note = (
        "Hours of several TAs at one time count each. Awake is outside the quiet hours of reminders; groups of fewer "
        f"than {GROUP_LEAST} students are counted together, or in the total alone."
    )
    gaps_first = sorted(found.regions, key=lambda region: region.without == 0)
    lines = [_region(region) for region in gaps_first]
    return [section(head), *map(section, in_chunks(lines)), section(_table(found)), context(note)]


def _region(region: Region) -> str:
    if region.without:
        return _gap(region)
    return f"• *{escape(region.name)}*: {region.students} students, {_hours(region.hours)} while they are awake"


def _gap(region: Region) -> str:
    """Return a gap in words: who has no hours while awake, and when most of those are."""
    is_told = region.without >= GROUP_LEAST
    who = "all" if region.without == region.students else str(region.without) if is_told else "a few"
    more = ", …" if len(region.zones) > ZONES else ""
    where = f" ({escape(', '.join(region.zones[:ZONES]).replace('_', ' '))}{more})" if is_told else ""
    median = f"; the median of all has {_hours(region.hours)}" if region.hours else ""
    best = f" Most of those are awake {_span(region.best)}." if region.best is not None else ""
    return (
        f":warning: *{escape(region.name)}*: {who} of {region.students} students{where} have no hours while they are "
        f"awake{median}.{best}"
    )


def _table(found: Coverage) -> str:
    rows = [
        f"{_span(block.starts):<13}{_hours(block.hours):>12}{_awake(block.awake):>12} of {found.students}"
        for block in found.blocks
    ]
    return "\n".join(["```", f"{'each day':<13}{'held':>12}{'awake':>12}", *rows, "```"])


def _awake(students: int) -> str:
    return f"under {GROUP_LEAST}" if 0 < students < GROUP_LEAST else str(students)


def _span(starts: int) -> str:
    return f"{starts:02}–{starts + BLOCK_HOURS:02} UTC"


def _hours(hours: float) -> str:
    if not hours:
        return "no hours"
    return "one hour" if hours == 1 else f"{hours:g} hours"


def _used(found: HoursReport, zone: ZoneInfo) -> list[Block]:
    if not found.attended:
        return [section("No office hours were held in the last four weeks.")]
    came = sum(one.came for one in found.attended)
    crowded = [one for one in found.attended if one.is_crowded]
    empty = [one for one in found.attended if one.is_empty and not one.is_crowded]
    rest = [one for one in found.attended if not one.is_crowded and not one.is_empty]
    many = "one session" if len(found.attended) == 1 else f"{len(found.attended)} sessions"
    return [
        section(f"*The last four weeks: {many}, {came} came*"),
        *_listed("Crowded: every slot was booked, or someone in line was not reached", crowded, found, zone),
        *_listed("Empty: nobody came", empty, found, zone),
        *_listed("The others", rest, found, zone),
    ]


def _listed(title: str, sessions: Sequence[Attended], found: HoursReport, zone: ZoneInfo) -> list[Block]:
    if not sessions:
        return []
    lines = [f"• {_session(one, found, zone)}" for one in sessions[:LISTED]]
    more = [context(f"And {len(sessions) - LISTED} more.")] if len(sessions) > LISTED else []
    return [section(f"*{title}* ({len(sessions)})"), *map(section, in_chunks(lines)), *more]


def _session(one: Attended, found: HoursReport, zone: ZoneInfo) -> str:
    parts = [f"{one.came} came"]
    if one.slots:
        parts.append(f"{one.booked} of {one.slots} slots booked")
    if one.unreached:
        parts.append(f"{one.unreached} in line not reached")
    when = span(one.session.starts_at, one.session.ends_at, zone)
    return f"{name_of(found.tas[one.session.ta_id])}, {when}: {', '.join(parts)}"
