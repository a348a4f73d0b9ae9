"""One example of everything said of sections that are asked for each week, for the gallery."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from cohort.events import Event, EventKind
from cohort.roster import Member
from cohort.sections import SectionWeek, WeekMark
from handlers.views import sections as views
from handlers.views.blocks import Rendered
from services.sections import ExcusedNote, WeekExcused

MANY = 40


def section_views(student: Member, now: datetime) -> Iterator[tuple[str, Rendered]]:
    """Yield the part of progress about sections, and what staff read who excuse someone."""
    week_on, hour = date(2026, 6, 29), timedelta(hours=1)
    event = Event("evt_0", "section-0702", EventKind.SECTION, "Section & <more>", now, now + hour, now)
    every = [SectionWeek(week_on, mark, 0, 1) for mark in WeekMark if mark is not WeekMark.OPEN]
    last = [SectionWeek(week_on, WeekMark.OPEN, came, 2, (event,) * MANY) for came in (0, 1)]
    for name, weeks in (("few", [*every, last[0]]), ("many", [*every * MANY, last[1]])):
        yield f"sections, {name}", Rendered("Sections", views.progress_part(weeks, student.tz))
    for is_new in (True, False):
        yield f"section excused, {is_new}", views.excused(WeekExcused(student, week_on, is_new))


def section_notes(ta: Member) -> Iterator[object]:
    """Yield what a student reads who is excused."""
    yield ExcusedNote(date(2026, 6, 29), ta)
