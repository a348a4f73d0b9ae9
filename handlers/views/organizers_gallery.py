"""One example of every view of the organizers' desk, for the gallery."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cohort.history import SENTENCES
from cohort.roster import Member
from handlers.views import organizers as views
from handlers.views.blocks import Rendered
from services.history import Happened, History
from services.sent_exports import TABLES, ExportNote


def organizers_answers(organizer: Member, now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, Rendered]]:
    """Yield every answer."""
    yield "tables", views.tables(list(TABLES))
    yield "a table is sent", views.sent("roster")
    lines = [
        Happened(
            now - n * timedelta(hours=1), organizer if n % 2 else None, what, "a-long-slug-of-work" if n % 3 else ""
        )
        for n, what in enumerate(SENTENCES.values())
    ]
    for page, shown, has_more in (
        (0, [], False),
        (0, lines[:20], True),
        (3, lines, True),
        (4, lines[:1], False),
        (5, [], False),
    ):
        yield "history", views.history(History("A <long> title & " * 10, "mem_ada", shown, page, has_more), zone)


def organizers_notes() -> Iterator[object]:
    """Yield the contents of messages."""
    yield from (ExportNote("roster", 0), ExportNote("roster", 1), ExportNote("submissions", 123_456))
