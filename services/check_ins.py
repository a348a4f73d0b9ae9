"""Asking every student once a week how it goes, in their own zone, and reminding once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from cohort.check_ins import CheckIn, due_week
from cohort.errors import NotFound
from cohort.nudge_limits import NudgeKind, last_sign, unanswered
from cohort.nudges import missed
from cohort.policy import CheckInPolicy
from cohort.roster import Member
from cohort.times import is_waking, local_day
from cohort.week_plans import plan_at
from services import access, outbox
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from services.nudge_hearing import acted_at, can_be_nudged
from services.nudge_sweeps import in_batches, taking_part
from services.nudges import work_of
from storage.ids import new_id
from storage.records import Records

KIND = NudgeKind.CHECK_IN
OF_USE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class CheckInCard:
    """For a student: the questions, with what they have answered so far; `is_reminder` where it is said once more."""

    check_in: CheckIn
    student: Member
    policy: CheckInPolicy
    is_reminder: bool = False


def ask_everyone(desk: Desk, now: datetime) -> int:
    """Queue this week's questions for everyone for whom it is time; return for how many."""
    with desk.store.reading() as records:
        found = list(_to_ask(records, desk, now))
    return in_batches(found, partial(_ask, desk=desk, now=now), desk)


def _to_ask(records: Records, desk: Desk, now: datetime) -> Iterator[tuple[str, date]]:
    programme, policy = desk.policy.programme, desk.policy.checkins
    if not policy.is_on or not programme.starts_on <= local_day(now, programme.tz) <= programme.ends_on:
        return
    asked: dict[date, set[str]] = {}
    paused, left_alone = records.check_ins.paused(now), records.help.students()
    for student in taking_part(records, now):
        week_on = due_week(now, policy, student.tz)
        if week_on is None or student.id in paused or student.id in left_alone:
            continue
        if week_on not in asked:
            asked[week_on] = records.check_ins.asked_in(week_on)
        if student.id not in asked[week_on] and _is_reachable(records, student, desk, now):
            yield student.id, week_on


def _is_reachable(records: Records, student: Member, desk: Desk, now: datetime) -> bool:
    """Say whether a student is awake, wants check-ins, had no other message today, and has not fallen silent.

    What had its message today is asked tomorrow; whoever fell silent is a person's to ask.
    """
    policy = desk.policy.nudges
    if not is_waking(now, student.tz, policy.quiet_from, policy.quiet_until):
        return False
    if not records.choices.of(student.id).hears(KIND, now):
        return False
    if _is_to_hear_of_work(records, student, now):
        return False
    past = records.nudges.past_of(student.id, now)
    today = local_day(now, student.tz)
    if any(nudge.is_waiting or local_day(nudge.at, student.tz) == today for nudge in past):
        return False
    return len(unanswered(past, last_sign(past, acted_at(records, student.id), now))) < policy.stop_after


def _is_to_hear_of_work(records: Records, student: Member, now: datetime) -> bool:
    """Say whether a message about missed work is still to come: it goes first, since it carries an offer."""
    if not records.choices.of(student.id).hears(NudgeKind.MISSED, now):
        return False
    assignments = records.assignments.all()
    late = missed(work_of(records, student, assignments, now), assignments, now)
    return bool({one.id for one in late} - records.nudges.nudged_about(student.id, NudgeKind.MISSED.value))


def _ask(records: Records, found: tuple[str, date], desk: Desk, now: datetime) -> bool:
    """Write the check-in of a week and queue it; say whether there was none yet. It counts among the nudges."""
    student, week_on = access.known(records, found[0]), found[1]
    one = CheckIn(new_id("chk"), student.id, week_on, now)
    if not _is_reachable(records, student, desk, now) or not records.check_ins.add(one):
        return False
    nudge_id = new_id("ndg")
    records.nudges.add(nudge_id, student.id, KIND.value, now, now + OF_USE)
    records.nudges.begin(nudge_id, now)
    data = {"check_in": one.id, "student": student.id, "nudge": nudge_id}
    outbox.post_nudge(records, "check_ins.card", outbox.to(student), data, f"check_in:{one.id}", now, now + OF_USE)
    records.audit.add(None, "check_in.asked", nudge_id, now, detail=one.id)
    return True


