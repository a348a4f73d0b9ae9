"""One example of every view of open hours, and the fullest of those that grow, for the gallery."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cohort.bookings import Attendance, Booking
from cohort.office_hours import Session, Slot
from cohort.open_hours import LinePlace, PlaceState
from cohort.roster import Member
from handlers.views import no_shows, open_hours, open_hours_panel
from handlers.views.blocks import Rendered, View, actions
from services.appointments import Appointment
from services.lines import Panel, Row, Standing
from services.no_shows import WhoCame
from services.open_hours import InLine, OnNow
from services.open_hours_letters import AreYouThere, PanelCard, PlaceCard, StandsStill, Unstarted, YourTurn
from services.open_hours_panel import Taken

HOUR = timedelta(hours=1)
MANY = 60
ABOUT = "Why the <second> step & the third hold at all. " * 3


def open_hours_views(student: Member, ta: Member, now: datetime) -> Iterator[tuple[str, Rendered | View]]:
    """Yield what students and TAs see in answer to presses."""
    places, shown, zone = _standings(student, ta, now), _panel(student, ta, now), student.tz
    empty = Panel(shown.session, ta, [], [], [], [], [], is_over=False)
    for found in places:
        yield f"in line, {found.place.state}", open_hours.in_line(InLine(found, is_new=True), zone)
    yield "places in line", Rendered("Yours", open_hours.rows(places[:3]))
    on_now = OnNow(places[:2], [(shown.session, ta)] * 9)
    yield "open hours at home", Rendered("Home", open_hours.home_rows(on_now, zone))
    yield "join", Rendered("Join", [actions(open_hours.join_button(shown.session))])
    yield "what about", open_hours.about_form(places[0].place)
    yield "what about, again", open_hours.about_form(replace(places[0].place, about=ABOUT[:150]))
    yield "on now", Rendered("On now", open_hours_panel.panels([shown], zone))
    yield "took", open_hours_panel.taken(Taken(shown, [student] * 10))
    yield "took nobody", open_hours_panel.taken(Taken(empty, []))
    yield "took twice", open_hours_panel.taken(Taken(empty, [], is_old=True))
    yield "asked", open_hours_panel.asked()
    yield "done", open_hours_panel.done(shown)
    yield "done with all", open_hours_panel.done(empty)
    yield "together", open_hours_panel.group_form(shown)
    yield "nobody to group", open_hours_panel.group_form(empty)
    yield "note", open_hours_panel.done_form(shown, "grp_0")
    for attendance in (None, *Attendance):
        booked = replace(shown.booked[0], booking=replace(shown.booked[0].booking, attendance=attendance))
        yield f"entered, {attendance}", no_shows.entered(booked)


def open_hours_notes(student: Member, ta: Member, now: datetime) -> Iterator[object]:
    """Yield what students and TAs are sent."""
    shown = _panel(student, ta, now)
    for found in _standings(student, ta, now):
        yield PlaceCard(found)
        yield PlaceCard(replace(found, is_open=False))
    yield YourTurn(_standings(student, ta, now)[2])
    yield AreYouThere(_standings(student, ta, now)[1])
    yield PanelCard(shown)
    yield PanelCard(replace(shown, is_over=True))
    yield PanelCard(Panel(shown.session, ta, [], [], [], [], [], is_over=False))
    yield Unstarted(shown)
    yield StandsStill(shown, now - HOUR)
    yield WhoCame(shown.session, [*shown.booked] * MANY)


def _session(ta: Member, now: datetime) -> Session:
    return Session(
        "ses_0", ta.id, now.date(), now - HOUR, now + HOUR, now + HOUR, "https://example.org/room", capacity=MANY,
        started_at=now - HOUR, started_by=ta.id,
    )  # fmt: skip


def _standings(student: Member, ta: Member, now: datetime) -> Sequence[Standing]:
    session = _session(ta, now)
    place = LinePlace("lin_0", session.id, student.id, now, ABOUT[:150])
    in_each = [
        Standing(replace(place, state=state), student, session, ta, 21, 7, is_open=True)
        for state in (PlaceState.WAITING, PlaceState.OUT, *PlaceState)
    ]
    unbegun = replace(in_each[0], session=replace(session, started_at=None, started_by=None), before=0)
    return [*in_each[:2], in_each[4], *in_each[2:], unbegun, replace(in_each[0], before=0)]


def _panel(student: Member, ta: Member, now: datetime) -> Panel:
    session = _session(ta, now)
    waiting = [_row(n, student, ta, now, PlaceState.WAITING) for n in range(MANY)]
    called = [_row(n, student, ta, now, PlaceState.CALLED) for n in range(MANY)]
    helped = [_row(n, student, ta, now, PlaceState.HELPED) for n in range(MANY)]
    booked = [_booked(n, student, ta, now, session) for n in range(30)]
    return Panel(session, ta, called, waiting, waiting, helped, booked, is_over=False)


def _row(number: int, student: Member, ta: Member, now: datetime, state: PlaceState) -> Row:
    place = LinePlace(
        f"lin_{state}{number}", "ses_0", student.id, now, ABOUT[:150], state, now, ta.id, f"grp_{number // 30}",
        "recursion",
    )  # fmt: skip
    return Row(place, student, ta)


def _booked(number: int, student: Member, ta: Member, now: datetime, session: Session) -> Appointment:
    slot = Slot(f"slt_{number}", session.id, now, now + HOUR)
    return Appointment(Booking(f"bkg_{number}", slot.id, student.id, now), slot, session, ta, student)
