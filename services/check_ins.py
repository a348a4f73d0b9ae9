"""Asking every student once a week how it goes, in their own zone, and reminding once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import Any

from cohort.assignments import Assignment
from cohort.check_ins import CheckIn, due_week
from cohort.choices import Choices
from cohort.errors import NotFound
from cohort.nudge_limits import NudgeKind, PastNudge, last_sign, may_send, unanswered
from cohort.nudges import Work, missed
from cohort.policy import CheckInPolicy
from cohort.roster import Member, Role
from cohort.times import is_waking, local_day
from cohort.week_plans import plan_at
from services import access, outbox
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from services.nudge_hearing import acted_at, can_be_nudged
from services.nudge_sweeps import Signs, by_student, everyone, in_batches, spared_from, taking_part
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
    weeks = _weeks_to_ask(records, desk, now)
    if not weeks:
        return
    students = [student for student in taking_part(records, now) if student.id in weeks]
    signs, choices, assignments = Signs(records, now), records.choices.every(), records.assignments.all()
    told = by_student(records.nudges.nudged(NudgeKind.MISSED.value))
    for work, handed_in_at in everyone(records, spared_from(records), students, now):
        student = work.student
        past, sign_at = signs.of(student.id, handed_in_at)
        chosen, of_work = choices.get(student.id, Choices()), told.get(student.id, frozenset())
        looked = _Looked(student, past, sign_at, chosen, _unsaid(work, assignments, of_work, now))
        if _is_reachable(looked, desk, now):
            yield student.id, weeks[student.id]


def _weeks_to_ask(records: Records, desk: Desk, now: datetime) -> dict[str, date]:
    """Return the week to ask about by student id: of everyone awake for whom it is time and who was not asked."""
    quiet = desk.policy.nudges
    paused, left_alone = records.check_ins.paused(now), records.help.students()
    by_zone: dict[str, date | None] = {}
    found: dict[str, date] = {}
    for student in taking_part(records, now):
        if student.zone not in by_zone:
            awake = is_waking(now, student.tz, quiet.quiet_from, quiet.quiet_until)
            by_zone[student.zone] = due_week(now, desk.policy.checkins, student.tz) if awake else None
        week_on = by_zone[student.zone]
        if week_on is not None and student.id not in paused and student.id not in left_alone:
            found[student.id] = week_on
    asked = {week_on: records.check_ins.asked_in(week_on) for week_on in set(found.values())}
    return {of: week_on for of, week_on in found.items() if of not in asked[week_on]}


@dataclass(frozen=True, slots=True)
class _Looked:
    """What is looked at before a student is asked: `unsaid` is missed work that they are still to hear of."""

    student: Member
    past: Sequence[PastNudge]
    sign_at: datetime | None
    chosen: Choices
    unsaid: Collection[str]


def _look(records: Records, student: Member, now: datetime) -> _Looked:
    past, assignments = records.nudges.past_of(student.id, now), records.assignments.all()
    told = records.nudges.nudged_about(student.id, NudgeKind.MISSED.value)
    unsaid = _unsaid(work_of(records, student, assignments, now), assignments, told, now)
    sign_at = last_sign(past, acted_at(records, student.id), now)
    return _Looked(student, past, sign_at, records.choices.of(student.id), unsaid)


def _unsaid(work: Work, assignments: Sequence[Assignment], told: Collection[str], now: datetime) -> Collection[str]:
    return {one.id for one in missed(work, assignments, now)} - set(told)


def _is_reachable(of: _Looked, desk: Desk, now: datetime) -> bool:
    """Say whether a student is awake, wants check-ins, had no other message today, and has not fallen silent.

    What had its message today is asked tomorrow; whoever fell silent is a person's to ask. A message about missed work
    goes first, since it carries an offer.
    """
    policy, tz = desk.policy.nudges, of.student.tz
    if not is_waking(now, tz, policy.quiet_from, policy.quiet_until) or not of.chosen.hears(KIND, now):
        return False
    if of.unsaid and of.chosen.hears(NudgeKind.MISSED, now):
        return False
    today = local_day(now, tz)
    if any(nudge.is_waiting or local_day(nudge.at, tz) == today for nudge in of.past):
        return False
    return len(unanswered(of.past, of.sign_at)) < policy.stop_after


def _ask(records: Records, found: tuple[str, date], desk: Desk, now: datetime) -> bool:
    """Write the check-in of a week and queue it; say whether there was none yet. It counts among the nudges."""
    student, week_on = access.known(records, found[0]), found[1]
    one = CheckIn(new_id("chk"), student.id, week_on, now)
    if not _is_reachable(_look(records, student, now), desk, now) or not records.check_ins.add(one):
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
        found = list(_to_remind(records, before, desk, now))
    return in_batches(found, partial(_remind, desk=desk, now=now), desk)


def _to_remind(records: Records, before: datetime, desk: Desk, now: datetime) -> Iterator[str]:
    """Yield the check-ins to bring up once more, with as many queries for many as for few."""
    open_now = {one.student_id: one for one in records.check_ins.unanswered(before) if _is_of_use(one, now)}
    if not open_now:
        return
    asked = [s for s in records.roster.with_role(Role.STUDENT) if s.id in open_now and _is_free(s, desk, now)]
    signs, choices, left_alone = Signs(records, now), records.choices.every(), records.help.students()
    handed_in = records.submissions.latest(now)
    for student in sorted(asked, key=attrgetter("id")):
        at = handed_in.get(student.id)
        past, sign_at = signs.of(student.id, [] if at is None else [at])
        hears = student.id not in left_alone and choices.get(student.id, Choices()).hears(KIND, now)
        if hears and may_send(KIND, past, sign_at, now, student.tz, desk.policy.nudges):
            yield open_now[student.id].id


def _is_of_use(one: CheckIn, now: datetime) -> bool:
    if one.snoozed_until_at is not None and now < one.snoozed_until_at:
        return False
    return one.asked_at is not None and now - one.asked_at <= OF_USE


def _is_free(student: Member, desk: Desk, now: datetime) -> bool:
    """Say whether a student takes part, and today is not the day of the plan of the week, which belongs to the plan."""
    return student.is_active(now) and plan_at(now, desk.policy.nudges, student.tz) is None


def _may_remind(records: Records, one: CheckIn, desk: Desk, now: datetime) -> bool:
    student = access.known(records, one.student_id)
    if not _is_of_use(one, now) or not _is_free(student, desk, now):
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