def remind(desk: Desk, now: datetime) -> int:
    """Queue the one reminder of what nobody answered in a day; return of how many."""
    before = now - timedelta(hours=desk.policy.checkins.remind_after_hours)
    with desk.store.reading() as records:
        found = [one.id for one in records.check_ins.unanswered(before) if _may_remind(records, one, desk, now)]
    return in_batches(found, partial(_remind, desk=desk, now=now), desk)


def _may_remind(records: Records, one: CheckIn, desk: Desk, now: datetime) -> bool:
    student = access.known(records, one.student_id)
    if not student.is_active(now) or (one.snoozed_until_at is not None and now < one.snoozed_until_at):
        return False
    if one.asked_at is None or now - one.asked_at > OF_USE:
        return False
    if plan_at(now, desk.policy.nudges, student.tz) is not None:
        # The day of the plan of the week belongs to the plan.
        return False
    return can_be_nudged(records, student, KIND, desk.policy.nudges, now)


def _remind(records: Records, check_in_id: str, desk: Desk, now: datetime) -> bool:
    one = check_in_of(records, check_in_id)
    if not one.is_open or one.reminded_at is not None or not _may_remind(records, one, desk, now):
        return False
    student, nudge_id, until = access.known(records, one.student_id), new_id("ndg"), now + OF_USE
    records.check_ins.save(replace(one, reminded_at=now))
    records.nudges.add(nudge_id, student.id, KIND.value, now, until)
    data = {"check_in": one.id, "student": student.id, "nudge": nudge_id}
    outbox.post_nudge(records, "check_ins.reminder", outbox.to(student), data, f"check_in_again:{one.id}", now, until)
    records.audit.add(None, "check_in.reminded", nudge_id, now, detail=one.id)
    return True


def check_in_of(records: Records, check_in_id: str) -> CheckIn:
    """Return a check-in. Raises NotFound."""
    found = records.check_ins.get(check_in_id)
    if found is None:
        raise NotFound("check-in", check_in_id)
    return found


def bring_up_again(records: Records, one: CheckIn, student: Member, now: datetime, at: datetime) -> None:
    """Queue a check-in once more, for a time that the student chose."""
    data = {"check_in": one.id, "student": student.id}
    key = f"check_in_later:{one.id}:{at.isoformat()}"
    outbox.post_at(records, "check_ins.card", outbox.to(student), data, key, now, at)


def refresh(records: Records, one: CheckIn, now: datetime) -> None:
    """Let the message show what was answered so far."""
    data = {"check_in": one.id, "student": one.student_id}
    outbox.refresh_once(records, "check_ins.standing", data, subject(one.id), new_id("rev"), now)


def subject(check_in_id: str) -> str:
    """Return under what name the messages of a check-in are kept."""
    return f"check_in:{check_in_id}"


def _compose(
    records: Records, data: Mapping[str, Any], desk: Desk, now: datetime, *, is_reminder: bool = False
) -> Composed:
    one, student = check_in_of(records, data["check_in"]), access.known(records, data["student"])
    if not student.is_active(now) or not one.is_open:
        return Obsolete("answered or skipped, or takes part no more")
    return Said(CheckInCard(one, student, desk.policy.checkins, is_reminder), subject(one.id))


def compose_reminder(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the questions once more; nothing once they are answered or skipped."""
    return _compose(records, data, desk, now, is_reminder=True)


def compose_standing(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the questions with what was answered so far."""
    del now
    one, student = check_in_of(records, data["check_in"]), access.known(records, data["student"])
    return Said(CheckInCard(one, student, desk.policy.checkins), subject(one.id))


COMPOSERS = {
    "check_ins.card": _compose,
    "check_ins.reminder": compose_reminder,
    "check_ins.standing": compose_standing,
}
