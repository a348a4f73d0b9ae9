"""One example of every view of who was there, and the fullest of those that grow, for the gallery."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from cohort.events import Event, EventKind
from cohort.roster import Member
from handlers.views import attendance as views
from handlers.views.blocks import Rendered, View
from services.attendance import Noted, Roll
from services.events import Shown

HOUR = timedelta(hours=1)
MANY = 500


def attendance_views(student: Member, ta: Member, now: datetime) -> Iterator[tuple[str, Rendered | View]]:
    """Yield the list of who was there, and what is answered about it."""
    event = Event("evt_1", "section-0702", EventKind.SECTION, "A <section>", now, now + HOUR, now, "Room 3", ta.id)
    people = [replace(student, id=f"mem_{n}", name=f"Student {n:03}") for n in range(MANY)]
    everyone = frozenset(member.id for member in people)
    yield "who was there, many", views.list_form(Roll(event, people[:130], people[130:], everyone, now))
    yield "who was there, alike", views.list_form(Roll(event, [], [student, replace(student, id="mem_2")], (), now))
    yield "who was there, nobody", views.list_form(Roll(event, [], [], (), now))
    for there, added, removed in ((everyone, MANY, 2), (frozenset(["mem_1"]), 0, 0), (frozenset[str](), 0, 1)):
        yield f"noted, {len(there)}", views.noted(Noted(event, there, added, removed))
    yield "here", views.here(Shown(event, ta, 1, was_there=True))
