"""Office hours in a TA's hands: held by somebody who is free then, else cancelled with something new for who booked."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from cohort.errors import NotFound
from cohort.handovers import HandedOver, Held
from cohort.office_hours import Session
from cohort.times import at_wall
from cohort.waitlist import WaitState
from services import access, invitations, waitlist
from services.appointments import appointment
from services.booking_letters import refresh
from services.hours_dates import give_up_date, offer_anew, tell_changed
from services.leaving import Leaving
from services.office_hours import busy
from storage.records import Records


class OfficeHours:
    """Dates to come, as long as someone is away, with all that is booked in them."""

    name = "office_hours"

    def holders(self, records: Records, leaving_on: date) -> set[str]:
        """Return who holds any date from a day on; what has begun goes on."""
        return records.office_hours.holders(at_wall(leaving_on, time(0), UTC))

    def held_by(self, records: Records, leaving: Leaving) -> list[Held]:
        """Return someone's dates until they are back, each with those who are free then and may meet who booked."""
        coming = records.office_hours.coming_of(leaving.member.id, leaving.now)
        theirs = [one for one in coming if leaving.until_at is None or one.starts_at < leaving.until_at]
        return [Held(self.name, one.id, leaving.takers(_barred(records, one, leaving))) for one in theirs]

    def move(self, records: Records, item_id: str, leaving: Leaving, to_id: str | None) -> bool:
        """Let somebody else hold a date; without anyone it is cancelled, and those who booked are told."""
        session = _session(records, item_id)
        if to_id is None:
            give_up_date(records, session, leaving.member.id, "", leaving.now, leaving.desk)
        else:
            _give(records, session, to_id, leaving.now)
        return True

    def after(self, records: Records, leaving: Leaving) -> None:
        """Offer the next free slots to those whose date was cancelled, now that all dates are where they stay."""
        for session in records.office_hours.cancelled_at(leaving.member.id, leaving.now):
            lost = records.bookings.called_off_in(session.id, leaving.now)
            offer_anew(records, [appointment(records, booking) for booking in lost], leaving.now, leaving.desk)

    def undo(self, records: Records, item: HandedOver, to_id: str, now: datetime) -> bool:
        """Give a date back that has not begun; one that was cancelled stands again, and what was booked with it."""
        session = _session(records, item.item_id)
        if session.starts_at <= now or not _may_hold(records, session, to_id):
            return False
        if item.to_id is None:
            return records.office_hours.restore(session.id) and _stand_again(records, session, now)
        if session.ta_id != item.to_id or session.cancelled_at is not None:
            return False
        _give(records, session, to_id, now)
        return True

    def about(self, records: Records, item_id: str) -> str:
        """Return the day."""
        return _session(records, item_id).starts_at.date().isoformat()


def _give(records: Records, session: Session, to_id: str, now: datetime) -> None:
    """Let somebody else hold a date, and tell everyone who has booked."""
    booked = records.bookings.of_session(session.id)
    for booking in booked:
        # While it is theirs still, so that the card of who held it until now is among those that change.
        refresh(records, booking, now)
    records.office_hours.change_session(replace(session, ta_id=to_id, place=_place(records, session, to_id)))
    for booking in booked:
        tell_changed(records, booking.id, now)
        invitations.uninvite(records, booking.id, session.ta_id, now)


def _stand_again(records: Records, session: Session, now: datetime) -> bool:
    """Let the bookings stand that were called off with a date, unless the student has taken something else since."""
    called_off = records.bookings.called_off_in(session.id, session.cancelled_at) if session.cancelled_at else []
    for booking in called_off:
        waits = [wait for wait in records.waitlist.firsts_of(booking.student_id) if wait.booking_id == booking.id]
        has_other = any(wait.state is WaitState.TAKEN for wait in waits)
        if has_other or not access.known(records, booking.student_id).is_active(now):
            continue
        if records.bookings.stand_again(booking.id):
            for wait in waits:
                waitlist.let_go(records, wait, now)
            tell_changed(records, booking.id, now)
    return True


def _place(records: Records, session: Session, ta_id: str) -> str:
    """Return where someone holds a date: where its series is for whose it is, else where their own hours are.

    A TA's room often opens for that TA alone. Who has none of their own keeps the place that people know.
    """
    series = records.office_hours.series(session.series_id) if session.series_id else None
    if series is not None and series.ta_id == ta_id:
        return series.place
    return next((each.place for each in records.office_hours.series_of(ta_id)), session.place)


def _may_hold(records: Records, session: Session, ta_id: str) -> bool:
    """Say whether someone has no other hours and leads nothing at the time of a date, and may meet all who booked."""
    if busy(records, ta_id, session.starts_at, session.ends_at, frozenset([session.id])) is not None:
        return False
    leads = records.events.led_in(ta_id, session.starts_at, session.ends_at)
    return not leads and ta_id not in records.graders.in_conflict_with(_students(records, session))


def _barred(records: Records, session: Session, leaving: Leaving) -> set[str]:
    """Return who may not hold a date, and who is not asked to."""
    barred = {member.id for member in leaving.present if not _may_hold(records, session, member.id)}
    return barred | leaving.unasked(session.starts_at, session.ends_at)


def _students(records: Records, session: Session) -> list[str]:
    booked = records.bookings.of_session(session.id)
    return [student_id for booking in booked for student_id in (booking.student_id, *booking.with_ids)]


def _session(records: Records, session_id: str) -> Session:
    found = records.office_hours.session(session_id)
    if found is None:
        raise NotFound("office hours", session_id)
    return found
