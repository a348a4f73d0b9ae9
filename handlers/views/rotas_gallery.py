"""One example of every view of rotas and owners, for the gallery."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.events import Event, EventKind
from cohort.roster import Member
from cohort.rotas import Duty
from handlers.views import rotas as views
from handlers.views.blocks import Rendered, View
from services.duties import DutySet, RotaNote
from services.events import Shown
from services.graders import Graders
from services.rotas import WEEKS_MOST, GradedBy, LedBy, Overview, Rota, Turn

MONDAY = date(2026, 7, 6)
MANY = 40


def rota_views(
    work: Sequence[Assignment], ta: Member, organizer: Member, now: datetime, zone: ZoneInfo
) -> Iterator[tuple[str, Rendered | View]]:
    """Yield lists, forms and answers."""
    staff = [ta, organizer, *(replace(ta, id=f"mem_{n}", name=f"A <long> name {n} " * 9) for n in range(120))]
    rotas = [_rota(duty, ta, staff) for duty in Duty]
    empty = [replace(rota, turns=[replace(turn, member=None) for turn in rota.turns[:2]]) for rota in rotas]
    graded = [Graders(one, staff[: n % 4]) for n, one in enumerate(work[:MANY])]
    sections = [_section(n, ta if n % 2 else None, now) for n in range(MANY)]
    yield "rotas, full", views.overview(Overview("", rotas, graded, sections), zone)
    yield "rotas, nothing", views.overview(Overview("no <words> " * 20, empty, [], []), zone)
    for rota in (*rotas, *empty):
        yield "the weeks of a rota", views.weeks_form(rota)
        yield "taking turns", views.turns_form(rota)
    yield "the graders", views.graders_form(GradedBy(Graders(work[1], staff[:9]), staff))
    yield "no graders", views.graders_form(GradedBy(Graders(work[1], []), staff[:1]))
    for one in sections[:2]:
        yield "who leads", views.leader_form(LedBy(one, staff), zone)
        yield "who leads it now", views.led(one)
    done = [
        DutySet(turn.week_on, ta, organizer if n % 2 else None, is_new=True) for n, turn in enumerate(rotas[0].turns)
    ]
    yield "weeks changed hands", views.changed(Duty.QUESTIONS, done)
    yield "nothing was changed", views.changed(Duty.EXTENSIONS, [])


def _rota(duty: Duty, ta: Member, staff: Sequence[Member]) -> Rota:
    weeks = [MONDAY + timedelta(weeks=n) for n in range(WEEKS_MOST)]
    return Rota(duty, [Turn(on, None if n % 3 == 2 else ta, n % 2 == 0) for n, on in enumerate(weeks)], staff)


def _section(number: int, leader: Member | None, now: datetime) -> Shown:
    title, ends_at = f"A section & <more> {number} " * 5, now + timedelta(hours=1)
    event = Event(f"evt_{number}", f"section-{number}", EventKind.SECTION, title, now, ends_at, now)
    return Shown(replace(event, facilitator_id=leader.id if leader else None), leader, 0)


def rota_notes(organizer: Member) -> Iterator[object]:
    """Yield the contents of messages."""
    for count in (0, 2, WEEKS_MOST):
        yield RotaNote(Duty.QUESTIONS, [MONDAY + timedelta(weeks=n) for n in range(count)], organizer)
