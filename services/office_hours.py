"""A TA's office hours: adding a series with all its dates, ending it, and what a week looks like."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cohort.errors import HoursOverlap, NotAllowed, NotFound, WrongHours
from cohort.office_hours import (
    HoursKind,
    HoursProblem,
    Series,
    Session,
    Slot,
    dates_of,
    problem_with,
    session_on,
    slot_times,
)
from cohort.roster import Member
from cohort.times import local_day
from services import access
from services.appointments import Appointment, appointment
from services.desk import Desk
from storage.ids import new_id
from storage.records import Records

OWN = "office_hours.own"
# How far ahead a TA's week shows single dates.
SHOWN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class SeriesWish:
    """What a TA wants a series to be: everything but whose it is and its zone. Lengths in minutes."""

    weekday: int
    starts: time
    minutes: int
    kind: HoursKind
    place: str
    first_on: date
    last_on: date
    slot_minutes: int = 0
    buffer_minutes: int = 0
    open_minutes: int = 0
    capacity: int | None = None
    topic: str = ""


@dataclass(frozen=True, slots=True)
class HeldDate:
    """One date of a TA's hours with those who have booked, how many slots are free, and how many are in line."""

    session: Session
    booked: Sequence[Appointment]
    free: int


@dataclass(frozen=True, slots=True)
class Week:
    """A TA's hours: the dates of the next two weeks, and every series."""

    ta: Member
    dates: Sequence[HeldDate]
    series: Sequence[Series]


def to_hold(actor: Member, now: datetime) -> None:
    """Let someone of the staff hold hours. Raises NotAllowed for students, and NotActive."""
    access.require_staff(actor, OWN, now)


def own_week(actor: Member, now: datetime, desk: Desk) -> Week:
    """Return what a TA or organizer holds: dates to come, and series. Raises NotAllowed and NotActive."""
    access.require_staff(actor, OWN, now)
    with desk.store.reading() as records:
        sessions = records.office_hours.sessions_of(actor.id, now, now + SHOWN)
        return Week(actor, [held_date(records, one) for one in sessions], records.office_hours.series_of(actor.id))


def next_dates(records: Records, ta: Member, now: datetime, most: int) -> list[HeldDate]:
    """Return a TA's next dates of these two weeks that take place, at most so many, within what is being read."""
    sessions = records.office_hours.sessions_of(ta.id, now, now + SHOWN)
    return [held_date(records, one) for one in [each for each in sessions if each.cancelled_at is None][:most]]


def held_date(records: Records, session: Session) -> HeldDate:
    """Return a date with what stands in it."""
    booked = [appointment(records, booking) for booking in records.bookings.of_session(session.id)]
    slots = len(records.office_hours.slots_of(session.id))
    return HeldDate(session, booked, 0 if session.cancelled_at else slots - len(booked))


def add_series(wish: SeriesWish, actor: Member, now: datetime, desk: Desk) -> tuple[Series, int]:
    """Add hours that come every week, in the zone the TA lives in now; return them and on how many dates they are.

    Raises WrongHours, HoursOverlap, NotAllowed and NotActive.
    """
    access.require_staff(actor, OWN, now)
    with desk.transaction(now) as records:
        return add_for(records, wish, actor, actor.zone, now, desk)


def add_for(records: Records, wish: SeriesWish, ta: Member, zone: str, now: datetime, desk: Desk) -> tuple[Series, int]:
    """Add a TA's weekly hours with all their dates, within a transaction. Raises WrongHours and HoursOverlap."""
    series = as_series(wish, new_id("srs"), ta, zone, now, desk)
    sessions = planned(series, now)
    if not sessions:
        raise WrongHours(HoursProblem.NO_DATE)
    refuse_overlaps(records, ta.id, sessions)
    records.office_hours.add_series(series)
    for session in sessions:
        records.office_hours.add_session(session, slots_in(session, series))
    records.audit.add(ta.id, "office_hours.added", series.id, now)
    return series, len(sessions)


