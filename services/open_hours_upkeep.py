"""What happens in open hours by itself: the line closes at the end, and somebody hears where nobody has begun."""

from datetime import datetime, timedelta

from cohort.office_hours import Session
from cohort.open_hours import PlaceState, stands_still_since
from cohort.roster import Member, Role
from cohort.times import is_waking, local_day, week_of
from services import outbox
from services.desk import Desk
from services.duties import EXTENSIONS
from services.no_shows import ask_who_came
from services.open_hours_letters import show
from services.waitlist import go_first
from storage.records import Records

DUTIES = ("questions", EXTENSIONS)
# A question may take long: a line that moved once is taken to stand still after so many times what is waited for a
# beginning.
STILL = 2
# Nobody remembers longer who came: hours that ended before, or were imported, are closed without a word.
ASKED_WITHIN = timedelta(days=3)


def close_lines(desk: Desk, now: datetime) -> int:
    """Close what has ended: who was left in a line is offered a booking first; return how many sessions that was."""
    with desk.store.reading() as records:
        over, ended = records.open_hours.over(now), records.office_hours.to_close(now)
    lines = sum(_close_line(session.id, desk, now) for session in over)
    return lines + sum(_close(session, desk, now) for session in ended)


def tell_unstarted(desk: Desk, now: datetime) -> int:
    """Tell another TA, and later organizers, where students wait and nobody has begun, or the line stands still.

    Returns how many were told.
    """
    waited = timedelta(minutes=desk.policy.office_hours.unstarted_minutes)
    with desk.store.reading() as records:
        late, begun = records.open_hours.unstarted(now - waited, now), records.open_hours.begun(now)
    told = sum(_tell_unstarted(session, waited, desk, now) for session in late)
    return told + sum(_tell_still(session, waited, desk, now) for session in begun)


def _close_line(session_id: str, desk: Desk, now: datetime) -> int:
    with desk.store.transaction() as records:
        return end_line(records, session_id, now, desk)


def end_line(records: Records, session_id: str, now: datetime, desk: Desk) -> bool:
    """End a line: whoever was called was helped, and those left in it go first for a booking; say whether any were."""
    left = [place for place in records.open_hours.of_session(session_id) if place.state.is_open]
    for place in left:
        was_called = place.state is PlaceState.CALLED
        records.open_hours.end(place.id, PlaceState.HELPED if was_called else PlaceState.UNREACHED, now)
        if not was_called:
            records.audit.add(None, "line.unreached", place.id, now, detail=session_id)
            go_first(records, place.student_id, None, now, desk)
    if left:
        show(records, session_id, now, *left)
    return bool(left)


def _close(session: Session, desk: Desk, now: datetime) -> bool:
    with desk.store.transaction() as records:
        if not records.office_hours.close(session.id, now):
            return False
        show(records, session.id, now)
        if now - session.ends_at <= ASKED_WITHIN:
            ask_who_came(records, session, now)
        return True


def _tell_unstarted(session: Session, waited: timedelta, desk: Desk, now: datetime) -> int:
    with desk.store.transaction() as records:
        data, key = {"session": session.id}, f"unstarted:{session.id}"
        other = _who(records, session, desk, now)
        if other is not None and now < session.starts_at + 2 * waited:
            return outbox.post(records, "open_hours.unstarted", outbox.to(other), data, key, now)
        return outbox.tell_organizers(records, "open_hours.unstarted", data, key, now)


def _tell_still(session: Session, waited: timedelta, desk: Desk, now: datetime) -> int:
    """Tell of a line in which nothing has moved for long, once for each time that it stands still."""
    with desk.store.transaction() as records:
        since_at = stands_still_since(records.open_hours.of_session(session.id))
        if since_at is None or now < since_at + STILL * waited:
            return 0
        data = {"session": session.id, "since": since_at.isoformat()}
        key = f"still:{session.id}:{since_at.isoformat()}"
        other = _who(records, session, desk, now)
        if other is not None and now < since_at + (STILL + 1) * waited:
            return outbox.post(records, "open_hours.still", outbox.to(other), data, key, now)
        return outbox.tell_organizers(records, "open_hours.still", data, key, now)


def _who(records: Records, session: Session, desk: Desk, now: datetime) -> Member | None:
    """Return a TA who is awake, not away and holds no hours of their own now, if possible one on duty."""
    quiet = desk.policy.nudges.quiet_from, desk.policy.nudges.quiet_until
    week_on = week_of(local_day(now, desk.policy.programme.tz))
    on_duty = {records.duties.holder(duty, week_on) for duty in DUTIES}
    busy = {one.ta_id for one in records.office_hours.sessions_between(now, session.open_until_at)}
    never = busy | records.graders.away(now) | {session.ta_id, session.started_by}
    free = [
        ta
        for ta in records.roster.with_role(Role.TA)
        if ta.is_active(now) and ta.id not in never and is_waking(now, ta.tz, *quiet)
    ]
    return min(free, key=lambda ta: (ta.id not in on_duty, ta.id), default=None)
