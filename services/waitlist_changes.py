"""What becomes of waiting for one slot when that slot changes: it moves along, or becomes waiting for its day."""

from datetime import datetime, time, timedelta

from cohort.office_hours import Session
from cohort.times import DAY, at_wall, local_day
from cohort.waitlist import Wait, WaitState
from services import access, outbox
from services.desk import Desk
from services.waitlist import end
from storage.records import Records


def follow(records: Records, session: Session, by: timedelta) -> None:
    """Let those who wait for one slot of a session wait for it at its new time; `by` is how much later that is.

    To be called while the slots still have their old times.
    """
    times = {(slot.starts_at, slot.ends_at) for slot in records.office_hours.slots_of(session.id)}
    for wait in records.waitlist.of_ta(session.ta_id):
        if (wait.from_at, wait.until_at) in times:
            records.waitlist.change_times(wait.id, wait.from_at + by, wait.until_at + by, wait.ta_id)


def widen_lost(desk: Desk, now: datetime) -> int:
    """Let those whose one slot takes place no more wait for any slot of that day, and tell them; return how many."""
    with desk.store.reading() as records:
        lost = [wait.id for wait in records.waitlist.waiting() if is_lost(records, wait, now)]
    return sum(_widen(wait_id, desk, now) for wait_id in lost)


def is_lost(records: Records, wait: Wait, now: datetime) -> bool:
    """Say whether a time that is still to come was waited for and is no slot any more."""
    return wait.is_for_a_time and wait.from_at > now and not records.waitlist.is_there(wait)


def _widen(wait_id: str, desk: Desk, now: datetime) -> bool:
    with desk.store.transaction() as records:
        wait = records.waitlist.get(wait_id)
        if wait is None or wait.state is not WaitState.WAITING or not is_lost(records, wait, now):
            return False
        student = access.known(records, wait.student_id)
        on = local_day(wait.from_at, student.tz)
        from_at, until_at = at_wall(on, time(0), student.tz), at_wall(on + DAY, time(0), student.tz)
        if any(_is_for_day(other, from_at, until_at) for other in records.waitlist.open_of(student.id)):
            return end(records, wait, WaitState.LEFT, now)
        records.waitlist.change_times(wait.id, from_at, until_at, None)
        records.audit.add(None, "waitlist.widened", wait.id, now)
        data = {"wait": wait.id, "from": wait.from_at.isoformat(), "ta": wait.ta_id}
        return outbox.post(records, "waitlist.widened", outbox.to(student), data, f"widened:{wait.id}", now)


def _is_for_day(wait: Wait, from_at: datetime, until_at: datetime) -> bool:
    return wait.ta_id is None and (wait.from_at, wait.until_at) == (from_at, until_at)
