"""One example of every way in which coverage is shown, and the fullest, for the gallery."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from cohort.coverage import Block, Coverage, Region, Used
from cohort.office_hours import Session
from cohort.roster import Member
from handlers.views import coverage as views
from handlers.views.blocks import Rendered
from services.coverage import HoursReport
from services.unstuck import Totals

MANY = 80


def coverage_views(ta: Member, now: datetime) -> Iterator[tuple[str, Rendered]]:
    """Yield coverage of nobody, of a few, and of the whole world with everything that can be said."""
    day = timedelta(days=1)
    regions = [
        Region("Europe", 40, 12.5, day),
        Region("Asia", 23, 1.25, 5 * day, 7, ("Asia/Tokyo",), 0),
        Region("America", 12, 3, timedelta(hours=20), 2, (), 18),
        Region("Elsewhere", 7, 0, 7 * day, 5, tuple(f"America/North_Dakota/New_Salem_{n}" for n in range(40)), 21),
    ]
    blocks = [Block(starts, starts / 2, starts) for starts in range(0, 24, 3)]
    session = Session("ses_1", ta.id, now.date(), now, now + timedelta(hours=1), now, "https://meet.example.org")
    crowded = Used(session, 4, 1, 8, 8, 12, 1, 3, is_crowded=True)
    empty = Used(session, 1, 1, 0, 0, 0, 0, 0, is_crowded=False)
    rest = Used(replace(session, id="ses_2"), 2, 0, 4, 2, 2, 0, 1, is_crowded=False)
    for name, spread, used, answers in (
        ("nobody", Coverage(now, 0, 0, [], []), [], None),
        ("one session", Coverage(now, 80, 16, blocks, regions[:1]), [rest], Totals(8, 2)),
        ("everything", Coverage(now, 80, 16, blocks, regions), [crowded, empty, rest] * MANY, Totals(8, 2)),
    ):
        yield f"coverage, {name}", views.report(HoursReport(spread, used, {ta.id: ta}, ta.tz, answers), ta.tz)
