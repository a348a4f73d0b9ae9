"""What students answer to a check-in: by a press, a form, or in their own words; kept for the week it was asked for."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cohort.check_ins import HOURS_MOST, MOODS, CheckIn, Reply, Wish
from cohort.errors import NotAllowed, Unclear
from cohort.follow_ups import Origin
from cohort.policy import CheckInPolicy
from cohort.roster import Member
from cohort.times import local_day, week_of
from services import access
from services.check_ins import bring_up_again, check_in_of, refresh
from services.desk import Desk
from services.distress import HelpNow, look
from services.follow_ups import open_case, refresh_card
from services.ladder import focus
from storage.ids import new_id
from storage.records import Records

ANSWER = "check_ins.answer"
LATER, PAUSE = timedelta(days=1), timedelta(days=28)
NOTE_MOST = 2000


@dataclass(frozen=True, slots=True)
class Answered:
    """A check-in as it stands after an answer."""

    check_in: CheckIn
    policy: CheckInPolicy
    help: HelpNow | None = None


def current(actor: Member, now: datetime, desk: Desk) -> Answered:
    """Return a student's open check-in, or this week's, made where there is none. Raises NotAllowed and NotActive."""
    access.require_student(actor, ANSWER, now)
    with desk.transaction(now) as records:
        records.check_ins.resume(actor.id)
        return Answered(_current(records, actor, now), desk.policy.checkins)


def is_asked(actor: Member, desk: Desk) -> bool:
    """Say whether a student has a check-in that waits for an answer, so that hours in a message are its answer."""
    with desk.store.reading() as records:
        latest = records.check_ins.latest_of(actor.id)
        return latest is not None and latest.is_open


def week_now(actor: Member, now: datetime, desk: Desk) -> date:
    """Return the Monday of the week that an answer in a student's own words counts for now."""
    with desk.store.reading() as records:
        latest = _latest(records, actor, now)
        return latest.week_on if latest is not None else week_of(local_day(now, actor.tz))


def _current(records: Records, actor: Member, now: datetime) -> CheckIn:
    latest = _latest(records, actor, now)
    if latest is not None:
        return latest
    made = CheckIn(new_id("chk"), actor.id, week_of(local_day(now, actor.tz)))
    records.check_ins.add(made)
    return made


def _latest(records: Records, actor: Member, now: datetime) -> CheckIn | None:
    """Return a student's open check-in, or this week's; None where there is neither."""
    latest = records.check_ins.latest_of(actor.id)
    is_current = latest is not None and (latest.is_open or latest.week_on >= week_of(local_day(now, actor.tz)))
    return latest if is_current else None


def answer(check_in_id: str, reply: Reply, actor: Member, now: datetime, desk: Desk) -> Answered:
    """Keep what was answered, beside what was before; what the student wants from us is set going.

    Raises Unclear for hours or a mood that nobody can have, NotFound, NotAllowed for anyone but the student, NotActive.
    """
    access.require_student(actor, ANSWER, now)
    with desk.transaction(now) as records:
        one = _answer(records, _own(records, check_in_id, actor), reply, actor, now, desk)
        return Answered(one, desk.policy.checkins, look(records, actor, reply.note, now, desk))


def write_back(reply: Reply, actor: Member, now: datetime, desk: Desk) -> Answered:
    """Keep what a student wrote in their own words, for the week they were asked last. Raises as `answer`."""
    access.require_student(actor, ANSWER, now)
    with desk.transaction(now) as records:
        one = _answer(records, _current(records, actor, now), reply, actor, now, desk)
        return Answered(one, desk.policy.checkins, look(records, actor, reply.note, now, desk))


def _answer(records: Records, one: CheckIn, reply: Reply, actor: Member, now: datetime, desk: Desk) -> CheckIn:
    if reply.hours is not None and not 0 <= reply.hours <= HOURS_MOST:
        raise Unclear("A week has 168 hours; I read a number up to that.", "12")
    if reply.mood is not None and reply.mood not in MOODS:
        raise Unclear("How it goes is a number from 1 to 5.", "3")
    after = replace(
        one,
        hours=one.hours if reply.hours is None else reply.hours,
        mood=reply.mood or one.mood,
        obstacle=reply.obstacle or one.obstacle,
        wish=reply.wish or one.wish,
        note=reply.note[:NOTE_MOST] or one.note,
        answered_at=one.answered_at or now,
        edited_at=now if one.answered_at else None,
    )
    records.check_ins.save(after)
    records.audit.add(actor.id, "check_in.answered", one.id, now)
    if reply.wish is Wish.TALK and one.wish is not Wish.TALK:
        open_case(records, actor, Origin.CHECK_IN, "asked for a talk in the check-in", now, desk)
    case = records.follow_ups.open_of(actor.id)
    if case is not None:
        refresh_card(records, case, now)
    refresh(records, after, now)
    return after


def due_next(actor: Member, now: datetime, desk: Desk) -> str | None:
    """Return the short name of what a student has to hand in next, missed work first; None where there is nothing."""
    with desk.store.reading() as records:
        found = focus(records, actor, now)
    return found.slug if found is not None else None


def skip(check_in_id: str, actor: Member, now: datetime, desk: Desk) -> Answered:
    """Leave a week out. Raises NotFound, NotAllowed and NotActive."""
    access.require_student(actor, ANSWER, now)
    with desk.transaction(now) as records:
        one = _own(records, check_in_id, actor)
        if one.is_open:
            one = replace(one, skipped_at=now)
            records.check_ins.save(one)
            refresh(records, one, now)
        return Answered(one, desk.policy.checkins)


def snooze(check_in_id: str, actor: Member, now: datetime, desk: Desk) -> Answered:
    """Have it brought up again in a day. Raises NotFound, NotAllowed and NotActive."""
    access.require_student(actor, ANSWER, now)
    with desk.transaction(now) as records:
        one = _own(records, check_in_id, actor)
        if one.is_open:
            one = replace(one, snoozed_until_at=now + LATER)
            records.check_ins.save(one)
            bring_up_again(records, one, actor, now, now + LATER)
        return Answered(one, desk.policy.checkins)


def pause(check_in_id: str, actor: Member, now: datetime, desk: Desk) -> datetime:
    """Ask nothing for four weeks; `/checkin` ends it. Returns until when. Raises NotFound, NotAllowed and NotActive."""
    access.require_student(actor, ANSWER, now)
    with desk.transaction(now) as records:
        one = _own(records, check_in_id, actor)
        records.check_ins.pause(actor.id, now + PAUSE)
        if one.is_open:
            one = replace(one, skipped_at=now)
            records.check_ins.save(one)
            refresh(records, one, now)
        return now + PAUSE


def form_of(check_in_id: str, actor: Member, now: datetime, desk: Desk) -> Answered:
    """Return a check-in for its form. Raises NotFound, NotAllowed and NotActive."""
    access.require_student(actor, ANSWER, now)
    with desk.store.reading() as records:
        return Answered(_own(records, check_in_id, actor), desk.policy.checkins)


def _own(records: Records, check_in_id: str, actor: Member) -> CheckIn:
    one = check_in_of(records, check_in_id)
    if one.student_id != actor.id:
        raise NotAllowed(ANSWER, "the student who was asked")
    return one
