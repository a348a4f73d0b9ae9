"""Office hours that can be booked, made directly in the records, with short ways to look at them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cohort.bookings import Booking, BookingState
from cohort.office_hours import Session, Slot
from cohort.roster import Member
from services.appointments import Appointment
from services.bookings import BookSlot, book
from services.desk import Desk
from storage.ids import new_id
from tests.conftest import NOON

HOUR = timedelta(hours=1)
HALF = HOUR / 2
DAY = timedelta(days=1)
PLACE = "https://meet.example.org/room"


def hours(
    desk: Desk,
    ta: Member,
    starts_at: datetime,
    slots: int = 2,
    *,
    minutes: int = 30,
    open_minutes: int = 0,
    capacity: int | None = None,
    topic: str = "",
) -> list[Slot]:
    """Write one session: an open part if there is one, then so many slots; return the slots."""
    open_until_at = starts_at + timedelta(minutes=open_minutes)
    length = timedelta(minutes=minutes)
    session = Session(
        new_id("ses"),
        ta.id,
        starts_at.date(),
        starts_at,
        open_until_at + slots * length,
        open_until_at,
        PLACE,
        capacity=capacity,
        topic=topic,
    )
    made = [
        Slot(new_id("slt"), session.id, open_until_at + n * length, open_until_at + (n + 1) * length)
        for n in range(slots)
    ]
    with desk.store.transaction() as records:
        records.office_hours.add_session(session, made)
    return made


def booked(desk: Desk, student: Member, slot: Slot, *fellows: Member, now: datetime = NOON, **more: str) -> Appointment:
    """Book a slot as a student does."""
    return book(BookSlot(slot.id, fellows=[fellow.id for fellow in fellows], **more), student, now, desk)


def stored(desk: Desk, booking_id: str) -> Booking:
    """Return a booking as it is now."""
    with desk.store.reading() as records:
        found = records.bookings.get(booking_id)
    assert found is not None
    return found


def standing(desk: Desk, slots: Sequence[Slot]) -> list[str | None]:
    """Return who has each of some slots."""
    with desk.store.reading() as records:
        found = [records.bookings.of_slot(slot.id) for slot in slots]
    assert all(one is None or one.state is BookingState.BOOKED for one in found)
    return [one.student_id if one else None for one in found]


def cancel_session(desk: Desk, slot: Slot) -> None:
    """Cancel the session of a slot."""
    with desk.store.transaction() as records:
        records.office_hours.cancel(slot.session_id, None, "", NOON)
