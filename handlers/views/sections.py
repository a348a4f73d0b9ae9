"""What people read of the sections that are asked for each week."""

from collections.abc import Sequence
from datetime import date as day
from zoneinfo import ZoneInfo

from cohort.sections import SectionWeek, WeekMark
from handlers.views.blocks import Block, Rendered, Renderers, date, escape, name_of, say, section
from services.sections import ExcusedNote, WeekExcused

# Up to so many weeks, and sections of this week, are named.
NAMED_MOST = 12
LEFT_MOST = 3


def progress_part(weeks: Sequence[SectionWeek], zone: ZoneInfo) -> list[Block]:
    """Return how a student stands with sections, in plain words; nothing while there were none."""
    if not weeks:
        return []
    lines = [
        _count([week for week in weeks if week.mark is WeekMark.MET], "attended"),
        _count([week for week in weeks if week.mark is WeekMark.EXCUSED], "excused"),
        _named([week for week in weeks if week.mark is WeekMark.MISSED]),
        *[_open(week, zone) for week in weeks if week.mark is WeekMark.OPEN][:1],
    ]
    return [section("\n".join(["*Sections*", *(f"• {line}" for line in lines if line)]))]


def excused(done: WeekExcused) -> Rendered:
    """Return to staff that a student is excused from a week."""
    who, week = name_of(done.student), _week(done.week_on)
    if not done.is_new:
        return say(f"{who} was excused from sections in the {week} already. Nothing was changed.")
    return say(f":white_check_mark: {who} is excused from sections in the {week}, and is told.")


def excused_note(note: ExcusedNote, zone: ZoneInfo) -> Rendered:
    """Return to a student that they need not come that week."""
    del zone
    return say(
        f"{name_of(note.by)} has excused you from sections in the {_week(note.week_on)}: nothing is missing for you "
        "there. You are welcome all the same if you would like to come."
    )


def _count(weeks: Sequence[SectionWeek], what: str) -> str:
    return f"{what} in {len(weeks)} {'week' if len(weeks) == 1 else 'weeks'}" if weeks else ""


def _named(weeks: Sequence[SectionWeek]) -> str:
    if not weeks:
        return ""
    names = ", ".join(_on(week.week_on) for week in weeks[-NAMED_MOST:])
    more = f", and {len(weeks) - NAMED_MOST} before" if len(weeks) > NAMED_MOST else ""
    return f"missed in the {'week' if len(weeks) == 1 else 'weeks'} of {names}{more}; a TA can excuse you"


def _open(week: SectionWeek, zone: ZoneInfo) -> str:
    lacking = week.needed - week.attended
    many = "one more" if week.attended and lacking == 1 else "one" if lacking == 1 else str(lacking)
    names = "; ".join(f"{escape(event.title)}, {date(event.starts_at, zone)}" for event in week.left[:LEFT_MOST])
    return f"{many} to attend in the {_week(week.week_on)}: {names}"


def _week(on: day) -> str:
    return f"week of {_on(on)}"


def _on(on: day) -> str:
    return f"{on.day} {on:%b}"


RENDERERS: Renderers = {ExcusedNote: excused_note}
