"""Students who answer nothing any more: a person follows them up the same day, and organizers hear where I stop."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from cohort.follow_ups import Origin
from cohort.nudge_limits import PastNudge, is_silent, is_unheard, last_sign, sent_since, unanswered
from cohort.policy import NudgePolicy
from cohort.roster import Member
from services import access, outbox
from services.desk import Desk
from services.follow_ups import open_case
from services.letters import Composed, Obsolete, Said
from services.nudge_hearing import acted_at
from storage.records import Records


@dataclass(frozen=True, slots=True)
class Silent:
    """A student, what they were sent since they last gave a sign of life, and when that was, if ever.

    `is_stopped` where the bot writes no more; else check-ins are among what was left unanswered, and reminders go on.
    """

    student: Member
    sent: Sequence[PastNudge]
    sign_at: datetime | None
    is_stopped: bool = True


@dataclass(frozen=True, slots=True)
class SilentNote:
    """For organizers: the students who left so many messages unanswered, and to whom the bot writes no more."""

    silent: Sequence[Silent]
    stop_after: int


def report_silent(desk: Desk, now: datetime) -> int:
    """Have a person follow up everyone who went silent, once a silence; return how many did.

    Organizers are told the next morning of those to whom the bot writes no more.
    """
    with desk.store.reading() as records:
        found = list(_silent(records, desk.policy.nudges, now))
    if not found:
        return 0
    with desk.store.transaction() as records:
        new = [each for each in found if records.nudges.note_silence(each.sent[-1].id, now)]
        stopped = [each for each in new if each.is_stopped]
        if stopped:
            ids = [each.student.id for each in stopped]
            outbox.tell_organizers_daily(records, "nudges.silent", "students", ids, now, desk.policy.programme.tz)
        for each in new:
            records.audit.add(None, "nudge.silence" if each.is_stopped else "nudge.unheard", each.student.id, now)
            open_case(records, each.student, Origin.SILENCE, _words(each), now, desk)
    return len(new)


def _silent(records: Records, policy: NudgePolicy, now: datetime) -> Iterator[Silent]:
    """Yield who is silent and was not reported, with as many queries for many as for few."""
    rows = list(records.nudges.maybe_silent(policy.stop_after, now))
    if not rows:
        return
    members = {member.id: member for member in records.roster.all()}
    handed_in, booked = records.submissions.latest(now), records.bookings.latest(now)
    told = records.nudges.told_of()
    for student_id, theirs in groupby(rows, key=itemgetter(0)):
        acted = [latest[student_id] for latest in (handed_in, booked) if student_id in latest]
        past = [nudge for _, nudge in theirs]
        each = _of(members[student_id], past, acted, now)
        if not each.student.is_active(now):
            continue
        if is_silent(each.sent, None, now, policy):
            yield each
        elif is_unheard(past, each.sign_at, now, policy):
            every = sent_since(past, each.sign_at)
            if told.isdisjoint(nudge.id for nudge in every):
                yield Silent(each.student, every, each.sign_at, is_stopped=False)


def _of(student: Member, past: Sequence[PastNudge], acted: Sequence[datetime], now: datetime) -> Silent:
    sign_at = last_sign(past, acted, now)
    return Silent(student, unanswered(past, sign_at), sign_at)


def _words(silent: Silent) -> str:
    since = f" since {silent.sign_at.day} {silent.sign_at:%B}" if silent.sign_at else ""
    return f"no reaction to {len(silent.sent)} messages{since}, and nothing handed in or booked"


def compose_silent(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return who is still silent of those a note was made about; nothing once all gave a sign of life."""
    found = []
    for student_id in data["students"]:
        student = access.known(records, student_id)
        each = _of(student, records.nudges.past_of(student_id, now), acted_at(records, student_id), now)
        if is_silent(each.sent, None, now, desk.policy.nudges) and student.is_active(now):
            found.append(each)
    return Said(SilentNote(found, desk.policy.nudges.stop_after)) if found else Obsolete("they gave a sign of life")


COMPOSERS = {"nudges.silent": compose_silent}
