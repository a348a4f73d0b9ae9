"""One example of every way in which coverage is shown, and the fullest, for the gallery."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from cohort.coverage import Attended, Block, Coverage, Region
from cohort.office_hours import Session
from cohort.roster import Member
from handlers.views import coverage as views
from handlers.views.blocks import Rendered
from services.coverage import HoursReport

MANY = 80


def coverage_views(ta: Member, now: datetime) -> Iterator[tuple[str, Rendered]]:
    """Yield coverage of nobody, of a few, and of the whole world with everything that can be said."""
    regions = [
        Region("Europe", 40, 12.5, 0),
        Region("Asia", 23, 1, 7, ("Asia/Tokyo",), 0),
        Region("America", 12, 3, 2, ("America/Anchorage",), 18),
        Region("Elsewhere", 5, 0, 5, tuple(f"America/North_Dakota/New_Salem_{n}" for n in range(40)), 21),
    ]
    blocks = [Block(starts, starts / 2, starts) for starts in range(0, 24, 3)]
    session = Session("ses_1", ta.id, now.date(), now, now + timedelta(hours=1), now, "https://meet.example.org")
    crowded, empty = Attended(session, 2, 2, 3, 1), Attended(session, 0, 0, 0, 0)
    rest = Attended(replace(session, id="ses_2"), 2, 1, 1, 0)
    tas = {ta.id: ta}
    for name, spread, attended in (
        ("nobody", Coverage(now, 0, 0, [], []), []),
        ("one session", Coverage(now, 80, 16, blocks, regions[:1]), [rest]),
        ("everything", Coverage(now, 80, 16, blocks, regions), [crowded, empty, rest] * MANY),
    ):
        yield f"coverage, {name}", views.report(HoursReport(spread, attended, tas), ta.tz)
