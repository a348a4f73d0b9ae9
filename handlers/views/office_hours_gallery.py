"""One example of every view of a TA's hours, and the fullest of those that grow, for the gallery."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from cohort.bookings import Booking
from cohort.office_hours import HoursKind, Series, Session, Slot
from cohort.roster import Member
from handlers.views import office_hours as views
from handlers.views import office_hours_forms as forms
from handlers.views.blocks import Rendered, View
from services.appointments import Appointment
from services.hours_letters import CalledOff
from services.office_hours import HeldDate, Week
from services.series_changes import Affected

HALF = timedelta(minutes=30)
LONG = "Why the <second> step & the third hold at all. " * 10
MANY = 60


def office_hours_views(student: Member, ta: Member, now: datetime) -> Iterator[tuple[str, Rendered | View]]:
    """Yield what TAs see in answer to commands and presses, and the forms."""
    zone, series, about = ta.tz, _series(ta, now), _appointment(student, ta, now)
    one = HeldDate(about.session, [about], 2)
    several = HeldDate(about.session, [about] * MANY, 0)
    gone = HeldDate(replace(about.session, cancelled_at=now), [], 0)
    opened = HeldDate(replace(about.session, open_until_at=about.session.ends_at), [], 0)
    kinds = [replace(series, kind=kind, open_minutes=30, topic=LONG[:100], place=LONG) for kind in HoursKind]
    for name, found in (
        ("no hours", Week(ta, [], [])),
        ("no dates", Week(ta, [], [series])),
        ("a week", Week(ta, [one, gone, opened], kinds)),
        ("a full week", Week(ta, [several] * MANY, [replace(series, zone="Pacific/Auckland")] * MANY)),
    ):
        yield f"own hours, {name}", views.week(found, zone)
    last_on = date(2026, 8, 14)
    yield "add hours", forms.series_form(ta, last_on)
    yield "change hours", forms.series_form(replace(ta, zone="Pacific/Auckland"), last_on, kinds[2])
    yield "added hours", views.added(series, 9, zone)
    yield "added one date", views.added(replace(series, zone="Pacific/Auckland"), 1, zone)
    for affected in (
        Affected(series, [], []),
        Affected(series, [about], [about]),
        Affected(series, [about] * MANY, [about] * MANY),
    ):
        size = len(affected.moved)
        if size:
            yield f"change affects {size}", forms.confirm_change(affected, "x" * 900, zone)
        yield f"end affects {size}", forms.confirm_end(affected, f"{series.id}|{affected.stamp}", zone)
        yield f"changed, {size} affected", views.changed(affected, zone)
        yield f"ended, {size} affected", views.ended(affected)
    yield "others are affected now", views.others_now()
    for date_of in (one, several, gone):
        yield f"change a date, {len(date_of.booked)} booked", forms.date_form(date_of, zone)
        yield f"cancelled a date, {len(date_of.booked)} booked", views.date_cancelled(date_of, zone)
        yield f"moved a date, {len(date_of.booked)} booked", views.date_moved(date_of, zone)


def office_hours_notes(student: Member, ta: Member, now: datetime) -> list[object]:
    """Return the contents of messages about hours that a TA can't hold."""
    about = _appointment(student, ta, now)
    return [
        CalledOff(about, student, ""),
        CalledOff(about, student, LONG),
        CalledOff(replace(about, student=ta, fellows=(student,)), student, "Travelling"),
    ]


def _series(ta: Member, now: datetime) -> Series:
    return Series(
        "srs_1",
        ta.id,
        3,
        time(17),
        ta.zone,
        90,
        "https://meet.example.org/tara",
        HoursKind.BOOKABLE,
        date(2026, 6, 1),
        date(2026, 8, 14),
        now,
        25,
        5,
    )


def _appointment(student: Member, ta: Member, now: datetime) -> Appointment:
    starts_at = now + 2 * HALF
    session = Session("ses_1", ta.id, now.date(), starts_at, starts_at + 3 * HALF, starts_at, LONG)
    slot = Slot("slt_1", session.id, starts_at, starts_at + HALF)
    booking = Booking("bkg_1", slot.id, student.id, now)
    return Appointment(booking, slot, session, ta, student)
