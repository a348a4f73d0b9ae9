"""Students who answer nothing any more: the bot stops writing to them, and organizers hear of it the same day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from cohort.follow_ups import Origin
from cohort.nudge_limits import PastNudge, is_silent, last_sign, unanswered
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
    """A student, what they were sent since they last gave a sign of life, and when that was, if ever."""

    student: Member
    sent: Sequence[PastNudge]
    sign_at: datetime | None


@dataclass(frozen=True, slots=True)
class SilentNote:
    """For organizers: the students who answered nothing, and to whom the bot writes no more."""

    silent: Sequence[Silent]


def report_silent(desk: Desk, now: datetime) -> int:
    """Tell organizers of the students who went silent, once a silence; return how many did."""
    with desk.store.reading() as records:
        found = list(_silent(records, desk.policy.nudges, now))
    if not found:
        return 0
    with desk.store.transaction() as records:
        new = [each for each in found if records.nudges.note_silence(each.sent[-1].id, now)]
        if new:
            data = {"students": [each.student.id for each in new]}
            outbox.tell_organizers(records, "nudges.silent", data, f"silent:{new[0].sent[-1].id}", now)
            for each in new:
                records.audit.add(None, "nudge.silence", each.student.id, now)
                open_case(records, each.student, Origin.SILENCE, _words(each), now, desk)
    return len(new)


def _silent(records: Records, policy: NudgePolicy, now: datetime) -> Iterator[Silent]:
    """Yield who is silent and was not reported, with as many queries for many as for few."""
    rows = list(records.nudges.maybe_silent(policy.stop_after, now))
    if not rows:
        return
    members = {member.id: member for member in records.roster.all()}
    handed_in, booked = records.submissions.latest(now), records.bookings.latest(now)
    for student_id, theirs in groupby(rows, key=itemgetter(0)):
        acted = [latest[student_id] for latest in (handed_in, booked) if student_id in latest]
        each = _of(members[student_id], [past for _, past in theirs], acted, now)
        if is_silent(each.sent, None, now, policy) and each.student.is_active(now):
            yield each


def _of(student: Member, past: Sequence[PastNudge], acted: Sequence[datetime], now: datetime) -> Silent:
    sign_at = last_sign(past, acted, now)
    return Silent(student, unanswered(past, sign_at), sign_at)


def _words(silent: Silent) -> str:
    since = f" since {silent.sign_at:%d %B}" if silent.sign_at else ""
    return f"no reaction to {len(silent.sent)} messages{since}, and nothing handed in or booked"


def compose_silent(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return who is still silent of those a note was made about; nothing once all gave a sign of life."""
    found = []
    for student_id in data["students"]:
        student = access.known(records, student_id)
        each = _of(student, records.nudges.past_of(student_id, now), acted_at(records, student_id), now)
        if is_silent(each.sent, None, now, desk.policy.nudges) and student.is_active(now):
            found.append(each)
    return Said(SilentNote(found)) if found else Obsolete("they gave a sign of life")


COMPOSERS = {"nudges.silent": compose_silent}