def as_series(wish: SeriesWish, series_id: str, ta: Member, zone: str, now: datetime, desk: Desk) -> Series:
    """Return a wish as a series that ends with the programme at the latest. Raises WrongHours."""
    programme = desk.policy.programme
    last_on = min(wish.last_on, local_day(programme.closes_at, programme.tz))
    parts = {
        HoursKind.OPEN: (0, 0, 0),
        HoursKind.BOOKABLE: (wish.slot_minutes, wish.buffer_minutes, 0),
        HoursKind.BOTH: (wish.slot_minutes, wish.buffer_minutes, wish.open_minutes),
    }
    slot_minutes, buffer_minutes, open_minutes = parts[wish.kind]
    series = Series(
        series_id,
        ta.id,
        wish.weekday,
        wish.starts,
        zone,
        wish.minutes,
        wish.place.strip(),
        wish.kind,
        wish.first_on,
        max(last_on, wish.first_on) if wish.last_on >= wish.first_on else wish.last_on,
        now,
        slot_minutes,
        buffer_minutes,
        open_minutes,
        wish.capacity,
        wish.topic.strip(),
    )
    problem = problem_with(series)
    if problem is not None:
        raise WrongHours(problem)
    return series


def planned(series: Series, now: datetime) -> list[Session]:
    """Return the sessions of a series that have not begun yet."""
    dates = dates_of(series, local_day(now, series.tz))
    sessions = (session_on(series, on, new_id("ses")) for on in dates)
    return [session for session in sessions if session.starts_at > now]


def slots_in(session: Session, series: Series) -> list[Slot]:
    """Return new slots for a session."""
    times = slot_times(session, series.slot_minutes, series.buffer_minutes)
    return [Slot(new_id("slt"), session.id, starts_at, ends_at) for starts_at, ends_at in times]


def refuse_overlaps(
    records: Records, ta_id: str, sessions: Iterable[Session], but_ids: frozenset[str] = frozenset()
) -> None:
    """Raise HoursOverlap where a TA has other hours at the time of any of some sessions.

    `but_ids` are sessions that are given up or moved in the same step.
    """
    for session in sessions:
        other = busy(records, ta_id, session.starts_at, session.ends_at, but_ids | {session.id})
        if other is not None:
            raise HoursOverlap(other)


def busy(
    records: Records, ta_id: str, starts_at: datetime, ends_at: datetime, but_ids: frozenset[str] = frozenset()
) -> Session | None:
    """Return a session of a TA that takes place at any time of a span, if there is one."""
    others = records.office_hours.sessions_of(ta_id, starts_at, ends_at)
    return next((each for each in others if each.cancelled_at is None and each.id not in but_ids), None)


def own_series(records: Records, series_id: str, actor: Member, now: datetime) -> Series:
    """Return a series for the TA whose it is. Raises NotAllowed, NotActive and NotFound."""
    access.require_staff(actor, OWN, now)
    series = records.office_hours.series(series_id)
    if series is None or series.ended_at is not None:
        raise NotFound("office hours", series_id)
    if series.ta_id != actor.id:
        raise NotAllowed(OWN, "the TA whose hours these are")
    return series


def own_session(records: Records, session_id: str, actor: Member, now: datetime) -> Session:
    """Return a date for the TA whose it is. Raises NotAllowed, NotActive and NotFound."""
    access.require_staff(actor, OWN, now)
    session = records.office_hours.session(session_id)
    if session is None:
        raise NotFound("office hours", session_id)
    if session.ta_id != actor.id:
        raise NotAllowed(OWN, "the TA whose hours these are")
    return session


def as_wish(series: Series) -> SeriesWish:
    """Return a series as what was wanted of it, to be changed."""
    return SeriesWish(
        series.weekday,
        series.starts,
        series.minutes,
        series.kind,
        series.place,
        series.first_on,
        series.last_on,
        series.slot_minutes,
        series.buffer_minutes,
        series.open_minutes,
        series.capacity,
        series.topic,
    )
