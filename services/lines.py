"""The line of a session as people see it: one student's place, and the whole of it for TAs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cohort.errors import LineClosed, NotFound
from cohort.office_hours import Session
from cohort.open_hours import AHEAD, LinePlace, PlaceState, before, minutes_each
from cohort.roster import Member
from services import access
from services.appointments import Appointment, appointment
from storage.records import Records


@dataclass(frozen=True, slots=True)
class Standing:
    """A student's place: how many wait before them, and about how many minutes each of those takes.

    `with_ta` is who called them, or whose hours they are.
    """

    place: LinePlace
    student: Member
    session: Session
    with_ta: Member
    before: int
    minutes_each: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One place of a line, with who has it."""

    place: LinePlace
    student: Member
    by: Member | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """The line of a session for TAs: who is with whom, who waits, who stepped out, who was helped last.

    `booked` are the bookings of its slots that have begun, of which it can be entered who came.
    """

    session: Session
    ta: Member
    called: Sequence[Row]
    waiting: Sequence[Row]
    out: Sequence[Row]
    helped: Sequence[Row]
    booked: Sequence[Appointment]
    is_over: bool


def session_of(records: Records, session_id: str) -> Session:
    """Return a session by id. Raises NotFound."""
    session = records.office_hours.session(session_id)
    if session is None:
        raise NotFound("session", session_id)
    return session


def place_of(records: Records, place_id: str) -> LinePlace:
    """Return a place in a line by id. Raises NotFound."""
    place = records.open_hours.get(place_id)
    if place is None:
        raise NotFound("place in line", place_id)
    return place


def is_open(session: Session, now: datetime) -> bool:
    """Say whether a line is not over: its session takes place, and its open part has not ended."""
    return session.is_open and session.cancelled_at is None and now < session.open_until_at


def refuse_closed(session: Session, now: datetime) -> None:
    """Raise LineClosed where a line is over, or has not opened yet."""
    if not is_open(session, now):
        raise LineClosed
    if now < session.starts_at - AHEAD:
        raise LineClosed(session.starts_at - AHEAD)


def standing(records: Records, place: LinePlace, now: datetime) -> Standing:
    """Return where a student stands."""
    session, line = session_of(records, place.session_id), records.open_hours.of_session(place.session_id)
    return Standing(
        place,
        access.known(records, place.student_id),
        session,
        access.known(records, place.called_by or session.ta_id),
        before(line, place),
        minutes_each(line),
        is_open(session, now),
    )


def panel(records: Records, session: Session, now: datetime) -> Panel:
    """Return the line of a session, with the bookings of its slots."""
    rows = _rows(records, records.open_hours.of_session(session.id))

    def of(state: PlaceState) -> list[Row]:
        return [row for row in rows if row.place.state is state]

    helped = sorted(of(PlaceState.HELPED), key=lambda row: (row.place.ended_at or now, row.place.id))
    booked = [appointment(records, booking) for booking in records.bookings.of_session(session.id)]
    begun = [one for one in booked if one.slot.starts_at <= now]
    return Panel(
        session=session,
        ta=access.known(records, session.ta_id),
        called=of(PlaceState.CALLED),
        waiting=of(PlaceState.WAITING),
        out=of(PlaceState.OUT),
        helped=helped,
        booked=begun,
        is_over=not is_open(session, now),
    )


def in_line(records: Records, student_id: str, now: datetime) -> list[Standing]:
    """Return where a student stands in line now."""
    return [standing(records, place, now) for place in records.open_hours.open_of(student_id)]


def _rows(records: Records, places: Sequence[LinePlace]) -> list[Row]:
    ids = {place.student_id for place in places} | {place.called_by for place in places if place.called_by}
    people = records.roster.some(ids)
    return [Row(place, people[place.student_id], people.get(place.called_by or "")) for place in places]
