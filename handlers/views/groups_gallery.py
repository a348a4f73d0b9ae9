"""One example of every view of groups, and the fullest of those that grow, for the gallery."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from cohort.events import Event, EventKind
from cohort.roster import Member
from handlers.views import groups as views
from handlers.views.blocks import Rendered, View
from services.events import Shown
from services.groups import Grouped, YourGroup

HOUR = timedelta(hours=1)
LONG = "A very long <name> & one more " * 9
MANY = 500


def group_views(student: Member, ta: Member, now: datetime) -> Iterator[tuple[str, Rendered | View]]:
    """Yield the form for groups, and the groups made."""
    one = _shown(ta, now)
    people = [replace(student, id=f"mem_{n}", name=LONG) for n in range(MANY)]
    many = [people[at : at + 2] for at in range(0, MANY, 2)]
    yield "make groups", views.form(one)
    for groups in ([[student, student]], many):
        yield f"groups, {len(groups)}", views.made(Grouped(one, groups))
        yield f"groups told, {len(groups)}", views.told(Grouped(one, groups, is_told=True))


def group_notes(student: Member, ta: Member, now: datetime) -> list[object]:
    """Return what someone in a group is sent."""
    return [YourGroup(_shown(ta, now), others) for others in ([student], [student] * 12)]


def _shown(ta: Member, now: datetime) -> Shown:
    event = Event("evt_1", "section-0702", EventKind.SECTION, "A <section>", now, now + HOUR, now, "Room 3", ta.id)
    return Shown(event, ta, 4)
