"""Office hours in a TA's hands: held by somebody who is free then, else cancelled with something new for who booked."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from cohort.errors import NotFound
from cohort.handovers import HandedOver, Held
from cohort.office_hours import Session
from cohort.roster import Role
from cohort.times import at_wall
from services import invitations
from services.appointments import appointment
from services.hours_dates import cancel_only, offer_anew, tell_changed
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
            cancel_only(records, session, leaving.member.id, "", leaving.now, leaving.desk)
        else:
            _give(records, session, to_id, leaving.now)
        return True

    def after(self, records: Records, leaving: Leaving) -> None:
        """Offer the next free slots to those whose date was cancelled, now that all dates are where they stay."""
        for session in records.office_hours.cancelled_at(leaving.member.id, leaving.now):
            lost = records.bookings.called_off_in(session.id, leaving.now)
            offer_anew(records, [appointment(records, booking) for booking in lost], leaving.now, leaving.desk)

    def undo(self, records: Records, item: HandedOver, to_id: str, now: datetime) -> bool:
        """Give a date back that has not begun; one that was cancelled stands again, for whoever books it now."""
        session = _session(records, item.item_id)
        if session.starts_at <= now or busy(
            records, to_id, session.starts_at, session.ends_at, frozenset([session.id])
        ):
            return False
        if item.to_id is None:
            return records.office_hours.restore(session.id)
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
    records.office_hours.change_session(replace(session, ta_id=to_id))
    for booking in booked:
        tell_changed(records, booking.id, now)
        invitations.uninvite(records, booking.id, session.ta_id, now)


def _barred(records: Records, session: Session, leaving: Leaving) -> set[str]:
    """Return who has other hours then, or may not meet one of those who booked; organizers hold none for others."""
    booked = [appointment(records, booking) for booking in records.bookings.of_session(session.id)]
    students = [member.id for about in booked for member in (about.student, *about.fellows)]
    staff = [member for member in leaving.present if member.role is not Role.TA and member != leaving.to]
    taken = [m for m in leaving.present if busy(records, m.id, session.starts_at, session.ends_at)]
    return records.graders.in_conflict_with(students) | {member.id for member in (*staff, *taken)}


def _session(records: Records, session_id: str) -> Session:
    found = records.office_hours.session(session_id)
    if found is None:
        raise NotFound("office hours", session_id)
    return found
