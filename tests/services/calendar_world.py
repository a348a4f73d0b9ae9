"""Hours that were booked, and what everyone's calendar makes of the files about them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from cohort.bookings import Booking
from cohort.office_hours import HoursKind, Series, Slot, session_on, slot_times
from cohort.roster import Member
from cohort.times import at_wall
from services import invitations, messages
from services.desk import Desk
from services.letters import Later
from storage.ids import new_id
from storage.outbox import Letter, Post

PLACE = "https://meet.example.org/tara"


def a_series(ta: Member, on: date, starts: time, zone: str) -> Series:
    """Return bookable hours of an hour each week, in two slots, the first of them on a date."""
    return Series(
        new_id("ser"), ta.id, on.weekday(), starts, zone, 60, PLACE, HoursKind.BOOKABLE, on, on,
        datetime.combine(on, time(0), UTC), slot_minutes=30,
    )  # fmt: skip


def hours(desk: Desk, series: Series) -> list[Slot]:
    """Write a series with its first session, and return the slots."""
    session = session_on(series, series.first_on, new_id("ses"))
    slots = [Slot(new_id("slo"), session.id, *times) for times in slot_times(session, series.slot_minutes, 0)]
    with desk.store.transaction() as records:
        records.office_hours.add_series(series)
        records.office_hours.add_session(session, slots)
    return slots


def booked(desk: Desk, slot: Slot, student: Member, *fellows: Member, now: datetime) -> Booking:
    """Book a slot, and queue the files."""
    named = tuple(sorted(fellow.id for fellow in fellows))
    booking = Booking(new_id("bkg"), slot.id, student.id, now, "panic over recursion", with_ids=named)
    with desk.store.transaction() as records:
        assert records.bookings.add(booking)
        invitations.send(records, booking.id, now)
    return booking


def post(desk: Desk, now: datetime) -> list[tuple[Letter, messages.Prepared]]:
    """Send every file that is queued once its reader is awake, and return what became of each."""
    with desk.store.transaction() as records:
        letters = [letter for letter in records.outbox.claim("w", now, 100) if letter.kind == invitations.KIND]
    sent = []
    for letter in letters:
        prepared, at = messages.prepare(letter, desk, now), now
        if isinstance(prepared, Later):
            at = prepared.not_before_at
            prepared = messages.prepare(letter, desk, at)
        if isinstance(prepared, messages.Ready):
            messages.told(letter, prepared, Post("D", "", "", letter.kind), desk, at)
        else:
            with desk.store.transaction() as records:
                records.outbox.settle(letter.id, "obsolete", at)
        sent.append((letter, prepared))
    return sent


def files(desk: Desk, now: datetime) -> dict[str, Calendar]:
    """Send what is queued, and return the file that each person gets, as icalendar reads it, by member id."""
    ready = [(letter, prepared) for letter, prepared in post(desk, now) if isinstance(prepared, messages.Ready)]
    return {letter.data["member"]: read(prepared) for letter, prepared in ready}


def read(prepared: messages.Ready) -> Calendar:
    """Return a file that goes out as icalendar reads it."""
    assert prepared.attached is not None
    calendar = Calendar.from_ical(prepared.attached.content)
    assert isinstance(calendar, Calendar)
    return calendar


def event_of(calendar: Calendar) -> Event:
    """Return the one event of a file."""
    [event] = calendar.events
    return event


def shown(calendar: Calendar, zone: str) -> str:
    """Return from when to when a calendar that lives in a zone shows the appointment."""
    starts_at, ends_at = event_of(calendar).start, event_of(calendar).end
    assert isinstance(starts_at, datetime)
    assert isinstance(ends_at, datetime)
    starts, ends = starts_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
    return f"{starts:%a %d %b %H:%M}-{ends:%H:%M}"


def week_before(on: date, starts: time, zone: str) -> datetime:
    """Return the instant a week before, at the same wall time."""
    return at_wall(on - timedelta(days=7), starts, ZoneInfo(zone))


def write(desk: Desk, *members: Member) -> None:
    """Write members as they are now."""
    with desk.store.transaction() as records:
        for member in members:
            records.roster.save(member)
